#include "tests/sim/run.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "resolver/limits.hpp"
#include "tests/sim/internet.hpp"
#include "tests/sim/truth.hpp"
#include "tests/world/world.hpp"

namespace cairn::sim {

namespace {

using namespace std::chrono_literals;
using wire::RRType;

constexpr std::array<RRType, 8> types = {RRType::A,  RRType::AAAA, RRType::NS,  RRType::CNAME,
                                         RRType::MX, RRType::TXT,  RRType::SOA, RRType::DS};

world::WorldOptions options_for(const Internet& internet, world::SeededRandom& random) {
  world::WorldOptions options;
  options.seed = random.next();
  options.late_arrivals = random.percent(50);
  auto& settings = options.settings;
  settings.root_hints = internet.root_hints();
  settings.forwarding = internet.forwarding();
  settings.ipv6 = !random.percent(30);
  settings.priming = !random.percent(20);
  settings.serve_stale = !random.percent(20);
  // Whoever guesses the id would be right about the case as well.
  const bool guessed = std::any_of(internet.hosts.begin(), internet.hosts.end(), [](auto& host) {
    return std::any_of(host.misbehaviours.begin(), host.misbehaviours.end(),
                       [](auto& verb) { return verb.starts_with("forge wrong-case"); });
  });
  settings.case_randomization = guessed || !random.percent(20);
  if (random.percent(20)) settings.qname_minimization = resolver::QnameMinimization::Off;
  if (random.percent(20)) settings.qname_minimization = resolver::QnameMinimization::Strict;
  if (internet.zones[0].signed_as) {
    settings.validation.on = true;
    settings.validation.anchors = {internet.anchor()};
  }
  options.cache.size = 1U << 20;
  options.cache.shards = 4;
  options.cache.key = {random.next(), random.next()};
  if (random.percent(20)) options.cache.size = 16U << 10;  // so small that it always forgets
  return options;
}

class Run {
 public:
  explicit Run(std::uint64_t seed)
      : random_(seed),
        internet_(signed_by_chance(make_internet(random_), seed)),
        options_(options_for(internet_, random_)),
        truth_(internet_, options_.settings.ipv6),
        world_(options_, ours()) {
    internet_.populate(world_.network());
  }

  Outcome play() {
    describe();
    const auto rounds = random_.between(1, 5);
    for (std::uint64_t round = 0; round < rounds && outcome_.broken.empty(); ++round) {
      let_die_and_return();
      play_round();
      check_cache();
      world_.wait(std::chrono::milliseconds(random_.below(random_.percent(50) ? 3000 : 400000)));
      if (random_.percent(3)) world_.wait(24h * 400);  // the machine slept
    }
    return std::move(outcome_);
  }

 private:
  /// By chance of its own: what is not signed stays as it was.
  static Internet signed_by_chance(Internet internet, std::uint64_t seed) {
    world::SeededRandom random(seed ^ 0x646e73736563U);
    // Few: a signed world takes far longer than another. A forwarder of the simulation
    // tells no signatures.
    if (internet.forwards.empty() && random.percent(15)) sign(internet, random);
    return internet;
  }

  struct Open {
    wire::Question question;
    wire::Instant at;
  };

  zones::ZoneSet ours() const {
    std::vector<std::shared_ptr<const zones::Zone>> zones;
    if (internet_.ours) zones.push_back(internet_.ours);
    return zones::ZoneSet(std::move(zones));
  }

  void describe() {
    auto& text = outcome_.trace;
    for (const auto& zone : internet_.zones) {
      text += "zone " + zone.apex.to_text() + " at";
      for (const auto host : zone.hosts) text += " " + internet_.hosts[host].name.to_text();
      text += "\n";
    }
    for (const auto& forward : internet_.forwards) {
      text += "forward " + forward.zone.to_text() + (forward.first ? " first" : "") + " to";
      for (const auto host : forward.hosts) text += " " + internet_.hosts[host].name.to_text();
      text += "\n";
    }
    for (const auto& host : internet_.hosts) {
      text += "host " + host.name.to_text();
      for (const auto& address : host.addresses) text += " " + address.to_text();
      for (const auto& what : host.misbehaviours) text += ", " + what;
      text += "\n";
    }
  }

  void let_die_and_return() {
    std::set<std::size_t> dead;
    for (std::size_t host = 0; host < internet_.hosts.size(); ++host)
      if (internet_.hosts[host].mortal && random_.percent(50)) dead.insert(host);
    if (dead == dead_) return;
    dead_ = dead;
    internet_.populate(world_.network(), dead);
    for (const auto host : dead)
      outcome_.trace += "dead is " + internet_.hosts[host].name.to_text() + "\n";
  }

  void play_round() {
    world_.network().clear_log();
    const auto started = outcome_.questions;
    refreshed_ = false;
    const auto count = random_.percent(40) ? 1 : random_.between(2, 8);
    wire::Question last;
    for (std::uint64_t i = 0; i < count; ++i) {
      if (i == 0 || !random_.percent(25)) {
        last = {internet_.names[random_.below(internet_.names.size())],
                random_.percent(50) ? RRType::A : types[random_.below(types.size())]};
      }
      ++outcome_.questions;
      const Open open{last, world_.now()};
      const auto query = world_.ask(last);
      open_[query] = open;
      if (random_.percent(8)) {
        world_.cancel(query);
        if (!answered(query)) open_.erase(query);
        world_.cancel(query);  // twice is allowed
      }
      if (random_.percent(5)) {
        ++outcome_.questions;
        refreshed_ = true;
        world_.refresh(last, 301s);
      }
      if (random_.percent(30)) world_.wait(std::chrono::milliseconds(random_.below(60)));
      collect();
    }
    if (!world_.run()) law(2, "the engine does not come to rest");
    collect();
    for (const auto& [query, open] : open_) law(2, "never answered: " + to_text(open.question));
    open_.clear();
    if (world_.network().open_sockets() != 0) law(2, "a socket is open, and nobody waits for it");

    const auto sent = world_.network().log().size();
    outcome_.sends += sent;
    if (sent > (outcome_.questions - started) * resolver::limits::sends_per_query) {
      law(3, std::to_string(sent) + " packets in one round");
    }
    if (count == 1 && !refreshed_ && !traces_.empty() && told(traces_[0]) != sent) {
      law(3, "the trace tells of " + std::to_string(told(traces_[0])) + " packets, sent were " +
                 std::to_string(sent));
    }
    for (const auto& one : world_.network().log()) outcome_.trace += "  > " + one.to_text() + "\n";
    traces_.clear();
  }

  /// Whether the answer has come before the question could be taken back.
  bool answered(resolver::QueryId query) {
    collect();
    return !open_.contains(query);
  }

  static std::size_t told(const resolver::Trace& trace) {
    std::size_t packets = 0;
    for (const auto& step : trace) {
      if (step.kind == resolver::StepKind::Asked) packets += step.packets;
    }
    return packets;
  }

  void collect() {
    for (auto& finished : world_.take_finished()) {
      outcome_.trace += resolver::to_tree(finished.trace);
      const auto open = open_.find(finished.query);
      if (open == open_.end()) {
        law(2, "an answer that nobody waits for");
        continue;
      }
      judge(open->second, finished);
      open_.erase(open);
      // Behind an expired answer the work goes on, and its trace is nobody's.
      if (!is_expired(finished.answer)) traces_.push_back(std::move(finished.trace));
    }
    if (world_.cache().statistics().bytes > options_.cache.size) {
      law(6, std::to_string(world_.cache().statistics().bytes) + " octets in the cache");
    }
  }

  static bool is_expired(const resolver::Answer& answer) {
    return answer.error && answer.rcode != wire::Rcode::SERVFAIL;
  }

  void judge(const Open& open, const resolver::Engine::Finished& finished) {
    const auto& answer = finished.answer;
    const auto expected = truth_.walk(open.question);
    const auto about = to_text(open.question) + ": ";
    if (finished.question != open.question) law(1, about + "the answer is to another question");
    if (finished.trace.empty() || finished.trace.back().sends > resolver::limits::sends_per_query) {
      law(3, about + "more was sent than the budget has");
    }
    const auto took =
        finished.trace.empty() ? wire::Duration{} : finished.trace.back().at - open.at;
    if (took > resolver::limits::query_time + 1ms) law(3, about + "took too long");
    for (const auto& set : answer.answer) {
      if (set.ttl > wire::Ttl{86400}) law(1, about + "a TTL has grown");
    }
    const bool secure = resolver::security_of(answer) == wire::Security::Secure;
    if (secure) {
      ++outcome_.secure;
      if (!is_secure(expected)) law(7, about + "called Secure, and no chain of trust leads there");
    }
    if (answer.rcode == wire::Rcode::SERVFAIL && expected.rcode != wire::Rcode::SERVFAIL) {
      const auto prospect = truth_.prospect(expected);
      ++outcome_.servfails;
      const auto why = answer.error ? answer.error->text : "no reason";
      if (prospect == Prospect::Clear) {
        law(1, about + "SERVFAIL, though nothing was in the way: " + why);
      } else if (prospect == Prospect::Obstructed) {
        ++outcome_.obstructed_failures;
        // A joined question ends with the time of the one that it joined.
        const bool out_of_time = took >= resolver::limits::query_time - 1ms;
        const bool out_of_packets =
            finished.trace.back().sends >= resolver::limits::sends_per_query;
        if (!out_of_time && !out_of_packets && !answer.remembered && !answer.out_of_budget &&
            !answer.bogus && !internet_.lies) {
          law(1, about + "SERVFAIL, though each zone has a server that answers: " + why);
        }
      }
      return;
    }
    if (!secure && must_be_secure(open.question, answer, expected))
      law(8, about + "not called Secure, though nothing was in the way of a chain of trust");
    if (internet_.lies && !secure) return;
    if (answer.rcode != expected.rcode) {
      law(secure ? 7 : 1,
          about + to_text(answer.rcode) + " in place of " + to_text(expected.rcode));
    } else if (records_of(answer.answer) != expected.answer &&
               answer.rcode != wire::Rcode::SERVFAIL) {
      std::string text = about + "the records differ; found:";
      for (const auto& record : records_of(answer.answer)) text += "\n    " + record;
      text += "\n  true:";
      for (const auto& record : expected.answer) text += "\n    " + record;
      law(secure ? 7 : 1, text);
    }
  }

  /// Each zone on the way is signed, and its parent says so.
  bool is_secure(const Expected& expected) const {
    return std::ranges::all_of(expected.path,
                               [&](auto zone) { return internet_.zones[zone].secure; });
  }

  /// Each server on the way is sound, and each zone of it can prove all that it says.
  bool must_be_secure(const wire::Question& question, const resolver::Answer& answer,
                      const Expected& expected) const {
    if (!options_.settings.validation.on || is_expired(answer)) return false;
    if (expected.rcode == wire::Rcode::SERVFAIL || !is_secure(expected) ||
        truth_.prospect(expected) != Prospect::Clear)
      return false;
    const auto is_ours = [&](const wire::Name& name) {
      return internet_.ours && name.is_within(internet_.ours->apex());
    };
    return !is_ours(question.name) && std::ranges::none_of(expected.aliases, is_ours) &&
           std::ranges::none_of(expected.path,
                                [&](auto zone) { return internet_.zones[zone].leaves_gaps; });
  }

  /// Where servers lie of their own zones, only what is Secure has to be true.
  bool counts(wire::Security security) const {
    return !internet_.lies || security == wire::Security::Secure;
  }

  void check_cache() {
    const auto now = world_.now();
    auto names = internet_.names;
    for (const auto& host : internet_.hosts) names.push_back(host.name);
    for (const auto& zone : internet_.zones) {
      for (const auto& record : zone.records) names.push_back(record.owner);
    }
    names.push_back(*wire::Name::from_text("evil.invalid."));
    names.push_back(*wire::Name::from_text("elsewhere.invalid."));
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    for (const auto& name : names) {
      if (internet_.ours && name.is_within(internet_.ours->apex())) continue;
      for (const auto type : types) {
        const auto about = wire::to_text(wire::Question{name, type}) + ": ";
        const auto cached = world_.cache().rrset(name, type, now);
        if (cached && counts(cached->rrset.security)) {
          if (records_of({cached->rrset}) != truth_.at(name, type)) {
            law(4, about + "the cache holds " + records_of({cached->rrset})[0]);
          } else if (cached->rrset.ttl > truth_.ttl_at(name, type)) {
            law(4, about + "the cache's TTL is greater than the zone's");
          }
        }
        const auto above = world_.cache().nxdomain_above(name, now);
        if (above && counts(above->security) &&
            truth_.rcode_at(name, type) != wire::Rcode::NXDOMAIN) {
          law(4, about + "falsely below a denied name");
        }
        const auto negative = world_.cache().negative(name, type, now);
        if (negative && counts(negative->security)) {
          if (negative->rcode != truth_.rcode_at(name, type)) law(4, about + "falsely denied");
          if (!truth_.at(name, type).empty()) law(4, about + "denied, but it is there");
        }
      }
      if (const auto delegation = world_.cache().deepest_delegation(name, now)) {
        const auto why = internet_.lies ? std::nullopt : truth_.why_false(*delegation);
        if (why) law(4, *why);
      }
    }
  }

  void law(int number, const std::string& what) {
    outcome_.broken.push_back("law " + std::to_string(number) + ": " + what);
  }

  world::SeededRandom random_;
  Internet internet_;
  world::WorldOptions options_;
  Truth truth_;
  world::World world_;
  std::map<resolver::QueryId, Open> open_;
  std::set<std::size_t> dead_;           // hosts
  bool refreshed_ = false;               // in this round: what nobody waits for tells nobody
  std::vector<resolver::Trace> traces_;  // of this round
  Outcome outcome_;
};

}  // namespace

Outcome run(std::uint64_t seed) {
  return Run(seed).play();
}

}  // namespace cairn::sim
