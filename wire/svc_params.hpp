// The parameters at the end of SVCB and HTTPS records: a list of numbered keys with values, each
// key with a form of its own (RFC 9460 sections 2 and 7).
#pragma once

#include <span>
#include <string>
#include <variant>

#include "wire/rdata_text.hpp"

namespace cairn::wire {

/// Keys strictly ascend, the values have the form of their keys, and what `mandatory` lists is
/// there (RFC 9460 sections 2.2 and 8). A record that breaks this must not be used at all.
bool is_well_formed_svc_params(std::span<const std::uint8_t> params);

/// `mandatory=alpn alpn="h2,h3" port=8443`, keys in ascending order; "" for none.
std::string svc_params_to_text(std::span<const std::uint8_t> params);

/// One word per parameter, in any order. The index in an error counts from the first of `words`.
std::variant<Bytes, RdataTextError> svc_params_from_text(std::span<const Word> words);

}  // namespace cairn::wire
