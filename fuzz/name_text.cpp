// Laws of names, and of the addresses that stand for hosts where names may: what is read from text
// or from a message is written to both and read again as the same; equality, hash, order and
// descent agree. The input is taken as text and as a message.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "wire/address.hpp"
#include "wire/reader.hpp"
#include "wire/writer.hpp"

using namespace cairn::wire;

namespace {

void require(bool law) {
  if (!law) std::abort();
}

void survives(const Name& name) {
  require(name.size() >= 1 && name.size() <= Name::max_octets);
  const auto from_text = Name::from_text(name.to_text());
  require(from_text.ok() && from_text->is_identical(name));
  const auto from_wire = Name::from_wire(name.wire());
  require(from_wire && from_wire->is_identical(name));
  require(name.lowercase() == name && name.is_within(name) && !name.is_below(name));
  require(name.suffix(name.label_count()) == name && name.suffix(0).is_root());
  if (!name.is_root()) {
    require(name.is_below(name.parent()) && name.parent() < name);
    require(name.parent().with_label(name.first_label())->is_identical(name));
  }
}

void agree(const Name& a, const Name& b) {
  const SipKey key{1, 2};
  require((a == b) == ((a <=> b) == 0));
  require(((a <=> b) < 0) == ((b <=> a) > 0));
  if (a == b) require(a.hash(key) == b.hash(key));
  require(a.is_within(b) == (a.shared_labels(b) == b.label_count()));
  require(a.suffix(a.shared_labels(b)) == b.suffix(a.shared_labels(b)));
  if (const auto moved = a.with_suffix_replaced(b, Name()))
    require(moved->label_count() == a.label_count() - b.label_count());
}

void are_written(const std::vector<Name>& names) {
  std::vector<std::uint8_t> buffer(12 + names.size() * Name::max_octets);
  Writer writer(buffer);
  writer.bytes(std::vector<std::uint8_t>(12));
  for (const Name& name : names) writer.name(name);
  require(!writer.overflowed());
  Reader reader(writer.written(), 12);
  for (const Name& name : names) require(reader.name().is_identical(name));
  require(!reader.failed() && reader.left() == 0);
}

template <class Value>
void stands_for_itself(const std::optional<Value>& value) {
  if (value) require(Value::from_text(value->to_text()) == value);
}

void are_hosts(std::string_view text) {
  constexpr std::uint16_t port = 53;
  const auto address = IpAddress::from_text(text);
  stands_for_itself(address);
  const auto prefix = Prefix::from_text(text);
  stands_for_itself(prefix);
  if (prefix) require(prefix->contains(prefix->address));
  const auto endpoint = Endpoint::from_text(text, port);
  if (endpoint) require(Endpoint::from_text(endpoint->to_text(), port) == endpoint);
  if (address) require(endpoint == Endpoint{*address, port} && prefix->contains(*address));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(octets), size);
  are_hosts(text);
  std::vector<Name> names;
  if (const auto name = Name::from_text(text)) names.push_back(*name);
  if (const auto name = Name::from_text(text, "sub.example."_name)) names.push_back(*name);

  Reader reader({octets, size});
  while (reader.left() > 0 && !reader.failed() && names.size() < 40) {
    const Name name = reader.name();
    if (!reader.failed()) names.push_back(name);
  }
  require(reader.steps() <= 255 * 40);
  for (const Name& name : names) survives(name);
  for (std::size_t i = 1; i < names.size(); ++i) agree(names[i - 1], names[i]);
  are_written(names);
  return 0;
}
