// Ids of the server's own making and others, by key.
#include "server/engine/id_store.h"

#include <gtest/gtest.h>

#include <map>

namespace folio::engine {
namespace {

TEST(IdStore, GivesBackWhatWasPut) {
  IdStore store;
  std::map<int64_t, std::string> expected;
  for (int64_t key = 1; key < 30'000; key += 3) {
    std::string id = NewTimeOrderedId(key * 1'000'000);
    if (key % 5 == 0) id = "client-" + std::to_string(key);
    if (key % 7 == 0) id = "7zzzzzzzzzzzzzzzzzzzzz" + std::to_string(1'000 + key % 9'000);  // of no time that will be
    if (key % 11 == 0) id = std::string(1 + static_cast<size_t>(key % 128), 'x');
    EXPECT_FALSE(store.Has(key));
    store.Put(key, id);
    EXPECT_TRUE(store.Has(key));
    expected[key] = id;
  }
  store.Put(40'000, "00000000000000000000000000");
  expected[40'000] = "00000000000000000000000000";
  for (int64_t key = 0; key <= 40'001; ++key) EXPECT_EQ(store.Get(key), expected[key]) << key;
  EXPECT_EQ(store.Get(-1), "");
  EXPECT_EQ(store.Get(INT64_MAX), "");
}

}  // namespace
}  // namespace folio::engine
