#include "cache/key.hpp"

#include <algorithm>

namespace cairn::cache {
namespace {

/// Looked for together with others, whenever a name is looked for; 0 is of what has no type.
constexpr wire::RRType common[] = {wire::RRType{0}, wire::RRType::A, wire::RRType::AAAA,
                                   wire::RRType::CNAME, wire::RRType::DNAME};

}  // namespace

/// Below 8 for what is common, so that it shares a cache line of buckets (shard.hpp). There are
/// 65,536 types, and who asks for all of them must not make that line long: the others go anywhere,
/// no two of a name to the same place.
std::uint64_t Key::place() const {
  const unsigned kind = octets_[0];
  const unsigned type = static_cast<unsigned>(octets_[1]) << 8 | octets_[2];
  const std::uint64_t near = (kind ^ kind >> 3 ^ type) & 7;
  return std::ranges::count(common, static_cast<wire::RRType>(type)) > 0
             ? near
             : near ^ (type * 0x9e3779b97f4a7c15U << 3);
}

Key::Key(Kind kind, std::span<const std::uint8_t> name, wire::RRType type)
    : name_size_(std::min(name.size(), wire::Name::max_octets)) {
  const auto code = static_cast<unsigned>(type);
  octets_[0] = static_cast<std::uint8_t>(kind);
  octets_[1] = static_cast<std::uint8_t>(code >> 8);
  octets_[2] = static_cast<std::uint8_t>(code & 0xff);
  std::transform(name.begin(), name.begin() + static_cast<std::ptrdiff_t>(name_size_),
                 octets_.begin() + tag_octets, wire::fold);
  size_ += name_size_;
}

Key::Key(const wire::Endpoint& server) : Key(Kind::Server, {}) {
  append(server);
}

Key::Key(const wire::Endpoint& server, const wire::Name& lame_for)
    : Key(Kind::Lame, lame_for.wire()) {
  append(server);
}

void Key::append(const wire::Endpoint& server) {
  const std::span<const std::uint8_t> octets = server.address.octets();
  std::copy(octets.begin(), octets.end(), octets_.begin() + static_cast<std::ptrdiff_t>(size_));
  size_ += octets.size();
  octets_[size_++] = static_cast<std::uint8_t>(server.port >> 8);
  octets_[size_++] = static_cast<std::uint8_t>(server.port & 0xff);
}

bool Key::is_within(std::span<const std::uint8_t> key, std::span<const std::uint8_t> ancestor) {
  if (ancestor.size() == 1) return true;
  if (static_cast<Kind>(key[0]) == Kind::Server) return false;
  std::span<const std::uint8_t> name = key.subspan(tag_octets);
  // Label by label towards the root; a lame server's address behind the root's label is not
  // looked at.
  while (true) {
    if (name.size() >= ancestor.size() &&
        std::equal(ancestor.begin(), ancestor.end(), name.begin())) {
      return true;
    }
    if (name[0] == 0) return false;
    name = name.subspan(name[0] + std::size_t{1});
  }
}

}  // namespace cairn::cache
