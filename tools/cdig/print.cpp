#include "tools/cdig/print.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "tools/cdig/color.hpp"
#include "tools/cdig/columns.hpp"
#include "tools/cdig/json.hpp"
#include "tools/cdig/print_edns.hpp"
#include "tools/cdig/rdata_style.hpp"
#include "tools/cdig/yaml.hpp"

namespace cairn::cdig {

namespace {

using wire::LooseMessage;
using wire::Message;
using wire::Rcode;

std::string warnings_text(const LooseMessage& message, const Message& asked) {
  const wire::Header& header = message.header;
  std::string text;
  if (header.recursion_desired && !header.recursion_available)
    text += ";; WARNING: recursion requested but not available\n";
  if (message.unread > 0) {
    text += ";; WARNING: Message has " + std::to_string(message.unread) + " extra bytes at end\n";
  }
  // A server older than EDNS (RFC 6891 section 7).
  if (asked.edns && !message.edns &&
      (header.rcode == Rcode::FORMERR || header.rcode == Rcode::NOTIMP)) {
    text += "\n;; WARNING: EDNS query returned status " + rcode_text(header.rcode) +
            " - retry with '" + (asked.edns->dnssec_ok ? "+nodnssec " : "") + "+noedns'\n";
  }
  return text;
}

// The names of the sections, which a dynamic update uses otherwise (RFC 2136 section 2.2).
struct Titles {
  std::string_view question, answer, authority, additional;
};
Titles titles_of(wire::Opcode opcode) {
  if (opcode == wire::Opcode::Update) return {"ZONE", "PREREQUISITE", "UPDATE", "ADDITIONAL"};
  return {"QUESTION", "ANSWER", "AUTHORITY", "ADDITIONAL"};
}

std::string header_text(const LooseMessage& message, const Message* asked) {
  const wire::Header& header = message.header;
  const wire::RawHeader& claimed = message.claimed;
  std::string text = asked == nullptr ? ";; Sending:\n" : ";; Got answer:\n";
  static const wire::Name mdns = wire::Name::from_text("local.").value();
  if (!message.questions.empty() && message.questions.front().name.is_within(mdns)) {
    text +=  // RFC 6762
        ";; WARNING: .local is reserved for Multicast DNS\n"
        ";; You are currently testing what happens when an mDNS query is leaked to DNS\n";
  }
  text += ";; ->>HEADER<<- opcode: " + opcode_text(header.opcode) +
          ", status: " + rcode_text(header.rcode) + ", id: " + std::to_string(header.id) + "\n";
  text += ";; flags:" + flags_text(header);
  if (header.reserved) text += "; MBZ: 0x4";
  text += "; QUERY: " + std::to_string(claimed.questions) +
          ", ANSWER: " + std::to_string(claimed.answers) +
          ", AUTHORITY: " + std::to_string(claimed.authorities) +
          ", ADDITIONAL: " + std::to_string(claimed.additionals);
  text += "\n";
  if (asked != nullptr) text += warnings_text(message, *asked);
  return text + "\n";
}

std::string section_text(std::string_view title, const std::string& lines, const Display& display) {
  if (!display.comments) return lines;
  return ";; " + std::string(title) + " SECTION:\n" + lines + "\n";
}

// A dynamic update's records of class ANY and NONE may have no data at all (RFC 2136 section 2.4).
std::string without_data(std::string line) {
  constexpr std::string_view empty = "\\# 0\n";
  if (line.ends_with(empty)) line.replace(line.size() - empty.size(), empty.size(), "\n");
  return line;
}

std::string records_text(std::string_view title, const std::vector<wire::Record>& records,
                         bool update, const Display& display) {
  if (records.empty()) return "";
  std::string lines;
  for (const wire::Record& record : records) {
    const std::string line = record_text(record, display);
    lines += update ? without_data(line) : line;
  }
  return section_text(title, lines, display);
}

std::string signature_text(const wire::Record& signature, const Display& display) {
  const std::string line = record_text(signature, display);
  if (!display.comments) return line;
  const bool tsig = signature.type == wire::RRType::TSIG;
  return std::string(tsig ? ";; TSIG" : ";; SIG0") + " PSEUDOSECTION:\n" + line + "\n";
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

std::string rcode_text(Rcode rcode) {
  const auto value = static_cast<std::uint16_t>(rcode);
  if (value >= 11 && value <= 15) return "RESERVED" + std::to_string(value);
  if (value <= 10 || rcode == Rcode::BADVERS || rcode == Rcode::BADCOOKIE) return to_text(rcode);
  return "?" + std::to_string(value);
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

std::string flags_text(const wire::Header& header) {
  std::string text;
  const std::array<std::pair<bool, std::string_view>, 7> flags{{{header.response, " qr"},
                                                                {header.authoritative, " aa"},
                                                                {header.truncated, " tc"},
                                                                {header.recursion_desired, " rd"},
                                                                {header.recursion_available, " ra"},
                                                                {header.authentic_data, " ad"},
                                                                {header.checking_disabled, " cd"}}};
  for (const auto& [set, name] : flags)
    if (set) text += name;
  return text;
}

std::string message_text(const LooseMessage& message, const Message* asked,
                         const Display& display) {
  const Titles titles = titles_of(message.header.opcode);
  const bool update = message.header.opcode == wire::Opcode::Update;
  std::string text;
  if (display.comments) {
    text += header_text(message, asked);
    if (message.edns) text += edns_text(*message.edns, asked);
  }
  if (display.question) {
    std::string lines;
    for (const wire::Question& question : message.questions)
      lines += question_text(question, display);
    // A query without a question shows that it has none.
    if (!lines.empty() || asked == nullptr || message.half_question)
      text += section_text(titles.question, lines, display);
  }
  if (display.answer) text += records_text(titles.answer, message.answer, update, display);
  if (display.authority) text += records_text(titles.authority, message.authority, update, display);
  if (display.additional) {
    text += records_text(titles.additional, message.additional, update, display);
    if (message.signature) text += signature_text(*message.signature, display);
  }
  return text;
}

std::string short_text(const Message& message, const Delivery& delivery, const Display& display) {
  if (!display.answer) return "";
  Display flat = display;
  flat.multiline = false;
  std::string text;
  for (const wire::Record& record : message.answer) {
    if (display.with_type) text += to_text(record.type) + " ";
    text += rdata_text(record, flat);
    if (display.identify) {
      text += " from server " + delivery.server_name + " in " +
              elapsed_text(delivery.elapsed, display, " ms.", " us.");
    }
    text += "\n";
  }
  return text;
}

std::string reply_text(const LooseMessage& reply, const Message& asked, const Delivery& delivery,
                       const Display& display) {
  if (display.json) return reply_json(reply, delivery);
  if (display.yaml) return reply_yaml(reply, asked, delivery, display);
  if (display.short_form) return short_text(reply, delivery, display);
  const std::string text = message_text(reply, &asked, display) + footer_text(delivery, display);
  return display.color ? colored(text) : text;
}

std::string query_text(const Message& query, const Delivery& delivery, const Display& display) {
  if (display.json) return query_json(query, delivery);
  if (display.yaml) return query_yaml(query, delivery, display);
  if (display.short_form) return "";
  std::string text = message_text(wire::as_loose(query), nullptr, display);
  if (display.stats) text += ";; QUERY SIZE: " + std::to_string(delivery.octets) + "\n\n";
  return display.color ? colored(text) : text;
}

std::string trouble_text(const std::string& sentence, const Display& display) {
  if (display.json) return trouble_json(sentence);
  if (display.yaml) return trouble_yaml(sentence);
  return ";; " + sentence + "\n";
}

std::string unreached_text(const Display& display) {
  return trouble_text("no servers could be reached", display);
}

std::string failure_text(const std::string& lines, const Display& display) {
  if (!display.json) return lines;
  const std::size_t begin = std::min(lines.find_first_not_of("; "), lines.size());
  return trouble_json(lines.substr(begin, lines.find('\n') - begin));
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
                      ", bytes " + octets + ")\n"
                : "\n;; MSG SIZE  rcvd: " + octets + "\n") +
           (delivery.unverified ? ";; WARNING -- Some TSIG could not be validated\n" : "") +
           (delivery.unsigned_query ? ";; WARNING -- TSIG key was not used.\n" : "") + "\n";
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
    std::string digits = spaced_hex(row) + " ";
    digits.resize(per_line * 3, ' ');
    std::string characters = printable(row);
    std::ranges::replace(characters, ' ', '.');
    text += digits + "         " + characters + "\n";
  }
  return text;
}

}  // namespace cairn::cdig
