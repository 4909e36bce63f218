#include "tools/cdig/json.hpp"

#include <nlohmann/json.hpp>

#include "tools/cdig/print_edns.hpp"
#include "tools/cdig/rdata_style.hpp"
#include "wire/octets_text.hpp"

namespace cairn::cdig {

namespace {

using Json = nlohmann::ordered_json;

Json record_json(const wire::Record& record) {
  const std::string type = to_text(record.type);
  Json json{{"NAME", record.owner.to_text()},
            {"TYPE", static_cast<unsigned>(record.type)},
            {"TYPEname", type},
            {"CLASS", static_cast<unsigned>(record.rrclass)},
            {"CLASSname", to_text(record.rrclass)},
            {"TTL", record.ttl.seconds},
            {"RDLENGTH", record.rdata.size()},
            {"RDATAHEX", wire::to_hex(record.rdata)}};
  Display unsplit;
  unsplit.split_width = 0;
  json["rdata" + type] = rdata_text(record, unsplit);
  return json;
}

Json records_json(const std::vector<wire::Record>& records) {
  Json json = Json::array();
  for (const wire::Record& record : records) json.push_back(record_json(record));
  return json;
}

Json questions_json(const std::vector<wire::Question>& questions) {
  Json json = Json::array();
  for (const wire::Question& question : questions) {
    json.push_back({{"NAME", question.name.to_text()},
                    {"TYPE", static_cast<unsigned>(question.type)},
                    {"TYPEname", to_text(question.type)},
                    {"CLASS", static_cast<unsigned>(question.rrclass)},
                    {"CLASSname", to_text(question.rrclass)}});
  }
  return json;
}

Json edns_json(const wire::Edns& edns) {
  Json options = Json::array();
  for (const wire::EdnsOption& option : edns.options) {
    const OptionWords words = option_words(option, "");
    Json json{{"code", static_cast<unsigned>(option.code)}, {"name", words.name}};
    json["text"] =
        words.sentence.empty() ? words.value : words.value + ": (" + words.sentence + ")";
    json["hex"] = wire::to_hex(option.data);
    options.push_back(std::move(json));
  }
  return {{"version", edns.version},
          {"flags", edns.flags},
          {"DO", edns.dnssec_ok ? 1 : 0},
          {"udp", edns.udp_size},
          {"options", std::move(options)}};
}

Json message_json(std::string_view kind, const wire::LooseMessage& message) {
  const wire::Header& header = message.header;
  const wire::RawHeader& claimed = message.claimed;
  Json json{{"kind", kind},
            {"ID", header.id},
            {"QR", header.response ? 1 : 0},
            {"Opcode", static_cast<unsigned>(header.opcode)},
            {"Opcodename", opcode_text(header.opcode)},
            {"AA", header.authoritative ? 1 : 0},
            {"TC", header.truncated ? 1 : 0},
            {"RD", header.recursion_desired ? 1 : 0},
            {"RA", header.recursion_available ? 1 : 0},
            {"AD", header.authentic_data ? 1 : 0},
            {"CD", header.checking_disabled ? 1 : 0},
            {"RCODE", static_cast<unsigned>(header.rcode)},
            {"RCODEname", rcode_text(header.rcode)},
            {"QDCOUNT", claimed.questions},
            {"ANCOUNT", claimed.answers},
            {"NSCOUNT", claimed.authorities},
            {"ARCOUNT", claimed.additionals}};
  if (!message.questions.empty()) {
    const wire::Question& question = message.questions.front();
    json["QNAME"] = question.name.to_text();
    json["QTYPE"] = static_cast<unsigned>(question.type);
    json["QTYPEname"] = to_text(question.type);
    json["QCLASS"] = static_cast<unsigned>(question.rrclass);
    json["QCLASSname"] = to_text(question.rrclass);
  }
  json["questionRRs"] = questions_json(message.questions);
  json["answerRRs"] = records_json(message.answer);
  json["authorityRRs"] = records_json(message.authority);
  json["additionalRRs"] = records_json(message.additional);
  if (message.edns) json["EDNS"] = edns_json(*message.edns);
  if (message.signature) json["signature"] = record_json(*message.signature);
  if (message.malformed) json["malformed"] = true;
  if (message.unread > 0) json["extraBytes"] = message.unread;
  return json;
}

void add_delivery(Json& json, const Delivery& delivery) {
  json["server"] = {{"address", delivery.server.address.to_text()},
                    {"port", delivery.server.port},
                    {"name", delivery.server_name}};
  json["transport"] = delivery.carrier;
  json["size"] = delivery.octets;
  json["time"] = std::chrono::duration<double>(delivery.arrived.time_since_epoch()).count();
}

// One line of ASCII: sentences of servers may hold controls, and need not be UTF-8; what is not
// becomes U+FFFD.
std::string line_of(const Json& json) {
  return json.dump(-1, ' ', true, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string reply_json(const wire::LooseMessage& reply, const Delivery& delivery) {
  Json json = message_json("reply", reply);
  add_delivery(json, delivery);
  json["elapsed"] = delivery.elapsed.count();
  return line_of(json);
}

std::string query_json(const wire::Message& query, const Delivery& delivery) {
  Json json = message_json("query", wire::as_loose(query));
  add_delivery(json, delivery);
  return line_of(json);
}

std::string trouble_json(const std::string& sentence) {
  return line_of({{"kind", "error"}, {"message", sentence}});
}

std::string steps_json(const wire::Question& question, const std::vector<ToldStep>& steps) {
  Json list = Json::array();
  for (const ToldStep& step : steps) list.push_back({{"depth", step.depth}, {"text", step.text}});
  return line_of({{"kind", "why"},
                  {"QNAME", question.name.to_text()},
                  {"QTYPEname", to_text(question.type)},
                  {"steps", std::move(list)}});
}

std::string map_json(const DelegationMap& map) {
  Json zones = Json::array();
  for (const MappedZone& zone : map.zones) {
    Json servers = Json::array();
    for (const MappedServer& server : zone.servers) {
      Json json{{"name", server.name}, {"address", server.address}, {"trouble", server.trouble}};
      if (server.elapsed) json["elapsed"] = server.elapsed->count();
      servers.push_back(std::move(json));
    }
    zones.push_back({{"name", zone.name.to_text()},
                     {"security", zone.security},
                     {"servers", std::move(servers)}});
  }
  return line_of({{"kind", "map"}, {"zones", std::move(zones)}, {"ending", map.ending}});
}

std::string validation_json(const Validation& validation) {
  Json links = Json::array();
  for (const ChainLink& link : validation.links) {
    Json details = Json::array();
    for (const ChainDetail& detail : link.details)
      details.push_back({{"what", detail.what}, {"text", detail.text}});
    links.push_back({{"depth", link.depth},
                     {"title", link.title},
                     {"security", to_text(link.security)},
                     {"details", std::move(details)}});
  }
  Json json{{"kind", "validation"},
            {"QNAME", validation.question.name.to_text()},
            {"QTYPEname", to_text(validation.question.type)},
            {"security", to_text(validation.security)}};
  if (validation.why)
    json["reason"] = {{"code", static_cast<unsigned>(validation.why->code)},
                      {"text", validation.why->text}};
  json["links"] = std::move(links);
  return line_of(json);
}

std::string prefixes_json(const std::vector<std::string>& prefixes) {
  return line_of({{"kind", "prefixes"}, {"prefixes", prefixes}});
}

}  // namespace cairn::cdig
