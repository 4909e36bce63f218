#include <doctest/doctest.h>

#include "tools/cairnctl/tree.hpp"

using namespace cairn::cairnctl;

namespace {

const Explanation explanation{"NOERROR",
                              {"www.example.com. 300 IN A 192.0.2.1"},
                              {{0, "asked the root"},
                               {0, "needed ns.elsewhere.net. IN A"},
                               {1, "asked net."},
                               {1, "needed ns.deep.org. IN A"},
                               {2, "found ns.deep.org. IN A in the cache"},
                               {1, "concluded ns.elsewhere.net. IN A"},
                               {0, "concluded www.example.com. IN A"}},
                              ""};

}  // namespace

TEST_CASE("what was waited for stands below the step that waited") {
  CHECK(tree_text("www.example.com A", explanation, Drawing::Unicode) ==
        "www.example.com A\n"
        "├─ asked the root\n"
        "├─ needed ns.elsewhere.net. IN A\n"
        "│  ├─ asked net.\n"
        "│  ├─ needed ns.deep.org. IN A\n"
        "│  │  └─ found ns.deep.org. IN A in the cache\n"
        "│  └─ concluded ns.elsewhere.net. IN A\n"
        "└─ concluded www.example.com. IN A\n"
        "\n"
        "NOERROR\n"
        "www.example.com. 300 IN A 192.0.2.1\n");
}

TEST_CASE("the tree can be drawn in ASCII") {
  Explanation failed{"SERVFAIL", {}, {{0, "needed x."}, {1, "asked"}}, "No Reachable Authority"};
  CHECK(tree_text("x A", failed, Drawing::Ascii) ==
        "x A\n"
        "`- needed x.\n"
        "   `- asked\n"
        "\n"
        "SERVFAIL: No Reachable Authority\n");
}

TEST_CASE("names and values stand in two columns") {
  CHECK(table_text({{"queries", "5"}, {"cache.bytes", "1024"}}) ==
        "queries      5\n"
        "cache.bytes  1024\n");
  CHECK(table_text({}).empty());
}
