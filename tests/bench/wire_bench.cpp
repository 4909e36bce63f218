// What a message costs on the wire's floor: a simple answer and a referral of thirteen servers with
// their addresses, parsed and built. Nanoseconds each, and allocations each.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <new>
#include <string>

#include "wire/message.hpp"
#include "wire/rdata_text.hpp"
#include "wire/writer.hpp"

using namespace cairn::wire;

namespace {

std::size_t allocations = 0;

Record record(const std::string& line) {
  return *record_from_text(line);
}

Message simple_answer() {
  Message message;
  message.header.response = true;
  message.questions = {{"www.amazon.com."_name, RRType::A}};
  message.answer = {record("www.amazon.com. 60 IN A 205.251.242.103")};
  message.edns = Edns{};
  return message;
}

Message referral() {
  Message message;
  message.header.response = true;
  message.questions = {{"www.amazon.com."_name, RRType::A}};
  for (char c = 'a'; c <= 'm'; ++c) {
    const std::string server = std::string(1, c) + ".gtld-servers.net.";
    message.authority.push_back(record("com. 172800 IN NS " + server));
    message.additional.push_back(record(server + " 172800 IN A 192.0.2.1"));
    message.additional.push_back(record(server + " 172800 IN AAAA 2001:db8::1"));
  }
  message.edns = Edns{};
  return message;
}

template <class Work>
void measure(const char* what, Work&& work) {
  constexpr int rounds = 200000;
  std::size_t seen = 0;
  for (int i = 0; i < rounds / 10; ++i) seen += work();
  const std::size_t allocated = allocations;
  const std::clock_t start = std::clock();  // CPU time: others may share the machine
  for (int i = 0; i < rounds; ++i) seen += work();
  const double nanoseconds = 1e9 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  std::printf("%-24s %8.0f ns %6.1f allocations %s\n", what, nanoseconds / rounds,
              static_cast<double>(allocations - allocated) / rounds, seen ? "" : "?");
}

void measure_message(const std::string& what, const Message& message) {
  const Bytes octets = build(message);
  measure(("parse " + what).c_str(), [&] { return parse(octets)->questions.size(); });
  measure(("build " + what).c_str(), [&] { return build(message).size(); });
}

}  // namespace

// Not inlined: g++ would see malloc's memory deleted and new's memory freed.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  std::abort();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

int main() {
  measure_message("answer", simple_answer());
  measure_message("referral", referral());
  const SipKey key{1, 2};
  const Name name = "www.amazon.com."_name, other = "WWW.amazon.com."_name;
  measure("hash of a name", [&] { return name.hash(key) & 0xff; });
  measure("comparison of names", [&] { return std::size_t{name == other}; });
}
