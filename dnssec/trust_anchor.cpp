#include "dnssec/trust_anchor.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "dnssec/public_key.hpp"
#include "wire/rdata_text.hpp"

namespace cairn::dnssec {

namespace {

using wire::Error;

// https://data.iana.org/root-anchors/root-anchors.xml (RFC 7958)
constexpr std::string_view iana_root_keys = R"(
. DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D
. DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16
)";

struct Line {
  std::size_t number;
  std::string text;
};

/// Without comments and empty lines; what stands in parentheses is one line.
std::vector<Line> lines(std::string_view text) {
  std::vector<Line> lines;
  std::size_t number = 1;
  bool inside = false;
  for (std::size_t at = 0; at < text.size(); ++number) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    at = end + 1;
    line = line.substr(0, line.find(';'));
    if (!inside) lines.push_back({number, {}});
    for (const char c : line) {
      if (c == '(' || c == ')') inside = c == '(';
      const bool blank = c == '(' || c == ')' || c == '\t' || c == '\r';
      lines.back().text += blank ? ' ' : c;
    }
    lines.back().text += ' ';
  }
  std::erase_if(lines, [](const Line& line) {
    return line.text.find_first_not_of(' ') == std::string::npos;
  });
  return lines;
}

}  // namespace

wire::Result<std::vector<TrustAnchor>> trust_anchors_from_text(std::string_view text) {
  std::vector<TrustAnchor> anchors;
  for (const Line& line : lines(text)) {
    const auto error = [&](const std::string& why) {
      return Error{"line " + std::to_string(line.number) + ": " + why};
    };
    const auto record = wire::record_from_text(line.text);
    if (!record) return error(record.error());
    if (record->rrclass != wire::RRClass::IN) return error("expected a record of class IN");
    wire::Bytes ds = record->rdata;
    if (record->type == wire::RRType::DNSKEY) {
      const PublicKey key(record->rdata);
      if (key.is_revoked()) continue;
      if (!key.is_zone_key()) return error("the key is no zone key: its flags lack 256");
      ds = to_rdata(make_ds(record->owner, record->rdata, DigestType::SHA256));
    } else if (record->type != wire::RRType::DS) {
      return error("expected a DS or DNSKEY record, found " + wire::to_text(record->type));
    }
    auto anchor = std::ranges::find(anchors, record->owner, &TrustAnchor::owner);
    if (anchor == anchors.end())
      anchor = anchors.insert(
          anchors.end(), {record->owner, wire::RRType::DS, wire::RRClass::IN, wire::Ttl{}, {}, {}});
    anchor->rdata.add(ds);
  }
  return anchors;
}

const TrustAnchor& root_anchor() {
  static const TrustAnchor anchor = [] {
    auto anchors = trust_anchors_from_text(iana_root_keys);
    if (!anchors || anchors->size() != 1) {
      std::fprintf(stderr, "the built-in keys of the root cannot be read\n");
      std::abort();
    }
    return std::move(anchors->front());
  }();
  return anchor;
}

}  // namespace cairn::dnssec
