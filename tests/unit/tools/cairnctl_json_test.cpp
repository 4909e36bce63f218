#include <doctest/doctest.h>

#include "tools/cairnctl/reply.hpp"

using namespace cairn::cairnctl;

TEST_CASE("a request is one line of JSON with what its verb needs") {
  CHECK(to_json({"explain", "www.example", "MX", "/s", false}) ==
        R"({"do":"explain","name":"www.example","type":"MX"})");
  CHECK(to_json({"flush", "www.example", "A", "/s", false}) ==
        R"({"do":"flush","name":"www.example"})");
  CHECK(to_json({"status", "", "A", "/s", true}) == R"({"do":"status"})");
}

TEST_CASE("an explanation is read with its steps and their depths") {
  const auto explanation = explanation_of(
      R"({"ok":true,"rcode":"NOERROR","answer":["www.example. 300 IN A 192.0.2.1"],"sends":2,)"
      R"("steps":[{"kind":"asked","depth":0,"text":"asked a"},{"depth":1,"text":"asked b"}]})");
  REQUIRE(explanation);
  CHECK(explanation->rcode == "NOERROR");
  CHECK(explanation->answer == std::vector<std::string>{"www.example. 300 IN A 192.0.2.1"});
  CHECK(explanation->steps == std::vector<Step>{{0, "asked a"}, {1, "asked b"}});
}

TEST_CASE("a refusal is the daemon's own sentence") {
  const auto refused = explanation_of(R"({"ok":false,"error":"no zone of that name"})");
  REQUIRE_FALSE(refused);
  CHECK(refused.error() == "no zone of that name");
  CHECK_FALSE(fields_of(R"({"ok":false})"));
}

TEST_CASE("what is no reply is said to be none, and shown") {
  for (const std::string text : {"", "[]", "{}", "null", R"({"ok":1})", R"({"ok":true)", "\xff"}) {
    CAPTURE(text);
    const auto fields = fields_of(text);
    REQUIRE_FALSE(fields);
    CHECK(fields.error() == "the daemon's reply is not understood: " + text);
  }
}

TEST_CASE("members of an unexpected kind are passed over") {
  const auto odd =
      explanation_of(R"({"ok":true,"rcode":5,"answer":"x","steps":[1,{"depth":-1,"text":[]}]})");
  REQUIRE(odd);
  CHECK(odd->rcode == "?");
  CHECK(odd->answer.empty());
  CHECK(odd->steps == std::vector<Step>{{0, "?"}});
}

TEST_CASE("status and counters become flat names in their order") {
  const auto fields =
      fields_of(R"({"ok":true,"version":"0.1.0","cache":{"entries":7,"bytes":1024},)"
                R"("listen":["127.0.0.1:53","[::1]:53"],"workers":[{"queries":1},{"queries":2}]})");
  REQUIRE(fields);
  CHECK(*fields == Fields{{"version", "0.1.0"},
                          {"cache.entries", "7"},
                          {"cache.bytes", "1024"},
                          {"listen", "127.0.0.1:53, [::1]:53"},
                          {"workers.0.queries", "1"},
                          {"workers.1.queries", "2"}});
}
