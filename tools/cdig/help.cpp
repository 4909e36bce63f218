#include "tools/cdig/help.hpp"

#include <algorithm>
#include <string_view>

#include "tools/cdig/plus_options.hpp"

namespace cairn::cdig {

namespace {

struct DashOption {
  std::string_view form;
  std::string_view help;
};

constexpr DashOption dash_options[] = {
    {"-4", "ask over IPv4 only"},
    {"-6", "ask over IPv6 only"},
    {"-b address[#port]", "ask from this address and port"},
    {"-c class", "the class of the question"},
    {"-f file", "read lookups from a file, one a line"},
    {"-k keyfile", "sign with the TSIG key in this file"},
    {"-m", "for dig's sake: without effect"},
    {"-p port", "the port of the server"},
    {"-q name", "the name of the question"},
    {"-r", "leave ~/.digrc unread"},
    {"-t type", "the type of the question"},
    {"-u", "show times in microseconds"},
    {"-x address", "ask for the name of an address"},
    {"-y [hmac:]name:key", "sign with this TSIG key, in base64"},
};

constexpr std::string_view indent = "                 ";

std::string line(std::string form, std::string_view help) {
  form.resize(std::max<std::size_t>(form.size() + 1, 22), ' ');
  return std::string(indent) + form + "(" + std::string(help) + ")\n";
}

}  // namespace

std::string usage_text() {
  return "Usage:  cdig [@global-server] [domain] [q-type] [q-class] {q-opt}\n"
         "            {global-d-opt} host [@local-server] {local-d-opt}\n"
         "            [ host [@local-server] {local-d-opt} [...]]\n";
}

std::string help_text() {
  std::string text =
      usage_text() +
      "Where:  domain   is a name in the DNS\n"
      "        q-class  is one of (in,hs,ch,...) [default: in]\n"
      "        q-type   is one of (a,any,mx,ns,soa,hinfo,axfr,txt,...) [default: a],\n"
      "                 or ixfr=serial\n"
      "        q-opt    is one of:\n";
  for (const DashOption& option : dash_options) text += line(std::string(option.form), option.help);
  text += "        d-opt    is of the form +keyword[=value], where keyword is:\n";
  for (const PlusOption& option : plus_options()) {
    if (option.help.empty()) continue;  // without effect, or another name for one that is shown
    const bool deniable = option.denial != PlusOption::Denial::Never;
    text += line("+" + std::string(deniable ? "[no]" : "") + std::string(option.name) +
                     std::string(option.form),
                 option.help);
  }
  return text +
         "        What stands before the first host counts for all of them, what stands behind\n"
         "        one for that host.\n"
         "        -h                           (print help and exit)\n"
         "        -v                           (print version and exit)\n";
}

}  // namespace cairn::cdig
