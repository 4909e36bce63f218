#include "tools/cdig/validation.hpp"

#include <algorithm>

namespace cairn::cdig {
namespace {

using wire::RRset;
using wire::Security;

ChainLink link_of(const RRset& set, const ChainOfTrust& chain) {
  ChainLink link{set.owner.to_text() + " " + wire::to_text(set.type), set.security, 0, {}};
  link.details = chain.details_of(set);
  return link;
}

}  // namespace

std::string to_text(Security security) {
  switch (security) {
    case Security::Secure:
      return "secure";
    case Security::Insecure:
      return "insecure";
    case Security::Bogus:
      return "bogus";
    case Security::Indeterminate:
    case Security::Unchecked:
      break;
  }
  return "indeterminate";
}

Validation validate(const wire::Question& question, const wire::Message& reply, Fetch fetch,
                    std::span<const dnssec::TrustAnchor> anchors, std::chrono::sys_seconds now) {
  const ChainOfTrust chain(std::move(fetch), anchors, now);
  Validation validation{question, Security::Indeterminate, std::nullopt, {}};
  const wire::Rcode rcode = reply.header.rcode;
  if (rcode != wire::Rcode::NOERROR && rcode != wire::Rcode::NXDOMAIN &&
      rcode != wire::Rcode::YXDOMAIN) {
    validation.why = wire::ExtendedError{wire::ExtendedErrorCode::DnssecIndeterminate,
                                         "the reply is an error: " + wire::to_text(rcode)};
    return validation;
  }
  if (const auto zone = referred_to(reply)) {
    validation.why =
        wire::ExtendedError{wire::ExtendedErrorCode::DnssecIndeterminate,
                            "the reply is a referral to " + zone->to_text() + ", no answer"};
    return validation;
  }
  Told told = told_by(reply, question);
  // The keys of an anchor vouch for themselves; all others are asked about as any set.
  dnssec::Work work;
  const auto verdict = dnssec::judge(told.response(), chain, work, now, {});
  if (const auto* judged = std::get_if<dnssec::Judged>(&verdict)) {
    validation.security = judged->security;
    validation.why = judged->why;
    // What is shown is the reply, and that is not what was proved.
    if (judged->exists) {
      validation.security = Security::Bogus;
      validation.why = wire::ExtendedError{wire::ExtendedErrorCode::DnssecBogus,
                                           "the proofs say that the name is there"};
    }
  }
  validation.links = chain.links();
  for (const auto* sets : {&told.answer, &told.authority})
    for (const RRset& set : *sets)
      if (set.security != Security::Unchecked) validation.links.push_back(link_of(set, chain));
  return validation;
}

std::string validation_text(const Validation& validation) {
  std::string text = ";; VALIDATION: " + to_text(validation.security);
  if (validation.security != Security::Secure && validation.why)
    text += ": " + validation.why->text;
  text += "\n";
  std::size_t width = 0;
  for (const ChainLink& link : validation.links)
    for (const ChainDetail& detail : link.details) width = std::max(width, detail.what.size());
  for (const ChainLink& link : validation.links) {
    const std::string indent = ";; " + std::string(std::size_t{3} * link.depth, ' ');
    text += indent + link.title + "   " + to_text(link.security) + "\n";
    for (const ChainDetail& detail : link.details) {
      text += indent + "|  " + detail.what;
      text.append(width - detail.what.size() + 2, ' ').append(detail.text + "\n");
    }
  }
  return text + "\n";
}

}  // namespace cairn::cdig
