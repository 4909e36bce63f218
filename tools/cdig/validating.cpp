#include "tools/cdig/validating.hpp"

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "tools/cdig/json.hpp"
#include "tools/cdig/validation.hpp"

namespace cairn::cdig {
namespace {

wire::Result<std::vector<dnssec::TrustAnchor>> anchors_of(const std::string& path) {
  if (path.empty()) return std::vector{dnssec::root_anchor()};
  std::ifstream file(path);
  if (!file) return wire::Error{"cannot read the trust anchors in '" + path + "'"};
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  auto anchors = dnssec::trust_anchors_from_text(text);
  if (!anchors) return wire::Error{path + ": " + anchors.error()};
  if (anchors->empty()) return wire::Error{"no DS or DNSKEY in '" + path + "'"};
  return anchors;
}

/// A resolver's reply, or one of a server that has the zone: not a referral, nor a refusal.
bool is_of_use(const wire::LooseMessage& reply) {
  const wire::Header& header = reply.header;
  const bool tells = header.recursion_available || header.authoritative || !reply.answer.empty();
  return !reply.malformed && tells &&
         (header.rcode == wire::Rcode::NOERROR || header.rcode == wire::Rcode::NXDOMAIN);
}

}  // namespace

void ask_for_signatures(QueryForm& form) {
  form.dnssec_ok = form.checking_disabled = true;
  form.edns_version = form.edns_version.value_or(std::uint8_t{0});
}

int show_validation(const Lookup& lookup, const wire::Question& question,
                    const wire::LooseMessage& reply, std::span<const Server> servers,
                    const System& system, Output& output) {
  const auto anchors = anchors_of(lookup.anchor_file);
  if (!anchors) {
    std::fprintf(stderr, "%s: %s\n", system.program.c_str(), anchors.error().c_str());
    return exit_usage;
  }
  Lookup behind = lookup;
  behind.show_query = false;
  behind.form.id.reset();
  const auto fetch = [&](const wire::Question& wanted) -> std::optional<wire::Message> {
    const auto told = ask(behind, wanted, servers, output);
    if (told.reply && is_of_use(told.reply->message)) return told.reply->message;
    if (lookup.servers.empty()) return std::nullopt;
    // The server knows its own zone, and nothing of those above.
    Lookup usual = behind;
    usual.encryption = {};
    usual.form.recursion_desired = true;
    usual.signing_key.reset();
    const auto others = system_servers(system.conf, 53, lookup.family);
    const auto second = ask(usual, wanted, others, output);
    if (second.reply && is_of_use(second.reply->message)) return second.reply->message;
    return std::nullopt;
  };
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const Validation validation = validate(question, reply, fetch, *anchors, now);
  output.put(lookup.display.json ? validation_json(validation) : validation_text(validation));
  switch (validation.security) {
    case wire::Security::Bogus:
      return exit_bogus;
    case wire::Security::Secure:
    case wire::Security::Insecure:
      return exit_answered;
    default:
      return exit_indeterminate;
  }
}

}  // namespace cairn::cdig
