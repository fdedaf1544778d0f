// Properties of filters, on filters made at random.
#include <gtest/gtest.h>

#include <random>

#include "server/base/text.h"
#include "server/model/filter.h"
#include "tests/model/columns.h"

namespace folio::model {
namespace {

constexpr unsigned kSeed = 4711;

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  size_t Below(size_t bound) { return random_() % bound; }

  template <size_t N>
  std::string OneOf(const char* const (&choices)[N]) {
    return choices[Below(N)];
  }

  std::string Expression(int depth) {
    std::string text = Term(depth);
    for (size_t more = Below(3); more > 0; --more) text += OneOf({" AND ", " OR ", " "}) + Term(depth);
    return text;
  }

  // Bytes that are dear to the grammar, in any order.
  std::string Noise() {
    std::string text;
    for (size_t length = Below(24); length > 0; --length) {
      text += OneOf({"(",  ")",   "\"",    "'",      "\\",  "*", "-", "=", "!=", "<", ":",    " ",         "AND",
                     "OR", "NOT", "seats", "sector", "tag", "é", "1", ".", ",",  "x", "size", "2024-01-01"});
    }
    return text;
  }

 private:
  std::string Term(int depth) {
    const std::string negation = OneOf({"", "", "NOT ", "-"});
    if (depth > 0 && Below(3) == 0) return negation + "(" + Expression(depth - 1) + ")";
    return negation + Comparison();
  }

  std::string Comparison() {
    switch (Below(9)) {
      case 0:
        return OneOf({"acme", "Élan", "\"two words\"", "x*"});
      case 1:
        return "sector" + OneOf({"=", " != ", ":"}) + Text();
      case 2:
        return "display_name" + OneOf({"=", " < ", ":"}) + Text();
      case 3:
        return "tag:" + OneOf({"vip", "*", "v*", "\"\\\\ \\\" \\*\""});
      case 4:
        return "size" + OneOf({" = ", ">=", "!="}) + OneOf({"micro", "SMALL", "ACCOUNT_SIZE_IN_BETWEEN"});
      case 5:
        return "seats" + OneOf({" = ", ">=", "!=", ":"}) + OneOf({"0", "-7", "123456789012"});
      case 6:
        return "growth" + OneOf({" < ", ">="}) + OneOf({"0.1", "-1e-7", "3", "1e22", "0.30000000000000004"});
      case 7:
        return "arr" + OneOf({" < ", ">="}) + OneOf({"0", "-0.000001", "8999999999.999999", "12.5"});
      default:
        return "create_time" + OneOf({" < ", ">="}) + OneOf({"2024-02-29", "2024-12-31T10:00:00.000001+02:00"});
    }
  }

  std::string Text() {
    return OneOf({"a", "'b c'", "\"Société\"", "\"*\\\"quoted\\\"\"", "\"back\\\\slash\"", "'\\*'"});
  }

  std::mt19937 random_;
};

bool Same(const FilterNode& a, const FilterNode& b) {
  if (a.kind != b.kind || a.column != b.column || a.op != b.op || a.literal != b.literal || a.prefix != b.prefix ||
      a.suffix != b.suffix || a.children.size() != b.children.size()) {
    return false;
  }
  for (size_t i = 0; i < a.children.size(); ++i) {
    if (!Same(a.children[i], b.children[i])) return false;
  }
  return true;
}

void ExpectCanonicalIsStable(const Filter& filter, const ColumnSet& columns, const std::string& text) {
  const auto again = ParseFilter(filter.canonical, columns);
  ASSERT_TRUE(again.ok()) << "seed " << kSeed << ": " << text << " -> " << filter.canonical << ": " << again.status();
  EXPECT_EQ(again->canonical, filter.canonical) << "seed " << kSeed << ": " << text;
  EXPECT_TRUE(Same(again->root, filter.root)) << "seed " << kSeed << ": " << text << " -> " << filter.canonical;
}

TEST(FilterPropertyTest, CanonicalFormReadsBackAsItself) {
  const ColumnSet columns = TestColumns();
  Generator generator(kSeed);
  int accepted = 0;
  for (int i = 0; i < 3'000; ++i) {
    const std::string text = generator.Expression(3);
    const auto filter = ParseFilter(text, columns);
    if (!filter.ok()) continue;
    ++accepted;
    ASSERT_NO_FATAL_FAILURE(ExpectCanonicalIsStable(*filter, columns, text));
  }
  EXPECT_GT(accepted, 1'500) << "seed " << kSeed;
}

TEST(FilterPropertyTest, NoiseIsAcceptedOrRefusedWithAReason) {
  const ColumnSet columns = TestColumns();
  Generator generator(kSeed);
  int accepted = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = generator.Noise();
    const auto filter = ParseFilter(text, columns);
    if (filter.ok()) {
      ++accepted;
      ASSERT_NO_FATAL_FAILURE(ExpectCanonicalIsStable(*filter, columns, text));
    } else {
      ASSERT_EQ(filter.status().code(), absl::StatusCode::kInvalidArgument) << text;
    }
  }
  EXPECT_GT(accepted, 100) << "seed " << kSeed;
}

}  // namespace
}  // namespace folio::model
