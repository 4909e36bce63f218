// What must hold in trouble, measured over thousands of questions in a world of one zone: loss on
// the way, dead paths, attacks on one victim. Virtual time, so that minutes cost milliseconds.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "tests/world/world.hpp"
#include "wire/rdata_text.hpp"

namespace {

using namespace std::chrono_literals;
using namespace cairn;
using wire::RRType;

struct Misbehaving {
  std::string address;
  std::vector<std::string> misbehaviours;
};

wire::Record record(const std::string& text) {
  return *wire::record_from_text(text);
}

/// The root, and example. below it, at servers with these addresses.
class SmallWorld {
 public:
  explicit SmallWorld(const std::vector<Misbehaving>& servers, wire::Duration round_trip = 10ms,
                      const resolver::Settings& settings = {})
      : world_(options(settings)) {
    root_ = {record(". 86400 SOA ns. h. 1 1 1 1 60"), record(". 86400 NS a.root."),
             record("a.root. 86400 A 198.41.0.4")};
    add_zone("example.", servers);
    world_.network().set_round_trip(round_trip);
    warm();
  }

  /// Who holds another zone already holds this one as well.
  void add_zone(const std::string& apex, const std::vector<Misbehaving>& servers) {
    std::vector<wire::Record> zone = {record(apex + " 86400 SOA ns. h. 1 1 1 1 60"),
                                      record("*." + apex + " 60 A 192.0.2.1")};
    for (std::size_t i = 0; i < servers.size(); ++i) {
      const auto ns = "ns" + std::to_string(i) + "." + apex;
      const auto address = *wire::IpAddress::from_text(servers[i].address);
      for (auto* records : {&root_, &zone}) {
        records->push_back(record(apex + " 86400 NS " + ns));
        records->push_back(
            record(ns + " 86400 " + (address.is_v6() ? "AAAA " : "A ") + address.to_text()));
      }
    }
    for (const Misbehaving& server : servers) {
      Site& site = sites_[server.address];
      site.zones.push_back(*zones::Zone::from_records(*wire::Name::from_text(apex), zone));
      for (const auto& text : server.misbehaviours)
        site.misbehaviours.push_back(*world::Misbehaviour::from_text(text));
      silence(server.address, false);
    }
    update_root();
  }

  /// A zone whose only server has a name elsewhere.
  void delegate(const std::string& apex, const std::string& server) {
    root_.push_back(record(apex + " 86400 NS " + server));
    update_root();
  }

  struct Result {
    double answered = 0;
    double packets = 0;  // per question
    wire::Duration median{}, longest{};
    std::vector<wire::Duration> took;
    double answered_beside = 0;
  };

  /// `count` names, one each `apart`. Besides, after each tenth of them one below another zone.
  Result ask(unsigned count, wire::Duration apart, const std::string& beside = "") {
    world_.network().clear_log();
    std::map<resolver::QueryId, wire::Instant> asked, asked_beside;
    Result result;
    unsigned answered = 0, answered_beside = 0;
    const auto collect = [&] {
      for (const auto& finished : world_.take_finished()) {
        const bool usable = finished.answer.rcode == wire::Rcode::NOERROR;
        if (usable && asked_beside.contains(finished.query)) ++answered_beside;
        const auto its = asked.find(finished.query);
        if (its == asked.end()) continue;
        result.took.push_back(finished.trace.back().at - its->second);
        if (usable) ++answered;
      }
    };
    for (unsigned i = 0; i < count; ++i) {
      const auto label = "q" + std::to_string(++names_) + ".";
      const auto now = world_.now();
      asked[world_.ask({*wire::Name::from_text(label + "example."), RRType::A})] = now;
      if (!beside.empty() && i % 10 == 9)
        asked_beside[world_.ask({*wire::Name::from_text(label + beside), RRType::A})] = now;
      world_.wait(apart);
      collect();
    }
    world_.run();
    collect();
    result.answered = answered / static_cast<double>(count);
    result.answered_beside = answered_beside / std::max(1.0, static_cast<double>(count / 10));
    const auto example = *wire::Name::from_text("example.");
    const auto below_example = [&](const world::Sent& sent) {
      return sent.question.name.is_within(example);
    };
    result.packets =
        static_cast<double>(std::ranges::count_if(world_.network().log(), below_example)) / count;
    std::sort(result.took.begin(), result.took.end());
    result.median = result.took[result.took.size() / 2];
    result.longest = result.took.back();
    return result;
  }

  /// Takes the server away, or puts it back.
  void silence(const std::string& address, bool silent) {
    const Site& site = sites_.at(address);
    world_.network().put_server(
        {*wire::IpAddress::from_text(address)},
        silent ? nullptr : std::make_shared<world::Server>(site.zones, site.misbehaviours));
  }

  world::World& world() { return world_; }

 private:
  struct Site {
    std::vector<std::shared_ptr<const zones::Zone>> zones;
    std::vector<world::Misbehaviour> misbehaviours;
  };

  static world::WorldOptions options(const resolver::Settings& settings) {
    world::WorldOptions options;
    options.settings = settings;
    options.settings.root_hints = {};
    options.settings.root_hints.servers = {
        {*wire::Name::from_text("a.root."), {*wire::IpAddress::from_text("198.41.0.4")}}};
    return options;
  }
  void update_root() {
    sites_["198.41.0.4"].zones = {*zones::Zone::from_records(wire::Name(), root_)};
    silence("198.41.0.4", false);
  }
  void warm() { ask(50, 20ms); }

  world::World world_;
  std::vector<wire::Record> root_;
  std::map<std::string, Site> sites_;
  unsigned names_ = 0;
};

std::vector<Misbehaving> lossy(std::size_t servers, const std::string& loss) {
  std::vector<Misbehaving> all;
  for (std::size_t i = 1; i <= servers; ++i) {
    all.push_back({"192.0.2." + std::to_string(i), {loss}});
  }
  return all;
}

}  // namespace

TEST_CASE(
    "a third of all packets lost: practically every question is answered, most of them at once") {
  for (std::size_t servers = 1; servers <= 3; ++servers) {
    CAPTURE(servers);
    const auto result = SmallWorld(lossy(servers, "loss 30%")).ask(5000, 3ms);
    CHECK(result.answered >= 0.999);
    CHECK(result.median <= 25ms);
    CHECK(result.packets <= 1.8);
  }
}

TEST_CASE("two thirds of all packets lost: nearly every question is answered") {
  for (std::size_t servers = 1; servers <= 3; ++servers) {
    CAPTURE(servers);
    SmallWorld small(lossy(servers, "loss 60%"));
    CHECK(small.ask(5000, 3ms).answered >= 0.97);
  }
}

TEST_CASE("IPv6 leads nowhere: hardly a question pays for it") {
  SmallWorld small({{"192.0.2.1", {}}, {"2001:db8::1", {"drop"}}, {"2001:db8::2", {"drop"}}});
  const auto result = small.ask(2000, 50ms);
  const auto late = std::count_if(result.took.begin(), result.took.end(),
                                  [](wire::Duration took) { return took > 100ms; });
  CHECK(result.answered == 1);
  CHECK(late <= 20);
}

TEST_CASE("a server that is gone for a minute is found again within seconds") {
  SmallWorld small(lossy(1, "loss 0%"));
  CHECK(small.ask(200, 50ms).answered == 1);
  small.silence("192.0.2.1", true);
  CHECK(small.ask(600, 100ms).answered == 0);
  small.silence("192.0.2.1", false);
  small.ask(50, 100ms);
  CHECK(small.ask(200, 50ms).answered == 1);
}

TEST_CASE("random names below a dead zone cost its servers few packets each") {
  SmallWorld small({{"192.0.2.1", {"drop"}}, {"192.0.2.2", {"drop"}}});
  const auto result = small.ask(2000, 5ms);
  CHECK(result.answered == 0);
  CHECK(result.packets <= 4);
  CHECK(result.longest <= 5s);
  CHECK(small.world().engine().idle());
}

TEST_CASE(
    "water torture: a victim that is silent, slow or overloaded is asked little, others as ever") {
  struct Victim {
    std::vector<std::string> misbehaviours;
  };
  const Victim victims[] = {{{"drop"}}, {{"delay 600ms"}}, {{"delay 2s"}}, {{"loss 90%"}}};
  for (const Victim& victim : victims) {
    CAPTURE(victim.misbehaviours[0]);
    std::vector<std::string> misbehaviours;
    for (const auto& text : victim.misbehaviours) misbehaviours.push_back("on *.example. " + text);
    SmallWorld small({{"192.0.2.1", misbehaviours}, {"192.0.2.2", misbehaviours}});
    small.add_zone("other.", {{"192.0.2.1", {}}, {"192.0.2.3", {}}});
    const auto result = small.ask(20000, 500us, "other.");  // ten seconds
    CHECK(result.packets * 2000 <= 200);
    CHECK(result.answered_beside == 1);
  }
}

TEST_CASE("a busy zone whose servers answer is never held up") {
  SmallWorld small({{"192.0.2.1", {}}, {"192.0.2.2", {"jitter 100ms"}}}, 50ms);
  CHECK(small.ask(20000, 250us).answered == 1);
}

TEST_CASE(
    "many who wait for one lookup that is turned away are told so, and do not each try again") {
  constexpr unsigned waiting = 500;
  SmallWorld small(lossy(1, "loss 0%"));
  small.delegate("waiting.", "ns.example.");
  small.silence("192.0.2.1", true);
  world::World& world = small.world();
  const auto ask = [&](const std::string& name) {
    world.ask({*wire::Name::from_text(name), RRType::A});
  };
  for (unsigned i = 0; i < waiting; ++i) ask("w" + std::to_string(i) + ".waiting.");
  world.wait(50ms);  // for the delegation
  for (unsigned i = 0; i < waiting; ++i) ask("x" + std::to_string(i) + ".example.");
  CHECK(world.run());
  CHECK(world.engine().statistics().turned_away > 0);
  CHECK(world.engine().statistics().joined < 10 * waiting);
}

TEST_CASE("whoever keeps one server of a zone busy does not keep others from the zone") {
  SmallWorld small({{"192.0.2.1", {}}, {"192.0.2.2", {"delay 30ms"}}});
  std::vector<std::string> zones;
  for (int i = 0; i < 40; ++i) {
    zones.push_back("evil" + std::to_string(i) + ".");
    small.add_zone(zones.back(), {{"192.0.2.1", {"on *." + zones.back() + " drop"}}});
  }
  world::World& world = small.world();
  for (int i = 0; i < 4000; ++i)
    world.ask({*wire::Name::from_text("x" + std::to_string(i) + "." + zones[i % 40]), RRType::A});
  world.wait(100ms);
  const auto before = world.engine().statistics().turned_away;
  CHECK(small.ask(100, 1ms).answered == 1);
  CHECK(world.engine().statistics().turned_away > before);
}

TEST_CASE("a forwarder that is silent for dead names answers the others as ever") {
  resolver::Settings settings;
  settings.forwarding =
      resolver::Forwarding({{wire::Name(), {*wire::Endpoint::from_text("10.0.0.53", 53)}}});
  SmallWorld small({{"10.0.0.53", {"on *.example. drop", "resolves"}}}, 10ms, settings);
  small.add_zone("good.", {{"10.0.0.53", {}}});
  CHECK(small.ask(1000, 1ms, "good.").answered_beside == 1);
}
