#include "tools/cdig/trace.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <random>

#include "tools/cdig/host_addresses.hpp"
#include "tools/cdig/referral.hpp"
#include "tools/cdig/socket.hpp"
#include "tools/cdig/transport.hpp"

namespace cairn::cdig {

namespace {

// No name has more labels than this, so no honest walk has more steps.
constexpr int max_steps = static_cast<int>(wire::Name::max_labels);

struct Kernel {  // a generator as std::shuffle wants it
  using result_type = std::uint32_t;
  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return UINT32_MAX; }
  result_type operator()() const {
    std::array<std::uint8_t, 4> octets{};
    fill_randomly(octets);
    return static_cast<result_type>(octets[0]) << 24 | static_cast<result_type>(octets[1]) << 16 |
           static_cast<result_type>(octets[2]) << 8 | octets[3];
  }
};

class Walk {
 public:
  Walk(const Lookup& lookup, const wire::Question& question, std::span<const Server> resolvers,
       const System& system, Output& output)
      : lookup_(lookup),
        question_(question),
        resolvers_(resolvers),
        system_(system),
        output_(output) {}

  int go();

 private:
  std::optional<Referral> start();
  std::optional<Reply> step(const Referral& delegation);
  std::vector<Server> servers_of(const Referral& delegation, bool with_glue);
  void show(const Reply& reply);

  const Lookup& lookup_;
  const wire::Question& question_;
  std::span<const Server> resolvers_;
  const System& system_;
  Output& output_;
  bool asked_ = false;    // somebody of the zone at hand
  std::string homeless_;  // the last server without an address
};

// Asks the resolver for the root's servers; one that does not know them leaves the built-in hints.
std::optional<Referral> Walk::start() {
  Referral hints = root_hints();
  const wire::Question root{wire::Name{}, wire::RRType::NS, wire::RRClass::IN};
  const Attempt attempt = ask(lookup_, root, resolvers_, output_);
  if (!attempt.reply) return std::nullopt;
  show(*attempt.reply);
  if (auto found = root_servers_in(attempt.reply->message, hints)) return found;
  output_.comment(";; The root's servers are not known there: starting from the built-in hints\n\n",
                  lookup_.display);
  return hints;
}

int Walk::go() {
  std::optional<Referral> at = start();
  for (int steps = 0; at && steps < max_steps && output_.trouble() == 0; ++steps) {
    asked_ = false;
    const auto reply = step(*at);
    if (!reply && !asked_ && !homeless_.empty()) {
      std::fprintf(stderr, "%s: couldn't get address for '%s': no more\n", system_.program.c_str(),
                   homeless_.c_str());
      return exit_usage;
    }
    if (!reply) break;
    show(*reply);
    at = referral_in(reply->message, at->zone, question_.name);
    if (!at) return exit_answered;
  }
  output_.put(unreached_text(lookup_.display));
  return exit_no_reply;
}

// One reply out of the servers of one zone: first those whose addresses came with the referral,
// then those whose addresses must be asked for. Who does not lead on is passed over; when nobody
// does, the last such reply is what there is to show.
std::optional<Reply> Walk::step(const Referral& delegation) {
  std::optional<Reply> last;
  for (const bool with_glue : {true, false}) {
    const std::vector<Server> servers = servers_of(delegation, with_glue);
    Lookup iterative = lookup_;
    iterative.form.recursion_desired = false;
    iterative.tries = servers.size() > 1 ? 1 : lookup_.tries;
    for (std::span<const Server> left = servers; !left.empty();) {
      asked_ = true;
      Attempt attempt = ask(iterative, question_, left, output_);
      if (!attempt.reply) break;
      last = std::move(attempt.reply);
      if (concludes(last->message) || referral_in(last->message, delegation.zone, question_.name))
        return last;
      const wire::Endpoint& lame = last->delivery.server;
      output_.comment(";; Lame reply (" + to_text(last->message.header.rcode) + ") from " +
                          server_text(lame) + "(" + last->delivery.server_name + ")\n",
                      lookup_.display);
      const auto at = std::find_if(left.begin(), left.end(),
                                   [&](const Server& server) { return server.endpoint == lame; });
      left = left.subspan(static_cast<std::size_t>(at - left.begin()) + 1);
    }
  }
  return last;
}

// In random order, as far as this host can reach them.
std::vector<Server> Walk::servers_of(const Referral& delegation, bool with_glue) {
  std::vector<Server> servers;
  std::vector<Server> unreachable;  // asked for want of better ones, so that it is said
  for (const NameServer& server : delegation.servers) {
    if (server.addresses.empty() == with_glue) continue;
    std::string name = server.name.to_text();
    if (name.size() > 1) name.pop_back();  // dig's footers do without the final dot
    const auto addresses =
        with_glue ? server.addresses : host_addresses(server.name, lookup_, resolvers_, output_);
    if (addresses.empty()) {
      output_.comment("couldn't get address for '" + name + "': not found\n", lookup_.display);
      homeless_ = name;
    }
    for (const wire::IpAddress& address : addresses) {
      if (!is_wanted(address, lookup_.family)) continue;
      (has_route_to(address) ? servers : unreachable).push_back({{address, 53}, name});
    }
  }
  if (servers.empty()) servers = std::move(unreachable);
  std::shuffle(servers.begin(), servers.end(), Kernel{});
  return servers;
}

void Walk::show(const Reply& reply) {
  output_.put_banner();
  output_.put(reply_text(reply.message, reply.query, reply.delivery, lookup_.display));
}

}  // namespace

bool concludes(const wire::Message& reply) {
  const wire::Header& header = reply.header;
  if (header.rcode == wire::Rcode::NXDOMAIN) return true;
  return header.rcode == wire::Rcode::NOERROR && (header.authoritative || !reply.answer.empty());
}

int trace(const Lookup& lookup, const wire::Question& question, std::span<const Server> resolvers,
          const System& system, Output& output) {
  return Walk(lookup, question, resolvers, system, output).go();
}

}  // namespace cairn::cdig
