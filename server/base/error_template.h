// Fills the templates of the catalogue.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "server/base/error.h"

namespace folio::error {

// The template with its details filled in. A detail that is missing outside of brackets shows as "?"; a missing field
// as "the value".
std::string Render(std::string_view text, const Fault& fault, Locale locale);

// Names of the details that a template mentions, sorted, each once.
std::vector<std::string> PlaceholdersOf(std::string_view text);

}  // namespace folio::error
