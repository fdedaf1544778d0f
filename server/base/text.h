// The only bridge between std::string_view and Debian's absl::string_view, which are different types there. Everything
// else in Folio speaks std types.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace folio {

inline absl::string_view ToAbsl(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view FromAbsl(absl::string_view text) { return {text.data(), text.size()}; }
inline std::string_view MessageOf(const absl::Status& status) { return FromAbsl(status.message()); }

// Case and accents removed ("Société Générale" -> "societe generale"), other letters decomposed to their base, runs of
// anything that is neither letter nor digit made one space, trimmed. What names are searched and compared by.
std::string Fold(std::string_view text);

// True where the text is well-formed UTF-8 without control characters other than tab and line feed.
bool IsCleanText(std::string_view text);

}  // namespace folio
