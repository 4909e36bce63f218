// The text of a file, mapped: a zone file of any size is read without a copy of it.
#pragma once

#include <string>
#include <string_view>

#include "wire/result.hpp"

namespace cairn::cairnctl {

class TextFile {
 public:
  /// The error is the system's sentence.
  static wire::Result<TextFile> open(const std::string& path);
  TextFile(TextFile&& other) noexcept;
  TextFile& operator=(TextFile&&) = delete;
  ~TextFile();

  std::string_view text() const { return {octets_, size_}; }

 private:
  TextFile(const char* octets, std::size_t size) : octets_(octets), size_(size) {}

  const char* octets_;  // nullptr for an empty file
  std::size_t size_;
};

}  // namespace cairn::cairnctl
