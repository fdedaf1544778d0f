#include "server/model/filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tao/pegtl/contrib/analyze.hpp>

#include "server/base/limits.h"
#include "server/base/text.h"
#include "server/model/filter_grammar.h"
#include "tests/model/columns.h"
#include "tests/model/faults.h"

namespace folio::model {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

Filter Parse(std::string_view text) {
  auto filter = ParseFilter(text, TestColumns());
  EXPECT_TRUE(filter.ok()) << text << ": " << filter.status();
  return filter.ok() ? *std::move(filter) : Filter();
}

absl::Status Refusal(std::string_view text) { return ParseFilter(text, TestColumns()).status(); }

TEST(FilterGrammarTest, HasNoEndlessLoop) { EXPECT_EQ(tao::pegtl::analyze<grammar::filter>(), 0u); }

TEST(FilterTest, Canonical) {
  struct Case {
    std::string text, canonical;
  };
  for (const Case& c : std::vector<Case>{
           {"", ""},
           {" \t\n ", ""},
           // Comparisons of each type
           {"sector = \"FinTech\"", "sector = \"FinTech\""},
           {"sector=FinTech", "sector = \"FinTech\""},
           {"sector != 'Fin Tech'", "sector != \"Fin Tech\""},
           {"sector >= b", "sector >= \"b\""},
           {"sector:fin", "sector:\"fin\""},
           {"sector:*", "sector:*"},
           {"sector = *", "sector:*"},
           {"display_name = \"Société Générale\"", "display_name = \"societe generale\""},
           {"display_name:ÉLAN", "display_name:\"elan\""},
           {"tag:paused", "tag:\"paused\""},
           {"tag:pa*", "tag:\"pa*\""},
           {"tag:*", "tag:*"},
           {"size = micro", "size = micro"},
           {"size = MICRO", "size = micro"},
           {"size != ACCOUNT_SIZE_SMALL", "size != small"},
           {"size >= account_size_in_between", "size >= in_between"},
           {"size:\"small\"", "size = small"},
           {"seats > -5", "seats > -5"},
           {"seats:7", "seats = 7"},
           {"growth <= -0.5", "growth <= -0.5"},
           {"growth < 1e3", "growth < 1000"},
           {"growth > 1e300", "growth > 1e+300"},
           {"growth = 2", "growth = 2"},
           {"arr > 1000.5", "arr > 1000.50"},
           {"arr = \"0.125\"", "arr = 0.125"},
           {"auto_renew = TRUE", "auto_renew = true"},
           {"auto_renew != false", "auto_renew != false"},
           {"renewal <= 2024-02-29", "renewal <= 2024-02-29"},
           {"create_time >= 2024-12-31T10:00:00Z", "create_time >= 2024-12-31T10:00:00Z"},
           {"create_time < \"2024-12-31T10:00:00.25+01:00\"", "create_time < 2024-12-31T09:00:00.250Z"},
           {"create_time >= 2024-12-31", "create_time >= 2024-12-31T00:00:00Z"},
           {"custom.contract-type.v2 = a", "custom.contract-type.v2 = \"a\""},
           // Stars and escapes
           {"sector = Fin*", "sector = \"Fin*\""},
           {"sector = *Tech", "sector = \"*Tech\""},
           {"sector = '*inTe*'", "sector = \"*inTe*\""},
           {"sector = \"Fin\\*\"", "sector = \"Fin\\*\""},
           {"sector = 'a \"b\" \\\\ c'", "sector = \"a \\\"b\\\" \\\\ c\""},
           {"sector = \"it's\"", "sector = \"it's\""},
           {"sector = l'oreal", "sector = \"l'oreal\""},
           {"sector = 'l\\'oreal'", "sector = \"l'oreal\""},
           {"sector = F*n", "sector = \"F\\*n\""},
           {"display_name = \"*Société\"", "display_name = \"*societe\""},
           {"display_name:\"*acme*\"", "display_name:\"acme\""},
           {"sector = \"*\"", "sector:*"},
           {"sector = \"\\*\"", "sector = \"\\*\""},
           {"sector = \"AND\"", "sector = \"AND\""},
           // Words
           {"acme", "display_name:\"acme\""},
           {"Société", "display_name:\"societe\""},
           {"\"Société Générale\"", "display_name:\"societe generale\""},
           {"acme corp", "display_name:\"acme\" AND display_name:\"corp\""},
           {"a-b.c", "display_name:\"a b c\""},
           {"ANDROID", "display_name:\"android\""},
           {"NOTE", "display_name:\"note\""},
           // Operators
           {"seats = 1 AND seats = 2", "seats = 1 AND seats = 2"},
           {"seats = 1 seats = 2", "seats = 1 AND seats = 2"},
           {"seats = 1 OR seats = 2", "seats = 1 OR seats = 2"},
           {"NOT seats = 1", "NOT seats = 1"},
           {"-seats = 1", "NOT seats = 1"},
           {"-(seats = 1)", "NOT seats = 1"},
           {"NOT(seats = 1)", "NOT seats = 1"},
           {"NOT -seats = 1", ""},
           {"NOT (NOT seats = 1)", "NOT (NOT seats = 1)"},
           {"-acme", "NOT display_name:\"acme\""},
           {"seats = 1 AND seats = 2 OR seats = 3", "seats = 1 AND (seats = 2 OR seats = 3)"},
           {"seats = 1 OR seats = 2 AND seats = 3", "(seats = 1 OR seats = 2) AND seats = 3"},
           {"(seats = 1 AND seats = 2) OR seats = 3", "(seats = 1 AND seats = 2) OR seats = 3"},
           {"NOT seats = 1 OR seats = 2", "NOT seats = 1 OR seats = 2"},
           {"NOT (seats = 1 OR seats = 2)", "NOT (seats = 1 OR seats = 2)"},
           {"seats = 1 seats = 2 AND seats = 3", "seats = 1 AND seats = 2 AND seats = 3"},
           {"seats = 1 AND (seats = 2 AND seats = 3)", "seats = 1 AND seats = 2 AND seats = 3"},
           {"(seats = 1 OR seats = 2) OR seats = 3", "seats = 1 OR seats = 2 OR seats = 3"},
           {"((((seats = 1))))", "seats = 1"},
           {"( seats = 1 )", "seats = 1"},
           {"seats\n=\t1", "seats = 1"},
           {"acme seats>1 -tag:x", "display_name:\"acme\" AND seats > 1 AND NOT tag:\"x\""},
       }) {
    if (c.canonical.empty() && c.text.find_first_not_of(" \t\n") != std::string::npos) {
      EXPECT_FALSE(ParseFilter(c.text, TestColumns()).ok()) << c.text;
      continue;
    }
    const Filter filter = Parse(c.text);
    EXPECT_EQ(filter.canonical, c.canonical) << c.text;
    EXPECT_EQ(Parse(filter.canonical).canonical, filter.canonical) << c.text;
  }
}

TEST(FilterTest, LiteralsHaveTheTypeOfTheirColumn) {
  struct Case {
    std::string text;
    Cell literal;
  };
  for (const Case& c : std::vector<Case>{
           {"display_name = \"ÉLAN Vital\"", std::string("elan vital")},
           {"sector = \"Élan\"", std::string("Élan")},
           {"tag:VIP", std::string("VIP")},
           {"size = in_between", int64_t{3}},
           {"seats = 9223372036854775807", int64_t{INT64_MAX}},
           {"growth = 2", 2.0},
           {"arr = -1.5", int64_t{-1'500'000}},
           {"auto_renew = true", int64_t{1}},
           {"renewal = 1970-01-02", int64_t{1}},
           {"create_time = 1970-01-01T00:00:01Z", int64_t{1'000'000}},
           {"sector:*", std::monostate()},
       }) {
    EXPECT_EQ(Parse(c.text).root.literal, c.literal) << c.text;
  }
}

TEST(FilterTest, StarsAreTold) {
  struct Case {
    std::string text;
    Operator op;
    bool prefix, suffix;
  };
  for (const Case& c : std::vector<Case>{
           {"display_name = acme*", Operator::kEqual, true, false},
           {"display_name = *acme", Operator::kEqual, false, true},
           {"display_name = *acme*", Operator::kEqual, true, true},
           {"display_name = acme", Operator::kEqual, false, false},
           {"display_name:acme*", Operator::kHas, false, false},
           {"tag:acme*", Operator::kHas, true, false},
           {"sector:*", Operator::kPresent, false, false},
       }) {
    const FilterNode root = Parse(c.text).root;
    EXPECT_EQ(root.op, c.op) << c.text;
    EXPECT_EQ(root.prefix, c.prefix) << c.text;
    EXPECT_EQ(root.suffix, c.suffix) << c.text;
  }
}

TEST(FilterTest, EmptyIsEverything) {
  EXPECT_EQ(Parse("").root.kind, FilterNode::Kind::kAll);
  EXPECT_THAT(Parse("").warnings, IsEmpty());
}

TEST(FilterTest, RefusalsNamePositionAndCulprit) {
  struct Case {
    std::string text, reason, position, culprit;
  };
  for (const Case& c : std::vector<Case>{
           {"seats = ", "FILTER_SYNTAX", "9", "value"},
           {"seats =", "FILTER_SYNTAX", "8", "value"},
           {"seats = AND seats = 2", "FILTER_SYNTAX", "9", "value"},
           {"seats == 1", "FILTER_SYNTAX", "8", "value"},
           {"seats = (1 OR 2)", "FILTER_SYNTAX", "9", "value"},
           {"AND", "FILTER_SYNTAX", "1", "comparison"},
           {"  OR x", "FILTER_SYNTAX", "3", "comparison"},
           {"NOT", "FILTER_SYNTAX", "4", "comparison"},
           {"-", "FILTER_SYNTAX", "2", "comparison"},
           {"seats = 1 AND", "FILTER_SYNTAX", "14", "comparison"},
           {"seats = 1 OR ", "FILTER_SYNTAX", "14", "comparison"},
           {"seats = 1 AND OR seats = 2", "FILTER_SYNTAX", "15", "comparison"},
           {"()", "FILTER_SYNTAX", "2", "comparison"},
           {"(seats = 1", "FILTER_SYNTAX", "11", "closing_parenthesis"},
           {"(seats = 1 ,", "FILTER_SYNTAX", "12", "closing_parenthesis"},
           {"seats = 1)", "FILTER_SYNTAX", "10", "operator"},
           {"seats = 1 , x", "FILTER_SYNTAX", "11", "operator"},
           {"acme ! x", "FILTER_SYNTAX", "6", "operator"},
           {"= 5", "FILTER_SYNTAX", "1", "comparison"},
           {"sector = \"abc", "FILTER_SYNTAX", "14", "closing_quote"},
           {"sector = 'abc\\'", "FILTER_SYNTAX", "16", "closing_quote"},
           {"\"abc\" = 5", "FILTER_SYNTAX", "6", "column"},
           {"ago(5)", "FILTER_SYNTAX", "4", "no_function"},
           {"seats > 1 AND max(seats) > 2", "FILTER_SYNTAX", "18", "no_function"},
           {"é é (", "FILTER_SYNTAX", "6", "comparison"},
           {"&", "FILTER_SYNTAX", "1", "comparison"},
           {"sectr = 1", "FILTER_COLUMN_UNKNOWN", "1", "sectr"},
           {"é AND Sector = 1", "FILTER_COLUMN_UNKNOWN", "7", "Sector"},
           {"seats = 1 AND custom.x:1", "FILTER_COLUMN_UNKNOWN", "15", "custom.x"},
           {"seats = abc", "FILTER_TYPE", "9", "abc"},
           {"seats = 1.5", "FILTER_TYPE", "9", "1.5"},
           {"seats = 9223372036854775808", "FILTER_TYPE", "9", "9223372036854775808"},
           {"seats = 1*", "FILTER_TYPE", "9", "1*"},
           {"seats != *", "FILTER_TYPE", "10", "*"},
           {"growth = nan", "FILTER_TYPE", "10", "nan"},
           {"growth = inf", "FILTER_TYPE", "10", "inf"},
           {"arr = 1.2345678", "FILTER_TYPE", "7", "1.2345678"},
           {"arr = \"1 000\"", "FILTER_TYPE", "8", "1 000"},
           {"auto_renew = yes", "FILTER_TYPE", "14", "yes"},
           {"renewal > 2023-02-29", "FILTER_TYPE", "11", "2023-02-29"},
           {"renewal > 2024-12-31T10:00:00Z", "FILTER_TYPE", "11", "2024-12-31T10:00:00Z"},
           {"create_time > yesterday", "FILTER_TYPE", "15", "yesterday"},
           {"size = smal", "FILTER_TYPE", "8", "smal"},
           {"size = unspecified", "FILTER_TYPE", "8", "unspecified"},
           {"size = LIFECYCLE_SMALL", "FILTER_TYPE", "8", "LIFECYCLE_SMALL"},
           {"size = \"\"", "FILTER_TYPE", "9", ""},
           {"tag = x", "FILTER_OPERATOR", "5", "="},
           {"tag != x", "FILTER_OPERATOR", "5", "!="},
           {"auto_renew < true", "FILTER_OPERATOR", "12", "<"},
           {"sector != Fin*", "FILTER_OPERATOR", "8", "!= *"},
           {"sector > *", "FILTER_OPERATOR", "8", "> *"},
       }) {
    const absl::Status status = Refusal(c.text);
    EXPECT_THAT(FaultsIn(status), ElementsAre("filter " + c.reason)) << c.text;
    EXPECT_EQ(DetailIn(status, "position"), c.position) << c.text << ": " << status;
    const std::string detail = c.reason == "FILTER_SYNTAX"           ? "expected"
                               : c.reason == "FILTER_COLUMN_UNKNOWN" ? "column"
                                                                     : "found";
    EXPECT_EQ(DetailIn(status, detail), c.culprit) << c.text << ": " << status;
  }
}

TEST(FilterTest, RefusalsTellTheWayOut) {
  struct Case {
    std::string text, message;
  };
  for (const Case& c : std::vector<Case>{
           {"sectr = x", "filter, character 1: there is no column 'sectr'; did you mean 'sector'?"},
           {"size = smal",
            "filter, character 8: the value 'smal' does not fit column 'size'; write micro, small, in_between; "
            "did you mean 'small'?"},
           {"arr > x", "filter, character 7: the value 'x' does not fit column 'arr'; write an amount such as 1000.50"},
           {"tag = x", "filter, character 5: '=' does not apply to column 'tag'; use :"},
           {"sector != Fin*", "filter, character 8: '!= *' does not apply to column 'sector'; use NOT sector = Fin*"},
           {"seats = ", "filter, character 9: not understood; expected a value"},
           {"a )(", "filter, character 3: not understood at ')('; expected AND, OR or the end"},
           {"f(x)", "filter, character 2: not understood at '(x)'; expected a comparison; there are no functions"},
       }) {
    EXPECT_EQ(MessageOf(Refusal(c.text)), c.message) << c.text;
  }
}

TEST(FilterTest, RefusesWhatIsNotText) {
  for (const std::string_view text : {std::string_view("sector = \"caf\xE9\""), std::string_view("a\0b", 3)}) {
    EXPECT_EQ(DetailIn(Refusal(text), "expected"), "utf8");
  }
}

TEST(FilterTest, Warns) {
  struct Case {
    std::string text, begin;  // of the only warning; empty for none
  };
  for (const Case& c : std::vector<Case>{
           {"seats = 1 AND seats = 2 OR seats = 3",
            "OR binds tighter than AND; this is read as: seats = 1 AND (seats = 2 OR seats = 3)"},
           {"seats = 1 OR seats = 2 acme", "OR binds tighter than AND; this is read as: (seats = 1 OR seats = 2) AND "},
           {"acme AND (seats = 1 AND seats = 2 OR seats = 3)", "OR binds tighter"},
           {"seats = 1 AND (seats = 2 OR seats = 3)", ""},
           {"seats = 1 OR seats = 2", ""},
           {"seats = 1 seats = 2", ""},
           {"seats = 1 or", "'or' is searched for as a word"},
           {"sector = \"\"", "'sector' is compared with an empty text"},
       }) {
    const Filter filter = Parse(c.text);
    if (c.begin.empty()) {
      EXPECT_THAT(filter.warnings, IsEmpty()) << c.text;
    } else {
      EXPECT_THAT(filter.warnings, ElementsAre(StartsWith(c.begin))) << c.text;
    }
  }
}

TEST(FilterTest, WordsSearchTheTitleWhereThereIsNoName) {
  ColumnSet tasks;
  tasks.Add({"title", ColumnType::kText, false, {}, ""});
  EXPECT_EQ(ParseFilter("call", tasks)->canonical, "title:\"call\"");
  ColumnSet none;
  none.Add({"seats", ColumnType::kInt, false, {}, ""});
  EXPECT_EQ(DetailIn(ParseFilter("call", none).status(), "expected"), "comparison");
}

std::string Repeat(std::string_view text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

void ExpectTooLarge(const std::string& text, const std::string& unit) {
  const absl::Status status = Refusal(text);
  EXPECT_THAT(FaultsIn(status), ElementsAre("filter FILTER_TOO_LARGE")) << text.substr(0, 80);
  EXPECT_EQ(DetailIn(status, "unit"), unit) << text.substr(0, 80);
}

TEST(FilterLimitsTest, Bytes) {
  const std::string longest = "sector = \"" + std::string(limits::kFilterBytesMax - 11, 'x') + "\"";
  EXPECT_EQ(longest.size(), static_cast<size_t>(limits::kFilterBytesMax));
  EXPECT_TRUE(Refusal(longest).ok());
  ExpectTooLarge(longest + " ", "bytes");
}

TEST(FilterLimitsTest, Nodes) {
  // One node joins the others.
  const std::string most = "seats=1" + Repeat(" seats=1", limits::kFilterNodesMax - 2);
  EXPECT_TRUE(Refusal(most).ok());
  ExpectTooLarge(most + " seats=1", "nodes");
  ExpectTooLarge("seats=1" + Repeat(" OR seats=1", 300), "nodes");
}

TEST(FilterLimitsTest, Depth) {
  const int most = limits::kFilterDepthMax;
  EXPECT_TRUE(Refusal(Repeat("(", most) + "seats=1" + Repeat(")", most)).ok());
  ExpectTooLarge(Repeat("(", most + 1) + "seats=1" + Repeat(")", most + 1), "levels");
  EXPECT_TRUE(Refusal(Repeat("-(", most - 1) + "seats=1" + Repeat(")", most - 1)).ok());
  ExpectTooLarge(Repeat("-(", most) + "seats=1" + Repeat(")", most), "levels");
  // A list and its members are levels of their own.
  const int lists = most / 2;
  EXPECT_TRUE(Refusal(Repeat("(seats=1 OR -(", lists - 1) + "seats=1" + Repeat("))", lists - 1)).ok());
  ExpectTooLarge(Repeat("(seats=1 OR -(", lists) + "seats=1" + Repeat("))", lists), "levels");
}

TEST(FilterLimitsTest, NeverOverflowsTheStack) {
  ExpectTooLarge(Repeat("(", limits::kFilterBytesMax), "levels");
  ExpectTooLarge(Repeat("-(", limits::kFilterBytesMax / 2), "levels");
  EXPECT_FALSE(Refusal(Repeat("-", limits::kFilterBytesMax)).ok());
  EXPECT_FALSE(Refusal(Repeat("NOT ", limits::kFilterBytesMax / 4)).ok());
  EXPECT_FALSE(Refusal(Repeat(")", limits::kFilterBytesMax)).ok());
  EXPECT_FALSE(Refusal(Repeat("\\", limits::kFilterBytesMax)).ok());
}

}  // namespace
}  // namespace folio::model
