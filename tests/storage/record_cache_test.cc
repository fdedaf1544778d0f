#include "storage/sqlite/record_cache.h"

#include <gtest/gtest.h>

#include <string>

namespace folio::storage::testing {
namespace {

Record MakeRecord(Key key, std::string data) {
  return {.key = key, .id = "id-" + std::to_string(key), .revision = key + 7, .data = std::move(data)};
}

// Reads a record twice, which is what it takes to be kept.
void KeepNow(RecordCache& cache, const Record& record) {
  const RowId row_id = RowIdOf(1, record.key);
  for (int i = 0; i < 2; ++i) cache.Keep(row_id, record, cache.Ticket(row_id));
}

TEST(RecordCacheTest, OnePassOverManyKeepsNone) {
  RecordCache cache(1 << 20);
  constexpr Key kMany = 1'000;
  for (Key key = 1; key <= kMany; ++key) cache.Keep(RowIdOf(1, key), MakeRecord(key, "x"), 0);
  for (Key key = 1; key <= kMany; ++key) EXPECT_FALSE(cache.Find(RowIdOf(1, key)).has_value()) << key;
  cache.Keep(RowIdOf(1, kMany), MakeRecord(kMany, "x"), 0);
  EXPECT_TRUE(cache.Find(RowIdOf(1, kMany)).has_value());
}

TEST(RecordCacheTest, GivesBackWhatWasKept) {
  RecordCache cache(1 << 20);
  KeepNow(cache, MakeRecord(3, "three"));
  KeepNow(cache, MakeRecord(4, ""));
  const auto three = cache.Find(RowIdOf(1, 3));
  ASSERT_TRUE(three.has_value());
  EXPECT_EQ(three->key, 3);
  EXPECT_EQ(three->id, "id-3");
  EXPECT_EQ(three->revision, 10);
  EXPECT_EQ(three->data, "three");
  EXPECT_EQ(cache.Find(RowIdOf(1, 4))->data, "");
  EXPECT_FALSE(cache.Find(RowIdOf(1, 5)).has_value());
  EXPECT_FALSE(cache.Find(RowIdOf(2, 3)).has_value());
}

TEST(RecordCacheTest, AWriteDropsTheRecord) {
  RecordCache cache(1 << 20);
  KeepNow(cache, MakeRecord(3, "old"));
  cache.BeginWrite(RowIdOf(1, 3));
  EXPECT_FALSE(cache.Find(RowIdOf(1, 3)).has_value());
  KeepNow(cache, MakeRecord(3, "while it is written"));
  EXPECT_FALSE(cache.Find(RowIdOf(1, 3)).has_value());
  cache.EndWrite(RowIdOf(1, 3));
  KeepNow(cache, MakeRecord(3, "new"));
  EXPECT_EQ(cache.Find(RowIdOf(1, 3))->data, "new");
}

TEST(RecordCacheTest, WhatWasReadBeforeAWriteIsNotKeptAfterIt) {
  RecordCache cache(1 << 20);
  const RowId row_id = RowIdOf(1, 3);
  const uint32_t before = cache.Ticket(row_id);
  cache.BeginWrite(row_id);
  const uint32_t amid = cache.Ticket(row_id);
  cache.Keep(row_id, MakeRecord(3, "old"), before);
  cache.EndWrite(row_id);
  for (int i = 0; i < 2; ++i) cache.Keep(row_id, MakeRecord(3, "old"), before);
  for (int i = 0; i < 2; ++i) cache.Keep(row_id, MakeRecord(3, "perhaps old"), amid);
  EXPECT_FALSE(cache.Find(row_id).has_value());
}

// As where one group writes two rows that share a version.
TEST(RecordCacheTest, AWriteThatBeginsTwiceEndsTwice) {
  RecordCache cache(1 << 20);
  const RowId row_id = RowIdOf(1, 3);
  for (int i = 0; i < 2; ++i) cache.BeginWrite(row_id);
  for (int i = 0; i < 2; ++i) cache.EndWrite(row_id);
  KeepNow(cache, MakeRecord(3, "new"));
  EXPECT_TRUE(cache.Find(row_id).has_value());
}

TEST(RecordCacheTest, KeepsToItsRoomAndForgetsWhatIsNotUsed) {
  constexpr size_t kRoom = 1 << 20;
  constexpr Key kMany = 5'000;
  RecordCache cache(kRoom);
  const std::string data(1'000, 'x');
  for (Key key = 1; key <= kMany; ++key) {
    KeepNow(cache, MakeRecord(key, data));
    for (Key used = 1; used <= 20; ++used) cache.Find(RowIdOf(1, used));
  }
  size_t bytes = 0;
  for (Key key = 1; key <= kMany; ++key) bytes += cache.Find(RowIdOf(1, key)) ? data.size() : 0;
  EXPECT_LE(bytes, kRoom);
  EXPECT_GT(bytes, kRoom / 2);
  for (Key used = 1; used <= 20; ++used) EXPECT_TRUE(cache.Find(RowIdOf(1, used)).has_value()) << used;
}

TEST(RecordCacheTest, LargeRecordsAreNotKept) {
  RecordCache cache(1 << 20);
  KeepNow(cache, MakeRecord(3, std::string(20'000, 'x')));
  EXPECT_FALSE(cache.Find(RowIdOf(1, 3)).has_value());
}

}  // namespace
}  // namespace folio::storage::testing
