#include "client/cli/output/text_width.h"

#include "unicode/uchar.h"
#include "unicode/utf8.h"

namespace folio::cli {
namespace {

int WidthOf(UChar32 character) {
  const int8_t category = u_charType(character);
  if (category == U_NON_SPACING_MARK || category == U_ENCLOSING_MARK || category == U_FORMAT_CHAR) return 0;
  const int width = u_getIntPropertyValue(character, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

}  // namespace

int DisplayWidth(std::string_view utf8) {
  int width = 0;
  const auto* bytes = reinterpret_cast<const uint8_t*>(utf8.data());
  const auto length = static_cast<int32_t>(utf8.size());
  for (int32_t i = 0; i < length;) {
    UChar32 character = 0;
    U8_NEXT(bytes, i, length, character);
    width += character < 0 ? 1 : WidthOf(character);
  }
  return width;
}

std::string OneLine(std::string_view utf8) {
  std::string line;
  const auto* bytes = reinterpret_cast<const uint8_t*>(utf8.data());
  const auto length = static_cast<int32_t>(utf8.size());
  for (int32_t i = 0; i < length;) {
    const int32_t start = i;
    UChar32 character = 0;
    U8_NEXT(bytes, i, length, character);
    if (character < 0) {
      line += "\uFFFD";
    } else if (u_iscntrl(character)) {
      line += ' ';
    } else {
      line.append(utf8.substr(static_cast<size_t>(start), static_cast<size_t>(i - start)));
    }
  }
  return line;
}

}  // namespace folio::cli
