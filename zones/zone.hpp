// A zone that we host: an immutable tree of names, and the algorithm of RFC 1034 section 4.3.2 over
// it, with wildcards as RFC 4592 defines them. Nothing in it changes after it was made, except the
// turns of its rotating address sets, so any number of workers read it without waiting.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "wire/question.hpp"
#include "wire/result.hpp"
#include "wire/rrset.hpp"
#include "zones/rotation.hpp"

namespace cairn::zones {

/// What the zone says to a question. The views borrow from the zone and from this object's own
/// names: it is not copied. Reused from query to query, it allocates nothing but what a DNAME
/// implies.
struct ZoneAnswer {
  wire::Rcode rcode = wire::Rcode::NOERROR;
  bool authoritative = true;  // false for a referral
  bool referral = false;
  std::vector<wire::RRsetView> answer;
  std::vector<wire::RRsetView> authority;
  std::vector<wire::RRsetView> additional;
  /// The end of a CNAME or DNAME chain that leaves the zone: what remains to be resolved elsewhere.
  std::optional<wire::Name> continues_at;

  void clear();
  ZoneAnswer() = default;
  ZoneAnswer(const ZoneAnswer&) = delete;
  ZoneAnswer& operator=(const ZoneAnswer&) = delete;

  /// A name that lives as long as the answer.
  const wire::Name& keep(const wire::Name& name);

  // Sets that exist only for this answer: CNAMEs that a DNAME implies (RFC 6672).
  std::vector<std::unique_ptr<wire::RRset>> synthesised;
  wire::Name asked;

 private:
  std::vector<std::unique_ptr<wire::Name>> names_;  // of all answers; names_used_ of this one
  std::size_t names_used_ = 0;
};

struct ZoneOptions {
  Rotation rotation = Rotation::Cyclic;
  wire::SipKey hash_key = {};  // of the table of names; chance is an argument
};

class ZoneTree;  // what a zone consists of: zone_tree.hpp

class Zone {
 public:
  /// Checks what makes a zone a zone: one SOA at the apex, NS at the apex, nothing outside, no
  /// CNAME beside other data (RFC 1034 section 3.6.2), one SOA only, classes IN. The error names
  /// the owner and the rule.
  static wire::Result<std::shared_ptr<const Zone>> from_records(
      const wire::Name& apex, std::span<const wire::Record> records,
      const ZoneOptions& options = {});
  ~Zone();

  const wire::Name& apex() const;
  std::uint32_t serial() const;
  std::size_t record_count() const;

  /// RFC 1034 section 4.3.2 steps 3 and 6 for a question within apex(). `out` is cleared first.
  /// Each call moves the rotation of the address sets in the answer section on by one.
  void answer(const wire::Question& question, bool dnssec_ok, ZoneAnswer& out) const;

  /// All sets in canonical order (RFC 4034 section 6.1), SOA first: for export and transfers. The
  /// view is valid until the function returns.
  void for_each_set(const std::function<void(const wire::RRsetView&)>& take) const;

  /// What a ZoneBuilder made.
  explicit Zone(std::unique_ptr<const ZoneTree> tree);

 private:
  std::unique_ptr<const ZoneTree> tree_;
};

}  // namespace cairn::zones
