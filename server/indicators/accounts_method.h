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
// One that reads more than the account's own view names where that comes from,
//   using Source = ...;  // as NoSource
//   static Reading Read(const account::View& view, const Period& period, const Source& source);
// One that can be told by the currency in which revenue is held splits what it read:
//   static std::vector<std::pair<uint16_t, Reading>> SplitByCurrency(const account::View& view, const Period& period,
//                                                                    const Reading& reading);
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

// What there is to read beside the views of accounts: nothing.
class NoSource {
 public:
  explicit NoSource(const Question&) {}

  // When what is read of a unit last changed.
  uint64_t VersionOf(const Unit& unit) const { return unit.version; }
  // The account that is read next.
  void Enter(int64_t, const account::View&) {}
  // Why what was read does not count.
  absl::Status status() const { return absl::OkStatus(); }
};

namespace accounts_internal {
template <typename Component>
struct Choice {
  using Source = NoSource;
};
template <typename Component>
requires requires { typename Component::Source; }
struct Choice<Component> {
  using Source = typename Component::Source;
};
}  // namespace accounts_internal

template <typename Component>
using SourceOf = typename accounts_internal::Choice<Component>::Source;

template <typename Component>
typename Component::Reading ReadingOf(const account::View& view, const Period& period,
                                      const SourceOf<Component>& source) {
  if constexpr (requires { typename Component::Source; }) {
    return Component::Read(view, period, source);
  } else {
    return Component::Read(view, period);
  }
}

// Reads an account in a period, and hands over what it adds to each of its groups: `add(group, reading)`.
template <typename Component, typename Add>
void AddToGroups(const Question& question, int64_t account, const account::View& view, const Period& period,
                 const SourceOf<Component>& source, Add add) {
  const typename Component::Reading reading = ReadingOf<Component>(view, period, source);
  if constexpr (requires { Component::SplitByCurrency(view, period, reading); }) {
    if (question.scope.dimension() == ledger::Dimension::kRevenueCurrency) {
      add(0, reading);
      std::vector<uint32_t> scratch;
      for (const auto& [label, part] : Component::SplitByCurrency(view, period, reading)) {
        for (const uint32_t group : question.scope.OfLabel(account, label, &scratch)) add(group, part);
      }
      return;
    }
  }
  for (const uint32_t group : question.scope.Of(account)) add(group, reading);
}

// Sums of a component over accounts.
template <typename Component>
class AccountSums {
 public:
  using Source = SourceOf<Component>;

  // By period, then by group. They count where the source's status is OK afterwards.
  static std::vector<std::vector<Component>> Of(const Question& question, Source& source) {
    const size_t groups = question.scope.group_count();
    std::vector<std::vector<Component>> sums(question.periods.size(), std::vector<Component>(groups));
    const uint64_t periods = DigestOf(question.periods);
    for (const Unit& unit : UnitsOf(question)) {
      const auto partial = OfUnit(question, unit, periods, source);
      for (size_t i = 0; i < partial->size(); ++i) sums[i / groups][i % groups].Merge((*partial)[i]);
    }
    return sums;
  }
  static std::vector<std::vector<Component>> Of(const Question& question) {
    Source source(question);
    return Of(question, source);
  }

 private:
  using Sum = std::vector<Component>;  // by period, then by group

  static std::shared_ptr<const Sum> OfUnit(const Question& question, const Unit& unit, uint64_t periods,
                                           Source& source) {
    const ledger::MemoKey key{.component = DigestOf(Component::kId),
                              .scope = question.scope.UnitDigest(unit.number),
                              .part = unit.number,
                              .start = static_cast<int64_t>(periods),
                              .end = 0};
    const uint64_t version = source.VersionOf(unit);
    if (auto known = question.memos.Find(key, version)) return std::static_pointer_cast<const Sum>(known);
    const size_t group_count = question.scope.group_count();
    auto sums = std::make_shared<Sum>(question.periods.size() * group_count);
    for (int64_t account = unit.first; account < unit.end; ++account) {
      const std::span<const uint32_t> groups = question.scope.Of(account);
      const ledger::AccountBlock* block = groups.empty() ? nullptr : BlockOf(question.state, account);
      if (block == nullptr) continue;
      account::View view = block->ViewOf(account, kNoDay);
      source.Enter(account, view);
      for (size_t p = 0; p < question.periods.size(); ++p) {
        view.today = question.periods[p].last_day;
        AddToGroups<Component>(
            question, account, view, question.periods[p], source,
            [&](uint32_t group, const auto& reading) { (*sums)[p * group_count + group].Add(reading); });
      }
    }
    if (source.status().ok()) {
      question.memos.Put(key, version, sums, std::ssize(*sums) * static_cast<int64_t>(sizeof(Component)));
    }
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
    SourceOf<Component> source(question);
    const auto sums = AccountSums<Component>::Of(question, source);
    if (const absl::Status status = source.status(); !status.ok()) return Faulty(question, status);
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
    SourceOf<Component> source(question);
    Component so_far;
    Micros told = 0;
    // Groups of a dimension are not those of the account.
    const uint32_t visited = question.scope.dimension().has_value() ? 0 : group;
    VisitAccounts(question, visited, period, [&](int64_t account, const account::View& view) {
      source.Enter(account, view);
      AddToGroups<Component>(question, account, view, period, source, [&](uint32_t of, const auto& reading) {
        if (of != group) return;
        Component alone;
        alone.Add(reading);
        Figure figure = formula_(alone, {question, period});
        so_far.Merge(alone);
        // Amounts are rounded so that they sum to the whole.
        if (figure.micros != 0) {
          const Micros sum = formula_(so_far, {question, period}).micros;
          figure.micros = sum - std::exchange(told, sum);
        }
        if (Adds(figure)) contributions.push_back({.account = account, .figure = std::move(figure)});
      });
    });
    return contributions;
  }

 private:
  const Formula formula_;
};

}  // namespace folio::indicators
