// What the cache's tests are made of, from DNS text.
#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "cache/cache.hpp"
#include "wire/rdata_text.hpp"

namespace cairn::cache::test {

using namespace std::chrono_literals;
using wire::operator""_name;

inline constexpr wire::SipKey sip_key{0x0706050403020100, 0x0f0e0d0c0b0a0908};
/// The clock starts somewhere: a test adds to this.
inline constexpr Instant start{std::chrono::hours{1}};

inline wire::RRset set_of(std::initializer_list<std::string_view> lines) {
  std::vector<wire::Record> records;
  for (const std::string_view line : lines) {
    auto record = wire::record_from_text(line);
    REQUIRE_MESSAGE(record.ok(), std::string{line});
    records.push_back(std::move(record).value());
  }
  std::vector<wire::RRset> sets = wire::group(records);
  REQUIRE(sets.size() == 1);
  return sets.front();
}
inline wire::RRset set_of(std::string_view line) {
  return set_of({line});
}

inline wire::IpAddress address(std::string_view text) {
  return wire::IpAddress::from_text(text).value();
}

/// Name servers without glue.
inline std::vector<NameServer> servers(std::initializer_list<const char*> names) {
  std::vector<NameServer> list;
  for (const char* name : names) list.push_back({wire::Name::from_text(name).value(), {}});
  return list;
}

}  // namespace cairn::cache::test
