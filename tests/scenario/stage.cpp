#include "tests/scenario/stage.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include "wire/rdata_text.hpp"
#include "zones/zone_file.hpp"

namespace cairn::scenario {

namespace {

using world::words_of;

bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char letter) { return letter >= '0' && letter <= '9'; });
}

unsigned number_of(const Line& line, std::string_view text) {
  unsigned number = 0;
  if (!is_number(text)) throw StoryError(line, "'" + std::string(text) + "' is no number");
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

wire::Name name_of(const Line& line, std::string_view text) {
  auto name = wire::Name::from_text(text);
  if (!name) throw StoryError(line, name.error());
  return *name;
}

wire::Duration duration_of(const Line& line, std::string_view text) {
  const auto duration = world::duration_from_text(text);
  if (!duration) throw StoryError(line, "'" + std::string(text) + "' is no duration");
  return *duration;
}

wire::RRType type_of(const Line& line, std::string_view text) {
  const auto type = wire::rrtype_from_text(text);
  if (!type) throw StoryError(line, "'" + std::string(text) + "' is no record type");
  return *type;
}

std::string rest_of(const std::vector<std::string>& words, std::size_t first) {
  std::string text;
  for (std::size_t i = first; i < words.size(); ++i) text += (i > first ? " " : "") + words[i];
  return text;
}

/// "www.example. 300 A 192.0.2.1", without the TTL if `with_ttl` is false.
std::string text_of(const wire::RRset& set, wire::RdataView rdata, bool with_ttl) {
  return set.owner.to_text() + " " + (with_ttl ? std::to_string(set.ttl.seconds) + " " : "") +
         wire::to_text(set.type) + " " + wire::rdata_to_text(set.type, rdata);
}

/// An expected record, in the form of text_of, and whether it names a TTL.
struct ExpectedRecord {
  std::string text;
  bool with_ttl;
};

ExpectedRecord expected_record(const Line& line, const std::vector<std::string>& words,
                               std::size_t first) {
  auto record = wire::record_from_text(rest_of(words, first));
  if (!record) throw StoryError(line, record.error());
  const bool with_ttl = words.size() > first + 1 && is_number(words[first + 1]);
  wire::RRset set{record->owner, record->type, record->rrclass, record->ttl, {}, {}};
  return {text_of(set, record->rdata, with_ttl), with_ttl};
}

/// What is expected and missing, and what is there and not expected.
std::string difference(const std::vector<ExpectedRecord>& expected,
                       const std::vector<wire::RRset>& sets) {
  std::vector<std::pair<std::string, std::string>> present;  // with and without TTL
  for (const auto& set : sets) {
    for (const auto rdata : set.rdata) {
      present.emplace_back(text_of(set, rdata, true), text_of(set, rdata, false));
    }
  }
  std::string text;
  for (const auto& record : expected) {
    const auto found = std::find_if(present.begin(), present.end(), [&](const auto& one) {
      return (record.with_ttl ? one.first : one.second) == record.text;
    });
    if (found == present.end()) {
      text += "\n    missing: " + record.text;
    } else {
      present.erase(found);
    }
  }
  for (const auto& one : present) text += "\n    not expected: " + one.first;
  return text;
}

bool stand_in_order(const std::vector<ExpectedRecord>& expected,
                    const std::vector<wire::RRset>& sets) {
  auto next = expected.begin();
  for (const auto& set : sets) {
    for (const auto rdata : set.rdata) {
      if (next == expected.end() || text_of(set, rdata, next->with_ttl) != next->text) return false;
      ++next;
    }
  }
  return next == expected.end();
}

}  // namespace

std::vector<std::string> Stage::play(const Story& story) {
  for (const auto& line : story.lines) play(line);
  if (!asked_.empty()) throw StoryError(story.lines.back(), "an 'ask' without its 'expect'");
  return failures_;
}

void Stage::play(const Line& line) {
  const auto words = words_of(line.text);
  const auto& verb = words[0];
  if (verb == "server") return play_server(line, words);
  if (verb == "forward" || verb == "stub") return play_forward(line, words);
  if (verb == "option") return play_option(line, words);
  if (verb == "ask") return play_ask(line, words);
  if (verb == "expect") return play_expect(line, words);
  if (verb == "prefetch") return play_prefetch(line, words);
  if (verb == "asked") return play_asked(line, words);
  if (verb == "trace") return play_trace(line);
  if (verb == "cached") return play_cached(line, words, true);
  if (verb == "world" && words.size() == 2) {
    worlds_.push_back(read_story(folder_ / (words[1] + ".world")));
    for (const auto& below : worlds_.back().lines) play(below);
    return;
  }
  if (verb == "zone" && words.size() == 2) {
    ours_.push_back(make_zone(name_of(line, words[1]), line, nullptr));
    return;
  }
  if (words.size() == 4 && line.text.starts_with("no route to ")) {
    const auto prefix = wire::Prefix::from_text(words[3]);
    if (!prefix) throw StoryError(line, "no prefix");
    no_route_.push_back(*prefix);
    return;
  }
  if (words.size() >= 2 && line.text.starts_with("not cached ")) {
    return play_cached(line, {words.begin() + 1, words.end()}, false);
  }
  if (verb == "wait" && words.size() == 2) {
    raise_curtain();
    world_->wait(duration_of(line, words[1]));
    return;
  }
  if (verb == "cancel" && words.size() == 1) {
    if (asked_.empty()) throw StoryError(line, "nothing to cancel");
    for (const auto query : asked_.back().queries) world_->cancel(query);
    asked_.pop_back();
    if (asked_.empty()) check_rest(line);
    return;
  }
  throw StoryError(line, "not understood");
}

void Stage::play_server(const Line& line, const std::vector<std::string>& words) {
  Cast server;
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i] == "root") {
      server.root = true;
      continue;
    }
    const auto address = wire::Endpoint::from_text(words[i], 53);
    if (!address) throw StoryError(line, "'" + words[i] + "' is no address");
    server.addresses.push_back(*address);
  }
  if (server.addresses.empty()) throw StoryError(line, "a server needs an address");
  for (const auto& detail : line.below) {
    const auto parts = words_of(detail.text);
    if (parts[0] == "zone" && parts.size() >= 2) {
      CastZone zone{name_of(detail, parts[1]), &detail};
      if (parts.size() > 2 && parts[2] == "signed") zone.signing.emplace();
      for (std::size_t i = 3; zone.signing && i < parts.size(); ++i)
        if (!zone.signing->take_word(parts[i]))
          throw StoryError(detail, "'" + parts[i] + "' is no way to sign");
      if (parts.size() > 2 && !zone.signing) throw StoryError(detail, "zone NAME [signed ...]");
      server.zones.push_back(std::move(zone));
    } else if (parts[0] == "like" && parts.size() == 2) {
      server.like = wire::Endpoint::from_text(parts[1], 53);
      if (!server.like) throw StoryError(detail, "no address");
    } else {
      const auto misbehaviour = world::Misbehaviour::from_text(detail.text);
      if (!misbehaviour) throw StoryError(detail, misbehaviour.error());
      server.misbehaviours.push_back(detail.text);
    }
  }
  // Told again, a server is what the later telling says.
  std::erase_if(cast_, [&](const Cast& old) { return old.addresses[0] == server.addresses[0]; });
  cast_.push_back(std::move(server));
  cast_changed_ = true;
}

void Stage::play_forward(const Line& line, const std::vector<std::string>& words) {
  if (world_ != nullptr) throw StoryError(line, "it stands before the first 'ask'");
  if (words.size() < 3) throw StoryError(line, words[0] + " ZONE ADDRESS... [first] [listed]");
  resolver::ForwardZone zone;
  zone.zone = name_of(line, words[1]);
  zone.stub = words[0] == "stub";
  for (std::size_t i = 2; i < words.size(); ++i) {
    const auto server = wire::Endpoint::from_text(words[i], 53);
    if (server) zone.servers.push_back(*server);
    zone.first = zone.first || words[i] == "first";
    zone.listed = zone.listed || words[i] == "listed";
    if (!server && words[i] != "first" && words[i] != "listed")
      throw StoryError(line, "'" + words[i] + "' is no address");
  }
  forwards_.push_back(std::move(zone));
}

void Stage::play_option(const Line& line, const std::vector<std::string>& words) {
  if (world_ != nullptr) throw StoryError(line, "an option stands before the first 'ask'");
  if (words.size() != 3) throw StoryError(line, "an option has a name and a value");
  const auto& name = words[1];
  const auto& value = words[2];
  auto& settings = options_.settings;
  const bool on = value == "true";
  if (name == "ipv4") {
    settings.ipv4 = on;
  } else if (name == "ipv6") {
    settings.ipv6 = on;
  } else if (name == "priming") {
    settings.priming = on;
  } else if (name == "prefetch") {
    settings.prefetch = on;
  } else if (name == "serve-stale") {
    settings.serve_stale = on;
  } else if (name == "case-randomization") {
    settings.case_randomization = on;
  } else if (name == "qname-minimization") {
    settings.qname_minimization = value == "strict" ? resolver::QnameMinimization::Strict
                                  : value == "off"  ? resolver::QnameMinimization::Off
                                                    : resolver::QnameMinimization::Relaxed;
  } else if (name == "deny-upstream") {
    const auto prefix = wire::Prefix::from_text(value);
    if (!prefix) throw StoryError(line, "no prefix");
    settings.deny_upstream.push_back(*prefix);
  } else if (name == "rebinding-protection") {
    settings.rebinding.protection = on;
  } else if (name == "rebinding-exceptions") {
    if (const auto prefix = wire::Prefix::from_text(value))
      settings.rebinding.allowed.push_back(*prefix);
    else
      settings.rebinding.exceptions.push_back(name_of(line, value));
  } else if (name == "dns64-prefix") {
    const auto prefix = wire::Prefix::from_text(value);
    if (prefix) settings.dns64 = resolver::Dns64::from_prefix(*prefix);
    if (!settings.dns64) throw StoryError(line, "no prefix for DNS64");
  } else if (name == "cache.size") {
    options_.cache.size = number_of(line, value);
  } else if (name == "cache.min-ttl") {
    options_.cache.min_ttl.seconds = number_of(line, value);
  } else if (name == "cache.max-ttl") {
    options_.cache.max_ttl.seconds = number_of(line, value);
  } else if (name == "cache.negative-max-ttl") {
    options_.cache.negative_max_ttl.seconds = number_of(line, value);
  } else if (name == "validation") {
    settings.validation.on = on;
    validation_told_ = true;
  } else if (name == "trust-anchor") {
    anchors_.push_back(name_of(line, value));
  } else if (name == "negative-trust-anchor") {
    settings.validation.negative.push_back(name_of(line, value));
  } else if (name == "wall-clock") {
    options_.wall_clock = std::chrono::sys_seconds{std::chrono::seconds{number_of(line, value)}};
  } else if (name == "aggressive-nsec") {
    settings.validation.aggressive_nsec = on;
  } else if (name == "seed") {
    options_.seed = number_of(line, value);
  } else {
    throw StoryError(line, "no option of the resolver");
  }
}

/// A zone from its lines, which are those of a zone file. SOA and NS at the apex are added where
/// the story has no word to say about them.
std::vector<wire::Record> Stage::records_of(const wire::Name& apex, const Line& line,
                                            const Cast* server) const {
  std::string text = "$TTL 3600\n";
  for (const auto& record : line.below) text += record.text + "\n";
  auto file = zones::parse_zone_file(text, apex, "zone");
  if (!file.errors.empty()) throw StoryError(line, file.errors[0].to_text());
  const auto at_apex = [&](wire::RRType type) {
    return std::any_of(file.records.begin(), file.records.end(), [&](const auto& record) {
      return record.owner == apex && record.type == type;
    });
  };
  const auto add = [&](const std::string& record) {
    file.records.push_back(*wire::record_from_text(record));
  };
  const auto owner = apex.to_text();
  if (!at_apex(wire::RRType::SOA)) {
    add(owner + " 3600 SOA ns.invalid. hostmaster.invalid. 1 3600 600 86400 300");
  }
  if (!at_apex(wire::RRType::NS)) {
    if (server == nullptr || !server->root) {
      add(owner + " 3600 NS ns.invalid.");
    } else {
      for (const auto& host : root_hosts()) {
        add(owner + " 3600 NS " + host.name.to_text());
        for (const auto& address : host.glue) {
          add(host.name.to_text() + " 3600 " + (address.is_v6() ? "AAAA " : "A ") +
              address.to_text());
        }
      }
    }
  }
  std::sort(file.records.begin(), file.records.end(),
            [](const auto& a, const auto& b) { return a.owner < b.owner; });
  return std::move(file.records);
}

std::shared_ptr<const zones::Zone> Stage::make_zone(const wire::Name& apex, const Line& line,
                                                    const Cast* server) const {
  auto zone = zones::Zone::from_records(apex, records_of(apex, line, server));
  if (!zone) throw StoryError(line, zone.error());
  return *zone;
}

/// With the DS of each zone that it delegates and that is signed.
std::shared_ptr<const world::SignedZone> Stage::make_signed(const CastZone& zone,
                                                            const Cast& server) const {
  auto records = records_of(zone.apex, *zone.line, &server);
  std::set<wire::Name> cuts;
  for (const auto& record : records)
    if (record.type == wire::RRType::NS && !(record.owner == zone.apex)) cuts.insert(record.owner);
  for (const auto& record : records)
    if (record.type == wire::RRType::DS) cuts.erase(record.owner);  // the story tells it itself
  for (const auto& cut : cuts) {
    const CastZone* child = signed_zone(cut);
    if (child == nullptr) continue;
    const auto ds = world::SignedZone::ds_of(cut, *child->signing);
    for (const auto rdata : ds.rdata)
      records.push_back({cut, ds.type, ds.rrclass, ds.ttl, {rdata.begin(), rdata.end()}});
  }
  try {
    return std::make_shared<world::SignedZone>(zone.apex, std::move(records), *zone.signing);
  } catch (const std::runtime_error& error) {
    throw StoryError(*zone.line, error.what());
  }
}

const Stage::CastZone* Stage::signed_zone(const wire::Name& apex) const {
  for (const auto& server : cast_)
    for (const auto& zone : server.zones)
      if (zone.apex == apex && zone.signing) return &zone;
  return nullptr;
}

/// Where the root is signed, trust begins there unless the story says otherwise.
void Stage::place_anchors() {
  auto& validation = options_.settings.validation;
  if (anchors_.empty() && signed_zone(wire::Name())) anchors_.push_back(wire::Name());
  if (!validation_told_) validation.on = !anchors_.empty();
  validation.anchors.clear();
  for (const auto& apex : anchors_)
    if (const CastZone* zone = signed_zone(apex)) {
      world::Signing signing = *zone->signing;
      signing.no_ds = false;  // of the parent, which is not asked
      validation.anchors.push_back(world::SignedZone::ds_of(apex, signing));
    }
}

/// The servers that are marked `root`, as a.root., b.root. and so on.
std::vector<cache::NameServer> Stage::root_hosts() const {
  std::vector<cache::NameServer> hosts;
  for (const auto& server : cast_) {
    if (!server.root) continue;
    const char letter = static_cast<char>('a' + hosts.size());
    hosts.push_back({*wire::Name::from_text(std::string(1, letter) + ".root."), {}});
    for (const auto& address : server.addresses) hosts.back().glue.push_back(address.address);
  }
  return hosts;
}

void Stage::raise_curtain() {
  if (!cast_changed_) return;
  cast_changed_ = false;
  if (world_ == nullptr) {
    place_anchors();
    options_.settings.root_hints = {};
    options_.settings.root_hints.servers = root_hosts();
    std::vector<wire::Name> others;
    for (const auto& zone : forwards_) others.push_back(zone.zone);
    if (options_.settings.dns64) others.push_back(options_.settings.dns64->reverse_zone());
    options_.settings.forwarding = resolver::Forwarding(forwards_);
    world_ = std::make_unique<world::World>(options_, zones::ZoneSet(std::move(ours_), others));
    for (const auto& prefix : no_route_) world_->network().cut_route(prefix);
  }
  world_->network().remove_servers();
  for (const auto& server : cast_) {
    const auto* holder = &server;
    for (const auto& other : cast_) {
      if (server.like && other.addresses[0] == *server.like) holder = &other;
    }
    std::vector<std::shared_ptr<const zones::Zone>> zones;
    std::vector<std::shared_ptr<const world::SignedZone>> signed_zones;
    for (const auto& zone : holder->zones) {
      if (zone.signing) {
        signed_zones.push_back(make_signed(zone, *holder));
        zones.push_back(signed_zones.back()->zone());
      } else {
        zones.push_back(make_zone(zone.apex, *zone.line, holder));
      }
    }
    std::vector<world::Misbehaviour> misbehaviours;
    for (const auto& text : server.misbehaviours) {
      misbehaviours.push_back(*world::Misbehaviour::from_text(text));
    }
    const auto made = std::make_shared<world::Server>(std::move(zones), std::move(misbehaviours),
                                                      std::move(signed_zones));
    for (const auto& address : server.addresses) world_->network().put_server(address, made);
  }
}

void Stage::play_ask(const Line& line, std::vector<std::string> words) {
  raise_curtain();
  unsigned times = 1;
  if (words.size() > 3 && words[2] == "times") {
    times = number_of(line, words[1]);
    words.erase(words.begin() + 1, words.begin() + 3);
  }
  resolver::Engine::Wishes wishes;
  if (words.size() == 5 && words[3] == "with" && words[4] == "CD") {
    wishes.unchecked = true;
    words.resize(3);
  }
  if (words.size() != 3) throw StoryError(line, "ask [N times] NAME TYPE [with CD]");
  if (log_is_old_) world_->network().clear_log();
  log_is_old_ = false;
  Asked asked{{name_of(line, words[1]), type_of(line, words[2])}, {}, world_->now()};
  for (unsigned i = 0; i < times; ++i) asked.queries.push_back(world_->ask(asked.question, wishes));
  asked_.push_back(std::move(asked));
}

void Stage::play_prefetch(const Line& line, const std::vector<std::string>& words) {
  if (world_ == nullptr || words.size() != 5 || words[3] != "within")
    throw StoryError(line, "prefetch NAME TYPE within DURATION, behind an 'expect'");
  raise_curtain();
  world_->network().clear_log();
  log_is_old_ = true;
  world_->refresh({name_of(line, words[1]), type_of(line, words[2])}, duration_of(line, words[4]));
  world_->run();
}

void Stage::play_expect(const Line& line, const std::vector<std::string>& words) {
  if (asked_.empty()) throw StoryError(line, "nothing was asked");
  const auto asked = std::move(asked_.front());
  asked_.pop_front();
  log_is_old_ = true;
  const auto take = [&] {
    for (auto& finished : world_->take_finished()) {
      protocol_ += resolver::to_tree(finished.trace) + "\n";
      finished_.insert_or_assign(finished.query, std::move(finished));
    }
  };
  const auto all_there = [&] {
    return std::all_of(asked.queries.begin(), asked.queries.end(),
                       [&](auto query) { return finished_.contains(query); });
  };
  take();
  for (unsigned events = 0; !all_there() && events < 200000 && world_->step(); ++events) take();
  if (!all_there()) return fail(line, "never answered");
  const auto elapsed = world_->now() - asked.at;

  last_.clear();
  for (const auto query : asked.queries) last_.push_back(finished_.extract(query).mapped());
  for (const auto& finished : last_) {
    if (finished.question != asked.question) fail(line, "the answer belongs to another question");
    if (words.size() < 2 || wire::to_text(finished.answer.rcode) != words[1]) {
      std::string why = wire::to_text(finished.answer.rcode);
      if (finished.answer.error) why += " (" + finished.answer.error->text + ")";
      fail(line, "the answer is " + why);
    }
    check_answer(line, finished);
    if (failures_.size() > 3) break;
  }
  if (words.size() == 4 && words[2] == "within") {
    if (elapsed > duration_of(line, words[3])) {
      fail(line, "took " + std::to_string(elapsed / std::chrono::milliseconds(1)) + " ms");
    }
  } else if (words.size() != 2) {
    throw StoryError(line, "expect RCODE [within DURATION]");
  }
  if (asked_.empty()) check_rest(line);
}

void Stage::check_answer(const Line& line, const resolver::Engine::Finished& finished) {
  const auto& answer = finished.answer;
  std::vector<ExpectedRecord> records;
  std::vector<ExpectedRecord> authority;
  bool any = false;
  bool ordered = false;
  bool no_authority = false;
  for (const auto& detail : line.below) {
    const auto words = words_of(detail.text);
    if (words[0] == "answer" && words.size() == 2 && words[1] == "any") {
      any = true;
    } else if (detail.text == "in this order") {
      ordered = true;
    } else if (detail.text == "authority nothing") {
      no_authority = true;
    } else if (words[0] == "answer") {
      records.push_back(expected_record(detail, words, 1));
    } else if (words[0] == "authority") {
      authority.push_back(expected_record(detail, words, 1));
    } else if (words[0] == "ede" && words.size() == 2) {
      const auto code = answer.error ? static_cast<unsigned>(answer.error->code) : 65535U;
      if (code != number_of(detail, words[1])) {
        fail(detail, "the extended error is " + std::to_string(code));
      }
    } else if (words.size() == 1) {
      check_security(detail, answer);
    } else if (words[0] == "because") {
      const auto text = answer.error ? answer.error->text : "";
      if (text.find(rest_of(words, 1)) == std::string::npos) {
        fail(detail, "the reason given is \"" + text + "\"");
      }
    } else {
      throw StoryError(detail, "expected answer, in this order, authority, ede or because");
    }
  }
  if (!any) {
    const auto wrong = difference(records, answer.answer);
    if (!wrong.empty()) fail(line, "the answer differs:" + wrong);
  }
  if (ordered && !stand_in_order(records, answer.answer))
    fail(line, "the answer's order is another");
  if (!authority.empty() || no_authority) {
    const auto wrong = difference(authority, answer.authority);
    if (!wrong.empty()) fail(line, "the authority section differs:" + wrong);
  }
}

void Stage::check_security(const Line& detail, const resolver::Answer& answer) {
  const auto security = resolver::security_of(answer);
  const bool is = detail.text == "secure"     ? security == wire::Security::Secure
                  : detail.text == "insecure" ? !answer.bogus && security != wire::Security::Secure
                  : detail.text == "bogus"    ? answer.bogus
                                              : throw StoryError(detail, "not understood");
  if (is) return;
  const char* what = answer.bogus                            ? "bogus"
                     : security == wire::Security::Secure    ? "secure"
                     : security == wire::Security::Unchecked ? "unchecked"
                                                             : "insecure";
  fail(detail, std::string("it is ") + what);
}

/// When nobody waits, nothing is left: no job, no deadline, no open socket. What goes on for the
/// cache's sake comes to its end first.
void Stage::check_rest(const Line& line) {
  if (world_->engine().goes_on()) world_->run();
  if (!world_->engine().idle()) fail(line, "the engine still works though all is answered");
  if (world_->network().open_sockets() != 0) fail(line, "a socket was left open");
}

void Stage::play_asked(const Line& line, const std::vector<std::string>& words) {
  const auto& log = world_->network().log();
  const auto listed = [&] {
    std::string text;
    for (const auto& sent : log) text += "\n    " + sent.to_text();
    return text.empty() ? std::string("\n    nobody") : text;
  };
  std::size_t count = log.size();
  std::size_t at = 1;
  if (words.size() > 1) {
    if (const auto address = wire::IpAddress::from_text(words[1])) {
      count = static_cast<std::size_t>(std::count_if(log.begin(), log.end(), [&](const auto& sent) {
        return sent.server.address == *address;
      }));
      ++at;
    }
  }
  const auto rest = rest_of(words, at);
  if (rest == "nobody" || rest == "never") {
    if (count != 0) fail(line, "asked were:" + listed());
  } else if (rest.starts_with("at most ") || rest.starts_with("at least ") ||
             rest.starts_with("exactly ")) {
    const auto number = number_of(line, words.back());
    const bool right = rest.starts_with("at most ")    ? count <= number
                       : rest.starts_with("at least ") ? count >= number
                                                       : count == number;
    if (!right) fail(line, "it was " + std::to_string(count) + ":" + listed());
  } else if (rest.empty() && at == 1) {
    std::vector<std::string> expected;
    for (const auto& detail : line.below) expected.push_back(detail.text);
    std::vector<std::string> actual;
    for (const auto& sent : log) actual.push_back(sent.to_text());
    if (actual != expected) fail(line, "asked were:" + listed());
  } else {
    throw StoryError(line, "asked [ADDRESS] nobody|never|at most N|at least N|exactly N");
  }
}

/// The steps of the last answer, in the words of the trace, in this order; others may stand
/// between.
void Stage::play_trace(const Line& line) {
  if (last_.empty()) throw StoryError(line, "a trace belongs behind an 'expect'");
  auto step = last_[0].trace.begin();
  const auto end = last_[0].trace.end();
  for (const auto& detail : line.below) {
    step = std::find_if(step, end, [&](const auto& one) {
      return resolver::to_text(one).find(detail.text) != std::string::npos;
    });
    if (step == end) return fail(detail, "no such step in\n" + resolver::to_tree(last_[0].trace));
    ++step;
  }
}

void Stage::play_cached(const Line& line, const std::vector<std::string>& words, bool expected) {
  if (words.size() != 3) throw StoryError(line, "cached NAME TYPE");
  const auto found =
      world_->cache().rrset(name_of(line, words[1]), type_of(line, words[2]), world_->now());
  if (found.has_value() != expected) return fail(line, expected ? "it is not" : "it is");
  if (!found || line.below.empty()) return;
  std::vector<ExpectedRecord> records;
  for (const auto& detail : line.below) {
    records.push_back(expected_record(detail, words_of(detail.text), 0));
  }
  const auto wrong = difference(records, {found->rrset});
  if (!wrong.empty()) fail(line, "the cache differs:" + wrong);
}

void Stage::fail(const Line& line, const std::string& what) {
  failures_.push_back("line " + std::to_string(line.number) + ": " + line.text + "\n  " + what);
}

}  // namespace cairn::scenario
