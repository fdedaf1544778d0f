// The index of digests against a set of pairs.
#include "server/engine/digest_index.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

namespace folio::engine {
namespace {

// Digests differ in their upper halves here, so that what is found is exact.
class Checked {
 public:
  void Add(uint32_t half, RowKey key) {
    index_.Add(DigestOf(half), key);
    expected_[half].insert(key);
  }
  void Expect(uint32_t half) const {
    const auto found = expected_.find(half);
    const std::set<RowKey> keys = found == expected_.end() ? std::set<RowKey>() : found->second;
    EXPECT_EQ(index_.Find(DigestOf(half)), std::vector<RowKey>(keys.begin(), keys.end())) << half;
  }
  void ExpectAll() const {
    for (const auto& [half, keys] : expected_) Expect(half);
  }
  const DigestIndex& index() const { return index_; }

 private:
  static uint64_t DigestOf(uint32_t half) { return uint64_t{half} << 32 | (half * 7 + 1); }

  DigestIndex index_;
  std::map<uint32_t, std::set<RowKey>> expected_;
};

TEST(DigestIndex, EmptyFindsNothing) { EXPECT_TRUE(DigestIndex().Find(1).empty()); }

TEST(DigestIndex, FindsWhatWasAdded) {
  std::mt19937 random(7);
  Checked checked;
  for (RowKey key = 1; key <= 50'000; ++key) {
    const auto half = static_cast<uint32_t>(random());
    checked.Add(half, key);
    if (key % 3 == 0) checked.Add(half, key);      // again
    if (key % 5 == 0) checked.Add(half, key + 1);  // shared
    checked.Expect(half);
    checked.Expect(half + 1);
  }
  checked.ExpectAll();
  EXPECT_LT(checked.index().MemoryBytes(), 60'000 * 12);
}

// Everything crowds at the ends, and one digest is of many keys.
TEST(DigestIndex, CrowdsFindRoom) {
  Checked checked;
  for (RowKey key = 1; key <= 1'500; ++key) {
    checked.Add(UINT32_MAX, 2'000 - key);
    checked.Add(UINT32_MAX - static_cast<uint32_t>(key % 10), key);
    checked.Add(static_cast<uint32_t>(key % 4), UINT32_MAX - key);
  }
  checked.ExpectAll();
  checked.Expect(4);
  checked.Expect(UINT32_MAX - 10);
}

}  // namespace
}  // namespace folio::engine
