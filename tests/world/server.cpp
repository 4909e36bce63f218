#include "tests/world/server.hpp"

namespace cairn::world {

namespace {

void append(const std::vector<wire::RRsetView>& views, bool dnssec_ok,
            std::vector<wire::Record>& records) {
  for (const auto& view : views) {
    const auto count = view.rdata.size();
    for (std::size_t i = 0; i < count; ++i) {
      const auto rdata = view.rdata[(view.first + i) % count];
      records.push_back(
          {*view.owner, view.type, view.rrclass, view.ttl, {rdata.begin(), rdata.end()}});
    }
    if (!dnssec_ok) continue;
    for (const auto rdata : view.signatures)
      records.push_back(
          {*view.owner, wire::RRType::RRSIG, view.rrclass, view.ttl, {rdata.begin(), rdata.end()}});
  }
}

}  // namespace

void put_answer(const zones::Zone& zone, const wire::Question& question, bool dnssec_ok,
                wire::Message& reply) {
  zones::ZoneAnswer answer;
  zone.answer(question, dnssec_ok, answer);
  reply.header.rcode = answer.rcode;
  reply.header.authoritative = answer.authoritative;
  append(answer.answer, dnssec_ok, reply.answer);
  append(answer.authority, dnssec_ok, reply.authority);
  append(answer.additional, dnssec_ok, reply.additional);
}

const zones::Zone* Server::zone_for(const wire::Question& question) const {
  const auto* zone = zones_.find(question.name);
  // The parent knows the DS of a zone (RFC 4035 section 3.1.4.1).
  if (zone != nullptr && question.type == wire::RRType::DS && zone->apex() == question.name) {
    const auto* parent = zones_.find(question.name.parent());
    if (parent != nullptr) return parent;
  }
  return zone;
}

Reaction Server::react(const wire::Message& query, resolver::Transport transport,
                       const wire::Endpoint& asked, resolver::Random& random) {
  Reaction reaction{.query = query, .transport = transport, .server = asked, .from = asked};
  auto& reply = reaction.reply;
  reply.header = query.header;
  reply.header.response = true;
  reply.header.rcode = wire::Rcode::REFUSED;
  reply.questions = query.questions;
  if (query.edns) reply.edns = wire::Edns{};
  if (query.questions.size() == 1) {
    if (const auto* zone = zone_for(query.questions[0])) {
      const bool dnssec_ok = query.edns && query.edns->dnssec_ok;
      put_answer(*zone, query.questions[0], dnssec_ok, reply);
      for (const auto& its : signed_zones_)
        if (dnssec_ok && its->zone().get() == zone) its->add_proofs(query.questions[0], reply);
    }
  }
  for (auto& misbehaviour : misbehaviours_) misbehaviour.apply(reaction, random);
  return reaction;
}

}  // namespace cairn::world
