// Where in a text of a caller's something is wrong, as people count.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace folio::model {

// How much of a wrong text is repeated.
inline constexpr size_t kFoundBytesMax = 40;

// In characters, from 1. `byte` at most the text's size.
std::string PositionOf(std::string_view text, size_t byte);

// What stands there, up to the next space and kFoundBytesMax at most; never half a character.
std::string FoundAt(std::string_view text, size_t byte);

}  // namespace folio::model
