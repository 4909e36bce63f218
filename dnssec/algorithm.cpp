#include "dnssec/algorithm.hpp"

#include "wire/codes.hpp"

namespace cairn::dnssec {

bool is_known(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::RSASHA1:
    case Algorithm::RSASHA1_NSEC3_SHA1:
    case Algorithm::RSASHA256:
    case Algorithm::RSASHA512:
    case Algorithm::ECDSAP256SHA256:
    case Algorithm::ECDSAP384SHA384:
    case Algorithm::ED25519:
    case Algorithm::ED448:
      return true;
  }
  return false;
}

bool is_known(DigestType type) {
  switch (type) {
    case DigestType::SHA1:
    case DigestType::SHA256:
    case DigestType::SHA384:
      return true;
  }
  return false;
}

bool is_rsa(Algorithm algorithm) {
  return is_known(algorithm) && algorithm <= Algorithm::RSASHA512;
}

std::string to_text(Algorithm algorithm) {
  return wire::algorithm_to_text(static_cast<std::uint8_t>(algorithm));
}

std::string to_text(DigestType type) {
  switch (type) {
    case DigestType::SHA1:
      return "SHA-1";
    case DigestType::SHA256:
      return "SHA-256";
    case DigestType::SHA384:
      return "SHA-384";
  }
  return std::to_string(static_cast<unsigned>(type));
}

bool Policy::supports(Algorithm algorithm) const {
  return is_known(algorithm) && !algorithms_off.test(static_cast<std::uint8_t>(algorithm));
}

bool Policy::supports(DigestType type) const {
  return is_known(type) && !digests_off.test(static_cast<std::uint8_t>(type));
}

}  // namespace cairn::dnssec
