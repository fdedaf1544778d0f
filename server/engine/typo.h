// Words that differ by one typing error: a letter too many, missing or wrong, or two neighbours exchanged.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace folio::engine {

// The words of a folded text, which are parted by single spaces.
std::vector<std::string_view> SplitWords(std::string_view folded);

// True where `word` becomes `other` by one typing error or none. Both are UTF-8.
bool WithinOneTypo(std::string_view word, std::string_view other);

// True where `word` becomes the beginning of `other` so.
bool BeginsWithinOneTypo(std::string_view word, std::string_view other);

// Matches texts that have all of some words, in any order, the last perhaps as the beginning of one, with one typing
// error in one of them that has at least kLettersMin letters.
class TypoMatcher {
 public:
  static constexpr size_t kLettersMin = 4;

  // Borrows the words.
  explicit TypoMatcher(const std::vector<std::string_view>& words);

  // False where no word is long enough.
  bool CanMatch() const;
  bool Matches(std::string_view folded) const;

 private:
  struct Word {
    std::string_view text;
    bool ascii;
    bool forgiving;  // long enough for a typing error
    bool last;
  };
  std::vector<Word> words_;
};

}  // namespace folio::engine
