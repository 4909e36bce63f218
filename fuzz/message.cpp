// Laws of messages: no octets make the parser fail otherwise than by saying so; what was parsed,
// built and parsed again is the same; building is a fixed point; no limit is overstepped.
#include "wire/message.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "wire/rdata_text.hpp"

using namespace cairn::wire;

namespace {

void require(bool law) {
  if (!law) std::abort();
}

bool has_same_case(const std::vector<Record>& a, const std::vector<Record>& b) {
  return std::ranges::equal(
      a, b, [](const Name& x, const Name& y) { return x.is_identical(y); }, &Record::owner,
      &Record::owner);
}

/// What a message takes when no name is compressed: more than fits, it may come back shorter.
std::size_t uncompressed(const Message& message) {
  std::size_t octets = header_octets + 11;
  for (const Question& question : message.questions) octets += question.name.size() + 4;
  for (const auto* section : {&message.answer, &message.authority, &message.additional})
    for (const Record& record : *section) octets += record.owner.size() + 10 + record.rdata.size();
  if (message.edns)
    for (const EdnsOption& option : message.edns->options) octets += 4 + option.data.size();
  return octets;
}

void survives(const Message& message) {
  const Bytes octets = build(message);
  const auto again = parse(octets);
  require(again.ok());
  require(build(*again) == octets);
  if (uncompressed(message) > max_message_octets) return;
  require(*again == message);
  require(has_same_case(again->answer, message.answer) &&
          has_same_case(again->authority, message.authority) &&
          has_same_case(again->additional, message.additional));
}

void fits(const Message& message, std::size_t limit) {
  const Bytes octets = build(message, limit);
  require(octets.size() <= limit);
  if (limit < header_octets) return;
  const auto cut = parse(octets);
  require(cut.ok());
  const bool whole = cut->answer.size() == message.answer.size() &&
                     cut->authority.size() == message.authority.size();
  require(whole || cut->header.truncated);
}

void makes_sets(const std::vector<Record>& records) {
  std::size_t held = 0;
  for (const RRset& set : group(records)) {
    require(!set.rdata.empty());
    held += set.rdata.size() + set.signatures.size();
  }
  require(held <= records.size() && records.empty() == (held == 0));
  for (const Record& record : records) require(!to_text(record).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
  const std::span input(octets, size);
  require(parse_header(input).has_value() == (size >= header_octets));
  const auto message = parse(input);
  if (!message.ok()) {
    require(!message.error().empty());
    return 0;
  }
  survives(*message);
  for (const std::size_t limit : {std::size_t{0}, header_octets, size / 2, std::size_t{512}})
    fits(*message, limit);
  fits(*message, header_octets + message->header.id % 1500U);
  makes_sets(message->answer);
  makes_sets(message->authority);
  makes_sets(message->additional);
  return 0;
}
