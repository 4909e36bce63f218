// Zone files (RFC 1035 section 5): text in, records out, every error with file, line, column and
// what was expected.
//
// $ORIGIN, $TTL (RFC 2308 section 4), $INCLUDE, BIND's $GENERATE, parentheses, comments, quoted
// strings, escapes, blank owners, @, classes, TTLs with units, relative names, line ends of every
// system, and RFC 3597's unknown types. Records go out one by one, so that a zone of any size is
// read without a second copy of it. Files are not opened here: what $INCLUDE names comes in
// through a function.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wire/name.hpp"
#include "wire/result.hpp"
#include "wire/rrset.hpp"

namespace cairn::zones {

/// "lab.zone:12:7: 'AAAAA' is no record type; ..."
struct ZoneFileError {
  std::string file;
  std::size_t line = 0;    // from 1; 0 for what has no place in the file
  std::size_t column = 0;  // from 1, in octets
  std::string message;

  std::string to_text() const;
};

/// All that is wrong with a file and with those that it includes: the first hundred, and how many
/// more there are.
struct ZoneFileErrors {
  static constexpr std::size_t most = 100;

  std::vector<ZoneFileError> errors;
  std::size_t more = 0;

  bool empty() const { return errors.empty(); }
  std::size_t count() const { return errors.size() + more; }
  void add(ZoneFileError error);
};

/// A record as it was read. Borrows: it lives until the next one is read.
struct ZoneFileRecord {
  const wire::Name& owner;
  wire::RRType type;
  wire::RRClass rrclass;
  wire::Ttl ttl;
  wire::RdataView rdata;
};

/// Takes a record; what it says is an error at the record's place, and empty when all is well.
using TakeRecord = std::function<std::string(const ZoneFileRecord&)>;

/// The text of the file at `path`, or in a sentence why there is none. Paths in $INCLUDE are
/// relative to the file that they stand in, and lead nowhere out of the folder of the zone file:
/// errors repeat words of a file, and whoever may write a zone shall not read the host's other
/// files through them. Links are for the function to judge (included_file.hpp).
using ReadFile = std::function<wire::Result<std::string>(const std::string& path)>;

struct ZoneFileOptions {
  ReadFile read_file = {};  // none: $INCLUDE is an error
  /// What all $GENERATE together may make: a typing error shall not fill the memory, and 65,536 are
  /// the addresses of a /16.
  std::size_t max_generated = 65'536;
  /// Of the file and all that it includes, each as often as it is included: twenty million records.
  std::size_t max_octets = 1'000'000'000;
};

/// `file` is for messages, and for what $INCLUDE is relative to. `origin` is the zone's name until
/// $ORIGIN says otherwise. Reads to the end whatever is wrong.
ZoneFileErrors read_zone_file(std::string_view text, const wire::Name& origin,
                              std::string_view file, const TakeRecord& take,
                              const ZoneFileOptions& options = {});

struct ZoneFile {
  std::vector<wire::Record> records;
  std::vector<ZoneFileError> errors;  // the first hundred; records are what could be read
  std::size_t more_errors = 0;
};

/// All records in memory: for small files.
ZoneFile parse_zone_file(std::string_view text, const wire::Name& origin, std::string_view file,
                         const ZoneFileOptions& options = {});

/// Writes `records` as a zone file that parse_zone_file reads back to the same records.
std::string write_zone_file(std::span<const wire::Record> records, const wire::Name& origin);

}  // namespace cairn::zones
