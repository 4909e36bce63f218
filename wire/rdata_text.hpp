// RDATA in presentation format, out and in, by the layout table; RFC 3597's `\# length hex` for
// everything else.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wire/name.hpp"
#include "wire/rdata_layout.hpp"
#include "wire/result.hpp"
#include "wire/rrset.hpp"
#include "wire/types.hpp"

namespace cairn::wire {

/// One word of a zone file's RDATA. `quoted` words are strings even when they look like a keyword;
/// escapes (`\"`, `\DDD`) are still in `text`, because what they mean depends on the field. A quote
/// straight behind `=` belongs to its word, quotes included: `key65000="a b"` is one word that is
/// not `quoted` (RFC 9460 section 2.1).
struct Word {
  std::string_view text;
  bool quoted = false;
};

/// How long hex and base64 are cut into words, and what stands between two of them: dig's
/// `+split=N`, and the line breaks of its `+multiline`.
struct WordSplit {
  std::size_t width = 56;  // 0: not cut
  std::string_view gap = " ";
};

/// As dig prints it on one line: fields by single spaces; `\# 4 0A000001` for a type without
/// layout, and for what has no text.
std::string rdata_to_text(RRType type, RdataView rdata, WordSplit split = {});

/// Whether it has such a text, or only RFC 3597's: it fits its layout, and is of a version, family
/// or kind that can be written.
bool has_text(RRType type, RdataView rdata);

/// One field of it; `octets` are exactly the field's own and well formed: the first field_size() of
/// what is left of RDATA that has a text.
std::string field_to_text(Field field, RdataView octets, WordSplit split = {});

/// `\# 4 0A000001` (RFC 3597 section 5), whatever the type.
std::string opaque_to_text(RdataView rdata, WordSplit split = {});

/// What could not be read, and where: `word` is the index of the offending word (words.size() if
/// one is missing).
struct RdataTextError {
  std::size_t word = 0;
  std::string message;
};

/// From the words of a zone file; relative names are completed by `origin`. `\#` works for every
/// type (RFC 3597).
std::variant<Bytes, RdataTextError> rdata_from_text(RRType type, std::span<const Word> words,
                                                    const Name& origin);

/// For tests, hints and small inputs: splits `text` itself (no parentheses), names absolute or
/// relative to the root.
Result<Bytes> rdata_from_text(RRType type, std::string_view text);

/// "www.example. 300 IN A 192.0.2.1": a whole record on one line, single spaces; for logs and
/// tests.
std::string to_text(const Record& record);
/// The reverse: "owner [ttl] [class] type rdata", all names absolute. For tests, hints and small
/// inputs. A missing TTL is 0.
Result<Record> record_from_text(std::string_view line);

}  // namespace cairn::wire
