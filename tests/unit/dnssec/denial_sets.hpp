// Sets of NSEC and NSEC3 for tests, from DNS text.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/unit/dnssec/chains.hpp"
#include "wire/rdata_text.hpp"

namespace cairn::dnssec::test {

/// Records of one owner and type go into one set.
inline std::vector<wire::RRset> sets(const std::vector<std::string>& lines) {
  std::vector<wire::Record> records;
  for (const std::string& line : lines) {
    auto record = wire::record_from_text(line);
    REQUIRE_MESSAGE(record.ok(), line);
    records.push_back(*record);
  }
  return wire::group(records);
}

}  // namespace cairn::dnssec::test
