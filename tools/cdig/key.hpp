// The shared secret that "-k" and "-y" name, as a key (RFC 8945), and what dig says when it is
// none: it then asks without a signature.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/cdig/options.hpp"
#include "tools/cdig/output.hpp"

namespace cairn::cdig {

/// What became of a key, and what to say about it.
struct KeyFinding {
  std::optional<dnssec::TsigKey> key;
  std::string output;   // for standard output
  std::string errors;   // for standard error
  bool fatal = false;   // the run ends here
  bool unused = false;  // there was one, but it cannot be used
};

/// The base64 text of a secret, which is as good as the secret.
dnssec::Secret secret_text(std::string_view text);

/// Of "-y". An algorithm may have a number of bits that the MAC is cut to: "hmac-sha256-128"; dig
/// takes any, be it too few for a server.
KeyFinding key_from_words(const KeyWords& words);

/// Of "-k": a file with a `key` clause, or one of the two K* files of an old key, with or without
/// its last part.
KeyFinding key_from_file(const std::string& path);

/// The keys of a run. Each file is read, and things are said, once.
class Keys {
 public:
  /// Of a lookup: "-k" counts more than "-y".
  const KeyFinding& find(const Lookup& lookup, Output& output);

 private:
  struct Known {
    std::string file;
    std::optional<KeyWords> words;
    KeyFinding finding;
  };
  std::vector<Known> known_;
};

}  // namespace cairn::cdig
