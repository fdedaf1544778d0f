#include "server/model/page_token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "tests/model/faults.h"

namespace folio::model {
namespace {

using testing::ElementsAre;

PagePosition SomePosition() {
  return {{int64_t{-7}, 2.5, std::string("Société"), std::monostate(), std::vector<std::string>{"a", "", "b"}}, 42};
}

TEST(PageTokenTest, RoundTrips) {
  for (const PagePosition& position : std::vector<PagePosition>{
           {},
           {{}, 1},
           {{}, std::numeric_limits<int64_t>::max()},
           {{}, -1},
           SomePosition(),
           {{std::numeric_limits<int64_t>::min(), std::numeric_limits<double>::infinity(), -0.0}, 3},
           {{std::string(5'000, 'x'), std::string("\0\xFF", 2), std::string(), std::vector<std::string>{}}, 4},
       }) {
    const auto decoded = DecodePageToken(EncodePageToken(position, 99), 99);
    ASSERT_TRUE(decoded.ok()) << decoded.status();
    EXPECT_EQ(decoded->key, position.key);
    EXPECT_EQ(decoded->values, position.values);
  }
}

TEST(PageTokenTest, IsSafeInUrls) {
  std::mt19937_64 random(5);
  for (int i = 0; i < 1'000; ++i) {
    const std::string token = EncodePageToken({{static_cast<int64_t>(random())}, 7}, random());
    ASSERT_EQ(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
              std::string::npos)
        << token;
  }
}

TEST(PageTokenTest, BelongsToItsRequest) {
  const std::string token = EncodePageToken(SomePosition(), 1);
  EXPECT_THAT(FaultsIn(DecodePageToken(token, 2).status()), ElementsAre("page_token PAGE_TOKEN_FOREIGN"));
}

TEST(PageTokenTest, EveryChangeIsFound) {
  const std::string token = EncodePageToken(SomePosition(), 1);
  constexpr std::string_view kAlphabet = "Ab0-_";
  for (size_t i = 0; i < token.size(); ++i) {
    for (const char c : kAlphabet) {
      std::string changed = token;
      changed[i] = c;
      const auto decoded = DecodePageToken(changed, 1);
      // The last character has bits that mean nothing.
      if (decoded.ok()) {
        EXPECT_EQ(decoded->values, SomePosition().values);
        EXPECT_TRUE(changed == token || i + 1 == token.size()) << changed;
      } else {
        EXPECT_THAT(FaultsIn(decoded.status()), ElementsAre("page_token PAGE_TOKEN_MALFORMED"));
      }
    }
    EXPECT_FALSE(DecodePageToken(token.substr(0, i), 1).ok()) << i;
  }
  EXPECT_FALSE(DecodePageToken(token + "AAAA", 1).ok());
  EXPECT_FALSE(DecodePageToken("not a token!", 1).ok());
}

TEST(PageTokenTest, BindingTellsPartsApart) {
  EXPECT_EQ(BindingOf({"a", "b"}), BindingOf({"a", "b"}));
  EXPECT_NE(BindingOf({"a", "b"}), BindingOf({"ab", ""}));
  EXPECT_NE(BindingOf({"a", "b"}), BindingOf({"b", "a"}));
  EXPECT_NE(BindingOf({"a"}), BindingOf({"a", ""}));
  EXPECT_NE(BindingOf({}), BindingOf({""}));
  EXPECT_NE(BindingOf({"1:a"}), BindingOf({"", "a"}));
}

}  // namespace
}  // namespace folio::model
