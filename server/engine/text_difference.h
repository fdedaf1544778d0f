// A text told by what it is more than its folded form: capitals, accents, punctuation. Names and domains take a few
// bytes so, beside the folded text that is kept for search anyway.
#pragma once

#include <string>
#include <string_view>

namespace folio::engine {

// Appends the difference of a text that is not empty: at least one byte, at most one more than the text has. `folded`
// is Fold(text).
void AppendDifference(std::string_view text, std::string_view folded, std::string* difference);

// The text of a difference; empty for an empty one.
std::string Restore(std::string_view folded, std::string_view difference);

}  // namespace folio::engine
