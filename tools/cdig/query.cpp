#include "tools/cdig/query.hpp"

namespace cairn::cdig {

wire::Message make_query(const wire::Question& question, const QueryForm& form, std::uint16_t id,
                         const ClientCookie& random_cookie) {
  wire::Message query;
  wire::Header& header = query.header;
  header.id = id;
  header.opcode = form.opcode;
  header.authoritative = form.authoritative;
  header.truncated = form.truncated;
  header.recursion_desired = form.recursion_desired;
  header.recursion_available = form.recursion_available;
  header.reserved = form.reserved;
  header.authentic_data = form.authentic_data;
  header.checking_disabled = form.checking_disabled;
  if (!form.without_question) query.questions.push_back(question);
  if (!form.edns_version) return query;

  wire::Edns& edns = query.edns.emplace();
  edns.udp_size = form.udp_size;
  edns.version = *form.edns_version;
  edns.dnssec_ok = form.dnssec_ok;
  edns.flags = form.edns_flags;
  if (form.name_server_id) edns.options.push_back({wire::OptionCode::NSID, {}});
  if (form.cookie) {
    edns.options.push_back(
        {wire::OptionCode::Cookie, form.chosen_cookie.empty()
                                       ? wire::Bytes(random_cookie.begin(), random_cookie.end())
                                       : form.chosen_cookie});
  }
  return query;
}

std::optional<std::string> mismatch(const wire::Message& query, const wire::Message& reply) {
  if (reply.header.id != query.header.id) {
    return ";; Warning: ID mismatch: expected ID " + std::to_string(query.header.id) + ", got " +
           std::to_string(reply.header.id);
  }
  // A server that could not read the query may send back the header alone.
  for (const wire::Question& echoed : reply.questions) {
    if (query.questions.empty() || echoed == query.questions.front()) continue;
    std::string name = echoed.name.to_text();
    if (!echoed.name.is_root()) name.pop_back();
    return ";; ;; Question section mismatch: got " + name + "/" + to_text(echoed.type) + "/" +
           to_text(echoed.rrclass);
  }
  return std::nullopt;
}

}  // namespace cairn::cdig
