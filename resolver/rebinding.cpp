#include "resolver/rebinding.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace cairn::resolver {
namespace {

using wire::IpAddress;
using wire::RRset;
using wire::RRType;

std::vector<wire::Prefix> prefixes(std::initializer_list<const char*> texts) {
  std::vector<wire::Prefix> made;
  for (const char* text : texts) made.push_back(*wire::Prefix::from_text(text));
  return made;
}

bool any_contains(const std::vector<wire::Prefix>& all, const IpAddress& address) {
  return std::ranges::any_of(all, [&](const auto& prefix) { return prefix.contains(address); });
}

/// The IPv4 address that an IPv6 address stands for, at its end.
std::optional<IpAddress> embedded(const IpAddress& address, const Settings& settings) {
  // Mapped (RFC 4291 section 2.5.5.2), the compatible ones of old, and the translators' own prefix.
  static const auto holders = prefixes({"::ffff:0:0/96", "::/96", "64:ff9b::/96"});
  if (any_contains(holders, address)) return IpAddress::v4(address.octets().last<4>());
  return settings.dns64 ? settings.dns64->extract(address) : std::nullopt;
}

bool may_be_private(const wire::Name& name, const Known& known) {
  if (known.zones->find(name)) return true;
  const auto forward = known.settings.forwarding.find({name, RRType::A, wire::RRClass::IN});
  if (forward && !forward->zone.is_root()) return true;
  return std::ranges::any_of(known.settings.rebinding.exceptions,
                             [&](const wire::Name& zone) { return name.is_within(zone); });
}

}  // namespace

bool is_private(const IpAddress& address, const Settings& settings) {
  // This host, private (RFC 1918), shared (RFC 6598), link-local (RFC 3927, 4291), unique local
  // (RFC 4193), site-local as it was (RFC 3879).
  static const auto all = prefixes({"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8",
                                    "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "::/128",
                                    "::1/128", "fc00::/7", "fe80::/10", "fec0::/10"});
  if (any_contains(settings.rebinding.allowed, address)) return false;
  if (any_contains(all, address)) return true;
  if (!address.is_v6()) return false;
  const auto v4 = embedded(address, settings);
  return v4 && is_private(*v4, settings);
}

void take_out_private(Answer& answer, const wire::Question& question, const Known& known) {
  if (!known.settings.rebinding.protection) return;
  const bool asked_of_public = !may_be_private(question.name, known);
  for (RRset& set : answer.answer) {
    if (set.type != RRType::A && set.type != RRType::AAAA) continue;
    std::optional<IpAddress> taken_out;
    wire::RdataList left;
    for (const wire::RdataView rdata : set.rdata) {
      const auto address = IpAddress::from_rdata(set.type, rdata);
      if (address && is_private(*address, known.settings))
        taken_out = address;
      else
        left.add(rdata);
    }
    if (!taken_out || (!asked_of_public && may_be_private(set.owner, known))) continue;
    set.rdata = std::move(left);
    set.signatures = {};
    answer.error = wire::ExtendedError{
        wire::ExtendedErrorCode::Blocked,
        set.owner.to_text() + " has the private address " + taken_out->to_text() +
            ", which public names may not have here (rebinding-protection)"};
  }
  std::erase_if(answer.answer, [](const RRset& set) { return set.rdata.size() == 0; });
}

}  // namespace cairn::resolver
