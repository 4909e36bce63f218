#include "tools/cdig/why.hpp"

#include <sstream>

#include "tools/cairnctl/control_socket.hpp"
#include "tools/cairnctl/reply.hpp"
#include "tools/cairnctl/request.hpp"
#include "tools/cairnctl/tree.hpp"
#include "tools/cdig/json.hpp"

namespace cairn::cdig {
namespace {

std::string as_comments(const std::string& text) {
  std::istringstream lines(text);
  std::string comments;
  for (std::string line; std::getline(lines, line);) comments += ";; " + line + "\n";
  return comments + "\n";
}

std::string no_steps(const std::string& reason, const Display& display) {
  return display.json ? trouble_json("WHY: " + reason) : as_comments("WHY: " + reason);
}

}  // namespace

std::string why_text(const wire::Question& question, const std::string& socket,
                     const Display& display) {
  cairnctl::Request request;
  request.verb = "explain";
  request.name = question.name.to_text();
  request.type = to_text(question.type);
  const auto reply = cairnctl::ask_daemon(socket.empty() ? cairnctl::usual_socket() : socket,
                                          cairnctl::to_json(request));
  if (const auto* failure = std::get_if<cairnctl::NoReply>(&reply))
    return no_steps(failure->message + "\ncdig takes that path as +why=PATH.", display);
  const auto explanation = cairnctl::explanation_of(std::get<std::string>(reply));
  if (!explanation) return no_steps(explanation.error(), display);
  if (display.json) {
    std::vector<ToldStep> steps;
    for (const auto& step : explanation->steps) steps.push_back({step.depth, step.text});
    return steps_json(question, steps);
  }
  return as_comments("WHY: " + cairnctl::steps_text(request.name + " " + request.type,
                                                    explanation->steps,
                                                    cairnctl::drawing_of_the_locale()));
}

}  // namespace cairn::cdig
