// Reads "TYPE RDATA" lines, names absolute, and writes what cairn makes of each: the same record's
// text, or "!" and what is wrong with it.
#include <iostream>
#include <string>

#include "wire/rdata_text.hpp"

using namespace cairn::wire;

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    const std::size_t space = std::min(line.find(' '), line.size());
    const auto type = rrtype_from_text(std::string_view{line}.substr(0, space));
    if (!type) {
      std::cout << "! no such type\n";
      continue;
    }
    const auto rdata = rdata_from_text(*type, std::string_view{line}.substr(space));
    std::cout << (rdata ? rdata_to_text(*type, *rdata) : "! " + rdata.error()) << "\n";
  }
}
