#include "server/base/limits.h"

#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <sstream>

#include "tests/base/project_file.h"

namespace folio {
namespace {

std::string Without(std::string text, char unwanted) {
  std::erase(text, unwanted);
  return text;
}

// "24 * 3600", "1 << 20", "1'000".
int64_t Evaluate(const std::string& expression) {
  std::istringstream words(Without(expression, '\''));
  int64_t value = 0;
  words >> value;
  std::string op;
  int64_t operand = 0;
  while (words >> op >> operand) value = op == "<<" ? value << operand : value * operand;
  return value;
}

std::map<std::string, int64_t> ReadAll(const std::string& path, const std::regex& pattern) {
  std::map<std::string, int64_t> limits;
  const std::string text = ReadProjectFile(path);
  for (std::sregex_iterator match(text.begin(), text.end(), pattern), end; match != end; ++match) {
    limits[(*match)[1]] = Evaluate(Without((*match)[2], ','));
  }
  return limits;
}

TEST(LimitsTest, TheDocumentListsTheSame) {
  const auto header = ReadAll("server/base/limits.h", std::regex(R"(constexpr \w+ (k\w+) = ([^;]+);)"));
  const auto document = ReadAll("docs/limits.md", std::regex(R"(\| `(k\w+)` \| ([0-9,]+) \|)"));
  EXPECT_GT(header.size(), 20u);
  EXPECT_EQ(header, document);
}

TEST(LimitsTest, TheHeaderIsReadAsTheCompilerDoes) {
  const auto header = ReadAll("server/base/limits.h", std::regex(R"(constexpr \w+ (k\w+) = ([^;]+);)"));
  EXPECT_EQ(header.at("kReplyKeptSeconds"), limits::kReplyKeptSeconds);
  EXPECT_EQ(header.at("kCommitQueueBytesMax"), limits::kCommitQueueBytesMax);
  EXPECT_EQ(header.at("kPageRowsMax"), limits::kPageRowsMax);
}

}  // namespace
}  // namespace folio
