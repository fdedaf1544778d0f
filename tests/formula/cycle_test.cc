#include "server/formula/cycle.h"

#include <gtest/gtest.h>

#include <map>

#include "server/base/error.h"

namespace folio::formula {
namespace {

using Uses = std::map<std::string, std::vector<std::string>>;

absl::Status Check(const std::string& id, const std::vector<std::string>& uses, const Uses& others) {
  return CheckAcyclic(id, uses, [&](std::string_view name) {
    const auto found = others.find(std::string(name));
    return found == others.end() ? std::vector<std::string>() : found->second;
  });
}

TEST(CycleTest, NoneWhereNamesLeadAway) {
  EXPECT_TRUE(Check("a", {}, {}).ok());
  EXPECT_TRUE(Check("a", {"arr", "b", "c"}, {{"b", {"c", "arr"}}, {"c", {"arr"}}}).ok());
}

TEST(CycleTest, NamesTheWayRound) {
  const auto way = [](const absl::Status& status) {
    EXPECT_EQ(error::ReasonOf(status), "FORMULA_CYCLE");
    return error::Localize(status, error::Locale::kEnglish);
  };
  EXPECT_NE(way(Check("a", {"a"}, {})).find("a -> a;"), std::string::npos);
  const std::string round = way(Check("a", {"arr", "b"}, {{"b", {"c"}}, {"c", {"arr", "a"}}}));
  EXPECT_NE(round.find("a -> b -> c -> a;"), std::string::npos) << round;
}

// One that others left behind, which "a" is no part of, must not keep the search busy for ever.
TEST(CycleTest, ACircleElsewhereIsNotItsOwn) { EXPECT_TRUE(Check("a", {"b"}, {{"b", {"c"}}, {"c", {"b"}}}).ok()); }

}  // namespace
}  // namespace folio::formula
