#include "wire/name.hpp"

#include <cstdio>
#include <cstdlib>

namespace cairn::wire {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::uint64_t fold8(std::uint64_t octets) {
  // Per octet, without carries between them: bit 7 of `upper` where 'A' <= octet <= 'Z'.
  constexpr std::uint64_t ones = 0x0101010101010101U;
  constexpr std::uint64_t high = 0x80 * ones;
  const std::uint64_t low7 = octets & ~high;
  const std::uint64_t from_a = low7 + (0x80 - 'A') * ones;
  const std::uint64_t past_z = low7 + (0x80 - 'Z' - 1) * ones;
  const std::uint64_t upper = (from_a ^ past_z) & high & ~octets;
  return octets | (upper >> 2);
}

std::string printable(char c) {
  const auto octet = static_cast<unsigned char>(c);
  if (octet > 0x20 && octet < 0x7f) return {c};
  char text[8];
  std::snprintf(text, sizeof text, "\\%03u", octet);
  return text;
}

struct LabelStarts {
  std::array<std::uint8_t, Name::max_labels + 1> at;
  std::size_t count = 0;  // with the root's
  explicit LabelStarts(std::span<const std::uint8_t> wire) {
    for (std::size_t offset = 0;; offset += wire[offset] + 1U) {
      at[count++] = static_cast<std::uint8_t>(offset);
      if (wire[offset] == 0) return;
    }
  }
};

}  // namespace

Result<Name> Name::from_text(std::string_view text) {
  return from_text(text, Name());
}

Result<Name> Name::from_text(std::string_view text, const Name& origin) {
  const auto error = [&](const std::string& why) {
    return Error{"'" + std::string(text) + "' is no domain name: " + why};
  };
  if (text == "@") return origin;
  if (text == ".") return Name();
  if (text.empty()) return error("it is empty");

  Name name;
  std::size_t label = 0;  // where the length octet of the current label stands
  std::size_t size = 1;
  bool absolute = false;
  for (std::size_t at = 0; at < text.size();) {
    char c = text[at++];
    if (c == '.') {
      const std::size_t length = size - label - 1;
      if (length == 0) return error("it has an empty label");
      name.octets_[label] = static_cast<std::uint8_t>(length);
      if (at == text.size()) {
        absolute = true;
        break;
      }
      if (size >= max_octets) return error("it is longer than 255 octets");
      label = size++;
      continue;
    }
    auto octet = static_cast<std::uint8_t>(c);
    if (c == '\\') {
      if (at == text.size()) return error("nothing follows the last backslash");
      if (is_digit(text[at])) {
        if (at + 3 > text.size() || !is_digit(text[at + 1]) || !is_digit(text[at + 2]))
          return error("a backslash and a digit want two more digits, as in \\032");
        const int value = (text[at] - '0') * 100 + (text[at + 1] - '0') * 10 + (text[at + 2] - '0');
        if (value > 255) return error("an escape is at most \\255");
        octet = static_cast<std::uint8_t>(value);
        at += 3;
      } else {
        octet = static_cast<std::uint8_t>(text[at++]);
      }
    }
    if (size - label - 1 >= 63) return error("a label has at most 63 octets");
    if (size >= max_octets - 1U) return error("it is longer than 255 octets");
    name.octets_[size++] = octet;
  }
  if (!absolute) {
    const std::size_t length = size - label - 1;
    if (length == 0) return error("it has an empty label");
    name.octets_[label] = static_cast<std::uint8_t>(length);
    if (size + origin.size_ > max_octets)
      return error("with " + origin.to_text() + " behind it, it is longer than 255 octets");
    std::memcpy(name.octets_.data() + size, origin.octets_.data(), origin.size_);
    name.size_ = static_cast<std::uint8_t>(size + origin.size_);
    return name;
  }
  if (size >= max_octets) return error("it is longer than 255 octets");
  name.octets_[size++] = 0;
  name.size_ = static_cast<std::uint8_t>(size);
  return name;
}

std::optional<Name> Name::from_wire(std::span<const std::uint8_t> octets) {
  if (octets.empty() || octets.size() > max_octets) return std::nullopt;
  std::size_t at = 0;
  while (at < octets.size() && octets[at] != 0) {
    if (octets[at] > 63) return std::nullopt;
    at += octets[at] + 1U;
  }
  if (at + 1 != octets.size()) return std::nullopt;
  Name name;
  name.size_ = static_cast<std::uint8_t>(octets.size());
  std::memcpy(name.octets_.data(), octets.data(), octets.size());
  return name;
}

std::string Name::to_text() const {
  if (is_root()) return ".";
  std::string text;
  text.reserve(size_);
  for (std::size_t at = 0; octets_[at] != 0; at += octets_[at] + 1U) {
    for (std::size_t i = 1; i <= octets_[at]; ++i) {
      const char c = static_cast<char>(octets_[at + i]);
      // What a zone file would take for something else is escaped (RFC 1035 section 5.1).
      if (c == '.' || c == '\\' || c == '"' || c == ';' || c == '(' || c == ')' || c == '@' ||
          c == '$')
        text += '\\';
      text += printable(c);
    }
    text += '.';
  }
  return text;
}

std::size_t Name::label_count() const {
  std::size_t count = 0;
  for (std::size_t at = 0; octets_[at] != 0; at += octets_[at] + 1U) ++count;
  return count;
}

Name Name::parent() const {
  if (is_root()) return *this;
  Name parent;
  const std::size_t skip = octets_[0] + 1U;
  parent.size_ = static_cast<std::uint8_t>(size_ - skip);
  std::memcpy(parent.octets_.data(), octets_.data() + skip, parent.size_);
  return parent;
}

Name Name::suffix(std::size_t labels) const {
  const LabelStarts starts(wire());
  if (labels + 1 >= starts.count) return *this;
  const std::size_t skip = starts.at[starts.count - 1 - labels];
  Name suffix;
  suffix.size_ = static_cast<std::uint8_t>(size_ - skip);
  std::memcpy(suffix.octets_.data(), octets_.data() + skip, suffix.size_);
  return suffix;
}

std::optional<Name> Name::with_label(std::span<const std::uint8_t> label) const {
  if (label.empty() || label.size() > 63 || label.size() + 1 + size_ > max_octets)
    return std::nullopt;
  Name name;
  name.size_ = static_cast<std::uint8_t>(label.size() + 1 + size_);
  name.octets_[0] = static_cast<std::uint8_t>(label.size());
  std::memcpy(name.octets_.data() + 1, label.data(), label.size());
  std::memcpy(name.octets_.data() + 1 + label.size(), octets_.data(), size_);
  return name;
}

std::optional<Name> Name::with_suffix_replaced(const Name& old_suffix, const Name& suffix) const {
  if (!is_below(old_suffix)) return std::nullopt;
  const std::size_t kept = static_cast<std::size_t>(size_) - old_suffix.size_;
  if (kept + suffix.size_ > max_octets) return std::nullopt;
  Name name;
  name.size_ = static_cast<std::uint8_t>(kept + suffix.size_);
  std::memcpy(name.octets_.data(), octets_.data(), kept);
  std::memcpy(name.octets_.data() + kept, suffix.octets_.data(), suffix.size_);
  return name;
}

Name Name::lowercase() const {
  Name lower = *this;
  for (std::size_t at = 0; at < size_; ++at) lower.octets_[at] = fold(octets_[at]);
  return lower;
}

bool Name::is_within(const Name& ancestor) const {
  if (ancestor.size_ > size_) return false;
  const std::size_t skip = static_cast<std::size_t>(size_) - ancestor.size_;
  // The suffix must begin where a label begins.
  std::size_t at = 0;
  while (at < skip) at += octets_[at] + 1U;
  return at == skip && equal_folded(octets_.data() + skip, ancestor.octets_.data(), ancestor.size_);
}

std::size_t Name::shared_labels(const Name& other) const {
  const LabelStarts mine(wire()), its(other.wire());
  std::size_t shared = 0;
  while (shared + 1 < mine.count && shared + 1 < its.count) {
    const std::uint8_t* a = octets_.data() + mine.at[mine.count - 2 - shared];
    const std::uint8_t* b = other.octets_.data() + its.at[its.count - 2 - shared];
    if (a[0] != b[0] || !equal_folded(a, b, a[0] + 1U)) break;
    ++shared;
  }
  return shared;
}

std::weak_ordering Name::operator<=>(const Name& other) const {
  const LabelStarts mine(wire()), its(other.wire());
  for (std::size_t i = 1; i < mine.count && i < its.count; ++i) {
    const std::uint8_t* a = octets_.data() + mine.at[mine.count - 1 - i];
    const std::uint8_t* b = other.octets_.data() + its.at[its.count - 1 - i];
    const std::size_t shorter = std::min(a[0], b[0]);
    for (std::size_t k = 1; k <= shorter; ++k)
      if (const auto order = fold(a[k]) <=> fold(b[k]); order != 0) return order;
    if (a[0] != b[0]) return a[0] <=> b[0];
  }
  return mine.count <=> its.count;
}

std::uint64_t Name::hash(const SipKey& key) const {
  SipHash13 hash(key);
  std::size_t at = 0;
  std::uint64_t word;
  for (; at + 8 <= size_; at += 8) {
    std::memcpy(&word, octets_.data() + at, 8);
    hash.absorb(fold8(word));
  }
  word = 0;
  for (unsigned shift = 0; at < size_; ++at, shift += 8)
    word |= std::uint64_t{octets_[at]} << shift;
  return hash.finish(fold8(word), size_);
}

bool Name::equal_folded(const std::uint8_t* a, const std::uint8_t* b, std::size_t size) {
  const auto differ = [a, b](std::size_t at) {
    std::uint64_t x, y;
    std::memcpy(&x, a + at, 8);
    std::memcpy(&y, b + at, 8);
    return x != y && fold8(x) != fold8(y);
  };
  if (size >= 8) {
    for (std::size_t at = 0; at + 8 < size; at += 8)
      if (differ(at)) return false;
    return !differ(size - 8);  // the last eight octets, some of them for the second time
  }
  for (std::size_t at = 0; at < size; ++at)
    if (fold(a[at]) != fold(b[at])) return false;
  return true;
}

Name operator""_name(const char* text, std::size_t size) {
  auto name = Name::from_text({text, size});
  if (!name) {
    std::fprintf(stderr, "%s\n", name.error().c_str());
    std::abort();
  }
  return *name;
}

}  // namespace cairn::wire
