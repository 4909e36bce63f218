#include "wire/question.hpp"

namespace cairn::wire {

std::string to_text(const Question& question) {
  return question.name.to_text() + " " + to_text(question.rrclass) + " " + to_text(question.type);
}

}  // namespace cairn::wire
