#include "tools/cdig/lookup.hpp"

#include <array>
#include <cstdio>
#include <ctime>

#include "tools/cdig/key.hpp"
#include "tools/cdig/map.hpp"
#include "tools/cdig/name_words.hpp"
#include "tools/cdig/trace.hpp"
#include "tools/cdig/transfer.hpp"
#include "tools/cdig/transport.hpp"
#include "tools/cdig/why.hpp"

namespace cairn::cdig {

namespace {

using namespace std::chrono_literals;

std::string local_time() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  localtime_r(&now, &parts);
  std::array<char, 80> text{};
  std::strftime(text.data(), text.size(), "%a %b %d %H:%M:%S %Z %Y", &parts);
  return text.data();
}

std::chrono::sys_time<std::chrono::microseconds> now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

std::uint16_t random_id() {
  std::array<std::uint8_t, 2> octets{};
  fill_randomly(octets);
  return static_cast<std::uint16_t>(octets[0] << 8 | octets[1]);
}

// One for the whole run, so that servers can recognise the next question (RFC 7873 section 4.1).
const ClientCookie& client_cookie() {
  static const ClientCookie cookie = [] {
    ClientCookie octets{};
    fill_randomly(octets);
    return octets;
  }();
  return cookie;
}

// One question to a list of servers. The tries are shared by all of them: whoever fails is asked
// again while some are left, then comes the next.
class Conversation {
 public:
  Conversation(const Lookup& lookup, const wire::Question& question,
               std::span<const Server> servers, Output& output)
      : lookup_(lookup), question_(question), servers_(servers), output_(output) {}

  Attempt hold();

 private:
  std::optional<Arrival> send(const Server& server);
  wire::Bytes sign(wire::Bytes octets);
  std::optional<Attempt> conclude(const Arrival& arrival);
  bool is_ours(std::span<const std::uint8_t> octets);
  Route route_to(const Server& server) const;
  Delivery delivery(const Server& server) const;
  Outcome ask_over_stream(const Server& server, std::span<const std::uint8_t> octets,
                          std::chrono::milliseconds patience);
  void transfer(const Server& server, std::span<const std::uint8_t> octets,
                std::chrono::milliseconds patience);
  void report(const Server& server, const NoArrival& failure);

  const Lookup& lookup_;
  const wire::Question& question_;
  std::span<const Server> servers_;
  Output& output_;
  Display display_ = is_transfer(question_) ? transfer_display(lookup_.display) : lookup_.display;
  QueryForm form_ = lookup_.form;
  bool tcp_ = lookup_.tcp;
  std::size_t at_ = 0;
  bool unreachable_ = false;  // the last failure was one before anything could be said
  bool hopeless_ = false;     // the last failure will not go away by asking again
  bool transferred_ = false;  // a zone came, and was shown
  wire::Message query_;
  std::optional<dnssec::TsigExchange> signatures_;  // with a key
};

Attempt Conversation::hold() {
  unsigned tries = lookup_.tries;
  while (at_ < servers_.size()) {
    const auto arrival = send(servers_[at_]);
    if (arrival) {
      if (auto attempt = conclude(*arrival)) return std::move(*attempt);
      continue;
    }
    if (hopeless_ || transferred_) return {std::nullopt, exit_answered};
    if (tries > 1) {
      if (unreachable_ && !lookup_.trace) output_.put(no_reply_text);
      --tries;
    } else {
      ++at_;
    }
    tcp_ = lookup_.tcp;
  }
  if (!unreachable_) output_.put_banner();
  return {std::nullopt, exit_no_reply};
}

std::optional<Arrival> Conversation::send(const Server& server) {
  query_ = make_query(question_, form_, random_id(), client_cookie());
  const wire::Bytes octets = sign(wire::build(query_));
  if (lookup_.show_query) {
    Delivery sending = delivery(server);
    sending.octets = octets.size();
    output_.put_banner();
    output_.put(query_text(query_, sending, display_));
  }
  const auto patience =
      lookup_.timeout_s > 0 ? std::chrono::seconds(lookup_.timeout_s) : (tcp_ ? 10s : 5s);
  if (tcp_ && is_transfer(question_)) {
    transfer(server, octets, patience);
    return std::nullopt;
  }
  Outcome outcome = tcp_ ? ask_over_stream(server, octets, patience)
                         : ask_over_udp(route_to(server), octets, patience,
                                        [this](auto datagram) { return is_ours(datagram); });
  if (auto* arrival = std::get_if<Arrival>(&outcome)) return std::move(*arrival);
  report(server, std::get<NoArrival>(outcome));
  return std::nullopt;
}

// The signature becomes a part of the query that is shown.
wire::Bytes Conversation::sign(wire::Bytes octets) {
  const auto& key = key_of(lookup_);
  if (!key) return octets;
  const auto now =
      std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  octets = signatures_.emplace(*key).sign(octets, now).octets;
  if (auto signed_query = wire::parse(octets)) query_ = std::move(*signed_query);
  return octets;
}

Route Conversation::route_to(const Server& server) const {
  return {server.endpoint, server.name, lookup_.source, lookup_.encryption};
}

Outcome Conversation::ask_over_stream(const Server& server, std::span<const std::uint8_t> octets,
                                      std::chrono::milliseconds patience) {
  auto connection = connect(route_to(server), Clock::now() + patience);
  if (auto* trouble = std::get_if<NoArrival>(&connection)) return std::move(*trouble);
  return ask_over(*std::get<std::unique_ptr<Connection>>(connection), octets, patience);
}

void Conversation::transfer(const Server& server, std::span<const std::uint8_t> octets,
                            std::chrono::milliseconds patience) {
  auto connection = connect(route_to(server), Clock::now() + patience);
  std::optional<NoArrival> trouble;
  if (auto* unreachable = std::get_if<NoArrival>(&connection)) {
    trouble = std::move(*unreachable);
  } else {
    Connection& open = *std::get<std::unique_ptr<Connection>>(connection);
    trouble = open.send(octets, Clock::now() + patience);
    if (!trouble)
      trouble = receive_transfer(open, lookup_, query_, signatures_ ? &*signatures_ : nullptr,
                                 delivery(server), patience, output_);
  }
  transferred_ = !trouble;
  if (trouble) report(server, *trouble);
}

Delivery Conversation::delivery(const Server& server) const {
  return {.server = server.endpoint,
          .server_name = server.name,
          .carrier = tcp_ ? carrier_text(lookup_.encryption) : "UDP",
          .octets = 0,
          .transfer = {},
          .elapsed = {},
          .when = local_time(),
          .arrived = now()};
}

// What cannot be read is let through: it carries our id, and conclude() shows what it was.
bool Conversation::is_ours(std::span<const std::uint8_t> octets) {
  const auto header = wire::parse_header(octets);
  if (!header) {
    output_.put(";; Warning: short (< header size) message received\n");
    return false;
  }
  const auto message = wire::read_loosely(octets);
  wire::Message shape;
  if (message) {
    shape = *message;
  } else {
    shape.header = header->header;
  }
  if (const auto wrong = mismatch(query_, shape)) {
    output_.put(*wrong + "\n");
    return false;
  }
  if (!shape.header.response) output_.put(";; Warning: query response not set\n");
  return true;
}

void Conversation::report(const Server& server, const NoArrival& failure) {
  using enum NoArrival::Stage;
  const std::string place = server_text(server.endpoint);
  // Where dig meets no TLS behind +tls it ends without a word, as if all were well; whoever reads
  // standard error learns why.
  const bool silent = failure.stage == Handshake && lookup_.encryption.carrier == Carrier::Tls;
  unreachable_ = failure.stage == Setup || failure.stage == Handshake;
  hopeless_ = silent || failure.stage == Certificate || failure.stage == Files;
  if (silent) {
    std::fprintf(stderr, "cdig: no TLS with %s: %s\n", place.c_str(), failure.reason.c_str());
  } else if (failure.stage == Files) {
    output_.put(";; " + failure.reason + "\n");
  } else if (failure.stage == Certificate) {
    output_.put(";; TLS peer certificate verification for " + place + " failed: " + failure.reason +
                "\n");
  } else if (unreachable_) {
    output_.put((tcp_ ? ";; Connection to " : ";; UDP setup with ") + place + "(" + server.name +
                ") for " + lookup_.name + " failed: " + failure.reason + ".\n");
  } else {
    output_.put(";; communications error to " + place + ": " + failure.reason + "\n");
  }
}

// nullopt: the same question again, to the server that at_ says, in the way that form_ and tcp_
// say.
std::optional<Attempt> Conversation::conclude(const Arrival& arrival) {
  const Server& server = servers_[at_];
  auto message = wire::read_loosely(arrival.octets);
  if (!message) {
    if (!lookup_.display.yaml)
      output_.put(";; Got bad packet: " + message.error() + "\n" + hex_dump(arrival.octets));
    return Attempt{};
  }
  if (message->malformed && !lookup_.display.yaml)
    output_.put(";; Warning: Message parser reports malformed message packet.\n");
  if (const auto wrong = tcp_ ? mismatch(query_, *message) : std::nullopt) {
    output_.put(*wrong + "\n");
    return Attempt{std::nullopt, exit_no_reply};
  }
  const bool unverified = signatures_ && !verified(*signatures_, arrival.octets, output_);
  if (message->header.truncated && !tcp_ && !lookup_.ignore_truncation) {
    if (!lookup_.display.short_form) output_.put(";; Truncated, retrying in TCP mode.\n");
    tcp_ = true;
    return std::nullopt;
  }
  if (message->header.rcode == wire::Rcode::BADVERS && message->edns && form_.edns_version &&
      lookup_.negotiate_edns && message->edns->version < *form_.edns_version) {
    form_.edns_version = message->edns->version;
    output_.put(";; BADVERS, retrying with EDNS version " + std::to_string(*form_.edns_version) +
                ".\n");
    return std::nullopt;
  }
  if (message->header.rcode == wire::Rcode::SERVFAIL && !lookup_.stop_at_servfail) {
    const bool more = at_ + 1 < servers_.size();
    output_.put(";; Got SERVFAIL reply from " + server.endpoint.address.to_text() +
                (more ? ", trying next server\n" : "\n"));
    if (more) {
      ++at_;
      tcp_ = lookup_.tcp;
      return std::nullopt;
    }
  }
  Delivery delivery = this->delivery(server);
  delivery.octets = arrival.octets.size();
  delivery.elapsed = arrival.elapsed;
  delivery.unverified = unverified;
  return Attempt{Reply{query_, std::move(*message), std::move(delivery)}, exit_answered};
}

std::vector<Server> servers_of(const Lookup& lookup, const System& system, ServerNames& names) {
  if (lookup.servers.empty()) return system_servers(system.conf, lookup.port, lookup.family);
  std::vector<Server> servers;
  for (const std::string& name : lookup.servers) {
    const auto some = names.find(name, lookup.port, lookup.family);
    if (some) servers.insert(servers.end(), some->begin(), some->end());
  }
  return servers;
}

// Addresses of IPv4 in IPv6's clothes, or for whom IPv6 alone was asked for, are passed over.
std::vector<Server> acceptable(const std::vector<Server>& servers, Output& output) {
  std::vector<Server> accepted;
  for (const Server& server : servers) {
    if (!server.mapped) {
      accepted.push_back(server);
      continue;
    }
    const std::string text = server.endpoint.address.to_text();
    output.put(";; Skipping mapped address '" +
               (server.endpoint.address.is_v6() ? text : "::ffff:" + text) + "'\n");
  }
  return accepted;
}

}  // namespace

void Output::put(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

void Output::put_banner_above_failure() {
  if (printed_) return;
  printed_ = true;
  put(greeting_);
}

Attempt ask(const Lookup& lookup, const wire::Question& question, std::span<const Server> servers,
            Output& output) {
  return Conversation(lookup, question, servers, output).hold();
}

int look_up(const Lookup& lookup, const System& system, ServerNames& names, Output& output) {
  const auto name = name_in(lookup.name);
  if (!name) {
    std::fprintf(stderr, "%s: '%s' is not a legal name (%s)\n", system.program.c_str(),
                 lookup.name.c_str(), name.error().c_str());
    return exit_internal;
  }
  const std::vector<Server> found = servers_of(lookup, system, names);
  const std::vector<Server> servers = acceptable(found, output);
  if (servers.empty()) {
    output.put(";; No acceptable nameservers\n");
    return exit_answered;
  }
  const wire::Question question{*name, lookup.type, lookup.rrclass};
  if (lookup.trace) return trace(lookup, question, servers, output);
  if (lookup.map) return draw_map(lookup, question, servers, output);
  // Before the question itself: afterwards there would only be a look into the cache to tell of.
  const std::string why = lookup.why ? why_text(question, lookup.control_socket) : "";

  const Attempt attempt = ask(lookup, question, servers, output);
  if (!attempt.reply) {
    if (attempt.exit_code == exit_no_reply) output.put(no_reply_text);
    return attempt.exit_code;
  }
  const Reply& reply = *attempt.reply;
  const Display display = is_transfer(question) ? transfer_display(lookup.display) : lookup.display;
  output.put_banner();
  output.put(reply_text(reply.message, reply.query, reply.delivery, display));
  output.put(why);
  return exit_answered;
}

}  // namespace cairn::cdig
