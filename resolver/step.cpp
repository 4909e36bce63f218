#include "resolver/step.hpp"

#include <cstdio>

namespace cairn::resolver {
namespace {

std::string milliseconds(wire::Duration duration) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f ms",
                std::chrono::duration<double, std::milli>(duration).count());
  return text;
}

std::string asked(const Step& step) {
  std::string text = "asked " + std::string(step.recursive ? "forwarder " : "") +
                     step.server.to_text() + " of " + step.zone.to_text() + " for " +
                     to_text(step.question);
  if (step.transport == Transport::Tcp) text += " over TCP";
  text += ": " + to_text(step.reply);
  if (step.reply == ReplyKind::Failure) text += " " + to_text(step.rcode);
  if (!step.detail.empty()) text += " to " + step.detail;
  const bool waited = step.reply == ReplyKind::Timeout || step.reply == ReplyKind::Overtaken;
  text += (waited ? " after " : " in ") + milliseconds(step.rtt);
  if (step.packets > 1) text += ", " + std::to_string(step.packets) + " packets";
  if (step.scrubbed) text += ", " + std::to_string(step.scrubbed) + " records left aside";
  if (step.ignored) text += ", " + std::to_string(step.ignored) + " datagrams ignored";
  return text;
}

}  // namespace

std::string to_text(ReplyKind kind) {
  switch (kind) {
    case ReplyKind::Answer:
      return "answer";
    case ReplyKind::Alias:
      return "alias";
    case ReplyKind::NoData:
      return "no data";
    case ReplyKind::NxDomain:
      return "no such name";
    case ReplyKind::Referral:
      return "referral";
    case ReplyKind::Lame:
      return "lame";
    case ReplyKind::Failure:
      return "failure";
    case ReplyKind::Unusable:
      return "unusable";
    case ReplyKind::Timeout:
      return "no reply";
    case ReplyKind::Unreachable:
      return "unreachable";
    case ReplyKind::Overtaken:
      return "overtaken";
  }
  return "?";
}

std::string to_text(Transport transport) {
  return transport == Transport::Udp ? "UDP" : "TCP";
}

std::string to_text(const Step& step) {
  switch (step.kind) {
    case StepKind::Found:
      return "found " + to_text(step.question) + " in " + step.detail;
    case StepKind::Asked:
      return asked(step);
    case StepKind::Waited:
      return "needed " + to_text(step.question);
    case StepKind::Judged:
      return "judged " + to_text(step.question) + ": " + step.detail;
    case StepKind::Concluded:
      return "concluded " + to_text(step.question) + ": " + step.detail + ", " +
             std::to_string(step.sends) + (step.sends == 1 ? " packet" : " packets") + " sent";
    case StepKind::Cut:
      return "did more than is told here";
  }
  return "?";
}

std::string to_tree(const Trace& trace) {
  std::string tree;
  for (const Step& step : trace) tree += std::string(2U * step.depth, ' ') + to_text(step) + "\n";
  return tree;
}

}  // namespace cairn::resolver
