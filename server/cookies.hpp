// DNS cookies as a server gives them (RFC 7873), in the form that all servers understand (RFC
// 9018): a client that brings one back has shown that it receives what is sent to its address. Its
// questions are then not those of somebody who forges that address, and no limit against forgery
// holds for them.
//
// Nothing is remembered: the cookie holds the time of its making, and a hash over that, the
// client's half and its address. The key of the hash changes every day, and is made from a secret
// and the number of the day; which day counts, the cookie itself says.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>

#include "wire/address.hpp"
#include "wire/siphash.hpp"

namespace cairn::server {

using ClientCookie = std::array<std::uint8_t, 8>;
using ServerCookie = std::array<std::uint8_t, 16>;

/// The hash of RFC 9018 section 4.4 over a client's cookie, the first eight octets of a server's
/// and the client's address.
std::uint64_t cookie_hash(const wire::SipKey& key, const ClientCookie& client,
                          std::span<const std::uint8_t, 8> head, const wire::IpAddress& address);

/// What came in a COOKIE option: the client's half, and ours if there was one that could be.
struct CookieOption {
  ClientCookie client{};
  std::optional<ServerCookie> server;  // of another length it cannot be ours

  bool operator==(const CookieOption&) const = default;
};
/// nullopt for lengths that are malformed (RFC 7873 section 5.2).
std::optional<CookieOption> cookie_option(std::span<const std::uint8_t> octets);

class Cookies {
 public:
  explicit Cookies(const wire::SipKey& secret) : secret_(secret) {}

  /// What goes back to a client, and whether its address is proven.
  struct Judgement {
    ServerCookie next{};  // the same again while it is young
    bool valid = false;
  };
  Judgement judge(const CookieOption& option, const wire::IpAddress& address,
                  std::chrono::sys_seconds now) const;

 private:
  ServerCookie make(const ClientCookie& client, const wire::IpAddress& address,
                    std::uint32_t time) const;
  wire::SipKey key_of(std::uint32_t time) const;

  wire::SipKey secret_;
};

}  // namespace cairn::server
