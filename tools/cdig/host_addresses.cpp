#include "tools/cdig/host_addresses.hpp"

#include "tools/cdig/referral.hpp"

namespace cairn::cdig {

std::vector<wire::IpAddress> host_addresses(const wire::Name& host, const Lookup& lookup,
                                            std::span<const Server> resolvers, Output& output) {
  Lookup quiet = lookup;
  quiet.show_query = false;
  quiet.form = QueryForm{};
  std::vector<wire::IpAddress> addresses;
  for (const auto type : {wire::RRType::A, wire::RRType::AAAA}) {
    if (lookup.family != Family::Any &&
        (lookup.family == Family::V6) != (type == wire::RRType::AAAA))
      continue;
    const Attempt attempt = ask(quiet, {host, type, wire::RRClass::IN}, resolvers, output);
    if (!attempt.reply) continue;
    for (const wire::Record& record : attempt.reply->message.answer)
      if (addresses.size() < most_addresses_of_a_server)
        if (const auto address = wire::IpAddress::from_rdata(record.type, record.rdata))
          addresses.push_back(*address);
  }
  return addresses;
}

}  // namespace cairn::cdig
