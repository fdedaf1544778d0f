#include "server/measures/figure_text.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace folio::measures {

namespace {

bool IsFrench(error::Locale locale) { return locale == error::Locale::kFrench; }

struct Unit {
  std::string_view id;
  std::string_view one;
  std::string_view many;
  std::string_view one_fr;
  std::string_view many_fr;
};
constexpr std::array kUnits = {Unit{"days", " day", " days", " jour", " jours"},
                               Unit{"hours", " hour", " hours", " heure", " heures"},
                               Unit{"months", " month", " months", " mois", " mois"}};

}  // namespace

std::string NumberText(double value, error::Locale locale) {
  std::string text = fmt::format("{:.2f}", std::abs(value) < 0.005 ? 0.0 : value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  const size_t point = text.find('.');
  const size_t first_digit = text.front() == '-' ? 1 : 0;
  const size_t whole = point == std::string::npos ? text.size() : point;
  if (point != std::string::npos && IsFrench(locale)) text[point] = ',';
  for (size_t at = whole; at > first_digit + 3;) {
    at -= 3;
    text.insert(at, IsFrench(locale) ? "\u202f" : ",");
  }
  return text;
}

std::string FigureText(double value, std::string_view unit, error::Locale locale, std::string_view currency) {
  const bool french = IsFrench(locale);
  if (unit == "ratio") return NumberText(100 * value, locale) + " %";
  if (unit == "flag") return value != 0 ? (french ? "oui" : "yes") : (french ? "non" : "no");
  std::string text = NumberText(value, locale);
  if (unit == "money" && !currency.empty()) return text.append(" ").append(currency);
  for (const Unit& known : kUnits) {
    if (known.id != unit) continue;
    if (french) return text.append(std::abs(value) < 2 ? known.one_fr : known.many_fr);
    return text.append(std::abs(value) == 1 ? known.one : known.many);
  }
  return text;
}

}  // namespace folio::measures
