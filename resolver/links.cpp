#include "resolver/links.hpp"

#include <utility>

#include "resolver/limits.hpp"

namespace cairn::resolver {
namespace {

std::size_t octets_of(const std::shared_ptr<const dnssec::ZoneKeys>& keys) {
  std::size_t octets = 0;
  if (keys)
    for (const dnssec::PublicKey& key : keys->keys) octets += key.rdata().size();
  return octets;
}

std::size_t octets_of(const Link& link) {
  return link.ds.rdata.packed().size() + link.ds.signatures.packed().size() +
         octets_of(link.trust.keys);
}

}  // namespace

Link* Links::find(const wire::Name& name, wire::Instant now) {
  const auto at = links_.find(name);
  return at != links_.end() && now < at->second.expires ? &at->second : nullptr;
}

Link& Links::put(const wire::Name& name, Link&& link) {
  Link& place = links_[name];
  octets_ += octets_of(link) - octets_of(place);
  return place = std::move(link);
}

void Links::take_keys(Link& link, std::shared_ptr<const dnssec::ZoneKeys> keys) {
  octets_ += octets_of(keys) - octets_of(link.trust.keys);
  link.trust.keys = std::move(keys);
}

void Links::make_room(wire::Instant now) {
  if (links_.size() < limits::links && octets_ < limits::link_octets) return;
  octets_ = 0;
  std::size_t kept = 0;
  std::erase_if(links_, [&](const auto& entry) {
    const Link& link = entry.second;
    const std::size_t its = octets_of(link);
    if (link.expires <= now || kept == limits::links / 2 || its > limits::link_octets / 2 - octets_)
      return true;
    ++kept;
    octets_ += its;
    return false;
  });
}

void Links::forget() {
  links_.clear();
  octets_ = 0;
}

void Links::forget(const wire::Name& name) {
  std::erase_if(links_, [&](const auto& entry) {
    if (!entry.first.is_within(name)) return false;
    octets_ -= octets_of(entry.second);
    return true;
  });
}

}  // namespace cairn::resolver
