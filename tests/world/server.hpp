// An authoritative server of the world: some zones, some addresses, some misbehaviours. It takes a
// query as octets and says what comes back. What it says when nothing is wrong is zones::Zone's own
// answer, the same code that the daemon hosts zones with.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "resolver/random.hpp"
#include "resolver/step.hpp"
#include "tests/world/misbehaviour.hpp"
#include "tests/world/signed_zone.hpp"
#include "wire/message.hpp"
#include "zones/zone_set.hpp"

namespace cairn::world {

class Server {
 public:
  Server(std::vector<std::shared_ptr<const zones::Zone>> zones,
         std::vector<Misbehaviour> misbehaviours,
         std::vector<std::shared_ptr<const SignedZone>> signed_zones = {})
      : zones_(std::move(zones)),
        signed_zones_(std::move(signed_zones)),
        misbehaviours_(std::move(misbehaviours)) {}

  Reaction react(const wire::Message& query, resolver::Transport transport,
                 const wire::Endpoint& asked, resolver::Random& random);

 private:
  const zones::Zone* zone_for(const wire::Question& question) const;

  zones::ZoneSet zones_;
  std::vector<std::shared_ptr<const SignedZone>> signed_zones_;  // those of them that are
  std::vector<Misbehaviour> misbehaviours_;
};

/// What `zone` says, as a message: AA, the three sections, the rcode.
void put_answer(const zones::Zone& zone, const wire::Question& question, bool dnssec_ok,
                wire::Message& reply);

}  // namespace cairn::world
