// Messages for tests, from DNS text.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "wire/message.hpp"
#include "wire/rdata_text.hpp"

namespace cairn::wire {

/// "www.example. 300 IN A 192.0.2.1" each.
inline std::vector<Record> records(const std::vector<std::string>& lines) {
  std::vector<Record> records;
  for (const std::string& line : lines) {
    auto record = record_from_text(line);
    REQUIRE_MESSAGE(record.ok(), line);
    records.push_back(*record);
  }
  return records;
}

inline Message response(const char* name, RRType type) {
  Message message;
  message.header.id = 0x1234;
  message.header.response = true;
  message.questions = {{*Name::from_text(name), type}};
  return message;
}

/// The reason of a message that cannot be parsed; "" for one that can.
inline std::string complaint(const Bytes& octets) {
  const auto message = parse(octets);
  return message.ok() ? "" : message.error();
}

inline Message parsed(const Bytes& octets) {
  REQUIRE(complaint(octets) == "");
  return *parse(octets);
}

}  // namespace cairn::wire
