// The daemon's reply, read from its one line of JSON.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/cairnctl/request.hpp"
#include "wire/result.hpp"

namespace cairn::cairnctl {

/// One step of a resolution (resolver/step.hpp). `depth` says below which question it stands: steps
/// of a question that another one waited for are one deeper, and follow the step that waited.
struct Step {
  unsigned depth = 0;
  std::string text;

  bool operator==(const Step&) const = default;
};

struct Explanation {
  std::string rcode;
  std::vector<std::string> answer;
  std::vector<Step> steps;
  std::string error;  // why it failed, in words; empty: it did not
};

using Fields = std::vector<std::pair<std::string, std::string>>;

/// {"do":"explain","name":"www.example.","type":"A"}, without the end of the line.
std::string to_json(const Request& request);

/// The reply as flat names and values ("cache.bytes", "1024"), in its order, without "ok". The
/// error is the daemon's own sentence, or says that this is no reply.
wire::Result<Fields> fields_of(std::string_view json);

wire::Result<Explanation> explanation_of(std::string_view json);

}  // namespace cairn::cairnctl
