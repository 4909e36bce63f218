#include "zones/name_tree.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace cairn;
using namespace cairn::zones;

namespace {

std::span<const std::uint8_t> label(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

TEST_CASE("children are found by parent and label, without case") {
  NameTree tree(wire::SipKey{1, 2});
  const auto com = tree.add_child(NameTree::root, label("com"));
  const auto www = tree.add_child(com, label("www"));
  CHECK(tree.add_child(NameTree::root, label("COM")) == com);
  CHECK(tree.child(com, label("wWw")) == www);
  CHECK(tree.child(NameTree::root, label("www")) == NameTree::none);
  CHECK(tree.child(www, label("com")) == NameTree::none);
  CHECK(tree.child(com, label("ww")) == NameTree::none);
  CHECK(tree.parent(www) == com);
  CHECK(tree.size() == 3);
}

TEST_CASE("a tree that grows keeps every name") {
  NameTree tree(wire::SipKey{3, 4});
  constexpr NameTree::Id count = 5000;
  for (NameTree::Id i = 1; i <= count; ++i) {
    const NameTree::Id parent = (i - 1) / 7;  // the same few labels below many parents
    REQUIRE(tree.add_child(parent, label("l" + std::to_string(i % 7))) == i);
  }
  for (NameTree::Id i = 1; i <= count; ++i)
    REQUIRE(tree.child((i - 1) / 7, label("L" + std::to_string(i % 7))) == i);
  CHECK(tree.child(count, label("l0")) == NameTree::none);
}

TEST_CASE("labels are counted from the right") {
  const wire::Name name = wire::operator""_name("a.bc.def.", 9);
  const Labels labels(name);
  REQUIRE(labels.size() == 3);
  CHECK(labels[0].size() == 3);
  CHECK(labels[1][1] == 'c');
  CHECK(labels[2][0] == 'a');
  CHECK(Labels(wire::Name()).size() == 0);
}
