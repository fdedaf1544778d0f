// Reading files: encodings, dialects, malformed input.
#include "client/cli/import/detect.h"
#include "client/cli/import/row_reader.h"
#include "client/cli/value/fault.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/cli/files.h"

namespace folio::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class RowsTest : public ::testing::Test {
 protected:
  // All rows of a file with this content; what ends the reading goes to status_.
  std::vector<SourceRow> Rows(const std::string& content, Dialect dialect = {}) {
    std::vector<SourceRow> rows;
    auto reader = OpenRows(files_.Write("file", content), dialect);
    status_ = reader.status();
    if (!reader.ok()) return rows;
    columns_ = (*reader)->columns();
    SourceRow row;
    while (true) {
      const absl::StatusOr<bool> found = (*reader)->Next(&row);
      status_ = found.status();
      if (!found.ok() || !*found) return rows;
      rows.push_back(row);
    }
  }
  std::string Reason() const { return FaultOf(status_).reason; }

  Files files_;
  absl::Status status_;
  std::vector<std::string> columns_;
};

TEST_F(RowsTest, ReadsCellsPositionsAndLines) {
  const auto rows = Rows("a,b\n1,2\r\n\n\"x\ny\",\"say \"\"hi\"\"\"\n 3 ,\n");
  ASSERT_TRUE(status_.ok()) << status_;
  EXPECT_THAT(columns_, ElementsAre("a", "b"));
  ASSERT_THAT(rows, SizeIs(3));
  EXPECT_THAT(rows[0].cells, ElementsAre("1", "2"));
  EXPECT_THAT(rows[1].cells, ElementsAre("x\ny", "say \"hi\""));
  EXPECT_THAT(rows[2].cells, ElementsAre("3", ""));
  EXPECT_EQ(rows[0].line, 2);
  EXPECT_EQ(rows[1].line, 4);
  EXPECT_EQ(rows[2].line, 6);
  EXPECT_EQ(rows[2].position, 3);
}

TEST_F(RowsTest, ReadsALastLineWithoutEnd) { EXPECT_THAT(Rows("a\n1\n2"), SizeIs(2)); }

TEST_F(RowsTest, ReadsOtherDelimiters) {
  EXPECT_THAT(Rows("a;b\n1;2,5\n", {.delimiter = ';'})[0].cells, ElementsAre("1", "2,5"));
  EXPECT_THAT(Rows("a\tb\n1\t2\n", {.delimiter = '\t'})[0].cells, ElementsAre("1", "2"));
  EXPECT_THAT(Rows("a\tb\n\t2\n", {.delimiter = '\t'})[0].cells, ElementsAre("", "2"));
}

TEST_F(RowsTest, TellsARowWithAWrongNumberOfCells) {
  const auto rows = Rows("a,b\n1\n1,2,3\n1,2,,\n4,5\n");
  ASSERT_THAT(rows, SizeIs(4));
  ASSERT_TRUE(rows[0].fault && rows[1].fault);
  EXPECT_EQ(rows[0].fault->reason, "CSV_COLUMNS");
  EXPECT_THAT(rows[0].fault->text.english, HasSubstr("Line 2 has 1 cells, the header has 2"));
  EXPECT_THAT(rows[1].fault->text.french, HasSubstr("La ligne 3 a 3 cellules"));
  EXPECT_FALSE(rows[2].fault);
  EXPECT_FALSE(rows[3].fault);
}

TEST_F(RowsTest, GoesOnBehindAMisplacedQuote) {
  const auto rows = Rows("a,b\n1,2\n3,5\" disk\n\"x\"y,z\n6,7\n");
  ASSERT_TRUE(status_.ok()) << status_;
  ASSERT_THAT(rows, SizeIs(4));
  ASSERT_TRUE(rows[1].fault && rows[2].fault);
  EXPECT_EQ(rows[1].fault->reason, "CSV_MALFORMED");
  EXPECT_THAT(rows[1].fault->text.english, HasSubstr("Line 3"));
  EXPECT_EQ(rows[1].raw, "3,5\" disk");
  EXPECT_EQ(rows[2].line, 4);
  EXPECT_THAT(rows[3].cells, ElementsAre("6", "7"));
  EXPECT_EQ(rows[3].line, 5);
}

TEST_F(RowsTest, TellsWhereAQuoteIsNeverClosed) {
  Rows("a,b\n1,2\n3,\"4\n5,6\n");
  EXPECT_EQ(Reason(), "CSV_UNCLOSED_QUOTE");
  EXPECT_THAT(FaultOf(status_).text.english, HasSubstr("Line 3"));
  std::string endless = "a,b\n1,\"2\n";
  for (int i = 0; i < 300'000; ++i) endless += "1,2,3\n";
  Rows(endless);
  EXPECT_EQ(Reason(), "CSV_UNCLOSED_QUOTE");
  EXPECT_THAT(FaultOf(status_).text.english, HasSubstr("Line 2"));
}

TEST_F(RowsTest, RefusesHeadersThatCannotBeUsed) {
  Rows("");
  EXPECT_EQ(Reason(), "FILE_EMPTY");
  Rows("a,b,a\n");
  EXPECT_EQ(Reason(), "COLUMN_REPEATED");
  EXPECT_THAT(Rows("a,,\n1,,\n"), SizeIs(1));
}

TEST_F(RowsTest, ReadsManyPieces) {
  std::string content = "id,text\n";
  for (int i = 0; i < 20'000; ++i) content += std::to_string(i) + ",\"line one\nline two é\"\n";
  const auto rows = Rows(content);
  ASSERT_THAT(rows, SizeIs(20'000));
  EXPECT_EQ(rows[19'999].line, 2 + 2 * 19'999);
  EXPECT_THAT(rows[19'999].cells, ElementsAre("19999", "line one\nline two é"));
}

TEST_F(RowsTest, ReadsJsonLines) {
  const auto rows = Rows("{\"a\": 1, \"_line\": 4}\n\nnonsense\n[1]\n{\"a\": 2}", {.json_lines = true});
  ASSERT_THAT(rows, SizeIs(4));
  EXPECT_EQ(rows[0].object.dump(), "{\"a\":1}");
  EXPECT_EQ(rows[1].fault->reason, "JSON_MALFORMED");
  EXPECT_THAT(rows[1].fault->text.english, HasSubstr("Line 3"));
  EXPECT_EQ(rows[2].fault->reason, "JSON_MALFORMED");
  EXPECT_EQ(rows[3].line, 5);
  EXPECT_EQ(rows[3].position, 4);
}

// "Société;12,5 €" in several encodings.
TEST_F(RowsTest, DetectsEncodings) {
  struct Case {
    std::string content;
    std::string encoding;
  };
  const std::string windows = "nom;prix\nSoci\xe9t\xe9;12,5 \x80\n";
  std::string utf16;
  for (const char c : std::string("nom\nabc\n")) utf16 += std::string(1, c) + std::string(1, '\0');
  for (const Case& each :
       {Case{"nom;prix\nSociété;12,5 €\n", "UTF-8"}, Case{"\xef\xbb\xbfnom;prix\nSociété;1\n", "UTF-8"},
        Case{windows, "windows-1252"}, Case{"nom\nplain\n", "UTF-8"}, Case{"\xff\xfe" + utf16, "UTF-16LE"}}) {
    const auto facts = ExamineFile(files_.Write("file", each.content));
    ASSERT_TRUE(facts.ok());
    EXPECT_EQ(facts->encoding, each.encoding);
  }
  EXPECT_EQ(Rows(windows, {.encoding = "windows-1252", .delimiter = ';'})[0].cells,
            (std::vector<std::string>{"Société", "12,5 €"}));
  Rows("\xef\xbb\xbfnom;prix\nSociété;1\n", {.delimiter = ';'});
  EXPECT_THAT(columns_, ElementsAre("nom", "prix"));
  EXPECT_THAT(Rows("\xff\xfe" + utf16, {.encoding = "UTF-16LE"})[0].cells, ElementsAre("abc"));
  EXPECT_THAT(columns_, ElementsAre("nom"));
}

TEST_F(RowsTest, FindsABadByteFarBehindTheBeginning) {
  std::string content = "nom\n";
  for (int i = 0; i < 500'000; ++i) content += "abc\n";
  content += "Soci\xe9t\xe9\n";
  EXPECT_EQ(ExamineFile(files_.Write("file", content))->encoding, "windows-1252");
}

TEST_F(RowsTest, HashesTheContent) {
  const std::string one = ExamineFile(files_.Write("a", "a\n1\n"))->hash;
  EXPECT_EQ(one, ExamineFile(files_.Write("b", "a\n1\n"))->hash);
  EXPECT_NE(one, ExamineFile(files_.Write("b", "a\n2\n"))->hash);
}

TEST_F(RowsTest, RefusesWhatCannotBeRead) {
  EXPECT_EQ(FaultOf(ExamineFile(files_.Path("nothing")).status()).reason, "FILE_UNREADABLE");
  Rows("a\n", {.encoding = "no-such-thing"});
  EXPECT_EQ(Reason(), "ENCODING_UNKNOWN");
}

TEST(DelimiterTest, IsDetected) {
  EXPECT_EQ(DetectDelimiter("a,b,c\n1,2,3\n"), ',');
  EXPECT_EQ(DetectDelimiter("a;b;c\n1,5;2,5;3,5\n"), ';');
  EXPECT_EQ(DetectDelimiter("a\tb\n1,2\t3\n"), '\t');
  EXPECT_EQ(DetectDelimiter("a|b\n1|2\n"), '|');
  EXPECT_EQ(DetectDelimiter("\"x;y\",b\n1,2\n"), ',');
  EXPECT_EQ(DetectDelimiter("single\n1\n"), ',');
  EXPECT_EQ(DetectDelimiter("nom;a,b\nx;1\n"), ';');
  EXPECT_EQ(DetectDelimiter(""), ',');
}

}  // namespace
}  // namespace folio::cli
