// What comes out: tables, JSON, JSON lines, CSV, widths, progress.
#include <algorithm>
#include <sstream>

#include "absl/strings/ascii.h"
#include "client/cli/commands/resource.h"
#include "client/cli/import/progress.h"
#include "client/cli/output/figure_lines.h"
#include "client/cli/output/records.h"
#include "client/cli/output/text_width.h"
#include "client/cli/value/fault.h"
#include "folio/v1/account.pb.h"
#include "folio/v1/deal.pb.h"
#include "folio/v1/health_model.pb.h"
#include "folio/v1/indicator_target.pb.h"
#include "folio/v1/portfolio.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace folio::cli {
namespace {

using ::testing::HasSubstr;

v1::PortfolioEntry Entry(const std::string& name, int64_t arr, double growth) {
  v1::PortfolioEntry entry;
  entry.set_display_name(name);
  entry.mutable_arr()->set_units(arr);
  entry.mutable_arr()->set_currency_code("EUR");
  entry.mutable_growth()->set_value(growth);
  entry.mutable_health()->set_score(42);
  entry.mutable_health()->set_band(v1::HEALTH_BAND_RED);
  entry.add_risks("usage_drop");
  entry.add_risks("renewal_near");
  return entry;
}

std::string Written(const OutputStyle& style, const std::vector<v1::PortfolioEntry>& entries) {
  std::ostringstream out;
  auto writer = NewRecordWriter(out, style, *v1::PortfolioEntry::descriptor(),
                                {"display_name", "arr", "growth", "health", "health.band", "risks"});
  EXPECT_TRUE(writer.ok()) << writer.status();
  for (const auto& entry : entries) writer->Write(entry);
  writer->Finish();
  return out.str();
}

TEST(TableTest, AlignsByDisplayWidth) {
  std::istringstream lines(Written({}, {Entry("Acme", 1234567, 0.042), Entry("株式会社", 9, -0.5)}));
  std::string line;
  std::vector<int> columns;
  while (std::getline(lines, line)) {
    // Where the last column begins, in columns of the terminal.
    const size_t at = line.find("RISKS") != std::string::npos ? line.find("RISKS") : line.find("usage_drop");
    columns.push_back(DisplayWidth(line.substr(0, at)));
  }
  ASSERT_EQ(columns.size(), 3u);
  EXPECT_EQ(columns[0], columns[1]);
  EXPECT_EQ(columns[1], columns[2]);
}

TEST(TableTest, SpeaksFrench) {
  const std::string table = Written({.language = Language::kFrench}, {Entry("Acme", 1234567, 0.042)});
  EXPECT_THAT(table, HasSubstr("CROISSANCE"));
  EXPECT_THAT(table, HasSubstr("1\u202f234\u202f567,00 EUR"));
  EXPECT_THAT(table, HasSubstr("+4,2\u202f%"));
}

TEST(TableTest, LeavesHeadingsOut) {
  EXPECT_EQ(Written({.headers = false, .fields = {"display_name"}}, {Entry("Acme", 1, 0)}), "Acme\n");
}

TEST(TableTest, KeepsControlCharactersFromTheTerminal) {
  EXPECT_EQ(Written({.headers = false, .fields = {"display_name"}}, {Entry("a\033[31mb\nc", 1, 0)}), "a [31mb c\n");
}

TEST(TableTest, ShowsThatAFigureIsAbsent) {
  v1::PortfolioEntry entry = Entry("Acme", 1, 0);
  entry.mutable_growth()->set_absence(v1::ABSENCE_TOO_YOUNG);
  entry.mutable_health()->set_absence(v1::ABSENCE_NO_DATA);
  EXPECT_EQ(Written({.headers = false, .fields = {"growth", "health"}}, {entry}), "–  –\n");
}

// What a target's reading and thresholds look like, in the unit of its indicator.
std::string TargetTable(const OutputStyle& style, const v1::IndicatorTarget& target) {
  std::ostringstream out;
  auto writer = NewRecordWriter(out, style, *v1::IndicatorTarget::descriptor(), {"reading", "goal", "alert.raise_at"});
  EXPECT_TRUE(writer.ok()) << writer.status();
  writer->Write(target);
  writer->Finish();
  return out.str();
}

TEST(TableTest, ShowsReadingsBesideTheirGoals) {
  v1::IndicatorTarget target;
  target.set_unit(v1::INDICATOR_UNIT_RATIO);
  target.set_goal(0.05);
  target.mutable_alert()->set_raise_at(0.125);
  v1::IndicatorReading& reading = *target.mutable_reading();
  reading.mutable_value()->set_unit(v1::INDICATOR_UNIT_RATIO);
  reading.mutable_value()->set_number(0.0625);
  reading.mutable_value()->set_sample_size(3);
  reading.set_judged(true);
  for (const char* cell : {"6.2 %", "5.0 %", "12.5 %"}) EXPECT_THAT(TargetTable({}, target), HasSubstr(cell));
  EXPECT_THAT(TargetTable({.language = Language::kFrench}, target), HasSubstr("VALEUR  OBJECTIF  ALERTE À"));
  EXPECT_EQ(TargetTable({.format = Format::kCsv, .headers = false}, target), "0.0625,,0.05,0.125\n");
  reading.set_judged(false);
  EXPECT_THAT(TargetTable({}, target), HasSubstr("6.2 % (n = 3)"));
  reading.mutable_value()->clear_number();
  reading.mutable_value()->set_absence(v1::ABSENCE_NO_DATA);
  EXPECT_THAT(TargetTable({}, target), HasSubstr("– (no_data)"));
  reading.mutable_value()->clear_absence();
  reading.mutable_value()->mutable_fault()->set_reason("RATE_MISSING");
  EXPECT_THAT(TargetTable({}, target), HasSubstr("– (RATE_MISSING)"));
}

TEST(JsonOutputTest, LeavesOutTheZeroOfAnAbsentFigure) {
  v1::PortfolioEntry entry = Entry("Acme", 1, 0);
  entry.mutable_growth()->set_absence(v1::ABSENCE_TOO_YOUNG);
  entry.mutable_health()->set_absence(v1::ABSENCE_NO_DATA);
  const Json json = Json::parse(Written({.format = Format::kJson}, {entry}))[0];
  EXPECT_EQ(json["growth"].dump(), R"({"absence":"too_young"})");
  EXPECT_FALSE(json["health"].contains("score"));
  EXPECT_FALSE(json["health"].contains("raw"));
}

TEST(JsonOutputTest, IsOneArray) {
  const Json json = Json::parse(Written({.format = Format::kJson}, {Entry("Acme", 5, 0.25), Entry("B", 6, 0)}));
  ASSERT_TRUE(json.is_array());
  ASSERT_EQ(json.size(), 2u);
  EXPECT_EQ(json[0]["arr"]["amount"], "5.00");
  EXPECT_EQ(json[0]["health"]["band"], "red");
  EXPECT_EQ(Json::parse(Written({.format = Format::kJson}, {})), Json::array());
}

TEST(JsonOutputTest, PicksFields) {
  const std::string text =
      Written({.format = Format::kJson, .fields = {"display_name", "arr", "health.score", "renewal_date"}},
              {Entry("Acme", 5, 0.25)});
  EXPECT_EQ(
      Json::parse(text)[0].dump(),
      R"({"display_name":"Acme","arr":{"amount":"5.00","currency":"EUR"},"health.score":42,"renewal_date":null})");
}

TEST(JsonOutputTest, WritesALineEach) {
  std::istringstream lines(Written({.format = Format::kJsonLines}, {Entry("A", 5, 0), Entry("B", 6, 0)}));
  std::string line;
  int count = 0;
  while (std::getline(lines, line)) {
    EXPECT_TRUE(Json::parse(line).is_object());
    ++count;
  }
  EXPECT_EQ(count, 2);
}

TEST(CsvOutputTest, QuotesWhatItMust) {
  EXPECT_EQ(Written({.format = Format::kCsv}, {Entry("Acme, \"Inc\"", 1234567, 0.25)}),
            "display_name,arr,arr_currency,growth,health,health.band,risks\n"
            "\"Acme, \"\"Inc\"\"\",1234567.00,EUR,0.25,42,red,\"usage_drop,renewal_near\"\n");
  EXPECT_EQ(Written({.format = Format::kCsv}, {}), "display_name,arr,arr_currency,growth,health,health.band,risks\n");
  EXPECT_EQ(CsvCell("a;b", ';'), "\"a;b\"");
  EXPECT_EQ(CsvCell("a;b", ','), "a;b");
  EXPECT_EQ(CsvCell("two\nlines"), "\"two\nlines\"");
}

TEST(CsvOutputTest, WritesListsOfPartsAsJson) {
  v1::Deal deal;
  deal.add_stage_history()->set_stage("won, \"late\"");
  deal.add_stage_history()->set_stage("lost");
  std::ostringstream out;
  auto writer = NewRecordWriter(out, {.format = Format::kCsv}, *v1::Deal::descriptor(), {"stage_history"});
  writer->Write(deal);
  writer->Write(v1::Deal());
  EXPECT_EQ(out.str(), R"(stage_history
"[{""stage"":""won, \""late\""""},{""stage"":""lost""}]"

)");
}

std::string CsvOf(const OutputStyle& style, const google::protobuf::Message& row,
                  const std::vector<std::string>& columns) {
  std::ostringstream out;
  auto writer = NewRecordWriter(out, style, *row.GetDescriptor(), columns);
  EXPECT_TRUE(writer.ok()) << writer.status();
  writer->Write(row);
  writer->Finish();
  return out.str();
}

TEST(CsvOutputTest, GivesAmountsThatASpreadsheetAddsUp) {
  v1::Account account;
  v1::CustomValue& budget = (*account.mutable_custom_fields())["budget"];
  budget.mutable_money()->set_units(12);
  budget.mutable_money()->set_nanos(500'000'000);
  budget.mutable_money()->set_currency_code("EUR");
  const std::vector<std::string> columns = {"annual_recurring_revenue", "custom_fields.budget", "custom_fields"};
  EXPECT_EQ(CsvOf({.format = Format::kCsv}, account, columns),
            "annual_recurring_revenue,annual_recurring_revenue_currency,custom_fields.budget,custom_fields\n"
            ",,12.50,budget=12.50 EUR\n");
  const OutputStyle french = {.format = Format::kCsv, .csv = {.delimiter = ';', .decimal_mark = ','}, .headers = false};
  EXPECT_EQ(CsvOf(french, account, columns), ";;12,50;budget=12.50 EUR\n");
}

TEST(CsvOutputTest, HasAColumnForEachPart) {
  v1::IndicatorTarget target;
  target.mutable_alert()->set_raise_at(0.5);
  EXPECT_EQ(CsvOf({.format = Format::kCsv}, target, {"goal", "alert"}).substr(0, 33),
            "goal,alert.raise_at,alert.clear_a");
  const std::string picked = CsvOf({.format = Format::kCsv, .fields = {"alert"}}, target, {"goal"});
  EXPECT_THAT(picked, ::testing::StartsWith("alert.raise_at,"));
  EXPECT_THAT(picked, ::testing::Not(HasSubstr("{")));
}

TEST(CsvOutputTest, WritesAReportAsOneRow) {
  const Json report = {{"rows", 3}, {"file", "=a,b"}, {"by", {{"NUMBER", 1}, {"share", 0.5}}}};
  std::ostringstream out;
  WriteCsvObject(out, {.format = Format::kCsv}, report);
  EXPECT_EQ(out.str(), "rows,file,by.NUMBER,by.share\n3,\"=a,b\",1,0.5\n");
  std::ostringstream french;
  WriteCsvObject(french, {.format = Format::kCsv, .csv = kExcelFrench, .headers = false}, report);
  EXPECT_EQ(french.str(),
            "\xEF\xBB\xBF"
            "3;'=a,b;1;0,5\n");
}

TEST(CsvOutputTest, WritesAReportOfSeveralTablesFigureByFigure) {
  v1::BandMover mover;
  mover.set_score_after(40);
  mover.set_to(v1::HEALTH_BAND_RED);
  mover.mutable_arr()->set_units(5);
  mover.mutable_arr()->set_currency_code("EUR");
  std::ostringstream out;
  FigureLines lines(out, {.format = Format::kCsv});
  lines.Add("movers", "accounts/a", mover, {"score_before", "account", "display_name"});
  EXPECT_EQ(out.str(),
            "section,item,figure,value\n"
            "movers,accounts/a,arr,5.00\nmovers,accounts/a,arr_currency,EUR\n"
            "movers,accounts/a,score_after,40\nmovers,accounts/a,to,red\n");
}

TEST(FormulaTest, GetsAnApostropheThatComesOffAgain) {
  for (const char* text :
       {"=1+1", "+1 555 0100", "-a", "@x", "\tx", "\rx", "'=1", "''@", "=", "-", "-5 €", "+5 ABCD"}) {
    EXPECT_EQ(QuoteFormula(text), std::string("'") + text);
    EXPECT_EQ(UnquoteFormula(QuoteFormula(text)), text);
  }
  for (const char* text : {"", "x", "-5", "+5", "-1200,50", "-1200.50 EUR", "'", "'x", "O'Neill", "x=1", "''", " =1"}) {
    EXPECT_EQ(QuoteFormula(text), text);
    EXPECT_EQ(UnquoteFormula(text), text);
  }
}

TEST(FormulaTest, StaysAsItIsButForExcel) {
  const std::vector<v1::PortfolioEntry> entries = {Entry("=cmd", -5, -0.5)};
  EXPECT_THAT(Written({.format = Format::kCsv}, entries), HasSubstr("\n=cmd,-5.00,EUR,-0.5,"));
  EXPECT_THAT(Written({.format = Format::kCsv, .csv = kExcel}, entries), HasSubstr("\n'=cmd,-5.00,EUR,-0.5,"));
  EXPECT_THAT(Written({.format = Format::kCsv, .csv = kExcelFrench}, entries), HasSubstr("\n'=cmd;-5,00;EUR;-0,5;"));
}

TEST(ObjectOutputTest, ListsFieldsThatAreSet) {
  v1::Account account;
  account.set_name("accounts/acme");
  account.set_sector("FinTech");
  std::ostringstream out;
  ASSERT_TRUE(WriteObject(out, {}, account).ok());
  EXPECT_THAT(out.str(), HasSubstr("sector"));
  EXPECT_THAT(out.str(), ::testing::Not(HasSubstr("city")));
}

TEST(FieldsTest, AreChecked) {
  std::ostringstream out;
  const auto writer = NewRecordWriter(out, {.fields = {"helth"}}, *v1::PortfolioEntry::descriptor(), {"arr"});
  EXPECT_EQ(FaultOf(writer.status()).reason, "FIELD_UNKNOWN");
  const auto nothing_like_it = NewRecordWriter(out, {.fields = {"zzz"}}, *v1::PortfolioEntry::descriptor(), {"arr"});
  EXPECT_THAT(FaultOf(nothing_like_it.status()).text.english, HasSubstr("there are account, display_name, "));
}

// A heading of several words that is only its field's name in capitals was forgotten.
TEST(HeadingsTest, OfResourcesAreInBothLanguages) {
  for (const Resource& resource : Resources()) {
    for (const std::string& column : resource.columns) {
      const FieldPath path = FindPath(*resource.type, column).value();
      std::string capitals = absl::AsciiStrToUpper(path.leaf().name());
      std::replace(capitals.begin(), capitals.end(), '_', ' ');
      if (path.is_id || capitals.find(' ') == std::string::npos) continue;
      EXPECT_NE(HeadingOf(path, Language::kFrench), capitals) << resource.noun << " " << column;
    }
  }
}

TEST(TableOutputTest, TellsBandsInTheLanguageOfPeople) {
  const OutputStyle french{.language = Language::kFrench};
  EXPECT_THAT(Written(french, {Entry("Acme", 5, 0)}), HasSubstr("rouge"));
  EXPECT_THAT(Written({.format = Format::kCsv, .language = Language::kFrench}, {Entry("Acme", 5, 0)}),
              HasSubstr("red"));
}

TEST(WidthTest, CountsTerminalColumns) {
  EXPECT_EQ(DisplayWidth("abc"), 3);
  EXPECT_EQ(DisplayWidth("Société"), 7);
  EXPECT_EQ(DisplayWidth("e\u0301"), 1);
  EXPECT_EQ(DisplayWidth("株式"), 4);
  EXPECT_EQ(DisplayWidth("\xff"), 1);
}

TEST(GroupedTest, GroupsThousands) {
  EXPECT_EQ(Grouped("0", Language::kEnglish), "0");
  EXPECT_EQ(Grouped("999", Language::kEnglish), "999");
  EXPECT_EQ(Grouped("1000", Language::kEnglish), "1,000");
  EXPECT_EQ(Grouped("-1234567.5", Language::kEnglish), "-1,234,567.5");
  EXPECT_EQ(Grouped("-100", Language::kEnglish), "-100");
}

// A clock that the test moves.
class ProgressTest : public ::testing::Test {
 protected:
  Progress Make(ProgressStyle style, Language language = Language::kEnglish) {
    return Progress(out_, style, language, 10'000, [this] { return now_; });
  }
  void Pass(int milliseconds) { now_ += std::chrono::milliseconds(milliseconds); }

  std::ostringstream out_;
  std::chrono::steady_clock::time_point now_{};
};

TEST_F(ProgressTest, WritesALineNowAndThenToAFile) {
  Progress progress = Make(ProgressStyle::kLog);
  for (int i = 1; i <= 30; ++i) {
    Pass(1000);
    progress.Update(i * 100, i == 30 ? 3 : 0);
  }
  progress.Finish();
  EXPECT_EQ(out_.str(),
            "1,000 of 10,000 rows (10 %), 100 rows/s, 1 min 31 s left\n"
            "2,000 of 10,000 rows (20 %), 100 rows/s, 1 min 21 s left\n"
            "3,000 of 10,000 rows (30 %), 100 rows/s, 1 min 11 s left, 3 rejected\n");
}

TEST_F(ProgressTest, WritesOverItsLineOnATerminal) {
  Progress progress = Make(ProgressStyle::kTerminal, Language::kFrench);
  Pass(100);
  progress.Update(10, 0);
  EXPECT_EQ(out_.str(), "");
  Pass(900);
  progress.Update(5000, 0);
  progress.Finish();
  EXPECT_EQ(out_.str(), "\r\033[K5\u202f000 sur 10\u202f000 lignes (50 %), 5\u202f000 lignes/s, 2 s restantes\r\033[K");
}

TEST_F(ProgressTest, DoesNotCountRowsOfTheRunBefore) {
  Progress progress = Make(ProgressStyle::kLog);
  progress.StartAt(9'000);
  Pass(10'000);
  progress.Update(9'500, 0);
  EXPECT_THAT(out_.str(), HasSubstr(", 50 rows/s, 11 s left"));
}

TEST_F(ProgressTest, TellsProgramsInJson) {
  Progress progress = Make(ProgressStyle::kJson);
  Pass(500);
  progress.Update(100, 0);
  EXPECT_EQ(out_.str(), "");
  Pass(500);
  progress.Update(1'000, 1);
  Pass(500);
  progress.Update(10'000, 2);
  progress.Finish();
  EXPECT_EQ(out_.str(),
            "{\"done\":1000,\"rejected\":1,\"rows_per_second\":1000,\"total\":10000,\"seconds_left\":9}\n"
            "{\"done\":10000,\"rejected\":2,\"rows_per_second\":6666,\"total\":10000,\"seconds_left\":0}\n");
}

TEST_F(ProgressTest, MaySayNothing) {
  Progress progress = Make(ProgressStyle::kNone);
  Pass(60'000);
  progress.Update(5'000, 0);
  progress.Finish();
  EXPECT_EQ(out_.str(), "");
}

}  // namespace
}  // namespace folio::cli
