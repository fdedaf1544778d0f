// Figures of accounts that need the usage of all of them at once, remembered by period.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "server/indicators/entries_method.h"
#include "server/indicators/method.h"
#include "server/indicators/users.h"

namespace folio::indicators {

// A Kind has
//   kId: told apart by it from others that are remembered,
//   Sum: what an account has, with Merge and Finish; a group's begins as Sum(),
//   VersionOfAccounts(question): changes with whatever it reads besides usage,
//   Visit(question, stretches, period, visit): shows the key and the Sum of each account that has one.
template <typename Kind>
class UsageMethod final : public Method {
 public:
  Figures Compute(const Question& question) const override {
    const uint64_t accounts = Kind::VersionOfAccounts(question);
    Figures figures;
    for (const Period& period : question.periods) {
      const std::vector<Stretch> stretches = StretchesOf(question, Users::kKinds, period);
      const ledger::MemoKey key = FiguresKey(question, Kind::kId, nullptr, period);
      const uint64_t version = VersionOf(stretches) ^ accounts;
      auto row = std::static_pointer_cast<const std::vector<Figure>>(question.memos.Find(key, version));
      if (row == nullptr) {
        row = std::make_shared<const std::vector<Figure>>(RowOf(question, stretches, period));
        question.memos.Put(key, version, row, row->front().bytes() * std::ssize(*row));
      }
      figures.push_back(*row);
    }
    return figures;
  }

  std::vector<Contribution> ContributionsTo(const Question& question, uint32_t group) const override {
    const Period& period = question.periods.front();
    std::vector<Contribution> contributions;
    Kind::Visit(question, StretchesOf(question, Users::kKinds, period), period,
                [&](int64_t account, const typename Kind::Sum& of_account) {
                  const std::span<const uint32_t> groups = question.scope.Of(account);
                  if (std::find(groups.begin(), groups.end(), group) == groups.end()) return;
                  Figure figure = of_account.Finish();
                  if (Adds(figure)) contributions.push_back({.account = account, .figure = std::move(figure)});
                });
    return contributions;
  }

 private:
  static std::vector<Figure> RowOf(const Question& question, std::span<const Stretch> stretches, const Period& period) {
    std::vector<typename Kind::Sum> sums(question.scope.group_count());
    Kind::Visit(question, stretches, period, [&](int64_t account, const typename Kind::Sum& of_account) {
      for (const uint32_t group : question.scope.Of(account)) sums[group].Merge(of_account);
    });
    std::vector<Figure> row;
    row.reserve(sums.size());
    for (const auto& sum : sums) row.push_back(sum.Finish());
    return row;
  }
};

}  // namespace folio::indicators
