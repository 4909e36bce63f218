// A finished answer as the resolver would offer it: A records under a compressed owner.
#pragma once

#include <array>

#include "tests/unit/cache/builders.hpp"

namespace cairn::cache::test {

struct Answer {
  using Address = std::array<std::uint8_t, 4>;
  static constexpr std::size_t record_octets = 16;

  Answer(const wire::Name& owner, const std::vector<Address>& addresses, std::uint32_t ttl)
      : name(owner) {
    const auto count = static_cast<std::uint8_t>(addresses.size());
    append(std::array<std::uint8_t, 12>{0, 0, 0x81, 0x80, 0, 1, 0, count, 0, 0, 0, 0});
    append(name.wire());
    append(std::array<std::uint8_t, 4>{0, 1, 0, 1});
    first_record = message.size();
    for (const Address& address : addresses) {
      append(std::array<std::uint8_t, 6>{0xc0, 12, 0, 1, 0, 1});
      ttl_offsets.push_back(static_cast<std::uint16_t>(message.size()));
      append(std::array<std::uint8_t, 6>{0, 0, 0, 0, 0, 4});
      append(address);
    }
    for (std::size_t i = 0; i < addresses.size(); ++i) set_ttl(i, ttl);
  }

  AnswerKey key() const { return {.name = name.wire(), .type = wire::RRType::A}; }
  ReadyAnswer ready() const {
    return {.message = message,
            .ttl_offsets = ttl_offsets,
            .lifetime = std::chrono::seconds{ttl(message, 0)},
            .rotation_offset = static_cast<std::uint16_t>(first_record),
            .rotation_record_octets = record_octets,
            .rotation_count = static_cast<std::uint16_t>(ttl_offsets.size())};
  }

  void append(std::span<const std::uint8_t> octets) {
    for (const std::uint8_t octet : octets) message.push_back(octet);
  }
  void set_ttl(std::size_t record, std::uint32_t seconds) {
    for (unsigned i = 0; i < 4; ++i) {
      message[ttl_offsets[record] + i] = static_cast<std::uint8_t>(seconds >> (24 - 8 * i) & 0xff);
    }
  }
  std::uint32_t ttl(const wire::Bytes& from, std::size_t record) const {
    std::uint32_t seconds = 0;
    for (unsigned i = 0; i < 4; ++i) seconds = seconds << 8 | from.at(ttl_offsets[record] + i);
    return seconds;
  }
  /// Of each address, in the order of the message.
  std::vector<int> last_octets(const wire::Bytes& from) const {
    std::vector<int> octets;
    for (std::size_t i = 1; i <= ttl_offsets.size(); ++i) {
      octets.push_back(from.at(first_record + i * record_octets - 1));
    }
    return octets;
  }

  wire::Name name;
  wire::Bytes message;
  std::vector<std::uint16_t> ttl_offsets;
  std::size_t first_record = 0;
};

/// The answer as it goes out; empty if there is none.
inline wire::Bytes ask(const Cache& cache, const AnswerKey& key, Instant now) {
  wire::Bytes out(1232);
  out.resize(cache.write_answer(key, now, out).octets);
  return out;
}

}  // namespace cairn::cache::test
