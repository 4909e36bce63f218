// What judging may cost one client question. Signatures and hashes are the dearest thing that a
// stranger can make us do: a zone of colliding key tags costs hours where nobody counts (KeyTrap,
// CVE-2023-50387), NSEC3 proofs cost a hash per label and iteration (CVE-2023-50868). Everything
// is counted here before it is done, refused here, and never given back by a retry: one Work
// belongs to one client question with all that it waits for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cairn::dnssec {

namespace limits {

// Signatures over what was asked: a chain of aliases of honest length has one or two a step. BIND
// allows for 16.
inline constexpr unsigned checks = 16;
// Over DS and DNSKEY sets, and over proofs that there is none, on the way to it: a cold chain of
// aliases goes down from the root several times, two checks a zone. And behind a forwarder, who
// shows no cuts, it is two checks a label: some 50 to an unsigned /64 of ip6.arpa. Each has to be
// right, or it counts as a failure.
inline constexpr unsigned chain_checks = 64;
// Signatures that look right and are not. Honest zones have none, but one key may be rolled and one
// server behind.
inline constexpr unsigned failures = 4;
// Keys that one signature or DS may mean by its tag: two of 16 bits collide now and then, three
// never by chance (KeyTrap).
inline constexpr unsigned keys_of_one_tag = 2;
// DS records of one set that are looked at (HashTrap): a roll-over has two or three.
inline constexpr unsigned ds_records = 8;
// SHA-1 blocks over names for NSEC3: with the most iterations that are looked at, 50, the 36 names
// of a reverse address of IPv6 take some 1,850.
inline constexpr unsigned sha1_blocks = 2048;

// One key: what a single check may cost. RSA's modulus as RFC 3110 section 2 has it; its exponent
// as BIND has it, of 35 bits, since the time grows with each of them and the greatest in use is
// 2^32 + 1.
inline constexpr std::size_t rsa_modulus_bits = 4096;
inline constexpr std::size_t rsa_exponent_bits = 35;

}  // namespace limits

struct Work {
  unsigned checks = 0;
  unsigned chain_checks = 0;
  unsigned failures = 0;
  unsigned sha1_blocks = 0;
  /// What is judged now is on the way to the answer, not the answer: counted as chain_checks.
  /// judge_keys() always is.
  bool on_the_way = false;

  /// Counts a signature check that is about to be made; false: it must not be made.
  bool begin_check();
  void note_failure() { ++failures; }
  /// Counts `blocks` of SHA-1; false: they must not be hashed.
  bool begin_hash(unsigned blocks);
  /// For an extended error: which limit the last refusal was about; empty if there was none.
  std::string_view refusal() const { return refusal_; }
  /// What was refused before is no reason for what is judged from here on.
  void forget_refusal() { refusal_ = {}; }

 private:
  std::string_view refusal_;
};

}  // namespace cairn::dnssec
