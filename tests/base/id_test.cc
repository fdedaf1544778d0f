#include "server/base/id.h"

#include <gtest/gtest.h>

#include <set>

namespace folio {
namespace {

TEST(IdTest, TimeOrderedIdsSortByTime) {
  const Instant now = 1'735'639'200'000'000;
  const std::string first = NewTimeOrderedId(now);
  EXPECT_EQ(first.size(), 26u);
  EXPECT_EQ(first.find_first_not_of("0123456789abcdefghjkmnpqrstvwxyz"), std::string::npos);
  // 48 bits of milliseconds are the first ten characters, two of their bits being none.
  EXPECT_EQ(first.substr(0, 10), "01jge2gw80");
  EXPECT_LT(first, NewTimeOrderedId(now + 1'000));
  EXPECT_LT(NewTimeOrderedId(0), NewTimeOrderedId(1'000));
  EXPECT_EQ(NewTimeOrderedId(-5).substr(0, 10), "0000000000");
  EXPECT_TRUE(IsValidResourceId(first));
}

TEST(IdTest, TimeOrderedIdsTakeSixteenBytes) {
  for (int i = 0; i < 1'000; ++i) {
    const std::string id = NewTimeOrderedId(int64_t{i} * 10'000'000'000'000);
    const auto packed = Pack(id);
    ASSERT_TRUE(packed.has_value()) << id;
    EXPECT_EQ(Unpack(*packed), id);
  }
  EXPECT_EQ(Unpack(*Pack("7zzzzzzzzzzzzzzzzzzzzzzzzz")), "7zzzzzzzzzzzzzzzzzzzzzzzzz");
  for (const char* other :
       {"", "acme", "8zzzzzzzzzzzzzzzzzzzzzzzzz", "01jge2gw80aaaaaaaaaaaaaaa", "01JGE2GW80AAAAAAAAAAAAAAAA",
        "01jge2gw80aaaaaaaaaaaaaaai", "01jge2gw80aaaaaaaaaaaaaaaaa"}) {
    EXPECT_FALSE(Pack(other).has_value()) << other;
  }
}

TEST(IdTest, IdsDiffer) {
  std::set<std::string> ids;
  for (int i = 0; i < 1'000; ++i) {
    EXPECT_TRUE(ids.insert(NewTimeOrderedId(0)).second);
    EXPECT_TRUE(ids.insert(NewRandomHex(16)).second);
  }
}

TEST(IdTest, RandomHexHasTwoDigitsAByte) {
  EXPECT_EQ(NewRandomHex(0), "");
  const std::string hex = NewRandomHex(32);
  EXPECT_EQ(hex.size(), 64u);
  EXPECT_EQ(hex.find_first_not_of("0123456789abcdef"), std::string::npos);
}

TEST(IdTest, WhatAClientMayChoose) {
  for (const std::string& id : {std::string("a"), std::string("Acme.Corp_1~x-2"), std::string(128, 'z')}) {
    EXPECT_TRUE(IsValidResourceId(id)) << id;
  }
  for (const std::string& id : {std::string(), std::string(129, 'z'), std::string("a/b"), std::string("a b"),
                                std::string("é"), std::string("a\0", 2), std::string("a*")}) {
    EXPECT_FALSE(IsValidResourceId(id)) << id;
  }
}

}  // namespace
}  // namespace folio
