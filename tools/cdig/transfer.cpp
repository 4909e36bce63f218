#include "tools/cdig/transfer.hpp"

#include "tools/cdig/transport.hpp"
#include "wire/reader.hpp"

namespace cairn::cdig {

namespace {

using dnssec::TsigVerdict;

std::optional<std::uint32_t> serial_of(const wire::Record& soa) {
  wire::Reader reader(soa.rdata);
  reader.name();
  reader.name();
  const std::uint32_t serial = reader.u32();
  return reader.failed() ? std::nullopt : std::optional(serial);
}

// RFC 1982 section 3.2.
bool is_newer(std::uint32_t serial, std::uint32_t than) {
  return serial != than && serial - than < 0x80000000U;
}

// The words of BIND's libraries.
const char* words_for(TsigVerdict verdict, const dnssec::TsigExchange& exchange) {
  switch (verdict) {
    case TsigVerdict::Good:
    case TsigVerdict::Pending:
      return nullptr;
    case TsigVerdict::Missing:
      return "expected a TSIG or SIG(0)";
    case TsigVerdict::Malformed:
      return exchange.last() ? "FORMERR" : "expected a TSIG or SIG(0)";
    case TsigVerdict::BadTime:
      return "clocks are unsynchronized";
    case TsigVerdict::Refused:
      return "tsig indicates error";
    case TsigVerdict::BadKey:
    case TsigVerdict::BadSig:
    case TsigVerdict::BadTrunc:
      return "tsig verify failure";
  }
  return nullptr;
}

// One transfer on its way.
class Arrivals {
 public:
  Arrivals(const Lookup& lookup, const wire::Message& query, dnssec::TsigExchange* exchange,
           Delivery delivery, Output& output)
      : display_(lookup.display),
        reading_(lookup.reading()),
        query_(query),
        exchange_(exchange),
        delivery_(std::move(delivery)),
        output_(output),
        whole_(lookup.type == wire::RRType::AXFR),
        end_(whole_ ? std::nullopt : lookup.form.ixfr_serial) {}

  /// Whether more is to come.
  bool take(std::span<const std::uint8_t> octets);
  void conclude(std::chrono::microseconds elapsed);

 private:
  bool is_ours(const wire::Header& header);
  bool follow(const wire::Message& message);
  void show(wire::LooseMessage message, std::size_t octets);
  void comment(const std::string& text) { output_.comment(text, display_); }
  void fail(const std::string& text) { output_.put(failure_text(text, display_)); }

  Display display_;
  Reading reading_;
  const wire::Message& query_;
  dnssec::TsigExchange* exchange_;
  Delivery delivery_;
  Output& output_;
  bool whole_;  // all of the zone, not what changed
  TransferEnd end_;
  std::size_t messages_ = 0;
  std::size_t soas_shown_ = 0;
  bool complete_ = false;
  bool validated_ = true;
};

bool Arrivals::take(std::span<const std::uint8_t> octets) {
  const auto header = wire::parse_header(octets);
  if (!header) {
    fail(";; ERROR: short (< header size) message\n");
    return false;
  }
  if (!is_ours(header->header)) return false;
  const auto message = read_reply(octets, reading_);
  if (!message) {
    fail(";; Got bad packet: " + message.error() + "\n" + hex_dump(octets));
    return false;
  }
  if (const auto wrong = mismatch(query_, *message);
      wrong && message->header.id == query_.header.id) {
    fail(*wrong + "\n");
    return false;
  }
  if (message->malformed && !display_.yaml)
    comment(";; Warning: Message parser reports malformed message packet.\n");
  if (const auto wrong = exchange_ != nullptr ? complaint(*exchange_, octets) : std::nullopt) {
    if (!display_.yaml) comment(*wrong + "\n");
    validated_ = false;
    exchange_->go_on();
  }
  ++messages_;
  delivery_.octets += octets.size();
  show(*message, octets.size());
  return output_.trouble() == 0 && follow(*message);
}

// Only the first message must have the right id for dig: a connection has no strangers on it.
bool Arrivals::is_ours(const wire::Header& header) {
  const std::string ids = "ID mismatch: expected ID " + std::to_string(query_.header.id) +
                          ", got " + std::to_string(header.id) + "\n";
  if (header.id != query_.header.id) {
    if (messages_ == 0) {
      fail(";; ERROR: " + ids);
      return false;
    }
    comment(";; WARNING: " + ids);
  }
  if (!header.response) comment(";; Warning: query response not set\n");
  return true;
}

bool Arrivals::follow(const wire::Message& message) {
  if (message.answer.empty()) {
    fail("; Transfer failed.\n");
    return false;
  }
  for (const wire::Record& record : message.answer) {
    switch (end_.take(record)) {
      case TransferEnd::State::Open:
        break;
      case TransferEnd::State::Reached:
        complete_ = true;
        return false;
      case TransferEnd::State::NoSoa:
        fail("; Transfer failed.  Didn't start with SOA answer.\n");
        return false;
    }
  }
  return true;
}

void Arrivals::show(wire::LooseMessage message, std::size_t octets) {
  output_.put_banner();
  output_.greet_no_more();  // above a failure further on it would stand in the midst of the zone
  if (display_.one_soa && whole_) {
    std::erase_if(message.answer, [this](const wire::Record& record) {
      return record.type == wire::RRType::SOA && soas_shown_++ > 0;
    });
  }
  Display display = display_;
  display.stats = display.identify = false;  // the footer comes once, at the end
  Delivery delivery = delivery_;
  delivery.octets = octets;
  delivery.arrived = time_of_day();
  output_.put(reply_text(message, query_, delivery, display));
}

void Arrivals::conclude(std::chrono::microseconds elapsed) {
  if (!complete_) return;
  delivery_.elapsed = elapsed;
  delivery_.transfer = TransferSize{end_.records(), messages_};
  // Where dig is content with an unsigned end, which anybody may have sent: RFC 8945 section 5.3.1.
  delivery_.unverified = !validated_ || (exchange_ != nullptr && !exchange_->settled());
  comment(footer_text(delivery_, display_));
}

}  // namespace

TransferEnd::State TransferEnd::take(const wire::Record& record) {
  ++records_;
  const auto serial =
      record.type == wire::RRType::SOA ? serial_of(record) : std::optional<std::uint32_t>();
  if (records_ == 1) {
    if (!serial) return State::NoSoa;
    new_serial_ = *serial;
    return old_serial_ && !is_newer(*serial, *old_serial_) ? State::Reached : State::Open;
  }
  // A second record that begins differences tells an incremental transfer from a whole one.
  if (records_ == 2 && old_serial_ && serial && *serial != new_serial_) incremental_ = true;
  if (!serial) return State::Open;
  if (!incremental_) return State::Reached;
  if (*serial == new_serial_) ++new_soas_;
  return new_soas_ == 2 ? State::Reached : State::Open;
}

bool is_transfer(const wire::Question& question) {
  return question.type == wire::RRType::AXFR || question.type == wire::RRType::IXFR;
}

std::optional<std::string> complaint(dnssec::TsigExchange& exchange,
                                     std::span<const std::uint8_t> octets) {
  const TsigVerdict verdict =
      exchange.verify(octets, std::chrono::floor<std::chrono::seconds>(time_of_day()));
  const char* const wrong = words_for(verdict, exchange);
  if (wrong == nullptr) return std::nullopt;
  return std::string(";; Couldn't verify signature: ") + wrong;
}

std::optional<NoArrival> receive_transfer(Connection& connection, const Lookup& lookup,
                                          const wire::Message& query,
                                          dnssec::TsigExchange* exchange, Delivery delivery,
                                          std::chrono::milliseconds patience, Output& output) {
  const auto start = Clock::now();
  Arrivals arrivals(lookup, query, exchange, std::move(delivery), output);
  for (;;) {
    auto message = connection.receive(Clock::now() + patience);
    if (auto* trouble = std::get_if<NoArrival>(&message)) return std::move(*trouble);
    if (!arrivals.take(std::get<wire::Bytes>(message))) break;
  }
  arrivals.conclude(std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start));
  return std::nullopt;
}

}  // namespace cairn::cdig
