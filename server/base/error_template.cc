#include "server/base/error_template.h"

#include <set>

#include "server/base/error_catalogue.h"

namespace folio::error {
namespace {

std::string_view DetailOf(const Fault& fault, std::string_view name) {
  if (name == "field") return fault.field;
  for (const Detail& detail : fault.details) {
    if (detail.first == name) return detail.second;
  }
  return {};
}

std::string_view Translate(std::string_view value, Locale locale) {
  for (const CatalogueTerm& term : Terms()) {
    if (term.key == value) return locale == Locale::kFrench ? term.french : term.english;
  }
  return value;
}

// Value of a placeholder, written between the braces as "name" or "@name"; empty where it has none.
std::string_view ValueOf(std::string_view placeholder, const Fault& fault, Locale locale) {
  if (placeholder.starts_with('@')) return Translate(DetailOf(fault, placeholder.substr(1)), locale);
  return DetailOf(fault, placeholder);
}

std::string_view Fallback(std::string_view placeholder, Locale locale) {
  if (placeholder != "field") return "?";
  return locale == Locale::kFrench ? "la valeur" : "the value";
}

// Appends a stretch of template without brackets. False where a detail was missing.
bool RenderPlain(std::string_view text, const Fault& fault, Locale locale, std::string* out) {
  bool complete = true;
  while (!text.empty()) {
    const size_t open = text.find('{');
    out->append(text.substr(0, open));
    if (open == std::string_view::npos) break;
    const size_t close = text.find('}', open);
    const std::string_view placeholder = text.substr(open + 1, close - open - 1);
    const std::string_view value = ValueOf(placeholder, fault, locale);
    if (value.empty()) complete = false;
    out->append(value.empty() ? Fallback(placeholder, locale) : value);
    text.remove_prefix(close + 1);
  }
  return complete;
}

}  // namespace

std::string Render(std::string_view text, const Fault& fault, Locale locale) {
  std::string out;
  while (!text.empty()) {
    const size_t open = text.find('[');
    RenderPlain(text.substr(0, open), fault, locale, &out);
    if (open == std::string_view::npos) break;
    const size_t close = text.find(']', open);
    std::string optional;
    if (RenderPlain(text.substr(open + 1, close - open - 1), fault, locale, &optional)) out += optional;
    text.remove_prefix(close + 1);
  }
  return out;
}

std::vector<std::string> PlaceholdersOf(std::string_view text) {
  std::set<std::string> names;
  for (size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
    const size_t begin = open + (text.substr(open + 1).starts_with('@') ? 2 : 1);
    names.emplace(text.substr(begin, text.find('}', open) - begin));
  }
  return {names.begin(), names.end()};
}

}  // namespace folio::error
