// One question to many servers at the same time, over UDP: who replies, and how fast. A server that
// is dead then costs no more than one timeout, however many of them there are.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <vector>

#include "wire/address.hpp"
#include "wire/message.hpp"

namespace cairn::cdig {

/// What one server said; no reply when it stayed silent, or sent nothing that answers the question.
struct Echo {
  std::optional<wire::Message> reply;
  std::chrono::microseconds elapsed{};
};

/// One echo per server, in their order.
std::vector<Echo> probe(std::span<const wire::Endpoint> servers, const wire::Message& query,
                        std::chrono::milliseconds patience);

}  // namespace cairn::cdig
