#include "cache/finished_answer.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "wire/message.hpp"

namespace cairn::cache {

namespace {

// payload: Head, then 16 bits for each TTL's offset, then the message's header, then what follows
// its question's name. Offsets count in the whole message.
struct Head {
  std::uint32_t lifetime_ms;
  std::uint16_t ttl_count;
  std::uint16_t rotation_offset;
  std::uint16_t rotation_record_octets;
  std::uint16_t rotation_count;  // 0: none
  std::uint16_t turn;
  std::uint16_t asked;  // how often it was written, as far as that matters
};
constexpr std::size_t head_octets = offsetof(Head, asked) + sizeof(Head::asked);
constexpr std::size_t ttl_octets = 4;

/// Fetching again pays for what is asked for several times while it lives, and lives for a while.
constexpr std::uint16_t popular = 4;
constexpr std::uint32_t least_prefetched_ms = 10'000;
/// The share of its life in which it is fetched again.
constexpr std::uint32_t last_part = 10;

Head read_head(std::span<const std::uint8_t> payload) {
  Head head;
  std::memcpy(&head, payload.data(), head_octets);
  return head;
}

std::uint32_t read_u32(const std::uint8_t* at) {
  return std::uint32_t{at[0]} << 24 | std::uint32_t{at[1]} << 16 | std::uint32_t{at[2]} << 8 |
         std::uint32_t{at[3]};
}

void write_u32(std::uint8_t* at, std::uint32_t value) {
  at[0] = static_cast<std::uint8_t>(value >> 24);
  at[1] = static_cast<std::uint8_t>(value >> 16 & 0xff);
  at[2] = static_cast<std::uint8_t>(value >> 8 & 0xff);
  at[3] = static_cast<std::uint8_t>(value & 0xff);
}

bool rotates(const ReadyAnswer& answer) {
  return answer.rotation_count >= 2;
}

bool is_as_promised(std::span<const std::uint8_t> name, const ReadyAnswer& answer) {
  const std::size_t size = answer.message.size();
  const std::size_t name_end = wire::header_octets + name.size();
  if (size < name_end || size > wire::max_message_octets ||
      answer.ttl_offsets.size() > size / ttl_octets ||
      !wire::Name::equal_folded(answer.message.data() + wire::header_octets, name.data(),
                                name.size())) {
    return false;
  }
  const std::size_t run =
      std::size_t{answer.rotation_count} * std::size_t{answer.rotation_record_octets};
  if (rotates(answer) &&
      (answer.rotation_offset < name_end || answer.rotation_offset + run > size)) {
    return false;
  }
  return std::all_of(answer.ttl_offsets.begin(), answer.ttl_offsets.end(),
                     [&](std::size_t at) { return at >= name_end && at + ttl_octets <= size; });
}

}  // namespace

Duration lifetime_of(const ReadyAnswer& answer) {
  Duration lifetime = answer.lifetime;
  for (const std::size_t at : answer.ttl_offsets) {
    if (at + ttl_octets > answer.message.size()) return Duration{0};
    const auto ttl = wire::Ttl::from_wire(read_u32(answer.message.data() + at));
    lifetime = std::min(lifetime, wire::as_duration(ttl));
  }
  return lifetime;
}

wire::Bytes pack_answer(std::span<const std::uint8_t> name, const ReadyAnswer& answer,
                        Duration lifetime, std::span<const std::uint8_t> previous) {
  if (!is_as_promised(name, answer)) return {};
  const auto lifetime_ms = std::chrono::floor<std::chrono::milliseconds>(lifetime).count();
  Head head{};
  head.lifetime_ms = static_cast<std::uint32_t>(lifetime_ms);
  head.ttl_count = static_cast<std::uint16_t>(answer.ttl_offsets.size());
  if (rotates(answer)) {
    head.rotation_offset = answer.rotation_offset;
    head.rotation_record_octets = answer.rotation_record_octets;
    head.rotation_count = answer.rotation_count;
    const Head before = previous.empty() ? Head{} : read_head(previous);
    if (before.rotation_count == head.rotation_count) head.turn = before.turn;
  }
  const std::size_t offsets_octets = answer.ttl_offsets.size_bytes();
  const std::size_t name_end = wire::header_octets + name.size();
  wire::Bytes out(head_octets + offsets_octets + answer.message.size() - name.size());
  std::uint8_t* at = out.data();
  const auto append = [&at](const void* from, std::size_t octets) {
    if (octets > 0) std::memcpy(at, from, octets);
    at += octets;
  };
  append(&head, head_octets);
  append(answer.ttl_offsets.data(), offsets_octets);
  append(answer.message.data(), wire::header_octets);
  append(answer.message.data() + name_end, answer.message.size() - name_end);
  return out;
}

WrittenAnswer write_packed_answer(std::span<std::uint8_t> payload,
                                  std::span<const std::uint8_t> name, Instant expires, Instant now,
                                  std::span<std::uint8_t> out) {
  const Head head = read_head(payload);
  const std::uint8_t* const offsets = payload.data() + head_octets;
  const std::uint8_t* const message = offsets + head.ttl_count * sizeof(std::uint16_t);
  const std::uint8_t* const end = payload.data() + payload.size();
  const std::size_t size = static_cast<std::size_t>(end - message) + name.size();
  if (size > out.size()) return {};

  const std::size_t name_end = wire::header_octets + name.size();
  std::memcpy(out.data(), message, wire::header_octets);
  std::memcpy(out.data() + wire::header_octets, name.data(), name.size());
  std::memcpy(out.data() + name_end, message + wire::header_octets, size - name_end);

  if (head.rotation_count != 0 && head.turn != 0) {
    // Record `turn` goes first, those before it to the end.
    const std::size_t before = std::size_t{head.turn} * head.rotation_record_octets;
    const std::size_t run = std::size_t{head.rotation_count} * head.rotation_record_octets;
    const std::uint8_t* const records = message + (head.rotation_offset - name.size());
    std::uint8_t* const to = out.data() + head.rotation_offset;
    std::memcpy(to, records + before, run - before);
    std::memcpy(to + (run - before), records, before);
  }
  if (head.rotation_count != 0) {
    const std::uint16_t next = static_cast<std::uint16_t>((head.turn + 1) % head.rotation_count);
    std::memcpy(payload.data() + offsetof(Head, turn), &next, sizeof(next));
  }

  // The records of the run share one TTL (RFC 2181 section 5.2), so the offsets hold after the
  // turn.
  const Duration left = expires - now;
  WrittenAnswer written{.octets = size};
  if (head.asked <= popular) {
    const bool aging = left < std::chrono::milliseconds{head.lifetime_ms / last_part} &&
                       head.lifetime_ms >= least_prefetched_ms;
    const bool wanted = aging && head.asked == popular;
    if (wanted) written.wanted_after = left;
    // It stays at `popular` until the answer is old, and goes beyond it once.
    const auto asked =
        static_cast<std::uint16_t>(wanted ? popular + 1 : std::min<int>(head.asked + 1, popular));
    std::memcpy(payload.data() + offsetof(Head, asked), &asked, sizeof(asked));
  }
  const Duration age = std::chrono::milliseconds{head.lifetime_ms} - left;
  const std::int64_t elapsed = std::chrono::floor<std::chrono::seconds>(age).count();
  if (elapsed <= 0) return written;
  for (std::size_t i = 0; i < head.ttl_count; ++i) {
    std::uint16_t offset;
    std::memcpy(&offset, offsets + i * sizeof(offset), sizeof(offset));
    std::uint8_t* const field = out.data() + offset;
    // lifetime_of() keeps `elapsed` below every TTL of a live answer.
    write_u32(field, read_u32(field) - static_cast<std::uint32_t>(elapsed));
  }
  return written;
}

}  // namespace cairn::cache
