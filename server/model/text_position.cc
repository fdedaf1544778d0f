#include "server/model/text_position.h"

#include <algorithm>

namespace folio::model {
namespace {

bool ContinuesCharacter(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

std::string PositionOf(std::string_view text, size_t byte) {
  const std::string_view before = text.substr(0, byte);
  return std::to_string(before.size() - static_cast<size_t>(std::ranges::count_if(before, ContinuesCharacter)) + 1);
}

std::string FoundAt(std::string_view text, size_t byte) {
  std::string_view found = text.substr(byte);
  found = found.substr(0, found.find_first_of(" \t\n", 1));
  size_t size = std::min(found.size(), kFoundBytesMax);
  while (size < found.size() && size > 0 && ContinuesCharacter(found[size])) --size;
  return std::string(found.substr(0, size));
}

}  // namespace folio::model
