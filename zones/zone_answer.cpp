// RFC 1034 section 4.3.2 steps 3 and 6, with DNAME (RFC 6672 section 3.2) and wildcards (RFC 4592
// section 3.3).
#include <algorithm>
#include <optional>
#include <utility>

#include "zones/zone.hpp"
#include "zones/zone_tree.hpp"

namespace cairn::zones {

using wire::Name;
using wire::Rcode;
using wire::RRset;
using wire::RRsetView;
using wire::RRType;

namespace {

/// Steps of CNAME and DNAME within one answer; a longer chain is a loop or an attack on whoever
/// follows it.
constexpr std::size_t max_chain = 11;
/// Names whose addresses ride along; more would only make an answer too large for UDP.
constexpr std::size_t max_additional_names = 13;

/// The host that `rdata` points to, for the types whose answers carry its addresses along (RFC 1035
/// section 3.3, RFC 2782, RFC 9460 section 4.1).
std::optional<Name> target_host(const RRsetView& set, wire::RdataView rdata) {
  switch (set.type) {
    case RRType::NS:
      return Name::from_wire(rdata);
    case RRType::MX:
      return Name::from_wire(rdata.subspan(2));
    case RRType::SRV:
      return Name::from_wire(rdata.subspan(6));
    case RRType::SVCB:
    case RRType::HTTPS: {
      std::size_t end = 2;  // behind the priority stands the name, then parameters
      while (rdata[end] != 0) end += std::size_t{1} + rdata[end];
      const auto target = Name::from_wire(rdata.subspan(2, end + 1 - 2));
      if (!target || !target->is_root()) return target;
      return *set.owner;  // RFC 9460 section 2.5
    }
    default:
      return std::nullopt;
  }
}

class Answering {
 public:
  Answering(const ZoneTree& zone, const wire::Question& question, bool dnssec_ok, ZoneAnswer& out)
      : zone_(zone), type_(question.type), dnssec_ok_(dnssec_ok), out_(out) {
    out_.clear();
    out_.asked = question.name;
  }

  void run() {
    std::optional<Name> alias;  // the end of the chain so far, once there is one
    for (std::size_t step = 0;; ++step) {
      const Name& name = alias ? *alias : out_.asked;
      auto next = look_up(name, alias ? nullptr : &out_.asked);
      if (!next) break;
      if (!next->is_within(zone_.apex())) {
        out_.continues_at = std::move(next);
        break;
      }
      if (step == max_chain || is_in_chain(*next)) {
        out_.rcode = Rcode::SERVFAIL;
        break;
      }
      alias = std::move(next);
    }
    for (const RRsetView& view : out_.answer) add_hosts_of(view);
  }

 private:
  /// Answers for `name`, or gives the name where an alias leads on. `owner` is where the name
  /// stands for as long as the answer; nullptr if nowhere yet.
  std::optional<Name> look_up(const Name& name, const Name* owner) {
    const Place place = zone_.locate(name, type_);
    switch (place.kind) {
      case Place::Kind::Cut:
        if (out_.answer.empty())
          refer(place, name);
        else
          out_.continues_at = name;  // the child knows more than a referral could say
        return std::nullopt;
      case Place::Kind::Dname:
        return redirect(name, place);
      case Place::Kind::Exact:
        return answer_from(place.node, owner ? *owner : out_.keep(name));
      case Place::Kind::Missing:
        break;
    }
    const NameTree::Id wildcard = zone_.wildcard_below(place.node);
    if (wildcard == NameTree::none) {
      deny(Rcode::NXDOMAIN);
      return std::nullopt;
    }
    return answer_from(wildcard, owner ? *owner : out_.keep(name));
  }

  std::optional<Name> answer_from(NameTree::Id node, const Name& owner) {
    if (const auto set = matching_set(node)) {
      out_.answer.push_back(zone_.rotated(*set, owner));
    } else if (const auto cname = zone_.set_at(node, RRType::CNAME)) {
      out_.answer.push_back(cname->view(owner));
      return Name::from_wire(cname->rdata[0]);
    } else {
      deny(Rcode::NOERROR);
    }
    return std::nullopt;
  }

  /// ANY gets one set, not all (RFC 8482 section 4.1), and so does RRSIG: both were asked mostly to
  /// amplify.
  std::optional<StoredSet> matching_set(NameTree::Id node) const {
    const StoredSets sets = zone_.sets_at(node);
    if (type_ == RRType::ANY) return sets.empty() ? std::nullopt : std::optional(*sets.begin());
    const auto set = sets.find(type_);
    if (set || type_ != RRType::RRSIG) return set;
    for (StoredSet each : sets) {
      if (each.signatures.empty()) continue;
      each.type = RRType::RRSIG;
      each.rdata = std::exchange(each.signatures, {});
      each.turn.reset();
      return each;
    }
    return std::nullopt;
  }

  std::optional<Name> redirect(const Name& name, const Place& place) {
    const StoredSet dname = *zone_.set_at(place.node, RRType::DNAME);
    const Name owner = name.suffix(place.labels);
    if (!holds(out_.answer, dname)) out_.answer.push_back(dname.view(out_.keep(owner)));
    const auto target = Name::from_wire(dname.rdata[0]);
    auto next = name.with_suffix_replaced(owner, *target);
    if (!next) {
      out_.rcode = Rcode::YXDOMAIN;
      return std::nullopt;
    }
    RRset& cname = *out_.synthesised.emplace_back(std::make_unique<RRset>());
    cname.owner = name;
    cname.type = RRType::CNAME;
    cname.ttl = dname.ttl;
    cname.rdata.add(next->wire());
    out_.answer.push_back(wire::view(cname));
    if (type_ == RRType::CNAME) return std::nullopt;  // that was the question
    return next;
  }

  void refer(const Place& cut, const Name& name) {
    out_.authoritative = false;
    out_.referral = true;
    const Name& owner = out_.keep(name.suffix(cut.labels));
    const StoredSets sets = zone_.sets_at(cut.node);
    const RRsetView servers = sets.find(RRType::NS)->view(owner);
    out_.authority.push_back(servers);
    if (const auto ds = dnssec_ok_ ? sets.find(RRType::DS) : std::nullopt)
      out_.authority.push_back(ds->view(owner));
    add_hosts_of(servers);
  }

  void deny(Rcode rcode) {
    out_.rcode = rcode;
    RRsetView soa = zone_.soa().view(zone_.apex());
    soa.ttl = zone_.negative_ttl();
    out_.authority.push_back(soa);
  }

  /// The addresses, as far as this zone has them, of the hosts that `set` names. Those below a cut
  /// are glue: only servers of zones need them from here.
  void add_hosts_of(const RRsetView& set) {
    for (const wire::RdataView rdata : set.rdata) {
      if (hosts_ == max_additional_names) return;
      const auto host = target_host(set, rdata);
      if (!host) return;
      if (!host->is_within(zone_.apex())) continue;
      ++hosts_;
      const Place place = zone_.locate(*host, RRType::A);
      NameTree::Id node = NameTree::none;
      if (place.kind == Place::Kind::Exact)
        node = place.node;
      else if (place.kind == Place::Kind::Cut && set.type == RRType::NS)
        node = zone_.node_of(*host);
      if (node == NameTree::none) continue;
      const StoredSets sets = zone_.sets_at(node);
      const Name* owner = nullptr;
      for (const RRType type : {RRType::A, RRType::AAAA}) {
        const auto its = sets.find(type);
        if (!its || holds(out_.answer, *its) || holds(out_.additional, *its)) continue;
        if (owner == nullptr) owner = &out_.keep(*host);
        out_.additional.push_back(its->view(*owner));
      }
    }
  }

  static bool holds(const std::vector<RRsetView>& section, const StoredSet& set) {
    return std::any_of(section.begin(), section.end(), [&set](const RRsetView& view) {
      return view.rdata.packed().data() == set.rdata.packed().data();
    });
  }

  bool is_in_chain(const Name& name) const {
    return std::any_of(out_.answer.begin(), out_.answer.end(), [&](const RRsetView& view) {
      return view.type == RRType::CNAME && *view.owner == name;
    });
  }

  const ZoneTree& zone_;
  const RRType type_;
  const bool dnssec_ok_;
  ZoneAnswer& out_;
  std::size_t hosts_ = 0;
};

}  // namespace

void ZoneAnswer::clear() {
  rcode = Rcode::NOERROR;
  authoritative = true;
  referral = false;
  answer.clear();
  authority.clear();
  additional.clear();
  continues_at.reset();
  synthesised.clear();
  names_used_ = 0;
}

const Name& ZoneAnswer::keep(const Name& name) {
  if (names_used_ == names_.size()) names_.push_back(std::make_unique<Name>());
  Name& kept = *names_[names_used_++];
  kept = name;
  return kept;
}

void Zone::answer(const wire::Question& question, bool dnssec_ok, ZoneAnswer& out) const {
  Answering(*tree_, question, dnssec_ok, out).run();
}

}  // namespace cairn::zones
