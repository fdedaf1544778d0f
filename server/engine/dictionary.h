// Numbers for texts and for sets of texts that few rows differ in. Append-only: a number keeps its meaning for ever.
//
// One writer interns; readers look at the entries that existed when their snapshot was published, without a lock:
// entries never move, and what a reader may see was written before the publication.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <memory>
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
  int64_t MemoryBytes(int32_t count) const;

 private:
  struct Entry {
    std::string text;
    std::string folded;
    size_t hash = 0;
  };
  Growing<Entry> texts_;
  std::unordered_map<std::string_view, int32_t> numbers_;  // writer only; views of texts_
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
  int64_t MemoryBytes(int32_t count) const;

 private:
  struct Hash {
    size_t operator()(std::span<const int32_t> members) const;
  };
  struct Same {
    bool operator()(std::span<const int32_t> a, std::span<const int32_t> b) const;
  };
  SymbolDictionary symbols_;
  Growing<std::vector<int32_t>> sets_;
  std::unordered_map<std::span<const int32_t>, int32_t, Hash, Same> numbers_;  // writer only; views of sets_
};

}  // namespace folio::engine
