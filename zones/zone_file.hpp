// Zone files (RFC 1035 section 5): text in, records out, every error with file, line, column and
// what was expected.
//
// $ORIGIN, $TTL (RFC 2308 section 4), parentheses, comments, quoted strings, escapes, blank owners,
// @, classes, TTLs with units, relative names, CRLF, and RFC 3597's unknown types.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wire/name.hpp"
#include "wire/rrset.hpp"

namespace cairn::zones {

/// "lab.zone:12:7: 'AAAAA' is no record type; ..."
struct ZoneFileError {
  std::string file;
  std::size_t line = 0;    // from 1
  std::size_t column = 0;  // from 1, in octets
  std::string message;

  std::string to_text() const;
};

struct ZoneFile {
  std::vector<wire::Record> records;
  std::vector<ZoneFileError>
      errors;  // all of the file's (at most 100); records are what could be read
};

/// `file` is only for messages. `origin` is the zone's name until $ORIGIN says otherwise.
ZoneFile parse_zone_file(std::string_view text, const wire::Name& origin, std::string_view file);

/// Writes `records` as a zone file that parse_zone_file reads back to the same records.
std::string write_zone_file(std::span<const wire::Record> records, const wire::Name& origin);

}  // namespace cairn::zones
