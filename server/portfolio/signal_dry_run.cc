// What a rule would have done on past days.
#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "server/base/error.h"
#include "server/engine/resources.h"
#include "server/portfolio/model_health.h"
#include "server/portfolio/queries.h"
#include "server/portfolio/rule_filters.h"
#include "server/portfolio/signal_rules.h"
#include "server/portfolio/whole_rule.h"
#include "server/signals/spell.h"

namespace folio::portfolio {

using engine::RowKey;

namespace {

constexpr int kDaysDefault = 90;
constexpr int kAccountsDefault = 100;
constexpr int kAccountsMax = 1'000;

struct Days {
  Day first = kNoDay;
  Day last = kNoDay;
  int64_t count() const { return last - first + 1; }
};

absl::StatusOr<Days> DaysOf(const v1::DryRunSignalRuleRequest& request, Day today) {
  const auto start = FromProto(request.start_date());
  if (!start.ok()) return error::InvalidField("start_date", "DATE_INVALID");
  const auto end = FromProto(request.end_date());
  if (!end.ok()) return error::InvalidField("end_date", "DATE_INVALID");
  Days days;
  days.last = *end == kNoDay ? today : *end;
  days.first = *start == kNoDay ? days.last - kDaysDefault : *start;
  if (days.last > today) return error::InvalidField("end_date", "FUTURE_DATE", {{"value", FormatDay(days.last)}});
  if (days.first > days.last) {
    return error::InvalidField("end_date", "DATE_ORDER", {{"other", FormatDay(days.first)}});
  }
  if (days.count() > kDryRunRangeMax) {
    return error::InvalidField(
        "start_date", "FIELD_OUT_OF_RANGE",
        {{"value", FormatDay(days.first)}, {"minimum", FormatDay(days.last - kDryRunRangeMax + 1)}});
  }
  return days;
}

// The rule of a request, checked, alone in a set.
absl::StatusOr<std::shared_ptr<const signals::RuleSet>> RuleOf(const Workspace& workspace,
                                                               const v1::DryRunSignalRuleRequest& request,
                                                               const model::ColumnSet& columns) {
  v1::SignalRule rule;
  if (request.has_signal_rule()) {
    rule = request.signal_rule();
    model::ClearOutputOnly(&rule);
    if (auto status = CheckWholeRule(rule, columns); !status.ok()) return status;
  } else {
    v1::GetSignalRuleRequest get;
    get.set_name(request.name());
    if (auto status = GetSignalRule(workspace, get, &rule); !status.ok()) return status;
  }
  rule.set_disabled(false);  // whether it is in use does not matter here
  return signals::RuleSet::Of(rule);
}

struct Fired {
  RowKey account = 0;
  std::vector<signals::PastSpell> spells;
};

class DryRun {
 public:
  DryRun(const Portfolio& portfolio, std::shared_ptr<const engine::Snapshot> snapshot,
         std::shared_ptr<const signals::RuleSet> rules, Days days)
      : portfolio_(portfolio),
        snapshot_(std::move(snapshot)),
        filters_(std::move(rules), snapshot_->columns()),
        days_(days) {}

  // By ascending key.
  void Visit(std::span<const RowKey> accounts) {
    const RuleFilters::Present present = filters_.Look(*snapshot_, accounts);
    for (size_t i = 0; i < accounts.size(); ++i) Visit(accounts[i], {filters_, present, i});
  }

  void Fill(size_t accounts_max, v1::DryRunSignalRuleResponse* response) {
    std::array<int64_t, v1::SignalSeverity_ARRAYSIZE> by_severity = {};
    int64_t open = 0;
    int64_t total = 0;
    for (const Fired& fired : fired_) {
      total += static_cast<int64_t>(fired.spells.size());
      for (const signals::PastSpell& spell : fired.spells) {
        ++by_severity[static_cast<size_t>(spell.severity)];
        if (spell.ended == kNoDay) ++open;
      }
    }
    response->set_fired_count(total);
    response->set_fired_account_count(static_cast<int64_t>(fired_.size()));
    response->set_open_count(open);
    for (int severity = v1::SIGNAL_SEVERITY_CRITICAL; severity >= v1::SIGNAL_SEVERITY_LOW; --severity) {
      v1::SeverityCount* count = response->add_severities();
      count->set_severity(static_cast<v1::SignalSeverity>(severity));
      count->set_count(by_severity[static_cast<size_t>(severity)]);
    }
    FillAccounts(accounts_max, response);
  }

 private:
  void Visit(RowKey account, const RuleFilters::OfAccount& filters) {
    Fired fired{.account = account, .spells = {}};
    const ModelVersionPtr model = portfolio_.ModelOf(*snapshot_, account);
    portfolio_.Show(account, days_.last, [&](const account::View& view) {
      const PastHealth source(model->scoring, filters);
      fired.spells = signals::Replay(*filters_.rules(), view, source, days_.first, days_.last);
    });
    if (!fired.spells.empty()) fired_.push_back(std::move(fired));
  }

  void FillAccounts(size_t accounts_max, v1::DryRunSignalRuleResponse* response) {
    std::stable_sort(fired_.begin(), fired_.end(),
                     [](const Fired& a, const Fired& b) { return a.spells.size() > b.spells.size(); });
    fired_.resize(std::min(fired_.size(), accounts_max));
    for (const Fired& fired : fired_) {
      v1::DryRunAccount* account = response->add_accounts();
      account->set_account(engine::FindResource(engine::kAccount)->schema.NameOf(portfolio_.IdOf(fired.account)));
      for (const signals::PastSpell& spell : fired.spells) {
        v1::DryRunSignal* signal = account->add_signals();
        *signal->mutable_begin_date() = ToProtoDate(spell.begun);
        if (spell.ended != kNoDay) *signal->mutable_end_date() = ToProtoDate(spell.ended);
        signal->set_severity(spell.severity);
      }
    }
  }

  const Portfolio& portfolio_;
  const std::shared_ptr<const engine::Snapshot> snapshot_;
  const RuleFilters filters_;
  const Days days_;
  std::vector<Fired> fired_;
};

}  // namespace

absl::Status DryRunSignalRule(const Workspace& workspace, const v1::DryRunSignalRuleRequest& request,
                              v1::DryRunSignalRuleResponse* response) {
  const Portfolio& portfolio = workspace.portfolio();
  const auto days = DaysOf(request, portfolio.today());
  if (!days.ok()) return days.status();
  if (request.max_accounts() < 0) return error::InvalidField("max_accounts", "FIELD_OUT_OF_RANGE", {{"minimum", "0"}});
  const auto snapshot = portfolio.snapshot();
  auto rules = RuleOf(workspace, request, snapshot->columns());
  if (!rules.ok()) return rules.status();
  const auto filter = AccountFilter(workspace, *snapshot, request.filter());
  if (!filter.ok()) return filter.status();
  std::vector<RowKey> accounts;
  snapshot->VisitMatches(
      &*filter,
      [](void* context, const RowKey* keys, int count) {
        auto& all = *static_cast<std::vector<RowKey>*>(context);
        all.insert(all.end(), keys, keys + count);
      },
      &accounts);
  const auto count = static_cast<int64_t>(accounts.size());
  if (count * days->count() > kDryRunDaysMax) {
    return error::InvalidField("filter", "DRY_RUN_TOO_LARGE",
                               {{"count", std::to_string(count)},
                                {"days", std::to_string(days->count())},
                                {"maximum", std::to_string(kDryRunDaysMax)}});
  }
  DryRun run(portfolio, snapshot, *std::move(rules), *days);
  run.Visit(accounts);
  response->set_account_count(count);
  *response->mutable_start_date() = ToProtoDate(days->first);
  *response->mutable_end_date() = ToProtoDate(days->last);
  const int wanted = request.max_accounts() == 0 ? kAccountsDefault : std::min(request.max_accounts(), kAccountsMax);
  run.Fill(static_cast<size_t>(wanted), response);
  return absl::OkStatus();
}

}  // namespace folio::portfolio
