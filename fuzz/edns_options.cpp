// Laws of EDNS options: whatever octets an option carries, a value read from them is written as the
// same octets (padding, whose octets mean nothing, as the same number of them), and read again as
// the same value. The input is the RDATA of an OPT record.
#include "wire/edns_options.hpp"

#include <algorithm>
#include <cstdlib>

using namespace cairn::wire;

namespace {

void require(bool law) {
  if (!law) std::abort();
}

template <class Value>
void survives(std::span<const std::uint8_t> data) {
  const auto value = Value::parse(data);
  if (!value) return;
  const Bytes octets = value->octets();
  require(octets.size() == data.size());
  require(Value::code == OptionCode::Padding || std::ranges::equal(octets, data));
  require(Value::parse(octets) == value);
  Edns edns;
  edns.put(*value);
  require(edns.get<Value>() == value);
}

template <class... Values>
void survive(std::span<const std::uint8_t> data) {
  (survives<Values>(data), ...);
}

void have_names(const EdnsOption& option) {
  require(option_code_from_text(to_text(option.code)) == option.code);
  const Edns edns{.options = {option}};
  if (const auto error = edns.extended_error()) {
    require(!to_text(error->code).empty());
    Edns again;
    again.add(*error);
    require(again.options[0] == option || option.code != OptionCode::ExtendedError);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
  const auto options = parse_options({octets, size});
  if (!options) return 0;
  require(options->size() <= 32);
  for (const EdnsOption& option : *options) {
    // Each type reads what it is given, whatever the code says.
    survive<ClientSubnet, Cookie, Expire, Keepalive, Padding, Chain, KeyTag, SignatureAlgorithms,
            DigestAlgorithms, Nsec3Algorithms, ClientTag, ServerTag, ReportChannel, ZoneVersion,
            LongLivedQuery, UpdateLease>(option.data);
    have_names(option);
  }
  return 0;
}
