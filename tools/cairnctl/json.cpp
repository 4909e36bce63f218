#include <nlohmann/json.hpp>

#include "tools/cairnctl/reply.hpp"

namespace cairn::cairnctl {

namespace {

using Json = nlohmann::ordered_json;

wire::Result<Json> accepted(std::string_view text) {
  Json reply = Json::parse(text, nullptr, false);
  if (!reply.is_object() || !reply.contains("ok") || !reply["ok"].is_boolean())
    return wire::Error{"the daemon's reply is not understood: " + std::string(text)};
  if (!reply["ok"].get<bool>())
    return wire::Error{reply.value("error", std::string("the daemon refused without a reason"))};
  return reply;
}

std::string value_text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

bool is_plain(const Json& array) {
  for (const Json& item : array)
    if (item.is_structured()) return false;
  return true;
}

void flatten(const Json& value, const std::string& name, Fields& fields) {
  const auto below = [&](const std::string& part) {
    return name.empty() ? part : name + "." + part;
  };
  if (value.is_object()) {
    for (const auto& [key, item] : value.items()) flatten(item, below(key), fields);
  } else if (value.is_array() && !is_plain(value)) {
    for (std::size_t i = 0; i < value.size(); ++i)
      flatten(value[i], below(std::to_string(i)), fields);
  } else if (value.is_array()) {
    std::string list;
    for (const Json& item : value) list += (list.empty() ? "" : ", ") + value_text(item);
    fields.emplace_back(name, list);
  } else {
    fields.emplace_back(name, value_text(value));
  }
}

// A member that may be missing or of another kind than expected: foreign bytes are guilty.
template <class T>
T member(const Json& object, const char* key, T otherwise) {
  const auto found = object.find(key);
  if (found == object.end()) return otherwise;
  if constexpr (std::is_same_v<T, std::string>) {
    return found->is_string() ? found->template get<T>() : otherwise;
  } else {
    return found->is_number_unsigned() ? found->template get<T>() : otherwise;
  }
}

}  // namespace

std::string to_json(const Request& request) {
  Json json{{"do", request.verb}};
  if (!request.name.empty()) json["name"] = request.name;
  if (request.verb == "explain") json["type"] = request.type;
  return json.dump();
}

wire::Result<Fields> fields_of(std::string_view text) {
  auto reply = accepted(text);
  if (!reply) return wire::Error{reply.error()};
  reply->erase("ok");
  Fields fields;
  flatten(*reply, "", fields);
  return fields;
}

wire::Result<Explanation> explanation_of(std::string_view text) {
  const auto reply = accepted(text);
  if (!reply) return wire::Error{reply.error()};
  Explanation explanation;
  explanation.rcode = member<std::string>(*reply, "rcode", "?");
  explanation.error = member<std::string>(*reply, "error_text", "");
  if (const auto answer = reply->find("answer"); answer != reply->end() && answer->is_array()) {
    for (const Json& record : *answer) explanation.answer.push_back(value_text(record));
  }
  if (const auto steps = reply->find("steps"); steps != reply->end() && steps->is_array()) {
    for (const Json& step : *steps) {
      if (!step.is_object()) continue;
      explanation.steps.push_back(
          {member<unsigned>(step, "depth", 0), member<std::string>(step, "text", "?")});
    }
  }
  return explanation;
}

}  // namespace cairn::cairnctl
