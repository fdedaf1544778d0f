// Segments against a plain list, while what was published stays as it was.
#include "server/ledger/segment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

namespace folio::ledger {
namespace {

std::vector<std::pair<int64_t, int64_t>> ContentOf(const Segment& segment) {
  std::vector<std::pair<int64_t, int64_t>> content;
  segment.ForEach([&](const Entry& entry) { content.emplace_back(entry.record, entry.value); });
  return content;
}

TEST(Segment, KeepsEntriesByRecordInWhateverOrderTheyCome) {
  Segment segment(1);
  for (const int64_t record : {5, 1, 9, 3, 5}) segment.Add({.record = record, .value = record * 10});
  EXPECT_EQ(ContentOf(segment),
            (std::vector<std::pair<int64_t, int64_t>>{{1, 10}, {3, 30}, {5, 50}, {5, 50}, {9, 90}}));
  segment.Remove(5);
  EXPECT_EQ(segment.size(), 3);
  EXPECT_FALSE(segment.Has(5));
  EXPECT_TRUE(segment.Has(9));
  segment.Remove(7);
  EXPECT_EQ(segment.size(), 3);
}

TEST(Segment, OfOneRecordMayFillChunks) {
  Segment segment(1);
  for (int i = 0; i < 2'000; ++i) segment.Add({.record = 4, .value = i});
  segment.Add({.record = 3});
  segment.Add({.record = 5});
  segment.Remove(4);
  EXPECT_EQ(ContentOf(segment), (std::vector<std::pair<int64_t, int64_t>>{{3, 0}, {5, 0}}));
}

TEST(Segment, IsTheSameAsAPlainMapOverRandomHistories) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  auto segment = std::make_shared<Segment>(1);
  std::map<int64_t, int64_t> plain;
  std::vector<std::pair<std::shared_ptr<Segment>, std::map<int64_t, int64_t>>> published;
  int64_t next = 0;
  for (Draft draft = 2; draft < 40; ++draft) {
    published.emplace_back(segment, plain);
    segment = std::make_shared<Segment>(*segment, draft);
    for (int i = 0; i < 200; ++i) {
      // Mostly new records at the end, as they arrive; some older ones again, and some removals.
      const bool is_new = plain.empty() || random() % 4 != 0;
      const int64_t record = is_new ? ++next : static_cast<int64_t>(random() % static_cast<unsigned>(next)) + 1;
      segment->Remove(record);
      plain.erase(record);
      if (random() % 10 == 0) continue;
      plain[record] = static_cast<int64_t>(random());
      segment->Add({.record = record, .value = plain[record]});
    }
  }
  published.emplace_back(segment, plain);
  for (const auto& [held, expected] : published) {
    const std::vector<std::pair<int64_t, int64_t>> content(expected.begin(), expected.end());
    ASSERT_EQ(ContentOf(*held), content);
    ASSERT_EQ(held->size(), std::ssize(content));
  }
}

}  // namespace
}  // namespace folio::ledger
