#include "tools/cdig/lookup.hpp"

#include <algorithm>
#include <cstdio>

#include "tools/cdig/conversation.hpp"
#include "tools/cdig/dns64.hpp"
#include "tools/cdig/idn.hpp"
#include "tools/cdig/json.hpp"
#include "tools/cdig/map.hpp"
#include "tools/cdig/name_server_search.hpp"
#include "tools/cdig/name_words.hpp"
#include "tools/cdig/trace.hpp"
#include "tools/cdig/transfer.hpp"
#include "tools/cdig/validating.hpp"
#include "tools/cdig/why.hpp"

namespace cairn::cdig {

namespace {

std::vector<Server> servers_of(const Lookup& lookup, System& system) {
  if (lookup.servers.empty()) return system_servers(system.conf, lookup.port, lookup.family);
  std::vector<Server> servers;
  for (const std::string& name : lookup.servers) {
    const auto some = system.names.find(name, lookup.port, lookup.family);
    if (some) servers.insert(servers.end(), some->begin(), some->end());
  }
  return servers;
}

// Addresses of IPv4 in IPv6's clothes, or for whom IPv6 alone was asked for, are passed over.
std::vector<Server> acceptable(const std::vector<Server>& servers, const Display& display,
                               Output& output) {
  std::vector<Server> accepted;
  for (const Server& server : servers) {
    if (!server.mapped) {
      accepted.push_back(server);
      continue;
    }
    if (display.yaml) continue;
    const std::string text = server.endpoint.address.to_text();
    output.comment(";; Skipping mapped address '" +
                       (server.endpoint.address.is_v6() ? text : "::ffff:" + text) + "'\n",
                   display);
  }
  return accepted;
}

}  // namespace

Attempt ask(const Lookup& lookup, const wire::Question& question, std::span<const Server> servers,
            Output& output) {
  return Conversation(lookup, question, servers, output).hold();
}

namespace {

// The names that a lookup may mean, in the order in which they are asked for.
std::vector<std::string> candidates(const Lookup& lookup, const std::string& name,
                                    const System& system) {
  if (!lookup.search) return {name};
  const auto search = lookup.domain ? std::vector{*lookup.domain} : system.conf.search;
  return names_to_try(name, search, lookup.ndots.value_or(system.conf.ndots));
}

int refuse(const System& system, const std::string& why, int exit_code) {
  std::fprintf(stderr, "%s: %s\n", system.program.c_str(), why.c_str());
  return exit_code;
}

class Asking {
 public:
  Asking(const Lookup& lookup, const System& system, std::span<const Server> servers,
         Output& output)
      : lookup_(lookup), system_(system), servers_(servers), output_(output) {}

  int about(const std::string& text);

 private:
  enum class Step : std::uint8_t { Only, Searched, Last };  // of a search list

  std::optional<int> about(const wire::Question& question, Step step);
  void show(const Reply& reply, Step step);

  const Lookup& lookup_;
  const System& system_;
  std::span<const Server> servers_;
  Output& output_;
};

int Asking::about(const std::string& text) {
  const auto names = candidates(lookup_, text, system_);
  const bool has_dots_enough =
      std::ranges::count(text, '.') >= std::int64_t{lookup_.ndots.value_or(system_.conf.ndots)};
  for (std::size_t at = 0; at < names.size(); ++at) {
    const auto name = name_in(names[at]);
    if (!name)
      return refuse(system_, "'" + names[at] + "' is not a legal name (" + name.error() + ")",
                    exit_internal);
    const bool more = at + 1 < names.size();
    const Step step = more                                   ? Step::Searched
                      : names.size() == 1 && has_dots_enough ? Step::Only
                                                             : Step::Last;
    if (const auto code = about({*name, lookup_.type, lookup_.rrclass}, step)) return *code;
  }
  return exit_answered;
}

// nullopt: the search goes on, because there is no such name.
std::optional<int> Asking::about(const wire::Question& question, Step step) {
  if (lookup_.trace) return trace(lookup_, question, servers_, system_, output_);
  if (lookup_.name_server_search) return search_name_servers(lookup_, question, servers_, output_);
  if (lookup_.map) return draw_map(lookup_, question, servers_, output_);
  // Before the question itself: afterwards there would only be a look into the cache to tell of.
  const std::string why =
      lookup_.why ? why_text(question, lookup_.control_socket, lookup_.display) : "";

  const Attempt attempt = ask(lookup_, question, servers_, output_);
  if (!attempt.reply) {
    if (attempt.exit_code == exit_no_reply) output_.put(unreached_text(lookup_.display));
    return attempt.exit_code;
  }
  const bool goes_on =
      step == Step::Searched && attempt.reply->message.header.rcode == wire::Rcode::NXDOMAIN;
  if (!goes_on || lookup_.show_search) {
    show(*attempt.reply, step);
    output_.put(why);
  }
  if (!goes_on && lookup_.validate)
    return show_validation(lookup_, question, attempt.reply->message, servers_, system_, output_);
  if (!goes_on) return exit_answered;
  if (lookup_.show_search) output_.greet_again();
  return std::nullopt;
}

// dig's footers in a search: none below an error that ends it, and two below the denial of a name
// that had nothing to be searched.
void Asking::show(const Reply& reply, Step step) {
  Display display = lookup_.display;
  const wire::Rcode rcode = reply.message.header.rcode;
  const bool denied = rcode == wire::Rcode::NXDOMAIN;
  if (step == Step::Searched && !denied && rcode != wire::Rcode::NOERROR)
    display.stats = display.identify = false;
  output_.put_banner();
  if (!lookup_.dns64_prefix || !display.short_form)
    output_.put(reply_text(reply.message, reply.query, reply.delivery, display));
  if (lookup_.dns64_prefix) {
    const auto prefixes = dns64_prefixes(reply.message);
    output_.put(display.json ? prefixes_json(prefixes) : prefixes_text(prefixes));
  }
  if (lookup_.search && step == Step::Only && denied && !display.yaml && !display.json)
    output_.put(footer_text(reply.delivery, display));
}

}  // namespace

int look_up(Lookup lookup, System& system, Output& output) {
  std::string name = lookup.name;
  if (lookup.idn_in) {
    const auto ascii = from_unicode(name);
    if (!ascii)
      return refuse(
          system,
          "'" + name + "' is not a legal IDNA2008 name (" + ascii.error() + "), use +noidnin",
          exit_usage);
    name = *ascii;
  }
  const auto servers = acceptable(servers_of(lookup, system), lookup.display, output);
  if (servers.empty()) {
    output.put(failure_text(";; No acceptable nameservers\n", lookup.display));
    return exit_answered;
  }
  const KeyFinding& finding = system.keys.find(lookup, output);
  if (finding.fatal) return exit_usage;
  lookup.signing_key = finding.key;
  lookup.key_unused = finding.unused;
  if (lookup.validate) ask_for_signatures(lookup.form);
  return Asking(lookup, system, servers, output).about(name);
}

}  // namespace cairn::cdig
