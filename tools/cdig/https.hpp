// DNS over HTTP/2 (RFC 8484), inside TLS or, for a server behind a proxy, plain: each message is a
// request of its own. The one place of cdig that knows nghttp2.
#pragma once

#include "tools/cdig/connection.hpp"

namespace cairn::cdig {

std::unique_ptr<Connection> http_connection(std::unique_ptr<OctetStream> stream,
                                            const Route& route);

}  // namespace cairn::cdig
