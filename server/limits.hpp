// Every bound of the daemon towards its clients: a name, a number, the reason. Those of the work
// upstream are in resolver/limits.hpp.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "resolver/limits.hpp"

namespace cairn::server::limits {

using namespace std::chrono_literals;

// Datagrams.
inline constexpr std::size_t batch = 32;           // datagrams per system call
inline constexpr unsigned batches_per_wakeup = 4;  // then upstream replies and streams have a turn
inline constexpr std::size_t query_octets = 4096;  // a longer datagram is cut, and so malformed
inline constexpr std::size_t plain_udp_octets = 512;   // RFC 1035 section 4.2.1, without EDNS
inline constexpr std::size_t least_edns_octets = 512;  // RFC 6891 section 6.2.3
inline constexpr std::size_t most_edns_octets = 4096;  // of edns-udp-size
inline constexpr int socket_buffer_octets = 4 << 20;   // a burst waits here; best effort

// Questions.
inline constexpr std::size_t edns_options = 32;  // looked at (CVE-2026-41292: option floods)
// Over UDP: answered all at once, they are 48 times 1,232 octets, less than 60 kB (DNSBomb 2024).
inline constexpr std::size_t waiting_per_client = 48;
inline constexpr std::size_t waiting_per_near_client = 4000;  // whose source nobody forges
// As many as may be worked on: joining a running question must not cost more than starting one.
inline constexpr std::size_t waiting_in_all = resolver::limits::jobs;
inline constexpr auto stale_datagram = 1900ms;  // no forged client gets a late pulse (DNSBomb 2024)

// Of the slots of the engine, one network (/24, /56) has no more than a quarter: it does not starve
// the others, however many addresses it has (CVE-2026-42534: request lists filled by few).
inline constexpr std::size_t waiting_per_network = resolver::limits::jobs / 4;
inline constexpr unsigned network_bits_v4 = 24, network_bits_v6 = 56;

// Who may ask (RFC 5358): nobody has a larger network than a registry gives out, and who allows one
// runs an open resolver.
inline constexpr unsigned widest_network_v4 = 8, widest_network_v6 = 16;

// Answers over UDP to a network that may be forged. The number is the operator's.
inline constexpr unsigned answers_per_second = 1000;  // a /24 full of households, each at its peak
inline constexpr auto rate_burst = 1s;                // so much of it at once
inline constexpr unsigned short_answer_every = 2;
// Of them no more than a quarter alike: equal ones, denials of names, refusals and failures.
inline constexpr unsigned share_of_a_kind = 4;
inline constexpr std::size_t rate_rows = 8192;  // of four networks or kinds each: 768 KiB

// Cookies (RFC 9018 section 4.3).
inline constexpr auto cookie_life = 3600s;
inline constexpr auto cookie_youth = 1800s;       // then it is replaced
inline constexpr auto cookie_from_future = 300s;  // clocks of servers that share a secret differ
inline constexpr auto cookie_key_life = 86400s;

// Streams (RFC 7766 section 6.2; slowloris, CVE-2024-0760).
inline constexpr std::size_t connections = 10'000;                // of all workers together
inline constexpr std::size_t stream_query_octets = query_octets;  // longer ones are no questions
// Questions that are not whole and answers that are not read, of one worker's connections: 10,000
// times 64 KiB would be 640 MB.
inline constexpr std::size_t held_octets = 32 << 20;
inline constexpr std::size_t connections_per_address = 32;  // and per /56 of IPv6
inline constexpr std::size_t least_holders = 8;             // nobody has more than this part of all
inline constexpr std::size_t questions_per_connection = 100;  // in flight; then it is not read
inline constexpr auto first_question = 3s;
inline constexpr auto idle_connection = 10s;
inline constexpr auto least_patience = 500ms;        // with idle ones when all are taken
inline constexpr std::size_t eviction_sample = 16;   // of them, looked at for the most idle one
inline constexpr auto connection_check = 500ms;      // how often both are looked at
inline constexpr std::size_t unread_octets = 65536;  // then the client does not read: closed
inline constexpr int backlog = 256;

// The way out.
inline constexpr std::size_t upstream_events = 64;  // per wakeup
inline constexpr unsigned upstream_rounds = 16;     // of so many, before anything counts as late
// Streams to servers (RFC 7766 section 6.2, RFC 9210 section 4): few of them, shared.
inline constexpr std::size_t streams_per_server = 2;
inline constexpr std::size_t kept_streams = 64;  // of one worker; beyond it one for each question
inline constexpr std::size_t questions_per_stream = 32;  // open at once: what a lost one costs
// A server that ended a stream with questions open gets no others beside one for so long.
inline constexpr auto asked_alone = 300s;
inline constexpr std::size_t servers_asked_alone = 1000;
inline constexpr auto idle_stream = 5s;  // unless the server says how long (RFC 7828), within
inline constexpr auto longest_idle_stream = 30s;
inline constexpr auto idle_stream_check = 1s;          // how often it is looked at
inline constexpr unsigned port_tries = 8;              // random ports, before the kernel chooses
inline constexpr std::size_t reserved_files = 64;      // descriptors kept for listening and control
inline constexpr std::size_t reserved_share = 10;      // and this part of all, if that is more
inline constexpr std::size_t files_of_worker = 16;     // its loop, its listening sockets
inline constexpr std::size_t least_shared_files = 64;  // for clients and upstream; else no start

// Servers with names (named_servers.hpp).
inline constexpr auto name_lookup_try = 1s;       // two for each server of resolv.conf
inline constexpr auto name_lookup_at_start = 2s;  // then cairnd answers without these servers
inline constexpr auto name_lookup_again = 10s;    // while some have no address
inline constexpr auto least_name_lookup = 60s;    // however short the TTL is
inline constexpr auto most_name_lookup = 1h;
inline constexpr std::size_t addresses_of_name = resolver::limits::glue_per_server;

// The operator's side.
inline constexpr std::size_t control_request_octets = 4096;
inline constexpr std::size_t control_connections = 16;
inline constexpr auto drain = 1500ms;  // of questions in flight at the end; the service has 2 s

}  // namespace cairn::server::limits
