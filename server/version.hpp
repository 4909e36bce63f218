// What `--version` says; the number stands once, in the root meson.build.
#pragma once

namespace cairn::server {

inline constexpr const char* version = CAIRN_VERSION;

}  // namespace cairn::server
