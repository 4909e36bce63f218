#include "resolver/forwarding.hpp"

#include "tests/unit/resolver/builders.hpp"

namespace cairn::resolver {
namespace {

ForwardZone forward(const char* zone) {
  ForwardZone made;
  made.zone = *wire::Name::from_text(zone);
  return made;
}

std::string found(const Forwarding& forwarding, const char* name,
                  wire::RRType type = wire::RRType::A) {
  const auto zone = forwarding.find({*wire::Name::from_text(name), type, wire::RRClass::IN});
  return zone ? zone->zone.to_text() : "none";
}

TEST_CASE("the forward zone with the longest name counts, whole labels only and without case") {
  const Forwarding forwarding({forward("example."), forward("corp.example.")});
  CHECK(found(forwarding, "example.") == "example.");
  CHECK(found(forwarding, "www.EXAMPLE.") == "example.");
  CHECK(found(forwarding, "a.b.Corp.example.") == "corp.example.");
  CHECK(found(forwarding, "acorp.example.") == "example.");
  CHECK(found(forwarding, "anexample.") == "none");
  CHECK(found(forwarding, ".") == "none");
  CHECK(found(Forwarding(), "www.example.") == "none");
  CHECK(found(Forwarding({forward(".")}), "www.example.") == ".");
}

TEST_CASE("of two forward zones with one name the last one counts") {
  auto other = forward("example.");
  other.first = true;
  const Forwarding forwarding({forward("example."), other});
  CHECK(forwarding.find({"www.example."_name, wire::RRType::A, wire::RRClass::IN})->first);
}

TEST_CASE("behind a forward zone that failed comes the next above it") {
  const Forwarding forwarding({forward("."), forward("example."), forward("corp.example.")});
  const wire::Question question{"www.corp.example."_name, wire::RRType::A, wire::RRClass::IN};
  const auto first = forwarding.find(question);
  const auto second = forwarding.find(question, first.get());
  const auto third = forwarding.find(question, second.get());
  CHECK(second->zone == "example."_name);
  CHECK(third->zone == wire::Name());
  CHECK_FALSE(forwarding.find(question, third.get()));
}

TEST_CASE("the DS of a forward or stub zone is its parent's to know") {
  auto stub = forward("lab.example.");
  stub.stub = true;
  const Forwarding forwarding({forward("example."), stub, forward("corp.example.")});
  CHECK(found(forwarding, "lab.example.", wire::RRType::DS) == "example.");
  CHECK(found(forwarding, "www.lab.example.", wire::RRType::DS) == "lab.example.");
  CHECK(found(forwarding, "corp.example.", wire::RRType::DS) == "example.");
  CHECK(found(forwarding, "www.corp.example.", wire::RRType::DS) == "corp.example.");
  CHECK(found(Forwarding({forward(".")}), ".", wire::RRType::DS) == ".");
}

}  // namespace
}  // namespace cairn::resolver
