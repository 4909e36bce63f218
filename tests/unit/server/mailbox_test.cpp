#include "server/mailbox.hpp"

#include <doctest/doctest.h>

#include <thread>
#include <vector>

namespace cairn::server {
namespace {

TEST_CASE("letters of many threads are all opened by the one, each sender's in its order") {
  constexpr int senders = 4, letters = 1000;
  uv_loop_t loop;
  uv_loop_init(&loop);
  Mailbox mailbox(loop);
  std::vector<std::vector<int>> got(senders);
  int count = 0;
  std::vector<std::thread> threads;
  for (int sender = 0; sender < senders; ++sender)
    threads.emplace_back([&, sender] {
      for (int letter = 0; letter < letters; ++letter)
        mailbox.post([&, sender, letter] {
          got[static_cast<std::size_t>(sender)].push_back(letter);
          if (++count == senders * letters) mailbox.close();
        });
    });
  uv_run(&loop, UV_RUN_DEFAULT);
  for (std::thread& thread : threads) thread.join();
  CHECK(uv_loop_close(&loop) == 0);
  for (const auto& of_sender : got) {
    REQUIRE(of_sender.size() == letters);
    for (int letter = 0; letter < letters; ++letter)
      CHECK(of_sender[static_cast<std::size_t>(letter)] == letter);
  }
}

TEST_CASE("after it is closed a mailbox takes no letters") {
  uv_loop_t loop;
  uv_loop_init(&loop);
  Mailbox mailbox(loop);
  mailbox.close();
  bool opened = false;
  mailbox.post([&] { opened = true; });
  uv_run(&loop, UV_RUN_DEFAULT);
  uv_loop_close(&loop);
  CHECK_FALSE(opened);
}

}  // namespace
}  // namespace cairn::server
