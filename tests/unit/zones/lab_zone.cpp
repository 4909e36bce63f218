#include "tests/unit/zones/lab_zone.hpp"

#include <cstdio>
#include <cstdlib>

namespace cairn::zones::tests {

namespace {

wire::Name name_of(std::string_view text) {
  return wire::operator""_name(std::string(text).c_str(), text.size());
}

void add_lines(std::vector<std::string>& lines, const char* section,
               const std::vector<wire::RRsetView>& views) {
  for (const wire::RRsetView& view : views)
    for (std::size_t i = 0; i < view.rdata.size(); ++i) {
      const auto rdata = view.rdata[(view.first + i) % view.rdata.size()];
      const wire::Record record{*view.owner, view.type, view.rrclass, view.ttl,
                                wire::Bytes(rdata.begin(), rdata.end())};
      lines.push_back(std::string(section) + ": " + to_text(record));
    }
}

}  // namespace

wire::Result<std::shared_ptr<const Zone>> try_zone(std::string_view apex, std::string_view text,
                                                   const ZoneOptions& options) {
  const ZoneFile file = parse_zone_file(text, name_of(apex), "test");
  if (!file.errors.empty()) return wire::Error{file.errors[0].to_text()};
  return Zone::from_records(name_of(apex), file.records, options);
}

std::shared_ptr<const Zone> zone(std::string_view apex, std::string_view text,
                                 const ZoneOptions& options) {
  auto made = try_zone(apex, std::string(apex_lines) + std::string(text), options);
  if (!made.ok()) {
    std::fprintf(stderr, "no zone: %s\n", made.error().c_str());
    std::abort();
  }
  return *made;
}

std::vector<std::string> to_lines(const ZoneAnswer& answer) {
  std::vector<std::string> lines{to_text(answer.rcode) + (answer.authoritative ? " aa" : "") +
                                 (answer.referral ? " referral" : "")};
  add_lines(lines, "an", answer.answer);
  add_lines(lines, "au", answer.authority);
  add_lines(lines, "ad", answer.additional);
  if (answer.continues_at) lines.push_back("continues at " + answer.continues_at->to_text());
  return lines;
}

std::vector<std::string> ask(const Zone& zone, std::string_view name, wire::RRType type,
                             bool dnssec_ok) {
  ZoneAnswer answer;
  zone.answer({name_of(name), type}, dnssec_ok, answer);
  return to_lines(answer);
}

}  // namespace cairn::zones::tests
