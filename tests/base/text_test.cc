#include "server/base/text.h"

#include <gtest/gtest.h>

#include <random>

namespace folio {
namespace {

TEST(FoldTest, Golden) {
  struct Case {
    std::string text, folded;
  };
  for (const Case& c : std::vector<Case>{
           {"", ""},
           {"   ", ""},
           {"Acme", "acme"},
           {"  ACME,  Inc. ", "acme inc"},
           {"Société Générale", "societe generale"},
           {"Socie\u0301te\u0301 Ge\u0301ne\u0301rale", "societe generale"},
           {"Straße", "strasse"},
           {"STRAẞE", "strasse"},
           {"Œuvre d'Ægir", "oeuvre d aegir"},
           {"Møller-Mærsk", "moller maersk"},
           {"Łódź", "lodz"},
           {"Đorđe Þór", "dorde thor"},
           {"Crédit Agricole S.A.", "credit agricole s a"},
           {"L'Oréal", "l oreal"},
           {"L\u2019Oréal", "l oreal"},
           {"Ça va ?", "ca va"},
           {"İstanbul ılık", "istanbul ilik"},
           {"Ελλάδα", "ελλαδα"},
           {"ΣΊΣΥΦΟΣ", "σισυφοσ"},
           {"Йод Ёж", "иод еж"},
           {"ﬁnance", "finance"},
           {"Ｆｏｌｉｏ", "folio"},
           {"Nguyễn Thị", "nguyen thi"},
           {"3M™ 2½", "3mtm 21 2"},
           {"東京", "東京"},
           {"हिन्दी", "हिन्दी"},
           {"a\tb\nc", "a b c"},
           {"a_b", "a b"},
           {"😀 smile 😀", "smile"},
           {"AT&T", "at t"},
       }) {
    EXPECT_EQ(Fold(c.text), c.folded) << c.text;
  }
}

TEST(FoldTest, MalformedBytesSeparate) {
  EXPECT_EQ(Fold("a\xFF"
                 "b"),
            "a b");
  EXPECT_EQ(Fold("caf\xC3"), "caf");
  EXPECT_EQ(Fold("\xE2\x82"), "");
  EXPECT_EQ(Fold(std::string_view("a\0b", 3)), "a b");
}

TEST(FoldTest, FoldingTwiceChangesNothing) {
  const unsigned seed = 20240229;
  std::mt19937 random(seed);
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (int length = static_cast<int>(random() % 6); length >= 0; --length) {
      const uint32_t c = random() % 0x3000 + 1;
      if (c < 0x80) {
        text += static_cast<char>(c);
      } else if (c < 0x800) {
        text += {static_cast<char>(0xC0 | c >> 6), static_cast<char>(0x80 | (c & 63))};
      } else {
        text += {static_cast<char>(0xE0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 63)),
                 static_cast<char>(0x80 | (c & 63))};
      }
    }
    const std::string folded = Fold(text);
    ASSERT_EQ(Fold(folded), folded) << "seed " << seed << ": " << text;
    ASSERT_TRUE(IsCleanText(folded)) << "seed " << seed << ": " << text;
  }
}

TEST(CleanTextTest, Golden) {
  struct Case {
    std::string text;
    bool clean;
  };
  using std::string_literals::operator""s;
  for (const Case& c : std::vector<Case>{
           {"", true},
           {"plain", true},
           {"tab\tand\nline feed", true},
           {"carriage\r\nreturn", false},
           {"bell\a", false},
           {"nul\0"s, false},
           {"delete\x7F", false},
           {"Société Générale, 東京 😀", true},
           {"next line \xC2\x85", false},
           {"no-break space \xC2\xA0", true},
           {"latin-1 caf\xE9", false},
           {"cut caf\xC3", false},
           {"overlong \xC0\xAF", false},
           {"surrogate \xED\xA0\x80", false},
           {"beyond \xF4\x90\x80\x80", false},
           {"last \xF4\x8F\xBF\xBF", true},
       }) {
    EXPECT_EQ(IsCleanText(c.text), c.clean) << c.text;
    // The same wherever it lies in the words of eight bytes that are looked at together.
    for (size_t before = 1; before < 17; ++before) {
      EXPECT_EQ(IsCleanText(std::string(before, 'x') + c.text + "yyyyyyyyy"), c.clean) << before << " " << c.text;
    }
  }
}

TEST(CleanTextTest, EveryAsciiByteAtEveryPlace) {
  for (int byte = 0; byte < 128; ++byte) {
    const bool clean = (byte >= 0x20 && byte != 0x7F) || byte == '\t' || byte == '\n';
    for (size_t place = 0; place < 16; ++place) {
      std::string text(16, '~');
      text[place] = static_cast<char>(byte);
      ASSERT_EQ(IsCleanText(text), clean) << byte << " at " << place;
    }
  }
}

}  // namespace
}  // namespace folio
