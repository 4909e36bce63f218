// Every bound of the resolver: a name, a number, the reason. A published attack stands behind most
// of them; each has a test: beside what it bounds, in tests/unit/resolver/limits_test.cpp, or a
// scenario.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "wire/types.hpp"

namespace cairn::resolver::limits {

using namespace std::chrono_literals;

// One client question, all causes together (CAMP 2024, NXNSAttack 2020): counted in one Budget that
// every child shares.
inline constexpr unsigned sends_per_query = 64;
inline constexpr unsigned address_lookups_per_query = 32;
// Of them, those without result: a count per delegation alone multiplies with each level of them.
inline constexpr unsigned fruitless_lookups_per_query = 8;
inline constexpr std::size_t received_octets_per_query = 262144;
// Questions that others of it wait for, also those whose answers are known: a deep name has a DS
// and a DNSKEY set for each of its labels at most, and whatever goes round in a circle ends.
inline constexpr unsigned children_per_query = 300;
inline constexpr auto query_time = 5s;  // a stub resolver has asked again by then

// One delegation (NRDelegationAttack 2022): more names than this are dropped at random, so that an
// attacker cannot choose which.
inline constexpr std::size_t servers_parsed_per_delegation = 20;
inline constexpr std::size_t servers_per_delegation = 13;
inline constexpr std::size_t glue_per_server = 8;
inline constexpr unsigned fruitless_lookups_per_delegation = 5;
inline constexpr unsigned lookups_per_delegation = 10;
inline constexpr unsigned failures_per_zone = 8;  // asks of its servers without a usable reply
inline constexpr unsigned failures_per_silent_zone = 6;  // if none of them has ever answered
inline constexpr unsigned asks_per_address = 3;  // of one zone in one resolution, loss included
// Of one that has answered before: with 60 % of packets lost, enough for 98 of 100 answers.
inline constexpr unsigned asks_per_known_address = 8;
inline constexpr unsigned probes_per_zone = 2;  // of servers that seem dead, with nobody else left

// DNS64: of AAAA sets that are made of A sets, where no SOA says for how long (RFC 6147 section
// 5.1.7), and of the aliases into in-addr.arpa.
inline constexpr wire::Ttl translated_ttl{600};

// Shapes of names and chains.
inline constexpr unsigned alias_steps = 11;         // CNAME and DNAME; as Unbound and BIND
inline constexpr unsigned minimisation_steps = 10;  // RFC 9156 section 2.3, MAX_MINIMISE_COUNT
inline constexpr unsigned minimise_one_label = 4;   // RFC 9156 section 2.3, MINIMISE_ONE_LAB
// Of one zone's servers, before they are asked the whole question: one packet may be lost.
inline constexpr unsigned silences_to_short_questions = 2;
inline constexpr unsigned depth = 7;  // of questions that wait for questions

// One exchange.
// Wrong id, question or case: beyond it somebody is guessing, TCP instead.
inline constexpr unsigned mismatches_per_socket = 200;
// For how long a server whose round trip is not known is waited for alone: nearly all are nearer.
inline constexpr auto first_patience = 250ms;
// For a server of IPv6 while nothing says that IPv6 works: a broken path costs about a round trip.
inline constexpr auto ipv6_head_start = 50ms;
// Added to a known round trip: a busy server is not a lost packet.
inline constexpr auto least_variance = 50ms;
// And for how long a reply still counts while others are asked, within these bounds: it costs no
// time, only a socket, and slow servers (satellites) are heard at the first try.
inline constexpr unsigned patiences_until_timeout = 4;
inline constexpr auto shortest_timeout = 400ms;
inline constexpr auto longest_timeout = 1500ms;  // three servers fit in query_time
inline constexpr auto tcp_timeout = 2s;
inline constexpr auto tcp_patience = 1s;        // three round trips of a far server
inline constexpr unsigned flights_per_job = 3;  // one question with so many servers at a time
// That wait for one exchange; beyond it the next begins an equal one. All jobs together have 20 of
// them in the air, far from what a forger's birthday needs.
inline constexpr std::size_t passengers_per_flight = 1000;
// Of a worker, exchanges that nobody waits for any more, heard to their end for what they teach.
inline constexpr std::size_t overtaken = 1000;
// Which server is asked first: round trips that differ by less, or by an eighth, are equal; nobody
// feels it, and two measurements of one server differ by more.
inline constexpr auto equal_round_trips = 5ms;
// Of a server that was never asked: nearer ones are known already, from farther ones it takes over.
inline constexpr auto supposed_round_trip = 20ms;
// One choice in so many falls on a slower one. While it is late, the fastest is asked as well.
inline constexpr unsigned exploration_odds = 64;
// Of one question to one server, over UDP and TCP: a server that takes back with each reply what it
// asked for with the last one gets no further.
inline constexpr unsigned sends_per_exchange = 6;

// Questions that are unanswered at a time, of one worker (water torture 2014): a window that prompt
// replies widen and silence halves. First: com. after a cold start, at 50 ms, some 4,000 a second.
inline constexpr std::size_t first_zone_window = 200;
inline constexpr std::size_t least_zone_window = 10;  // enough to find it again
// To a zone that answers, but late: 160 a second at 300 ms. Far servers live with it.
inline constexpr std::size_t slow_zone_window = 50;
// A server that is silent for one zone may serve others well.
inline constexpr std::size_t first_server_window = 1000;
inline constexpr std::size_t least_server_window = 100;
inline constexpr std::size_t widest_window = 20000;
// To a forwarder, silent or not: names behind it that are dead say nothing of it, and where there
// is no other way, nobody is helped by not asking.
inline constexpr std::size_t forwarder_window = 20000;
inline constexpr auto prompt_reply = 300ms;
inline constexpr auto window_halving = 1s;    // once in that time: with a third of all packets lost
                                              // it still grows
inline constexpr auto window_lifetime = 60s;  // without use
inline constexpr std::size_t windows = 20000;

// What is remembered of zones' keys, of one worker: about 2 KiB each, as keys are imported. DS and
// DNSKEY sets of honest zones have some 1000 octets, a stranger's have up to 64 KiB each.
inline constexpr std::size_t links = 4096;
inline constexpr std::size_t link_octets = 16 << 20;
inline constexpr auto link_lifetime = 24h;       // whatever TTL says that a delegation has no keys
inline constexpr auto least_link_lifetime = 5s;  // query_time: what it stands on must not fall away
inline constexpr auto anchor_link_lifetime = 1h;  // then the root's keys are looked at again
// A chain that is broken: as long as a stub resolver may ask again and again (RFC 4035
// section 4.7).
inline constexpr auto broken_link_lifetime = 10s;
// Servers that give a Bogus answer to one question, before it is the zone's fault (rollover and die
// 2009: resolvers asked all servers, again and again).
inline constexpr unsigned bogus_replies = 3;

// Replies of one worker that are held until the keys of their zones are known: they wait for as
// long as a silent server makes them. Beyond it the larger ones are dropped, which few honest
// replies are; the small ones are bounded by `jobs`.
inline constexpr std::size_t held_octets = 16 << 20;
inline constexpr std::size_t small_reply = 4096;

// What is remembered of servers.
inline constexpr unsigned timeouts_until_dead = 3;
// And that long, if it has answered before: most questions to it have got through by then.
inline constexpr auto silence_until_dead = 4s;
// A dead server is asked again after as long as it has been silent, within these bounds.
inline constexpr auto first_probe = 2s;
inline constexpr auto longest_probe = 300s;
// For so long a server is asked without what it did not understand: EDNS, cookies, random case.
inline constexpr auto quirk_lifetime = 1h;
// And if it may as well have been a lost packet.
inline constexpr auto supposed_quirk_lifetime = 5min;
inline constexpr auto unsendable = 1s;  // no route, or no socket left: others first for so long
inline constexpr auto lame_lifetime = 300s;
// A delegation that led nowhere is fetched anew once in that time, in case the zone has moved; not
// for each new name below it (TsuNAME 2021).
inline constexpr auto stuck_lifetime = 30s;
inline constexpr auto failure_lifetime = 5s;  // RFC 9520 section 3.2 asks for at least 1 s

// Serve-stale (RFC 8767 section 5).
inline constexpr auto patience = 1800ms;  // after which a client gets what has expired, if anything
inline constexpr wire::Ttl expired_ttl{30};
inline constexpr auto longest_expired = 24h;
// Of a zone that denies what is there: as long as such a denial may be told, an hour and the day in
// which it has expired.
inline constexpr auto false_denial_lifetime = 25h;

// Fetching again what is asked for often, before it expires.
inline constexpr unsigned sends_per_refresh = 16;  // nobody waits for it
inline constexpr std::size_t refreshes = 1000;     // at the same time, of one worker

inline constexpr std::size_t trace_steps =
    1000;  // of what a question waited for, copied into its own

// Signatures checked before other clients get their turn: about a millisecond of the slowest
// algorithm's (KeyTrap 2024 held them back for hours).
inline constexpr unsigned checks_per_turn = 8;

// One worker.
inline constexpr std::size_t jobs = 20000;  // questions in progress; beyond it new ones are refused
inline constexpr std::size_t records_per_message = 1024;  // looked at in a reply
inline constexpr std::size_t sets_kept_per_message = 64;
// NSEC and NSEC3 sets beside a referral or an answer from a wildcard: three are what it takes.
inline constexpr std::size_t proofs_per_answer = 8;
// CVE-2024-1737: large sets slow everything that touches them.
inline constexpr std::size_t records_per_set = 100;

}  // namespace cairn::resolver::limits
