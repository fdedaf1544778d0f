#include <algorithm>
#include <map>
#include <utility>

#include "server/account/revenue.h"
#include "server/base/error.h"
#include "server/base/int128.h"
#include "server/base/money.h"
#include "server/engine/group.h"
#include "server/model/facet.h"
#include "server/portfolio/queries.h"

namespace folio::portfolio {

namespace {

constexpr int kGroupsDefault = 1'000;
constexpr int kGroupsMax = 10'000;

// Sums that the plan asks for, by position.
enum Sum { kArr = 0, kArrYearAgo = 1, kOpportunityValue = 2 };
enum NonEmpty { kRisk = 0, kOpportunity = 1 };

// A sum of money as the API tells it. Beyond what Money can hold it stays at the limit; no portfolio gets there.
google::type::Money MoneyOf(Int128 micros, const std::string& currency) {
  const Int128 bound = INT64_MAX;
  return ToProtoMoney(static_cast<Micros>(std::clamp<Int128>(micros, -bound, bound)), currency);
}

void FillTotals(const engine::GroupTotals& totals, const std::string& currency, v1::PortfolioTotals* out) {
  const Int128 arr = totals.int_sums[kArr];
  const Int128 arr_year_ago = totals.int_sums[kArrYearAgo];
  out->set_account_count(totals.rows);
  *out->mutable_arr() = MoneyOf(arr, currency);
  *out->mutable_mrr() = ToProtoMoney(Twelfth(static_cast<Micros>(arr)), currency);
  if (totals.rows > 0) *out->mutable_mean_arr() = MoneyOf(arr / totals.rows, currency);
  // Accounts too young to have had revenue a year ago have no value in that column.
  const int64_t old_enough = totals.int_counts[kArrYearAgo];
  if (arr_year_ago != 0) {
    out->mutable_growth()->set_value(static_cast<double>(arr - arr_year_ago) / static_cast<double>(arr_year_ago));
  } else if (totals.rows > 0 && old_enough == 0) {
    out->mutable_growth()->set_absence(v1::ABSENCE_TOO_YOUNG);
  } else {
    out->mutable_growth()->set_absence(v1::ABSENCE_NO_DENOMINATOR);
  }
  out->set_scored_count(totals.real_counts[0]);
  if (totals.real_counts[0] > 0) {
    out->set_mean_health(totals.real_sums[0] / static_cast<double>(totals.real_counts[0]));
  }
  int64_t banded = 0;
  Int128 banded_arr = 0;
  for (const auto band : {v1::HEALTH_BAND_RED, v1::HEALTH_BAND_YELLOW, v1::HEALTH_BAND_GREEN}) {
    v1::BandTotals* row = out->add_bands();
    row->set_band(band);
    row->set_account_count(totals.band_rows[band]);
    *row->mutable_arr() = MoneyOf(totals.band_sums[band], currency);
    banded += totals.band_rows[band];
    banded_arr += totals.band_sums[band];
  }
  if (totals.rows > banded) {
    v1::BandTotals* row = out->add_bands();
    row->set_account_count(totals.rows - banded);
    *row->mutable_arr() = MoneyOf(arr - banded_arr, currency);
  }
  out->set_at_risk_count(totals.nonempty_rows[kRisk]);
  *out->mutable_arr_at_risk() = MoneyOf(totals.nonempty_sums[kRisk], currency);
  out->set_opportunity_count(totals.nonempty_rows[kOpportunity]);
  *out->mutable_opportunity_value() = MoneyOf(totals.int_sums[kOpportunityValue], currency);
}

// Puts the groups in order of revenue and cuts them.
void FillGroups(std::vector<engine::GroupTotals> groups, int limit, const std::string& currency,
                v1::PortfolioSummary* summary) {
  std::sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) {
    if (a.int_sums[kArr] != b.int_sums[kArr]) return a.int_sums[kArr] > b.int_sums[kArr];
    return a.value < b.value;
  });
  for (size_t i = 0; i < groups.size(); ++i) {
    if (i >= static_cast<size_t>(limit)) {
      summary->set_other_account_count(summary->other_account_count() + groups[i].rows);
      continue;
    }
    v1::PortfolioGroup* group = summary->add_groups();
    group->set_value(groups[i].value);
    FillTotals(groups[i], currency, group->mutable_totals());
  }
}

void SummariseNow(const Workspace& workspace, const engine::Snapshot& snapshot, const model::Filter& filter,
                  model::ColumnIndex group_by, int limit, v1::PortfolioSummary* summary) {
  const Columns& columns = workspace.portfolio().columns();
  engine::GroupResult result =
      engine::Summarise(snapshot, {.filter = &filter,
                                   .group_by = group_by,
                                   .int_sums = {columns.arr, columns.arr_year_ago, columns.opportunity_value},
                                   .real_sums = {columns.health_raw},
                                   .band = columns.band,
                                   .nonempty = {columns.risk, columns.opportunity}});
  FillTotals(result.whole, workspace.portfolio().currency(), summary->mutable_totals());
  FillGroups(std::move(result.groups), limit, workspace.portfolio().currency(), summary);
}

// Revenue on another day is not in columns: it is summed over the accounts' subscriptions.
struct PastSums {
  const Workspace& workspace;
  const engine::Snapshot& snapshot;
  const Day day;
  const model::ColumnIndex group_by;
  int64_t rows = 0;
  Int128 arr = 0;
  std::map<std::string, std::pair<int64_t, Int128>> groups;

  void Add(engine::RowKey key) {
    Micros revenue = 0;
    workspace.portfolio().Show(key, day, [&](const account::View& view) { revenue = account::ArrOn(view, day); });
    ++rows;
    arr += revenue;
    if (group_by < 0) return;
    for (std::string& value : engine::GroupsOf(snapshot, key, group_by)) {
      auto& [count, sum] = groups[std::move(value)];
      ++count;
      sum += revenue;
    }
  }
};

void FillPastTotals(int64_t rows, Int128 arr, const std::string& currency, v1::PortfolioTotals* totals) {
  totals->set_account_count(rows);
  *totals->mutable_arr() = MoneyOf(arr, currency);
  *totals->mutable_mrr() = ToProtoMoney(Twelfth(static_cast<Micros>(arr)), currency);
  if (rows > 0) *totals->mutable_mean_arr() = MoneyOf(arr / rows, currency);
}

void SummarisePast(const Workspace& workspace, const engine::Snapshot& snapshot, const model::Filter& filter,
                   model::ColumnIndex group_by, int limit, Day day, v1::PortfolioSummary* summary) {
  PastSums sums{.workspace = workspace, .snapshot = snapshot, .day = day, .group_by = group_by};
  snapshot.VisitMatches(
      &filter,
      [](void* context, const engine::RowKey* keys, int count) {
        for (int i = 0; i < count; ++i) static_cast<PastSums*>(context)->Add(keys[i]);
      },
      &sums);
  const std::string& currency = workspace.portfolio().currency();
  FillPastTotals(sums.rows, sums.arr, currency, summary->mutable_totals());
  std::vector<std::pair<std::string, std::pair<int64_t, Int128>>> groups(sums.groups.begin(), sums.groups.end());
  std::stable_sort(groups.begin(), groups.end(),
                   [](const auto& a, const auto& b) { return a.second.second > b.second.second; });
  for (size_t i = 0; i < groups.size(); ++i) {
    const auto& [value, sum] = groups[i];
    if (i >= static_cast<size_t>(limit)) {
      summary->set_other_account_count(summary->other_account_count() + sum.first);
      continue;
    }
    v1::PortfolioGroup* group = summary->add_groups();
    group->set_value(value);
    FillPastTotals(sum.first, sum.second, currency, group->mutable_totals());
  }
}

}  // namespace

absl::Status Summarise(const Workspace& workspace, const v1::GetPortfolioSummaryRequest& request,
                       v1::PortfolioSummary* summary) {
  const Portfolio& portfolio = workspace.portfolio();
  const auto snapshot = portfolio.snapshot();
  const auto filter = AccountFilter(workspace, *snapshot, request.filter());
  if (!filter.ok()) return filter.status();
  model::ColumnIndex group_by = -1;
  if (!request.group_by().empty()) {
    const auto column = model::FindFacet(snapshot->columns(), request.group_by(), "group_by");
    if (!column.ok()) return column.status();
    group_by = *column;
  }
  if (request.max_groups() < 0) return error::InvalidField("max_groups", "FIELD_OUT_OF_RANGE", {{"minimum", "0"}});
  const int limit = request.max_groups() == 0 ? kGroupsDefault : std::min(request.max_groups(), kGroupsMax);
  const Day today = portfolio.today();
  const auto asked = FromProto(request.as_of());
  if (!asked.ok()) return error::InvalidField("as_of", "DATE_INVALID");
  const Day day = *asked == kNoDay ? today : *asked;
  if (day == today) {
    SummariseNow(workspace, *snapshot, *filter, group_by, limit, summary);
  } else {
    SummarisePast(workspace, *snapshot, *filter, group_by, limit, day, summary);
  }
  summary->set_revision(snapshot->revision());
  *summary->mutable_as_of() = ToProtoDate(day);
  return absl::OkStatus();
}

}  // namespace folio::portfolio
