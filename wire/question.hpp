// What is asked: a name, a type and a class (RFC 1035 section 4.1.2).
#pragma once

#include "wire/name.hpp"
#include "wire/types.hpp"

namespace cairn::wire {

struct Question {
  Name name;
  RRType type = RRType::A;
  RRClass rrclass = RRClass::IN;

  bool operator==(const Question&) const = default;
};

/// "www.example. IN A"
std::string to_text(const Question& question);

}  // namespace cairn::wire
