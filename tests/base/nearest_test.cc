#include "server/base/nearest.h"

#include <gtest/gtest.h>

namespace folio {
namespace {

TEST(NearestTest, Golden) {
  const std::vector<std::string_view> names = {"sector", "size", "country", "city", "display_name", "", "arr", "mrr"};
  struct Case {
    std::string wrong, nearest;
  };
  for (const Case& c : std::vector<Case>{
           {"sectr", "sector"},
           {"Sector", "sector"},
           {"sectorr", "sector"},
           {"sceotr", "sector"},
           {"contry", "country"},
           {"coutnry", "country"},
           {"displayname", "display_name"},
           {"dispalyname", "display_name"},
           {"siz", "size"},
           {"crr", "arr"},
           {"xyz", ""},
           {"", ""},
           {"health", ""},
           {std::string(1000, 'x'), ""},
       }) {
    EXPECT_EQ(NearestName(c.wrong, names), c.nearest) << c.wrong;
  }
  EXPECT_EQ(NearestName("anything", {}), "");
}

}  // namespace
}  // namespace folio
