// Laws of what cdig shows: no octets make the loose reader or a printer fail otherwise than by
// saying so; the octets left unread and the records read are no more than there can be; every form
// of output ends its last line, and JSON is one line.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "tools/cdig/print.hpp"
#include "wire/loose_message.hpp"

using namespace cairn;

namespace {

void require(bool law) {
  if (!law) std::abort();
}

cdig::Delivery delivery(std::size_t octets) {
  cdig::Delivery delivery;
  delivery.server.port = 53;
  delivery.server_name = "ns.example";
  delivery.octets = octets;
  delivery.elapsed = std::chrono::microseconds(1500);
  delivery.when = "Sat Nov 21 12:00:00 UTC 2026";
  return delivery;
}

// The bits of one octet choose among the forms.
cdig::Display display(std::uint8_t choice) {
  cdig::Display display;
  display.multiline = choice & 1;
  display.crypto = !(choice & 2);
  if (choice & 4) display.rr_comments = !display.multiline;
  if (choice & 8) display.split_width = choice & 1 ? 0 : 4;
  display.unknown_format = (choice & 0x30) == 0x30;
  display.expand_aaaa = choice & 0x10;
  display.ttl_units = choice & 0x20;
  display.color = choice & 0x40;
  display.ttl = !(choice & 0x80);
  return display;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
  const std::span input(octets, size);
  const auto loose = wire::read_loosely(input);
  if (!loose) {
    require(!loose.error().empty());
    require(cdig::hex_dump(input).ends_with('\n'));
    return 0;
  }
  require(loose->unread <= size && loose->answer.size() <= loose->claimed.answers &&
          loose->authority.size() <= loose->claimed.authorities &&
          loose->additional.size() <= loose->claimed.additionals);

  cdig::Display form = display(octets[size - 1]);
  const auto text = [&] { return cdig::reply_text(*loose, *loose, delivery(size), form); };
  require(text().ends_with('\n'));
  form.yaml = true;
  require(text().ends_with('\n'));
  form.json = true;
  const std::string json = text();
  require(std::ranges::count(json, '\n') == 1 && json.ends_with("}\n"));
  form = {};
  form.short_form = true;
  const std::string answers = text();
  require(std::ranges::count(answers, '\n') == static_cast<std::ptrdiff_t>(loose->answer.size()));
  require(cdig::query_text(*loose, delivery(size), display(octets[0])).ends_with('\n'));
  return 0;
}
