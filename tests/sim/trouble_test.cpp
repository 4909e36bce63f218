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
  explicit SmallWorld(const std::vector<Misbehaving>& servers, wire::Duration round_trip = 10ms)
      : world_(options()) {
    std::vector<wire::Record> root = {record(". 86400 SOA ns. h. 1 1 1 1 60"),
                                      record(". 86400 NS a.root."),
                                      record("a.root. 86400 A 198.41.0.4")};
    std::vector<wire::Record> example = {record("example. 86400 SOA ns. h. 1 1 1 1 60"),
                                         record("*.example. 60 A 192.0.2.1")};
    for (std::size_t i = 0; i < servers.size(); ++i) {
      const auto ns = "ns" + std::to_string(i) + ".example.";
      const auto address = *wire::IpAddress::from_text(servers[i].address);
      for (auto* zone : {&root, &example}) {
        zone->push_back(record("example. 86400 NS " + ns));
        zone->push_back(
            record(ns + " 86400 " + (address.is_v6() ? "AAAA " : "A ") + address.to_text()));
      }
    }
    const auto add = [&](const std::string& address, const std::string& apex,
                         const std::vector<wire::Record>& records,
                         const std::vector<std::string>& misbehaviours) {
      std::vector<world::Misbehaviour> verbs;
      for (const auto& text : misbehaviours) verbs.push_back(*world::Misbehaviour::from_text(text));
      servers_[address] = std::make_shared<world::Server>(
          std::vector{*zones::Zone::from_records(*wire::Name::from_text(apex), records)},
          std::move(verbs));
      world_.network().put_server({*wire::IpAddress::from_text(address)}, servers_[address]);
    };
    add("198.41.0.4", ".", root, {});
    for (const auto& server : servers)
      add(server.address, "example.", example, server.misbehaviours);
    world_.network().set_round_trip(round_trip);
    warm();
  }

  struct Result {
    double answered = 0;
    double packets = 0;  // per question
    wire::Duration median{}, longest{};
    std::vector<wire::Duration> took;
  };

  /// `count` names, one each `apart`.
  Result ask(unsigned count, wire::Duration apart) {
    world_.network().clear_log();
    std::map<resolver::QueryId, wire::Instant> asked;
    Result result;
    unsigned answered = 0;
    const auto collect = [&] {
      for (const auto& finished : world_.take_finished()) {
        result.took.push_back(finished.trace.back().at - asked.at(finished.query));
        if (finished.answer.rcode == wire::Rcode::NOERROR) ++answered;
      }
    };
    for (unsigned i = 0; i < count; ++i) {
      const auto name = "q" + std::to_string(++names_) + ".example.";
      const auto now = world_.now();
      asked[world_.ask({*wire::Name::from_text(name), RRType::A})] = now;
      world_.wait(apart);
      collect();
    }
    world_.run();
    collect();
    result.answered = answered / static_cast<double>(count);
    result.packets = static_cast<double>(world_.network().log().size()) / count;
    std::sort(result.took.begin(), result.took.end());
    result.median = result.took[result.took.size() / 2];
    result.longest = result.took.back();
    return result;
  }

  /// Takes the server away, or puts it back.
  void silence(const std::string& address, bool silent) {
    const auto at = *wire::IpAddress::from_text(address);
    world_.network().put_server({at}, silent ? nullptr : servers_.at(address));
  }

  world::World& world() { return world_; }

 private:
  static world::WorldOptions options() {
    world::WorldOptions options;
    options.settings.root_hints = {};
    options.settings.root_hints.servers = {
        {*wire::Name::from_text("a.root."), {*wire::IpAddress::from_text("198.41.0.4")}}};
    return options;
  }
  void warm() { ask(50, 20ms); }

  world::World world_;
  std::map<std::string, std::shared_ptr<world::Server>> servers_;
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
    SmallWorld small({{"192.0.2.1", victim.misbehaviours}, {"192.0.2.2", victim.misbehaviours}});
    const auto result = small.ask(20000, 500us);  // ten seconds
    CHECK(result.packets * 2000 <= 200);
  }
}

TEST_CASE("a busy zone whose servers answer is never held up") {
  SmallWorld small({{"192.0.2.1", {}}, {"192.0.2.2", {"jitter 100ms"}}}, 50ms);
  CHECK(small.ask(20000, 250us).answered == 1);
}
