// A finished answer as the payload of an entry: the message without its question's name (that is
// the key's, and goes out in the case of whoever asks), where its TTLs stand, and whose turn it is
// to stand first. Written for one memcpy and a few additions per answer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "cache/cache.hpp"

namespace cairn::cache {

/// How long `answer` may be given out: its lifetime, but no longer than the least of its TTLs.
Duration lifetime_of(const ReadyAnswer& answer);

/// Empty if `answer` is not what ReadyAnswer promises: its question's name is not `name`, or an
/// offset lies outside. `previous` is the payload that it replaces, or empty: the turns go on from
/// there, so that the shares stay exact over the life of many answers.
wire::Bytes pack_answer(std::span<const std::uint8_t> name, const ReadyAnswer& answer,
                        Duration lifetime, std::span<const std::uint8_t> previous);

/// Writes the message to `out` as it is at `now`, and moves the turn on. No octets if `out` is too
/// small.
WrittenAnswer write_packed_answer(std::span<std::uint8_t> payload,
                                  std::span<const std::uint8_t> name, Instant expires, Instant now,
                                  std::span<std::uint8_t> out);

}  // namespace cairn::cache
