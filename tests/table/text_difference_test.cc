#include "server/engine/text_difference.h"

#include <gtest/gtest.h>

#include "server/base/text.h"
#include "tests/table/naive.h"

namespace folio::engine::testing {
namespace {

std::string DifferenceOf(const std::string& text) {
  std::string difference;
  AppendDifference(text, Fold(text), &difference);
  return difference;
}

TEST(TextDifferenceTest, TellsTheTextBack) {
  const std::string texts[] = {
      "Acme",
      "Société Générale",
      "SOCIÉTÉ GÉNÉRALE",
      "Crédit agricole de l'Île-de-France",
      "example.com",
      "shop.example-site.co.uk",
      "leeds-housing-holdings.co.example",
      "leeds-housing.example",
      "a-b",
      "a-b.c-d.e",
      "Dupont & Fils",
      "  Two  spaces  ",
      "!!",
      "-",
      "Œuvre & Cœur",
      "Straße 7",
      "東京 電力",
      "Łódź Żółć",
      "e\u0301clair",
      "a\tb\nc",
      "I.B.M.",
      "McDonald's",
      "x",
      std::string(300, '-'),
      std::string(40, 'a'),
      "A" + std::string(600, 'b') + "é",
      std::string("nul\0byte", 8),
      "\xC3",
      "\xFF\xFE",
  };
  for (const std::string& text : texts) {
    const std::string difference = DifferenceOf(text);
    EXPECT_EQ(Restore(Fold(text), difference), text);
    EXPECT_GE(difference.size(), 1u);
    EXPECT_LE(difference.size(), text.size() + 1);
  }
}

TEST(TextDifferenceTest, CommonTextsTakeFewBytes) {
  EXPECT_EQ(DifferenceOf("Acme Industries").size(), 1u);
  EXPECT_EQ(DifferenceOf("www.example.com").size(), 1u);
  EXPECT_EQ(DifferenceOf("leeds-housing.example").size(), 1u);
  EXPECT_EQ(DifferenceOf("leeds-housing-holdings.co.example").size(), 1u);
  EXPECT_EQ(DifferenceOf("ACME SA").size(), 1u);
  EXPECT_EQ(DifferenceOf("Banque de france").size(), 1u);
  EXPECT_EQ(DifferenceOf("Société Générale").size(), 5u);
  EXPECT_EQ(DifferenceOf("Dupont & Fils").size(), 2u);
  EXPECT_EQ(DifferenceOf("Jean-Pierre d'Arc").size(), 4u);
}

TEST(TextDifferenceTest, AnyTextComesBack) {
  Random random(21);
  const std::string pieces[] = {"a", "E",   "é", "É", "ç", "œ",  " ", "-", ".",
                                "'", " & ", "&", "7", "ß", "日", "ü", "ab"};
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (int64_t more = 1 + random.Below(12); more > 0; --more) {
      text += pieces[random.Below(static_cast<int64_t>(std::size(pieces)))];
    }
    ASSERT_EQ(Restore(Fold(text), DifferenceOf(text)), text);
  }
}

TEST(TextDifferenceTest, RestoreSurvivesAnyBytes) {
  Random random(22);
  for (int i = 0; i < 5'000; ++i) {
    std::string difference;
    for (int64_t more = random.Below(10); more > 0; --more) difference += static_cast<char>(random.Below(256));
    EXPECT_LE(Restore("acme corp", difference).size(), 3000u);
  }
}

}  // namespace
}  // namespace folio::engine::testing
