#include "dnssec/work.hpp"

namespace cairn::dnssec {

bool Work::begin_check() {
  if (failures >= limits::failures) {
    refusal_ = "limit of failed signatures reached";
    return false;
  }
  unsigned& count = on_the_way ? chain_checks : checks;
  if (count >= (on_the_way ? limits::chain_checks : limits::checks)) {
    refusal_ = "limit of signature checks reached";
    return false;
  }
  ++count;
  return true;
}

bool Work::begin_hash(unsigned blocks) {
  if (blocks > limits::sha1_blocks || sha1_blocks > limits::sha1_blocks - blocks) {
    refusal_ = "limit of NSEC3 hashes reached";
    return false;
  }
  sha1_blocks += blocks;
  return true;
}

}  // namespace cairn::dnssec
