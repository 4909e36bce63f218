// Where the states of trust anchors (RFC 5011) are kept: a SQLite file below the state folder. A
// state is written whole, in one transaction that is on the disk before save() returns; whoever is
// killed at any moment finds the state before it or the state after it, and no other.
//
// SQLite shows in anchor_store.cpp alone.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "dnssec/anchor_updates.hpp"
#include "wire/result.hpp"

struct sqlite3;

namespace cairn::server {

class AnchorStore {
 public:
  /// Makes the file if there is none. An error says which file and what to do about it.
  static wire::Result<AnchorStore> open(const std::filesystem::path& file);

  /// In the order of their names.
  wire::Result<std::vector<dnssec::AnchorState>> load();
  /// In place of what was kept of that zone. "" when it is done, otherwise what went wrong; then
  /// what was kept before is kept still.
  std::string save(const dnssec::AnchorState& state);

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };

  explicit AnchorStore(std::filesystem::path file) : file_(std::move(file)) {}
  bool run(const char* statements);
  bool put(const dnssec::AnchorState& state);
  std::string trouble() const;

  std::filesystem::path file_;
  std::unique_ptr<sqlite3, Close> database_;
};

}  // namespace cairn::server
