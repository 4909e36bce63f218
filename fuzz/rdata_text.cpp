// Laws of RDATA: whatever octets a record carries, its text stands for the same octets; whatever
// text is read, it is data that the packet path would let in. The input is a type in two octets,
// then data, which is taken as octets and as text.
#include "wire/rdata_text.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "wire/rdata_layout.hpp"

using namespace cairn::wire;

namespace {

void require(bool law) {
  if (!law) std::abort();
}

void text_stands_for(RRType type, std::span<const std::uint8_t> rdata) {
  const std::string text = rdata_to_text(type, rdata);
  require(has_text(type, rdata) == (!text.starts_with("\\#")));
  const auto again = rdata_from_text(type, text);
  require(again.ok() && std::ranges::equal(*again, rdata));
}

/// Written as in a message and read back.
void survives_the_wire(RRType type, std::span<const std::uint8_t> rdata) {
  Bytes buffer(12 + rdata.size());
  Writer writer{buffer};
  writer.bytes(Bytes(12));
  write_rdata(writer, type, rdata);
  require(!writer.overflowed());
  Reader reader{writer.written(), 12};
  const auto read = read_rdata(reader, type, writer.size() - 12);
  require(read && std::ranges::equal(*read, rdata) && reader.left() == 0);
}

void canonical_form_is_final(RRType type, std::span<const std::uint8_t> rdata) {
  const Bytes canonical = canonical_rdata(type, rdata);
  require(canonical.size() == rdata.size() && is_well_formed(type, canonical));
  require(canonical_rdata(type, canonical) == canonical);
}

void obeys_the_laws(RRType type, std::span<const std::uint8_t> rdata) {
  text_stands_for(type, rdata);
  survives_the_wire(type, rdata);
  canonical_form_is_final(type, rdata);
}

/// "owner [ttl] [class] type rdata", as logs and tests write it.
void record_stands_for_itself(std::string_view line) {
  const auto record = record_from_text(line);
  if (!record.ok()) return require(!record.error().empty());
  const auto again = record_from_text(to_text(*record));
  require(again.ok() && *again == *record);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
  if (size < 2 || size > 0xFFFF) return 0;
  const auto type = static_cast<RRType>(octets[0] << 8 | octets[1]);
  const std::span data{octets + 2, size - 2};
  if (is_well_formed(type, data)) obeys_the_laws(type, data);

  // With names compressed, or whatever else a message holds.
  Reader reader{std::span{octets, size}, 2};
  const auto read = read_rdata(reader, type, data.size());
  require(read.has_value() != reader.failed());
  if (read) {
    require(is_well_formed(type, *read));
    obeys_the_laws(type, *read);
  }

  const std::string_view text{reinterpret_cast<const char*>(data.data()), data.size()};
  record_stands_for_itself(text);
  const auto from_text = rdata_from_text(type, text);
  require(from_text.ok() || !from_text.error().empty());
  if (from_text.ok()) {
    require(is_well_formed(type, *from_text));
    obeys_the_laws(type, *from_text);
  }
  return 0;
}
