#include "server/engine/search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/base/text.h"
#include "server/engine/text_finder.h"
#include "server/engine/typo.h"
#include "tests/table/naive.h"

namespace folio::engine::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::shared_ptr<const Snapshot> Named(const std::vector<std::string>& names) {
  Table table(AllColumns());
  for (size_t i = 0; i < names.size(); ++i) {
    table.Insert(static_cast<RowKey>(i + 1));
    table.SetText(static_cast<RowKey>(i + 1), kName, names[i]);
  }
  table.Publish(1);
  return table.snapshot();
}

std::vector<std::pair<RowKey, Match>> Search(const Snapshot& snapshot, std::string_view query, int limit = 10) {
  std::vector<std::pair<RowKey, Match>> found;
  for (const Hit& hit : SearchText(snapshot, kName, query, limit)) found.emplace_back(hit.key, hit.match);
  return found;
}

std::pair<RowKey, Match> Is(RowKey key, Match match) { return {key, match}; }

TEST(SearchTest, KindOfMatchThenLengthThenKey) {
  const auto snapshot = Named({"Nordique", "Le Nord", "Nord", "Transnord", "Nord SA", "NORD", "Sud"});
  EXPECT_THAT(Search(*snapshot, "nord"),
              ElementsAre(Is(3, Match::kExact), Is(6, Match::kExact), Is(2, Match::kPrefix), Is(5, Match::kPrefix),
                          Is(1, Match::kPrefix), Is(4, Match::kSubstring)));
  EXPECT_THAT(Search(*snapshot, "nord", 2), ElementsAre(Is(3, Match::kExact), Is(6, Match::kExact)));
  EXPECT_THAT(Search(*snapshot, "nord", 0), IsEmpty());
}

TEST(SearchTest, AccentsAndCaseAreForgiven) {
  const auto snapshot = Named({"Société Générale", "Crédit Agricole"});
  EXPECT_THAT(Search(*snapshot, "societe generale"), ElementsAre(Is(1, Match::kExact)));
  EXPECT_THAT(Search(*snapshot, "SOCIÉTÉ GÉNÉRALE"), ElementsAre(Is(1, Match::kExact)));
}

TEST(SearchTest, WordsInAnyOrderTheLastAsAPrefix) {
  const auto snapshot = Named({"Société Générale", "Générale des Eaux", "Association générale"});
  EXPECT_THAT(Search(*snapshot, "generale soc"), ElementsAre(Is(1, Match::kPrefix), Is(3, Match::kSubstring)));
  EXPECT_THAT(Search(*snapshot, "soc generale"), ElementsAre(Is(1, Match::kSubstring), Is(3, Match::kSubstring)));
}

TEST(SearchTest, OneTypingErrorWhereNothingElseIsFound) {
  const auto snapshot = Named({"Société Générale", "Société Nationale", "Acme"});
  EXPECT_THAT(Search(*snapshot, "societé generalle"), ElementsAre(Is(1, Match::kTypo)));
  EXPECT_THAT(Search(*snapshot, "soicete"), ElementsAre(Is(1, Match::kTypo), Is(2, Match::kTypo)));
  EXPECT_THAT(Search(*snapshot, "acmee"), ElementsAre(Is(3, Match::kTypo)));
  EXPECT_THAT(Search(*snapshot, "axme"), ElementsAre(Is(3, Match::kTypo)));
  EXPECT_THAT(Search(*snapshot, "soicete genearle"), IsEmpty()) << "two errors";
  EXPECT_THAT(Search(*snapshot, "amc"), IsEmpty()) << "too short for an error";
  EXPECT_THAT(Search(*snapshot, "societe"), ElementsAre(Is(1, Match::kPrefix), Is(2, Match::kPrefix)));
}

TEST(SearchTest, LettersBeyondAsciiAreOneLetterEach) {
  const auto snapshot = Named({"Газпром", "東京電力"});
  EXPECT_THAT(Search(*snapshot, "Газпрон"), ElementsAre(Is(1, Match::kTypo)));
  EXPECT_THAT(Search(*snapshot, "東京電車"), ElementsAre(Is(2, Match::kTypo)));
}

TEST(SearchTest, NothingIsFoundByNothing) {
  const auto snapshot = Named({"Acme", "!!"});
  EXPECT_THAT(Search(*snapshot, ""), IsEmpty());
  EXPECT_THAT(Search(*snapshot, " - "), IsEmpty());
}

TEST(SearchTest, MatchesDoNotReachOverTheEndOfAName) {
  const auto snapshot = Named({"Alpha", "Beta", "Gamma"});
  EXPECT_THAT(Search(*snapshot, "habeta"), IsEmpty());
  EXPECT_THAT(Search(*snapshot, "a b"), ElementsAre(Is(2, Match::kSubstring)));
}

TEST(SearchTest, RemovedAndRenamedRowsAreNotFound) {
  Table table(AllColumns());
  for (RowKey key = 1; key <= 3; ++key) {
    table.Insert(key);
    table.SetText(key, kName, "Acme");
  }
  table.Publish(1);
  table.Remove(1);
  table.SetText(2, kName, "Zenith");
  table.Publish(2);
  const auto snapshot = table.snapshot();
  EXPECT_THAT(Search(*snapshot, "acme"), ElementsAre(Is(3, Match::kExact)));
  EXPECT_THAT(Search(*snapshot, "zenith"), ElementsAre(Is(2, Match::kExact)));
  EXPECT_THAT(Search(*snapshot, "acne"), ElementsAre(Is(3, Match::kTypo)));
}

TEST(SearchTest, ALongTableIsSearchedAsAWhole) {
  Random random(3);
  Pair pair;
  for (RowKey key = 1; key < 3 * kBlockRows; ++key) pair.Insert(key, random.RowOf());
  const auto snapshot = pair.Publish();
  for (const std::string_view query : {"acme", "nord", "societe generale", "a", "zz"}) {
    size_t expected = 0;
    const std::vector<std::string_view> words = SplitWords(query);
    for (const auto& [key, row] : pair.rows) {
      const auto* name = std::get_if<std::string>(&row[kName]);
      if (name == nullptr) continue;
      const std::string folded = Fold(*name);
      bool all = true;
      for (const std::string_view word : words) all = all && folded.find(word) != std::string::npos;
      expected += all ? 1 : 0;
    }
    EXPECT_EQ(Search(*snapshot, query, 100'000).size(), expected) << query;
  }
}

TEST(TextFinderTest, FindsWhatStringViewFinds) {
  Random random(13);
  for (int i = 0; i < 3'000; ++i) {
    std::string text(static_cast<size_t>(random.Below(300)), 'x');
    for (char& c : text) c = "ab \n"[random.Below(4)];
    std::string wanted(static_cast<size_t>(1 + random.Below(5)), 'x');
    for (char& c : wanted) c = "ab "[random.Below(3)];
    const TextFinder finder(wanted);
    for (size_t from = 0; from <= text.size(); from += 1 + static_cast<size_t>(random.Below(20))) {
      ASSERT_EQ(finder.Find(text, from), text.find(wanted, from)) << '"' << text << "\" \"" << wanted << '"';
    }
  }
}

// Optimal string alignment distance, by its definition.
size_t Distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<size_t>> d(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) {
    for (size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        d[i][j] = i + j;
        continue;
      }
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

TEST(TypoTest, WithinOneIsADistanceOfAtMostOne) {
  Random random(9);
  int near = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string a(static_cast<size_t>(random.Below(6)), 'x');
    for (char& c : a) c = static_cast<char>('a' + random.Below(3));
    std::string b(static_cast<size_t>(random.Below(6)), 'x');
    for (char& c : b) c = static_cast<char>('a' + random.Below(3));
    const bool expected = Distance(a, b) <= 1;
    near += expected ? 1 : 0;
    ASSERT_EQ(WithinOneTypo(a, b), expected) << a << ' ' << b;
    bool begins = false;
    for (size_t size = 0; size <= b.size(); ++size) begins = begins || Distance(a, b.substr(0, size)) <= 1;
    ASSERT_EQ(BeginsWithinOneTypo(a, b), begins) << a << ' ' << b;
  }
  EXPECT_GT(near, 100);
}

}  // namespace
}  // namespace folio::engine::testing
