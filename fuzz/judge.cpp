// The law of judging: what is called Secure is exactly what the true zones say, whatever was done
// to the reply on its way; nothing is called Insecure that is signed from the root down; and an
// honest reply is never Bogus. The first two octets choose a small Internet, the next a question,
// the rest what is done to the honest reply, also by somebody who has the key of a zone of his own.
#include "dnssec/judge.hpp"

#include <cstdint>
#include <cstdlib>
#include <set>

#include "tests/unit/dnssec/signed_internet.hpp"

using namespace cairn;
using namespace cairn::dnssec;
using namespace cairn::dnssec::test;
using wire::Name;
using wire::RRset;
using wire::RRType;
using wire::Security;
using wire::operator""_name;

namespace {

void require(bool law) {
  if (!law) std::abort();
}

/// Choices from octets; zeros when they have run out.
class Octets {
 public:
  explicit Octets(std::span<const std::uint8_t> octets) : octets_(octets) {}
  bool empty() const { return octets_.empty(); }
  std::uint8_t next() {
    if (octets_.empty()) return 0;
    const std::uint8_t octet = octets_[0];
    octets_ = octets_.subspan(1);
    return octet;
  }
  std::size_t below(std::size_t bound) { return bound == 0 ? 0 : next() % bound; }

 private:
  std::span<const std::uint8_t> octets_;
};

/// Choices from a seed (splitmix64), to make an Internet that a few octets name.
class Seeded {
 public:
  explicit Seeded(std::uint64_t seed) : state_(seed) {}
  std::size_t below(std::size_t bound) {
    std::uint64_t mixed = (state_ += 0x9e3779b97f4a7c15U);
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9U;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebU;
    return (mixed ^ mixed >> 31) % bound;
  }

 private:
  std::uint64_t state_;
};

const Name evil = "evil."_name;  // whose key the attacker has

constexpr std::string_view labels[] = {"a", "b", "c", "*", "\\000", "-"};

/// Up to three labels in front of `suffix`.
template <class Choices>
Name some_name(Choices& choices, const Name& suffix) {
  std::string text;
  for (std::size_t left = choices.below(4); left > 0; --left)
    text += std::string(labels[choices.below(std::size(labels))]) + ".";
  text += suffix.is_root() ? "" : suffix.to_text();
  return *Name::from_text(text.empty() ? "." : text);
}

const Name apexes[] = {"c.b.a."_name, "b.a."_name, "c.a."_name, "evil."_name,
                       "b."_name,     "a."_name,   Name{}};

ZoneForm some_form(Seeded& choose, const Name& apex) {
  static constexpr std::uint16_t iterations[] = {0, 0, 0, 1, 3, 51};
  ZoneForm form;
  form.is_signed = apex.is_root() || apex == evil || choose.below(5) > 0;
  form.nsec3 = choose.below(2) == 0;
  form.form.opt_out = choose.below(3) == 0;
  form.form.iterations = iterations[choose.below(std::size(iterations))];
  if (choose.below(2) == 0) form.form.salt = {0xab, 0xcd};
  return form;
}

std::vector<std::string> some_records(Seeded& choose, const Name& apex,
                                      const SignedInternet& so_far) {
  static constexpr std::string_view plain[] = {"A 192.0.2.1", "TXT \"text\"", "MX 5 a.b."};
  std::vector<std::string> lines;
  std::set<Name> taken{apex};
  std::set<Name> dnames;
  const auto is_ours = [&](const Name& name) {
    for (const SignedZone& zone : so_far.zones())
      if (zone.apex().is_below(apex) && name.is_within(zone.apex())) return false;
    return name.is_within(apex) && !taken.contains(name) &&
           std::none_of(dnames.begin(), dnames.end(),
                        [&](const Name& dname) { return name.is_below(dname); });
  };
  const auto has_below = [&](const Name& name) {
    const auto zone_below = [&](const SignedZone& zone) { return zone.apex().is_below(name); };
    return std::any_of(taken.begin(), taken.end(),
                       [&](const Name& other) { return other.is_below(name); }) ||
           std::any_of(so_far.zones().begin(), so_far.zones().end(), zone_below);
  };
  for (std::size_t left = choose.below(7); left > 0; --left) {
    const Name owner = some_name(choose, apex);
    if (!is_ours(owner)) continue;
    taken.insert(owner);
    const Name target = some_name(choose, apexes[choose.below(std::size(apexes))]);
    const std::string head = owner.to_text() + " 300 IN ";
    switch (choose.below(6)) {
      case 0:
        lines.push_back(head + "CNAME " + target.to_text());
        break;
      case 1:
        if (!has_below(owner)) {
          dnames.insert(owner);
          lines.push_back(head + "DNAME " + target.to_text());
        }
        break;
      default:
        for (const std::string_view rdata : plain)
          if (choose.below(2) == 0) lines.push_back(head + std::string(rdata));
    }
  }
  return lines;
}

const SignedInternet& internet(std::uint16_t seed) {
  static std::map<std::uint16_t, SignedInternet> made;
  const auto known = made.find(seed);
  if (known != made.end()) return known->second;
  if (made.size() == 256) made.clear();
  Seeded choose(seed);
  SignedInternet& all = made[seed];
  for (const Name& apex : apexes) {
    if (!apex.is_root() && !(apex == evil) && choose.below(3) == 0) continue;
    all.add(apex, some_records(choose, apex, all), some_form(choose, apex));
  }
  return all;
}

constexpr RRType types[] = {RRType::A,   RRType::TXT,   RRType::DS,     RRType::MX,
                            RRType::ANY, RRType::CNAME, RRType::DNAME,  RRType::NS,
                            RRType::SOA, RRType::AAAA,  RRType::DNSKEY, RRType::A};

Name any_name(Octets& octets) {
  return some_name(octets, apexes[octets.below(std::size(apexes))]);
}

Reply any_reply(Octets& octets, const SignedInternet& all) {
  const Name name = any_name(octets);
  const RRType type = types[octets.below(std::size(types))];
  return octets.below(2) == 0 ? all.ask(name, type) : all.ask_zone(name, type);
}

RRset* any_set(Octets& octets, Reply& reply) {
  const std::size_t all = reply.answer.size() + reply.authority.size();
  if (all == 0) return nullptr;
  const std::size_t at = octets.below(all);
  return at < reply.answer.size() ? &reply.answer[at] : &reply.authority[at - reply.answer.size()];
}

wire::RdataList changed(const wire::RdataList& list, Octets& octets) {
  wire::RdataList result;
  const std::size_t which = octets.below(list.size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    wire::Bytes rdata(list[i].begin(), list[i].end());
    if (i == which && !rdata.empty()) {
      // Of a RRSIG mostly the fields in front: labels, times, tag, signer.
      std::size_t at = octets.below(rdata.size());
      rdata[at] = static_cast<std::uint8_t>(rdata[at] + octets.next());
    }
    result.add(rdata);
  }
  return result;
}

void damage(Reply& reply, Octets& octets, const SignedInternet& all) {
  auto& section = octets.below(2) == 0 ? reply.answer : reply.authority;
  RRset* set = nullptr;
  switch (octets.below(14)) {
    case 0:
      if (!section.empty())
        section.erase(section.begin() + static_cast<std::ptrdiff_t>(octets.below(section.size())));
      break;
    case 1: {
      const Reply other = any_reply(octets, all);
      reply.authority.insert(reply.authority.end(), other.authority.begin(), other.authority.end());
      break;
    }
    case 2: {
      const Reply other = any_reply(octets, all);
      const auto at = static_cast<std::ptrdiff_t>(octets.below(reply.answer.size() + 1));
      reply.answer.insert(reply.answer.begin() + at, other.answer.begin(), other.answer.end());
      break;
    }
    case 3: {
      const auto& zones = all.zones();
      const auto& chain =
          std::next(zones.begin(), static_cast<std::ptrdiff_t>(octets.below(zones.size())))
              ->chain();
      if (!chain.empty()) reply.authority.push_back(chain[octets.below(chain.size())]);
      break;
    }
    case 4:
      reply.claim = static_cast<Claim>(octets.below(4));
      break;
    case 5:
      reply.question.name = any_name(octets);
      break;
    case 6:
      reply.question.type = types[octets.below(std::size(types))];
      break;
    case 7:
      if ((set = any_set(octets, reply)))
        set->owner = octets.below(2) == 0 ? reply.question.name : any_name(octets);
      break;
    case 8:
      if ((set = any_set(octets, reply))) set->signatures = changed(set->signatures, octets);
      break;
    case 9:
      if ((set = any_set(octets, reply))) set->rdata = changed(set->rdata, octets);
      break;
    case 10:
      if ((set = any_set(octets, reply))) set->signatures = {};
      break;
    case 11:
      if (section.size() > 1)
        std::swap(section[octets.below(section.size())], section[octets.below(section.size())]);
      break;
    case 12:
      if ((set = any_set(octets, reply))) set->ttl = wire::Ttl{octets.next() * 10000U};
      break;
    default:
      if ((set = any_set(octets, reply))) {
        // By the attacker's own key, in whatever words he likes.
        Rrsig fields;
        fields.covered = set->type;
        fields.algorithm = Algorithm::ED25519;
        fields.labels = octets.below(2) == 0 ? signed_labels(set->owner) : octets.next();
        fields.original_ttl = 300;
        fields.inception = 1'800'000'000 - 1000;
        fields.expiration = 1'800'000'000 + 1000;
        const SigningKey& key = *all.zone_of(evil)->key();
        fields.key_tag = key.key_tag();
        fields.signer = octets.below(2) == 0 ? evil : any_name(octets);
        if (const auto signature = sign_as(*set, key.key, fields)) {
          if (octets.below(2) == 0) set->signatures = {};
          set->signatures.add(*signature);
        }
      }
  }
}

/// Every name is unknown when it is asked for the first time, if so chosen.
class Learning : public Trusts {
 public:
  Learning(const SignedInternet& all, bool knows_all) : all_(all), knows_all_(knows_all) {}
  const Trust* of(const Name& name) const override {
    return knows_all_ || known_.contains(name) ? all_.of(name) : nullptr;
  }
  void learn(const Name& name) { require(known_.insert(name).second); }

 private:
  const SignedInternet& all_;
  bool knows_all_;
  std::set<Name> known_;
};

/// What is true of a question, and of all that it leads to.
struct Truth {
  Reply reply;
  bool evil_has_part = false;
  bool all_secure = true;
  bool may_be_insecure = false;  // opt-out or iterations
  bool cut = false;
};

/// The zone proves by a record at this name, or above, what is there: opt-out hides nothing.
bool is_known(const SignedZone& zone, const Name& name) {
  for (Name above = name; !(above == zone.apex());) {
    above = above.parent();
    if (zone.find(above, RRType::DNAME)) return true;
  }
  if (!zone.exists(name)) return false;
  const NameHash hash = hash_of(name, zone.form().form);
  return std::any_of(zone.chain().begin(), zone.chain().end(), [&](const RRset& set) {
    const auto nsec3 = Nsec3::of(set, zone.apex());
    return nsec3 && nsec3->matches(hash);
  });
}

Truth truth_of(const wire::Question& question, const SignedInternet& all) {
  Truth truth;
  truth.reply.question = question;
  std::optional<Name> next = question.name;
  for (int steps = 0; next && steps < 40; ++steps) {
    const Name name = *next;
    const SignedZone& zone = *all.zone_of(name, question.type);
    truth.evil_has_part = truth.evil_has_part || name.is_within(evil);
    if (!all.is_secure(zone)) truth.all_secure = false;
    const bool unhashed = zone.form().nsec3 && zone.form().form.iterations > 50;
    const bool hidden = zone.form().nsec3 && zone.form().form.opt_out && !is_known(zone, name);
    truth.may_be_insecure = truth.may_be_insecure || unhashed || hidden;
    truth.cut = steps == 0 && zone.is_cut(name);
    next = zone.answer(name, truth.reply);
  }
  return truth;
}

bool same_records(const RRset& a, const RRset& b) {
  if (!(a.owner == b.owner) || a.type != b.type || a.rdata.size() != b.rdata.size()) return false;
  return std::all_of(a.rdata.begin(), a.rdata.end(),
                     [&](wire::RdataView rdata) { return b.rdata.contains(rdata); });
}

void is_true(const Reply& reply, const Truth& truth, const SignedInternet& all,
             const Judged& verdict) {
  // What an alias leads to is not said.
  require(truth.all_secure || reply.claim == Claim::Alias);
  const auto& told = reply.answer;
  const auto& known = truth.reply.answer;
  if (reply.question.type == RRType::ANY) {
    // Nobody proves that an answer to ANY is whole, and the DS of the parent may be in it.
    for (const RRset& set : told) {
      const RRset* ds = all.zone_of(set.owner, RRType::DS)->find(set.owner, RRType::DS);
      require((ds != nullptr && same_records(set, *ds)) ||
              std::any_of(known.begin(), known.end(),
                          [&](const RRset& its) { return same_records(set, its); }));
    }
  } else {
    require(told.size() <= known.size());
    for (std::size_t i = 0; i < told.size(); ++i) require(same_records(told[i], known[i]));
    require(reply.claim == Claim::Alias || told.size() == known.size());
  }
  const Claim proved = verdict.exists ? Claim::NoData : reply.claim;
  require(proved == Claim::Alias || proved == truth.reply.claim);
  if (proved == Claim::NoData && reply.question.type == RRType::DS)
    require(verdict.cut == truth.cut);
  for (const RRset& set : told)
    require(set.security == Security::Secure && set.ttl.seconds <= 3600 &&
            all.is_secure(*all.zone_of(set.owner, set.type)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Octets octets({data, size});
  const std::uint8_t high = octets.next();
  const SignedInternet& all = internet(static_cast<std::uint16_t>(high << 8 | octets.next()));
  Reply reply = any_reply(octets, all);
  const bool honest = octets.empty();
  Learning trusts(all, octets.below(2) == 0);
  for (int left = 6; left > 0 && !octets.empty(); --left) damage(reply, octets, all);

  Work work;
  Verdict verdict;
  for (;;) {
    verdict = judge(reply.response(), trusts, work, signed_at, {});
    const auto* missing = std::get_if<Missing>(&verdict);
    if (missing == nullptr) break;
    trusts.learn(missing->name);
  }
  require(work.checks <= limits::checks && work.sha1_blocks <= limits::sha1_blocks);

  const Judged& judged = std::get<Judged>(verdict);
  const Truth truth = truth_of(reply.question, all);
  if (truth.evil_has_part) return 0;
  if (judged.security == Security::Secure) is_true(reply, truth, all, judged);
  if (judged.security == Security::Insecure) require(!truth.all_secure || truth.may_be_insecure);
  require(judged.security != Security::Indeterminate && judged.security != Security::Unchecked);
  require((judged.security == Security::Bogus) <= judged.why.has_value());
  if (honest && work.refusal().empty() && reply.authority.size() < 12) {
    require(judged.security != Security::Bogus);
    if (truth.all_secure && !truth.may_be_insecure) require(judged.security == Security::Secure);
  }
  return 0;
}
