#include "server/portfolio/preview.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/base/error.h"
#include "server/base/int128.h"
#include "server/base/money.h"
#include "server/portfolio/model_drafts.h"
#include "server/portfolio/queries.h"
#include "server/scoring/batch.h"
#include "server/scoring/figure.h"

namespace folio::portfolio {

using engine::RowKey;
using engine::Snapshot;
using scoring::BatchScores;

namespace {

constexpr int kMoversDefault = 20;
constexpr size_t kBatch = scoring::kBatchRows;
// Accounts from one message of progress to the next: some in each second.
constexpr size_t kStep = 10 * kBatch;
constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
constexpr int kBands = v1::HealthBand_ARRAYSIZE;

struct Cell {
  int64_t accounts = 0;
  Int128 arr = 0;
};

struct Mover {
  RowKey account = 0;
  Micros arr = 0;
  v1::HealthBand from = v1::HEALTH_BAND_UNSPECIFIED;
  v1::HealthBand to = v1::HEALTH_BAND_UNSPECIFIED;
  int before = 0;
  int after = 0;
};

bool WeighsMore(const Mover& a, const Mover& b) { return a.arr != b.arr ? a.arr > b.arr : a.account < b.account; }

// A mean that knows how many.
struct Mean {
  double sum = 0;
  int64_t count = 0;

  void Add(double value) {
    sum += value;
    ++count;
  }
  double value() const { return count == 0 ? 0 : sum / static_cast<double>(count); }
};

google::type::Money MoneyOf(Int128 micros, const std::string& currency) {
  const Int128 bound = INT64_MAX;
  return ToProtoMoney(static_cast<Micros>(std::clamp<Int128>(micros, -bound, bound)), currency);
}

class Preview {
 public:
  Preview(const Portfolio& portfolio, const Snapshot& snapshot, ModelOrder order, int mover_limit)
      : portfolio_(portfolio),
        snapshot_(snapshot),
        order_(std::move(order)),
        mover_limit_(static_cast<size_t>(mover_limit)) {}

  // At most kBatchRows accounts, by ascending key.
  void Score(std::span<const RowKey> accounts) {
    const std::vector<const ModelVersion*> chosen = ChooseModels(order_, snapshot_, accounts);
    std::vector<const ModelVersion*> used;
    for (const ModelVersion* version : chosen) {
      if (std::find(used.begin(), used.end(), version) == used.end()) used.push_back(version);
    }
    for (const ModelVersion* version : used) {
      rows_.clear();
      for (size_t i = 0; i < accounts.size(); ++i) {
        if (chosen[i] == version) rows_.push_back(accounts[i]);
      }
      ScoreBy(version->scoring);
    }
  }

  v1::HealthPreview Finish() {
    v1::HealthPreview preview;
    const std::string& currency = portfolio_.currency();
    Int128 moved_arr = 0;
    for (int from = 0; from < kBands; ++from) {
      for (int to = 0; to < kBands; ++to) {
        const Cell& cell = cells_[from][to];
        if (cell.accounts == 0) continue;
        v1::BandMigration* migration = preview.add_migrations();
        migration->set_from(static_cast<v1::HealthBand>(from));
        migration->set_to(static_cast<v1::HealthBand>(to));
        migration->set_account_count(cell.accounts);
        *migration->mutable_arr() = MoneyOf(cell.arr, currency);
        if (from == to) continue;
        preview.set_moved_count(preview.moved_count() + cell.accounts);
        moved_arr += cell.arr;
      }
    }
    *preview.mutable_moved_arr() = MoneyOf(moved_arr, currency);
    preview.set_changed_count(changed_);
    preview.set_mean_before(before_.value());
    preview.set_mean_after(after_.value());
    preview.set_revision(snapshot_.revision());
    std::sort_heap(movers_.begin(), movers_.end(), WeighsMore);
    for (const Mover& mover : movers_) FillMover(mover, preview.add_movers());
    return preview;
  }

 private:
  // Scores rows_: figures into columns first, then all of them at once.
  void ScoreBy(const scoring::Model& model) {
    const std::span<const scoring::Figure> figures = model.figures();
    figures_.resize(std::max(figures_.size(), figures.size()));
    for (size_t i = 0; i < rows_.size(); ++i) {
      const bool known = portfolio_.Show(rows_[i], portfolio_.today(), [&](const account::View& view) {
        for (size_t f = 0; f < figures.size(); ++f) {
          const measures::Reading reading = scoring::ReadFigure(figures[f], view).reading;
          figures_[f][i] = reading.missing() ? kMissing : reading.value;
        }
      });
      for (size_t f = 0; !known && f < figures.size(); ++f) figures_[f][i] = kMissing;
    }
    std::vector<scoring::FigureColumn> columns;
    for (size_t f = 0; f < figures.size(); ++f) {
      const auto values = std::span(figures_[f]).first(rows_.size());
      const bool complete = std::none_of(values.begin(), values.end(), [](double value) { return std::isnan(value); });
      columns.push_back({.values = values.data(), .complete = complete});
    }
    model.RunBatch(columns, static_cast<int>(rows_.size()), scores_.get());
    for (size_t i = 0; i < rows_.size(); ++i) Compare(rows_[i], scores_->score[i]);
  }

  void Compare(RowKey account, int8_t after) {
    const Columns& columns = portfolio_.columns();
    const int64_t now = snapshot_.IntAt(account, columns.health);
    const int64_t arr = snapshot_.IntAt(account, columns.arr);
    Mover mover{.account = account, .arr = arr == Snapshot::kMissingInt ? 0 : arr};
    if (now != Snapshot::kMissingInt) {
      mover.before = static_cast<int>(now);
      mover.from = scoring::BandOf(mover.before);
      before_.Add(mover.before);
    }
    // A person's word stands whatever the model.
    if (snapshot_.IntAt(account, columns.health_overridden) == 1) {
      mover.after = mover.before;
      mover.to = mover.from;
    } else if (after != BatchScores::kAbsent) {
      mover.after = after;
      mover.to = scoring::BandOf(after);
    }
    if (mover.to != v1::HEALTH_BAND_UNSPECIFIED) after_.Add(mover.after);
    Count(mover);
  }

  void Count(const Mover& mover) {
    Cell& cell = cells_[mover.from][mover.to];
    ++cell.accounts;
    cell.arr += mover.arr;
    if (mover.from != mover.to || mover.before != mover.after) ++changed_;
    if (mover.from == mover.to) return;
    movers_.push_back(mover);
    std::push_heap(movers_.begin(), movers_.end(), WeighsMore);
    if (movers_.size() <= mover_limit_) return;
    std::pop_heap(movers_.begin(), movers_.end(), WeighsMore);
    movers_.pop_back();
  }

  void FillMover(const Mover& from, v1::BandMover* to) const {
    to->set_account("accounts/" + portfolio_.IdOf(from.account));
    to->set_display_name(snapshot_.TextAt(from.account, portfolio_.columns().display_name));
    *to->mutable_arr() = ToProtoMoney(from.arr, portfolio_.currency());
    to->set_score_before(from.before);
    to->set_from(from.from);
    to->set_score_after(from.after);
    to->set_to(from.to);
  }

  const Portfolio& portfolio_;
  const Snapshot& snapshot_;
  const ModelOrder order_;
  const size_t mover_limit_;
  std::vector<RowKey> rows_;                                      // of the batch, and of one model
  std::vector<std::array<double, scoring::kBatchRows>> figures_;  // their figures
  const std::unique_ptr<BatchScores> scores_ = std::make_unique<BatchScores>();
  std::array<std::array<Cell, kBands>, kBands> cells_;
  std::vector<Mover> movers_;  // a heap, the lightest first
  int64_t changed_ = 0;
  Mean before_;
  Mean after_;
};

std::vector<RowKey> MatchingAccounts(const Snapshot& snapshot, const model::Filter& filter) {
  std::vector<RowKey> keys;
  snapshot.VisitMatches(
      &filter,
      [](void* context, const RowKey* matched, int count) {
        auto* found = static_cast<std::vector<RowKey>*>(context);
        found->insert(found->end(), matched, matched + count);
      },
      &keys);
  return keys;
}

}  // namespace

absl::StatusOr<v1::HealthPreview> PreviewHealthModel(const Workspace& workspace,
                                                     const v1::PreviewHealthModelRequest& request,
                                                     const PreviewProgress& progress) {
  const auto version =
      RequestedModel(workspace, request.model(), request.has_inline_model() ? &request.inline_model() : nullptr);
  if (!version.ok()) return version.status();
  const Portfolio& portfolio = workspace.portfolio();
  const auto snapshot = portfolio.snapshot();
  const auto filter = AccountFilter(workspace, *snapshot, request.filter());
  if (!filter.ok()) return filter.status();
  const std::vector<RowKey> accounts = MatchingAccounts(*snapshot, *filter);
  const auto total = static_cast<int64_t>(accounts.size());
  Preview preview(portfolio, *snapshot, portfolio.models()->InForceWith(*version),
                  request.mover_limit() == 0 ? kMoversDefault : request.mover_limit());
  for (size_t done = 0; done < accounts.size(); done += kBatch) {
    if (done % kStep == 0 && !progress(static_cast<int64_t>(done), total)) {
      return absl::CancelledError("nobody waits for it any more");
    }
    preview.Score(std::span(accounts).subspan(done, std::min(kBatch, accounts.size() - done)));
  }
  if (!progress(total, total)) return absl::CancelledError("nobody waits for it any more");
  return preview.Finish();
}

}  // namespace folio::portfolio
