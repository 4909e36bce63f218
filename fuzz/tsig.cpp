// Laws of signatures: reading the end of a foreign message, or a foreign key file, neither crashes
// nor lies; what was signed here verifies, and no change of it does. The input is taken as a
// message, as RDATA of a TSIG and as the text of a key file.
#include "dnssec/tsig.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "wire/message.hpp"

using namespace cairn;
using namespace cairn::dnssec;
using wire::operator""_name;

namespace {

constexpr std::chrono::sys_seconds now{std::chrono::seconds{1700000000}};

void require(bool law) {
  if (!law) std::abort();
}

TsigKey key() {
  static constexpr std::array<std::uint8_t, 4> secret{1, 2, 3, 4};
  return {"key.example."_name, {}, Secret(std::span<const std::uint8_t>(secret))};
}

void is_read_as_rdata(std::span<const std::uint8_t> octets) {
  const auto tsig = tsig_from_rdata(octets);
  if (tsig) require(tsig_from_rdata(to_rdata(*tsig)) == tsig);
}

void is_read_as_message(std::span<const std::uint8_t> octets) {
  const Signature signature = find_signature(octets);
  if (signature.form == Signature::Form::Signed)
    require(signature.record.at >= wire::header_octets && signature.record.at < octets.size());

  // Nobody who does not know the key signs.
  TsigExchange server(key());
  require(server.verify(octets, now) != TsigVerdict::Good || !server.last()->mac.empty());
  TsigExchange client(key());
  client.sign(wire::build({}), now);
  for (int i = 0; i < 3; ++i) client.verify(octets, now);

  if (signature.form != Signature::Form::Unsigned || octets.size() > 60000) return;
  const bool full = octets[10] == 0xff && octets[11] == 0xff;
  if (full) return;
  wire::Bytes signed_octets = TsigExchange(key()).sign(octets, now).octets;
  require(TsigExchange(key()).verify(signed_octets, now) == TsigVerdict::Good);
  signed_octets[2] ^= 1;
  require(TsigExchange(key()).verify(signed_octets, now) == TsigVerdict::BadSig);
}

void is_read_as_key_file(std::string_view text) {
  tsig_key_from_clause(text);
  const std::size_t half = text.find('\0');
  if (half != text.npos) tsig_key_from_pair(text.substr(0, half), text.substr(half + 1));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
  is_read_as_rdata({octets, size});
  is_read_as_message({octets, size});
  is_read_as_key_file({reinterpret_cast<const char*>(octets), size});
  return 0;
}
