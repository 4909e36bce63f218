#include "dnssec/anchor_updates.hpp"

#include <doctest/doctest.h>

#include "tests/unit/dnssec/builders.hpp"

using namespace cairn;
using namespace cairn::dnssec;
using namespace cairn::dnssec::test;
using wire::operator""_name;

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::sys_seconds;

SigningKey sep(std::uint8_t seed, bool revoked = false) {
  return key({}, Algorithm::ED25519, revoked ? 385 : 257, seed);
}

/// What the root publishes, signed by these around `at`.
wire::RRset published(const std::vector<SigningKey>& keys, const std::vector<SigningKey>& signers,
                      sys_seconds at) {
  wire::RRset set{{}, wire::RRType::DNSKEY, wire::RRClass::IN, wire::Ttl{172800}, {}, {}};
  for (const SigningKey& one : keys) set.rdata.add(one.dnskey());
  for (const SigningKey& one : signers)
    set.signatures.add(sign(set, one, {at - days{5}, at + days{10}}));
  return set;
}

TrustAnchor configured(std::initializer_list<SigningKey> keys) {
  wire::RRset set{{}, wire::RRType::DS, wire::RRClass::IN, wire::Ttl{86400}, {}, {}};
  for (const SigningKey& one : keys) set.rdata.add(one.ds());
  return set;
}

/// A zone's keys over the days, as one resolver follows them.
struct Story {
  AnchorState state;
  sys_seconds at = now;

  bool sees(const std::vector<SigningKey>& keys, const std::vector<SigningKey>& signers) {
    Work work;
    const Look look = look_at(state, published(keys, signers, at), work, at, {});
    CHECK(look.believed == !look.why);
    state = look.state;
    return look.believed;
  }
  /// "AddPend"; "Start" for a key that is not remembered.
  std::string state_of(std::uint8_t seed) const {
    for (const TrackedKey& tracked : state.keys)
      if (tracked.ds == sep(seed).ds()) return to_text(tracked.state);
    return "Start";
  }
  bool trusts(std::uint8_t seed) const { return anchor_of(state).rdata.contains(sep(seed).ds()); }
};

Story story() {
  return {begin_updates(configured({sep(1)}))};
}

}  // namespace

TEST_CASE("a key is rolled over: added, waited for, used, and the old one revoked and removed") {
  Story root = story();
  CHECK(root.state_of(1) == "Valid");
  CHECK(root.sees({sep(1)}, {sep(1)}));
  CHECK(root.sees({sep(1), sep(2)}, {sep(1)}));
  CHECK(root.state_of(2) == "AddPend");
  for (int day = 1; day < 30; ++day) {
    root.at += days{1};
    CHECK(root.sees({sep(1), sep(2)}, {sep(1)}));
    CHECK(root.state_of(2) == "AddPend");
    CHECK_FALSE(root.trusts(2));
  }
  // Nobody's word alone ends the wait: it has to be seen again when the time is over.
  root.at += days{1};
  CHECK(root.state_of(2) == "AddPend");
  CHECK(root.sees({sep(1), sep(2)}, {sep(1)}));
  CHECK(root.state_of(2) == "Valid");
  CHECK(root.trusts(1));
  CHECK(root.trusts(2));

  root.at += days{10};
  CHECK(root.sees({sep(1, true), sep(2)}, {sep(1, true), sep(2)}));
  CHECK(root.state_of(1) == "Revoked");
  CHECK_FALSE(root.trusts(1));
  CHECK(root.trusts(2));
  root.at += days{29};
  CHECK(root.sees({sep(2)}, {sep(2)}));
  CHECK(root.state_of(1) == "Revoked");
  root.at += days{1};
  CHECK(root.sees({sep(2)}, {sep(2)}));
  CHECK(root.state_of(1) == "Removed");
  // And it stays so, whoever signs it.
  CHECK(root.sees({sep(1), sep(2)}, {sep(1), sep(2)}));
  CHECK(root.state_of(1) == "Removed");
  CHECK_FALSE(root.trusts(1));
  CHECK_FALSE(root.sees({sep(1)}, {sep(1)}));
}

TEST_CASE("a set that no trusted key has signed changes nothing but the time of the next look") {
  Story root = story();
  CHECK(root.sees({sep(1), sep(2)}, {sep(1)}));
  const AnchorState before = root.state;
  root.at += days{40};
  CHECK_FALSE(root.sees({sep(2)}, {sep(2)}));
  CHECK_FALSE(root.sees({sep(1), sep(2), sep(3)}, {sep(2), sep(3)}));
  CHECK(root.state.keys == before.keys);
  CHECK(root.state.next_look == root.at + hours{1});
  Work work;
  wire::RRset forged = published({sep(1), sep(3)}, {sep(1)}, root.at);
  forged.rdata.add(sep(4).dnskey());
  CHECK_FALSE(look_at(root.state, forged, work, root.at, {}).believed);
  wire::RRset elsewhere = published({sep(1)}, {sep(1)}, root.at);
  elsewhere.owner = "example."_name;
  CHECK_FALSE(look_at(root.state, elsewhere, work, root.at, {}).believed);
}

TEST_CASE("a thief's key that is withdrawn within thirty days was never trusted, and waits anew") {
  Story root = story();
  CHECK(root.sees({sep(1), sep(66)}, {sep(1)}));
  root.at += days{29};
  CHECK(root.sees({sep(1)}, {sep(1)}));
  CHECK(root.state_of(66) == "Start");
  root.at += days{2};
  CHECK(root.sees({sep(1), sep(66)}, {sep(1)}));
  CHECK(root.state_of(66) == "AddPend");
  root.at += days{29};
  CHECK(root.sees({sep(1), sep(66)}, {sep(1)}));
  CHECK_FALSE(root.trusts(66));
  // The owner revokes the stolen key meanwhile: with no trusted key left that has signed, the
  // thief's set is not believed.
  CHECK_FALSE(root.sees({sep(1, true), sep(66)}, {sep(1, true), sep(66)}));
  CHECK(root.state_of(1) == "Revoked");
  CHECK(root.state_of(66) == "AddPend");
}

TEST_CASE("a key that waits and is revoked is forgotten") {
  Story root = story();
  CHECK(root.sees({sep(1), sep(2)}, {sep(1)}));
  root.at += days{31};
  CHECK(root.sees({sep(1), sep(2, true)}, {sep(1), sep(2, true)}));
  CHECK(root.state_of(2) == "Start");
}

TEST_CASE("a trusted key that is missing stays trusted") {
  Story root{begin_updates(configured({sep(1), sep(2)}))};
  CHECK(root.sees({sep(1)}, {sep(1)}));
  CHECK(root.state_of(2) == "Missing");
  CHECK(root.trusts(2));
  root.at += days{100};
  CHECK(root.sees({sep(1), sep(2)}, {sep(2)}));
  CHECK(root.state_of(2) == "Valid");
}

TEST_CASE("a key is revoked by its own signature, not by a bit") {
  Story root{begin_updates(configured({sep(1), sep(2)}))};
  CHECK(root.sees({sep(1), sep(2, true)}, {sep(1)}));
  CHECK(root.state_of(2) == "Missing");
  CHECK(root.trusts(2));
  CHECK(root.sees({sep(1), sep(2, true)}, {sep(1), sep(2, true)}));
  CHECK(root.state_of(2) == "Revoked");
  // A signature that has expired revokes nothing.
  Work work;
  const wire::RRset old = published({sep(1, true)}, {sep(1, true)}, root.at - days{60});
  CHECK(look_at(root.state, old, work, root.at, {}).state.keys == root.state.keys);
}

TEST_CASE("when all keys are revoked there is no anchor any more") {
  Story root = story();
  CHECK_FALSE(root.sees({sep(1, true)}, {sep(1, true)}));
  CHECK(root.state_of(1) == "Revoked");
  CHECK(anchor_of(root.state).rdata.empty());
}

TEST_CASE("keys without SEP bit, and those that sign data alone, are no anchors") {
  Story root = story();
  const SigningKey zone_signing = key({}, Algorithm::ED25519, 256, 7);
  CHECK(root.sees({sep(1), zone_signing}, {sep(1)}));
  CHECK(root.state.keys.size() == 1);
}

TEST_CASE("a configured key is trusted at once, and a revoked one does not come back by the file") {
  Story root{begin_updates(configured({sep(1), sep(2)}))};
  CHECK(root.sees({sep(1), sep(2, true), sep(3)}, {sep(1), sep(2, true)}));
  REQUIRE(root.state_of(2) == "Revoked");
  REQUIRE(root.state_of(3) == "AddPend");
  root.state = begin_updates(configured({sep(1), sep(2), sep(3), sep(4)}), root.state);
  CHECK(root.state_of(1) == "Valid");
  CHECK(root.state_of(2) == "Revoked");
  CHECK(root.state_of(3) == "Valid");
  CHECK(root.state_of(4) == "Valid");
  // Of another zone nothing is taken over.
  TrustAnchor example = configured({sep(1)});
  example.owner = "example."_name;
  CHECK(begin_updates(example, root.state).keys.size() == 1);
}

TEST_CASE("keys are looked at as often as RFC 5011 says, and soon again after silence") {
  const auto next = [](std::uint32_t ttl, std::chrono::seconds valid) {
    wire::RRset set = published({sep(1)}, {}, now);
    set.ttl = wire::Ttl{ttl};
    set.signatures.add(sign(set, sep(1), {now - days{1}, now + valid}));
    Work work;
    const Look look = look_at(story().state, set, work, now, {});
    REQUIRE(look.believed);
    return look.state.next_look - now;
  };
  CHECK(next(172800, days{10}) == days{1});
  CHECK(next(172800, days{1}) == hours{12});
  CHECK(next(60, days{10}) == hours{1});
  CHECK(next(0x7fffffff, days{1000}) == days{15});
  CHECK(after_silence(story().state, now).next_look == now + hours{1});
}

TEST_CASE("a set's TTL of more than thirty days is waited for") {
  wire::RRset set = published({sep(1), sep(2)}, {}, now);
  set.ttl = wire::Ttl{86400 * 45};
  set.signatures.add(sign(set, sep(1), {now - days{1}, now + days{100}}));
  Work work;
  const Look look = look_at(story().state, set, work, now, {});
  REQUIRE(look.state.keys.size() == 2);
  CHECK(look.state.keys[1].until == now + days{45});
}

TEST_CASE("sixteen keys are remembered, and those that were removed make room first") {
  Story root = story();
  std::vector<SigningKey> many{sep(1)};
  for (std::uint8_t seed = 10; seed < 40; ++seed) many.push_back(sep(seed));
  CHECK(root.sees(many, {sep(1)}));
  CHECK(root.state.keys.size() == limits::tracked_keys);
  CHECK(root.trusts(1));
  root.state.keys[3].state = KeyState::Removed;
  CHECK(root.sees(many, {sep(1)}));
  CHECK(root.state.keys.size() == limits::tracked_keys);
  for (const TrackedKey& tracked : root.state.keys) CHECK(tracked.state != KeyState::Removed);
}
