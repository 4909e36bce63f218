#include "server/identity.hpp"

#include <algorithm>

namespace cairn::server {
namespace {

using wire::operator""_name;

wire::RRset text_set(const wire::Name& owner, std::string_view text) {
  wire::Bytes rdata{static_cast<std::uint8_t>(text.size())};
  rdata.insert(rdata.end(), text.begin(), text.end());
  wire::RRset set;
  set.owner = owner;
  set.type = wire::RRType::TXT;
  set.rrclass = wire::RRClass::CH;
  set.rdata.add(rdata);
  return set;  // of TTL 0: an answer of this server alone, which nobody should keep
}

}  // namespace

Identity::Identity(std::string_view name, std::string_view version) {
  if (!name.empty())
    for (const auto& owner : {"id.server."_name, "hostname.bind."_name})
      sets_.push_back(text_set(owner, name));
  if (!version.empty())
    for (const auto& owner : {"version.server."_name, "version.bind."_name})
      sets_.push_back(text_set(owner, version));
}

const wire::RRset* Identity::find(const wire::Question& question) const {
  if (question.type != wire::RRType::TXT && question.type != wire::RRType::ANY) return nullptr;
  const auto at = std::ranges::find(sets_, question.name, &wire::RRset::owner);
  return at == sets_.end() ? nullptr : &*at;
}

}  // namespace cairn::server
