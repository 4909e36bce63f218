#include "server/upstream_stream.hpp"

#include <algorithm>

#include "server/limits.hpp"
#include "wire/edns_options.hpp"
#include "wire/message.hpp"

namespace cairn::server {
namespace {

constexpr std::size_t length_octets = 2;

std::size_t u16_of(std::span<const std::uint8_t> octets) {
  return std::size_t{octets[0]} << 8 | octets[1];
}

std::uint16_t id_of(std::span<const std::uint8_t> message) {
  return message.size() < 2 ? std::uint16_t{0} : static_cast<std::uint16_t>(u16_of(message));
}

}  // namespace

bool UpstreamStream::takes(std::span<const std::uint8_t> message) const {
  return !retired_ && open_.size() < limits::questions_per_stream &&
         std::ranges::find(open_, id_of(message), &Question::id) == open_.end();
}

void UpstreamStream::ask(resolver::ExchangeId exchange, std::span<const std::uint8_t> message) {
  open_.push_back({exchange, id_of(message)});
  outgoing_.push_back(static_cast<std::uint8_t>(message.size() >> 8));
  outgoing_.push_back(static_cast<std::uint8_t>(message.size() & 0xff));
  outgoing_.insert(outgoing_.end(), message.begin(), message.end());
}

void UpstreamStream::leave(resolver::ExchangeId exchange) {
  const auto at = std::ranges::find(open_, exchange, &Question::exchange);
  if (at == open_.end()) return;
  given_up_.push_back(at->id);
  open_.erase(at);
  retire();
}

void UpstreamStream::sent(std::size_t octets) {
  outgoing_.erase(outgoing_.begin(), outgoing_.begin() + static_cast<std::ptrdiff_t>(octets));
}

void UpstreamStream::receive(std::span<const std::uint8_t> octets) {
  if (out_of_step_) return;
  incoming_.insert(incoming_.end(), octets.begin(), octets.end());
}

std::optional<UpstreamStream::Reply> UpstreamStream::next_reply(wire::Instant now) {
  if (incoming_.size() < length_octets) return std::nullopt;
  const std::size_t size = u16_of(incoming_);
  if (incoming_.size() < length_octets + size) return std::nullopt;
  const auto begin = incoming_.begin() + length_octets;
  Reply reply{{}, wire::Bytes(begin, begin + static_cast<std::ptrdiff_t>(size))};
  incoming_.erase(incoming_.begin(), begin + static_cast<std::ptrdiff_t>(size));
  active_ = now;

  const auto at = std::ranges::find(open_, id_of(reply.message), &Question::id);
  if (at != open_.end()) {
    reply.to.push_back(at->exchange);
    open_.erase(at);
    served_ = true;
    heed_keepalive(reply.message);
    return reply;
  }
  if (std::erase(given_up_, id_of(reply.message)) > 0) return reply;
  reply.to = open();
  open_.clear();
  out_of_step_ = true;
  incoming_.clear();
  retire();
  return reply;
}

/// RFC 7828 section 3.3: how long the server leaves an idle stream open.
void UpstreamStream::heed_keepalive(std::span<const std::uint8_t> message) {
  const auto reply = wire::parse(message);
  if (!reply || !reply->edns) return;
  const auto keepalive = reply->edns->get<wire::Keepalive>();
  if (!keepalive || !keepalive->tenths) return;
  keep_ = std::min<wire::Duration>(*keepalive->tenths * std::chrono::milliseconds{100},
                                   limits::longest_idle_stream);
  if (*keep_ == wire::Duration{}) retire();
}

std::vector<resolver::ExchangeId> UpstreamStream::open() const {
  std::vector<resolver::ExchangeId> exchanges;
  for (const Question& question : open_) exchanges.push_back(question.exchange);
  return exchanges;
}

bool UpstreamStream::over(wire::Instant now) const {
  if (!idle()) return false;
  return retired_ || now - active_ >= keep_.value_or(wire::Duration{limits::idle_stream});
}

}  // namespace cairn::server
