// What an Engine holds, and all that it does: private to it. The work stands in four files, one for
// each noun:
//
//   engine.cpp          the loop: what is ready goes on until it waits for something; and Engine's
//                       own calls, which tell it what has happened
//   engine_jobs.cpp     jobs that wait for other jobs: starting, joining, finishing, giving up
//   engine_flights.cpp  jobs that wait for servers: exchanges sent off, late, answered, overtaken
//   engine_clients.cpp  clients that wait for jobs: what they are told, and when that is an expired
//                       or a translated answer
//
// Nothing here recurses: jobs that may go on stand in `ready`.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "resolver/chain_of_trust.hpp"
#include "resolver/engine.hpp"
#include "resolver/flights.hpp"
#include "resolver/job.hpp"
#include "wire/siphash.hpp"

namespace cairn::resolver {

struct Engine::State {
  State(Known its_known, Network& network, Random& its_random)
      : known(its_known),
        random(its_random),
        flights(network, {its_random.next(), its_random.next()}),
        by_question(64, QuestionHash{{its_random.next(), its_random.next()}}),
        refreshing(8, by_question.hash_function()),
        unchecked(8, by_question.hash_function()),
        chain({its_random.next(), its_random.next()}) {
    known.chain = &chain;
  }

  struct Query {
    JobId job = no_job;
    wire::Instant asked{};
    bool as_it_is = false;
  };

  struct QuestionHash {
    wire::SipKey key;
    std::size_t operator()(const wire::Question& question) const {
      return question.name.hash(key) ^
             (static_cast<std::size_t>(question.type) * 0x9e3779b97f4a7c15U);
    }
  };
  using ByQuestion = std::unordered_map<wire::Question, JobId, QuestionHash>;

  /// A job's newest exchange is late by then.
  struct Lateness {
    wire::Instant at;
    JobId job;
    bool operator>(const Lateness& other) const { return at > other.at; }
  };
  using Deadlines = std::deque<std::pair<wire::Instant, JobId>>;  // in the order of their time

  Job* find(JobId id) { return jobs.find(id); }

  // engine.cpp
  void run(wire::Instant now);
  void advance(Job& job, wire::Instant now);

  // engine_jobs.cpp
  Job& start(const wire::Question& question, std::shared_ptr<Budget> budget, unsigned depth,
             JobKind kind = JobKind::Ordinary);
  Job* running_job(const wire::Question& question, JobKind kind = JobKind::Ordinary);
  /// Takes the job out of every table; what it was doing stops.
  std::unique_ptr<Job> remove(Job& job);

  enum class Waiting { Begun, Circular, TooMuch, Full };
  /// Circular: this question must not be waited for by anybody who got here. TooMuch: by this
  /// query. Full: by nobody with so large a reply, for now.
  Waiting wait_for(Job& parent, const Need& need, wire::Instant now);
  void hold(Job& job, std::size_t octets);
  void finish(Job& job, Answer answer, wire::Instant now);
  void resume(Job& parent, const Job& child, const Answer& answer, wire::Instant now);
  /// Who is turned away is so whoever asks: of thousands who waited, each would try for all that
  /// are left.
  static bool may_succeed_for_others(const Answer& answer);
  /// Nobody waits for the job any more: it stops, and so does what it waited for, unless others
  /// wait for that.
  void abandon(Job* job);
  wire::Instant time_of(JobId id);
  /// The time is over: what those have done that the job still waits for belongs to its trace.
  void tell_of_waiting(Job& job, wire::Instant now);

  // engine_flights.cpp
  /// The reply is late, or one server has failed while others are asked: one more.
  void ask_another(Job& job, wire::Instant now);
  /// Unless there is no room; if that is so in the whole zone, a job that waits for nothing else is
  /// finished.
  Room launch(Job& job, const Ask& ask, wire::Instant now);
  /// One that has rested for long enough is asked by one question; the others see what comes of it.
  void let_rest(const wire::Endpoint& server, cache::ServerState state, wire::Instant now);
  /// Too many questions are unanswered already. Another server may have room; what is late goes on
  /// waiting.
  void turn_away(Job& job, const Ask& ask, Room room, wire::Instant now);
  /// Each second one of a question is waited for twice as long.
  void begin_patience(Job& job, const Flight& flight, wire::Instant now);
  bool is_late(const Lateness& lateness);
  void end_of_patience(wire::Instant now);
  /// Does what the exchange says, until it waits or is over. Its jobs may be finished afterwards.
  void apply(Flight& flight, Exchange::Action action, wire::Instant now);
  /// For all who are aboard, whoever can.
  Job* payer_of(const Flight& flight);
  /// Nobody is left who would pay for what has to be sent.
  void break_off(Flight& flight, wire::Instant now);
  /// The job does not wait for it any more, and tells of it.
  static void disembark(Job& job, const Flight& flight, const Flight::Passenger& its,
                        wire::Instant now);
  static void disembark(Job& job, const Flight& flight, wire::Instant now);
  /// Each packet is told by one.
  static Exchange::Finished as_seen_by(const Flight::Passenger& passenger,
                                       Exchange::Finished finished);
  /// Many questions may be with one server: what one learns of it is not undone by another.
  void refresh(Flight& flight, wire::Instant now) const;
  void conclude(Flight& flight, Exchange::Finished finished, wire::Instant now);
  void arrive(Job& job, const Flight& flight, const Exchange::Finished& finished,
              wire::Instant now);
  /// The first usable reply counts. Of whom it came from, an older packet was lost.
  void overtake_others(Job& job, const wire::Endpoint& faster, wire::Instant now);
  /// Its place is needed for a newer one; it has waited for long.
  void give_up_oldest(Job& job, wire::Instant now);

  // engine_clients.cpp
  void add_query(Job& job, QueryId query, bool as_it_is, wire::Instant now);
  static std::shared_ptr<Budget> new_budget(wire::Instant asked);
  Job& start_for_client(const wire::Question& question, std::shared_ptr<Budget> budget,
                        JobKind kind = JobKind::Ordinary);
  /// At the end as a rule: all are equally long.
  static void insert_in_time(Deadlines& deadlines, wire::Instant at, JobId job);
  void start_again(const Job& ended, wire::Instant now);
  void take_over(Job& job, const std::vector<QueryId>& waiting, wire::Instant patience_ends,
                 wire::Instant now);
  /// All clients that wait for the job.
  void tell(Job& job, Answer answer);
  /// Clients are told an AAAA set that is made of the A set (RFC 6147), as soon as that is known.
  /// Who wants the answer as it is has it now.
  bool translate(Job& ended, const Answer& answer, wire::Instant now);
  void tell_expired(Job& job, const Answer& answer, wire::Instant now);
  /// That no AAAA records are known of is expired: so may be the A records that they are made of.
  std::optional<Answer> translated_expired(Job& job, const Answer& answer, wire::Instant now);
  /// What clients are told in place of a failure, if it is known.
  std::optional<Answer> expired(Job& job, const std::string& why, wire::Instant now);
  /// The servers take long. Clients get what has expired, if anything, and the work goes on for
  /// the cache (RFC 8767 section 5).
  void end_patience(Job& job, wire::Instant now);

  Known known;
  Random& random;
  EngineStatistics statistics;

  Flights flights;
  Slots<Job> jobs;
  std::size_t held_octets = 0;
  std::size_t going_on = 0;  // of them, those that do though nobody waits
  QueryId last_query = 0;
  ByQuestion by_question;
  ByQuestion refreshing;
  ByQuestion unchecked;
  ByQuestion& table_of(JobKind kind) {
    return kind == JobKind::Refresh     ? refreshing
           : kind == JobKind::Unchecked ? unchecked
                                        : by_question;
  }
  std::unordered_map<QueryId, Query> queries;
  std::deque<JobId> ready;
  // What all that is ready may cost before others get their turn: then it waits for a deadline that
  // has come already.
  unsigned checks_of_turn = 0;
  wire::Instant turn_at{};
  std::priority_queue<Lateness, std::vector<Lateness>, std::greater<>> latenesses;
  Deadlines query_deadlines;
  Deadlines patiences;
  std::vector<Finished> answered;
  ChainOfTrust chain;
};

}  // namespace cairn::resolver
