#include "tools/bench/kernels/data.h"

#include <algorithm>
#include <iterator>

namespace folio::bench {
namespace {

using model::Cell;
using model::ColumnType;

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15) {}
  int64_t Below(int64_t bound) {
    state_ += 0x9E3779B97F4A7C15;
    uint64_t mixed = (state_ ^ (state_ >> 30)) * 0xBF58476D1CE4E5B9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
    return static_cast<int64_t>((mixed ^ (mixed >> 31)) % static_cast<uint64_t>(bound));
  }
  template <size_t kCount>
  std::string OneOf(const char* const (&texts)[kCount]) {
    return texts[Below(static_cast<int64_t>(kCount))];
  }

 private:
  uint64_t state_;
};

constexpr const char* kWords[] = {"Société",  "Générale", "Atelier", "Nord",   "Crédit",    "Maison",
                                  "Alpha",    "Delta",    "Système", "Réseau", "Industrie", "Conseil",
                                  "Logiciel", "Énergie",  "Santé",   "Média",  "Transport", "Banque",
                                  "Horizon",  "Vision",   "Digital", "Optima", "Nova",      "Terra"};
constexpr const char* kSectors[] = {"Retail", "Bank",  "Energy", "Health",  "Software", "FinTech", "Media",
                                    "Travel", "Food",  "Public", "Telecom", "Legal",    "Mining",  "Marine",
                                    "Space",  "Games", "Sport",  "Art",     "School",   "Farm"};
constexpr const char* kPlans[] = {"free", "team", "business", "enterprise"};
constexpr const char* kRules[] = {"usage_drop",   "late_payment", "champion_left",
                                  "ticket_storm", "low_nps",      "renewal_near"};

Cell SetOf(Random* random, int64_t most) {
  std::vector<std::string> set;
  for (int64_t i = random->Below(most + 1); i > 0; --i) set.push_back(random->OneOf(kRules));
  return set.empty() ? Cell() : Cell(set);
}

}  // namespace

model::ColumnSet Columns() {
  model::ColumnSet columns;
  const auto add = [&](const char* name, ColumnType type) { columns.Add({name, type, false, {}}); };
  const auto add_enum = [&](const char* name, std::vector<std::string> names) {
    columns.Add({name, ColumnType::kEnum, false, std::move(names)});
  };
  add("create_time", ColumnType::kTime);
  add("update_time", ColumnType::kTime);
  add("display_name", ColumnType::kText);
  add("domain", ColumnType::kText);
  add("sector", ColumnType::kSymbol);
  add_enum("size", {"", "micro", "small", "medium", "large", "enterprise"});
  add("employee_count", ColumnType::kInt);
  add("country", ColumnType::kSymbol);
  add("city", ColumnType::kSymbol);
  add("owner", ColumnType::kSymbol);
  add("parent", ColumnType::kSymbol);
  add_enum("lifecycle", {"", "prospect", "onboarding", "active", "leaving", "churned"});
  add("tag", ColumnType::kSymbolSet);
  add("plan", ColumnType::kSymbol);
  add("contract_start", ColumnType::kDate);
  add("renewal", ColumnType::kDate);
  add("auto_renew", ColumnType::kBool);
  add("seats", ColumnType::kInt);
  add("arr", ColumnType::kMoney);
  add("arr_year_ago", ColumnType::kMoney);
  add("health", ColumnType::kReal);
  add("coverage", ColumnType::kReal);
  add_enum("band", {"", "critical", "warning", "healthy"});
  add("risk", ColumnType::kSymbolSet);
  add("opportunity", ColumnType::kSymbolSet);
  return columns;
}

std::vector<Cell> AccountOf(int64_t number) {
  Random random(static_cast<uint64_t>(number));
  std::vector<Cell> cells(kColumnCount);
  const std::string first = random.OneOf(kWords);
  const std::string second = random.OneOf(kWords);
  const int64_t created = 1'750'000'000'000'000 + number * 137;
  cells[kCreated] = created;
  cells[kUpdated] = created + random.Below(1'000'000);
  cells[kName] = first + " " + second + " " + std::to_string(random.Below(10'000));
  cells[kDomain] = "client" + std::to_string(number) + ".example";
  cells[kSector] = random.OneOf(kSectors);
  cells[kSize] = 1 + random.Below(5);
  cells[kEmployees] = 1 + random.Below(random.Below(5) == 0 ? 50'000 : 250);
  cells[kCountry] = "C" + std::to_string(random.Below(60));
  cells[kCity] = "City " + std::to_string(random.Below(3'000));
  cells[kOwner] = "owner" + std::to_string(random.Below(200)) + "@example.com";
  if (random.Below(50) == 0) cells[kParent] = "accounts/parent" + std::to_string(random.Below(1'000));
  cells[kLifecycle] = 1 + random.Below(5);
  cells[kTags] = SetOf(&random, 3);
  cells[kPlan] = random.OneOf(kPlans);
  cells[kContractStart] = 18'000 + random.Below(2'000);
  cells[kRenewal] = 20'000 + random.Below(730);
  cells[kAutoRenew] = random.Below(2);
  cells[kSeats] = 1 + random.Below(900);
  const int64_t arr = random.Below(100'000) * 1'000'000;
  cells[kArr] = arr;
  cells[kArrYearAgo] = arr * (80 + random.Below(40)) / 100;
  const double health = static_cast<double>(random.Below(1'000'000)) / 9'999.0;
  cells[kHealth] = health;
  cells[kCoverage] = static_cast<double>(5 + random.Below(16)) / 20.0;
  cells[kBand] = health < 40 ? 1 : health < 70 ? 2 : 3;
  cells[kRisk] = SetOf(&random, 2);
  cells[kOpportunity] = SetOf(&random, 1);
  return cells;
}

}  // namespace folio::bench
