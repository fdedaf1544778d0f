#include "server/indicators/costs.h"

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <optional>

#include "server/account/revenue.h"
#include "server/indicators/accounts_method.h"
#include "server/indicators/entries_method.h"

namespace folio::indicators {
namespace {

constexpr size_t kCategories = v1::CostCategory_ARRAYSIZE;
constexpr size_t kAllocations = v1::CostAllocation_ARRAYSIZE;

bool IsDivided(const ledger::Entry& entry) {
  return entry.account == 0 && ledger::CostAllocationOf(entry) != v1::COST_ALLOCATION_UNSPECIFIED;
}

// Costs by category and, where they are to be divided, by the way.
struct Costs {
  static constexpr std::string_view kId = "costs";
  static constexpr std::array kKinds = {ledger::EntryKind::kCost};
  using Adapter = InOwnCurrency;

  void Add(ledger::EntryKind, const ledger::Entry& entry) {
    const size_t allocation = IsDivided(entry) ? ledger::CostAllocationOf(entry) : 0;
    amounts[ledger::CostCategoryOf(entry)][allocation].Add(entry);
  }
  void Merge(const Costs& other) {
    for (size_t category = 0; category < kCategories; ++category) {
      for (size_t way = 0; way < kAllocations; ++way) amounts[category][way].Merge(other.amounts[category][way]);
    }
  }
  bool Counts(const ledger::Entry&) const { return true; }
  int64_t bytes() const { return 0; }

  std::array<std::array<Amounts, kAllocations>, kCategories> amounts;
};

// Costs of nobody that are to be divided, whatever the scope.
Costs DividedIn(const Question& question, const Period& period) {
  Costs sum;
  for (const Stretch& stretch : StretchesFor<Costs>(question, period)) {
    const ledger::MemoKey key{
        .component = DigestOf("divided_costs"), .part = stretch.month, .start = stretch.start, .end = stretch.end};
    auto known = std::static_pointer_cast<const Costs>(question.memos.Find(key, stretch.version));
    if (known == nullptr) {
      auto made = std::make_shared<Costs>();
      const InOwnCurrency adapter(question);
      stretch.segment->ForEach([&](const ledger::Entry& entry) {
        if (entry.time < stretch.start || entry.time >= stretch.end || !IsDivided(entry)) return;
        made->Add(stretch.kind, adapter.Read(entry));
      });
      question.memos.Put(key, stretch.version, made, sizeof(Costs));
      known = std::move(made);
    }
    sum.Merge(*known);
  }
  return sum;
}

// Weight of an account when costs are divided: 1 for a customer, or its revenue.
Int128 WeightOf(const account::View& view, const Period& period, size_t way) {
  const Micros closing = account::ArrOn(view, period.last_day);
  if (way == v1::COST_ALLOCATION_BY_REVENUE) return closing;
  return closing > 0 || account::ArrOn(view, period.start_day - 1) > 0 ? 1 : 0;
}

// Divides an amount among the customers of a period: `take(account, part)`, and the parts sum to the amount. Account 0
// takes it where there is none.
void Divide(const Question& question, const Period& period, size_t way, Int128 amount,
            const std::function<void(int64_t account, Int128 part)>& take) {
  if (amount == 0) return;
  struct Share {
    int64_t account;
    Int128 weight;
  };
  std::vector<Share> shares;
  Int128 total = 0;
  const auto filter = FilterOf(question.workspace, question.rows, "");
  if (!filter.ok()) return take(0, amount);
  const Scope all(question.rows, *filter, {}, std::nullopt, false, 1);
  for (int64_t account = 1; account <= all.last_account(); ++account) {
    const ledger::AccountBlock* block = all.Of(account).empty() ? nullptr : BlockOf(question.state, account);
    if (block == nullptr) continue;
    const Int128 weight = WeightOf(block->ViewOf(account, period.last_day), period, way);
    if (weight == 0) continue;
    shares.push_back({account, weight});
    total += weight;
  }
  if (total == 0) return take(0, amount);
  Int128 so_far = 0;
  Int128 told = 0;
  for (const Share& share : shares) {
    so_far += share.weight;
    // In two steps: the product of an amount and a sum of revenue may be too large.
    const Int128 sum = amount / total * so_far + amount % total * so_far / total;
    take(share.account, sum - told);
    told = sum;
  }
}

}  // namespace

std::vector<std::vector<CostSum>> CostsOf(const Question& question, v1::CostCategory category) {
  const bool by_account = !question.scope.dimension().has_value();
  std::vector<std::vector<CostSum>> sums;
  for (const Period& period : question.periods) {
    std::vector<CostSum>& row = sums.emplace_back(question.scope.group_count());
    const auto add = [&](uint32_t group, const Amounts& amounts, Int128 micros) {
      row[group].micros += micros;
      row[group].count += amounts.tally.count;
      row[group].fault.Update(amounts.FaultIn(question));
    };
    const std::vector<Costs> direct = EntrySums<Costs>::Of(question, period);
    for (uint32_t group = 0; group < row.size(); ++group) {
      for (size_t way = 0; way < (by_account ? 1 : kAllocations); ++way) {
        const Amounts& amounts = direct[group].amounts[category][way];
        add(group, amounts, amounts.tally.sum);
      }
    }
    if (!by_account) continue;
    const Costs divided = DividedIn(question, period);
    for (size_t way = 1; way < kAllocations; ++way) {
      const Amounts& amounts = divided.amounts[category][way];
      Divide(question, period, way, amounts.tally.sum, [&](int64_t account, Int128 part) {
        for (const uint32_t group : question.scope.Of(account)) row[group].micros += part;
      });
      if (amounts.tally.count == 0 && amounts.missing == 0) continue;
      for (uint32_t group = 0; group < row.size(); ++group) add(group, amounts, 0);
    }
  }
  return sums;
}

std::vector<Contribution> CostContributions(const Question& question, v1::CostCategory category, uint32_t group) {
  const Period& period = question.periods.front();
  const bool by_account = !question.scope.dimension().has_value();
  std::vector<Contribution> contributions;
  const auto has_group = [group](std::span<const uint32_t> groups) {
    return std::find(groups.begin(), groups.end(), group) != groups.end();
  };
  const auto add = [&](int64_t account, int64_t fact, Instant time, Int128 micros) {
    contributions.push_back({account, fact, time, {.micros = PartMoney(micros).micros, .numerator = UnitsOf(micros)}});
  };
  for (const Stretch& stretch : StretchesFor<Costs>(question, period)) {
    EntrySums<Costs>::Visit(question, stretch, [&](const ledger::Entry& entry, std::span<const uint32_t> groups) {
      const bool told_below = by_account && IsDivided(entry);
      if (told_below || ledger::CostCategoryOf(entry) != category || !has_group(groups)) return;
      if (entry.value != ledger::kNoValue) add(entry.account, entry.record, entry.time, entry.value);
    });
  }
  if (!by_account) return contributions;
  const Costs divided = DividedIn(question, period);
  for (size_t way = 1; way < kAllocations; ++way) {
    Divide(question, period, way, divided.amounts[category][way].tally.sum, [&](int64_t account, Int128 part) {
      if (has_group(question.scope.Of(account))) add(account, 0, kNoInstant, part);
    });
  }
  return contributions;
}

}  // namespace folio::indicators
