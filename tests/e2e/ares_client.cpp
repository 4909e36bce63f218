// A client that we did not write: c-ares, a stub resolver with a parser of its own, asks PORT on
// 127.0.0.1 for each NAME and prints one line for it: the name, "ok" or c-ares' word for the
// failure, the canonical name, and the addresses that ares_getaddrinfo(3) hands to a program.
//   ares_client PORT NAME...

#include <ares.h>
#include <arpa/inet.h>
#include <netdb.h>
#include <sys/select.h>

#include <cstdio>
#include <cstring>
#include <string>

namespace {

std::string text_of(const ares_addrinfo_node& node) {
  char text[INET6_ADDRSTRLEN] = "";
  if (node.ai_family == AF_INET) {
    sockaddr_in address{};
    std::memcpy(&address, node.ai_addr, sizeof address);
    inet_ntop(AF_INET, &address.sin_addr, text, sizeof text);
  } else {
    sockaddr_in6 address{};
    std::memcpy(&address, node.ai_addr, sizeof address);
    inet_ntop(AF_INET6, &address.sin6_addr, text, sizeof text);
  }
  return text;
}

void print(void* name, int status, int, ares_addrinfo* result) {
  std::string line = static_cast<const char*>(name);
  line += status == ARES_SUCCESS ? " ok" : std::string(" ") + ares_strerror(status);
  if (result) {
    const char* canonical = result->name;
    for (const auto* alias = result->cnames; alias; alias = alias->next) canonical = alias->name;
    line += std::string(" ") + (canonical ? canonical : "-");
    for (const auto* node = result->nodes; node; node = node->ai_next) line += " " + text_of(*node);
    ares_freeaddrinfo(result);
  }
  std::puts(line.c_str());
}

void wait_for_all(ares_channel channel) {
  for (;;) {
    fd_set readable;
    fd_set writable;
    FD_ZERO(&readable);
    FD_ZERO(&writable);
    const int count = ares_fds(channel, &readable, &writable);
    if (count == 0) return;
    timeval longest{1, 0};
    timeval space{};
    select(count, &readable, &writable, nullptr, ares_timeout(channel, &longest, &space));
    ares_process(channel, &readable, &writable);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  ares_options options{};
  options.timeout = 8000;
  options.tries = 1;
  options.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES | ARES_FLAG_EDNS;
  ares_channel channel = nullptr;
  const std::string server = std::string("127.0.0.1:") + argv[1];
  if (ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS ||
      ares_init_options(&channel, &options, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_FLAGS) !=
          ARES_SUCCESS ||
      ares_set_servers_ports_csv(channel, server.c_str()) != ARES_SUCCESS)
    return 1;
  ares_addrinfo_hints hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_flags = ARES_AI_CANONNAME | ARES_AI_NOSORT;
  for (int at = 2; at < argc; ++at)
    ares_getaddrinfo(channel, argv[at], nullptr, &hints, print, argv[at]);
  wait_for_all(channel);
  ares_destroy(channel);
  ares_library_cleanup();
  return 0;
}
