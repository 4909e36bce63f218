// What the process may do: as little as possible once its sockets are bound.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace cairn::server {

/// The soft limit of open files raised to the hard one; returns it.
std::size_t raise_file_limit();

/// No core file is ever written: it would hold what clients asked, and keys.
void forbid_core_files();

/// Throws StartError if somebody who starts as root names a user that does not exist.
void check_user(const std::string& user);

/// Root becomes `user`, who then owns `control`; others stay who they are. Nobody gets new
/// privileges afterwards.
void drop_privileges(const std::string& user, const std::filesystem::path& control);

}  // namespace cairn::server
