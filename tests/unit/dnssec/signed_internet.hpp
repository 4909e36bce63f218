// A small Internet of signed and unsigned zones for tests of judge(): what is true of it, and
// servers that answer and prove as RFC 4035 section 3.1.3 and RFC 5155 section 7.2 say.
#pragma once

#include <algorithm>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dnssec/judge.hpp"
#include "dnssec/signer.hpp"
#include "tests/unit/dnssec/chains.hpp"
#include "wire/rdata_text.hpp"

namespace cairn::dnssec::test {

inline constexpr std::chrono::sys_seconds signed_at{std::chrono::seconds{1'800'000'000}};

/// What a server says.
struct Reply {
  wire::Question question;
  Claim claim = Claim::Answer;
  std::vector<wire::RRset> answer;
  std::vector<wire::RRset> authority;

  Response response() { return {question, claim, answer, authority}; }
};

struct ZoneForm {
  bool is_signed = true;
  bool nsec3 = false;
  Nsec3Form form;
};

class SignedZone {
 public:
  /// Of records in DNS text, with a SOA and NS of its own; delegations without glue.
  SignedZone(const wire::Name& apex, const std::vector<std::string>& lines, const ZoneForm& form,
             std::uint8_t seed = 0)
      : apex_(apex), form_(form) {
    std::vector<wire::Record> records{
        record(apex.to_text() + " 3600 IN SOA ns.invalid. who.invalid. 1 3600 600 86400 600"),
        record(apex.to_text() + " 3600 IN NS ns.invalid.")};
    for (const std::string& line : lines) records.push_back(record(line));
    for (wire::RRset& set : wire::group(records)) names_[set.owner].push_back(std::move(set));
    if (!form.is_signed) return;
    key_ = SigningKey{apex, 257, *PrivateKey::from_seed(Algorithm::ED25519, {&seed, 1})};
    names_[apex].push_back(one_record(apex, wire::RRType::DNSKEY, key_->dnskey()));
    sign_all();
  }

  const wire::Name& apex() const { return apex_; }
  const ZoneForm& form() const { return form_; }
  const std::optional<SigningKey>& key() const { return key_; }
  const std::vector<wire::RRset>& chain() const { return chain_; }
  const std::map<wire::Name, std::vector<wire::RRset>>& names() const { return names_; }

  const wire::RRset* find(const wire::Name& name, wire::RRType type) const {
    const auto at = names_.find(name);
    if (at == names_.end()) return nullptr;
    for (const wire::RRset& set : at->second)
      if (set.type == type) return &set;
    return nullptr;
  }
  /// With records, or with names below it.
  bool exists(const wire::Name& name) const {
    const auto at = names_.lower_bound(name);
    return at != names_.end() && at->first.is_within(name);
  }
  bool is_cut(const wire::Name& name) const {
    return !(name == apex_) && find(name, wire::RRType::NS) != nullptr;
  }

  /// One step of a name of this zone, added to the reply; the name to go on with if it is an alias.
  std::optional<wire::Name> answer(const wire::Name& name, Reply& reply) const {
    const wire::RRType type = reply.question.type;
    for (wire::Name above = name; !(above == apex_);) {
      above = above.parent();
      if (const wire::RRset* dname = find(above, wire::RRType::DNAME))
        return rewrite(*dname, name, reply);
    }
    if (exists(name)) return answer_at(name, name, type, reply);
    wire::Name encloser = name.parent();
    while (!exists(encloser)) encloser = encloser.parent();
    static constexpr std::uint8_t star = '*';
    const auto wildcard = encloser.with_label({&star, 1});
    prove_gap(name, encloser, reply);
    if (wildcard && exists(*wildcard)) return answer_at(*wildcard, name, type, reply);
    deny(Claim::NxDomain, reply);
    encloser = provable(encloser);
    if (form_.nsec3) add(nsec3_at(encloser), reply);
    if (const auto no_match = encloser.with_label({&star, 1})) add(over(*no_match), reply);
    return std::nullopt;
  }

  /// What a referral to `cut` says of its DS.
  Reply referral(const wire::Name& cut) const {
    Reply reply{{cut, wire::RRType::DS}, Claim::NoData, {}, {}};
    answer_at(cut, cut, wire::RRType::DS, reply);
    std::erase_if(reply.authority,
                  [](const wire::RRset& set) { return set.type == wire::RRType::SOA; });
    return reply;
  }

 private:
  static wire::Record record(const std::string& line) { return *wire::record_from_text(line); }

  void sign_all() {
    Types types;
    for (const auto& [name, sets] : names_)
      for (const wire::RRset& set : sets) types[name].push_back(set.type);
    chain_ = form_.nsec3 ? nsec3_chain(types, form_.form) : nsec_chain(types);
    for (wire::RRset& set : chain_) add_signature(set);
    for (auto& [name, sets] : names_)
      for (wire::RRset& set : sets)
        if (!is_cut(name) || set.type == wire::RRType::DS) add_signature(set);
    for (const wire::RRset& set : chain_)
      if (const auto nsec3 = Nsec3::of(set, apex_)) nsec3s_.emplace_back(*nsec3, &set);
  }

  void add_signature(wire::RRset& set) const {
    set.signatures.add(
        sign(set, *key_, {signed_at - std::chrono::days{10}, signed_at + std::chrono::days{10}}));
  }

  std::optional<wire::Name> answer_at(const wire::Name& at, const wire::Name& name,
                                      wire::RRType type, Reply& reply) const {
    const auto give = [&](const wire::RRset& set) {
      reply.answer.push_back(set);
      reply.answer.back().owner = name;
    };
    bool found = false;
    if (const auto its = names_.find(at); its != names_.end())
      for (const wire::RRset& set : its->second)
        if (set.type == type || type == wire::RRType::ANY) {
          give(set);
          found = true;
        }
    if (found) {
      reply.claim = Claim::Answer;
      return std::nullopt;
    }
    if (const wire::RRset* alias = find(at, wire::RRType::CNAME)) {
      give(*alias);
      reply.claim = Claim::Alias;
      return wire::Name::from_wire(alias->rdata[0]);
    }
    deny(Claim::NoData, reply);
    if (!form_.nsec3) {
      add(nsec_at(at) ? nsec_at(at) : over(at), reply);
    } else if (const wire::RRset* match = nsec3_at(at)) {
      add(match, reply);
      if (!(at == name)) add(nsec3_at(at.parent()), reply);
    } else {
      prove_gap(at, at.parent(), reply);
      add(nsec3_at(provable(at.parent())), reply);
    }
    return std::nullopt;
  }

  std::optional<wire::Name> rewrite(const wire::RRset& dname, const wire::Name& name,
                                    Reply& reply) const {
    reply.answer.push_back(dname);
    reply.claim = Claim::Answer;
    const auto target =
        name.with_suffix_replaced(dname.owner, *wire::Name::from_wire(dname.rdata[0]));
    if (!target) return std::nullopt;  // YXDOMAIN
    wire::RRset alias =
        one_record(name, wire::RRType::CNAME, {target->wire().begin(), target->wire().end()});
    reply.answer.push_back(alias);
    if (reply.question.type == wire::RRType::CNAME || reply.question.type == wire::RRType::ANY) {
      reply.claim = Claim::Answer;
      return std::nullopt;
    }
    reply.claim = Claim::Alias;
    return target;
  }

  void deny(Claim claim, Reply& reply) const {
    reply.claim = claim;
    add(find(apex_, wire::RRType::SOA), reply);
  }

  /// That nothing is below `encloser` on the way to `name`.
  void prove_gap(const wire::Name& name, wire::Name encloser, Reply& reply) const {
    encloser = provable(encloser);
    add(over(form_.nsec3 ? name.suffix(encloser.label_count() + 1) : name), reply);
  }

  /// The closest provable encloser (RFC 5155 section 1.3): opt-out leaves out what exists for
  /// delegations alone.
  wire::Name provable(wire::Name encloser) const {
    while (form_.is_signed && form_.nsec3 && nsec3_at(encloser) == nullptr)
      encloser = encloser.parent();
    return encloser;
  }

  static void add(const wire::RRset* set, Reply& reply) {
    if (set == nullptr) return;
    for (const wire::RRset& there : reply.authority)
      if (there.owner == set->owner && there.type == set->type) return;
    reply.authority.push_back(*set);
  }

  const wire::RRset* nsec_at(const wire::Name& name) const {
    for (const wire::RRset& set : chain_)
      if (set.type == wire::RRType::NSEC && set.owner == name) return &set;
    return nullptr;
  }
  const wire::RRset* nsec3_at(const wire::Name& name) const {
    if (nsec3s_.empty()) return nullptr;
    const NameHash hash = hash_of(name, form_.form);
    for (const auto& [nsec3, set] : nsec3s_)
      if (nsec3.matches(hash)) return set;
    return nullptr;
  }
  const wire::RRset* over(const wire::Name& name) const {
    if (chain_.empty()) return nullptr;
    if (form_.nsec3) {
      const NameHash hash = hash_of(name, form_.form);
      for (const auto& [nsec3, set] : nsec3s_)
        if (nsec3.covers(hash)) return set;
      return nullptr;
    }
    const wire::RRset* before = nullptr;
    for (const wire::RRset& set : chain_)
      if (set.owner < name) before = &set;
    return before;
  }

  wire::Name apex_;
  ZoneForm form_;
  std::optional<SigningKey> key_;
  std::map<wire::Name, std::vector<wire::RRset>> names_;
  std::vector<wire::RRset> chain_;
  std::vector<std::pair<Nsec3, const wire::RRset*>> nsec3s_;
};

/// Zones, each under its parent. A zone that is signed has its DS in its parent, if that is signed:
/// zones are added children first, and the trust anchors are the keys of the topmost ones.
class SignedInternet : public Trusts {
 public:
  const SignedZone& add(const wire::Name& apex, std::vector<std::string> lines,
                        const ZoneForm& form) {
    for (const SignedZone& child : zones_) {
      if (!child.apex().is_below(apex) || parent_of_.contains(child.apex())) continue;
      parent_of_[child.apex()] = apex;
      lines.push_back(child.apex().to_text() + " 3600 IN NS ns.invalid.");
      if (child.key())
        lines.push_back(child.apex().to_text() + " 3600 IN DS " +
                        wire::rdata_to_text(wire::RRType::DS, child.key()->ds()));
    }
    zones_.emplace_back(apex, lines, form, static_cast<std::uint8_t>(zones_.size()));
    return zones_.back();
  }

  const std::list<SignedZone>& zones() const { return zones_; }

  /// The zone that has the records of this type at `name`; nullptr outside of all.
  const SignedZone* zone_of(const wire::Name& name, wire::RRType type = wire::RRType::A) const {
    const wire::Name home = type == wire::RRType::DS ? name.parent() : name;
    const SignedZone* deepest = nullptr;
    for (const SignedZone& zone : zones_)
      if (home.is_within(zone.apex()) &&
          (deepest == nullptr || zone.apex().is_below(deepest->apex())))
        deepest = &zone;
    return deepest;
  }

  /// A zone is secure when it and all above it are signed.
  bool is_secure(const SignedZone& zone) const {
    for (const SignedZone& above : zones_)
      if (zone.apex().is_within(above.apex()) && !above.key()) return false;
    return true;
  }

  /// The whole chain, over all zones, as a recursive server tells it.
  Reply ask(const wire::Name& name, wire::RRType type) const {
    Reply reply{{name, type}, Claim::Answer, {}, {}};
    std::optional<wire::Name> next = name;
    for (int steps = 0; next && steps < 8; ++steps) {
      const SignedZone* zone = zone_of(*next, type);
      if (zone == nullptr) break;
      next = zone->answer(*next, reply);
    }
    return reply;
  }
  /// As a server of the first zone tells it.
  Reply ask_zone(const wire::Name& name, wire::RRType type) const {
    Reply reply{{name, type}, Claim::Answer, {}, {}};
    const SignedZone* zone = zone_of(name, type);
    std::optional<wire::Name> next = name;
    for (int steps = 0; next && steps < 8 && zone != nullptr && zone_of(*next, type) == zone;
         ++steps)
      next = zone->answer(*next, reply);
    return reply;
  }

  const Trust* of(const wire::Name& name) const override {
    const SignedZone* zone = zone_of(name);
    if (zone == nullptr) return &nothing_;
    // Where the chain of trust ends, it ends for all below.
    for (const SignedZone& above : zones_)
      if (zone->apex().is_within(above.apex()) && !above.key() &&
          above.apex().label_count() < zone->apex().label_count())
        return trust_in(above);
    return trust_in(*zone);
  }

 private:
  const Trust* trust_in(const SignedZone& zone) const {
    const auto known = trusts_.find(zone.apex());
    if (known != trusts_.end()) return &known->second;
    Trust trust{zone.apex(), wire::Security::Insecure, nullptr, std::nullopt};
    if (zone.key()) {
      ZoneKeys keys{zone.apex(), {}};
      keys.keys.emplace_back(zone.key()->dnskey());
      trust.security = wire::Security::Secure;
      trust.keys = std::make_shared<const ZoneKeys>(std::move(keys));
    }
    return &(trusts_[zone.apex()] = trust);
  }

  std::list<SignedZone> zones_;
  std::map<wire::Name, wire::Name> parent_of_;
  mutable std::map<wire::Name, Trust> trusts_;
  Trust nothing_;
};

}  // namespace cairn::dnssec::test
