// Where dig ends a transfer was found out by sending it these records.
#include <doctest/doctest.h>

#include <sstream>
#include <string>

#include "tools/cdig/transfer.hpp"
#include "wire/rdata_text.hpp"

using namespace cairn;
using namespace cairn::cdig;
using wire::operator""_name;

namespace {

wire::Record soa(std::uint32_t serial) {
  wire::Record record{"example."_name, wire::RRType::SOA, wire::RRClass::IN, {}, {}};
  record.rdata = {0, 0};
  for (int shift = 24; shift >= 0; shift -= 8)
    record.rdata.push_back(static_cast<std::uint8_t>(serial >> shift));
  record.rdata.resize(record.rdata.size() + 16);
  return record;
}

wire::Record address() {
  return {"a.example."_name, wire::RRType::A, wire::RRClass::IN, {}, {192, 0, 2, 1}};
}

// "7 5 a 7": SOAs by their serial, "a" for anything else. What came of the records, and how many
// count: "reached 3".
std::string ends(const char* records, std::optional<std::uint32_t> old_serial = std::nullopt) {
  TransferEnd end(old_serial);
  std::istringstream words(records);
  for (std::string word; words >> word;) {
    switch (end.take(word == "a" ? address() : soa(static_cast<std::uint32_t>(std::stoul(word))))) {
      case TransferEnd::State::Open:
        break;
      case TransferEnd::State::Reached:
        return "reached " + std::to_string(end.records());
      case TransferEnd::State::NoSoa:
        return "no SOA";
    }
  }
  return "open";
}

}  // namespace

TEST_CASE("a whole zone ends with its second SOA, whatever its serial") {
  CHECK(ends("5 a a 5") == "reached 4");
  CHECK(ends("5 a 5 a") == "reached 3");
  CHECK(ends("5 a 6") == "reached 3");
  CHECK(ends("5 a a") == "open");
  CHECK(ends("5") == "open");
}

TEST_CASE("a transfer begins with an SOA") {
  CHECK(ends("a 5") == "no SOA");
  CHECK(ends("a 5", 1) == "no SOA");
}

TEST_CASE("an incremental transfer is over at once where nothing is newer") {
  CHECK(ends("5", 5) == "reached 1");
  CHECK(ends("3", 5) == "reached 1");
  CHECK(ends("5 a a 5", 5) == "reached 1");
  CHECK(ends("4294967290", 5) == "reached 1");  // RFC 1982
  CHECK(ends("9", 5) == "open");
}

TEST_CASE("differences end with the second SOA of the new serial behind the first record") {
  CHECK(ends("7 5 a 6 a 6 a 7 a 7", 5) == "reached 10");
  CHECK(ends("7 5 a 6 a 6 a 7 a", 5) == "open");
  CHECK(ends("7 4 a 7 a 7", 5) == "reached 6");
  CHECK(ends("7 5 7 7", 5) == "reached 4");
  CHECK(ends("7 5 a 7 8 a 7", 5) == "reached 7");
}

TEST_CASE("a whole zone in place of differences ends as a whole zone") {
  CHECK(ends("7 a a 7", 5) == "reached 4");
  CHECK(ends("7 a 8 a 7", 5) == "reached 3");
  CHECK(ends("7 7", 5) == "reached 2");
}
