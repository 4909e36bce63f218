#include "tools/cdig/https.hpp"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "wire/address.hpp"
#include "wire/message.hpp"
#include "wire/octets_text.hpp"

namespace cairn::cdig {

namespace {

struct Free {
  void operator()(nghttp2_session* session) const { nghttp2_session_del(session); }
  void operator()(nghttp2_session_callbacks* callbacks) const {
    nghttp2_session_callbacks_del(callbacks);
  }
};

// RFC 4648 section 5, without padding (RFC 8484 section 6).
std::string to_base64url(std::span<const std::uint8_t> octets) {
  std::string text = wire::to_base64(octets);
  while (text.ends_with('=')) text.pop_back();
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

nghttp2_nv field(std::string_view name, std::string_view value) {
  // nghttp2 copies both, and writes to neither.
  const auto octets = [](std::string_view text) {
    return const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(text.data()));
  };
  return {octets(name), octets(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE};
}

constexpr std::string_view dns_message = "application/dns-message";

// Case does not matter, and parameters may follow (RFC 9110 section 8.3.1).
bool is_dns_message(std::string_view media_type) {
  media_type = media_type.substr(0, media_type.find_first_of("; \t"));
  return std::equal(media_type.begin(), media_type.end(), dns_message.begin(), dns_message.end(),
                    [](char theirs, char ours) {
                      return wire::fold(static_cast<std::uint8_t>(theirs)) ==
                             static_cast<std::uint8_t>(ours);
                    });
}

struct Response {
  std::string status;
  std::string media_type;
  wire::Bytes body;
  bool complete = false;
  bool broken = false;  // the server took the request back, or sent more than a message
};

class Http2 : public Connection {
 public:
  Http2(std::unique_ptr<OctetStream> stream, const Route& route);

  std::optional<NoArrival> send(std::span<const std::uint8_t> message, Deadline deadline) override;
  std::variant<wire::Bytes, NoArrival> receive(Deadline deadline) override;

 private:
  void request(std::span<const std::uint8_t> message);
  std::optional<NoArrival> flush(Deadline deadline);

  static Http2& self(void* user) { return *static_cast<Http2*>(user); }
  static int on_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                       std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                       std::uint8_t, void* user);
  static int on_data(nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* octets,
                     std::size_t size, void* user);
  static int on_close(nghttp2_session*, std::int32_t id, std::uint32_t error, void* user);
  static ssize_t read_request(nghttp2_session*, std::int32_t, std::uint8_t* to, std::size_t size,
                              std::uint32_t* flags, nghttp2_data_source*, void* user);

  std::unique_ptr<OctetStream> stream_;
  std::unique_ptr<nghttp2_session, Free> session_;
  bool get_;
  std::string scheme_, authority_, path_;
  wire::Bytes body_;      // of the request
  std::size_t sent_ = 0;  // of it
  std::int32_t stream_id_ = 0;
  Response response_;
};

Http2::Http2(std::unique_ptr<OctetStream> stream, const Route& route)
    : stream_(std::move(stream)),
      get_(route.encryption.http_get),
      scheme_(route.encryption.carrier == Carrier::Https ? "https" : "http"),
      path_(route.encryption.http_path) {
  const auto address = wire::IpAddress::from_text(route.server_name);
  authority_ = address && address->is_v6() ? "[" + route.server_name + "]" : route.server_name;
  authority_ += ":" + std::to_string(route.server.port);

  nghttp2_session_callbacks* made = nullptr;
  nghttp2_session_callbacks_new(&made);
  const std::unique_ptr<nghttp2_session_callbacks, Free> callbacks(made);
  nghttp2_session_callbacks_set_on_header_callback(made, on_header);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(made, on_data);
  nghttp2_session_callbacks_set_on_stream_close_callback(made, on_close);
  nghttp2_session* session = nullptr;
  nghttp2_session_client_new(&session, made, this);
  session_.reset(session);
  const nghttp2_settings_entry no_push{NGHTTP2_SETTINGS_ENABLE_PUSH, 0};
  nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, &no_push, 1);
}

std::optional<NoArrival> Http2::send(std::span<const std::uint8_t> message, Deadline deadline) {
  request(message);
  return flush(deadline);
}

// RFC 8484 section 4.1.
void Http2::request(std::span<const std::uint8_t> message) {
  response_ = {};
  sent_ = 0;
  std::string path = path_;
  std::vector<nghttp2_nv> fields{field(":scheme", scheme_), field(":authority", authority_)};
  if (get_) {
    body_.clear();
    path += (path.find('?') == path.npos ? "?dns=" : "&dns=") + to_base64url(message);
    fields.insert(fields.begin(), field(":method", "GET"));
  } else {
    body_.assign(message.begin(), message.end());
    fields.insert(fields.begin(), field(":method", "POST"));
  }
  const std::string size = std::to_string(body_.size());
  fields.push_back(field(":path", path));
  if (!get_) fields.push_back(field("content-type", dns_message));
  fields.push_back(field("accept", dns_message));
  if (!get_) fields.push_back(field("content-length", size));
  nghttp2_data_provider body{};
  body.read_callback = read_request;
  stream_id_ = nghttp2_submit_request(session_.get(), nullptr, fields.data(), fields.size(),
                                      get_ ? nullptr : &body, nullptr);
}

// All that nghttp2 has to say, in one write.
std::optional<NoArrival> Http2::flush(Deadline deadline) {
  wire::Bytes frames;
  const std::uint8_t* octets = nullptr;
  ssize_t size = 0;
  while ((size = nghttp2_session_mem_send(session_.get(), &octets)) > 0)
    frames.insert(frames.end(), octets, octets + size);
  if (size < 0) return NoArrival{"unexpected error"};
  return frames.empty() ? std::nullopt : stream_->write(frames, deadline);
}

std::variant<wire::Bytes, NoArrival> Http2::receive(Deadline deadline) {
  std::array<std::uint8_t, 16384> buffer;
  while (!response_.complete) {
    if (auto trouble = flush(deadline)) return *trouble;
    // A farewell went out: to a server that does not speak HTTP/2.
    if (nghttp2_session_want_read(session_.get()) == 0) return NoArrival{"unexpected error"};
    const auto count = stream_->read(buffer, deadline);
    if (const auto* trouble = std::get_if<NoArrival>(&count)) return *trouble;
    const auto size = std::get<std::size_t>(count);
    if (nghttp2_session_mem_recv(session_.get(), buffer.data(), size) < 0)
      return NoArrival{"unexpected error"};
  }
  if (response_.broken) return NoArrival{"unexpected error"};
  // Other answers of HTTP are none of DNS (RFC 8484 section 4.2.1).
  if (!response_.status.starts_with('2')) return NoArrival{"failure"};
  // A page for people who log in to a network, and the like (RFC 8484 section 6).
  if (!is_dns_message(response_.media_type)) return NoArrival{"unexpected error"};
  return std::move(response_.body);
}

int Http2::on_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                     std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                     std::uint8_t, void* user) {
  Http2& http = self(user);
  const std::string_view key(reinterpret_cast<const char*>(name), name_size);
  if (frame->hd.stream_id != http.stream_id_) return 0;
  const std::string_view text(reinterpret_cast<const char*>(value), value_size);
  if (key == ":status") http.response_.status = text;
  if (key == "content-type") http.response_.media_type = text;
  return 0;
}

int Http2::on_data(nghttp2_session* session, std::uint8_t, std::int32_t id,
                   const std::uint8_t* octets, std::size_t size, void* user) {
  Http2& http = self(user);
  if (id != http.stream_id_) return 0;
  wire::Bytes& body = http.response_.body;
  if (body.size() + size > wire::max_message_octets) {
    http.response_.broken = true;
    nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, id, NGHTTP2_CANCEL);
    return 0;
  }
  body.insert(body.end(), octets, octets + size);
  return 0;
}

int Http2::on_close(nghttp2_session*, std::int32_t id, std::uint32_t error, void* user) {
  Http2& http = self(user);
  if (id != http.stream_id_) return 0;
  http.response_.complete = true;
  if (error != NGHTTP2_NO_ERROR) http.response_.broken = true;
  return 0;
}

ssize_t Http2::read_request(nghttp2_session*, std::int32_t, std::uint8_t* to, std::size_t size,
                            std::uint32_t* flags, nghttp2_data_source*, void* user) {
  Http2& http = self(user);
  const std::size_t count = std::min(size, http.body_.size() - http.sent_);
  std::copy_n(http.body_.begin() + static_cast<std::ptrdiff_t>(http.sent_), count, to);
  http.sent_ += count;
  if (http.sent_ == http.body_.size()) *flags |= NGHTTP2_DATA_FLAG_EOF;
  return static_cast<ssize_t>(count);
}

}  // namespace

std::unique_ptr<Connection> http_connection(std::unique_ptr<OctetStream> stream,
                                            const Route& route) {
  return std::make_unique<Http2>(std::move(stream), route);
}

}  // namespace cairn::cdig
