// Messages as dig's +yaml writes them, which is a dialect of dnstap's YAML: one item of a list for
// each message, its records as quoted text. Of the other options of form only +split, the choice
// of sections, +nocomments and -u count.
#pragma once

#include <string>

#include "tools/cdig/print.hpp"

namespace cairn::cdig {

std::string reply_yaml(const wire::LooseMessage& reply, const wire::Message& asked,
                       const Delivery& delivery, const Display& display);
std::string query_yaml(const wire::Message& query, const Delivery& delivery,
                       const Display& display);
std::string trouble_yaml(const std::string& sentence);

}  // namespace cairn::cdig
