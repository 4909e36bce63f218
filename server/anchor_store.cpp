#include "server/anchor_store.hpp"

#include <sqlite3.h>

#include <optional>
#include <span>

namespace cairn::server {
namespace {

using dnssec::AnchorState;
using dnssec::KeyState;
using dnssec::TrackedKey;
using std::chrono::seconds;
using std::chrono::sys_seconds;

// The name of a zone as its wire form in lower case: one zone, one key. A state that is none of
// those of RFC 5011 cannot be written.
constexpr const char* schema = R"(
  PRAGMA foreign_keys = ON;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS zone (
    name BLOB PRIMARY KEY,
    next_look INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS key (
    zone BLOB NOT NULL REFERENCES zone (name) ON DELETE CASCADE,
    ds BLOB NOT NULL,
    state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 5),
    until INTEGER NOT NULL,
    PRIMARY KEY (zone, ds)
  ) STRICT;
)";

/// A prepared statement and what is bound to it.
class Statement {
 public:
  Statement(sqlite3* database, const char* text) {
    if (sqlite3_prepare_v2(database, text, -1, &statement_, nullptr) != SQLITE_OK)
      statement_ = nullptr;
  }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement() { sqlite3_finalize(statement_); }

  Statement& bind(std::span<const std::uint8_t> octets) {
    sqlite3_bind_blob(statement_, ++bound_, octets.data(), static_cast<int>(octets.size()),
                      SQLITE_TRANSIENT);
    return *this;
  }
  Statement& bind(std::int64_t number) {
    sqlite3_bind_int64(statement_, ++bound_, number);
    return *this;
  }
  bool run() { return step() == SQLITE_DONE; }
  int step() { return statement_ == nullptr ? SQLITE_ERROR : sqlite3_step(statement_); }

  wire::Bytes octets(int column) {
    const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
    return {data, data + sqlite3_column_bytes(statement_, column)};
  }
  std::int64_t number(int column) { return sqlite3_column_int64(statement_, column); }

 private:
  sqlite3_stmt* statement_ = nullptr;
  int bound_ = 0;
};

std::int64_t number(sys_seconds time) {
  return time.time_since_epoch().count();
}
sys_seconds time(std::int64_t number) {
  return sys_seconds{seconds{number}};
}

}  // namespace

void AnchorStore::Close::operator()(sqlite3* database) const {
  sqlite3_close_v2(database);
}

wire::Result<AnchorStore> AnchorStore::open(const std::filesystem::path& file) {
  AnchorStore store(file);
  sqlite3* database = nullptr;
  const int opened =
      sqlite3_open_v2(file.c_str(), &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  store.database_.reset(database);
  if (opened != SQLITE_OK || !store.run(schema))
    return wire::Error{store.trouble() +
                       "; move the file away to begin anew with the configured trust anchors"};
  return store;
}

std::string AnchorStore::trouble() const {
  return file_.string() + ": " +
         (database_ ? sqlite3_errmsg(database_.get()) : "there is no memory for it");
}

bool AnchorStore::run(const char* statements) {
  return sqlite3_exec(database_.get(), statements, nullptr, nullptr, nullptr) == SQLITE_OK;
}

wire::Result<std::vector<AnchorState>> AnchorStore::load() {
  std::vector<AnchorState> states;
  Statement zones(database_.get(), "SELECT name, next_look FROM zone ORDER BY name");
  int row = SQLITE_ROW;
  while ((row = zones.step()) == SQLITE_ROW) {
    const wire::Bytes octets = zones.octets(0);
    const auto name = wire::Name::from_wire(octets);
    if (!name) return wire::Error{file_.string() + ": holds a zone whose name is none"};
    AnchorState state{*name, {}, time(zones.number(1))};
    Statement keys(database_.get(),
                   "SELECT ds, state, until FROM key WHERE zone = ? ORDER BY rowid");
    keys.bind(octets);
    while ((row = keys.step()) == SQLITE_ROW)
      state.keys.push_back(
          {keys.octets(0), static_cast<KeyState>(keys.number(1)), time(keys.number(2))});
    if (row != SQLITE_DONE) break;
    states.push_back(std::move(state));
  }
  if (row != SQLITE_DONE) return wire::Error{trouble()};
  return states;
}

std::string AnchorStore::save(const AnchorState& state) {
  if (run("BEGIN IMMEDIATE") && put(state) && run("COMMIT")) return "";
  std::string why = trouble();
  run("ROLLBACK");
  return why;
}

bool AnchorStore::put(const AnchorState& state) {
  const wire::Name name = state.zone.lowercase();
  if (!Statement(database_.get(), "DELETE FROM zone WHERE name = ?").bind(name.wire()).run() ||
      !Statement(database_.get(), "INSERT INTO zone VALUES (?, ?)")
           .bind(name.wire())
           .bind(number(state.next_look))
           .run())
    return false;
  for (const TrackedKey& key : state.keys)
    if (!Statement(database_.get(), "INSERT INTO key VALUES (?, ?, ?, ?)")
             .bind(name.wire())
             .bind(key.ds)
             .bind(static_cast<std::int64_t>(key.state))
             .bind(number(key.until))
             .run())
      return false;
  return true;
}

}  // namespace cairn::server
