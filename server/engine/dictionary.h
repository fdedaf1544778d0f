// Numbers for texts and for sets of texts that few rows differ in. Append-only: a number keeps its meaning for ever.
//
// One writer interns; readers look at the entries that existed when their snapshot was published, without a lock:
// entries never move, and what a reader may see was written before the publication.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <memory>
#include <mutex>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace folio::engine {

// A sequence that grows at its end without moving what it holds.
template <typename T>
class Growing {
 public:
  const T& at(int32_t index) const {
    const auto [segment, offset] = Locate(index);
    return segments_[static_cast<size_t>(segment)][offset];
  }

  void Append(T value) {
    const auto [segment, offset] = Locate(size_);
    auto& room = segments_[static_cast<size_t>(segment)];
    if (room == nullptr) room = std::make_unique<T[]>(size_t{1} << (segment + kFirstBits));
    room[offset] = std::move(value);
    ++size_;
  }

  // Writer only.
  int32_t size() const { return size_; }

 private:
  // Segment s holds 2^(s + kFirstBits) entries.
  static constexpr int kFirstBits = 5;
  struct Place {
    int segment;
    uint32_t offset;
  };
  static Place Locate(int32_t index) {
    const uint32_t shifted = static_cast<uint32_t>(index) + (1U << kFirstBits);
    const int top = std::bit_width(shifted) - 1;
    return {top - kFirstBits, shifted - (1U << top)};
  }

  std::array<std::unique_ptr<T[]>, 32 - kFirstBits> segments_;
  int32_t size_ = 0;
};

// The places of a dictionary's first entries in their order: 1, 3, 5 ..., so that what lies between two has a place
// too. Made when they are first asked for and kept until there are more entries. Any thread.
class RankCache {
 public:
  using Ranks = std::shared_ptr<const std::vector<uint64_t>>;

  // prepare() gives precedes(a, b): entry a comes before entry b. It is called only where they have to be sorted.
  template <typename Prepare>
  Ranks Get(int32_t count, Prepare prepare) {
    const std::lock_guard lock(mutex_);
    if (ranks_ == nullptr || ranks_->size() != static_cast<size_t>(count)) {
      std::vector<int32_t> sorted(static_cast<size_t>(count));
      std::iota(sorted.begin(), sorted.end(), 0);
      std::sort(sorted.begin(), sorted.end(), prepare());
      std::vector<uint64_t> ranks(sorted.size());
      for (size_t i = 0; i < sorted.size(); ++i) ranks[static_cast<size_t>(sorted[i])] = 2 * i + 1;
      ranks_ = std::make_shared<const std::vector<uint64_t>>(std::move(ranks));
    }
    return ranks_;
  }

 private:
  std::mutex mutex_;
  Ranks ranks_;  // guarded by mutex_
};

// Texts by number, from 0.
class SymbolDictionary {
 public:
  // Writer only.
  int32_t Intern(std::string_view text);
  int32_t size() const { return texts_.size(); }

  // Any thread, for numbers below the size at its snapshot.
  std::string_view Text(int32_t symbol) const { return texts_.at(symbol).text; }
  // What the order of symbols goes by before the text itself.
  std::string_view Folded(int32_t symbol) const { return texts_.at(symbol).folded; }
  // The number of a text among the first `count`; -1 where it has none.
  int32_t Find(std::string_view text, int32_t count) const;
  // Places of the first `count` in their order: folded, then by bytes.
  RankCache::Ranks Ranks(int32_t count) const;
  // The place that a text has, or would have, among the first `count`.
  uint64_t RankOf(std::string_view text, int32_t count) const;
  int64_t MemoryBytes(int32_t count) const;

 private:
  struct Entry {
    std::string text;
    std::string folded;
    size_t hash = 0;
  };
  Growing<Entry> texts_;
  std::unordered_map<std::string_view, int32_t> numbers_;  // writer only; views of texts_
  mutable RankCache ranks_;
};

// Sets of symbols by number, from 0. The empty set has none.
class SetDictionary {
 public:
  // Writer only. The number of the set of these texts, in any order, with or without repetition.
  int32_t Intern(const std::vector<std::string>& texts);
  int32_t size() const { return sets_.size(); }
  SymbolDictionary& symbols() { return symbols_; }

  // Any thread. Symbols of a set, ascending.
  std::span<const int32_t> Members(int32_t set) const { return sets_.at(set); }
  const SymbolDictionary& symbols() const { return symbols_; }
  // Places of the first `count` sets, of the first `symbol_count` symbols, in their order: as sorted lists of members.
  RankCache::Ranks Ranks(int32_t count, int32_t symbol_count) const;
  // The place that the set of these texts has, or would have, among them.
  uint64_t RankOf(const std::vector<std::string>& texts, int32_t count, int32_t symbol_count) const;
  int64_t MemoryBytes(int32_t count) const;

 private:
  struct Hash {
    size_t operator()(std::span<const int32_t> members) const;
  };
  struct Same {
    bool operator()(std::span<const int32_t> a, std::span<const int32_t> b) const;
  };
  std::vector<uint64_t> MemberRanks(int32_t set, const std::vector<uint64_t>& symbol_ranks) const;

  SymbolDictionary symbols_;
  Growing<std::vector<int32_t>> sets_;
  std::unordered_map<std::span<const int32_t>, int32_t, Hash, Same> numbers_;  // writer only; views of sets_
  mutable RankCache ranks_;
};

}  // namespace folio::engine
