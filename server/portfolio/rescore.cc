// Another model was published: all accounts are scored in one pass over columns of figures, block by block.
#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "server/portfolio/model_health.h"
#include "server/portfolio/portfolio.h"
#include "server/signals/health_steps.h"

namespace folio::portfolio {

using engine::kBlockRows;
using engine::RowKey;
using scoring::BatchScores;

namespace {

using LiveRows = std::array<uint64_t, kBlockRows / 64>;

// The rows up to the last live one.
int RowsUsed(const LiveRows& live) {
  for (size_t word = live.size(); word-- > 0;) {
    if (live[word] != 0) return static_cast<int>(word * 64) + std::bit_width(live[word]);
  }
  return 0;
}

bool IsLive(const LiveRows& live, int row) { return (live[static_cast<size_t>(row) / 64] >> (row % 64) & 1) != 0; }

std::vector<FigureColumns::Wanted> WantedBy(const ModelOrder& order) {
  std::vector<FigureColumns::Wanted> wanted;
  for (const ModelVersionPtr& version : order) {
    for (const scoring::Figure& figure : version->scoring.figures()) {
      for (const int days : {0, kTrendDays}) {
        const FigureColumns::Wanted what{.figure = figure, .days_before = days};
        if (std::find(wanted.begin(), wanted.end(), what) == wanted.end()) wanted.push_back(what);
      }
    }
  }
  return wanted;
}

scoring::Score ScoreOf(int8_t score) {
  return {.absent = score == BatchScores::kAbsent, .score = std::max<int>(0, score)};
}

// The scores of a block's rows, each by its own model.
void ScoreRows(const FigureColumns& figures, std::span<const ModelVersion* const> models, int64_t block,
               int days_before, BatchScores* scores) {
  std::vector<const ModelVersion*> used;
  for (const ModelVersion* model : models) {
    if (model != nullptr && (used.empty() || used.back() != model) &&
        std::find(used.begin(), used.end(), model) == used.end()) {
      used.push_back(model);
    }
  }
  const auto rows = static_cast<int>(models.size());
  static thread_local BatchScores other;  // kept: too large for the stack of a thread
  for (const ModelVersion* model : used) {
    std::vector<scoring::FigureColumn> columns;
    for (const scoring::Figure& figure : model->scoring.figures()) {
      columns.push_back(figures.At({.figure = figure, .days_before = days_before}, block));
    }
    BatchScores* to = model == used.front() ? scores : &other;
    model->scoring.RunBatch(columns, rows, to);
    if (to == scores) continue;
    for (size_t row = 0; row < models.size(); ++row) {
      if (models[row] != model) continue;
      scores->raw[row] = other.raw[row];
      scores->coverage[row] = other.coverage[row];
      scores->score[row] = other.score[row];
    }
  }
}

}  // namespace

bool Portfolio::AllAreDirty() const {
  const engine::Table& table = *std::as_const(tables_).table(engine::kAccount);
  size_t live = 0;
  for (int64_t block = 0; block < table.block_count(); ++block) {
    for (const uint64_t word : table.LiveRows(block)) live += static_cast<size_t>(std::popcount(word));
  }
  return dirty_.size() == live;
}

void Portfolio::RescoreAll(const ModelOrder& order, storage::Revision revision) {
  engine::Table& table = *tables_.table(engine::kAccount);
  table.Settle();
  figures_.Fill(WantedBy(order), table, [this](RowKey account) { return NewestViewOf(account); });
  const signals::HealthSteps steps(*signal_states_.rules(), kTrendDays);
  std::vector<RowKey> keys;
  std::vector<const ModelVersion*> models;
  for (int64_t block = 0; block < table.block_count(); ++block) {
    const LiveRows live = table.LiveRows(block);
    const int rows = RowsUsed(live);
    if (rows == 0) continue;
    keys.clear();
    for (int row = 0; row < rows; ++row) {
      if (IsLive(live, row)) keys.push_back(block * kBlockRows + row);
    }
    models.assign(static_cast<size_t>(rows), nullptr);
    const std::vector<const ModelVersion*> chosen = ChooseModelsOf(order, keys);
    for (size_t i = 0; i < keys.size(); ++i) {
      models[static_cast<size_t>(keys[i] % kBlockRows)] = chosen.empty() ? order.front().get() : chosen[i];
    }
    RescoreBlock(block, models, steps, revision);
  }
}

std::vector<const ModelVersion*> Portfolio::ChooseModelsOf(const ModelOrder& order, std::span<const RowKey> accounts) {
  if (order.size() == 1) return {};
  return ChooseModels(order, *tables_.table(engine::kAccount)->Draft(), accounts);
}

void Portfolio::RescoreBlock(int64_t block, std::span<const ModelVersion* const> models,
                             const signals::HealthSteps& steps, storage::Revision revision) {
  auto now = std::make_shared_for_overwrite<BatchScores>();
  static thread_local BatchScores then;  // kept: too large for the stack of a thread
  ScoreRows(figures_, models, block, 0, now.get());
  ScoreRows(figures_, models, block, kTrendDays, &then);
  const std::vector<ScoreMove> moves = scores_.PublishBlock({.index = block,
                                                             .rows = static_cast<int>(models.size()),
                                                             .models = models,
                                                             .now = now,
                                                             .then = &then,
                                                             .revision = revision,
                                                             .day = computed_day_},
                                                            columns_, tables_.table(engine::kAccount));
  for (const ScoreMove& move : moves) {
    if (move.before_known && steps.LookTheSame(move.before, move.after)) continue;
    const RowKey account = block * kBlockRows + move.row;
    const account::View view = NewestViewOf(account);
    const ScoredDays scored{.today = view.today,
                            .now = ScoreOf(move.after.now),
                            .month_ago = MonthBefore(view.today),
                            .then = ScoreOf(move.after.then)};
    const ModelHealth health(models[static_cast<size_t>(move.row)]->scoring, scored);
    const SignalSummary* changed = signal_states_.UpdateHealth(account, view, health, steps);
    if (changed != nullptr) SetSignals(account, *changed);
  }
}

}  // namespace folio::portfolio
