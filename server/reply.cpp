#include "server/reply.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "wire/message.hpp"
#include "wire/rdata_layout.hpp"
#include "wire/writer.hpp"

namespace cairn::server {
namespace {

using wire::RRType;

constexpr std::uint16_t our_udp_size = 1232;  // what we say that we can take (DNS flag day 2020)
constexpr std::uint8_t qr = 0x80, aa = 0x04, tc = 0x02, rd = 0x01;          // octet 2 of the header
constexpr std::uint8_t ra = 0x80, ad = 0x20, cd = 0x10, rcode_bits = 0x0f;  // octet 3
constexpr std::uint16_t pointer_to_question = 0xc000 | wire::header_octets;
constexpr std::size_t additional_count = 10;  // where ARCOUNT stands

constexpr std::uint8_t flags_high(const Query& query, bool authoritative) {
  return static_cast<std::uint8_t>(qr | static_cast<unsigned>(query.opcode) << 3 |
                                   (authoritative ? aa : 0) | (query.recursion_desired ? rd : 0));
}

constexpr std::uint8_t flags_low(const Query& query, bool recursion_available, bool secure,
                                 unsigned rcode) {
  return static_cast<std::uint8_t>((recursion_available ? ra : 0) |
                                   (secure && query.understands_ad() ? ad : 0) |
                                   (query.checking_disabled ? cd : 0) | (rcode & rcode_bits));
}

/// One section after another; remembers the layout on the way.
class Sections {
 public:
  Sections(wire::Writer& writer, const Query& query, ReplyLayout* layout)
      : writer_(writer), query_(query), layout_(layout) {
    if (!layout_) return;
    layout_->ttl_offsets.clear();
    layout_->least_ttl = UINT32_MAX;
    layout_->rotation_count = 0;
  }

  /// Writes whole sets; the count goes into the header. False when one did not fit.
  bool write(std::span<const wire::RRsetView> views, std::size_t count_at) {
    std::uint16_t count = 0;
    bool all = true;
    for (const wire::RRsetView& view : views) {
      const std::size_t start = writer_.size();
      const std::size_t ttls = layout_ ? layout_->ttl_offsets.size() : 0;
      const auto written = write_set(view);
      if (writer_.overflowed()) {
        writer_.rewind(start);
        if (layout_) layout_->ttl_offsets.resize(ttls);
        all = false;
        break;
      }
      count = static_cast<std::uint16_t>(count + written);
    }
    writer_.put_u16_at(count_at, count);
    return all;
  }

 private:
  std::size_t write_set(const wire::RRsetView& view) {
    const std::size_t count = view.rdata.size();
    if (count == 0) return 0;
    const std::size_t start = writer_.size();
    const std::size_t first = view.first % count;
    auto rdata = view.rdata.begin();
    for (std::size_t skipped = 0; skipped < first; ++skipped) ++rdata;
    std::size_t record_octets = 0;
    bool equal = true;
    for (std::size_t written = 0; written < count && !writer_.overflowed(); ++written) {
      if (rdata == view.rdata.end()) rdata = view.rdata.begin();
      const std::size_t at = writer_.size();
      write_record(*view.owner, view.type, view.rrclass, view.ttl, *rdata);
      ++rdata;
      const std::size_t octets = writer_.size() - at;
      equal = equal && (written == 0 || octets == record_octets);
      record_octets = octets;
    }
    if (layout_ && count > 1 && equal && layout_->rotation_count == 0 &&
        (view.type == RRType::A || view.type == RRType::AAAA) && !writer_.overflowed()) {
      layout_->rotation_offset = static_cast<std::uint16_t>(start);
      layout_->rotation_record_octets = static_cast<std::uint16_t>(record_octets);
      layout_->rotation_count = static_cast<std::uint16_t>(count);
    }
    if (!query_.dnssec_ok) return count;
    for (const wire::RdataView signature : view.signatures)
      write_record(*view.owner, RRType::RRSIG, view.rrclass, view.ttl, signature);
    return count + view.signatures.size();
  }

  void write_record(const wire::Name& owner, RRType type, wire::RRClass rrclass, wire::Ttl ttl,
                    wire::RdataView rdata) {
    // Mostly the name that was asked: a pointer to it, which also gives its case back to the
    // client.
    if (query_.has_question && !owner.is_root() && owner == query_.question.name)
      writer_.u16(pointer_to_question);
    else
      writer_.name(owner);
    writer_.u16(static_cast<std::uint16_t>(type));
    writer_.u16(static_cast<std::uint16_t>(rrclass));
    if (layout_) {
      layout_->ttl_offsets.push_back(static_cast<std::uint16_t>(writer_.size()));
      layout_->least_ttl = std::min(layout_->least_ttl, ttl.seconds);
    }
    writer_.u32(ttl.seconds);
    const std::size_t length_at = writer_.size();
    writer_.u16(0);
    wire::write_rdata(writer_, type, rdata);
    if (!writer_.overflowed())
      writer_.put_u16_at(length_at, static_cast<std::uint16_t>(writer_.size() - length_at - 2));
  }

  wire::Writer& writer_;
  const Query& query_;
  ReplyLayout* layout_;
};

/// Root, OPT, our size, the upper bits of the rcode, version 0, DO as it came (RFC 6891 section
/// 6.1.3), and the length of the options that follow.
constexpr std::array<std::uint8_t, 11> bare_opt(const Query& query, unsigned rcode) {
  return {0,
          0,
          static_cast<std::uint8_t>(RRType::OPT),
          our_udp_size >> 8,
          our_udp_size & 0xff,
          static_cast<std::uint8_t>(rcode >> 4),
          0,
          static_cast<std::uint8_t>(query.dnssec_ok ? 0x80 : 0),
          0,
          0,
          static_cast<std::uint8_t>(opt_octets(query) - 11)};
}

/// Both halves, as an option (RFC 7873 section 4).
std::array<std::uint8_t, 28> cookie_octets(const Query& query) {
  std::array<std::uint8_t, 28> octets{0, static_cast<std::uint8_t>(wire::OptionCode::Cookie), 0,
                                      24};
  std::ranges::copy(query.cookie->client, octets.begin() + 4);
  std::ranges::copy(*query.next_cookie, octets.begin() + 12);
  return octets;
}

/// How long its stream may be idle, as an option (RFC 7828 section 3.1).
std::array<std::uint8_t, 6> keepalive_octets(const Query& query) {
  return {0,
          static_cast<std::uint8_t>(wire::OptionCode::Keepalive),
          0,
          2,
          static_cast<std::uint8_t>(*query.keepalive >> 8),
          static_cast<std::uint8_t>(*query.keepalive & 0xff)};
}

/// An EDE option (RFC 8914 section 2). False, and nothing is written, where there is no room.
bool write_error(wire::Writer& writer, wire::ExtendedErrorCode code, std::string_view text) {
  const std::size_t start = writer.size();
  writer.u16(static_cast<std::uint16_t>(wire::OptionCode::ExtendedError));
  writer.u16(static_cast<std::uint16_t>(2 + text.size()));
  writer.u16(static_cast<std::uint16_t>(code));
  writer.bytes({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  if (!writer.overflowed()) return true;
  writer.rewind(start);
  return false;
}

void write_opt(wire::Writer& writer, const Query& query, unsigned rcode,
               const wire::ExtendedError* error) {
  writer.bytes(bare_opt(query, rcode));
  const std::size_t options = writer.size();
  if (query.next_cookie) writer.bytes(cookie_octets(query));
  if (query.keepalive) writer.bytes(keepalive_octets(query));
  // The reason is worth less than the answer: it goes out in words, or as a number, or not at all.
  if (!error ||
      (!write_error(writer, error->code, error->text) && !write_error(writer, error->code, {})))
    return;
  writer.put_u16_at(options - 2, static_cast<std::uint16_t>(writer.size() - options));
}

}  // namespace

std::size_t write_reply(const Query& query, const Reply& reply, std::span<std::uint8_t> out,
                        ReplyLayout* layout) {
  const auto rcode = static_cast<unsigned>(reply.rcode);
  wire::Writer writer(out);
  writer.u16(query.id);
  writer.u8(flags_high(query, reply.authoritative));
  writer.u8(flags_low(query, reply.recursion_available, reply.secure, rcode));
  writer.u16(query.has_question ? 1 : 0);
  for (int count = 0; count < 3; ++count) writer.u16(0);
  if (query.has_question) {
    writer.name(query.question.name);
    writer.u16(static_cast<std::uint16_t>(query.question.type));
    writer.u16(static_cast<std::uint16_t>(query.question.rrclass));
  }

  writer.reserve_end(opt_octets(query));
  Sections sections(writer, query, layout);
  const bool all = sections.write(reply.answer, 6) && sections.write(reply.authority, 8);
  if (!all) out[2] |= tc;
  if (all && !sections.write(reply.additional, additional_count) && reply.referral) out[2] |= tc;
  writer.reserve_end(0);
  if (query.edns) {
    write_opt(writer, query, rcode, reply.error);
    writer.put_u16_at(
        additional_count,
        static_cast<std::uint16_t>((out[additional_count] << 8 | out[additional_count + 1]) + 1));
  }
  return writer.size();
}

std::size_t address_to(const Query& query, std::span<std::uint8_t> message, std::size_t size) {
  message[0] = static_cast<std::uint8_t>(query.id >> 8);
  message[1] = static_cast<std::uint8_t>(query.id & 0xff);
  const auto truncated = static_cast<std::uint8_t>(message[2] & tc);
  const unsigned rcode = message[3] & rcode_bits;
  const bool secure = (message[3] & ad) != 0;
  message[2] = static_cast<std::uint8_t>(flags_high(query, false) | truncated);
  message[3] = flags_low(query, true, secure, rcode);
  const auto name = query.question.name.wire();
  std::memcpy(message.data() + wire::header_octets, name.data(), name.size());
  if (!query.edns) return size;
  ++message[additional_count + 1];  // kept answers have no more than 255 additional records
  const auto append = [&](const auto& octets) {
    std::memcpy(message.data() + size, octets.data(), octets.size());
    size += octets.size();
  };
  append(bare_opt(query, 0));
  if (query.next_cookie) append(cookie_octets(query));
  if (query.keepalive) append(keepalive_octets(query));
  return size;
}

}  // namespace cairn::server
