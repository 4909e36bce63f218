// +map: the way from the root to a name, drawn: each zone cut on it, the servers on its far side,
// how fast each of them is, and whether the parent vouches for the zone's keys (a DS record, RFC
// 4034 section 5). It asks label by label for NS (as a minimising resolver does, RFC 9156), because
// one server may hold a parent and its child, and would then never give a referral between them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "tools/cdig/lookup.hpp"

namespace cairn::cdig {

/// A server of a zone, and how it took the question.
struct MappedServer {
  std::string name;
  std::string address;  // empty: none was found
  std::optional<std::chrono::microseconds> elapsed;
  std::string trouble;  // "no reply", "REFUSED", "not authoritative"; empty: none
};

struct MappedZone {
  wire::Name name;
  std::string security;  // "DS 12345 (ECDSAP256SHA256)", "no DS", "trust anchor"
  std::vector<MappedServer> servers;
};

struct DelegationMap {
  std::vector<MappedZone> zones;  // from the root down
  std::string ending;             // what the last zone's servers say to the question
};

std::string map_text(const DelegationMap& map);

/// Walks and draws; its exit code.
int draw_map(const Lookup& lookup, const wire::Question& question,
             std::span<const Server> resolvers, Output& output);

}  // namespace cairn::cdig
