#include "wire/location.hpp"

#include <array>
#include <charconv>
#include <optional>

namespace cairn::wire {
namespace {

using Octets = std::span<const std::uint8_t>;

constexpr std::size_t location_octets = 16;
constexpr std::uint32_t equator = 0x80000000U;             // and the prime meridian
constexpr std::int64_t milliseconds_per_degree = 3600000;  // of arc
constexpr std::int64_t sea_level_cm = 10000000;
constexpr std::int64_t greatest_altitude_cm = 0xFFFFFFFF - sea_level_cm;
constexpr std::int64_t greatest_precision_cm = 9000000000;

struct Axis {
  std::int64_t degrees;  // to either side
  char positive, negative;
};
constexpr Axis latitude{90, 'N', 'S'};
constexpr Axis longitude{180, 'E', 'W'};

std::uint32_t u32_at(Octets octets, std::size_t at) {
  std::uint32_t value = 0;
  for (const std::uint8_t octet : octets.subspan(at, 4)) value = value << 8 | octet;
  return value;
}

void append_u32(Bytes& octets, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    octets.push_back(static_cast<std::uint8_t>(value >> shift & 0xFF));
  }
}

bool is_angle_of(const Axis& axis, std::uint32_t value) {
  const std::int64_t offset = std::int64_t{value} - equator;
  return std::abs(offset) <= axis.degrees * milliseconds_per_degree;
}

/// One decimal digit in front of a power of ten, in four bits each; nought has no power.
bool is_precision(std::uint8_t octet) {
  return octet >> 4 <= 9 && (octet & 0xF) <= 9 && (octet >> 4 != 0 || octet == 0);
}

/// A number with exactly `digits` behind its point.
std::string with_point(std::int64_t value, std::size_t digits) {
  std::string text = std::to_string(std::abs(value));
  if (text.size() <= digits) text.insert(0, digits + 1 - text.size(), '0');
  text.insert(text.size() - digits, ".");
  return value < 0 ? "-" + text : text;
}

std::string angle_to_text(const Axis& axis, std::uint32_t value) {
  const std::int64_t offset = std::int64_t{value} - equator;
  const std::int64_t size = std::abs(offset);
  return std::to_string(size / milliseconds_per_degree) + " " + std::to_string(size / 60000 % 60) +
         " " + with_point(size % 60000, 3) + " " + (offset < 0 ? axis.negative : axis.positive);
}

std::string precision_to_text(std::uint8_t octet) {
  std::int64_t cm = octet >> 4;
  for (int power = octet & 0xF; power > 0; --power) cm *= 10;
  return (cm >= 100 ? std::to_string(cm / 100) : with_point(cm, 2)) + "m";
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || text.starts_with('-')) return std::nullopt;
  return value;
}

/// "12.5" with up to `digits` behind the point, times 10^digits; nullopt for anything else, and for
/// what lies beyond any use here.
std::optional<std::int64_t> decimal_fraction(std::string_view text, std::size_t digits) {
  const std::size_t point = std::min(text.find('.'), text.size());
  std::string fraction{text.substr(std::min(point + 1, text.size()))};
  if (point > 12 || fraction.size() > digits || point + fraction.size() == 0) return std::nullopt;
  fraction.append(digits - fraction.size(), '0');
  return whole_number(std::string{text.substr(0, point)} + fraction);
}

/// Metres with up to two digits behind the point, with or without "m", in centimetres.
std::optional<std::int64_t> metres(std::string_view text, std::int64_t least,
                                   std::int64_t greatest) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.ends_with('m')) text.remove_suffix(1);
  const auto cm = decimal_fraction(text, 2);
  if (!cm) return std::nullopt;
  const std::int64_t value = negative ? -*cm : *cm;
  if (value < least || value > greatest) return std::nullopt;
  return value;
}

class Parser {
 public:
  explicit Parser(std::span<const Word> words) : words_(words) {}

  std::variant<Bytes, RdataTextError> read() {
    const std::uint32_t north = read_angle(latitude);
    const std::uint32_t east = read_angle(longitude);
    const auto altitude = error_ ? std::nullopt : read_metres(-sea_level_cm, greatest_altitude_cm);
    if (!error_ && !altitude) fail("expected an altitude in metres, -100000.00 to 42849672.95");
    // Size, horizontal and vertical precision: 1 m, 10 km and 10 m unless said.
    std::array<std::uint8_t, 3> precisions{0x12, 0x16, 0x13};
    for (std::uint8_t& precision : precisions) {
      if (error_ || at_ == words_.size()) break;
      const auto cm = read_metres(0, greatest_precision_cm);
      cm ? void(precision = rounded(*cm)) : fail("expected metres, from 0.00 to 90000000.00");
    }
    if (!error_ && at_ < words_.size()) fail("a location ends here");
    if (error_) return *error_;
    Bytes rdata{0, precisions[0], precisions[1], precisions[2]};
    append_u32(rdata, north);
    append_u32(rdata, east);
    append_u32(rdata, static_cast<std::uint32_t>(*altitude + sea_level_cm));
    return rdata;
  }

 private:
  void fail(std::string message) {
    if (!error_) error_ = RdataTextError{at_, std::move(message)};
  }
  bool stands(char letter) const {
    return at_ < words_.size() && words_[at_].text == std::string_view{&letter, 1};
  }
  bool at_side(const Axis& axis) const { return stands(axis.positive) || stands(axis.negative); }

  /// Degrees, then minutes and seconds unless they are left out, then the side.
  std::uint32_t read_angle(const Axis& axis) {
    const auto degrees = next([](std::string_view text) { return whole_number(text); });
    std::optional<std::int64_t> minutes = 0, milliseconds = 0;
    if (!at_side(axis)) minutes = next([](std::string_view text) { return whole_number(text); });
    if (minutes && !at_side(axis)) {
      milliseconds = next([](std::string_view text) { return decimal_fraction(text, 3); });
    }
    const std::string side = std::string{axis.positive} + " or " + axis.negative;
    if (!degrees || !minutes || !milliseconds || !at_side(axis)) {
      fail("expected degrees, minutes, seconds and " + side);
      return 0;
    }
    const bool negative = stands(axis.negative);
    const bool in_range = *degrees <= axis.degrees && *minutes <= 59 && *milliseconds <= 59999;
    const std::int64_t size =
        in_range ? *degrees * milliseconds_per_degree + *minutes * 60000 + *milliseconds : 0;
    if (!in_range || size > axis.degrees * milliseconds_per_degree) {
      fail("an angle has at most " + std::to_string(axis.degrees) +
           " degrees, 59 minutes and 59.999 " + "seconds");
    }
    ++at_;
    return static_cast<std::uint32_t>(equator + (negative ? -size : size));
  }

  template <class Read>
  std::optional<std::int64_t> next(Read&& read) {
    if (error_ || at_ == words_.size()) return std::nullopt;
    const auto value = read(words_[at_].text);
    if (value) ++at_;
    return value;
  }

  std::optional<std::int64_t> read_metres(std::int64_t least, std::int64_t greatest) {
    return next([=](std::string_view text) { return metres(text, least, greatest); });
  }

  /// What one digit can say of it, rounded down.
  static std::uint8_t rounded(std::int64_t cm) {
    unsigned power = 0;
    for (; cm > 9; cm /= 10) ++power;
    return static_cast<std::uint8_t>(static_cast<unsigned>(cm) << 4 | power);
  }

  std::span<const Word> words_;
  std::size_t at_ = 0;
  std::optional<RdataTextError> error_;
};

}  // namespace

bool is_well_formed_location(std::span<const std::uint8_t> rdata) {
  if (rdata.empty()) return false;
  if (!location_has_text(rdata)) return true;
  return rdata.size() == location_octets && is_precision(rdata[1]) && is_precision(rdata[2]) &&
         is_precision(rdata[3]) && is_angle_of(latitude, u32_at(rdata, 4)) &&
         is_angle_of(longitude, u32_at(rdata, 8));
}

bool location_has_text(std::span<const std::uint8_t> rdata) {
  return !rdata.empty() && rdata[0] == 0;
}

std::string location_to_text(std::span<const std::uint8_t> rdata) {
  return angle_to_text(latitude, u32_at(rdata, 4)) + " " +
         angle_to_text(longitude, u32_at(rdata, 8)) + " " +
         with_point(std::int64_t{u32_at(rdata, 12)} - sea_level_cm, 2) + "m " +
         precision_to_text(rdata[1]) + " " + precision_to_text(rdata[2]) + " " +
         precision_to_text(rdata[3]);
}

std::variant<Bytes, RdataTextError> location_from_text(std::span<const Word> words) {
  return Parser{words}.read();
}

}  // namespace cairn::wire
