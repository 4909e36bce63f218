#include "tools/cdig/told.hpp"

#include <algorithm>
#include <iterator>

namespace cairn::cdig {
namespace {

using wire::Name;
using wire::RRset;
using wire::RRType;

/// Takes the sets of a chain out of an answer section, one step after the other.
class Chain {
 public:
  Chain(std::vector<RRset> sets, const wire::Question& question)
      : sets_(std::move(sets)), question_(question), name_(question.name) {}

  /// Whether the chain ends in what was asked for.
  bool follow(std::vector<RRset>& chain) {
    for (;;) {
      if (take_answer(chain)) return true;
      const auto dname = find(
          [&](const RRset& set) { return set.type == RRType::DNAME && name_.is_below(set.owner); });
      if (dname != sets_.end()) take(dname, chain);
      const auto alias =
          find([&](const RRset& set) { return set.type == RRType::CNAME && set.owner == name_; });
      if (alias == sets_.end() || alias->rdata.size() != 1) return false;
      const auto target = Name::from_wire(alias->rdata[0]);
      take(alias, chain);
      if (!target) return false;
      name_ = *target;
    }
  }

 private:
  using At = std::vector<RRset>::iterator;

  template <class Test>
  At find(Test test) {
    return std::find_if(sets_.begin(), sets_.end(), test);
  }
  // Each set once: so every chain ends.
  void take(At at, std::vector<RRset>& chain) {
    chain.push_back(std::move(*at));
    sets_.erase(at);
  }
  bool take_answer(std::vector<RRset>& chain) {
    const auto asked_for = [&](const RRset& set) {
      return set.owner == name_ && (set.type == question_.type || question_.type == RRType::ANY);
    };
    bool found = false;
    for (At at = find(asked_for); at != sets_.end(); at = find(asked_for)) {
      take(at, chain);
      found = true;
    }
    return found;
  }

  std::vector<RRset> sets_;
  const wire::Question& question_;
  Name name_;
};

/// A denial has one; what goes with a set that was made from a wildcard has none.
bool has_soa(const std::vector<RRset>& authority) {
  return std::ranges::find(authority, RRType::SOA, &RRset::type) != authority.end();
}

}  // namespace

std::optional<Name> referred_to(const wire::Message& reply) {
  if (!reply.answer.empty() || reply.header.authoritative ||
      reply.header.rcode != wire::Rcode::NOERROR)
    return std::nullopt;
  const auto sets = wire::group(reply.authority);
  const auto ns = std::ranges::find(sets, RRType::NS, &RRset::type);
  if (ns == sets.end() || has_soa(sets)) return std::nullopt;
  return ns->owner;
}

Told told_by(const wire::Message& reply, const wire::Question& question) {
  Told told{question, dnssec::Claim::Answer, {}, {}};
  const bool answered = Chain(wire::group(reply.answer), question).follow(told.answer);
  std::ranges::copy_if(
      wire::group(reply.authority), std::back_inserter(told.authority), [](const RRset& set) {
        return set.type == RRType::SOA || set.type == RRType::NSEC || set.type == RRType::NSEC3;
      });
  if (answered || reply.header.rcode == wire::Rcode::YXDOMAIN)
    told.claim = dnssec::Claim::Answer;
  else if (reply.header.rcode == wire::Rcode::NXDOMAIN)
    told.claim = dnssec::Claim::NxDomain;
  else if (!told.answer.empty() && !has_soa(told.authority))
    told.claim = dnssec::Claim::Alias;
  else
    told.claim = dnssec::Claim::NoData;
  return told;
}

}  // namespace cairn::cdig
