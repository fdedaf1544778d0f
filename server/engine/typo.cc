#include "server/engine/typo.h"

#include <algorithm>
#include <string>

namespace folio::engine {
namespace {

// `rest` is the whole of `other`, or its beginning.
template <typename View>
bool Fits(View rest, View other, bool beginning) {
  return beginning ? other.starts_with(rest) : rest == other;
}

template <typename View>
bool WithinOne(View word, View other, bool beginning) {
  if (word.size() > other.size() + 1) return false;
  if (!beginning && other.size() > word.size() + 1) return false;
  const size_t shorter = std::min(word.size(), other.size());
  size_t same = 0;
  while (same < shorter && word[same] == other[same]) ++same;
  const View a = word.substr(same);
  const View b = other.substr(same);
  if (a.empty()) return beginning || b.size() <= 1;
  if (b.empty()) return a.size() == 1;
  if (Fits(a.substr(1), b.substr(1), beginning)) return true;  // wrong
  if (Fits(a, b.substr(1), beginning)) return true;            // missing
  if (Fits(a.substr(1), b, beginning)) return true;            // too many
  return a.size() > 1 && b.size() > 1 && a[0] == b[1] && a[1] == b[0] &&
         Fits(a.substr(2), b.substr(2), beginning);  // exchanged
}

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool Continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

size_t CountLetters(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return !Continues(c); }));
}

// Letters of a UTF-8 text, as numbers that differ where the letters do.
std::u32string LettersOf(std::string_view text) {
  std::u32string letters;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (Continues(c) && !letters.empty()) {
      letters.back() = letters.back() << 8 | byte;
    } else {
      letters.push_back(byte);
    }
  }
  return letters;
}

// False where the first two letters alone show that there is more than one error. For ASCII words.
bool MayBeWithin(std::string_view word, std::string_view other) {
  if (word.size() < 2 || other.size() < 2) return true;
  return word[0] == other[0] || word[1] == other[1] || word[0] == other[1] || word[1] == other[0];
}

bool Within(std::string_view word, bool is_ascii, std::string_view other, bool beginning) {
  if (is_ascii) return MayBeWithin(word, other) && WithinOne(word, other, beginning);
  return WithinOne<std::u32string_view>(LettersOf(word), LettersOf(other), beginning);
}

}  // namespace

std::vector<std::string_view> SplitWords(std::string_view folded) {
  std::vector<std::string_view> words;
  while (!folded.empty()) {
    const size_t end = std::min(folded.find(' '), folded.size());
    if (end > 0) words.push_back(folded.substr(0, end));
    folded.remove_prefix(std::min(end + 1, folded.size()));
  }
  return words;
}

bool WithinOneTypo(std::string_view word, std::string_view other) { return Within(word, IsAscii(word), other, false); }
bool BeginsWithinOneTypo(std::string_view word, std::string_view other) {
  return Within(word, IsAscii(word), other, true);
}

TypoMatcher::TypoMatcher(const std::vector<std::string_view>& words) {
  for (size_t i = 0; i < words.size(); ++i) {
    words_.push_back({words[i], IsAscii(words[i]), CountLetters(words[i]) >= kLettersMin, i + 1 == words.size()});
  }
  // Words that must be right are looked for first: few texts have them.
  std::stable_partition(words_.begin(), words_.end(), [](const Word& word) { return !word.forgiving; });
}

bool TypoMatcher::CanMatch() const {
  return std::any_of(words_.begin(), words_.end(), [](const Word& word) { return word.forgiving; });
}

bool TypoMatcher::Matches(std::string_view folded) const {
  bool forgiven = false;
  for (const Word& word : words_) {
    bool found = false;
    bool nearly = false;
    for (std::string_view rest = folded; !rest.empty() && !found;) {
      const size_t end = std::min(rest.find(' '), rest.size());
      const std::string_view other = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      found = word.last ? other.starts_with(word.text) : other == word.text;
      nearly = nearly || (word.forgiving && !forgiven && Within(word.text, word.ascii, other, word.last));
    }
    if (found) continue;
    if (!nearly) return false;
    forgiven = true;
  }
  return true;
}

}  // namespace folio::engine
