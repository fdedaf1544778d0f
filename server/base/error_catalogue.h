// The catalogue of errors: every reason, its status code, and its text in each language. A new reason is one entry of
// an error_reasons_*.cc and one line of docs/errors.md.
//
// A text is a template. "{name}" is a detail of the fault ("{field}" its path). "{@name}" is a detail too, but told in
// the reader's language where it is one of the terms below. "[...]" is left out unless each detail in it has a value.
#pragma once

#include <span>
#include <string_view>

#include "absl/status/status.h"
#include "server/base/error.h"

namespace folio::error {

struct CatalogueEntry {
  std::string_view reason;
  absl::StatusCode code;  // the usual one: what a caller of a single-resource method sees
  std::string_view english;
  std::string_view french;

  std::string_view text(Locale locale) const { return locale == Locale::kFrench ? french : english; }
};

// A word of a detail that is told in the reader's language, for example the type of a column.
struct CatalogueTerm {
  std::string_view key;
  std::string_view english;
  std::string_view french;
};

// Entries by subject, a file each; and all of them.
std::span<const CatalogueEntry> ReasonsOfInput();
std::span<const CatalogueEntry> ReasonsOfSales();
std::span<const CatalogueEntry> ReasonsOfModels();
std::span<const CatalogueEntry> ReasonsOfIndicators();
std::span<const CatalogueEntry> ReasonsOfRequests();
std::span<const CatalogueEntry> Catalogue();
std::span<const CatalogueTerm> Terms();

// nullptr where there is none.
const CatalogueEntry* FindEntry(std::string_view reason);

}  // namespace folio::error
