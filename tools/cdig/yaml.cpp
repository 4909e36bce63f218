#include "tools/cdig/yaml.hpp"

#include <array>
#include <cstdio>
#include <string_view>

#include "tools/cdig/columns.hpp"
#include "tools/cdig/print_edns.hpp"

namespace cairn::cdig {

namespace {

using wire::LooseMessage;
using Time = std::chrono::sys_time<std::chrono::microseconds>;

// "2026-11-21T12:55:15.581Z"
std::string time_text(Time time, bool microseconds) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  const auto fraction = static_cast<long>(clock.subseconds().count());
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%0*ldZ", int{date.year()},
                unsigned{date.month()}, unsigned{date.day()},
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()), microseconds ? 6 : 3,
                microseconds ? fraction : fraction / 1000);
  return text.data();
}

// A scalar in single quotes; the quote itself is doubled.
std::string quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("''") : std::string(1, c);
  return quoted + "'";
}

// Records stand in one plain form; only the length of their words can be chosen.
Display plain(const Display& display) {
  Display plain;
  plain.split_width = display.split_width;
  plain.idn_out = display.idn_out;
  return plain;
}

std::string edns_yaml(const wire::Edns& edns, const wire::Message* asked) {
  const std::string indent(10, ' ');
  std::string text = "      OPT_PSEUDOSECTION:\n        EDNS:\n" + indent +
                     "version: " + std::to_string(edns.version) + "\n" + indent +
                     "flags:" + edns_flags_text(edns) + "\n";
  if (const std::string unknown = unknown_edns_flags(edns); !unknown.empty())
    text += indent + "MBZ: " + unknown + "\n";
  text += indent + "udp: " + std::to_string(edns.udp_size) + "\n";
  const std::string_view verdict = cookie_verdict(edns, asked);
  for (const wire::EdnsOption& option : edns.options) {
    OptionWords words = option_words(option, verdict);
    if (words.name == "EDE") {
      text += indent + "EDE:\n" + indent + "  INFO-CODE: " + words.value + "\n";
      text += words.sentence.empty() ? "\n" : indent + "  EXTRA-TEXT: \"" + words.sentence + "\"\n";
      continue;
    }
    if (words.name == "TCP KEEPALIVE") words.name = "TCP-KEEPALIVE";
    if (words.name == "PAD" && !option.data.empty())
      words.value = spaced_hex(option.data) + " (\"" + printable(option.data) + "\")";
    text += indent + words.name + ":" + (words.value.empty() ? "" : " " + words.value) + "\n";
  }
  return text;
}

// An address that ends in "::" would be a key of YAML's; dig writes "::0".
std::string record_yaml(const wire::Record& record, const Display& display) {
  std::string text = plain_text(record, display);
  switch (static_cast<std::uint16_t>(record.type)) {
    case 28:   // AAAA
    case 38:   // A6
    case 42:   // APL
    case 45:   // IPSECKEY
    case 260:  // AMTRELAY
      break;
    default:
      return text;
  }
  constexpr std::string_view open_end = "::";
  for (std::size_t at = text.find(open_end); at != std::string::npos;
       at = text.find(open_end, at + 1)) {
    const std::size_t after = at + open_end.size();
    if (after == text.size() || text[after] == ' ' || text[after] == '/') text.insert(after, "0");
  }
  return text;
}

std::string record_yaml(const wire::Question& question, const Display& display) {
  return plain_text(question, display);
}

template <class Item>
std::string section_yaml(std::string_view title, const std::vector<Item>& items,
                         const Display& display) {
  if (items.empty()) return "";
  std::string text = "      " + std::string(title) + "_SECTION:\n";
  for (const Item& item : items) text += "        - " + quoted(record_yaml(item, display)) + "\n";
  return text;
}

std::string message_yaml(const LooseMessage& message, const wire::Message* asked,
                         const Display& display) {
  const wire::Header& header = message.header;
  const bool update = header.opcode == wire::Opcode::Update;
  using Titles = std::array<std::string_view, 4>;
  const Titles titles = update ? Titles{"ZONE", "PREREQUISITE", "UPDATE", "ADDITIONAL"}
                               : Titles{"QUESTION", "ANSWER", "AUTHORITY", "ADDITIONAL"};
  const wire::RawHeader& claimed = message.claimed;
  std::string text = "      opcode: " + opcode_text(header.opcode) +
                     "\n      status: " + rcode_text(header.rcode) +
                     "\n      id: " + std::to_string(header.id) +
                     "\n      flags:" + flags_text(header) + "\n";
  if (header.reserved) text += "      MBZ: 0x4\n";
  const std::array counts{claimed.questions, claimed.answers, claimed.authorities,
                          claimed.additionals};
  // "PREREQ", of the second.
  for (std::size_t i = 0; i < titles.size(); ++i)
    text += "      " + std::string(titles[i].substr(0, i == 1 ? 6 : titles[i].size())) + ": " +
            std::to_string(counts[i]) + "\n";
  if (display.comments && message.edns) text += edns_yaml(*message.edns, asked);
  if (display.short_form) return text;
  const Display form = plain(display);
  if (display.question) text += section_yaml(titles[0], message.questions, form);
  if (display.answer) text += section_yaml(titles[1], message.answer, form);
  if (display.authority) text += section_yaml(titles[2], message.authority, form);
  if (display.additional) {
    text += section_yaml(titles[3], message.additional, form);
    if (message.signature) {
      const bool tsig = message.signature->type == wire::RRType::TSIG;
      text += std::string(tsig ? "      TSIG" : "      SIG0") + "_PSEUDOSECTION:\n      - " +
              quoted(plain_text(*message.signature, form)) + "\n\n";
    }
  }
  return text;
}

std::string envelope_yaml(std::string_view type, const Delivery& delivery, const Display& display,
                          bool is_reply) {
  std::string text = "- type: MESSAGE\n  message:\n    type: " + std::string(type) +
                     "\n    query_time: !!timestamp " +
                     time_text(delivery.arrived - delivery.elapsed, display.microseconds) + "\n";
  if (is_reply) {
    text += "    response_time: !!timestamp " + time_text(delivery.arrived, display.microseconds) +
            "\n";
  }
  const bool v6 = delivery.server.address.is_v6();
  return text + "    message_size: " + std::to_string(delivery.octets) +
         "b\n    socket_family: " + (v6 ? "INET6" : "INET") +
         "\n    socket_protocol: " + (delivery.carrier == "UDP" ? "UDP" : "TCP") +
         "\n    response_address: \"" + delivery.server.address.to_text() +
         "\"\n    response_port: " + std::to_string(delivery.server.port) +
         "\n    query_address: \"" + (v6 ? "::0" : "0.0.0.0") + "\"\n    query_port: 0\n";
}

}  // namespace

std::string reply_yaml(const LooseMessage& reply, const wire::Message& asked,
                       const Delivery& delivery, const Display& display) {
  const bool recursive = reply.header.recursion_desired && reply.header.recursion_available;
  std::string text =
      envelope_yaml(recursive ? "RECURSIVE_RESPONSE" : "AUTH_RESPONSE", delivery, display, true) +
      "    response_message_data:\n" + message_yaml(reply, &asked, display);
  if (display.short_form) text += short_text(reply, delivery, display);
  return text;
}

std::string query_yaml(const wire::Message& query, const Delivery& delivery,
                       const Display& display) {
  return envelope_yaml(query.header.recursion_desired ? "RECURSIVE_QUERY" : "AUTH_QUERY", delivery,
                       display, false) +
         "    query_message_data:\n" + message_yaml(wire::as_loose(query), nullptr, display);
}

std::string trouble_yaml(const std::string& sentence) {
  return "- type: DIG_ERROR\n  message: |\n    " + sentence + "\n";
}

}  // namespace cairn::cdig
