#include "tools/cdig/trace.hpp"

#include <algorithm>
#include <array>
#include <random>

#include "resolver/settings.hpp"
#include "tools/cdig/socket.hpp"
#include "tools/cdig/transport.hpp"

namespace cairn::cdig {

namespace {

// No name has more labels than this, so no honest walk has more steps.
constexpr int max_steps = static_cast<int>(wire::Name::max_labels);

std::optional<wire::Name> name_server_of(const wire::Record& record) {
  return record.type == wire::RRType::NS ? wire::Name::from_wire(record.rdata) : std::nullopt;
}

// The addresses of `server` that came along in the additional section.
std::vector<wire::IpAddress> glue_of(const wire::Name& server, const wire::Message& reply) {
  std::vector<wire::IpAddress> addresses;
  for (const wire::Record& record : reply.additional) {
    if (record.owner != server) continue;
    if (const auto address = wire::IpAddress::from_rdata(record.type, record.rdata))
      addresses.push_back(*address);
  }
  return addresses;
}

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
       Output& output)
      : lookup_(lookup), question_(question), resolvers_(resolvers), output_(output) {}

  int go();

 private:
  Referral start();
  std::optional<Reply> step(const Referral& delegation);
  std::vector<Server> servers_of(const Referral& delegation, bool with_glue);
  std::vector<wire::IpAddress> resolve(const wire::Name& server);
  void show(const Reply& reply);

  const Lookup& lookup_;
  const wire::Question& question_;
  std::span<const Server> resolvers_;
  Output& output_;
};

// Asks the resolver for the root's servers; one that does not know them leaves the built-in hints.
Referral Walk::start() {
  Referral hints = root_hints();
  const wire::Question root{wire::Name{}, wire::RRType::NS, wire::RRClass::IN};
  const Attempt attempt = ask(lookup_, root, resolvers_, output_);
  if (attempt.reply) {
    if (auto found = root_servers_in(attempt.reply->message, hints)) {
      show(*attempt.reply);
      return *found;
    }
  }
  output_.put_banner();
  output_.put(";; The root's servers are not known there: starting from the built-in hints\n\n");
  return hints;
}

int Walk::go() {
  Referral at = start();
  for (int steps = 0; steps < max_steps; ++steps) {
    const auto reply = step(at);
    if (!reply) {
      output_.put(no_reply_text);
      return exit_no_reply;
    }
    show(*reply);
    const auto referral = referral_in(reply->message, at.zone, question_.name);
    if (!referral) return exit_answered;
    at = *referral;
  }
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
      Attempt attempt = ask(iterative, question_, left, output_);
      if (!attempt.reply) break;
      last = std::move(attempt.reply);
      if (concludes(last->message) || referral_in(last->message, delegation.zone, question_.name))
        return last;
      const wire::Endpoint& lame = last->delivery.server;
      output_.put(";; Lame reply (" + to_text(last->message.header.rcode) + ") from " +
                  server_text(lame) + "(" + last->delivery.server_name + ")\n");
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
  for (const NameServer& server : delegation.servers) {
    if (server.addresses.empty() == with_glue) continue;
    std::string name = server.name.to_text();
    if (name.size() > 1) name.pop_back();  // dig's footers do without the final dot
    for (const wire::IpAddress& address : with_glue ? server.addresses : resolve(server.name)) {
      if (lookup_.family != Family::Any && address.is_v6() != (lookup_.family == Family::V6))
        continue;
      if (has_route_to(address)) servers.push_back({{address, 53}, name});
    }
  }
  std::shuffle(servers.begin(), servers.end(), Kernel{});
  return servers;
}

std::vector<wire::IpAddress> Walk::resolve(const wire::Name& server) {
  Lookup quiet = lookup_;
  quiet.show_query = false;
  quiet.form = QueryForm{};
  std::vector<wire::IpAddress> addresses;
  for (const auto type : {wire::RRType::A, wire::RRType::AAAA}) {
    const Attempt attempt = ask(quiet, {server, type, wire::RRClass::IN}, resolvers_, output_);
    if (!attempt.reply) continue;
    for (const wire::Record& record : attempt.reply->message.answer)
      if (const auto address = wire::IpAddress::from_rdata(record.type, record.rdata))
        addresses.push_back(*address);
  }
  return addresses;
}

void Walk::show(const Reply& reply) {
  output_.put_banner();
  output_.put(reply_text(reply.message, reply.query, reply.delivery, lookup_.display));
}

}  // namespace

Referral root_hints() {
  Referral hints;
  const auto built_in = resolver::Settings::built_in_root_hints();
  for (const auto& server : built_in.servers) hints.servers.push_back({server.name, server.glue});
  return hints;
}

std::optional<Referral> referral_in(const wire::Message& reply, const wire::Name& zone,
                                    const wire::Name& name) {
  const wire::Header& header = reply.header;
  if (header.rcode != wire::Rcode::NOERROR || header.authoritative || !reply.answer.empty())
    return std::nullopt;
  Referral delegation;
  for (const wire::Record& record : reply.authority) {
    const auto server = name_server_of(record);
    if (!server || !record.owner.is_below(zone) || !name.is_within(record.owner)) continue;
    if (!delegation.servers.empty() && delegation.zone != record.owner) continue;
    delegation.zone = record.owner;
    delegation.servers.push_back({*server, glue_of(*server, reply)});
  }
  if (delegation.servers.empty()) return std::nullopt;
  return delegation;
}

std::optional<Referral> root_servers_in(const wire::Message& reply, const Referral& hints) {
  Referral delegation;
  for (const wire::Record& record : reply.answer) {
    const auto server = name_server_of(record);
    if (!server || !record.owner.is_root()) continue;
    std::vector<wire::IpAddress> addresses = glue_of(*server, reply);
    if (addresses.empty()) {
      const auto hint = std::find_if(hints.servers.begin(), hints.servers.end(),
                                     [&](const auto& known) { return known.name == *server; });
      if (hint != hints.servers.end()) addresses = hint->addresses;
    }
    delegation.servers.push_back({*server, std::move(addresses)});
  }
  if (delegation.servers.empty()) return std::nullopt;
  return delegation;
}

bool concludes(const wire::Message& reply) {
  const wire::Header& header = reply.header;
  if (header.rcode == wire::Rcode::NXDOMAIN) return true;
  return header.rcode == wire::Rcode::NOERROR && (header.authoritative || !reply.answer.empty());
}

int trace(const Lookup& lookup, const wire::Question& question, std::span<const Server> resolvers,
          Output& output) {
  return Walk(lookup, question, resolvers, output).go();
}

}  // namespace cairn::cdig
