#include "storage/sqlite/directory.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <vector>

#include "tests/storage/support.h"

namespace folio::storage::testing {
namespace {

constexpr uint64_t kHashMax = (uint64_t{1} << 48) - 1;

std::vector<Key> KeysOf(const Directory& directory, uint64_t hash) {
  const auto keys = directory.Find(hash).keys;
  return {keys.begin(), keys.end()};
}

TEST(DirectoryTest, EmptyFindsNothing) {
  const Directory directory;
  EXPECT_TRUE(KeysOf(directory, 0).empty());
  EXPECT_FALSE(directory.IsLive(1));
  EXPECT_EQ(directory.last_key(), 0);
}

TEST(DirectoryTest, HashesHave48Bits) {
  for (const char* id : {"", "a", "acme", "société"}) EXPECT_LE(Directory::HashOf(id), kHashMax);
  EXPECT_NE(Directory::HashOf("a"), Directory::HashOf("b"));
}

TEST(DirectoryTest, KeepsTheLargestKeyAndHash) {
  Directory directory;
  directory.Add(kHashMax, kKeyMax);
  directory.SetLive(kKeyMax, true);
  EXPECT_EQ(KeysOf(directory, kHashMax), std::vector<Key>{kKeyMax});
  EXPECT_TRUE(directory.IsLive(kKeyMax));
  EXPECT_FALSE(directory.IsLive(kKeyMax - 1));
}

TEST(DirectoryTest, EqualHashesAreAllFoundInOrder) {
  Directory directory;
  for (const Key key : {5, 3, 9, 1}) directory.Add(42, key);
  EXPECT_EQ(KeysOf(directory, 42), (std::vector<Key>{1, 3, 5, 9}));
  directory.Remove(42, 5);
  EXPECT_EQ(KeysOf(directory, 42), (std::vector<Key>{1, 3, 9}));
}

TEST(DirectoryTest, VersionTellsOfAdditions) {
  Directory directory;
  const uint64_t before = directory.version();
  EXPECT_EQ(directory.Find(1).version, before);
  directory.Add(1, 1);
  EXPECT_NE(directory.version(), before);
}

// Hashes from a narrow range, also at its end, so that runs are long and wrap around.
TEST(DirectoryTest, DoesWhatAMultimapDoes) {
  Dice dice(SeedOfRun());
  Directory directory;
  std::multimap<uint64_t, Key> model;
  std::set<Key> live;
  Key last = 0;
  for (int step = 0; step < 20'000; ++step) {
    const uint64_t hash = dice.OneIn(2) ? kHashMax - dice.Below(50) : static_cast<uint64_t>(dice.Below(50)) << 40;
    const auto found = model.find(hash);
    if (found != model.end() && dice.OneIn(3)) {
      directory.Remove(hash, found->second);
      directory.SetLive(found->second, false);
      live.erase(found->second);
      model.erase(found);
    } else if (model.size() < 500) {
      last += 1 + dice.Below(100);
      directory.Add(hash, last);
      directory.SetLive(last, true);
      live.insert(last);
      model.emplace(hash, last);
    }
    std::set<Key> wanted;
    for (auto [at, end] = model.equal_range(hash); at != end; ++at) wanted.insert(at->second);
    ASSERT_EQ(KeysOf(directory, hash), std::vector<Key>(wanted.begin(), wanted.end())) << "step " << step;
    const Key key = dice.Below(last + 2);
    ASSERT_EQ(directory.IsLive(key), live.contains(key)) << "step " << step;
    const auto next = live.lower_bound(key);
    ASSERT_EQ(directory.NextLive(key), next == live.end() ? 0 : *next) << "step " << step;
  }
}

}  // namespace
}  // namespace folio::storage::testing
