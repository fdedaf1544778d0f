// Readers beside the writer: they see only committed states, whole ones, and never an older one after a newer. Part of
// the contract, so every engine is held to it.
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "tests/storage/conformance.h"
#include "tests/storage/engines.h"

namespace folio::storage::testing {
namespace {

constexpr Kind kPair = 1;
constexpr Kind kRoaming = 2;
constexpr Kind kGrowing = 3;
constexpr int kCommits = 400;
constexpr int kReaders = 3;

// The n-th commit: both records of a pair say n, the id "roaming" has moved to key n, and one more record lives.
Group CommitNumber(int n) {
  const std::string text = std::to_string(n);
  Group group = GroupOf(text, {Put(kPair, 1, "left", n, text), Put(kPair, 2, "right", n, text),
                               Put(kRoaming, n, "roaming", n, text), Put(kGrowing, n, "growing" + text, n, text)});
  if (n > 1) group.writes.push_back(Remove(kRoaming, n - 1, "roaming"));
  group.replies = {{.request_id = "last", .revision = n, .time_s = n, .data = text},
                   {.request_id = "request" + text, .revision = n, .time_s = n, .data = text}};
  group.cursors = {{.name = "cursor", .value = text}};
  return group;
}

class ConcurrencyTest : public ConformanceTest {
 protected:
  void WriteAll() {
    for (int n = 1; n <= kCommits; ++n) {
      EXPECT_THAT(storage_->Commit(CommitNumber(n)), IsOk());
      EXPECT_THAT(n % 8 == 0 ? storage_->Maintain() : absl::OkStatus(), IsOk());
      EXPECT_THAT(n % 50 == 0 ? storage_->Compact(n - 20) : absl::OkStatus(), IsOk());
      EXPECT_THAT(n % 64 == 0 ? storage_->ForgetRepliesBefore(n - 20) : absl::OkStatus(), IsOk());
    }
    done_ = true;
  }

  void ReadUntilDone() {
    Revision before = 0;
    while (!done_ && !HasFailure()) {
      const Revision head = storage_->head();
      EXPECT_GE(head, before);
      before = head;
      if (head == 0) continue;
      LookAtPair(head);
      LookAtRoaming(head);
      LookAtGrowing(head);
      LookAtLog(head);
      const auto reply = storage_->FindReply("last");
      EXPECT_TRUE(reply.ok() && reply->has_value() && (*reply)->revision >= head) << head;
      const auto cursor = storage_->GetCursor("cursor");
      EXPECT_TRUE(cursor.ok() && std::stoll(cursor->value()) >= head) << head;
    }
  }

 private:
  void LookAtPair(Revision head) {
    const std::vector<Record> pair = AllRecords(*storage_, kPair);
    ASSERT_EQ(pair.size(), 2u);
    EXPECT_EQ(pair[0].data, pair[1].data);
    EXPECT_GE(pair[0].revision, head);
  }

  void LookAtRoaming(Revision head) {
    const auto key = storage_->Find(kRoaming, "roaming");
    ASSERT_THAT(key, IsOk());
    ASSERT_TRUE(key->has_value()) << "at " << head;
    EXPECT_GE(**key, head);
    EXPECT_EQ(AllRecords(*storage_, kRoaming).size(), 1u);
  }

  void LookAtGrowing(Revision head) {
    EXPECT_GE(storage_->last_key(kGrowing), head);
    const auto record = storage_->Get(kGrowing, head);
    ASSERT_THAT(record, IsOk());
    EXPECT_TRUE(record->has_value());
    EXPECT_EQ(Find(kGrowing, "growing" + std::to_string(head)), head);
    // What is yet to come is not an error.
    EXPECT_THAT(storage_->Get(kGrowing, head + 1), IsOk());
    EXPECT_THAT(storage_->Find(kGrowing, "growing" + std::to_string(head + 1)), IsOk());
  }

  void LookAtLog(Revision head) {
    Revision next = head;
    const absl::Status status = storage_->ReadLog(head - 1, [&](Revision revision, std::string_view entry) {
      EXPECT_EQ(revision, next);
      EXPECT_EQ(entry, std::to_string(next));
      ++next;
      return true;
    });
    // The writer may compact beyond a reader that is slow.
    if (absl::IsOutOfRange(status)) return;
    EXPECT_THAT(status, IsOk());
    EXPECT_GT(next, head);
  }

  std::atomic<bool> done_ = false;
};

TEST_P(ConcurrencyTest, ReadersSeeWholeCommittedStates) {
  std::vector<std::thread> readers;
  for (int i = 0; i < kReaders; ++i) readers.emplace_back([this] { ReadUntilDone(); });
  WriteAll();
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(storage_->head(), kCommits);
}

INSTANTIATE_TEST_SUITE_P(Engines, ConcurrencyTest, ::testing::ValuesIn(Engines()), NameOf);

}  // namespace
}  // namespace folio::storage::testing
