#include "resolver/engine.hpp"

#include <algorithm>
#include <deque>
#include <optional>
#include <queue>
#include <unordered_map>
#include <utility>
#include <variant>

#include "resolver/flights.hpp"
#include "resolver/job.hpp"
#include "resolver/limits.hpp"
#include "resolver/rebinding.hpp"
#include "resolver/recall.hpp"

namespace cairn::resolver {
namespace {

using wire::Instant;

struct Query {
  JobId job = no_job;
  Instant asked{};
  bool as_it_is = false;
};

struct QuestionHash {
  wire::SipKey key;
  std::size_t operator()(const wire::Question& question) const {
    return question.name.hash(key) ^
           (static_cast<std::size_t>(question.type) * 0x9e3779b97f4a7c15U);
  }
};

/// A job's newest exchange is late by then.
struct Lateness {
  Instant at;
  JobId job;
  bool operator>(const Lateness& other) const { return at > other.at; }
};

}  // namespace

struct Engine::State {
  State(Known its_known, Network& network, Random& its_random)
      : known(its_known),
        random(its_random),
        flights(network, {its_random.next(), its_random.next()}),
        by_question(64, QuestionHash{{its_random.next(), its_random.next()}}),
        refreshing(8, by_question.hash_function()) {}

  // Jobs.

  Job* find(JobId id) { return jobs.find(id); }

  Job& start(const wire::Question& question, std::shared_ptr<Budget> budget, unsigned depth,
             bool anew = false) {
    Job& job = jobs.emplace(question, std::move(budget), depth, anew);
    (anew ? refreshing : by_question)[question] = job.id;
    if (anew) ++going_on;
    ready.push_back(job.id);
    return job;
  }

  Job* running_job(const wire::Question& question) {
    const auto at = by_question.find(question);
    return at == by_question.end() ? nullptr : find(at->second);
  }

  /// Takes the job out of every table; what it was doing stops.
  std::unique_ptr<Job> remove(Job& job) {
    for (const FlightId id : job.flights)
      if (Flight* flight = flights.find(id)) flights.leave(*flight, job.id);
    auto& table = job.refreshes ? refreshing : by_question;
    const auto at = table.find(job.iteration.question());
    if (at != table.end() && at->second == job.id) table.erase(at);
    if (job.goes_on) --going_on;
    return jobs.take(job);
  }

  // Progress. Nothing here recurses: jobs that may go on stand in `ready`.

  void run(Instant now) {
    while (!ready.empty()) {
      const JobId id = ready.front();
      ready.pop_front();
      if (Job* job = find(id)) advance(*job, now);
    }
    flights.tidy();
    while (!latenesses.empty() && !is_late(latenesses.top())) latenesses.pop();
    for (auto* deadlines : {&query_deadlines, &patiences})
      while (!deadlines->empty() && !find(deadlines->front().second)) deadlines->pop_front();
  }

  void advance(Job& job, Instant now) {
    if (job.waits_for != no_job) return;
    if (!job.flights.empty()) return ask_another(job, now);
    const JobId id = job.id;
    for (;;) {
      Next next = job.iteration.next(known, *job.budget, random, job.trace, now);
      if (auto* done = std::get_if<Done>(&next)) return finish(job, std::move(done->answer), now);
      if (auto* need = std::get_if<Need>(&next)) {
        const Waiting waiting = wait_for(job, *need, now);
        if (waiting == Waiting::Begun) return;
        Answer none = failure(wire::ExtendedErrorCode::NoReachableAuthority, {});
        none.out_of_budget = waiting == Waiting::TooMuch;
        job.iteration.absorb(*need, none, known, *job.budget);
        continue;
      }
      launch(job, std::get<Ask>(next), now);
      if (!find(id) || !job.flights.empty()) return;
      // Else nothing could be sent, or the server has too much to do: another one.
    }
  }

  // Exchanges.

  /// The reply is late, or one server has failed while others are asked: one more.
  void ask_another(Job& job, Instant now) {
    if (!std::exchange(job.impatient, false) || !job.budget->may_send()) return;
    const auto in_flight = static_cast<unsigned>(job.flights.size());
    for (;;) {
      const auto ask = job.iteration.another(in_flight, known, random, now);
      if (!ask || launch(job, *ask, now) != Room::FullServer) return;
    }
  }

  /// Unless there is no room; if that is so in the whole zone, a job that waits for nothing else is
  /// finished.
  Room launch(Job& job, const Ask& ask, Instant now) {
    job.impatient = false;
    Flight* flight = flights.equal_to(ask);
    const bool repeats = flight && std::ranges::count(job.flights, flight->id) > 0;
    const bool shared =
        flight && !repeats && flight->passengers.size() < limits::passengers_per_flight;
    if (const Room room = flights.room(ask, now); !shared && room != Room::Enough) {
      turn_away(job, ask, room, now);
      return room;
    }
    ++job.attempts;
    if (job.flights.size() >= limits::flights_per_job) give_up_oldest(job, now);
    if (!shared) {
      Exchange exchange(ask, known.cache.server(ask.server, now), known.settings,
                        job.budget->deadline);
      if (repeats) exchange.repeats();
      flight = &flights.start(std::move(exchange), now);
      let_rest(ask, now);
    }
    flights.board(*flight, job.id, job.budget->deadline, now);
    job.flights.push_back(flight->id);
    if (shared) {
      ++statistics.shared;
      begin_patience(job, *flight, now);
    } else {
      apply(*flight, flight->exchange.start(random, now), now);
    }
    return Room::Enough;
  }

  /// One that has rested for long enough is asked by one question; the others see what comes of it.
  void let_rest(const Ask& ask, Instant now) {
    cache::ServerState state = known.cache.server(ask.server, now);
    if (state.retry_at == Instant{} || state.retry_at > now) return;
    state.retry_at = now + limits::longest_timeout;
    known.cache.put_server(ask.server, state, now);
  }

  /// Too many questions are unanswered already. Another server may have room; what is late goes on
  /// waiting.
  void turn_away(Job& job, const Ask& ask, Room room, Instant now) {
    ++statistics.turned_away;
    if (room == Room::FullServer) return job.iteration.pass_over(ask);
    if (!job.flights.empty()) return;
    Answer answer =
        failure(wire::ExtendedErrorCode::Other, "too many questions to the servers of " +
                                                    ask.zone.to_text() + " are unanswered already");
    answer.of_the_moment = answer.out_of_budget = true;
    finish(job, std::move(answer), now);
  }

  /// Each second one of a question is waited for twice as long.
  void begin_patience(Job& job, const Flight& flight, Instant now) {
    const auto patience = flight.exchange.patience() * (1U << std::min(job.attempts / 2, 4U));
    job.late_at = now + std::min({patience, job.iteration.most_patience(),
                                  wire::Duration{limits::longest_timeout}});
    latenesses.push({job.late_at, job.id});
  }

  bool is_late(const Lateness& lateness) {
    const Job* job = find(lateness.job);
    return job && job->late_at == lateness.at && !job->flights.empty();
  }

  void end_of_patience(Instant now) {
    while (!latenesses.empty() && latenesses.top().at <= now) {
      const Lateness lateness = latenesses.top();
      latenesses.pop();
      if (!is_late(lateness)) continue;
      Job& job = *find(lateness.job);
      job.late_at = Instant::max();
      job.impatient = true;
      ready.push_back(job.id);
    }
  }

  /// Does what the exchange says, until it waits or is over. Its jobs may be finished afterwards.
  void apply(Flight& flight, Exchange::Action action, Instant now) {
    for (;;) {
      if (auto* send = std::get_if<Exchange::Send>(&action)) {
        Job* payer = payer_of(flight);
        if (!payer) return break_off(flight, now);
        if (!flights.send(flight, *send)) {
          action = flight.exchange.on_unsendable(random, now);
          continue;
        }
        ++payer->budget->sends;
        ++(send->transport == Transport::Udp ? statistics.sends_udp : statistics.sends_tcp);
        for (const auto& passenger : flight.passengers)
          if (Job* job = find(passenger.job)) begin_patience(*job, flight, now);
        return;
      }
      if (auto* finished = std::get_if<Exchange::Finished>(&action))
        return conclude(flight, *finished, now);
      return;
    }
  }

  /// For all who are aboard, whoever can.
  Job* payer_of(const Flight& flight) {
    for (const auto& passenger : flight.passengers)
      if (Job* job = find(passenger.job); job && job->budget->may_send()) return job;
    return nullptr;
  }

  /// Nobody is left who would pay for what has to be sent.
  void break_off(Flight& flight, Instant now) {
    const auto landed = flights.land(flight);
    for (const auto& passenger : landed->passengers) {
      Job* job = find(passenger.job);
      if (!job) continue;
      disembark(*job, *landed, passenger, now);
      if (!job->flights.empty()) continue;
      Answer answer = failure(wire::ExtendedErrorCode::NoReachableAuthority,
                              "the query has used up its budget of questions to servers");
      answer.out_of_budget = true;
      finish(*job, std::move(answer), now);
    }
  }

  /// The job does not wait for it any more, and tells of it.
  static void disembark(Job& job, const Flight& flight, const Flight::Passenger& its, Instant now) {
    std::erase(job.flights, flight.id);
    job.trace.push_back(
        step_of(flight.exchange.ask(), as_seen_by(its, flight.exchange.overtaken(now)), now));
  }
  static void disembark(Job& job, const Flight& flight, Instant now) {
    const auto its = std::ranges::find(flight.passengers, job.id, &Flight::Passenger::job);
    disembark(job, flight, *its, now);
  }

  /// Each packet is told by one.
  static Exchange::Finished as_seen_by(const Flight::Passenger& passenger,
                                       Exchange::Finished finished) {
    finished.packets -= std::min(passenger.packets_before, finished.packets);
    return finished;
  }

  /// Many questions may be with one server: what one learns of it is not undone by another.
  void refresh(Flight& flight, Instant now) const {
    flight.exchange.learn(known.cache.server(flight.exchange.ask().server, now));
  }

  void conclude(Flight& flight, const Exchange::Finished& finished, Instant now) {
    flights.learn(flight, finished, now);
    const auto landed = flights.land(flight);
    const Ask& ask = landed->exchange.ask();
    statistics.ignored += finished.ignored;
    if (finished.why == ReplyKind::Timeout) ++statistics.timeouts;
    known.cache.put_server(ask.server, finished.learned, now);
    learn_of_ipv6(ask.server.address, finished, known.cache, now);
    for (const auto& passenger : landed->passengers)
      if (Job* job = find(passenger.job))
        arrive(*job, *landed, as_seen_by(passenger, finished), now);
  }

  void arrive(Job& job, const Flight& flight, const Exchange::Finished& finished, Instant now) {
    std::erase(job.flights, flight.id);
    const bool settled =
        job.iteration.absorb(flight.exchange.ask(), finished, known, random, job.trace, now);
    statistics.scrubbed += job.trace.back().scrubbed;
    if (settled) overtake_others(job, flight.exchange.ask().server, now);
    job.impatient = finished.why != ReplyKind::Timeout;
    if (job.flights.empty() || job.impatient) ready.push_back(job.id);
  }

  /// The first usable reply counts. Of whom it came from, an older packet was lost.
  void overtake_others(Job& job, const wire::Endpoint& faster, Instant now) {
    job.attempts = 0;
    job.late_at = Instant::max();
    for (const FlightId id : std::exchange(job.flights, {})) {
      Flight* flight = flights.find(id);
      if (!flight) continue;
      disembark(job, *flight, now);
      if (flight->exchange.ask().server == faster)
        flights.leave(*flight, job.id);
      else
        flights.overtake(*flight, job.id);
    }
  }

  /// Its place is needed for a newer one; it has waited for long.
  void give_up_oldest(Job& job, Instant now) {
    Flight* flight = flights.find(job.flights.front());
    if (flight->passengers.size() == 1) {
      refresh(*flight, now);
      return apply(*flight, flight->exchange.on_deadline(random, now), now);
    }
    disembark(job, *flight, now);
    flights.leave(*flight, job.id);
  }

  enum class Waiting { Begun, Circular, TooMuch };

  /// Circular: this question must not be waited for by anybody who got here. TooMuch: by this
  /// query.
  Waiting wait_for(Job& parent, const Need& need, Instant now) {
    if (parent.depth + 1 > limits::depth || parent.budget->expired(now)) return Waiting::TooMuch;
    Job* child = running_job(need.question);
    if (child) {
      // Each job waits for at most one other: a circle would come back along this chain (TsuNAME
      // 2021).
      for (const Job* job = child; job; job = find(job->waits_for))
        if (job->id == parent.id) return Waiting::Circular;
      ++statistics.joined;
    } else {
      if (jobs.size() >= limits::jobs) return Waiting::TooMuch;
      child = &start(need.question, parent.budget, parent.depth + 1);
    }
    parent.need = need;
    parent.waits_for = child->id;
    child->parents.push_back(parent.id);
    return Waiting::Begun;
  }

  Instant time_of(JobId id) {
    const Job* job = find(id);
    return job ? job->budget->deadline : Instant{};
  }

  static void tell_conclusion(Job& job, const Answer& answer, Instant now) {
    Step step;
    step.kind = StepKind::Concluded;
    step.question = job.iteration.question();
    step.at = now;
    step.detail = to_text(answer.rcode);
    if (answer.error) step.detail += ": " + answer.error->text;
    step.sends = job.budget->sends;
    step.address_lookups = job.budget->address_lookups;
    step.received_octets = job.budget->received_octets;
    job.trace.push_back(std::move(step));
  }

  /// What clients are told in place of a failure, if it is known.
  std::optional<Answer> expired(Job& job, const std::string& why, Instant now) {
    if (!known.settings.serve_stale || job.queries.empty()) return std::nullopt;
    return expired_answer(job.iteration.question(), known, why, job.trace, now);
  }

  void finish(Job& job, Answer answer, Instant now) {
    if (answer.out_of_budget && !answer.of_the_moment && answer.error && job.depth == 0)
      answer.error->text += "; spent: " + to_text(*job.budget);
    tell_conclusion(job, answer, now);
    // A question fails for everybody; a budget ends only for the query that owns it.
    // Where an answer is still known, the next who asks may find out.
    if (answer.rcode == wire::Rcode::SERVFAIL && answer.error && !answer.remembered &&
        !answer.of_the_moment && !job.refreshes && (!answer.out_of_budget || job.depth == 0))
      known.cache.put_failure(job.iteration.question(), *answer.error, limits::failure_lifetime,
                              now);

    const std::unique_ptr<Job> ended = remove(job);
    // Whose time lasts longest comes first: if the question has to be asked once more, it is on
    // that account. From the other end, each of thousands would pay for its own last moment.
    std::stable_sort(ended->parents.begin(), ended->parents.end(),
                     [this](JobId a, JobId b) { return time_of(a) > time_of(b); });
    for (const JobId id : ended->parents)
      if (Job* parent = find(id)) resume(*parent, *ended, answer, now);
    // Joined to somebody else's child, whose budget ended: these have one of their own.
    if (may_succeed_for_others(answer) && ended->depth > 0 && !ended->queries.empty())
      return start_again(*ended, now);
    if (translate(*ended, answer, now)) return;
    if (answer.rcode == wire::Rcode::SERVFAIL)
      if (auto instead = expired(*ended, answer.error ? answer.error->text : "", now))
        return tell_expired(*ended, *instead, now);
    tell(*ended, answer);
  }

  /// Clients are told an AAAA set that is made of the A set (RFC 6147), as soon as that is known.
  /// Who wants the answer as it is has it now.
  bool translate(Job& ended, const Answer& answer, Instant now) {
    const wire::Question question = ended.iteration.question();
    if (question.type != wire::RRType::AAAA || ended.queries.empty() ||
        ended.iteration.translates() || !known.settings.dns64 ||
        !known.settings.dns64->wants_translation(answer))
      return false;
    const auto others = std::stable_partition(ended.queries.begin(), ended.queries.end(),
                                              [this](QueryId id) { return queries[id].as_it_is; });
    const std::vector<QueryId> waiting(others, ended.queries.end());
    if (waiting.empty()) return false;
    Trace trace = ended.trace;
    ended.queries.erase(others, ended.queries.end());
    tell(ended, answer);

    Instant asked = now;
    for (const QueryId query : waiting) asked = std::min(asked, queries[query].asked);
    // Who joined somebody else's question has a budget of his own.
    const bool own = ended.depth == 0;
    Job& job = start_for_client(question, own ? ended.budget : new_budget(asked));
    by_question.erase(question);  // who needs the AAAA set itself does not join this
    job.iteration = Iteration(question, answer);
    job.trace = std::move(trace);
    take_over(job, waiting, ended.patience_ends, now);
    return true;
  }

  /// All clients that wait for the job.
  void tell(Job& job, Answer answer) {
    take_out_private(answer, job.iteration.question(), known);
    for (const QueryId query : job.queries) {
      queries.erase(query);
      if (answer.rcode == wire::Rcode::SERVFAIL) ++statistics.failures;
      if (answer.out_of_budget) ++statistics.out_of_budget;
      const bool last = query == job.queries.back();
      answered.push_back(
          {query, job.iteration.question(), answer, last ? std::move(job.trace) : job.trace});
    }
    job.queries.clear();
  }

  void tell_expired(Job& job, const Answer& answer, Instant now) {
    statistics.stale += job.queries.size();
    if (const auto translated = translated_expired(job, answer, now)) {
      const auto others =
          std::stable_partition(job.queries.begin(), job.queries.end(),
                                [this](QueryId id) { return queries[id].as_it_is; });
      Job theirs(no_job, job.iteration.question(), job.budget, 0, false);
      theirs.queries.assign(others, job.queries.end());
      theirs.trace = job.trace;
      job.queries.erase(others, job.queries.end());
      tell_conclusion(theirs, *translated, now);
      tell(theirs, *translated);
    }
    tell_conclusion(job, answer, now);
    tell(job, answer);
  }

  /// That no AAAA records are known of is expired: so may be the A records that they are made of.
  std::optional<Answer> translated_expired(Job& job, const Answer& answer, Instant now) {
    const wire::Question& question = job.iteration.question();
    const auto& dns64 = known.settings.dns64;
    if (!dns64 || question.type != wire::RRType::AAAA || !dns64->wants_translation(answer))
      return std::nullopt;
    const auto a = expired_answer({question.name, wire::RRType::A, wire::RRClass::IN}, known,
                                  answer.error ? answer.error->text : "", job.trace, now);
    return a ? std::optional(dns64->translate(answer, *a)) : std::nullopt;
  }

  /// The servers take long. Clients get what has expired, if anything, and the work goes on for
  /// the cache (RFC 8767 section 5).
  void end_patience(Job& job, Instant now) {
    auto answer = expired(job, "the servers are slow to answer", now);
    if (!answer) return;
    const Trace trace = job.trace;
    tell_expired(job, *answer, now);
    job.trace = trace;
    if (!std::exchange(job.goes_on, true)) ++going_on;
  }

  void add_query(Job& job, QueryId query, bool as_it_is, Instant now) {
    job.queries.push_back(query);
    queries[query] = {job.id, now, as_it_is};
    if (!known.settings.serve_stale) return;
    if (job.patience_ends <= now) return end_patience(job, now);
    if (job.patience_ends < Instant::max()) return;
    job.patience_ends = now + limits::patience;
    patiences.emplace_back(job.patience_ends, job.id);
  }

  static std::shared_ptr<Budget> new_budget(Instant asked) {
    auto budget = std::make_shared<Budget>();
    budget->deadline = asked + limits::query_time;
    return budget;
  }

  Job& start_for_client(const wire::Question& question, std::shared_ptr<Budget> budget) {
    const Instant deadline = budget->deadline;
    Job& job = start(question, std::move(budget), 0);
    insert_in_time(query_deadlines, deadline, job.id);
    return job;
  }

  using Deadlines = std::deque<std::pair<Instant, JobId>>;  // in the order of their time

  /// At the end as a rule: all are equally long.
  static void insert_in_time(Deadlines& deadlines, Instant at, JobId job) {
    const auto later =
        std::upper_bound(deadlines.begin(), deadlines.end(), at,
                         [](Instant time, const auto& entry) { return time < entry.first; });
    deadlines.insert(later, {at, job});
  }

  void start_again(const Job& ended, Instant now) {
    Instant asked = now;
    for (const QueryId query : ended.queries) asked = std::min(asked, queries[query].asked);
    Job& job = start_for_client(ended.iteration.question(), new_budget(asked));
    take_over(job, ended.queries, ended.patience_ends, now);
  }

  void take_over(Job& job, const std::vector<QueryId>& waiting, Instant patience_ends,
                 Instant now) {
    job.queries = waiting;
    for (const QueryId query : job.queries) queries[query].job = job.id;
    job.patience_ends = patience_ends;
    if (job.patience_ends > now) insert_in_time(patiences, job.patience_ends, job.id);
  }

  static void add_steps_of(const Job& child, Trace& trace, Instant now, unsigned depth = 0) {
    if (trace.size() + child.trace.size() >= limits::trace_steps) {
      if (!trace.empty() && trace.back().kind == StepKind::Cut) return;
      Step cut;
      cut.kind = StepKind::Cut;
      cut.at = now;
      trace.push_back(std::move(cut));
      return;
    }
    Step step;
    step.kind = StepKind::Waited;
    step.depth = static_cast<std::uint8_t>(depth);
    step.question = child.iteration.question();
    step.at = now;
    trace.push_back(std::move(step));
    for (Step below : child.trace) {
      below.depth = static_cast<std::uint8_t>(below.depth + depth + 1);
      trace.push_back(std::move(below));
    }
  }

  /// The time is over: what those have done that the job still waits for belongs to its trace.
  void tell_of_waiting(Job& job, Instant now) {
    unsigned depth = 0;
    for (const Job* child = find(job.waits_for); child; child = find(child->waits_for))
      add_steps_of(*child, job.trace, now, depth++);
  }

  /// Who is turned away is so whoever asks: of thousands who waited, each would try for all that
  /// are left.
  static bool may_succeed_for_others(const Answer& answer) {
    return answer.out_of_budget && !answer.of_the_moment;
  }

  void resume(Job& parent, const Job& child, const Answer& answer, Instant now) {
    parent.waits_for = no_job;
    const Need need = *std::exchange(parent.need, std::nullopt);
    add_steps_of(child, parent.trace, now);
    // Joined to a child that somebody else paid for, and could not: once more on the own account.
    if (may_succeed_for_others(answer) && parent.budget != child.budget &&
        wait_for(parent, need, now) == Waiting::Begun)
      return;
    parent.iteration.absorb(need, answer, known, *parent.budget);
    ready.push_back(parent.id);
  }

  /// Nobody waits for the job any more: it stops, and so does what it waited for, unless others
  /// wait for that.
  void abandon(Job* job) {
    while (job && job->queries.empty() && job->parents.empty() && !job->goes_on) {
      const std::unique_ptr<Job> ended = remove(*job);
      job = find(ended->waits_for);
      if (job) std::erase(job->parents, ended->id);
    }
  }

  Known known;
  Random& random;
  EngineStatistics statistics;

  Flights flights;
  Slots<Job> jobs;
  std::size_t going_on = 0;  // of them, those that do though nobody waits
  QueryId last_query = 0;
  using ByQuestion = std::unordered_map<wire::Question, JobId, QuestionHash>;
  ByQuestion by_question;
  ByQuestion refreshing;
  std::unordered_map<QueryId, Query> queries;
  std::deque<JobId> ready;
  std::priority_queue<Lateness, std::vector<Lateness>, std::greater<>> latenesses;
  Deadlines query_deadlines;
  Deadlines patiences;
  std::vector<Finished> answered;
};

Engine::Engine(Known known, Network& network, Random& random)
    : state_(std::make_unique<State>(known, network, random)) {}

Engine::~Engine() = default;

QueryId Engine::ask(const wire::Question& question, Instant now, bool as_it_is) {
  State& state = *state_;
  ++state.statistics.queries;
  const QueryId query = ++state.last_query;
  Job* job = state.running_job(question);
  if (job) {
    ++state.statistics.joined;
  } else if (state.jobs.size() >= limits::jobs) {
    ++state.statistics.refused;
    Answer answer = failure(wire::ExtendedErrorCode::Other, "too many questions in progress");
    Trace trace;
    if (state.known.settings.serve_stale)
      if (auto instead = expired_answer(question, state.known, answer.error->text, trace, now))
        answer = std::move(*instead);
    take_out_private(answer, question, state.known);
    state.answered.push_back({query, question, std::move(answer), std::move(trace)});
    return query;
  } else {
    job = &state.start_for_client(question, State::new_budget(now));
  }
  state.add_query(*job, query, as_it_is, now);
  state.run(now);
  return query;
}

void Engine::refresh(const wire::Question& question, wire::Duration left, Instant now) {
  State& state = *state_;
  if (!state.known.settings.prefetch) return;
  // One for all the links of an alias: one question of a client, one budget.
  const auto budget = std::make_shared<Budget>();
  budget->deadline = now + limits::query_time;
  budget->most_sends = limits::sends_per_refresh;
  auto pieces = aging(question, left, state.known, now);
  if (state.known.settings.dns64 && question.type == wire::RRType::AAAA)
    std::ranges::move(
        aging({question.name, wire::RRType::A, wire::RRClass::IN}, left, state.known, now),
        std::back_inserter(pieces));
  for (const wire::Question& piece : pieces) {
    if (state.refreshing.size() >= limits::refreshes || state.jobs.size() >= limits::jobs) break;
    if (state.refreshing.contains(piece) || state.running_job(piece)) continue;
    state.start(piece, budget, 0, true);
    ++state.statistics.refreshed;
  }
  state.run(now);
}

void Engine::cancel(QueryId query) {
  const auto at = state_->queries.find(query);
  if (at == state_->queries.end()) return;
  Job* job = state_->find(at->second.job);
  state_->queries.erase(at);
  if (!job) return;
  std::erase(job->queries, query);
  state_->abandon(job);
}

void Engine::on_message(ExchangeId id, const wire::Endpoint& from, Transport transport,
                        std::span<const std::uint8_t> octets, Instant now) {
  State& state = *state_;
  Flight* flight = state.flights.find_exchange(id);
  if (!flight) return;
  ++state.statistics.replies;
  for (const auto& passenger : flight->passengers)
    if (Job* job = state.find(passenger.job)) job->budget->received_octets += octets.size();
  state.refresh(*flight, now);
  state.apply(*flight, flight->exchange.on_message(from, transport, octets, state.random, now),
              now);
  state.run(now);
}

void Engine::on_unreachable(ExchangeId id, Instant now) {
  Flight* flight = state_->flights.find_exchange(id);
  if (!flight) return;
  state_->refresh(*flight, now);
  state_->apply(*flight, flight->exchange.on_unreachable(state_->random, now), now);
  state_->run(now);
}

void Engine::on_stream_lost(ExchangeId id, Instant now) {
  Flight* flight = state_->flights.find_exchange(id);
  if (!flight) return;
  state_->refresh(*flight, now);
  state_->apply(*flight, flight->exchange.on_stream_lost(state_->random, now), now);
  state_->run(now);
}

void Engine::on_deadline(Instant now) {
  State& state = *state_;
  while (Flight* flight = state.flights.due(now)) {
    state.refresh(*flight, now);
    state.apply(*flight, flight->exchange.on_deadline(state.random, now), now);
  }
  state.end_of_patience(now);
  while (!state.patiences.empty() && state.patiences.front().first <= now) {
    Job* job = state.find(state.patiences.front().second);
    state.patiences.pop_front();
    if (job) state.end_patience(*job, now);
  }
  while (!state.query_deadlines.empty() && state.query_deadlines.front().first <= now) {
    Job* job = state.find(state.query_deadlines.front().second);
    state.query_deadlines.pop_front();
    if (!job) continue;
    Job* child = state.find(job->waits_for);
    const JobId id = job->id;
    state.tell_of_waiting(*job, now);
    state.finish(*job, job->iteration.out_of_time(), now);
    if (child) {
      std::erase(child->parents, id);
      state.abandon(child);
    }
  }
  state.run(now);
}

Instant Engine::next_deadline() const {
  const State& state = *state_;
  Instant at = state.flights.next_deadline();
  if (!state.latenesses.empty()) at = std::min(at, state.latenesses.top().at);
  for (const auto* deadlines : {&state.query_deadlines, &state.patiences})
    if (!deadlines->empty()) at = std::min(at, deadlines->front().first);
  return at;
}

std::vector<Engine::Finished> Engine::take_finished() {
  return std::exchange(state_->answered, {});
}

bool Engine::idle() const {
  return state_->jobs.size() == 0 && state_->flights.size() == 0;
}
bool Engine::goes_on() const {
  return state_->going_on > 0 || state_->flights.overtaken() > 0;
}
std::size_t Engine::jobs() const {
  return state_->jobs.size();
}
const EngineStatistics& Engine::statistics() const {
  return state_->statistics;
}

void Engine::use_zones(const zones::ZoneSet& zones) {
  state_->known.zones = &zones;
}

}  // namespace cairn::resolver
