// The two languages that the program speaks.
#pragma once

#include <string>
#include <string_view>

namespace folio::cli {

enum class Language { kEnglish, kFrench };

// French where the name begins with "fr" (as in "fr_FR.UTF-8"), English otherwise.
inline Language LanguageOf(std::string_view name) {
  return name.starts_with("fr") ? Language::kFrench : Language::kEnglish;
}

// The same text in both languages; keeps them side by side where they are written.
struct Words {
  std::string english;
  std::string french;

  const std::string& In(Language language) const { return language == Language::kFrench ? french : english; }
};

}  // namespace folio::cli
