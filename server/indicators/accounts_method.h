// Figures of accounts over time: components that add up what each account was at the ends of a period.
//
// A component is
//   struct Component {
//     static constexpr std::string_view kId = "movements";                             // unique among components
//     using Reading = ...;                                                             // what is read of one account
//     static Reading Read(const account::View& view, const Period& period);
//     void Add(const Reading& reading);
//     void Merge(const Component& other);
//   };
// Sums of units of accounts are kept as memos for the periods of a question.
#pragma once

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "server/indicators/entries_method.h"
#include "server/indicators/method.h"

namespace folio::indicators {

// The accounts of a question, unit by unit.
struct Unit {
  int64_t number = 0;
  int64_t first = 0;  // first account
  int64_t end = 0;    // first account of the next one
  uint64_t version = 0;
};
std::vector<Unit> UnitsOf(const Question& question);

// A digest of the days that periods read.
uint64_t DigestOf(std::span<const Period> periods);

// The account of a state; nullptr where it has none.
inline const ledger::AccountBlock* BlockOf(const ledger::State& state, int64_t account) {
  const auto position = static_cast<size_t>(account / ledger::kBlockAccounts);
  return position < state.blocks->size() ? (*state.blocks)[position].get() : nullptr;
}

// Sums of a component over accounts.
template <typename Component>
class AccountSums {
 public:
  // By period, then by group.
  static std::vector<std::vector<Component>> Of(const Question& question) {
    const size_t groups = question.scope.group_count();
    std::vector<std::vector<Component>> sums(question.periods.size(), std::vector<Component>(groups));
    const uint64_t periods = DigestOf(question.periods);
    for (const Unit& unit : UnitsOf(question)) {
      const auto partial = OfUnit(question, unit, periods);
      for (size_t i = 0; i < partial->size(); ++i) sums[i / groups][i % groups].Merge((*partial)[i]);
    }
    return sums;
  }

 private:
  using Sum = std::vector<Component>;  // by period, then by group

  static std::shared_ptr<const Sum> OfUnit(const Question& question, const Unit& unit, uint64_t periods) {
    const ledger::MemoKey key{.component = DigestOf(Component::kId),
                              .scope = question.scope.UnitDigest(unit.number),
                              .part = unit.number,
                              .start = static_cast<int64_t>(periods),
                              .end = 0};
    if (auto known = question.memos.Find(key, unit.version)) return std::static_pointer_cast<const Sum>(known);
    const size_t group_count = question.scope.group_count();
    auto sums = std::make_shared<Sum>(question.periods.size() * group_count);
    for (int64_t account = unit.first; account < unit.end; ++account) {
      const std::span<const uint32_t> groups = question.scope.Of(account);
      const ledger::AccountBlock* block = groups.empty() ? nullptr : BlockOf(question.state, account);
      if (block == nullptr) continue;
      account::View view = block->ViewOf(account, kNoDay);
      for (size_t p = 0; p < question.periods.size(); ++p) {
        view.today = question.periods[p].last_day;
        const typename Component::Reading reading = Component::Read(view, question.periods[p]);
        for (const uint32_t group : groups) (*sums)[p * group_count + group].Add(reading);
      }
    }
    question.memos.Put(key, unit.version, sums, std::ssize(*sums) * static_cast<int64_t>(sizeof(Component)));
    return sums;
  }
};

// Shows the accounts of a group as they are at the end of a period, by key: `visit(account, view)`.
template <typename Visitor>
void VisitAccounts(const Question& question, uint32_t group, const Period& period, Visitor visit) {
  for (int64_t account = 1; account <= question.scope.last_account(); ++account) {
    const std::span<const uint32_t> groups = question.scope.Of(account);
    if (std::find(groups.begin(), groups.end(), group) == groups.end()) continue;
    const ledger::AccountBlock* block = BlockOf(question.state, account);
    if (block != nullptr) visit(account, block->ViewOf(account, period.last_day));
  }
}

template <typename Component>
class AccountsMethod final : public Method {
 public:
  using Formula = Figure (*)(const Component& sum, const Context& context);
  explicit AccountsMethod(Formula formula) : formula_(formula) {}

  Figures Compute(const Question& question) const override {
    const auto sums = AccountSums<Component>::Of(question);
    Figures figures;
    for (size_t p = 0; p < question.periods.size(); ++p) {
      std::vector<Figure>& row = figures.emplace_back();
      for (const Component& sum : sums[p]) row.push_back(formula_(sum, {question, question.periods[p]}));
    }
    return figures;
  }

  std::vector<Contribution> ContributionsTo(const Question& question, uint32_t group) const override {
    const Period& period = question.periods.front();
    std::vector<Contribution> contributions;
    Component so_far;
    Micros told = 0;
    VisitAccounts(question, group, period, [&](int64_t account, const account::View& view) {
      Component alone;
      alone.Add(Component::Read(view, period));
      Figure figure = formula_(alone, {question, period});
      so_far.Merge(alone);
      // Amounts are rounded so that they sum to the whole.
      if (figure.micros != 0) {
        const Micros sum = formula_(so_far, {question, period}).micros;
        figure.micros = sum - std::exchange(told, sum);
      }
      if (Adds(figure)) contributions.push_back({.account = account, .figure = std::move(figure)});
    });
    return contributions;
  }

 private:
  const Formula formula_;
};

}  // namespace folio::indicators
