// Hashes, plain and keyed (RFC 2104, for RFC 8945), as values. With crypto_keys.hpp this is the one
// place below the tools that knows OpenSSL (libcrypto); nothing of it shows in the interface, so
// that another library can take its place.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>

#include "wire/types.hpp"

namespace cairn::dnssec {

/// A shared secret: it leaves no copy of itself in memory that is given back.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::span<const std::uint8_t> octets) : octets_(octets.begin(), octets.end()) {}
  /// Takes the octets over; nothing is left behind in `octets`.
  explicit Secret(wire::Bytes&& octets) : octets_(std::move(octets)) {}
  Secret(const Secret&) = default;
  Secret(Secret&&) = default;
  Secret& operator=(Secret other) noexcept {
    octets_.swap(other.octets_);
    return *this;
  }
  ~Secret();

  std::span<const std::uint8_t> octets() const { return octets_; }
  bool operator==(const Secret& other) const;

 private:
  wire::Bytes octets_;
};

/// From here on OpenSSL works with the algorithms that are built into it, whatever openssl.cnf
/// says: it would read that file at the first hash, and load the modules that it names. For a
/// process that may do neither any more by then; before anything else of this folder is used.
void ignore_system_configuration();

/// Overwrites octets in a way that no optimiser leaves out.
void wipe(std::span<std::uint8_t> octets);

/// The time that this takes depends on the lengths alone: whoever guesses a MAC octet by octet must
/// not learn from it how far the guess was right.
bool equal_in_constant_time(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b);

enum class HashAlgorithm : std::uint8_t { Md5, Sha1, Sha224, Sha256, Sha384, Sha512 };

/// Octets of the algorithm's output.
std::size_t hash_octets(HashAlgorithm algorithm);

/// The output of a hash, in place.
struct Digest {
  std::array<std::uint8_t, 64> octets{};
  std::size_t size = 0;

  std::span<const std::uint8_t> view() const { return {octets.data(), size}; }
};

/// The hash of all pieces, one behind the other. Nothing is allocated.
Digest digest(HashAlgorithm algorithm, std::initializer_list<std::span<const std::uint8_t>> pieces);

/// A keyed hash (RFC 2104) over octets that come piece by piece.
class Hmac {
 public:
  Hmac(HashAlgorithm algorithm, const Secret& key);
  Hmac(Hmac&&) noexcept;
  Hmac& operator=(Hmac&&) noexcept;
  ~Hmac();

  void add(std::span<const std::uint8_t> octets);
  /// The MAC of all that was added; the object then begins anew with the same key.
  wire::Bytes finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cairn::dnssec
