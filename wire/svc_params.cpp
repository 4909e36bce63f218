#include "wire/svc_params.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include "wire/address.hpp"
#include "wire/octets_text.hpp"

namespace cairn::wire {
namespace {

// RFC 9460 section 14.3.2; RFC 9461, RFC 9540, RFC 9953 and IANA's registry for the later ones.
enum class SvcKey : std::uint16_t {
  Mandatory = 0,
  Alpn = 1,
  NoDefaultAlpn = 2,
  Port = 3,
  Ipv4Hint = 4,
  Ech = 5,
  Ipv6Hint = 6,
  DohPath = 7,
  Ohttp = 8,
  TlsSupportedGroups = 9,
  DocPath = 10,
};

constexpr std::string_view key_names[] = {
    "mandatory", "alpn",  "no-default-alpn",      "port",    "ipv4hint", "ech", "ipv6hint",
    "dohpath",   "ohttp", "tls-supported-groups", "docpath", "pvd",      "oots"};

/// dig 9.18 writes later keys by their number, and their values as text.
constexpr std::uint16_t first_key_by_number = 7;

using Octets = std::span<const std::uint8_t>;

std::uint16_t u16_at(Octets octets, std::size_t at) {
  return static_cast<std::uint16_t>(octets[at] << 8 | octets[at + 1]);
}

void append_u16(Bytes& octets, std::size_t value) {
  octets.push_back(static_cast<std::uint8_t>(value >> 8));
  octets.push_back(static_cast<std::uint8_t>(value & 0xFF));
}

struct Param {
  SvcKey key;
  Octets value;

  std::size_t size() const { return 4 + value.size(); }
};

/// The parameter at the head of `params`; nullopt if none stands there whole.
std::optional<Param> first_param(Octets params) {
  if (params.size() < 4) return std::nullopt;
  const std::size_t length = u16_at(params, 2);
  if (params.size() < 4 + length) return std::nullopt;
  return Param{SvcKey{u16_at(params, 0)}, params.subspan(4, length)};
}

/// Ascending, without itself, and each of them there (RFC 9460 section 8). Both lists ascend, so
/// that one walk along them is enough.
bool is_mandatory_list(Octets value, Octets params) {
  if (value.empty() || value.size() % 2 != 0) return false;
  SvcKey previous = SvcKey::Mandatory;
  for (std::size_t at = 0; at < value.size(); at += 2) {
    const SvcKey key{u16_at(value, at)};
    if (key <= previous) return false;
    auto param = first_param(params);
    while (param && param->key < key) {
      params = params.subspan(param->size());
      param = first_param(params);
    }
    if (!param || param->key != key) return false;
    previous = key;
  }
  return true;
}

bool holds_alpn(Octets params) {
  auto param = first_param(params);
  if (param && param->key == SvcKey::Mandatory) param = first_param(params.subspan(param->size()));
  return param && param->key == SvcKey::Alpn;
}

/// One or more protocol ids of 1 to 255 octets (RFC 9460 section 7.1.1).
bool is_alpn_list(Octets value) {
  if (value.empty()) return false;
  while (!value.empty()) {
    const std::size_t length = value[0];
    if (length == 0 || value.size() < 1 + length) return false;
    value = value.subspan(1 + length);
  }
  return true;
}

/// The variable list of a template's expression: without its operator and modifiers, one of them is
/// "dns" (RFC 6570 section 2).
bool names_dns(std::string_view expression) {
  constexpr std::string_view operators = "+#./;?&";
  if (!expression.empty() && operators.find(expression[0]) != std::string_view::npos) {
    expression.remove_prefix(1);
  }
  while (!expression.empty()) {
    const std::string_view variable = expression.substr(0, expression.find(','));
    if (variable.substr(0, variable.find_first_of(":*")) == "dns") return true;
    expression.remove_prefix(std::min(variable.size() + 1, expression.size()));
  }
  return false;
}

/// A path as a URI template with the variable "dns" (RFC 9461 section 5).
bool is_doh_path(Octets value) {
  std::string_view text{reinterpret_cast<const char*>(value.data()), value.size()};
  if (!text.starts_with('/') || !is_utf8(value)) return false;
  for (std::size_t open = text.find('{'); open != text.npos; open = text.find('{')) {
    const std::size_t close = text.find('}', open);
    if (close == text.npos) return false;
    if (names_dns(text.substr(open + 1, close - open - 1))) return true;
    text.remove_prefix(close + 1);
  }
  return false;
}

/// `params`: all of them, in ascending order.
bool is_value_of(SvcKey key, Octets value, Octets params) {
  switch (key) {
    case SvcKey::Mandatory:
      return is_mandatory_list(value, params);
    case SvcKey::Alpn:
      return is_alpn_list(value);
    case SvcKey::NoDefaultAlpn:
      return value.empty() && holds_alpn(params);
    case SvcKey::Port:
      return value.size() == 2;
    case SvcKey::Ipv4Hint:
      return !value.empty() && value.size() % 4 == 0;
    case SvcKey::Ipv6Hint:
      return !value.empty() && value.size() % 16 == 0;
    case SvcKey::DohPath:
      return is_doh_path(value);
    default:
      return true;
  }
}

std::string key_to_text(SvcKey key) {
  const auto number = static_cast<std::uint16_t>(key);
  if (number < first_key_by_number) return std::string{key_names[number]};
  return "key" + std::to_string(number);
}

/// A key's number, and whether it came as such: then its value is plain octets
/// (RFC 9460 section 2.1).
struct KeyText {
  SvcKey key;
  bool numeric;
};

std::optional<KeyText> key_from_text(std::string_view text) {
  const auto* name = std::ranges::find(key_names, text);
  if (name != std::end(key_names)) {
    return KeyText{static_cast<SvcKey>(name - std::begin(key_names)), false};
  }
  if (!text.starts_with("key")) return std::nullopt;
  const std::string_view digits = text.substr(3);
  std::uint16_t number = 0;
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool leading_zero = digits.size() > 1 && digits[0] == '0';
  if (error != std::errc{} || stop != digits.data() + digits.size() || leading_zero) {
    return std::nullopt;
  }
  return KeyText{static_cast<SvcKey>(number), true};
}

std::string mandatory_to_text(Octets value) {
  std::string text;
  for (std::size_t at = 0; at < value.size(); at += 2) {
    if (at > 0) text += ',';
    text += key_to_text(SvcKey{u16_at(value, at)});
  }
  return text;
}

std::string addresses_to_text(Octets value, RRType type) {
  const std::size_t size = type == RRType::A ? 4 : 16;
  std::string text;
  for (; value.size() >= size; value = value.subspan(size)) {
    if (!text.empty()) text += ',';
    text += IpAddress::from_rdata(type, value.first(size))->to_text();
  }
  return text;
}

/// A comma and a backslash within an id are escaped once as list and once more as string
/// (RFC 9460 appendix A.1).
std::string alpn_to_text(Octets value) {
  Bytes list;
  while (!value.empty()) {
    if (!list.empty()) list.push_back(',');
    for (const std::uint8_t octet : value.subspan(1, value[0])) {
      if (octet == ',' || octet == '\\') list.push_back('\\');
      list.push_back(octet);
    }
    value = value.subspan(1 + value[0]);
  }
  return "\"" + escape(list) + "\"";
}

std::string value_to_text(SvcKey key, Octets value) {
  switch (key) {
    case SvcKey::Mandatory:
      return mandatory_to_text(value);
    case SvcKey::Alpn:
      return alpn_to_text(value);
    case SvcKey::Port:
      return std::to_string(u16_at(value, 0));
    case SvcKey::Ipv4Hint:
      return addresses_to_text(value, RRType::A);
    case SvcKey::Ipv6Hint:
      return addresses_to_text(value, RRType::AAAA);
    case SvcKey::Ech:
      return to_base64(value);
    default:
      return "\"" + escape(value) + "\"";
  }
}

/// The items of a comma-separated list, whose escapes end here (RFC 9460 appendix A.1); nullopt if
/// one is empty, or if a backslash ends the list.
std::optional<std::vector<Bytes>> items_of(const Bytes& list) {
  std::vector<Bytes> items(1);
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i] == ',') {
      if (items.back().empty()) return std::nullopt;
      items.emplace_back();
      continue;
    }
    if (list[i] == '\\' && ++i == list.size()) return std::nullopt;
    items.back().push_back(list[i]);
  }
  if (items.back().empty()) return std::nullopt;
  return items;
}

std::string_view as_text(const Bytes& octets) {
  return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

std::optional<Bytes> mandatory_from_text(const Bytes& text) {
  const auto items = items_of(text);
  if (!items) return std::nullopt;
  std::vector<SvcKey> keys;
  for (const Bytes& item : *items) {
    const auto key = key_from_text(as_text(item));
    if (!key) return std::nullopt;
    keys.push_back(key->key);
  }
  std::ranges::sort(keys);
  Bytes value;
  for (const SvcKey key : keys) append_u16(value, static_cast<std::uint16_t>(key));
  return value;
}

std::optional<Bytes> ids_from_text(const Bytes& text) {
  const auto items = items_of(text);
  if (!items) return std::nullopt;
  Bytes value;
  for (const Bytes& item : *items) {
    if (item.size() > 255) return std::nullopt;
    value.push_back(static_cast<std::uint8_t>(item.size()));
    value.insert(value.end(), item.begin(), item.end());
  }
  return value;
}

std::optional<Bytes> addresses_from_text(const Bytes& text, bool v6) {
  const auto items = items_of(text);
  if (!items) return std::nullopt;
  Bytes value;
  for (const Bytes& item : *items) {
    const auto address = IpAddress::from_text(as_text(item));
    if (!address || address->is_v6() != v6) return std::nullopt;
    value.insert(value.end(), address->octets().begin(), address->octets().end());
  }
  return value;
}

std::optional<Bytes> u16_from_text(const Bytes& octets) {
  const std::string_view text = as_text(octets);
  std::uint16_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
  Bytes value;
  append_u16(value, number);
  return value;
}

std::optional<Bytes> groups_from_text(const Bytes& text) {
  const auto items = items_of(text);
  if (!items) return std::nullopt;
  Bytes value;
  for (const Bytes& item : *items) {
    const auto group = u16_from_text(item);
    if (!group) return std::nullopt;
    value.insert(value.end(), group->begin(), group->end());
  }
  return value;
}

/// `text`: the value with its escapes undone.
std::optional<Bytes> value_from_text(KeyText key, Bytes text) {
  if (key.numeric) return text;
  switch (key.key) {
    case SvcKey::Mandatory:
      return mandatory_from_text(text);
    case SvcKey::Alpn:
      return ids_from_text(text);
    case SvcKey::DocPath:  // segments of a path, each behind its length; none is the root
      return text.empty() ? text : ids_from_text(text);
    case SvcKey::Ohttp:
      return text.empty() ? std::optional{text} : std::nullopt;
    case SvcKey::TlsSupportedGroups:
      return groups_from_text(text);
    case SvcKey::Port:
      return u16_from_text(text);
    case SvcKey::Ipv4Hint:
      return addresses_from_text(text, false);
    case SvcKey::Ipv6Hint:
      return addresses_from_text(text, true);
    case SvcKey::Ech:
      return from_base64(as_text(text));
    default:
      return text;
  }
}

std::string_view unquoted(std::string_view text) {
  const bool quotes = text.size() >= 2 && text.starts_with('"') && text.ends_with('"');
  return quotes ? text.substr(1, text.size() - 2) : text;
}

/// What a parameter whose value will not do should look like.
std::string complaint(SvcKey key) {
  switch (key) {
    case SvcKey::Mandatory:
      return "mandatory takes the names of other parameters of this record, each once";
    case SvcKey::Alpn:
      return "alpn takes protocol ids of 1 to 255 octets, by commas";
    case SvcKey::NoDefaultAlpn:
      return "no-default-alpn takes no value, and needs alpn beside it";
    case SvcKey::Port:
      return "port takes a number from 0 to 65535";
    case SvcKey::Ipv4Hint:
      return "ipv4hint takes IPv4 addresses, by commas";
    case SvcKey::Ech:
      return "ech takes base64";
    case SvcKey::Ipv6Hint:
      return "ipv6hint takes IPv6 addresses, by commas";
    case SvcKey::DohPath:
      return "dohpath takes a path with the variable dns, such as /dns-query{?dns}";
    case SvcKey::Ohttp:
      return "ohttp takes no value";
    case SvcKey::TlsSupportedGroups:
      return "tls-supported-groups takes numbers from 0 to 65535, by commas";
    case SvcKey::DocPath:
      return "docpath takes segments of a path of 1 to 255 octets, by commas";
    default:
      return key_to_text(key) + " takes at most 65535 octets, with escapes \\X and \\000 to \\255";
  }
}

}  // namespace

bool is_well_formed_svc_params(std::span<const std::uint8_t> params) {
  std::int32_t previous = -1;
  for (Octets rest = params; !rest.empty();) {
    const auto param = first_param(rest);
    if (!param || static_cast<std::int32_t>(param->key) <= previous) return false;
    if (!is_value_of(param->key, param->value, params)) return false;
    previous = static_cast<std::int32_t>(param->key);
    rest = rest.subspan(param->size());
  }
  return true;
}

std::string svc_params_to_text(std::span<const std::uint8_t> params) {
  std::string text;
  while (const auto param = first_param(params)) {
    if (!text.empty()) text += ' ';
    text += key_to_text(param->key);
    if (!param->value.empty()) text += "=" + value_to_text(param->key, param->value);
    params = params.subspan(param->size());
  }
  return text;
}

std::variant<Bytes, RdataTextError> svc_params_from_text(std::span<const Word> words) {
  struct Read {
    Bytes value;
    std::size_t word;
  };
  std::map<SvcKey, Read> by_key;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i].text;
    const std::size_t equals = std::min(word.find('='), word.size());
    const auto key = key_from_text(word.substr(0, equals));
    if (!key || words[i].quoted) {
      return RdataTextError{
          i, "expected a service parameter such as alpn=h2, found \"" + std::string{word} + "\""};
    }
    const auto plain = unescape(unquoted(word.substr(std::min(equals + 1, word.size()))));
    const auto value = plain ? value_from_text(*key, *plain) : std::nullopt;
    if (!value || value->size() > 0xFFFF) return RdataTextError{i, complaint(key->key)};
    if (!by_key.emplace(key->key, Read{*value, i}).second) {
      return RdataTextError{i, "the parameter " + key_to_text(key->key) + " stands here twice"};
    }
  }
  Bytes params;
  for (const auto& [key, read] : by_key) {
    append_u16(params, static_cast<std::uint16_t>(key));
    append_u16(params, read.value.size());
    params.insert(params.end(), read.value.begin(), read.value.end());
  }
  for (const auto& [key, read] : by_key) {
    if (!is_value_of(key, read.value, params)) return RdataTextError{read.word, complaint(key)};
  }
  return params;
}

}  // namespace cairn::wire
