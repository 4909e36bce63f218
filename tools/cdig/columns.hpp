// Records and questions in dig's columns: owner, TTL, class, type and data stand at fixed columns,
// reached by tabs, when what stands before leaves room.
#pragma once

#include <string>

#include "tools/cdig/print.hpp"
#include "wire/question.hpp"
#include "wire/rrset.hpp"

namespace cairn::cdig {

/// ";www.example.		IN	A" with the end of the line.
std::string question_text(const wire::Question& question, const Display& display);

/// The same with single spaces and without the end of the line.
std::string plain_text(const wire::Record& record, const Display& display);
std::string plain_text(const wire::Question& question, const Display& display);

}  // namespace cairn::cdig
