#include "resolver/reading.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "dnssec/rrsig.hpp"
#include "resolver/limits.hpp"

namespace cairn::resolver {
namespace {

using wire::Name;
using wire::Record;
using wire::RRset;
using wire::RRType;

bool is_in(const Record& record) {
  return record.rrclass == wire::RRClass::IN;
}

bool covers(const Record& rrsig, RRType type) {
  return rrsig.type == RRType::RRSIG && rrsig.rdata.size() > 2 &&
         static_cast<RRType>(rrsig.rdata[0] << 8 | rrsig.rdata[1]) == type;
}

/// Reads one reply; counts what it takes, so that the rest is what was scrubbed.
class ReplyReader {
 public:
  ReplyReader(const Ask& ask, const wire::Message& reply, Random& random)
      : ask_(ask), reply_(reply), random_(random) {}

  Reading read() {
    const auto rcode = reply_.header.rcode;
    const std::size_t records =
        reply_.answer.size() + reply_.authority.size() + reply_.additional.size();
    if (rcode != wire::Rcode::NOERROR && rcode != wire::Rcode::NXDOMAIN &&
        rcode != wire::Rcode::YXDOMAIN) {
      reading_.kind = ReplyKind::Failure;
    } else if (records > limits::records_per_message) {
      reading_.kind = ReplyKind::Unusable;
    } else {
      if (reply_.header.authoritative) reading_.rank = cache::Rank::AuthoritativeAnswer;
      reading_.alias_target = ask_.question.name;
      reading_.kind = refers_in_answer() ? ReplyKind::Referral
                      : follow_chain()   ? ReplyKind::Answer
                                         : read_rest();
      if (reading_.kind == ReplyKind::Answer || reading_.kind == ReplyKind::Alias)
        take_wildcard_proofs();
      // YXDOMAIN says that a DNAME made too long a name; it is believed when the DNAME is there.
      if (rcode == wire::Rcode::YXDOMAIN && reading_.rcode != rcode)
        reading_.kind = ReplyKind::Failure;
      if (broken_ || (reading_.kind == ReplyKind::Referral && leads_nowhere_))
        reading_.kind = ReplyKind::Unusable;
      if (reading_.kind == ReplyKind::Answer && ask_.question.type == RRType::NS &&
          ask_.question.name.is_root() && ask_.zone.is_root() && !ask_.recursive)
        read_root_servers();
    }
    reading_.scrubbed = static_cast<unsigned>(records - std::min(taken_, records));
    return std::move(reading_);
  }

 private:
  /// From the question's name along the aliases that this server may speak of. True if the answer
  /// itself is reached.
  bool follow_chain() {
    const Name* name = &reading_.alias_target;
    for (unsigned step = 0; step <= limits::alias_steps && speaks_of(*name); ++step) {
      if (ask_.question.type == RRType::CNAME) {
        // The alias that a DNAME implies comes with the DNAME.
        take_dname(*name);
        if (!reading_.answer.empty()) return true;
      }
      if (take_answer(*name)) return true;
      if (take_dname(*name)) {
        if (reading_.rcode == wire::Rcode::YXDOMAIN) return true;
      } else if (!take_cname(*name)) {
        return false;
      }
    }
    return false;
  }

  /// Of the DS at its own top the zone above speaks (RFC 4035 section 3.1.4.1): an alias leads out.
  bool speaks_of(const Name& name) const {
    const bool of_parent = aliased_ && ask_.question.type == RRType::DS && !ask_.recursive;
    return of_parent && !name.is_root() ? name.is_below(ask_.zone) : name.is_within(ask_.zone);
  }

  bool take_answer(const Name& name) {
    if (ask_.question.type != RRType::ANY) return take(name, ask_.question.type);
    for (const Record& record : reply_.answer)
      if (reading_.answer.size() < limits::sets_kept_per_message && is_in(record) &&
          record.owner == name && !wire::is_meta(record.type) && !has(record.type))
        take(name, record.type);
    return !reading_.answer.empty();
  }

  bool has(RRType type) const {
    return std::any_of(reading_.answer.begin(), reading_.answer.end(),
                       [&](const RRset& set) { return set.type == type; });
  }

  bool take(const Name& name, RRType type) {
    auto set = set_of(reply_.answer, name, type);
    if (!set) return false;
    reading_.answer.push_back(std::move(*set));
    return true;
  }

  bool take_cname(const Name& name) {
    if (ask_.question.type == RRType::CNAME || !take(name, RRType::CNAME)) return false;
    return lead_to(reading_.answer.back());
  }

  bool lead_to(const RRset& alias) {
    // Two aliases of one name are none (RFC 2181 section 10.1): which one counts would be chance.
    if (alias.rdata.size() > 1) broken_ = true;
    const auto target = Name::from_wire(alias.rdata[0]);
    if (!target) return false;
    reading_.alias_target = *target;
    aliased_ = true;
    return std::none_of(reading_.answer.begin(), reading_.answer.end(), [&](const RRset& set) {
      return set.type == RRType::CNAME && set.owner == *target;  // a loop, which Iteration names
    });
  }

  /// The CNAME that a DNAME implies is made here, whatever the server put beside it (RFC 6672
  /// section 3.4).
  bool take_dname(const Name& name) {
    for (const Record& record : reply_.answer) {
      if (record.type != RRType::DNAME || !is_in(record) || !name.is_below(record.owner) ||
          !record.owner.is_within(ask_.zone))
        continue;
      const auto target = Name::from_wire(record.rdata);
      const Name owner = record.owner;
      if (!target || !take(owner, RRType::DNAME)) return false;
      if (reading_.answer.back().rdata.size() > 1) broken_ = true;
      const auto new_name = name.with_suffix_replaced(owner, *target);
      if (!new_name) {
        reading_.rcode = wire::Rcode::YXDOMAIN;
        return true;
      }
      RRset cname;
      cname.owner = name;
      cname.type = RRType::CNAME;
      cname.ttl = reading_.answer.back().ttl;
      cname.rdata.add(new_name->wire());
      reading_.answer.push_back(std::move(cname));
      taken_ += static_cast<std::size_t>(
          std::count_if(reply_.answer.begin(), reply_.answer.end(), [&](const Record& beside) {
            return beside.type == RRType::CNAME && beside.owner == name;
          }));
      return lead_to(reading_.answer.back());
    }
    return false;
  }

  /// No answer to the question in the answer section: an end of the chain, a negative answer, a
  /// referral, or nothing.
  ReplyKind read_rest() {
    const Name& name = reading_.alias_target;
    const bool nxdomain = reply_.header.rcode == wire::Rcode::NXDOMAIN;
    if (!speaks_of(name)) return ReplyKind::Alias;
    const bool has_soa = take_proofs(name);
    // NXDOMAIN or NODATA without SOA (RFC 2308 section 2.1, 2.2) takes the word of somebody who
    // ought to know; others know nothing.
    const bool knows =
        reply_.header.authoritative || (ask_.recursive && reply_.header.recursion_available);
    if (nxdomain && (has_soa || knows)) return ReplyKind::NxDomain;
    if (has_soa && reply_.header.rcode == wire::Rcode::NOERROR) return ReplyKind::NoData;
    if (aliased_) return ReplyKind::Alias;
    if (nxdomain) return ReplyKind::Lame;
    if (take_referral(name, reply_.authority)) return ReplyKind::Referral;
    if (points_elsewhere_) return ReplyKind::Lame;
    return knows ? ReplyKind::NoData : ReplyKind::Lame;
  }

  /// The SOA of a negative answer, and with it the proofs.
  bool take_proofs(const Name& name) {
    bool has_soa = false;
    for (const Record& record : reply_.authority) {
      if (record.type != RRType::SOA || !is_in(record) || has_soa) continue;
      if (!name.is_within(record.owner) || !record.owner.is_within(ask_.zone)) continue;
      // In lower case, as all that is kept: what came has the case in which the question went out.
      auto soa = set_of(reply_.authority, record.owner.lowercase(), RRType::SOA);
      if (!soa) continue;
      reading_.authority.push_back(std::move(*soa));
      has_soa = true;
    }
    if (!has_soa) return false;
    // Of a chain, wildcards in other zones of this server may have to be proved as well.
    take_denials(aliased_ ? ask_.zone : reading_.authority.front().owner, reading_.authority,
                 limits::sets_kept_per_message);
    return true;
  }

  void take_wildcard_proofs() {
    if (std::ranges::any_of(reading_.answer, is_from_wildcard))
      take_denials(ask_.zone, reading_.authority, limits::proofs_per_answer);
  }

  /// NSEC and NSEC3 sets of `zone` or below it, until `sets` has `most`.
  void take_denials(Name zone, std::vector<RRset>& sets, std::size_t most) {
    for (const Record& record : reply_.authority) {
      if (record.type != RRType::NSEC && record.type != RRType::NSEC3) continue;
      if (!is_in(record) || !record.owner.is_within(zone)) continue;
      const bool known = std::ranges::any_of(sets, [&](const RRset& set) {
        return set.type == record.type && set.owner == record.owner;
      });
      if (known || sets.size() >= most) continue;
      if (auto set = set_of(reply_.authority, record.owner.lowercase(), record.type))
        sets.push_back(std::move(*set));
    }
  }

  /// What the parent says of the keys of the zone that it refers to (RFC 4035 section 3.1.4).
  void take_ds_proof(const Name& cut) {
    auto& proof = reading_.referral.ds_proof;
    if (auto ds = set_of(reply_.authority, cut.lowercase(), RRType::DS))
      proof.push_back(std::move(*ds));
    else
      take_denials(ask_.zone, proof, limits::proofs_per_answer);
  }

  /// Asked for the NS set of a zone below, some parents put the delegation where an answer belongs;
  /// the child's own set is the answer (RFC 2181 section 5.4.1).
  bool refers_in_answer() {
    return ask_.question.type == RRType::NS && !reply_.header.authoritative &&
           ask_.question.name.is_below(ask_.zone) &&
           take_referral(ask_.question.name, reply_.answer);
  }

  /// Strictly below the zone that was asked and on the way to the name; the deepest such NS set.
  bool take_referral(const Name& name, std::span<const Record> section) {
    const Name* cut = nullptr;
    for (const Record& record : section) {
      if (record.type != RRType::NS || !is_in(record)) continue;
      if (ask_.recursive || !record.owner.is_below(ask_.zone) || !name.is_within(record.owner)) {
        points_elsewhere_ = true;  // itself, upward or sideways; a forwarder ought to go there
        continue;
      }
      if (!cut || record.owner.size() > cut->size()) cut = &record.owner;
    }
    if (!cut) return false;
    reading_.referral.zone = *cut;
    std::optional<wire::Ttl> ttl;
    for (const Record& record : section) {
      if (record.type != RRType::NS || !is_in(record) || !(record.owner == *cut)) continue;
      ttl = ttl ? std::min(*ttl, record.ttl) : record.ttl;
      add_server(record);
    }
    reading_.referral_ttl = ttl.value_or(wire::Ttl{});
    keep_some_servers();
    add_glue(reply_.additional);
    take_ds_proof(*cut);
    // Names inside the zone that they serve need an address here (RFC 9471 section 3.1); without
    // any this leads nowhere, and another server of the parent may do better.
    leads_nowhere_ = std::ranges::all_of(reading_.referral.servers, [&](const auto& server) {
      return server.glue.empty() && server.name.is_within(*cut);
    });
    return !reading_.referral.servers.empty();
  }

  void add_server(const Record& ns) {
    const auto server = Name::from_wire(ns.rdata);
    auto& servers = reading_.referral.servers;
    if (!server || servers.size() >= limits::servers_parsed_per_delegation) return;
    for (const cache::NameServer& known : servers)
      if (known.name == *server) return;
    servers.push_back({*server, {}});
    ++taken_;
  }

  /// NXNSAttack, NRDelegationAttack: of many names a few stay, and not those that the attacker
  /// would choose.
  void keep_some_servers() {
    auto& servers = reading_.referral.servers;
    while (servers.size() > limits::servers_per_delegation) {
      const auto out = static_cast<std::ptrdiff_t>(random_.below(servers.size()));
      servers.erase(servers.begin() + out);
    }
  }

  /// Addresses of the referral's servers, if the zone that was asked may know them.
  void add_glue(std::span<const Record> section) {
    for (const Record& record : section) {
      const auto address = wire::IpAddress::from_rdata(record.type, record.rdata);
      if (!address || !is_in(record) || !record.owner.is_within(ask_.zone)) continue;
      for (cache::NameServer& server : reading_.referral.servers) {
        if (!(server.name == record.owner) || server.glue.size() >= limits::glue_per_server)
          continue;
        if (std::find(server.glue.begin(), server.glue.end(), *address) == server.glue.end())
          server.glue.push_back(*address);
        ++taken_;
      }
    }
  }

  /// Priming (RFC 8109 section 3): the root's own NS set is the delegation of the root.
  void read_root_servers() {
    const RRset& ns = reading_.answer.back();
    for (const wire::RdataView rdata : ns.rdata)
      if (const auto server = Name::from_wire(rdata))
        if (reading_.referral.servers.size() < limits::servers_parsed_per_delegation)
          reading_.referral.servers.push_back({*server, {}});
    keep_some_servers();
    reading_.referral_ttl = ns.ttl;
    add_glue(reply_.additional);
  }

  /// The records of one owner and type in a section as a set, with the RRSIGs over it.
  std::optional<RRset> set_of(std::span<const Record> section, const Name& owner, RRType type) {
    std::optional<RRset> set;
    std::size_t size = 0;
    for (const Record& record : section) {
      if (record.type != type || !is_in(record) || !(record.owner == owner)) continue;
      if (!set) {
        set.emplace();
        set->owner = owner;  // in the case in which we know it, not that of 0x20
        set->type = type;
        set->ttl = record.ttl;
      }
      set->ttl = std::min(set->ttl, record.ttl);
      set->rdata.add(record.rdata);
      ++size;
      // Each is compared with all others: a large set must end here, not after the work is done.
      if (set->rdata.size() > limits::records_per_set) {
        broken_ = true;
        break;
      }
    }
    if (!set) return std::nullopt;
    for (const Record& record : section)
      if (covers(record, type) && is_in(record) && record.owner == owner &&
          set->signatures.size() < limits::records_per_set) {
        set->signatures.add(record.rdata);
        ++size;
      }
    taken_ += size;
    return set;
  }

  const Ask& ask_;
  const wire::Message& reply_;
  Random& random_;
  Reading reading_;
  std::size_t taken_ = 0;
  bool aliased_ = false;
  bool broken_ = false;  // a set too large, or two aliases of one name
  bool points_elsewhere_ = false;
  bool leads_nowhere_ = false;  // a referral to names that nobody can find the addresses of
};

}  // namespace

std::size_t octets_of(const Reading& reading) {
  std::size_t octets = 0;
  for (const auto* sets : {&reading.answer, &reading.authority})
    for (const wire::RRset& set : *sets)
      octets += sizeof set + set.rdata.packed().size() + set.signatures.packed().size();
  return octets;
}

bool is_from_wildcard(const RRset& set) {
  constexpr std::size_t labels_at = 3;  // RFC 4034 section 3.1
  const std::uint8_t labels = dnssec::signed_labels(set.owner);
  return std::ranges::any_of(set.signatures, [&](wire::RdataView rrsig) {
    return rrsig.size() > labels_at && rrsig[labels_at] < labels;
  });
}

Reading read_reply(const Ask& ask, const wire::Message& reply, Random& random) {
  return ReplyReader(ask, reply, random).read();
}

}  // namespace cairn::resolver
