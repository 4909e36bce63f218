#include "zones/zone_generate.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <optional>

namespace cairn::zones {

using wire::Error;
using wire::Result;

namespace {

constexpr std::int64_t greatest = 0x7FFFFFFF;
constexpr std::int64_t max_width = 255;  // a name has no more octets

/// A decimal number at the head of `text`, which it is taken from; nullopt if none stands there.
std::optional<std::int64_t> take_number(std::string_view& text, bool may_be_negative) {
  std::size_t sign = 0;
  if (text.starts_with('+') || (may_be_negative && text.starts_with('-'))) sign = 1;
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data() + sign, text.data() + text.size(), number);
  if (error != std::errc{} || number > greatest) return std::nullopt;
  const bool negative = text.front() == '-';
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return negative ? -std::int64_t{number} : std::int64_t{number};
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

/// How a number is written: what stands between the braces of `${offset,width,base}`.
struct Form {
  std::int64_t offset = 0;
  std::int64_t width = 0;
  char base = 'd';
};

/// Takes "{...}" from the head of `text`.
std::optional<Form> take_form(std::string_view& text) {
  Form form;
  text.remove_prefix(1);
  const auto offset = take_number(text, true);
  if (!offset) return std::nullopt;
  form.offset = *offset;
  if (take(text, ',')) {
    const auto width = take_number(text, false);
    if (!width || *width > max_width) return std::nullopt;
    form.width = *width;
    if (take(text, ',')) {
      if (text.empty() || std::string_view("doxXnN").find(text[0]) == std::string_view::npos)
        return std::nullopt;
      form.base = text[0];
      text.remove_prefix(1);
    }
  }
  return take(text, '}') ? std::optional(form) : std::nullopt;
}

char upper(char digit) {
  return digit >= 'a' ? static_cast<char>(digit - 'a' + 'A') : digit;
}

/// Least nibble first, dots between; the width counts the dots too, so that an even one ends on a
/// dot. That is BIND's way, and zones are written for it.
std::string nibbles(std::int64_t number, std::int64_t width, bool in_upper_case) {
  const char* digits = in_upper_case ? "0123456789ABCDEF" : "0123456789abcdef";
  std::string text;
  do {
    text += digits[number & 15];
    number >>= 4;
    if (--width > 0 || number > 0) {
      text += '.';
      --width;
    }
  } while (number > 0 || width > 0);
  return text;
}

Result<std::string> written(std::int64_t number, const Form& form) {
  if (number > greatest) return Error{std::to_string(number) + " is more than 2147483647"};
  if (form.base == 'd') {
    char text[max_width + 2];
    const int size = std::snprintf(text, sizeof text, "%0*d", static_cast<int>(form.width),
                                   static_cast<int>(number));
    return std::string(text, static_cast<std::size_t>(size));
  }
  if (number < 0)
    return Error{std::to_string(number) + " is below zero, and only decimal numbers have a sign"};
  if (form.base == 'n' || form.base == 'N') return nibbles(number, form.width, form.base == 'N');
  char digits[max_width];
  const int base = form.base == 'o' ? 8 : 16;
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number, base);
  std::string text(digits, end);
  if (form.base == 'X') std::ranges::transform(text, text.begin(), upper);
  const auto width = static_cast<std::size_t>(form.width);
  if (text.size() < width) text.insert(0, width - text.size(), '0');
  return text;
}

}  // namespace

Result<GenerateRange> generate_range_from_text(std::string_view text) {
  const auto error = [whole = std::string(text)](const char* why) {
    return Error{"'" + whole + "' is no range: " + why};
  };
  const char* expected = "expected FIRST-LAST or FIRST-LAST/STEP, numbers up to 2147483647";
  const auto first = take_number(text, false);
  if (!first || !take(text, '-')) return error(expected);
  const auto last = take_number(text, false);
  if (!last) return error(expected);
  const auto step = take(text, '/') ? take_number(text, false) : std::optional(std::int64_t{1});
  if (!step || !text.empty()) return error(expected);
  if (*step == 0) return error("with step 0 it has no end");
  if (*first > *last) return error("its first number is greater than its last");
  return GenerateRange{static_cast<std::uint32_t>(*first), static_cast<std::uint32_t>(*last),
                       static_cast<std::uint32_t>(*step)};
}

Result<std::string> generate_text(std::string_view pattern, std::uint32_t number) {
  std::string text;
  while (!pattern.empty()) {
    const char c = pattern[0];
    pattern.remove_prefix(1);
    if (c == '\\' && !pattern.empty()) {
      text += c;
      text += pattern[0];
      pattern.remove_prefix(1);
    } else if (c != '$') {
      text += c;
    } else if (take(pattern, '$')) {
      text += '$';
    } else {
      const auto form = pattern.starts_with('{') ? take_form(pattern) : std::optional(Form{});
      if (!form)
        return Error{
            "expected ${OFFSET}, ${OFFSET,WIDTH} or ${OFFSET,WIDTH,BASE}, where the width is at "
            "most 255 and the base one of d, o, x, X, n and N"};
      auto its = written(number + form->offset, *form);
      if (!its) return its;
      text += *its;
    }
  }
  return text;
}

}  // namespace cairn::zones
