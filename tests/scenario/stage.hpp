// Plays a story: builds the world that it describes, asks what it asks, and compares what happened
// with what it expects. The language is told in README.md beside this file.
#pragma once

#include <deque>
#include <filesystem>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/scenario/story.hpp"
#include "tests/world/world.hpp"

namespace cairn::scenario {

/// The story itself cannot be played: a mistake of its author, with the line.
struct StoryError : std::runtime_error {
  StoryError(const Line& line, const std::string& what)
      : std::runtime_error("line " + std::to_string(line.number) + ": " + what + ": " + line.text) {
  }
};

class Stage {
 public:
  /// `world NAME` reads NAME.world from `folder`.
  explicit Stage(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// Plays the whole story. Returns what was not as expected, one text with its line for each.
  std::vector<std::string> play(const Story& story);
  /// Everything that was done, as `cairnctl explain` shows it: for a person who looks for a fault.
  const std::string& protocol() const { return protocol_; }

 private:
  struct CastZone {
    wire::Name apex;
    const Line* line;
    std::optional<world::Signing> signing{};
  };
  struct Cast {  // one server as the story tells it
    std::vector<wire::Endpoint> addresses;
    bool root = false;
    std::vector<CastZone> zones;
    std::vector<std::string> misbehaviours;
    std::optional<wire::Endpoint> like;  // holds the zones of that server
  };
  struct Asked {
    wire::Question question;
    std::vector<resolver::QueryId> queries;
    wire::Instant at;
  };

  void play(const Line& line);
  void play_server(const Line& line, const std::vector<std::string>& words);
  void play_forward(const Line& line, const std::vector<std::string>& words);
  void play_option(const Line& line, const std::vector<std::string>& words);
  void play_ask(const Line& line, std::vector<std::string> words);
  void play_prefetch(const Line& line, const std::vector<std::string>& words);
  void play_expect(const Line& line, const std::vector<std::string>& words);
  void play_asked(const Line& line, const std::vector<std::string>& words);
  void play_trace(const Line& line);
  void play_cached(const Line& line, const std::vector<std::string>& words, bool expected);

  void raise_curtain();  // builds or rebuilds the servers
  std::vector<wire::Record> records_of(const wire::Name& apex, const Line& line,
                                       const Cast* server) const;
  std::shared_ptr<const zones::Zone> make_zone(const wire::Name& apex, const Line& line,
                                               const Cast* server) const;
  std::shared_ptr<const world::SignedZone> make_signed(const CastZone& zone,
                                                       const Cast& server) const;
  const CastZone* signed_zone(const wire::Name& apex) const;
  void place_anchors();
  std::vector<cache::NameServer> root_hosts() const;
  void check_answer(const Line& line, const resolver::Engine::Finished& finished);
  void check_security(const Line& detail, const resolver::Answer& answer);
  void check_rest(const Line& line);
  void fail(const Line& line, const std::string& what);

  std::filesystem::path folder_;
  std::list<Story> worlds_;  // zones of the cast point into their lines
  world::WorldOptions options_;
  std::vector<Cast> cast_;
  bool cast_changed_ = true;
  std::vector<std::shared_ptr<const zones::Zone>> ours_;
  std::vector<resolver::ForwardZone> forwards_;
  std::vector<wire::Prefix> no_route_;
  std::vector<wire::Name> anchors_;  // of zones that are signed; the root's, if it is
  bool validation_told_ = false;
  std::unique_ptr<world::World> world_;
  std::deque<Asked> asked_;
  bool log_is_old_ = false;  // the next `ask` begins a new one
  std::map<resolver::QueryId, resolver::Engine::Finished> finished_;
  std::vector<resolver::Engine::Finished> last_;  // of the last `expect`
  std::vector<std::string> failures_;
  std::string protocol_;
};

}  // namespace cairn::scenario
