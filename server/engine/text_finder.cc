#include "server/engine/text_finder.h"

#include <bit>
#include <cstdint>
#include <cstring>

namespace folio::engine {
namespace {

// Letters of folded French and English names, the frequent ones first. Any other byte is rarer.
constexpr std::string_view kFrequent = " eaisnrtolucdmpghvbfyqxkjwz";

size_t Rarity(char c) {
  const size_t place = kFrequent.find(c);
  return place == std::string_view::npos ? kFrequent.size() : place;
}

constexpr size_t kStride = 64;

}  // namespace

TextFinder::TextFinder(std::string_view wanted) : wanted_(wanted) {
  for (size_t i = 1; i < wanted.size(); ++i) {
    if (Rarity(wanted[i]) > Rarity(wanted[rarest_])) rarest_ = i;
  }
  next_rarest_ = rarest_ == 0 ? wanted.size() - 1 : 0;
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (i != rarest_ && Rarity(wanted[i]) > Rarity(wanted[next_rarest_])) next_rarest_ = i;
  }
}

bool TextFinder::IsAt(const char* begin) const { return std::memcmp(begin, wanted_.data(), wanted_.size()) == 0; }

size_t TextFinder::Find(std::string_view text, size_t from) const {
  static_assert(std::endian::native == std::endian::little);
  if (text.size() < wanted_.size()) return kNowhere;
  const size_t begins = text.size() - wanted_.size() + 1;  // places where it could begin
  const char* const data = text.data();
  const char first = wanted_[rarest_];
  const char second = wanted_[next_rarest_];
  for (; from + kStride <= begins; from += kStride) {
    uint8_t hits[kStride];
    for (size_t i = 0; i < kStride; ++i) {
      hits[i] = static_cast<uint8_t>((data[from + rarest_ + i] == first) & (data[from + next_rarest_ + i] == second));
    }
    uint64_t words[kStride / 8];
    std::memcpy(words, hits, sizeof words);
    uint64_t any = 0;
    for (const uint64_t word : words) any |= word;
    if (any == 0) continue;
    for (size_t i = 0; i < kStride / 8; ++i) {
      for (uint64_t word = words[i]; word != 0; word &= word - 1) {
        const size_t at = from + 8 * i + static_cast<size_t>(std::countr_zero(word) / 8);
        if (IsAt(data + at)) return at;
      }
    }
  }
  for (; from < begins; ++from) {
    if (data[from + rarest_] == first && IsAt(data + from)) return from;
  }
  return kNowhere;
}

}  // namespace folio::engine
