#include "server/json.hpp"

#include <chrono>
#include <nlohmann/json.hpp>

#include "resolver/limits.hpp"
#include "wire/rdata_text.hpp"

namespace cairn::server::json {
namespace {

namespace limits = resolver::limits;

using Json = nlohmann::ordered_json;

std::string line(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

double milliseconds(wire::Duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

std::string word(resolver::StepKind kind) {
  switch (kind) {
    case resolver::StepKind::Found:
      return "found";
    case resolver::StepKind::Asked:
      return "asked";
    case resolver::StepKind::Waited:
      return "waited";
    case resolver::StepKind::Judged:
      return "judged";
    case resolver::StepKind::Concluded:
      return "concluded";
    case resolver::StepKind::Cut:
      return "cut";
  }
  return "?";
}

Json of_step(const resolver::Step& step) {
  Json json{{"kind", word(step.kind)},
            {"depth", step.depth},
            {"question", wire::to_text(step.question)},
            {"text", resolver::to_text(step)}};
  if (!step.detail.empty()) json["detail"] = step.detail;
  if (step.kind == resolver::StepKind::Asked) {
    json["zone"] = step.zone.to_text();
    json["server"] = step.server.address.to_text();
    json["port"] = step.server.port;
    json["transport"] = resolver::to_text(step.transport);
    json["reply"] = resolver::to_text(step.reply);
    json["rcode"] = wire::to_text(step.rcode);
    json["rtt_ms"] = milliseconds(step.rtt);
    json["packets"] = step.packets;
    json["scrubbed"] = step.scrubbed;
    json["ignored"] = step.ignored;
  }
  if (step.kind == resolver::StepKind::Concluded) json["sends"] = step.sends;
  return json;
}

Json of_budget(std::size_t spent, std::size_t most) {
  return {{"spent", spent}, {"of", most}};
}

Json of_sets(const std::vector<wire::RRset>& sets) {
  Json lines = Json::array();
  for (const wire::RRset& set : sets)
    for (const wire::RdataView rdata : set.rdata)
      lines.push_back(wire::to_text(wire::Record{set.owner, set.type, set.rrclass, set.ttl,
                                                 wire::Bytes(rdata.begin(), rdata.end())}));
  return lines;
}

Json of_cache(const cache::CacheStatistics& cache) {
  return {{"bytes", cache.bytes}, {"entries", cache.entries}, {"evictions", cache.evictions}};
}

}  // namespace

std::optional<Request> parse_request(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  Request request;
  for (const auto& [key, value] : json.items()) {
    if (!value.is_string()) return std::nullopt;
    if (key == "do") request.verb = value;
    if (key == "name") request.name = value;
    if (key == "type") request.type = value;
  }
  if (request.verb.empty()) return std::nullopt;
  return request;
}

std::string error(std::string_view message) {
  return line({{"ok", false}, {"error", message}});
}

std::string ok() {
  return line({{"ok", true}});
}

std::string flushed(std::size_t entries) {
  return line({{"ok", true}, {"flushed", entries}});
}

std::string status(const Status& status, const cache::CacheStatistics& cache) {
  Json zones = Json::array();
  for (const Status::Zone& zone : status.zones)
    zones.push_back({{"name", zone.name}, {"serial", zone.serial}, {"records", zone.records}});
  return line({{"ok", true},
               {"version", status.version},
               {"pid", status.pid},
               {"uptime_s", status.uptime_seconds},
               {"workers", status.workers},
               {"listen", status.listen},
               {"zones", zones},
               {"cache", of_cache(cache)}});
}

std::string statistics(const std::vector<WorkerStatistics>& workers,
                       const cache::CacheStatistics& cache) {
  Json all{{"ok", true}};
  // The sum of all workers, counter by counter.
  const auto add = [&all](const char* name, std::uint64_t value) {
    all[name] = all.value(name, std::uint64_t{0}) + value;
  };
  for (const WorkerStatistics& worker : workers) {
    add("queries_udp", worker.queries.queries_udp);
    add("queries_tcp", worker.queries.queries_tcp);
    add("ignored", worker.queries.ignored);
    add("malformed", worker.queries.malformed);
    add("not_allowed", worker.queries.not_allowed);
    add("from_zones", worker.queries.from_zones);
    add("from_cache", worker.queries.from_cache);
    add("from_engine", worker.queries.from_engine);
    add("not_known", worker.queries.not_known);
    add("too_many", worker.queries.too_many);
    add("too_late", worker.queries.too_late);
    add("too_fast", worker.queries.too_fast);
    add("too_alike", worker.queries.too_alike);
    add("sent_short", worker.queries.sent_short);
    add("proven", worker.queries.proven);
    add("engine_queries", worker.engine.queries);
    add("engine_joined", worker.engine.joined);
    add("engine_failures", worker.engine.failures);
    add("engine_out_of_budget", worker.engine.out_of_budget);
    add("engine_stale", worker.engine.stale);
    add("engine_refreshed", worker.engine.refreshed);
    add("engine_refused", worker.engine.refused);
    add("engine_turned_away", worker.engine.turned_away);
    add("upstream_shared", worker.engine.shared);
    add("upstream_udp", worker.engine.sends_udp);
    add("upstream_tcp", worker.engine.sends_tcp);
    add("upstream_replies", worker.engine.replies);
    add("upstream_timeouts", worker.engine.timeouts);
    add("upstream_ignored", worker.engine.ignored);
    add("upstream_scrubbed", worker.engine.scrubbed);
    add("jobs", worker.jobs);
    add("waiting", worker.waiting);
    add("connections", worker.connections);
    add("upstream_sockets", worker.upstream_sockets);
  }
  all["cache"] = of_cache(cache);
  return line(all);
}

std::string explained(const resolver::Engine::Finished& finished) {
  Json steps = Json::array();
  resolver::Step spent;  // the conclusions of children stand before that of the whole
  for (const resolver::Step& step : finished.trace) {
    steps.push_back(of_step(step));
    if (step.kind == resolver::StepKind::Concluded) spent = step;
  }
  Json json{
      {"ok", true},
      {"question", wire::to_text(finished.question)},
      {"rcode", wire::to_text(finished.answer.rcode)},
      {"answer", of_sets(finished.answer.answer)},
      {"authority", of_sets(finished.answer.authority)},
      {"steps", steps},
      {"sends", spent.sends},
      {"budget",
       {{"sends", of_budget(spent.sends, limits::sends_per_query)},
        {"address_lookups", of_budget(spent.address_lookups, limits::address_lookups_per_query)},
        {"received_octets", of_budget(spent.received_octets, limits::received_octets_per_query)}}}};
  if (finished.answer.error) json["error_text"] = finished.answer.error->text;
  return line(json);
}

std::string quoted(std::string_view text) {
  return line(std::string(text));
}

}  // namespace cairn::server::json
