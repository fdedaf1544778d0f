#include "server/engine/dictionary.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "server/base/text.h"

namespace folio::engine {
namespace {

// An entry of a node-based hash map beside its value: the node's link and cached hash, and its bucket.
constexpr int64_t kMapEntryBytes = 24;

int64_t HeapBytes(const std::string& text) {
  static const size_t inside = std::string().capacity();
  return text.capacity() > inside ? static_cast<int64_t>(text.capacity()) + 1 : 0;
}

}  // namespace

int32_t SymbolDictionary::Intern(std::string_view text) {
  if (const auto found = numbers_.find(text); found != numbers_.end()) return found->second;
  const int32_t symbol = texts_.size();
  texts_.Append({std::string(text), Fold(text), std::hash<std::string_view>()(text)});
  numbers_.emplace(Text(symbol), symbol);
  return symbol;
}

int32_t SymbolDictionary::Find(std::string_view text, int32_t count) const {
  const size_t hash = std::hash<std::string_view>()(text);
  for (int32_t symbol = 0; symbol < count; ++symbol) {
    const Entry& entry = texts_.at(symbol);
    if (entry.hash == hash && entry.text == text) return symbol;
  }
  return -1;
}

RankCache::Ranks SymbolDictionary::Ranks(int32_t count) const {
  return ranks_.Get(count, [this] {
    return [this](int32_t a, int32_t b) {
      return std::make_pair(Folded(a), Text(a)) < std::make_pair(Folded(b), Text(b));
    };
  });
}

uint64_t SymbolDictionary::RankOf(std::string_view text, int32_t count) const {
  const std::string folded = Fold(text);
  const auto wanted = std::make_pair(std::string_view(folded), text);
  uint64_t rank = 0;
  for (int32_t symbol = 0; symbol < count; ++symbol) {
    const auto entry = std::make_pair(Folded(symbol), Text(symbol));
    if (entry < wanted) rank += 2;
    if (entry == wanted) return Ranks(count)->at(static_cast<size_t>(symbol));
  }
  return rank;
}

int64_t SymbolDictionary::MemoryBytes(int32_t count) const {
  int64_t bytes = 0;
  for (int32_t symbol = 0; symbol < count; ++symbol) {
    const Entry& entry = texts_.at(symbol);
    bytes += static_cast<int64_t>(sizeof(Entry) + sizeof(std::string_view) + sizeof(int32_t)) + kMapEntryBytes +
             HeapBytes(entry.text) + HeapBytes(entry.folded);
  }
  return bytes;
}

int32_t SetDictionary::Intern(const std::vector<std::string>& texts) {
  std::vector<int32_t> members;
  members.reserve(texts.size());
  for (const std::string& text : texts) members.push_back(symbols_.Intern(text));
  std::sort(members.begin(), members.end());
  members.erase(std::unique(members.begin(), members.end()), members.end());
  if (const auto found = numbers_.find(members); found != numbers_.end()) return found->second;
  const int32_t set = sets_.size();
  sets_.Append(std::move(members));
  numbers_.emplace(Members(set), set);
  return set;
}

std::vector<uint64_t> SetDictionary::MemberRanks(int32_t set, const std::vector<uint64_t>& symbol_ranks) const {
  std::vector<uint64_t> ranks;
  for (const int32_t symbol : Members(set)) ranks.push_back(symbol_ranks[static_cast<size_t>(symbol)]);
  std::sort(ranks.begin(), ranks.end());
  return ranks;
}

RankCache::Ranks SetDictionary::Ranks(int32_t count, int32_t symbol_count) const {
  return ranks_.Get(count, [&] {
    const RankCache::Ranks symbol_ranks = symbols_.Ranks(symbol_count);
    std::vector<std::vector<uint64_t>> members;
    members.reserve(static_cast<size_t>(count));
    for (int32_t set = 0; set < count; ++set) members.push_back(MemberRanks(set, *symbol_ranks));
    const auto shared = std::make_shared<const decltype(members)>(std::move(members));  // the comparison is copied
    return [shared](int32_t a, int32_t b) {
      return (*shared)[static_cast<size_t>(a)] < (*shared)[static_cast<size_t>(b)];
    };
  });
}

uint64_t SetDictionary::RankOf(const std::vector<std::string>& texts, int32_t count, int32_t symbol_count) const {
  std::vector<uint64_t> wanted;
  for (const std::string& text : texts) wanted.push_back(symbols_.RankOf(text, symbol_count));
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  const RankCache::Ranks symbol_ranks = symbols_.Ranks(symbol_count);
  uint64_t rank = 0;
  for (int32_t set = 0; set < count; ++set) {
    const std::vector<uint64_t> members = MemberRanks(set, *symbol_ranks);
    if (members < wanted) rank += 2;
    if (members == wanted) return Ranks(count, symbol_count)->at(static_cast<size_t>(set));
  }
  return rank;
}

int64_t SetDictionary::MemoryBytes(int32_t count) const {
  int64_t bytes = 0;
  for (int32_t set = 0; set < count; ++set) {
    bytes += static_cast<int64_t>(sizeof(std::vector<int32_t>) + sizeof(std::span<int32_t>) + sizeof(int32_t)) +
             kMapEntryBytes + static_cast<int64_t>(Members(set).size() * sizeof(int32_t));
  }
  return bytes;
}

size_t SetDictionary::Hash::operator()(std::span<const int32_t> members) const {
  return std::hash<std::string_view>()({reinterpret_cast<const char*>(members.data()), members.size_bytes()});
}

bool SetDictionary::Same::operator()(std::span<const int32_t> a, std::span<const int32_t> b) const {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

}  // namespace folio::engine
