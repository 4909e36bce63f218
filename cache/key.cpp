#include "cache/key.hpp"

#include <algorithm>

namespace cairn::cache {

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
