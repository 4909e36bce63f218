// The shared secret that "-k" and "-y" name, as a key (RFC 8945), and what dig says when it is
// none: it then asks without a signature.
#pragma once

#include <optional>
#include <string>

#include "dnssec/tsig_key.hpp"
#include "tools/cdig/options.hpp"

namespace cairn::cdig {

/// What became of a key, and what to say about it.
struct KeyFinding {
  std::optional<dnssec::TsigKey> key;
  std::string output;   // for standard output
  std::string errors;   // for standard error
  bool fatal = false;   // the run ends here
  bool unused = false;  // there was one, but it cannot be used
};

/// Of "-y". An algorithm may have a number of bits that the MAC is cut to: "hmac-sha256-128"; dig
/// takes any, be it too few for a server.
KeyFinding key_from_words(const KeyWords& words);

/// Of "-k": a file with a `key` clause, or one of the two K* files of an old key, with or without
/// its last part.
KeyFinding key_from_file(const std::string& path);

/// Of a lookup: "-k" counts more than "-y". The file is read, and things are said, once for a run.
const KeyFinding& key_of(const Lookup& lookup);

}  // namespace cairn::cdig
