#include "server/measures/figure_text.h"

#include <gtest/gtest.h>

namespace folio::measures {
namespace {

using error::Locale;

TEST(FigureText, WritesNumbersAsTheLanguageDoes) {
  EXPECT_EQ(NumberText(17657.5, Locale::kEnglish), "17,657.5");
  EXPECT_EQ(NumberText(17657.5, Locale::kFrench), "17\u202f657,5");
  EXPECT_EQ(NumberText(-1234567, Locale::kEnglish), "-1,234,567");
  EXPECT_EQ(NumberText(-123, Locale::kEnglish), "-123");
  EXPECT_EQ(NumberText(999.999, Locale::kEnglish), "1,000");
  EXPECT_EQ(NumberText(-0.001, Locale::kEnglish), "0");
  EXPECT_EQ(NumberText(30.4511, Locale::kFrench), "30,45");
}

TEST(FigureText, AddsTheUnit) {
  EXPECT_EQ(FigureText(-0.2, "ratio", Locale::kEnglish), "-20 %");
  EXPECT_EQ(FigureText(1, "days", Locale::kEnglish), "1 day");
  EXPECT_EQ(FigureText(1.5, "days", Locale::kEnglish), "1.5 days");
  EXPECT_EQ(FigureText(0, "days", Locale::kEnglish), "0 days");
  EXPECT_EQ(FigureText(1.5, "days", Locale::kFrench), "1,5 jour");
  EXPECT_EQ(FigureText(2, "days", Locale::kFrench), "2 jours");
  EXPECT_EQ(FigureText(1, "flag", Locale::kFrench), "oui");
  EXPECT_EQ(FigureText(2394, "money", Locale::kEnglish, "EUR"), "2,394 EUR");
  EXPECT_EQ(FigureText(2394, "money", Locale::kEnglish), "2,394");
  EXPECT_EQ(FigureText(3, "count", Locale::kEnglish), "3");
}

}  // namespace
}  // namespace folio::measures
