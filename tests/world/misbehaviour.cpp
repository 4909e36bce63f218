#include "tests/world/misbehaviour.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "wire/edns_options.hpp"
#include "wire/rdata_text.hpp"

namespace cairn::world {

namespace {

std::string text_from(const std::vector<std::string>& words, std::size_t first) {
  std::string text;
  for (std::size_t i = first; i < words.size(); ++i) text += (i > first ? " " : "") + words[i];
  return text;
}

std::optional<std::uint64_t> number_from_text(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// The same letters in the other case: what a forger sends who does not see the question.
wire::Name other_case(const wire::Name& name) {
  wire::Bytes octets(name.wire().begin(), name.wire().end());
  for (auto& octet : octets) {
    if (octet >= 'A' && octet <= 'Z') {
      octet = static_cast<std::uint8_t>(octet + 32);
    } else if (octet >= 'a' && octet <= 'z') {
      octet = static_cast<std::uint8_t>(octet - 32);
    }
  }
  return *wire::Name::from_wire(octets);
}

wire::Name upper_case(const wire::Name& name) {
  const wire::Name lower = name.lowercase();
  wire::Bytes octets(lower.wire().begin(), lower.wire().end());
  for (auto& octet : octets)
    if (octet >= 'a' && octet <= 'z') octet = static_cast<std::uint8_t>(octet - 32);
  return *wire::Name::from_wire(octets);
}

std::array<std::vector<wire::Record>*, 3> sections(wire::Message& reply) {
  return {&reply.answer, &reply.authority, &reply.additional};
}

/// Resource records for EDNS that stand where they should not (RFC 6891 section 6.1.1).
wire::Record opt_record() {
  return {wire::Name(), wire::RRType::OPT, wire::RRClass{1232}, wire::Ttl{0}, {}};
}

void leave_out(Reaction& reaction, std::initializer_list<wire::RRType> types) {
  for (auto* section : sections(reaction.reply))
    if (std::erase_if(*section, [&](const wire::Record& record) {
          return std::ranges::find(types, record.type) != types.end() ||
                 (record.type == wire::RRType::RRSIG && record.rdata.size() > 2 &&
                  std::ranges::find(
                      types, static_cast<wire::RRType>(record.rdata[0] << 8 | record.rdata[1])) !=
                      types.end());
        }) > 0)
      reaction.misbehaved = true;
}

/// One bit of the last octet.
void damage(Reaction& reaction, wire::RRType type) {
  for (auto* section : sections(reaction.reply))
    for (auto& record : *section)
      if (record.type == type && !record.rdata.empty()) {
        record.rdata.back() ^= 1;
        reaction.misbehaved = true;
      }
}

/// So many wrong ones of each before the right one (KeyTrap 2024).
void repeat_signatures(Reaction& reaction, std::uint64_t times) {
  for (auto* section : sections(reaction.reply)) {
    std::vector<wire::Record> more;
    for (const auto& record : *section) {
      for (std::uint64_t count = 0; record.type == wire::RRType::RRSIG && count < times; ++count) {
        more.push_back(record);
        more.back().rdata.back() ^= static_cast<std::uint8_t>(count + 1);
        more.back().rdata[more.back().rdata.size() - 2] ^= static_cast<std::uint8_t>(count >> 8);
      }
      more.push_back(record);
    }
    *section = std::move(more);
  }
  reaction.misbehaved = true;
}

/// What a wildcard was expanded to, under another name: with the signatures, which are right for
/// any.
void replay_wildcard(Reaction& reaction, const wire::Name& name) {
  for (auto& record : reaction.reply.answer) record.owner = name;
  reaction.misbehaved = true;
}

void empty_sections(wire::Message& reply) {
  reply.answer.clear();
  reply.authority.clear();
  reply.additional.clear();
}

std::optional<wire::Cookie> cookie_of(const wire::Message& message) {
  return message.edns ? message.edns->get<wire::Cookie>() : std::nullopt;
}

/// The server's half for a client's one.
wire::Bytes server_cookie(const wire::Cookie& theirs) {
  wire::Bytes octets(16, 0x5a);
  for (std::size_t at = 0; at < theirs.client.size(); ++at) octets[at] ^= theirs.client[at];
  return octets;
}

/// Whether the question brought the server's half. The reply has it again.
bool give_cookie(Reaction& reaction) {
  const auto theirs = cookie_of(reaction.query);
  if (!theirs || !reaction.reply.edns) return false;
  const wire::Bytes ours = server_cookie(*theirs);
  reaction.reply.edns->put(wire::Cookie{theirs->client, ours});
  return theirs->server == ours;
}

void fail_with(Reaction& reaction, wire::Rcode rcode) {
  empty_sections(reaction.reply);
  reaction.reply.header.rcode = rcode;
  reaction.reply.header.authoritative = false;
  reaction.misbehaved = true;
}

}  // namespace

/// A word, what must stand behind it, and what it does.
struct Misbehaviour::Verb {
  enum class Takes : std::uint8_t {
    Nothing,
    Number,
    Percent,
    Duration,
    Record,
    Address,
    Name,
    Rcode,
    Forgery
  };
  std::string_view name;
  Takes takes;
  void (*apply)(Misbehaviour& self, Reaction& reaction, resolver::Random& random);
};

const Misbehaviour::Verb* Misbehaviour::find(std::string_view name) {
  using Takes = Verb::Takes;
  using M = Misbehaviour;
  using R = Reaction;
  using Chance = resolver::Random;
  static constexpr auto silence = [](R& r) { r.silent = r.misbehaved = true; };
  static const auto verbs = std::to_array<Verb>({
      // Silence and refusal.
      {"drop", Takes::Nothing, [](M&, R& r, Chance&) { silence(r); }},
      {"drop-first", Takes::Number,
       [](M& m, R& r, Chance&) {
         if (m.seen_ <= m.number_) silence(r);
       }},
      {"drop-udp", Takes::Nothing,
       [](M&, R& r, Chance&) {
         if (r.transport == resolver::Transport::Udp) silence(r);
       }},
      {"drop-tcp", Takes::Nothing,
       [](M&, R& r, Chance&) {
         if (r.transport == resolver::Transport::Tcp) silence(r);
       }},
      {"drop-after", Takes::Number,
       [](M& m, R& r, Chance&) {
         if (m.seen_ > m.number_) silence(r);
       }},
      {"drop-above", Takes::Number,
       [](M& m, R& r, Chance&) {
         // A firewall, or fragments that get lost.
         if (r.transport == resolver::Transport::Udp && wire::build(r.reply).size() > m.number_)
           silence(r);
       }},
      {"drop-mixed-case", Takes::Nothing,
       [](M&, R& r, Chance&) {
         for (const auto& question : r.query.questions)
           if (!question.name.is_identical(question.name.lowercase())) silence(r);
       }},
      {"drop-edns", Takes::Nothing,
       [](M&, R& r, Chance&) {
         if (r.query.edns) silence(r);
       }},
      {"loss", Takes::Percent,
       [](M& m, R& r, Chance& chance) {
         if (chance.below(100) < m.number_) silence(r);
       }},
      {"unreachable", Takes::Nothing, [](M&, R& r, Chance&) { r.refused = r.misbehaved = true; }},
      {"refuse-tcp", Takes::Nothing,
       [](M&, R& r, Chance&) {
         if (r.transport == resolver::Transport::Tcp) r.refused = r.misbehaved = true;
       }},
      {"lose-stream-first", Takes::Number,
       [](M& m, R& r, Chance&) {
         if (r.transport != resolver::Transport::Tcp || m.taken_++ >= m.number_) return;
         r.lost = r.misbehaved = true;
       }},
      {"delay", Takes::Duration, [](M& m, R& r, Chance&) { r.delay += m.duration_; }},
      {"jitter", Takes::Duration,
       [](M& m, R& r, Chance& chance) {
         r.delay += wire::Duration{static_cast<wire::Duration::rep>(
             chance.below(static_cast<std::uint64_t>(m.duration_.count()) + 1))};
       }},

      // Codes.
      {"rcode", Takes::Rcode, [](M& m, R& r, Chance&) { fail_with(r, m.rcode_); }},
      {"refuse", Takes::Nothing,
       [](M&, R& r, Chance&) { fail_with(r, wire::Rcode::REFUSED); }},
      {"servfail", Takes::Nothing,
       [](M&, R& r, Chance&) { fail_with(r, wire::Rcode::SERVFAIL); }},
      {"servfail-first", Takes::Number,
       [](M& m, R& r, Chance&) {
         if (m.seen_ <= m.number_) fail_with(r, wire::Rcode::SERVFAIL);
       }},
      {"notimp", Takes::Nothing, [](M&, R& r, Chance&) { fail_with(r, wire::Rcode::NOTIMP); }},
      {"formerr", Takes::Nothing,
       [](M&, R& r, Chance&) { fail_with(r, wire::Rcode::FORMERR); }},
      {"formerr-on-edns", Takes::Nothing,
       [](M&, R& r, Chance&) {
         if (!r.query.edns) return;
         fail_with(r, wire::Rcode::FORMERR);
         r.reply.edns.reset();
       }},
      {"no-edns", Takes::Nothing, [](M&, R& r, Chance&) { r.reply.edns.reset(); }},
      {"lame", Takes::Nothing,
       [](M&, R& r, Chance&) { fail_with(r, wire::Rcode::NOERROR); }},

      // Cookies (RFC 7873).
      {"cookies", Takes::Nothing, [](M&, R& r, Chance&) { give_cookie(r); }},
      {"cookies-required", Takes::Nothing,
       [](M&, R& r, Chance&) {
         if (give_cookie(r) || r.transport == resolver::Transport::Tcp) return;
         empty_sections(r.reply);
         r.reply.header.rcode = r.reply.edns ? wire::Rcode::BADCOOKIE : wire::Rcode::REFUSED;
       }},
      {"bad-cookie", Takes::Nothing,
       [](M&, R& r, Chance&) {
         if (!cookie_of(r.query)) return;
         give_cookie(r);
         fail_with(r, wire::Rcode::BADCOOKIE);
       }},
      {"wrong-cookie", Takes::Nothing,
       [](M&, R& r, Chance&) {
         if (auto theirs = cookie_of(r.query); theirs && r.reply.edns) {
           theirs->client[0] ^= 1;
           r.reply.edns->put(wire::Cookie{theirs->client, wire::Bytes(8)});
         }
       }},
      {"formerr-on-cookie", Takes::Nothing,
       [](M&, R& r, Chance&) {
         if (cookie_of(r.query)) fail_with(r, wire::Rcode::FORMERR);
       }},
      {"drop-cookies", Takes::Nothing,
       [](M&, R& r, Chance&) {
         if (cookie_of(r.query)) silence(r);
       }},

      // Sections.
      {"empty", Takes::Nothing, [](M&, R& r, Chance&) { empty_sections(r.reply); }},
      {"add-answer", Takes::Record,
       [](M& m, R& r, Chance&) {
         r.reply.answer.insert(r.reply.answer.end(), m.records_.begin(), m.records_.end());
       }},
      {"add-authority", Takes::Record,
       [](M& m, R& r, Chance&) {
         r.reply.authority.insert(r.reply.authority.end(), m.records_.begin(), m.records_.end());
       }},
      {"add-additional", Takes::Record,
       [](M& m, R& r, Chance&) {
         r.reply.additional.insert(r.reply.additional.end(), m.records_.begin(),
                                   m.records_.end());
       }},
      {"no-answer", Takes::Nothing, [](M&, R& r, Chance&) { r.reply.answer.clear(); }},
      {"keep-answers", Takes::Number,
       [](M& m, R& r, Chance&) {
         if (r.reply.answer.size() > m.number_) r.reply.answer.resize(m.number_);
       }},
      {"reverse-answer", Takes::Nothing,
       [](M&, R& r, Chance&) { std::ranges::reverse(r.reply.answer); }},
      {"repeat-answer", Takes::Nothing,
       [](M&, R& r, Chance&) {
         const auto once = r.reply.answer;
         r.reply.answer.insert(r.reply.answer.end(), once.begin(), once.end());
       }},
      {"uppercase", Takes::Nothing,
       [](M&, R& r, Chance&) {
         for (auto* section : sections(r.reply))
           for (auto& record : *section) record.owner = upper_case(record.owner);
       }},
      {"ttl", Takes::Number,
       [](M& m, R& r, Chance&) {
         for (auto* section : sections(r.reply))
           for (auto& record : *section) record.ttl = {static_cast<std::uint32_t>(m.number_)};
       }},
      {"no-additional", Takes::Nothing, [](M&, R& r, Chance&) { r.reply.additional.clear(); }},
      {"no-authority", Takes::Nothing, [](M&, R& r, Chance&) { r.reply.authority.clear(); }},
      {"no-signatures", Takes::Nothing,
       [](M&, R& r, Chance&) { leave_out(r, {wire::RRType::RRSIG}); }},
      {"no-proofs", Takes::Nothing,
       [](M&, R& r, Chance&) { leave_out(r, {wire::RRType::NSEC, wire::RRType::NSEC3}); }},
      {"no-ds", Takes::Nothing, [](M&, R& r, Chance&) { leave_out(r, {wire::RRType::DS}); }},
      {"damage-signatures", Takes::Nothing,
       [](M&, R& r, Chance&) { damage(r, wire::RRType::RRSIG); }},
      {"damage-keys", Takes::Nothing, [](M&, R& r, Chance&) { damage(r, wire::RRType::DNSKEY); }},
      {"damage-addresses", Takes::Nothing, [](M&, R& r, Chance&) { damage(r, wire::RRType::A); }},
      {"repeat-signatures", Takes::Number,
       [](M& m, R& r, Chance&) { repeat_signatures(r, m.number_); }},
      {"replay-wildcard", Takes::Name,
       [](M& m, R& r, Chance&) { replay_wildcard(r, *m.other_name_); }},
      {"not-authoritative", Takes::Nothing,
       [](M&, R& r, Chance&) { r.reply.header.authoritative = false; }},
      {"authoritative", Takes::Nothing,
       [](M&, R& r, Chance&) { r.reply.header.authoritative = true; }},
      {"resolves", Takes::Nothing,
       [](M&, R& r, Chance&) {
         r.reply.header.authoritative = false;
         r.reply.header.recursion_available = true;
       }},
      {"say", Takes::Rcode, [](M& m, R& r, Chance&) { r.reply.header.rcode = m.rcode_; }},

      // The form of the reply.
      {"truncate", Takes::Nothing,
       [](M&, R& r, Chance&) {
         if (r.transport != resolver::Transport::Udp) return;
         empty_sections(r.reply);
         r.reply.header.truncated = true;
       }},
      {"truncate-always", Takes::Nothing,
       [](M&, R& r, Chance&) {
         empty_sections(r.reply);
         r.reply.header.truncated = r.misbehaved = true;
       }},
      {"truncate-partly", Takes::Nothing,
       [](M&, R& r, Chance&) {
         if (r.transport == resolver::Transport::Udp) r.reply.header.truncated = true;
       }},
      {"edns-version", Takes::Number,
       [](M& m, R& r, Chance&) {
         if (r.reply.edns) r.reply.edns->version = static_cast<std::uint8_t>(m.number_);
       }},
      {"second-opt", Takes::Nothing,
       [](M&, R& r, Chance&) {
         r.reply.additional.push_back(opt_record());
         r.misbehaved = true;
       }},
      {"opt-in-answer", Takes::Nothing,
       [](M&, R& r, Chance&) {
         r.reply.answer.push_back(opt_record());
         r.misbehaved = true;
       }},
      {"more-octets", Takes::Number,
       [](M& m, R& r, Chance&) {
         r.octets_more = m.number_;
         r.misbehaved = true;
       }},
      {"fewer-octets", Takes::Number,
       [](M& m, R& r, Chance&) {
         r.octets_less = m.number_;
         r.misbehaved = true;
       }},
      {"lowercase", Takes::Nothing,
       [](M&, R& r, Chance&) {
         for (auto& question : r.reply.questions) question.name = question.name.lowercase();
       }},
      {"wrong-id", Takes::Nothing,
       [](M&, R& r, Chance&) {
         r.reply.header.id = static_cast<std::uint16_t>(r.reply.header.id + 1);
         r.misbehaved = true;
       }},
      {"wrong-question", Takes::Name,
       [](M& m, R& r, Chance&) {
         for (auto& question : r.reply.questions) question.name = *m.other_name_;
         r.misbehaved = true;
       }},
      {"wrong-type", Takes::Nothing,
       [](M&, R& r, Chance&) {
         for (auto& question : r.reply.questions) question.type = wire::RRType::NULL_;
         r.misbehaved = true;
       }},
      {"wrong-class", Takes::Nothing,
       [](M&, R& r, Chance&) {
         for (auto& question : r.reply.questions) question.rrclass = wire::RRClass::CH;
         r.misbehaved = true;
       }},
      {"wrong-opcode", Takes::Nothing,
       [](M&, R& r, Chance&) {
         r.reply.header.opcode = wire::Opcode::Status;
         r.misbehaved = true;
       }},
      {"two-questions", Takes::Nothing,
       [](M&, R& r, Chance&) {
         r.reply.questions.push_back(r.reply.questions.front());
         r.misbehaved = true;
       }},
      {"no-question", Takes::Nothing,
       [](M&, R& r, Chance&) {
         r.reply.questions.clear();
         r.misbehaved = true;
       }},
      {"echo", Takes::Nothing,
       [](M&, R& r, Chance&) {
         r.reply = r.query;
         r.misbehaved = true;
       }},
      {"garbage", Takes::Nothing, [](M&, R& r, Chance&) { r.garbled = r.misbehaved = true; }},
      {"answer-from", Takes::Address,
       [](M& m, R& r, Chance&) {
         r.from = *m.endpoint_;
         r.misbehaved = true;
       }},
      {"duplicate", Takes::Nothing, [](M&, R& r, Chance&) { r.copies = 2; }},

      // Somebody else, who does not see the question.
      {"forge", Takes::Forgery,
       [](M& m, R& r, Chance&) {
         if (r.query.questions.empty()) return;
         wire::Message forged;
         forged.header = r.query.header;
         forged.header.response = forged.header.authoritative = true;
         forged.questions = r.query.questions;
         forged.answer = m.records_;
         auto from = r.server;
         if (m.how_ == "wrong-id") forged.header.id = static_cast<std::uint16_t>(~forged.header.id);
         if (m.how_ == "wrong-case") {
           forged.questions[0].name = other_case(forged.questions[0].name);
           // Without letters there is no other case: the guess would be right.
           if (forged.questions[0].name.is_identical(r.query.questions[0].name)) return;
         }
         if (m.how_ == "wrong-question") forged.questions[0].name = m.records_[0].owner.parent();
         if (m.how_ == "wrong-port") from.port = 5353;
         if (m.how_ == "wrong-address") from.address = *wire::IpAddress::from_text("203.0.113.66");
         if (m.how_ == "wrong-cookie" || m.how_ == "no-cookie") {
           // Without a cookie in the question there is nothing left that would be wrong.
           auto theirs = cookie_of(r.query);
           if (!theirs) return;
           forged.edns = wire::Edns{};
           theirs->client[0] ^= 1;
           if (m.how_ == "wrong-cookie") forged.edns->put(*theirs);
           if (m.how_ == "no-cookie" && theirs->server.empty()) return;
         }
         const Datagram datagram{from, wire::build(forged)};
         r.forged.insert(r.forged.end(), m.number_, datagram);
       }},
  });
  const auto* found =
      std::find_if(verbs.begin(), verbs.end(), [&](const Verb& verb) { return verb.name == name; });
  return found == verbs.end() ? nullptr : found;
}

wire::Result<Misbehaviour> Misbehaviour::from_text(std::string_view line) {
  auto words = words_of(line);
  Misbehaviour made;
  if (words.size() >= 3 && words[0] == "on") {
    std::string_view name = words[1];
    if (name.starts_with("*.")) {
      made.below_ = true;
      name.remove_prefix(2);
    }
    if (name != "*") {
      auto parsed = wire::Name::from_text(name);
      if (!parsed) return wire::Error{parsed.error()};
      made.name_ = *parsed;
    }
    words.erase(words.begin(), words.begin() + 2);
    if (words[0] == "*" || wire::rrtype_from_text(words[0])) {
      made.type_ = wire::rrtype_from_text(words[0]);
      words.erase(words.begin());
    }
  }
  if (words.empty()) return wire::Error{"'on' without a verb"};
  made.verb_ = find(words[0]);
  if (made.verb_ == nullptr) return wire::Error{"'" + words[0] + "' is no misbehaviour"};

  std::size_t at = 1;
  const auto wrong = [&](std::string_view expected) {
    return wire::Error{"'" + words[0] + "' needs " + std::string(expected)};
  };
  using Takes = Verb::Takes;
  const auto takes = made.verb_->takes;
  if (takes == Takes::Nothing) {
    if (words.size() != 1) return wrong("nothing behind it");
    return made;
  }
  if (words.size() < 2) return wrong("something behind it");
  if (takes == Takes::Number || takes == Takes::Percent) {
    std::string_view text = words[1];
    if (text.ends_with('%')) text.remove_suffix(1);
    const auto number = number_from_text(text);
    if (!number) return wrong("a number");
    made.number_ = *number;
  } else if (takes == Takes::Duration) {
    const auto duration = duration_from_text(words[1]);
    if (!duration) return wrong("a duration like 300ms");
    made.duration_ = *duration;
  } else if (takes == Takes::Address) {
    made.endpoint_ = wire::Endpoint::from_text(words[1], 53);
    if (!made.endpoint_) return wrong("an address");
  } else if (takes == Takes::Name) {
    auto name = wire::Name::from_text(words[1]);
    if (!name) return wrong("a name");
    made.other_name_ = *name;
  } else if (takes == Takes::Rcode) {
    const auto rcode = rcode_from_text(words[1]);
    if (!rcode) return wrong("a response code");
    made.rcode_ = *rcode;
  } else if (takes == Takes::Forgery) {
    made.number_ = 1;
    if (const auto number = number_from_text(words[at])) {
      made.number_ = *number;
      ++at;
    }
    static constexpr std::array<std::string_view, 7> hows = {
        "wrong-id",      "wrong-case",   "wrong-question", "wrong-port",
        "wrong-address", "wrong-cookie", "no-cookie"};
    if (at >= words.size() || std::find(hows.begin(), hows.end(), words[at]) == hows.end()) {
      return wrong(
          "[count] wrong-id|wrong-case|wrong-question|wrong-port|wrong-address|wrong-cookie|"
          "no-cookie record");
    }
    made.how_ = words[at++];
  }
  if (takes == Takes::Forgery || takes == Takes::Record) {
    auto record = wire::record_from_text(text_from(words, at));
    if (!record) return wire::Error{record.error()};
    made.records_.push_back(std::move(*record));
  }
  return made;
}

void Misbehaviour::apply(Reaction& reaction, resolver::Random& random) {
  if (name_ || type_) {
    if (reaction.query.questions.empty()) return;
    const auto& question = reaction.query.questions[0];
    if (name_ && (below_ ? !question.name.is_below(*name_) : question.name != *name_)) return;
    if (type_ && *type_ != question.type) return;
  }
  ++seen_;
  verb_->apply(*this, reaction, random);
}

std::optional<wire::Duration> duration_from_text(std::string_view text) {
  using namespace std::chrono_literals;
  static constexpr std::array<std::pair<std::string_view, wire::Duration>, 4> units = {
      {{"ms", 1ms}, {"s", 1s}, {"m", 1min}, {"h", 1h}}};
  for (const auto& [unit, length] : units) {
    if (!text.ends_with(unit)) continue;
    const auto number = number_from_text(text.substr(0, text.size() - unit.size()));
    if (number) return static_cast<wire::Duration::rep>(*number) * length;
  }
  return std::nullopt;
}

std::optional<wire::Rcode> rcode_from_text(std::string_view text) {
  for (std::uint16_t code = 0; code < 24; ++code) {
    if (wire::to_text(wire::Rcode{code}) == text) return wire::Rcode{code};
  }
  return std::nullopt;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::size_t at = 0;
  while ((at = text.find_first_not_of(" \t", at)) != std::string_view::npos) {
    const auto end = std::min(text.find_first_of(" \t", at), text.size());
    words.emplace_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

}  // namespace cairn::world
