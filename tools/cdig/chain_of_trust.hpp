// The chain of trust from an anchor down to a name (RFC 4035 section 5), walked by asking for the
// DS of each label and the keys of each zone on the way, and remembered link by link so that it can
// be drawn. Whoever asks is a function: a server, or a test.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dnssec/judge.hpp"
#include "dnssec/trust_anchor.hpp"
#include "tools/cdig/told.hpp"
#include "wire/message.hpp"

namespace cairn::cdig {

/// The reply to a question with DO and CD; nullopt: nobody replied, or nothing that can be read.
using Fetch = std::function<std::optional<wire::Message>(const wire::Question&)>;

/// What a link rests on: {"DS", "20326 RSASHA256 SHA-256"}.
struct ChainDetail {
  std::string what;
  std::string text;
};

/// A zone on the way, or a set that was judged.
struct ChainLink {
  std::string title;  // "example.", "www.example. A"
  wire::Security security = wire::Security::Indeterminate;
  unsigned depth = 0;  // links above it
  std::vector<ChainDetail> details;
};

class ChainOfTrust : public dnssec::Trusts {
 public:
  ChainOfTrust(Fetch fetch, std::span<const dnssec::TrustAnchor> anchors,
               std::chrono::sys_seconds now)
      : fetch_(std::move(fetch)), anchors_(anchors.begin(), anchors.end()), now_(now) {}

  /// Never nullptr: what is not known is asked for.
  const dnssec::Trust* of(const wire::Name& name) const override;

  /// The zones that were walked over, each behind those above it.
  const std::vector<ChainLink>& links() const { return links_; }
  /// How a set that was found Secure, and those that prove, were signed.
  std::vector<ChainDetail> details_of(const wire::RRset& set) const;

 private:
  const dnssec::Trust* enter(const wire::Name& at, dnssec::Trust trust,
                             std::vector<ChainDetail> details) const;
  const dnssec::Trust* begin(const dnssec::TrustAnchor& anchor) const;
  const dnssec::Trust* step_to(const wire::Name& name, const dnssec::Trust& above) const;
  const dnssec::Trust* enter_signed(const wire::RRset& ds, std::vector<ChainDetail> details) const;

  Fetch fetch_;
  std::vector<dnssec::TrustAnchor> anchors_;
  std::chrono::sys_seconds now_;
  // of() is const for those who judge; what they need is asked for when they need it.
  mutable std::deque<dnssec::Trust> trusts_;
  mutable std::map<wire::Name, const dnssec::Trust*> known_;
  mutable std::vector<ChainLink> links_;
};

}  // namespace cairn::cdig
