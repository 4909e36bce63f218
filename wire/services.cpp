#include "wire/services.hpp"

#include <algorithm>

#include "wire/codes.hpp"

namespace cairn::wire {
namespace {

constexpr std::size_t most_octets = 1 + 65536 / 8;

constexpr CodeName protocols[] = {{1, "icmp"}, {2, "igmp"}, {3, "ggp"}, {6, "tcp"},
                                  {8, "egp"},  {12, "pup"}, {17, "udp"}};

constexpr CodeName services[] = {
    {7, "echo"},        {9, "discard"},  {11, "systat"},   {13, "daytime"},    {15, "netstat"},
    {17, "qotd"},       {19, "chargen"}, {20, "ftp-data"}, {21, "ftp"},        {22, "ssh"},
    {23, "telnet"},     {25, "smtp"},    {37, "time"},     {42, "nameserver"}, {43, "whois"},
    {53, "domain"},     {67, "bootps"},  {68, "bootpc"},   {69, "tftp"},       {70, "gopher"},
    {79, "finger"},     {80, "http"},    {88, "kerberos"}, {101, "hostname"},  {102, "iso-tsap"},
    {109, "pop2"},      {110, "pop3"},   {111, "sunrpc"},  {113, "auth"},      {115, "sftp"},
    {117, "uucp-path"}, {119, "nntp"},   {123, "ntp"},     {143, "imap2"},     {161, "snmp"},
    {162, "snmp-trap"}, {179, "bgp"},    {389, "ldap"},    {443, "https"},     {513, "login"},
    {514, "shell"}};

}  // namespace

bool are_well_formed_services(std::span<const std::uint8_t> rdata) {
  if (rdata.empty() || rdata.size() > most_octets) return false;
  return rdata.size() == 1 || rdata.back() != 0;
}

std::string services_to_text(std::span<const std::uint8_t> rdata) {
  std::string text = std::to_string(rdata[0]);
  const auto bits = rdata.subspan(1);
  for (std::size_t port = 0; port < bits.size() * 8; ++port) {
    if (bits[port / 8] & (0x80U >> port % 8)) text += " " + std::to_string(port);
  }
  return text;
}

std::variant<Bytes, RdataTextError> services_from_text(std::span<const Word> words) {
  const auto protocol =
      words.empty() ? std::nullopt : code_from_text(protocols, words[0].text, 0xFF);
  if (!protocol) return RdataTextError{0, "expected a protocol such as tcp, udp or 6"};
  Bytes bits;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const auto port = code_from_text(services, words[i].text, 0xFFFF);
    if (!port) return RdataTextError{i, "expected a port from 0 to 65535, or a service's name"};
    bits.resize(std::max<std::size_t>(bits.size(), *port / 8 + 1));
    bits[*port / 8] = static_cast<std::uint8_t>(bits[*port / 8] | 0x80U >> *port % 8);
  }
  bits.insert(bits.begin(), static_cast<std::uint8_t>(*protocol));
  return bits;
}

}  // namespace cairn::wire
