#include "wire/edns.hpp"

#include "wire/reader.hpp"

namespace cairn::wire {

void Edns::add(const ExtendedError& error) {
  const auto code = static_cast<std::uint16_t>(error.code);
  EdnsOption option{OptionCode::ExtendedError,
                    {static_cast<std::uint8_t>(code >> 8), static_cast<std::uint8_t>(code & 0xff)}};
  option.data.insert(option.data.end(), error.text.begin(), error.text.end());
  options.push_back(std::move(option));
}

const EdnsOption* Edns::find(OptionCode code) const {
  for (const EdnsOption& option : options)
    if (option.code == code) return &option;
  return nullptr;
}

std::optional<ExtendedError> Edns::extended_error() const {
  const EdnsOption* option = find(OptionCode::ExtendedError);
  if (!option || option->data.size() < 2) return std::nullopt;
  const auto code = static_cast<ExtendedErrorCode>(option->data[0] << 8 | option->data[1]);
  return ExtendedError{code, {option->data.begin() + 2, option->data.end()}};
}

std::optional<std::vector<EdnsOption>> parse_options(std::span<const std::uint8_t> rdata,
                                                     std::size_t most) {
  std::vector<EdnsOption> options;
  Reader reader(rdata);
  while (!reader.failed() && reader.left() > 0) {
    const auto code = static_cast<OptionCode>(reader.u16());
    const auto data = reader.bytes(reader.u16());
    if (!reader.failed() && options.size() < most)
      options.push_back({code, {data.begin(), data.end()}});
  }
  if (reader.failed()) return std::nullopt;
  return options;
}

}  // namespace cairn::wire
