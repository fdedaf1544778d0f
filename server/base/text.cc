#include "server/base/text.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

namespace folio {
namespace {

// Latin letters that Unicode does not decompose, as people type them.
struct BaseLetters {
  UChar32 letter;
  const char* base;
};
constexpr auto kBaseLetters = std::to_array<BaseLetters>({
    {0x00E6, "ae"},  // æ
    {0x00F0, "d"},   // ð
    {0x00F8, "o"},   // ø
    {0x00FE, "th"},  // þ
    {0x0111, "d"},   // đ
    {0x0127, "h"},   // ħ
    {0x0131, "i"},   // ı
    {0x0138, "k"},   // ĸ
    {0x0142, "l"},   // ł
    {0x014B, "n"},   // ŋ
    {0x0153, "oe"},  // œ
    {0x0167, "t"},   // ŧ
});

void AppendUtf8(UChar32 c, std::string* out) {
  char bytes[U8_MAX_LENGTH];
  int32_t length = 0;
  U8_APPEND_UNSAFE(bytes, length, c);
  out->append(bytes, static_cast<size_t>(length));
}

// Accents belong to no script; vowel signs of the scripts of India, say, belong to theirs and are kept.
bool IsAccent(UChar32 c) {
  if (u_getCombiningClass(c) == 0) return false;
  UErrorCode error = U_ZERO_ERROR;
  return uscript_getScript(c, &error) == USCRIPT_INHERITED;
}

bool IsWordPart(UChar32 c) {
  constexpr uint32_t kMarks = U_GC_MN_MASK | U_GC_MC_MASK;
  return u_isalnum(c) || (U_GET_GC_MASK(c) & kMarks) != 0;
}

// Appends what a character folds to; nothing for an accent, one space for a separator.
void AppendFolded(UChar32 c, std::string* out) {
  static const icu::Normalizer2* const nfkd = [] {
    UErrorCode error = U_ZERO_ERROR;
    return icu::Normalizer2::getNFKDInstance(error);
  }();
  // Folding can make composed letters and decomposing can make capitals, so: decompose, fold, decompose.
  icu::UnicodeString text(c);
  UErrorCode error = U_ZERO_ERROR;
  text = nfkd->normalize(nfkd->normalize(text, error).foldCase(), error);
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const UChar32 part = text.char32At(i);
    if (IsAccent(part)) continue;
    const char* base = nullptr;
    for (const BaseLetters& letters : kBaseLetters) {
      if (letters.letter == part) base = letters.base;
    }
    if (base != nullptr) {
      out->append(base);
    } else if (IsWordPart(part)) {
      AppendUtf8(part, out);
    } else {
      out->push_back(' ');
    }
  }
}

// What the characters of the Latin blocks fold to, each at most 8 bytes; computed once, for nearly every name needs
// them.
class LatinFolds {
 public:
  static constexpr UChar32 kEnd = 0x250;

  LatinFolds() {
    for (UChar32 c = 0; c < kEnd; ++c) {
      std::string folded;
      AppendFolded(c, &folded);
      Fold& fold = folds_[static_cast<size_t>(c)];
      fold.size = static_cast<uint8_t>(folded.copy(fold.bytes, sizeof fold.bytes));
    }
  }

  std::string_view of(UChar32 c) const {
    const Fold& fold = folds_[static_cast<size_t>(c)];
    return {fold.bytes, fold.size};
  }

 private:
  struct Fold {
    char bytes[8];
    uint8_t size = 0;
  };
  std::array<Fold, kEnd> folds_;
};

// Appends folded text, with runs of spaces made one and none at the beginning.
void AppendSqueezed(std::string_view folded, std::string* out) {
  for (const char byte : folded) {
    if (byte != ' ' || (!out->empty() && out->back() != ' ')) out->push_back(byte);
  }
}

// Bytes of a word of eight that must be looked at singly: controls, DEL and anything beyond ASCII.
bool IsPlainAscii(uint64_t word) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  constexpr uint64_t kHigh = 0x8080808080808080;
  const uint64_t below_space = (word - kOnes * 0x20) & ~word;
  const uint64_t without_del = word ^ (kOnes * 0x7F);
  const uint64_t is_del = (without_del - kOnes) & ~without_del;
  return ((word | below_space | is_del) & kHigh) == 0;
}

}  // namespace

std::string Fold(std::string_view text) {
  static const LatinFolds latin;
  std::string out;
  out.reserve(text.size());
  const auto length = static_cast<int32_t>(text.size());
  for (int32_t i = 0; i < length;) {
    const auto byte = static_cast<unsigned char>(text[static_cast<size_t>(i)]);
    UChar32 c = byte;
    if (byte < 0x80) {
      ++i;
    } else {
      U8_NEXT(text.data(), i, length, c);
    }
    if (c < 0) c = ' ';  // malformed
    if (c < LatinFolds::kEnd) {
      AppendSqueezed(latin.of(c), &out);
    } else {
      std::string folded;
      AppendFolded(c, &folded);
      AppendSqueezed(folded, &out);
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

bool IsCleanText(std::string_view text) {
  const auto length = static_cast<int32_t>(text.size());
  for (int32_t i = 0; i < length;) {
    uint64_t word;
    if (text.size() - static_cast<size_t>(i) >= sizeof word) {
      std::memcpy(&word, text.data() + i, sizeof word);
      if (IsPlainAscii(word)) {
        i += static_cast<int32_t>(sizeof word);
        continue;
      }
    }
    UChar32 c;
    U8_NEXT(text.data(), i, length, c);
    const bool control = c < 0x20 || (c >= 0x7F && c < 0xA0);
    if (c < 0 || (control && c != '\t' && c != '\n')) return false;
  }
  return true;
}

}  // namespace folio
