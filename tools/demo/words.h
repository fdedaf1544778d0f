// The vocabulary of the demonstration: names of people and companies, places, trades, subjects.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace folio::demo {

enum class Language { kFrench, kEnglish };

struct Place {
  std::string_view city;
  std::string_view country_code;
};

// A line of business: the word a company's name is made with, and its sector.
struct Trade {
  std::string_view word;
  std::string_view sector;
};

struct Words {
  std::span<const std::string_view> first_names;
  std::span<const std::string_view> last_names;
  std::span<const Place> places;
  std::span<const Trade> trades;      // before the family's name in French, after it in English
  std::span<const Trade> activities;  // "Société Lyonnaise de {Maintenance}", "Harrogate {Learning}"
  std::span<const std::string_view> adjectives;
  std::span<const std::string_view> suffixes;  // "& Fils", "Ltd"
  std::string_view top_level_domain;
  std::span<const std::string_view> decision_titles;
  std::span<const std::string_view> champion_titles;
  std::span<const std::string_view> user_titles;
  std::string_view billing_title;
  std::span<const std::string_view> ticket_subjects;
  std::span<const std::string_view> meeting_subjects;
  std::span<const std::string_view> good_comments;
  std::span<const std::string_view> bad_comments;
  std::string_view need_subject;
};

const Words& WordsOf(Language language);

// Beginnings and endings of invented names ("Novatis"), with their sectors by ending.
std::span<const std::string_view> InventedBeginnings();
std::span<const Trade> InventedEndings();

// Names of the product's features.
std::span<const std::string_view> Features();

// The people who look after accounts.
std::span<const std::string_view> Owners();

// Lower-case ASCII with hyphens for the rest: "Boulangerie Lefèvre & Fils" gives "boulangerie-lefevre-fils". Appended.
void AppendSlug(std::string_view text, std::string* out);

}  // namespace folio::demo
