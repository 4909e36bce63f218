#include "zones/zone_file.hpp"

#include <utility>

#include "wire/rdata_text.hpp"
#include "zones/zone_file_parser.hpp"

namespace cairn::zones {

using wire::Name;
using wire::Record;

namespace {

/// Relative to `origin` where that is shorter to read; never a text that means something else.
std::string owner_to_text(const Name& owner, const Name& origin) {
  std::string text = owner.to_text();
  if (owner.is_identical(origin) && !origin.is_root()) return "@";
  const bool same_case =
      owner.is_below(origin) && owner.suffix(origin.label_count()).is_identical(origin);
  if (same_case && !origin.is_root()) {
    std::string relative = text.substr(0, text.size() - origin.to_text().size() - 1);
    if (relative != "@") text = std::move(relative);
  }
  if (text.starts_with('$')) text.insert(0, 1, '\\');
  return text;
}

}  // namespace

std::string ZoneFileError::to_text() const {
  if (line == 0) return file + ": " + message;
  return file + ":" + std::to_string(line) + ":" + std::to_string(column) + ": " + message;
}

void ZoneFileErrors::add(ZoneFileError error) {
  if (errors.size() < most)
    errors.push_back(std::move(error));
  else
    ++more;
}

ZoneFileErrors read_zone_file(std::string_view text, const Name& origin, std::string_view file,
                              const TakeRecord& take, const ZoneFileOptions& options) {
  return ZoneFileParser(take, options).parse(text, origin, file);
}

ZoneFile parse_zone_file(std::string_view text, const Name& origin, std::string_view file,
                         const ZoneFileOptions& options) {
  ZoneFile out;
  const TakeRecord keep = [&out](const ZoneFileRecord& record) {
    out.records.push_back({record.owner,
                           record.type,
                           record.rrclass,
                           record.ttl,
                           {record.rdata.begin(), record.rdata.end()}});
    return std::string();
  };
  ZoneFileErrors errors = read_zone_file(text, origin, file, keep, options);
  out.errors = std::move(errors.errors);
  out.more_errors = errors.more;
  return out;
}

std::string write_zone_file(std::span<const Record> records, const Name& origin) {
  std::string out = "$ORIGIN " + origin.to_text() + "\n";
  for (const Record& record : records) {
    out += owner_to_text(record.owner, origin);
    out += '\t';
    out += std::to_string(record.ttl.seconds);
    out += '\t';
    out += to_text(record.rrclass);
    out += '\t';
    out += to_text(record.type);
    out += '\t';
    out += wire::rdata_to_text(record.type, record.rdata);
    out += '\n';
  }
  return out;
}

}  // namespace cairn::zones
