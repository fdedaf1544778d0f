#include "server/engine/digest_index.h"

#include <algorithm>
#include <span>
#include <utility>

namespace folio::engine {
namespace {

constexpr size_t kHomesAtFirst = 64;
constexpr size_t kOverflowMin = 64;

uint32_t HalfOf(uint64_t digest) { return static_cast<uint32_t>(digest >> 32); }

}  // namespace

void DigestIndex::Add(uint64_t digest, RowKey key) {
  const uint64_t entry = uint64_t{HalfOf(digest)} << 32 | static_cast<uint32_t>(key);
  // Seven eighths full at most. By a quarter at a time, little is left empty, and an entry moves four times on average.
  if (count_ + 1 > homes_ - homes_ / 8) Rebuild(std::max(kHomesAtFirst, homes_ + homes_ / 4));
  Put(entry);
}

// The run behind a home is in ascending order, so the entry goes before the first greater one.
void DigestIndex::Put(Entry entry) {
  size_t place = PlaceOf(HalfOf(entry));
  while (entries_[place] != 0 && entries_[place] < entry) ++place;
  if (entries_[place] == entry) return;
  ++count_;
  while (entry != 0) std::swap(entry, entries_[place++]);
  if (entries_[places_ - 1] != 0) Rebuild(homes_);
}

std::vector<RowKey> DigestIndex::Find(uint64_t digest) const {
  std::vector<RowKey> found;
  if (homes_ == 0) return found;
  const uint32_t half = HalfOf(digest);
  size_t place = PlaceOf(half);
  while (entries_[place] != 0 && HalfOf(entries_[place]) < half) ++place;
  for (; entries_[place] != 0 && HalfOf(entries_[place]) == half; ++place) {
    found.push_back(static_cast<RowKey>(entries_[place] & UINT32_MAX));
  }
  return found;
}

void DigestIndex::Rebuild(size_t homes) {
  const std::unique_ptr<Entry[]> before = std::move(entries_);
  const std::span<const Entry> old(before.get(), places_);
  homes_ = homes;
  size_t end = 0;  // of what is filled
  for (const Entry entry : old) {
    if (entry != 0) end = std::max(end, PlaceOf(HalfOf(entry))) + 1;
  }
  places_ = std::max(homes, end) + std::max(kOverflowMin, homes / 64);
  entries_ = std::make_unique<Entry[]>(places_);
  end = 0;
  for (const Entry entry : old) {
    if (entry == 0) continue;
    end = std::max(end, PlaceOf(HalfOf(entry)));
    entries_[end++] = entry;
  }
}

}  // namespace folio::engine
