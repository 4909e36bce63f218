// The NSEC or NSEC3 records of a whole zone, for tests: from the types of its names.
#pragma once

#include <algorithm>
#include <map>
#include <vector>

#include "dnssec/nsec3.hpp"
#include "wire/octets_text.hpp"
#include "wire/rrset.hpp"
#include "wire/type_bitmap.hpp"

namespace cairn::dnssec::test {

inline wire::RRset one_record(const wire::Name& owner, wire::RRType type,
                              const wire::Bytes& rdata) {
  wire::RRset set;
  set.owner = owner;
  set.type = type;
  set.ttl = wire::Ttl{3600};
  set.rdata.add(rdata);
  return set;
}

inline std::vector<const wire::RRset*> pointers(const std::vector<wire::RRset>& sets) {
  std::vector<const wire::RRset*> pointers;
  for (const wire::RRset& set : sets) pointers.push_back(&set);
  return pointers;
}

/// The types of each name; the first name in canonical order is the apex.
using Types = std::map<wire::Name, std::vector<wire::RRType>>;

inline std::vector<wire::RRset> nsec_chain(const Types& names) {
  std::vector<wire::RRset> chain;
  for (auto at = names.begin(); at != names.end(); ++at) {
    const auto after = std::next(at);
    const wire::Name& next = after == names.end() ? names.begin()->first : after->first;
    auto types = at->second;
    types.push_back(wire::RRType::NSEC);
    types.push_back(wire::RRType::RRSIG);
    wire::Bytes rdata(next.wire().begin(), next.wire().end());
    const wire::Bytes bitmap = wire::bitmap_of_types(types);
    rdata.insert(rdata.end(), bitmap.begin(), bitmap.end());
    chain.push_back(one_record(at->first, wire::RRType::NSEC, rdata));
  }
  return chain;
}

struct Nsec3Form {
  std::uint16_t iterations = 0;
  wire::Bytes salt;
  bool opt_out = false;
};

inline NameHash hash_of(const wire::Name& name, const Nsec3Form& form) {
  Work unlimited;
  unlimited.sha1_blocks = 0;
  return *hash_name(name, {form.iterations, form.salt}, unlimited);
}

/// With its empty non-terminals (RFC 5155 section 7.1). With opt-out, delegations without DS are
/// left out, and what exists for them alone.
inline std::vector<wire::RRset> nsec3_chain(const Types& names, const Nsec3Form& form) {
  using wire::RRType;
  const wire::Name apex = names.begin()->first;
  std::map<wire::Name, std::vector<RRType>> all;
  for (const auto& [name, its] : names) {
    const auto has = [&types = its](RRType type) { return std::ranges::count(types, type) > 0; };
    const bool bare_cut = has(RRType::NS) && !has(RRType::SOA) && !has(RRType::DS);
    if (form.opt_out && bare_cut) continue;
    for (wire::Name above = name; !(above == apex); above = above.parent()) all[above.parent()];
    all[name].insert(all[name].end(), its.begin(), its.end());
    if (!bare_cut) all[name].push_back(RRType::RRSIG);
  }
  std::map<NameHash, std::vector<RRType>> hashed;
  for (const auto& [name, types] : all) hashed[hash_of(name, form)] = types;
  std::vector<wire::RRset> chain;
  for (auto at = hashed.begin(); at != hashed.end(); ++at) {
    const auto after = std::next(at);
    const NameHash& next = after == hashed.end() ? hashed.begin()->first : after->first;
    wire::Bytes rdata{1, form.opt_out, static_cast<std::uint8_t>(form.iterations >> 8),
                      static_cast<std::uint8_t>(form.iterations & 0xff),
                      static_cast<std::uint8_t>(form.salt.size())};
    rdata.insert(rdata.end(), form.salt.begin(), form.salt.end());
    rdata.push_back(static_cast<std::uint8_t>(next.size()));
    rdata.insert(rdata.end(), next.begin(), next.end());
    const wire::Bytes bitmap = wire::bitmap_of_types(at->second);
    rdata.insert(rdata.end(), bitmap.begin(), bitmap.end());
    const std::string label = wire::to_base32hex(at->first);
    const auto owner =
        apex.with_label({reinterpret_cast<const std::uint8_t*>(label.data()), label.size()});
    chain.push_back(one_record(owner.value(), RRType::NSEC3, rdata));
  }
  return chain;
}

}  // namespace cairn::dnssec::test
