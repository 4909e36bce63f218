#include "dnssec/tsig.hpp"

#include <algorithm>
#include <array>

#include "wire/message.hpp"
#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace cairn::dnssec {

namespace {

constexpr std::uint64_t most_time = (std::uint64_t{1} << 48) - 1;
constexpr std::size_t smallest_mac = 10;  // RFC 8945 section 5.2.2.1

// Octets for what a Writer writes of a TSIG: two names, the fixed fields, MAC and other data.
std::size_t room_for(const Tsig& tsig) {
  return 2 * wire::Name::max_octets + 64 + tsig.mac.size() + tsig.other.size();
}

std::uint64_t seconds(std::chrono::sys_seconds time) {
  const auto count = time.time_since_epoch().count();
  return count < 0 ? 0 : std::min(static_cast<std::uint64_t>(count), most_time);
}

void put_time(wire::Writer& writer, std::chrono::sys_seconds time) {
  writer.u16(static_cast<std::uint16_t>(seconds(time) >> 32));
  writer.u32(static_cast<std::uint32_t>(seconds(time)));
}

std::chrono::sys_seconds take_time(wire::Reader& reader) {
  const std::uint64_t high = reader.u16();
  return std::chrono::sys_seconds{
      std::chrono::seconds{static_cast<std::int64_t>(high << 32 | reader.u32())}};
}

void put_rdata(wire::Writer& writer, const Tsig& tsig) {
  writer.name_uncompressed(tsig.algorithm);
  put_time(writer, tsig.time_signed);
  writer.u16(tsig.fudge.count());
  writer.u16(static_cast<std::uint16_t>(tsig.mac.size()));
  writer.bytes(tsig.mac);
  writer.u16(tsig.original_id);
  writer.u16(static_cast<std::uint16_t>(tsig.error));
  writer.u16(static_cast<std::uint16_t>(tsig.other.size()));
  writer.bytes(tsig.other);
}

std::uint16_t additional_count(std::span<const std::uint8_t> message) {
  return static_cast<std::uint16_t>(message[10] << 8 | message[11]);
}

// `message` with one record more at its end.
wire::Bytes with_tsig(std::span<const std::uint8_t> message, const wire::Name& key_name,
                      const Tsig& tsig) {
  wire::Bytes octets(message.begin(), message.end());
  octets.resize(message.size() + room_for(tsig));
  wire::Writer writer(std::span<std::uint8_t>(octets).subspan(message.size()));
  writer.name_uncompressed(key_name);
  writer.u16(static_cast<std::uint16_t>(wire::RRType::TSIG));
  writer.u16(static_cast<std::uint16_t>(wire::RRClass::ANY));
  writer.u32(0);
  const std::size_t length_at = writer.size();
  writer.u16(0);
  put_rdata(writer, tsig);
  writer.put_u16_at(length_at, static_cast<std::uint16_t>(writer.size() - length_at - 2));
  octets.resize(message.size() + writer.size());
  const auto count = static_cast<std::uint16_t>(additional_count(message) + 1);
  octets[10] = static_cast<std::uint8_t>(count >> 8);
  octets[11] = static_cast<std::uint8_t>(count & 0xff);
  return octets;
}

std::uint16_t id_of(std::span<const std::uint8_t> message) {
  return static_cast<std::uint16_t>(message[0] << 8 | message[1]);
}

}  // namespace

std::optional<Tsig> tsig_from_rdata(std::span<const std::uint8_t> rdata) {
  wire::Reader reader(rdata);
  Tsig tsig;
  // RFC 8945 section 4.2: "Algorithm Name" is not compressed; a Reader of the RDATA alone would
  // follow pointers no further than its first octet.
  tsig.algorithm = reader.name();
  tsig.time_signed = take_time(reader);
  tsig.fudge = std::chrono::duration<std::uint16_t>(reader.u16());
  const auto mac = reader.bytes(reader.u16());
  tsig.mac.assign(mac.begin(), mac.end());
  tsig.original_id = reader.u16();
  tsig.error = TsigError{reader.u16()};
  const auto other = reader.bytes(reader.u16());
  tsig.other.assign(other.begin(), other.end());
  if (reader.failed() || reader.left() != 0) return std::nullopt;
  return tsig;
}

wire::Bytes to_rdata(const Tsig& tsig) {
  wire::Bytes octets(room_for(tsig));
  wire::Writer writer(octets);
  put_rdata(writer, tsig);
  octets.resize(writer.size());
  return octets;
}

Signature find_signature(std::span<const std::uint8_t> message) {
  const Signature malformed{Signature::Form::Malformed, {}};
  const auto header = wire::parse_header(message);
  if (!header) return malformed;
  wire::Reader reader(message, wire::header_octets);
  for (unsigned i = 0; i < header->questions; ++i) {
    reader.name();
    reader.u32();
  }
  const unsigned records = unsigned{header->answers} + header->authorities + header->additionals;
  for (unsigned i = 0; i < records && !reader.failed(); ++i) {
    TsigRecord record;
    record.at = reader.at();
    record.key_name = reader.name();
    const auto type = wire::RRType{reader.u16()};
    const auto rrclass = wire::RRClass{reader.u16()};
    const std::uint32_t ttl = reader.u32();
    const auto rdata = reader.bytes(reader.u16());
    if (reader.failed() || type != wire::RRType::TSIG) continue;
    const bool last = i + 1 == records && header->additionals > 0 && reader.left() == 0;
    auto tsig = tsig_from_rdata(rdata);
    if (!last || rrclass != wire::RRClass::ANY || ttl != 0 || !tsig) return malformed;
    record.tsig = *std::move(tsig);
    return {Signature::Form::Signed, std::move(record)};
  }
  if (reader.failed() || reader.left() != 0) return malformed;
  return {};
}

TsigExchange::TsigExchange(TsigKey key, TsigPolicy policy)
    : key_(std::move(key)), policy_(policy), hmac_(key_.algorithm.hash, key_.secret) {}

// RFC 8945 section 5.3: a reply takes in the MAC before it, behind its length; a request, nothing.
// Of several messages under one signature only the first does.
void TsigExchange::begin_message() {
  if (signatures_ == 0 || unsigned_messages_ > 0) return;
  const std::array<std::uint8_t, 2> length{static_cast<std::uint8_t>(prior_mac_.size() >> 8),
                                           static_cast<std::uint8_t>(prior_mac_.size() & 0xff)};
  hmac_.add(length);
  hmac_.add(prior_mac_);
}

// RFC 8945 section 4.3.3; from the second reply on, the timers alone (section 5.3.1).
void TsigExchange::add_variables(const Tsig& tsig) {
  wire::Bytes octets(room_for(tsig));
  wire::Writer writer(octets);
  const bool whole = signatures_ <= 1;
  if (whole) {
    writer.name_uncompressed(key_.name.lowercase());
    writer.u16(static_cast<std::uint16_t>(wire::RRClass::ANY));
    writer.u32(0);
    writer.name_uncompressed(tsig.algorithm.lowercase());
  }
  put_time(writer, tsig.time_signed);
  writer.u16(tsig.fudge.count());
  if (whole) {
    writer.u16(static_cast<std::uint16_t>(tsig.error));
    writer.u16(static_cast<std::uint16_t>(tsig.other.size()));
    writer.bytes(tsig.other);
  }
  hmac_.add(writer.written());
}

SignedMessage TsigExchange::sign(std::span<const std::uint8_t> message,
                                 std::chrono::sys_seconds now, TsigError error) {
  Tsig tsig;
  tsig.algorithm = tsig_algorithm_name(key_.algorithm.hash);
  tsig.original_id = id_of(message);
  tsig.error = error;
  tsig.time_signed = now;
  if (error == TsigError::BadTime) {
    // The time of the request again, so that it can be verified there, and ours beside it.
    tsig.time_signed = request_time_;
    tsig.other.resize(6);
    wire::Writer writer(tsig.other);
    put_time(writer, now);
  }
  begin_message();
  hmac_.add(message);
  add_variables(tsig);
  tsig.mac = hmac_.finish();
  tsig.mac.resize(std::min(tsig.mac.size(), key_.algorithm.mac_octets));
  prior_mac_ = tsig.mac;
  if (signatures_ == 0) request_time_ = now;
  ++signatures_;
  unsigned_messages_ = 0;
  return {with_tsig(message, key_.name, tsig), tsig.mac};
}

TsigVerdict TsigExchange::verify(std::span<const std::uint8_t> message,
                                 std::chrono::sys_seconds now) {
  last_.reset();
  const Signature signature = find_signature(message);
  switch (signature.form) {
    case Signature::Form::Malformed:
      return TsigVerdict::Malformed;
    case Signature::Form::Unsigned:
      // The request and the first reply are signed always (RFC 8945 section 5.3.1).
      if (signatures_ < 2 || unsigned_messages_ >= policy_.most_unsigned)
        return TsigVerdict::Missing;
      begin_message();
      hmac_.add(message);
      ++unsigned_messages_;
      return TsigVerdict::Pending;
    case Signature::Form::Signed:
      break;
  }
  last_ = signature.record.tsig;
  return verify_signed(message, signature.record, now);
}

void TsigExchange::go_on() {
  hmac_.finish();
  if (last_) prior_mac_ = last_->mac;
  signatures_ = 2;
  unsigned_messages_ = 0;
}

TsigVerdict TsigExchange::verify_signed(std::span<const std::uint8_t> message,
                                        const TsigRecord& record, std::chrono::sys_seconds now) {
  const Tsig& tsig = record.tsig;
  if (record.key_name != key_.name || tsig.algorithm != tsig_algorithm_name(key_.algorithm.hash))
    return TsigVerdict::BadKey;
  const std::uint64_t then = seconds(tsig.time_signed);
  const std::uint64_t at = seconds(now);
  const bool timely = (then > at ? then - at : at - then) <= tsig.fudge.count();
  // Whoever refuses for the key or the MAC signs nothing (RFC 8945 section 5.3.2).
  const bool reply = signatures_ > 0;
  if (reply && tsig.mac.empty() && tsig.error != TsigError::None)
    return timely ? TsigVerdict::Refused : TsigVerdict::BadTime;

  const std::size_t whole = hash_octets(key_.algorithm.hash);
  if (tsig.mac.size() > whole || tsig.mac.size() < std::max(smallest_mac, whole / 2))
    return TsigVerdict::Malformed;

  // The message as it was when it was signed: with the id that it had then, and without the record.
  wire::Bytes header(message.begin(), message.begin() + wire::header_octets);
  header[0] = static_cast<std::uint8_t>(tsig.original_id >> 8);
  header[1] = static_cast<std::uint8_t>(tsig.original_id & 0xff);
  const auto count = static_cast<std::uint16_t>(additional_count(message) - 1);
  header[10] = static_cast<std::uint8_t>(count >> 8);
  header[11] = static_cast<std::uint8_t>(count & 0xff);
  begin_message();
  hmac_.add(header);
  hmac_.add(message.subspan(header.size(), record.at - header.size()));
  add_variables(tsig);
  wire::Bytes mac = hmac_.finish();
  mac.resize(tsig.mac.size());
  if (!equal_in_constant_time(mac, tsig.mac)) return TsigVerdict::BadSig;

  prior_mac_ = tsig.mac;
  if (signatures_ == 0) request_time_ = tsig.time_signed;
  ++signatures_;
  unsigned_messages_ = 0;
  // Signed by one who knows the key: only now is the time worth a look (RFC 8945 section 5.2.3).
  if (!timely) return TsigVerdict::BadTime;
  if (reply && tsig.error != TsigError::None) return TsigVerdict::Refused;
  if (tsig.mac.size() < key_.algorithm.mac_octets && !policy_.truncated_macs)
    return TsigVerdict::BadTrunc;
  return TsigVerdict::Good;
}

wire::Bytes refuse(std::span<const std::uint8_t> reply, const TsigRecord& request,
                   TsigError error) {
  Tsig tsig;
  tsig.algorithm = request.tsig.algorithm;
  tsig.time_signed = request.tsig.time_signed;
  tsig.fudge = request.tsig.fudge;
  tsig.original_id = request.tsig.original_id;
  tsig.error = error;
  return with_tsig(reply, request.key_name, tsig);
}

}  // namespace cairn::dnssec
