#include "tools/cdig/print.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

#include "wire/rdata_text.hpp"

namespace cairn::cdig {

namespace {

using wire::Message;
using wire::OptionCode;

// dig's columns: where TTL, class, type and RDATA begin, when there is room for what stands before.
struct Columns {
  std::size_t ttl = 24;
  std::size_t rrclass = 32;
  std::size_t type = 40;
  std::size_t rdata = 48;
};

Columns columns_of(const Display& display) {
  if (display.ttl && display.rrclass) return {};
  if (display.ttl || display.rrclass) return {24, 24, 32, 40};
  return {24, 24, 24, 32};
}

// A line that knows at which column it stands.
class Line {
 public:
  explicit Line(std::string text = {}) : text_(std::move(text)), column_(text_.size()) {}
  // A mark in front that does not count as a column (the question's semicolon).
  static Line after(std::string mark) {
    Line line{std::move(mark)};
    line.column_ = 0;
    return line;
  }

  void put(std::string_view text) {
    text_ += text;
    column_ += text.size();
  }
  /// At least one column on, by tabs where they reach and spaces for the rest.
  void go_to(std::size_t column) {
    constexpr std::size_t tab = 8;
    column = std::max(column, column_ + 1);
    const std::size_t tabs = column / tab - column_ / tab;
    text_.append(tabs, '\t');
    text_.append(tabs > 0 ? column % tab : column - column_, ' ');
    column_ = column;
  }
  std::string end() {
    text_ += '\n';
    return std::move(text_);
  }

 private:
  std::string text_;
  std::size_t column_;
};

std::string ttl_text(wire::Ttl ttl, bool units) {
  if (!units) return std::to_string(ttl.seconds);
  constexpr std::array<std::pair<std::uint32_t, char>, 5> parts{
      {{604800, 'w'}, {86400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}}};
  if (ttl.seconds == 0) return "0s";
  std::string text;
  std::uint32_t left = ttl.seconds;
  for (const auto& [seconds, unit] : parts) {
    if (left >= seconds) text += std::to_string(left / seconds) + unit;
    left %= seconds;
  }
  return text;
}

std::string hex(std::span<const std::uint8_t> octets, std::string_view between,
                const char* format = "%02x") {
  std::string text;
  for (const std::uint8_t octet : octets) {
    std::array<char, 3> digits{};
    std::snprintf(digits.data(), digits.size(), format, octet);
    if (!text.empty()) text += between;
    text += digits.data();
  }
  return text;
}

std::string printable(std::span<const std::uint8_t> octets) {
  std::string text;
  for (const std::uint8_t octet : octets)
    text += octet >= 0x20 && octet < 0x7f ? static_cast<char>(octet) : '.';
  return text;
}

std::string rdata_text(const wire::Record& record, const Display& display) {
  if (!display.unknown_format) return rdata_to_text(record.type, record.rdata);
  std::string text = "\\# " + std::to_string(record.rdata.size());  // RFC 3597 section 5
  if (!record.rdata.empty()) text += ' ' + hex(record.rdata, "", "%02X");
  return text;
}

std::string rcode_text(wire::Rcode rcode) {
  const auto value = static_cast<std::uint16_t>(rcode);
  if (value >= 12 && value <= 15) return "RESERVED" + std::to_string(value);
  return to_text(rcode);
}

std::string opcode_text(wire::Opcode opcode) {
  switch (opcode) {
    case wire::Opcode::Query:
      return "QUERY";
    case wire::Opcode::IQuery:
      return "IQUERY";
    case wire::Opcode::Status:
      return "STATUS";
    case wire::Opcode::Notify:
      return "NOTIFY";
    case wire::Opcode::Update:
      return "UPDATE";
    default:
      return "RESERVED" + std::to_string(static_cast<unsigned>(opcode));
  }
}

// INFO-CODEs of RFC 8914 section 4, in the order of their numbers.
constexpr std::array<std::string_view, 25> extended_errors{"Other",
                                                           "Unsupported DNSKEY Algorithm",
                                                           "Unsupported DS Digest Type",
                                                           "Stale Answer",
                                                           "Forged Answer",
                                                           "DNSSEC Indeterminate",
                                                           "DNSSEC Bogus",
                                                           "Signature Expired",
                                                           "Signature Not Yet Valid",
                                                           "DNSKEY Missing",
                                                           "RRSIGs Missing",
                                                           "No Zone Key Bit Set",
                                                           "NSEC Missing",
                                                           "Cached Error",
                                                           "Not Ready",
                                                           "Blocked",
                                                           "Censored",
                                                           "Filtered",
                                                           "Prohibited",
                                                           "Stale NXDOMAIN Answer",
                                                           "Not Authoritative",
                                                           "Not Supported",
                                                           "No Reachable Authority",
                                                           "Network Error",
                                                           "Invalid Data"};

std::string extended_error_text(std::span<const std::uint8_t> data) {
  const unsigned code = static_cast<unsigned>(data[0] << 8 | data[1]);
  std::string text = std::to_string(code);
  if (code < extended_errors.size()) text += " (" + std::string(extended_errors[code]) + ")";
  if (data.size() > 2) text += ": (" + printable(data.subspan(2)) + ")";
  return text;
}

// RFC 7871 section 6: family, two prefix lengths, the octets that the first of them needs.
std::optional<std::string> client_subnet_text(std::span<const std::uint8_t> data) {
  if (data.size() < 4) return std::nullopt;
  const unsigned family = static_cast<unsigned>(data[0] << 8 | data[1]);
  std::array<std::uint8_t, 16> octets{};
  const auto given = data.subspan(4);
  const std::size_t most = family == 1 ? 4 : 16;
  if ((family != 1 && family != 2) || given.size() > most) return std::nullopt;
  std::copy(given.begin(), given.end(), octets.begin());
  const wire::IpAddress address =
      family == 1 ? wire::IpAddress::v4(std::span(octets).first<4>()) : wire::IpAddress::v6(octets);
  return address.to_text() + "/" + std::to_string(data[2]) + "/" + std::to_string(data[3]);
}

std::string_view cookie_verdict(std::span<const std::uint8_t> data, const Message* asked) {
  if (asked == nullptr || !asked->edns) return "";
  const wire::EdnsOption* sent = asked->edns->find(OptionCode::Cookie);
  constexpr std::size_t client_octets = 8;  // RFC 7873 section 4
  if (sent == nullptr || sent->data.size() < client_octets || data.size() < client_octets)
    return " (bad)";
  if (!std::equal(sent->data.begin(), sent->data.begin() + client_octets, data.begin()))
    return " (bad)";
  return data.size() == client_octets ? " (echoed)" : " (good)";
}

std::string option_text(const wire::EdnsOption& option, const Message* asked) {
  const std::span<const std::uint8_t> data = option.data;
  std::string name;
  switch (option.code) {
    case OptionCode::NSID:
      name = "NSID";
      break;
    case OptionCode::Cookie:
      return "; COOKIE: " + hex(data, "") + std::string(cookie_verdict(data, asked)) + "\n";
    case OptionCode::ClientSubnet:
      name = "CLIENT-SUBNET";
      if (const auto text = client_subnet_text(data)) return "; CLIENT-SUBNET: " + *text + "\n";
      break;
    case OptionCode::Expire:
      name = "EXPIRE";
      break;
    case OptionCode::Keepalive:
      name = "TCP KEEPALIVE";
      if (data.size() == 2) {
        const unsigned tenths = static_cast<unsigned>(data[0] << 8 | data[1]);
        return "; TCP KEEPALIVE: " + std::to_string(tenths / 10) + "." +
               std::to_string(tenths % 10) + " secs\n";
      }
      break;
    case OptionCode::Padding:
      return "; PAD:" +
             (data.empty() ? std::string() : " (" + std::to_string(data.size()) + " bytes)") + "\n";
    case OptionCode::ExtendedError:
      name = "EDE";
      if (data.size() >= 2) return "; EDE: " + extended_error_text(data) + "\n";
      break;
    default:
      name = "OPT=" + std::to_string(static_cast<unsigned>(option.code));
  }
  std::string text = "; " + name + ":";
  if (!data.empty()) text += " " + hex(data, " ") + " (\"" + printable(data) + "\")";
  return text + "\n";
}

std::string edns_text(const wire::Edns& edns, const Message* asked) {
  std::string text = ";; OPT PSEUDOSECTION:\n; EDNS: version: " + std::to_string(edns.version) +
                     ", flags:" + (edns.dnssec_ok ? " do" : "");
  if (edns.flags != 0) {
    const std::array<std::uint8_t, 2> octets{static_cast<std::uint8_t>(edns.flags >> 8),
                                             static_cast<std::uint8_t>(edns.flags & 0xff)};
    text += "; MBZ: 0x" + hex(octets, "") + ", udp: ";
  } else {
    text += "; udp: ";
  }
  text += std::to_string(edns.udp_size) + "\n";
  for (const wire::EdnsOption& option : edns.options) text += option_text(option, asked);
  return text;
}

std::string header_text(const Message& message, const Message* asked) {
  const wire::Header& header = message.header;
  std::string text = asked == nullptr ? ";; Sending:\n" : ";; Got answer:\n";
  static const wire::Name mdns = wire::Name::from_text("local.").value();
  if (!message.questions.empty() && message.questions.front().name.is_within(mdns)) {
    text +=  // RFC 6762
        ";; WARNING: .local is reserved for Multicast DNS\n"
        ";; You are currently testing what happens when an mDNS query is leaked to DNS\n";
  }
  text += ";; ->>HEADER<<- opcode: " + opcode_text(header.opcode) +
          ", status: " + rcode_text(header.rcode) + ", id: " + std::to_string(header.id) + "\n";
  text += ";; flags:";
  const std::array<std::pair<bool, std::string_view>, 8> flags{{{header.response, " qr"},
                                                                {header.authoritative, " aa"},
                                                                {header.truncated, " tc"},
                                                                {header.recursion_desired, " rd"},
                                                                {header.recursion_available, " ra"},
                                                                {header.authentic_data, " ad"},
                                                                {header.checking_disabled, " cd"},
                                                                {header.reserved, "; MBZ: 0x4"}}};
  for (const auto& [set, name] : flags)
    if (set) text += name;
  text += "; QUERY: " + std::to_string(message.questions.size()) +
          ", ANSWER: " + std::to_string(message.answer.size()) +
          ", AUTHORITY: " + std::to_string(message.authority.size()) +
          ", ADDITIONAL: " + std::to_string(message.additional.size() + (message.edns ? 1 : 0)) +
          "\n";
  if (asked == nullptr) return text;

  if (header.recursion_desired && !header.recursion_available)
    text += ";; WARNING: recursion requested but not available\n";
  // A server older than EDNS (RFC 6891 section 7).
  if (asked->edns && !message.edns &&
      (header.rcode == wire::Rcode::FORMERR || header.rcode == wire::Rcode::NOTIMP)) {
    text += "\n;; WARNING: EDNS query returned status " + rcode_text(header.rcode) +
            " - retry with '" + (asked->edns->dnssec_ok ? "+nodnssec " : "") + "+noedns'\n";
  }
  return text;
}

std::string question_text(const wire::Question& question, const Display& display) {
  const Columns columns = columns_of(display);
  Line line = Line::after(";");
  line.put(question.name.to_text());
  line.go_to(columns.rrclass);
  line.put(display.unknown_format
               ? "CLASS" + std::to_string(static_cast<unsigned>(question.rrclass))
               : to_text(question.rrclass));
  line.go_to(columns.type);
  line.put(display.unknown_format ? "TYPE" + std::to_string(static_cast<unsigned>(question.type))
                                  : to_text(question.type));
  return line.end();
}

std::string section_text(std::string_view title, const std::string& lines, const Display& display) {
  if (lines.empty() || !display.comments) return lines;
  return ";; " + std::string(title) + " SECTION:\n" + lines + "\n";
}

std::string records_text(const std::vector<wire::Record>& records, const Display& display) {
  std::string lines;
  for (const wire::Record& record : records) lines += record_text(record, display);
  return lines;
}

std::string elapsed_text(std::chrono::microseconds elapsed, const Display& display,
                         std::string_view milli, std::string_view micro) {
  return display.microseconds
             ? std::to_string(elapsed.count()) + std::string(micro)
             : std::to_string(
                   std::chrono::duration_cast<std::chrono::milliseconds>(elapsed).count()) +
                   std::string(milli);
}

}  // namespace

std::string record_text(const wire::Record& record, const Display& display) {
  const Columns columns = columns_of(display);
  const bool numbers = display.unknown_format;
  Line line;
  line.put(record.owner.to_text());
  if (display.ttl) {
    line.go_to(columns.ttl);
    line.put(ttl_text(record.ttl, display.ttl_units));
  }
  if (display.rrclass) {
    line.go_to(columns.rrclass);
    line.put(numbers ? "CLASS" + std::to_string(static_cast<unsigned>(record.rrclass))
                     : to_text(record.rrclass));
  }
  line.go_to(columns.type);
  line.put(numbers ? "TYPE" + std::to_string(static_cast<unsigned>(record.type))
                   : to_text(record.type));
  line.go_to(columns.rdata);
  line.put(rdata_text(record, display));
  return line.end();
}

std::string message_text(const Message& message, const Message* asked, const Display& display) {
  std::string text;
  if (display.comments) {
    text += header_text(message, asked) + "\n";
    if (message.edns) text += edns_text(*message.edns, asked);
  }
  if (display.question) {
    std::string lines;
    for (const wire::Question& question : message.questions)
      lines += question_text(question, display);
    text += section_text("QUESTION", lines, display);
  }
  if (display.answer)
    text += section_text("ANSWER", records_text(message.answer, display), display);
  if (display.authority)
    text += section_text("AUTHORITY", records_text(message.authority, display), display);
  if (display.additional)
    text += section_text("ADDITIONAL", records_text(message.additional, display), display);
  return text;
}

std::string short_text(const Message& message, const Delivery& delivery, const Display& display) {
  std::string text;
  for (const wire::Record& record : message.answer) {
    if (display.with_type) text += to_text(record.type) + " ";
    text += rdata_text(record, display);
    if (display.identify) {
      text += " from server " + delivery.server_name + " in " +
              elapsed_text(delivery.elapsed, display, " ms.", " us.");
    }
    text += "\n";
  }
  return text;
}

std::string server_text(const wire::Endpoint& server) {
  return server.address.to_text() + "#" + std::to_string(server.port);
}

std::string footer_text(const Delivery& delivery, const Display& display) {
  if (display.short_form) return "";
  const std::string server = server_text(delivery.server) + "(" + delivery.server_name + ")";
  if (display.stats) {
    const std::string octets = std::to_string(delivery.octets);
    return ";; Query time: " + elapsed_text(delivery.elapsed, display, " msec", " usec") +
           "\n;; SERVER: " + server + " (" + delivery.carrier + ")\n;; WHEN: " + delivery.when +
           (delivery.transfer
                ? "\n;; XFR size: " + std::to_string(delivery.transfer->records) +
                      " records (messages " + std::to_string(delivery.transfer->messages) +
                      ", bytes " + octets + ")\n\n"
                : "\n;; MSG SIZE  rcvd: " + octets + "\n\n");
  }
  if (display.identify) {
    return ";; Received " + std::to_string(delivery.octets) + " bytes from " + server + " in " +
           elapsed_text(delivery.elapsed, display, " ms", " us") + "\n\n";
  }
  return "";
}

std::string hex_dump(std::span<const std::uint8_t> octets) {
  constexpr std::size_t per_line = 16;
  std::string text = std::to_string(octets.size()) + " bytes\n";
  for (std::size_t at = 0; at < octets.size(); at += per_line) {
    const auto row = octets.subspan(at, std::min(per_line, octets.size() - at));
    std::string digits = hex(row, " ") + " ";
    digits.resize(per_line * 3, ' ');
    text += digits + "         " + printable(row) + "\n";
  }
  return text;
}

}  // namespace cairn::cdig
