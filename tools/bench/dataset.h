// What every program of the bench works on: the same accounts, and the same questions about them.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tools/demo/generator.h"

namespace folio::bench {

inline constexpr int32_t kAsOf = 20'454;  // 2026-01-01

// Accounts with revenue of their own and nothing else.
demo::Generator Accounts(int64_t count, const std::string& currency = "EUR");

// Names of some of the accounts, without order.
std::vector<std::string> SomeNames(int64_t accounts, int64_t count);

// Facts of usage on the day before, each of another account than the one before; `number` makes their ids.
class Facts {
 public:
  explicit Facts(int64_t accounts);
  v1::Fact Make(int64_t number) const;

 private:
  const std::vector<std::string> names_;
};

// A page of the portfolio: for Folio as a filter, for the peers as SQL over the table that `bench_alone csv` fills.
struct PageQuestion {
  std::string_view filter;
  std::string_view order_by;
  std::string_view where;
  std::string_view sql_order;
};

// Three predicates each, on columns that no index of the peers is made for.
inline constexpr std::array<PageQuestion, 3> kPages = {{
    {R"(sector = "Software" AND arr > 20000 AND employee_count < 1000)", "arr desc",
     "sector = 'Software' AND arr > 20000 AND employee_count < 1000", "arr DESC, key"},
    {R"(country = "FR" AND lifecycle = "active" AND renewal < "2026-04-01")", "renewal",
     "country = 'FR' AND lifecycle = 3 AND renewal < DATE '2026-04-01'", "renewal, key"},
    {R"(owner = "karim.haddad@folio.example" AND size = "medium" AND seats >= 20)", "employee_count desc",
     "owner = 'karim.haddad@folio.example' AND size = 3 AND seats >= 20", "employee_count DESC, key"},
}};
inline constexpr int kPageRows = 50;
inline constexpr std::string_view kGroupBy = "sector";
inline constexpr int kPartArr = 20'000;  // a part of the portfolio: accounts with more revenue

// Searched by name: frequent and rare, one word and two, the beginning of a word and a whole one.
inline constexpr std::array<std::string_view, 4> kSearches = {"societe lyonnaise", "whitcombe", "boulang",
                                                              "merriweather"};

// `count` different indexes below `bound`, without order, the same at each call.
std::vector<int64_t> SampleIndexes(int64_t bound, int64_t count);

}  // namespace folio::bench
