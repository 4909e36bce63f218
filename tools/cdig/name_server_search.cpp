#include "tools/cdig/name_server_search.hpp"

#include "tools/cdig/host_addresses.hpp"
#include "tools/cdig/json.hpp"
#include "tools/cdig/probe.hpp"
#include "tools/cdig/referral.hpp"
#include "tools/cdig/socket.hpp"
#include "tools/cdig/transport.hpp"

namespace cairn::cdig {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view none_reached = ";; NS servers could not be reached\n";

class NameServerSearch {
 public:
  NameServerSearch(const Lookup& lookup, const wire::Question& question,
                   std::span<const Server> resolvers, Output& output)
      : lookup_(lookup), zone_(question.name), resolvers_(resolvers), output_(output) {
    about_soa_.form.recursion_desired = false;
    about_soa_.show_query = false;
    about_soa_.display.short_form = true;
  }

  int go(const wire::Message& name_servers);

 private:
  void add_servers(const wire::Message& name_servers);
  bool ask_at_once();
  bool ask_in_turn();
  void show(const wire::Message& message, const Server& server, std::chrono::microseconds elapsed);

  const Lookup& lookup_;
  const wire::Name& zone_;
  std::span<const Server> resolvers_;
  Output& output_;
  Lookup about_soa_ = lookup_;
  std::vector<Server> servers_;
};

int NameServerSearch::go(const wire::Message& name_servers) {
  add_servers(name_servers);
  if (servers_.empty()) return exit_answered;  // no zone begins here
  const bool reached = lookup_.tcp ? ask_in_turn() : ask_at_once();
  if (reached) return exit_answered;
  output_.put(failure_text(std::string(none_reached), lookup_.display));
  return exit_no_reply;
}

void NameServerSearch::add_servers(const wire::Message& name_servers) {
  std::size_t hosts = 0;
  for (const wire::Record& record : name_servers.answer) {
    const auto host =
        record.type == wire::RRType::NS ? wire::Name::from_wire(record.rdata) : std::nullopt;
    if (!host || hosts++ >= most_servers_of_a_zone) continue;
    for (const auto& address : host_addresses(*host, lookup_, resolvers_, output_))
      servers_.push_back({{address, lookup_.port}, address.to_text()});
  }
}

// Who stays silent is asked again, and named each time.
bool NameServerSearch::ask_at_once() {
  const wire::Question question{zone_, wire::RRType::SOA, wire::RRClass::IN};
  ClientCookie cookie{};
  fill_randomly(cookie);
  const wire::Message query = make_query(question, about_soa_.form, random_id(), cookie);
  const auto patience = lookup_.timeout_s > 0 ? std::chrono::seconds(lookup_.timeout_s) : 5s;
  bool reached = false;
  std::vector<Server> silent;
  for (const Server& server : servers_)
    if (has_route_to(server.endpoint.address))
      silent.push_back(server);
    else
      output_.comment(";; UDP setup with " + server_text(server.endpoint) + "(" + server.name +
                          ") for " + lookup_.name + " failed: network unreachable.\n",
                      lookup_.display);
  for (unsigned tries = lookup_.tries; tries > 0 && !silent.empty(); --tries) {
    std::vector<wire::Endpoint> endpoints;
    for (const Server& server : silent) endpoints.push_back(server.endpoint);
    const auto echoes = probe(endpoints, query, patience);
    std::vector<Server> still_silent;
    for (std::size_t at = 0; at < silent.size(); ++at) {
      if (echoes[at].reply) {
        reached = true;
        show(*echoes[at].reply, silent[at], echoes[at].elapsed);
        continue;
      }
      output_.comment(
          ";; communications error to " + server_text(silent[at].endpoint) + ": timed out\n",
          lookup_.display);
      still_silent.push_back(silent[at]);
    }
    silent = std::move(still_silent);
  }
  return reached;
}

bool NameServerSearch::ask_in_turn() {
  bool reached = false;
  for (const Server& server : servers_) {
    const Attempt attempt = ask(about_soa_, {zone_, wire::RRType::SOA, wire::RRClass::IN},
                                std::span(&server, 1), output_);
    if (!attempt.reply) continue;
    reached = true;
    show(attempt.reply->message, server, attempt.reply->delivery.elapsed);
  }
  return reached;
}

void NameServerSearch::show(const wire::Message& message, const Server& server,
                            std::chrono::microseconds elapsed) {
  Delivery delivery;
  delivery.server = server.endpoint;
  delivery.server_name = server.name;
  delivery.elapsed = elapsed;
  const Display& display = about_soa_.display;
  output_.put(display.json ? reply_json(wire::as_loose(message), delivery)
                           : short_text(message, delivery, display));
}

}  // namespace

int search_name_servers(const Lookup& lookup, const wire::Question& question,
                        std::span<const Server> resolvers, Output& output) {
  Lookup quiet = lookup;
  quiet.show_query = false;
  const Attempt attempt = ask(quiet, question, resolvers, output);
  if (attempt.reply)
    return NameServerSearch(lookup, question, resolvers, output).go(attempt.reply->message);
  if (attempt.exit_code == exit_no_reply) output.put(unreached_text(lookup.display));
  return attempt.exit_code;
}

}  // namespace cairn::cdig
