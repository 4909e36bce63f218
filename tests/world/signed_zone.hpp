// A zone that is signed, for servers of the world: DNSKEY, NSEC or NSEC3 and RRSIG records made
// from the zone's own records (RFC 4035 section 2, RFC 5155 section 7.1), and with each answer the
// proofs that belong to it. Keys follow from the zone's name and a seed, so that parent, child and
// trust anchor agree without having met.
//
// It can also sign wrongly: each of these words is a way in which zones break.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "dnssec/nsec3.hpp"
#include "dnssec/signer.hpp"
#include "wire/message.hpp"
#include "zones/zone.hpp"

namespace cairn::world {

/// What the world's clocks say when it begins.
inline constexpr std::chrono::sys_seconds dawn{std::chrono::seconds{1767225600}};  // 2026-01-01

struct Signing {
  std::uint64_t seed = 1;
  dnssec::Algorithm algorithm = dnssec::Algorithm::ED25519;
  dnssec::DigestType digest = dnssec::DigestType::SHA256;
  bool nsec3 = false;
  bool opt_out = false;
  std::uint16_t iterations = 0;
  std::uint32_t proof_ttl = 300;  // of NSEC and NSEC3, in seconds
  std::chrono::sys_seconds inception = dawn - std::chrono::hours{24};
  std::chrono::sys_seconds expiration = dawn + std::chrono::hours{24 * 30};

  // What breaks it.
  bool no_ds = false;            // the parent does not know of its keys
  bool wrong_ds = false;         // the DS names another key
  bool wrong_key = false;        // signed with a key that is not in the DNSKEY set
  bool revoked = false;          // the REVOKE bit (RFC 5011 section 2.1)
  bool no_zone_key = false;      // without the zone key flag
  unsigned colliding_keys = 0;   // others of the same tag, before the true one
  unsigned unknown_digests = 0;  // DS of a digest that nobody knows, beside the true one or alone
  bool only_unknown = false;     // no other DS: an algorithm or a digest that nobody knows

  /// A word of a story; false if it is none.
  bool take_word(const std::string& word);
};

class SignedZone {
 public:
  /// `records` are those of the zone, without any of DNSSEC but DS.
  SignedZone(const wire::Name& apex, std::vector<wire::Record> records, const Signing& signing);

  const std::shared_ptr<const zones::Zone>& zone() const { return zone_; }
  /// Behind what the zone itself has put into the reply: signatures' proofs.
  void add_proofs(const wire::Question& question, wire::Message& reply) const;

  /// What the parent has to say of such a zone; empty without DS.
  static wire::RRset ds_of(const wire::Name& apex, const Signing& signing);

 private:
  static dnssec::SigningKey key_of(const wire::Name& apex, const Signing& signing);

  void sign(wire::RRset& set, const dnssec::SigningKey& key);
  void make_nsec(const dnssec::SigningKey& key);
  void make_nsec3(const dnssec::SigningKey& key);
  dnssec::NameHash hash(const wire::Name& name) const;
  wire::Name closest_encloser(const wire::Name& name) const;
  void prove_absent(const wire::Name& name, wire::Message& reply) const;
  void prove_at(const wire::Name& name, wire::Message& reply) const;
  void prove_gap(const wire::Name& name, wire::Message& reply) const;
  void prove_no_closer(const wire::Name& name, const wire::Name& encloser,
                       wire::Message& reply) const;
  static void add(const wire::RRset& set, wire::Message& reply);

  wire::Name apex_;
  Signing signing_;
  std::set<wire::Name> names_;                          // that exist, empty non-terminals included
  std::map<wire::Name, std::set<wire::RRType>> types_;  // of authoritative names and of cuts
  std::map<wire::Name, wire::RRset> nsecs_;
  std::map<dnssec::NameHash, wire::RRset> nsec3s_;
  std::shared_ptr<const zones::Zone> zone_;
};

}  // namespace cairn::world
