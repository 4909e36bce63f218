#include "dnssec/denial.hpp"

#include <string>

namespace cairn::dnssec {
namespace {

using wire::ExtendedErrorCode;
using wire::Name;
using wire::RRType;
using wire::Security;

Proof secure(bool cut = false) {
  return {Security::Secure, std::nullopt, cut, false};
}

/// As far as opt-out lets anything be known (RFC 5155 section 9.2).
Proof secure_unless(bool opt_out) {
  return opt_out ? Proof{Security::Insecure, std::nullopt, false, false} : secure();
}

std::optional<Name> wildcard_below(const Name& encloser) {
  static constexpr std::uint8_t asterisk = '*';
  return encloser.with_label({&asterisk, 1});
}

/// Records at the owner of `types` were to be there if a server says NODATA for a name that
/// `types` are of, or of a wildcard that it matches.
bool lacks(const TypeSet& types, RRType type, const Name& name) {
  // Of a delegation the parent knows the DS and nothing else (RFC 6840 section 4.1), the child
  // anything but the DS (RFC 4035 section 5.2). The root has no parent.
  if (type != RRType::DS && types.is_cut()) return false;
  if (type == RRType::DS && types.has(RRType::SOA) && !name.is_root()) return false;
  // ANY asks for whatever there is.
  if (type == RRType::ANY) return types.empty();
  // RFC 6840 section 4.3: with a CNAME the answer would have been that.
  return !types.has(type) && !types.has(RRType::CNAME);
}

/// The records at a wildcard were to be there for a name that it matches. A wildcard that is a
/// delegation delegates nothing (RFC 4592 section 4.2), so that it denies nothing either.
bool lacks_at_wildcard(const TypeSet& types, RRType type, const Name& name) {
  return !types.is_cut() && lacks(types, type, name);
}

}  // namespace

Denial::Denial(const Name& zone, std::span<const wire::RRset* const> sets, Work& work)
    : zone_(zone), work_(work) {
  for (const wire::RRset* set : sets) {
    if (const auto nsec = Nsec::of(*set, zone)) nsecs_.push_back(*nsec);
    if (const auto nsec3 = Nsec3::of(*set, zone)) nsec3s_.push_back(*nsec3);
  }
  unsigned iterations = 0;
  bool of_one_kind = true;
  for (const Nsec3& nsec3 : nsec3s_) {
    iterations = std::max<unsigned>(iterations, nsec3.parameters.iterations);
    of_one_kind = of_one_kind && nsec3.parameters == nsec3s_.front().parameters;
  }
  const auto say = [&](Security security, ExtendedErrorCode code, const std::string& text) {
    without_hashing_ =
        Proof{security, wire::ExtendedError{code, text}, false, security == Security::Insecure};
  };
  if (iterations > limits::nsec3_iterations) {
    const bool refused = iterations > limits::nsec3_iterations_refused;
    say(refused ? Security::Bogus : Security::Insecure,
        ExtendedErrorCode::UnsupportedNsec3Iterations,
        "NSEC3 of " + zone.to_text() + " with " + std::to_string(iterations) + " iterations");
  } else if (!of_one_kind) {
    // RFC 5155 section 8.2 leaves it to us; hashes of two kinds are also twice the work.
    say(Security::Bogus, ExtendedErrorCode::DnssecBogus,
        "NSEC3 of " + zone.to_text() + " with different parameters in one response");
  }
}

template <class ByNsec, class ByNsec3>
Proof Denial::either(const Name& name, ByNsec by_nsec, ByNsec3 by_nsec3) {
  if (!name.is_within(zone_)) return unproved(name);
  if (!nsecs_.empty()) {
    if (Proof proof = by_nsec(); proof.security == Security::Secure) return proof;
  }
  if (nsec3s_.empty()) return unproved(name);
  if (without_hashing_) return *without_hashing_;
  Proof proof = by_nsec3();
  return proof.security == Security::Bogus ? unproved(name) : proof;
}

Proof Denial::unproved(const Name& name) const {
  Proof proof;
  const std::string what = " of " + zone_.to_text();
  if (empty()) {
    proof.why = wire::ExtendedError{ExtendedErrorCode::NsecMissing,
                                    "no NSEC or NSEC3" + what + " for " + name.to_text()};
  } else if (spent_) {
    proof.why = wire::ExtendedError{ExtendedErrorCode::DnssecBogus, std::string(work_.refusal())};
  } else {
    proof.why = wire::ExtendedError{ExtendedErrorCode::DnssecBogus,
                                    (nsecs_.empty() ? "the NSEC3" : "the NSEC") + what +
                                        " prove nothing about " + name.to_text()};
  }
  return proof;
}

Proof Denial::no_name(const Name& name) {
  return either(
      name, [&] { return no_name_by_nsec(name); }, [&] { return no_name_by_nsec3(name); });
}

Proof Denial::no_data(const Name& name, RRType type) {
  return either(
      name, [&] { return no_data_by_nsec(name, type); },
      [&] { return no_data_by_nsec3(name, type); });
}

Proof Denial::no_closer_match(const Name& name, const Name& closest_encloser) {
  const std::size_t labels = closest_encloser.label_count();
  if (!name.is_below(closest_encloser) || !closest_encloser.is_within(zone_)) return unproved(name);
  return either(
      name, [&] { return no_closer_match_by_nsec(name, labels); },
      [&] { return no_closer_match_by_nsec3(name, labels); });
}

const Nsec* Denial::nsec_at(const Name& name) const {
  for (const Nsec& nsec : nsecs_)
    if (*nsec.owner == name) return &nsec;
  return nullptr;
}

const Nsec* Denial::nsec_over(const Name& name) const {
  for (const Nsec& nsec : nsecs_)
    if (nsec.covers(name, zone_)) return &nsec;
  return nullptr;
}

/// The neighbours of a name that does not exist show how much of it does: no existing name shares
/// more labels with it than one of them.
std::optional<Denial::Gap> Denial::gap_at(const Name& name) const {
  const Nsec* nsec = nsec_over(name);
  // With names below it, it exists (RFC 4592 section 2.2.2).
  if (nsec == nullptr || nsec->next_is_below(name)) return std::nullopt;
  return Gap{std::max(nsec->owner->shared_labels(name), nsec->next.shared_labels(name)), false};
}

/// RFC 4035 section 5.4.
Proof Denial::no_name_by_nsec(const Name& name) const {
  const auto gap = gap_at(name);
  if (!gap) return unproved(name);
  // Which wildcard would have matched: that below the closest encloser, and no other (RFC 4592
  // section 3.3.1).
  const auto wildcard = wildcard_below(gap->encloser_of(name));
  return !wildcard || gap_at(*wildcard) ? secure() : unproved(name);
}

Proof Denial::no_data_by_nsec(const Name& name, RRType type) const {
  if (const Nsec* nsec = nsec_at(name))
    return lacks(nsec->types, type, name) ? secure(nsec->types.is_cut()) : unproved(name);
  const Nsec* over = nsec_over(name);
  if (over == nullptr) return unproved(name);
  if (over->next_is_below(name)) return secure();  // an empty non-terminal has no types
  // RFC 4035 section 3.1.3.4: there is no such name, and the wildcard that it matches has no such
  // type.
  const auto wildcard = wildcard_below(gap_at(name)->encloser_of(name));
  if (!wildcard) return unproved(name);
  if (const Nsec* nsec = nsec_at(*wildcard))
    return lacks_at_wildcard(nsec->types, type, name) ? secure() : unproved(name);
  const Nsec* over_wildcard = nsec_over(*wildcard);
  return over_wildcard != nullptr && over_wildcard->next_is_below(*wildcard) ? secure()
                                                                             : unproved(name);
}

/// RFC 4035 section 5.3.4. It is not enough that the name does not exist: a name between it and the
/// wildcard's encloser would end the wildcard's reach.
Proof Denial::no_closer_match_by_nsec(const Name& name, std::size_t encloser_labels) const {
  const auto gap = gap_at(name);
  return gap && gap->encloser_labels == encloser_labels ? secure() : unproved(name);
}

std::optional<NameHash> Denial::hash(const Name& name) {
  for (const auto& [known, hash] : hashes_)
    if (known == name) return hash;
  const auto hash = hash_name(name, nsec3s_.front().parameters, work_);
  if (hash) hashes_.emplace_back(name, *hash);
  spent_ = spent_ || !hash;
  return hash;
}

const Nsec3* Denial::nsec3_at(const Name& name) {
  const auto hashed = hash(name);
  for (const Nsec3& nsec3 : nsec3s_)
    if (hashed && nsec3.matches(*hashed)) return &nsec3;
  return nullptr;
}

const Nsec3* Denial::nsec3_over(const Name& name) {
  const auto hashed = hash(name);
  for (const Nsec3& nsec3 : nsec3s_)
    if (hashed && nsec3.covers(*hashed)) return &nsec3;
  return nullptr;
}

/// The closest encloser proof (RFC 5155 section 8.3): an ancestor that exists, and the next closer
/// name that does not. From the apex down: of a name with a hundred labels below the gap, all but
/// those above it are never hashed (CVE-2023-50868).
std::optional<Denial::Gap> Denial::gap3_at(const Name& name) {
  std::optional<std::size_t> encloser_labels;
  for (std::size_t labels = zone_.label_count(); labels <= name.label_count(); ++labels) {
    const Name ancestor = name.suffix(labels);
    if (!hash(ancestor)) return std::nullopt;  // the work is spent
    if (const Nsec3* match = nsec3_at(ancestor)) {
      // RFC 5155 section 8.3: what is below is the child's, or the DNAME's target's.
      if (match->types.ends_zone()) return std::nullopt;
      encloser_labels = labels;
    } else if (const Nsec3* over = nsec3_over(ancestor)) {
      // Without its parent's NSEC3 it is not known which name is the closest encloser.
      if (!encloser_labels || *encloser_labels + 1 != labels) return std::nullopt;
      return Gap{*encloser_labels, over->opt_out};
    }
  }
  return std::nullopt;
}

/// RFC 5155 section 8.4.
Proof Denial::no_name_by_nsec3(const Name& name) {
  const auto gap = gap3_at(name);
  if (!gap) return unproved(name);
  const auto wildcard = wildcard_below(gap->encloser_of(name));
  if (!wildcard) return secure_unless(gap->opt_out);
  const Nsec3* over_wildcard = nsec3_over(*wildcard);
  if (over_wildcard == nullptr) return unproved(name);
  return secure_unless(gap->opt_out || over_wildcard->opt_out);
}

Proof Denial::no_data_by_nsec3(const Name& name, RRType type) {
  // RFC 5155 sections 8.5 and 8.6; an empty non-terminal has a NSEC3 without types.
  if (const Nsec3* nsec3 = nsec3_at(name))
    return lacks(nsec3->types, type, name) ? secure(nsec3->types.is_cut()) : unproved(name);
  const auto gap = gap3_at(name);
  if (!gap) return unproved(name);
  // RFC 5155 section 8.7.
  const auto wildcard = wildcard_below(gap->encloser_of(name));
  const Nsec3* at_wildcard = wildcard ? nsec3_at(*wildcard) : nullptr;
  if (at_wildcard != nullptr && lacks_at_wildcard(at_wildcard->types, type, name))
    return secure_unless(gap->opt_out);
  // RFC 5155 section 8.6, and for other types an empty non-terminal with nothing but delegations
  // below it that were left out: whoever wants to lie here could forge such a delegation as well.
  return gap->opt_out ? secure_unless(true) : unproved(name);
}

/// RFC 5155 section 8.8.
Proof Denial::no_closer_match_by_nsec3(const Name& name, std::size_t encloser_labels) {
  const Nsec3* over = nsec3_over(name.suffix(encloser_labels + 1));
  return over != nullptr ? secure_unless(over->opt_out) : unproved(name);
}

}  // namespace cairn::dnssec
