#include "tools/cdig/conversation.hpp"

#include <array>
#include <cstdio>
#include <ctime>
#include <utility>

#include "tools/cdig/print_edns.hpp"
#include "tools/cdig/transfer.hpp"

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

// One for the whole run, so that servers can recognise the next question (RFC 7873 section 4.1).
const ClientCookie& client_cookie() {
  static const ClientCookie cookie = [] {
    ClientCookie octets{};
    fill_randomly(octets);
    return octets;
  }();
  return cookie;
}

// What +keepopen leaves for the next question to the same server; one for the whole run.
struct OpenStream {
  Route route;
  std::unique_ptr<Connection> connection;
};

std::optional<OpenStream>& open_stream() {
  static auto& stream = *new std::optional<OpenStream>;  // OpenSSL is gone before statics are
  return stream;
}

// The padding is made for the wire, when the rest is written: what is shown has none.
wire::Message without_padding(wire::Message query) {
  if (query.edns && !query.edns->options.empty() &&
      query.edns->options.back().code == wire::OptionCode::Padding)
    query.edns->options.back().data.clear();
  return query;
}

}  // namespace

Conversation::Conversation(const Lookup& lookup, const wire::Question& question,
                           std::span<const Server> servers, Output& output)
    : lookup_(lookup),
      question_(question),
      servers_(servers),
      output_(output),
      display_(lookup.display),
      form_(lookup.form),
      tcp_(lookup.tcp) {}

Attempt Conversation::hold() {
  unsigned tries = lookup_.tries;
  while (at_ < servers_.size()) {
    const auto arrival = send(servers_[at_]);
    if (arrival) {
      if (auto attempt = conclude(*arrival)) return std::move(*attempt);
      continue;
    }
    if (transferred_ || hopeless_) return {std::nullopt, exit_answered};
    if (tries > 1) {
      if (unreachable_) output_.put(unreached_text(display_));
      --tries;
    } else {
      ++at_;
    }
    tcp_ = lookup_.tcp || moved_to_tcp_;
  }
  if (!unreachable_) output_.put_banner_above_failure();
  return {std::nullopt, exit_no_reply};
}

// Comments on the way to a reply have no place in a document.
void Conversation::say(const std::string& line) {
  if (!display_.yaml) output_.comment(line + "\n", display_);
}

// Of a document they take the reply's place.
void Conversation::give_up(const std::string& lines) {
  if (!display_.yaml) output_.put(failure_text(lines, display_));
}

std::optional<Arrival> Conversation::send(const Server& server) {
  if (new_query_)
    unsigned_query_ = make_query(question_, form_, form_.id.value_or(random_id()), client_cookie());
  new_query_ = false;
  query_ = unsigned_query_;
  const wire::Bytes octets = sign(wire::build(query_));
  if (lookup_.show_query) {
    Delivery sending = delivery(server);
    sending.octets = octets.size();
    output_.put_banner();
    output_.put(
        query_text(form_.padding > 0 ? without_padding(query_) : query_, sending, display_));
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
  const auto& key = lookup_.signing_key;
  if (!key) return octets;
  const auto time = lookup_.signing_time_s
                        ? std::chrono::sys_seconds(std::chrono::seconds(*lookup_.signing_time_s))
                        : std::chrono::floor<std::chrono::seconds>(time_of_day());
  octets = signatures_.emplace(*key).sign(octets, time).octets;
  if (auto signed_query = wire::parse(octets)) query_ = std::move(*signed_query);
  return octets;
}

Route Conversation::route_to(const Server& server) const {
  return {server.endpoint, server.name, lookup_.source, lookup_.encryption};
}

Outcome Conversation::ask_over_stream(const Server& server, std::span<const std::uint8_t> octets,
                                      std::chrono::milliseconds patience) {
  const Route route = route_to(server);
  if (auto kept = std::exchange(open_stream(), std::nullopt);
      lookup_.keep_open && kept && kept->route == route) {
    Outcome outcome = ask_over(*kept->connection, octets, patience);
    if (std::holds_alternative<Arrival>(outcome)) {
      open_stream() = std::move(kept);
      return outcome;
    }
    // A server may close at any time (RFC 7766 section 6.2.3): the question is asked on a new one.
  }
  auto connection = connect(route, Clock::now() + patience);
  if (auto* trouble = std::get_if<NoArrival>(&connection)) return std::move(*trouble);
  auto& stream = std::get<std::unique_ptr<Connection>>(connection);
  Outcome outcome = ask_over(*stream, octets, patience);
  if (lookup_.keep_open && std::holds_alternative<Arrival>(outcome))
    open_stream() = OpenStream{route, std::move(stream)};
  return outcome;
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
          .arrived = time_of_day(),
          .unsigned_query = lookup_.key_unused};
}

bool Conversation::is_verified(std::span<const std::uint8_t> octets) {
  const auto wrong = complaint(*signatures_, octets);
  if (wrong) say(*wrong);
  return !wrong;
}

bool Conversation::is_ours(std::span<const std::uint8_t> octets) {
  const Judgement judgement = judge(query_, octets, Medium::Datagram, lookup_.reading());
  for (const std::string& note : judgement.notes) say(note);
  return judgement.ours;
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
    give_up(";; " + failure.reason + "\n");
  } else if (failure.stage == Certificate) {
    give_up(";; TLS peer certificate verification for " + place + " failed: " + failure.reason +
            "\n");
  } else if (unreachable_) {
    say((tcp_ ? ";; Connection to " : ";; UDP setup with ") + place + "(" +
        server.endpoint.address.to_text() + ") for " + lookup_.name + " failed: " + failure.reason +
        ".");
  } else {
    say(";; communications error to " + place + ": " + failure.reason);
  }
}

// nullopt: another question, to the server that at_ says, in the way that form_ and tcp_ say.
std::optional<Attempt> Conversation::conclude(const Arrival& arrival) {
  auto message = read_reply(arrival.octets, lookup_.reading());
  if (tcp_) {
    const Judgement judgement = judge(query_, arrival.octets, Medium::Stream, lookup_.reading());
    for (const std::string& note : judgement.notes) say(note);
    if (!judgement.ours) {
      open_stream().reset();  // the true reply may still come, and is none to the next question
      return Attempt{std::nullopt, exit_answered};
    }
  }
  if (!message) {
    give_up(";; Got bad packet: " + message.error() + "\n" + hex_dump(arrival.octets));
    return Attempt{std::nullopt, exit_answered};
  }
  const Server& server = servers_[at_];
  Delivery delivery = this->delivery(server);
  delivery.octets = arrival.octets.size();
  delivery.elapsed = arrival.elapsed;
  if (asks_again(*message, delivery)) {
    new_query_ = true;
    return std::nullopt;
  }
  if (message->header.rcode == wire::Rcode::SERVFAIL && !lookup_.stop_at_servfail) {
    const bool more = at_ + 1 < servers_.size();
    say(";; Got SERVFAIL reply from " + server.endpoint.address.to_text() +
        (more ? ", trying next server" : ""));
    if (more) {
      ++at_;
      tcp_ = lookup_.tcp;
      return std::nullopt;
    }
  }
  delivery.unverified = signatures_ && !is_verified(arrival.octets);
  check_cookie(*message);
  return Attempt{Reply{query_, std::move(*message), std::move(delivery)}, exit_answered};
}

// What a reply asks for instead of answering: an older EDNS, a stream, a cookie.
bool Conversation::asks_again(const wire::LooseMessage& message, const Delivery& delivery) {
  const bool loud = display_.comments;
  if (message.header.rcode == wire::Rcode::BADVERS && message.edns && form_.edns_version &&
      lookup_.negotiate_edns && message.edns->version < *form_.edns_version) {
    form_.edns_version = message.edns->version;
    if (loud)
      say(";; BADVERS, retrying with EDNS version " + std::to_string(*form_.edns_version) + ".");
    return true;
  }
  if (message.header.truncated && !tcp_ && !lookup_.ignore_truncation) {
    if (loud) say(";; Truncated, retrying in TCP mode.");
    tcp_ = moved_to_tcp_ = true;
    return true;
  }
  return asks_with_cookie(message, delivery);
}

// RFC 7873 section 5.3: a server that wants to see its own cookie sends it along; when it still
// does not like it, TCP proves our address.
bool Conversation::asks_with_cookie(const wire::LooseMessage& message, const Delivery& delivery) {
  if (message.header.rcode != wire::Rcode::BADCOOKIE || tcp_ || !form_.cookie ||
      !lookup_.retry_bad_cookie || !message.edns)
    return false;
  const wire::EdnsOption* cookie = message.edns->find(wire::OptionCode::Cookie);
  if (cookie == nullptr || cookie->data.size() <= ClientCookie{}.size()) return false;
  if (lookup_.show_bad_cookie) {
    output_.put_banner();
    output_.put(reply_text(message, query_, delivery, display_));
  }
  if (display_.comments)
    say(bad_cookie_seen_ ? ";; BADCOOKIE, retrying in TCP mode." : ";; BADCOOKIE, retrying.");
  form_.chosen_cookie = cookie->data;
  tcp_ = moved_to_tcp_ = bad_cookie_seen_;
  bad_cookie_seen_ = true;
  return true;
}

void Conversation::check_cookie(const wire::LooseMessage& message) {
  if (!message.edns) {
    if (!form_.chosen_cookie.empty()) say(";; expected opt record in response");
  } else if (cookie_verdict(*message.edns, &query_) == " (bad)") {
    say(";; Warning: Client COOKIE mismatch");
  }
}

}  // namespace cairn::cdig
