#include "tools/cairnctl/text_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace cairn::cairnctl {

wire::Result<TextFile> TextFile::open(const std::string& path) {
  const auto error = [](int number) {
    return wire::Error{std::generic_category().message(number)};
  };
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return error(errno);
  struct stat about {};
  int why = ::fstat(fd, &about) == 0 ? 0 : errno;
  if (why == 0 && S_ISDIR(about.st_mode)) why = EISDIR;
  if (why == 0 && !S_ISREG(about.st_mode)) why = EINVAL;
  const auto size = static_cast<std::size_t>(about.st_size);
  void* octets = nullptr;
  if (why == 0 && size > 0) {
    octets = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (octets == MAP_FAILED) why = errno;
  }
  ::close(fd);
  if (why != 0) return error(why);
  if (octets != nullptr) ::madvise(octets, size, MADV_SEQUENTIAL);
  return TextFile(static_cast<const char*>(octets), size);
}

TextFile::TextFile(TextFile&& other) noexcept
    : octets_(std::exchange(other.octets_, nullptr)), size_(std::exchange(other.size_, 0)) {}

TextFile::~TextFile() {
  if (octets_ != nullptr) ::munmap(const_cast<char*>(octets_), size_);
}

}  // namespace cairn::cairnctl
