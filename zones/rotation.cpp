#include "zones/rotation.hpp"

namespace cairn::zones {

std::optional<Rotation> rotation_from_text(std::string_view text) {
  if (text == "cyclic") return Rotation::Cyclic;
  if (text == "fixed") return Rotation::Fixed;
  return std::nullopt;
}

}  // namespace cairn::zones
