#include <doctest/doctest.h>

#include "tools/cdig/map.hpp"

using namespace cairn::cdig;
using namespace std::chrono_literals;

TEST_CASE("a map shows each zone below its parent, its servers in columns and what is wrong") {
  const DelegationMap map{{{cairn::wire::Name{},
                            "trust anchor",
                            {{"a.root-servers.net.", "198.41.0.4", 12340us, ""},
                             {"b.root-servers.net.", "2801:1b8:10::b", std::nullopt, "no reply"}}},
                           {*cairn::wire::Name::from_text("example."),
                            "no DS: not signed",
                            {{"ns.example.", "192.0.2.1", 900us, "REFUSED"},
                             {"ns.lost.", "", std::nullopt, "no address"}}}},
                          "www.example. A: NOERROR, 1 in the answer"};
  CHECK(map_text(map) ==
        ".   trust anchor\n"
        "|  a.root-servers.net.  198.41.0.4      12.3 ms\n"
        "|  b.root-servers.net.  2801:1b8:10::b  no reply\n"
        "|\n"
        "   example.   no DS: not signed\n"
        "   |  ns.example.          192.0.2.1       0.9 ms  REFUSED\n"
        "   |  ns.lost.                             no address\n"
        "   |\n"
        "      www.example. A: NOERROR, 1 in the answer\n");
}
