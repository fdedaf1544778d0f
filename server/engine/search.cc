#include "server/engine/search.h"

#include <algorithm>
#include <limits>
#include <string>
#include <tuple>

#include "server/base/text.h"
#include "server/engine/block.h"
#include "server/engine/text_finder.h"
#include "server/engine/typo.h"

namespace folio::engine {
namespace {

// The best hits so far, at most `limit`.
class BestHits {
 public:
  explicit BestHits(int limit) : limit_(static_cast<size_t>(std::max(limit, 0))) {}

  bool empty() const { return hits_.empty(); }

  // True where a hit would be taken.
  bool Wants(const Hit& hit, size_t length) const {
    return hits_.size() < limit_ || (limit_ > 0 && Ranked{hit, length} < hits_.front());
  }

  void Add(const Hit& hit, size_t length) {
    if (!Wants(hit, length)) return;
    if (hits_.size() == limit_) {
      std::pop_heap(hits_.begin(), hits_.end());
      hits_.pop_back();
    }
    hits_.push_back({hit, length});
    std::push_heap(hits_.begin(), hits_.end());
  }

  std::vector<Hit> Sorted() {
    std::sort_heap(hits_.begin(), hits_.end());
    std::vector<Hit> hits;
    for (const Ranked& ranked : hits_) hits.push_back(ranked.hit);
    return hits;
  }

 private:
  struct Ranked {
    Hit hit;
    size_t length;
    bool operator<(const Ranked& other) const {
      return std::tie(hit.match, length, hit.key) < std::tie(other.hit.match, other.length, other.hit.key);
    }
  };
  const size_t limit_;
  std::vector<Ranked> hits_;  // a heap, the worst at the front
};

// How one place of a text where a word was found tells of its match.
Match MatchAt(std::string_view text, size_t position, size_t size) {
  if (size == text.size()) return Match::kExact;
  return position == 0 || text[position - 1] == ' ' ? Match::kPrefix : Match::kSubstring;
}

// The best match of one word in a text; kTypo where it does not occur.
Match MatchWord(std::string_view text, std::string_view word) {
  Match best = Match::kTypo;
  for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    best = std::min(best, MatchAt(text, at, word.size()));
    if (best <= Match::kPrefix) break;
  }
  return best;
}

bool HasWord(std::string_view text, std::string_view word) {
  for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const size_t end = at + word.size();
    if ((at == 0 || text[at - 1] == ' ') && (end == text.size() || text[end] == ' ')) return true;
  }
  return false;
}

// What is looked for: folded words, in any order, of which the last may be only the beginning of one.
class Wanted {
 public:
  explicit Wanted(std::string_view query) : folded_(Fold(query)), words_(SplitWords(folded_)) {}

  const std::string& folded() const { return folded_; }
  const std::vector<std::string_view>& words() const { return words_; }

  // kTypo where the text does not match.
  Match In(std::string_view text) const {
    if (words_.size() == 1) return MatchWord(text, words_[0]);
    if (text == folded_) return Match::kExact;
    Match worst = Match::kPrefix;
    for (size_t i = 0; i < words_.size(); ++i) {
      if (i + 1 < words_.size() && HasWord(text, words_[i])) continue;
      const Match match = MatchWord(text, words_[i]);
      const bool whole_word_wanted = i + 1 < words_.size();
      worst = std::max(worst, whole_word_wanted ? std::max(match, Match::kSubstring) : match);
    }
    return worst;
  }

 private:
  const std::string folded_;
  const std::vector<std::string_view> words_;
};

// Finds the texts that contain one word by one search of a block's texts, and looks closer at those. Every text that
// matches, but for typing errors, contains each of the words.
void SearchBlock(const Block& block, const TextChunk& chunk, const TextFinder& finder, const Wanted& wanted,
                 BestHits* hits) {
  const TextArena& arena = chunk.folded();
  const std::string_view all = arena.All();
  int row = 0;
  for (size_t found = finder.Find(all, 0); found != TextFinder::kNowhere;
       found = finder.Find(all, arena.OffsetOf(row + 1))) {
    row = arena.RowAt(found, row);
    const std::string_view text = arena.At(row);
    const Match best = text.size() == wanted.folded().size() ? Match::kExact : Match::kPrefix;
    if (!hits->Wants({block.KeyOf(row), best}, text.size()) || !block.IsLive(row)) continue;
    const Match match = wanted.In(text);
    if (match != Match::kTypo) hits->Add({block.KeyOf(row), match}, text.size());
  }
}

size_t CountIn(std::string_view all, const TextFinder& finder) {
  size_t count = 0;
  for (size_t at = finder.Find(all, 0); at != TextFinder::kNowhere; at = finder.Find(all, at + 1)) ++count;
  return count;
}

// The word that the fewest texts have, going by a few blocks; among equals the longest.
std::string_view RarestWord(const std::vector<const TextChunk*>& chunks, const std::vector<std::string_view>& words) {
  if (words.size() == 1) return words[0];
  constexpr size_t kSamples = 4;
  const size_t stride = std::max<size_t>(1, chunks.size() / kSamples);
  std::string_view rarest;
  size_t fewest = std::numeric_limits<size_t>::max();
  for (const std::string_view word : words) {
    const TextFinder finder(word);
    size_t count = 0;
    for (size_t i = 0; i < chunks.size(); i += stride) count += CountIn(chunks[i]->folded().All(), finder);
    if (count > fewest || (count == fewest && word.size() <= rarest.size())) continue;
    fewest = count;
    rarest = word;
  }
  return rarest;
}

void SearchBlockForTypos(const Block& block, const TextChunk& chunk, const TypoMatcher& matcher, BestHits* hits) {
  const TextArena& arena = chunk.folded();
  for (int row = 0; row < arena.rows(); ++row) {
    const std::string_view text = arena.At(row);
    if (matcher.Matches(text) && block.IsLive(row)) hits->Add({block.KeyOf(row), Match::kTypo}, text.size());
  }
}

}  // namespace

std::vector<Hit> SearchText(const Snapshot& snapshot, model::ColumnIndex column, std::string_view query, int limit) {
  const Wanted wanted(query);
  if (wanted.words().empty()) return {};
  std::vector<const Block*> blocks;
  std::vector<const TextChunk*> chunks;
  for (const auto& block : snapshot.impl().blocks) {
    const TextChunk* chunk = block == nullptr ? nullptr : block->Texts(column);
    if (chunk == nullptr) continue;
    blocks.push_back(block.get());
    chunks.push_back(chunk);
  }
  BestHits hits(limit);
  const TextFinder finder(RarestWord(chunks, wanted.words()));
  for (size_t i = 0; i < blocks.size(); ++i) SearchBlock(*blocks[i], *chunks[i], finder, wanted, &hits);
  const TypoMatcher matcher(wanted.words());
  if (!hits.empty() || !matcher.CanMatch()) return hits.Sorted();
  for (size_t i = 0; i < blocks.size(); ++i) SearchBlockForTypos(*blocks[i], *chunks[i], matcher, &hits);
  return hits.Sorted();
}

}  // namespace folio::engine
