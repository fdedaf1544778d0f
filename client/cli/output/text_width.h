// How wide a text is on a terminal.
#pragma once

#include <string>
#include <string_view>

namespace folio::cli {

// Columns that the text takes: 2 for wide characters of East Asia and emoji, 0 for marks that combine.
int DisplayWidth(std::string_view utf8);

// The text on one line, without characters that would drive the terminal.
std::string OneLine(std::string_view utf8);

}  // namespace folio::cli
