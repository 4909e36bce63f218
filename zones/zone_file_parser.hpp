// The grammar of zone files (RFC 1035 section 5.1): which words of an entry are owner, TTL, class,
// type and data, and what the directives do to the entries behind them.
//
// $TTL, the last TTL and the last class hold for all that follows, also behind an included file
// and in it (RFC 2308 section 4); origin and owner are an included file's own (RFC 1035
// section 5.1).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wire/rdata_text.hpp"
#include "zones/zone_file.hpp"
#include "zones/zone_generate.hpp"
#include "zones/zone_scanner.hpp"

namespace cairn::zones {

class ZoneFileParser {
 public:
  ZoneFileParser(const TakeRecord& take, const ZoneFileOptions& options)
      : take_(take), options_(options) {}

  ZoneFileErrors parse(std::string_view text, const wire::Name& origin, std::string_view file);

 private:
  using Words = std::span<const wire::Word>;

  /// What belongs to one file: while an included one is read, its includer waits.
  struct File {
    File(std::string_view text, const wire::Name& its_origin, std::string_view its_name)
        : scanner(text), name(its_name), origin(its_origin) {}

    ZoneScanner scanner;
    std::string name;
    wire::Name origin;
    wire::Name owner;
    bool owner_known = false;
    const File* includer = nullptr;
    std::size_t depth = 0;
  };
  struct Header {
    std::optional<wire::Ttl> ttl;
    std::optional<wire::RRClass> rrclass;
    wire::RRType type = wire::RRType::A;
  };

  void read_entries(File& file);
  bool has_word() const { return at_ < entry_->words.size(); }
  const wire::Word& word() const { return entry_->words[at_]; }

  void read_directive();
  void read_origin();
  void read_default_ttl();
  void read_include();
  bool may_include(const std::string& path, std::size_t path_at);
  void include(const std::string& path, const std::string& text, const wire::Name& origin);
  void read_generate();
  void generate(const GenerateRange& range, const wire::Word& owner, const Header& header,
                std::size_t data_at);

  void read_record();
  bool read_owner();
  std::optional<Header> read_header();
  std::optional<wire::RRType> read_type();
  std::optional<wire::Ttl> ttl_for(std::optional<wire::Ttl> own, wire::RRType type,
                                   wire::RdataView rdata);
  /// What is wrong with a record, at which word counted from its type: the data begins at 1.
  using Wrong = wire::RdataTextError;
  /// Reads the data from `words` and passes the record on.
  std::optional<Wrong> deliver(const wire::Name& owner, const Header& header, Words words);

  void fail_at_word(std::size_t index, std::string message);
  void fail(std::size_t offset, std::string message);

  const TakeRecord& take_;
  const ZoneFileOptions& options_;
  ZoneFileErrors errors_;
  File* file_ = nullptr;
  const ZoneScanner::Entry* entry_ = nullptr;
  std::size_t at_ = 0;  // the next word of entry_
  wire::RRClass class_ = wire::RRClass::IN;
  std::optional<wire::Ttl> default_ttl_;
  std::optional<wire::Ttl> last_ttl_;
  std::size_t included_ = 0;
  std::size_t generated_ = 0;
  std::size_t octets_ = 0;  // of all files so far
};

}  // namespace cairn::zones
