// What belongs to the company that sells, and to no account.
#include <string>

#include "tools/demo/calendar.h"
#include "tools/demo/generator.h"
#include "tools/demo/random.h"
#include "tools/demo/words.h"

namespace folio::demo {
namespace {

constexpr uint64_t kStream = 9;
constexpr int64_t kDaySeconds = 86'400;
constexpr int64_t kWorkBegins = 8 * 3600;

struct Spending {
  const char* subcategory;
  v1::CostCategory category;
  int64_t units_an_account;  // in a month
};
constexpr Spending kSpendings[] = {
    {"Search", v1::COST_CATEGORY_ACQUISITION, 12},
    {"Trade fair", v1::COST_CATEGORY_ACQUISITION, 8},
    {"Sales", v1::COST_CATEGORY_ACQUISITION, 60},
    {"Loyalty", v1::COST_CATEGORY_RETENTION, 6},
};

// Ten-thousandths of a euro's worth: close enough to show what exchange does.
struct Currency {
  const char* code;
  int64_t per_euro;
};
constexpr Currency kCurrencies[] = {{"EUR", 10'000}, {"USD", 10'850}, {"GBP", 8'550}, {"CHF", 9'600}};

void AddCosts(const Options& options, Random& random, Books* books) {
  for (int month = 1; month <= options.months; ++month) {
    const int32_t start = AddMonths(options.as_of, -month);
    for (const Spending& spending : kSpendings) {
      v1::Fact* fact = books->costs.Add();
      fact->set_source("books");
      fact->set_source_id(std::string(spending.subcategory) + "-" + std::to_string(start));
      SetTime(start, kWorkBegins, fact->mutable_event_time());
      v1::Cost* cost = fact->mutable_cost();
      cost->set_category(spending.category);
      cost->set_subcategory(spending.subcategory);
      const int64_t units = options.accounts * spending.units_an_account * random.Between(80, 120) / 100;
      SetMoney(units * 100, options.currency, cost->mutable_amount());
      SetDate(start, cost->mutable_start_date());
      SetDate(AddMonths(options.as_of, 1 - month), cost->mutable_end_date());
      if (spending.category == v1::COST_CATEGORY_RETENTION) cost->set_allocation(v1::COST_ALLOCATION_EVEN);
    }
  }
}

void AddRates(const Options& options, Random& random, Books* books) {
  int64_t base = 0;
  for (const Currency& currency : kCurrencies) {
    if (options.currency == currency.code) base = currency.per_euro;
  }
  if (base == 0) return;
  for (const Currency& currency : kCurrencies) {
    if (options.currency == currency.code) continue;
    int64_t rate = currency.per_euro * 10'000 / base;
    for (int32_t day = AddMonths(options.as_of, -options.months); day < options.as_of; ++day) {
      rate += random.Bell(rate / 100);
      v1::ExchangeRate* row = books->exchange_rates.Add();
      row->set_base_currency_code(options.currency);
      row->set_quote_currency_code(currency.code);
      SetDate(day, row->mutable_date());
      row->set_rate(std::to_string(rate / 10'000) + "." + std::to_string(10'000 + rate % 10'000).substr(1));
      row->set_source("demo");
    }
  }
}

// One for every two accounts: some wait, some are found not to be worth it, the latest have not been answered.
void AddLeads(const Options& options, Random& random, Books* books) {
  constexpr std::string_view kSources[] = {"Website", "Referral", "Trade fair", "Partner", "Search", "Webinar"};
  const Words& words = WordsOf(Language::kEnglish);
  const int32_t first = AddMonths(options.as_of, -options.months);
  for (int64_t i = 0; i < options.accounts / 2; ++i) {
    v1::Lead* lead = books->leads.Add();
    lead->mutable_name()->assign("leads/prospect-").append(std::to_string(i + 1));
    lead->mutable_display_name()
        ->assign(random.Pick(words.first_names))
        .append(" ")
        .append(random.Pick(words.last_names));
    lead->mutable_source()->assign(random.Pick(kSources));
    lead->mutable_owner()->assign(random.Pick(Owners()));
    const auto entered = static_cast<int32_t>(random.Between(first, options.as_of - 1));
    SetTime(entered, kWorkBegins + random.Below(9 * 3600), lead->mutable_entry_time());
    const int64_t entry = lead->entry_time().seconds();
    const int64_t answered = entry + 60 * random.Octaves(10, 10);
    if (answered >= options.as_of * kDaySeconds || random.Chance(100)) continue;
    lead->mutable_first_contact_time()->set_seconds(answered);
    const int64_t decided = answered + kDaySeconds * random.Between(1, 20);
    if (decided >= options.as_of * kDaySeconds || random.Chance(150)) continue;
    lead->set_qualification(random.Chance(350) ? v1::LEAD_QUALIFICATION_QUALIFIED
                                               : v1::LEAD_QUALIFICATION_DISQUALIFIED);
    lead->mutable_qualify_time()->set_seconds(decided);
  }
}

}  // namespace

Books Generator::MakeBooks() const {
  Books books;
  if (options_.accounts_only) return books;
  Random random(options_.seed, 0, kStream);
  AddCosts(options_, random, &books);
  AddRates(options_, random, &books);
  AddLeads(options_, random, &books);
  return books;
}

}  // namespace folio::demo
