// Scores of a whole block of accounts, published at once: as Scores::Publish, a column at a time.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "server/portfolio/scores.h"

namespace folio::portfolio {

using engine::kBlockRows;
using engine::RowKey;
using scoring::BatchScores;

namespace {

constexpr int64_t kMissing = engine::Snapshot::kMissingInt;

// What the columns of a block are to hold.
struct BlockCells {
  std::array<int64_t, kBlockRows> health;
  std::array<int64_t, kBlockRows> band;
  std::array<int64_t, kBlockRows> trend;
  std::array<int64_t, kBlockRows> overridden{};
  std::array<int64_t, kBlockRows> model{};
};

int64_t BandOrMissing(int64_t score) {
  return score == kMissing ? kMissing : int64_t{scoring::BandOf(static_cast<int>(score))};
}

void Fill(const BatchScores& now, const BatchScores& then, int rows, BlockCells* cells) {
  for (size_t row = 0; row < static_cast<size_t>(rows); ++row) {
    const bool absent = now.score[row] == BatchScores::kAbsent;
    const bool was_absent = then.score[row] == BatchScores::kAbsent;
    cells->health[row] = absent ? kMissing : now.score[row];
    cells->band[row] = BandOrMissing(cells->health[row]);
    cells->trend[row] = absent || was_absent ? kMissing : now.score[row] - then.score[row];
  }
}

}  // namespace

std::vector<ScoreMove> Scores::PublishBlock(const BlockPublication& block, const Columns& columns,
                                            engine::Table* table) {
  MoveTo(block.day);
  const int rows = block.rows;
  static thread_local BlockCells cells;  // kept: too large for the stack of a thread
  Fill(*block.now, *block.then, rows, &cells);
  const RowKey first_key = block.index * kBlockRows;
  const ModelVersion* model = nullptr;
  int64_t symbol = 0;
  for (size_t row = 0; row < static_cast<size_t>(rows); ++row) {
    if (block.models[row] != nullptr && block.models[row] != model) {
      model = block.models[row];
      symbol = table->SymbolOf(columns.health_model, model->id);
    }
    cells.model[row] = symbol;
    cells.overridden[row] = 0;
  }
  for (const auto& [row, override] : OverridesIn(block)) {
    cells.health[row] = override->score();
    cells.band[row] = scoring::BandOf(override->score());
    cells.overridden[row] = 1;
  }
  const auto put = [&](model::ColumnIndex column, const auto& values) {
    table->PutInts(block.index, column, std::span(values).first(static_cast<size_t>(rows)));
  };
  put(columns.health, cells.health);
  put(columns.band, cells.band);
  put(columns.health_trend, cells.trend);
  put(columns.health_overridden, cells.overridden);
  put(columns.health_model, cells.model);
  table->PutReals(block.index, columns.health_raw, {block.now->raw, static_cast<size_t>(rows)});
  table->PutReals(block.index, columns.coverage, {block.now->coverage, static_cast<size_t>(rows)});

  std::vector<ScoreMove> moves;
  std::vector<BlockChange> changes;
  for (size_t row = 0; row < static_cast<size_t>(rows); ++row) {
    if (block.models[row] == nullptr) continue;
    Last& last = LastOf(first_key + static_cast<RowKey>(row));
    const signals::HealthPair before{.now = last.computed, .then = last.month_ago};
    const signals::HealthPair after{.now = block.now->score[row], .then = block.then->score[row]};
    if (before != after) {
      const bool known = before.now != kUnknown && before.then != kUnknown;
      moves.push_back({.row = static_cast<int>(row), .before_known = known, .before = before, .after = after});
    }
    last.computed = after.now;
    last.month_ago = after.then;
    NoteRow(block, row, cells.health[row], cells.overridden[row] != 0, &last, &changes);
  }
  if (changes.empty()) return moves;
  const std::lock_guard lock(mutex_);
  for (BlockChange& change : changes) changes_.emplace_back(std::move(change));
  return moves;
}

std::vector<std::pair<size_t, OverridePtr>> Scores::OverridesIn(const BlockPublication& block) const {
  std::vector<std::pair<size_t, OverridePtr>> found;
  const std::lock_guard lock(mutex_);
  for (const auto& [account, override] : overrides_) {
    const RowKey row = account - block.index * kBlockRows;
    if (row >= 0 && row < block.rows && HoldsOn(*override, block.day, zone_)) {
      found.emplace_back(static_cast<size_t>(row), override);
    }
  }
  return found;
}

void Scores::NoteRow(const BlockPublication& block, size_t row, int64_t shown, bool overridden, Last* last,
                     std::vector<BlockChange>* changes) {
  const ModelVersion& model = *block.models[row];
  const int8_t score = shown == kMissing ? kAbsent : static_cast<int8_t>(shown);
  // Where there was no score and is none, the model is of no interest.
  const bool silent = last->score == kUnknown || (last->score == kAbsent && score == kAbsent);
  if (last->score == score && last->overridden == overridden && last->model == model.number) return;
  last->score = score;
  last->overridden = overridden;
  last->model = model.number;
  if (silent) return;
  // Rows of one model lie side by side, mostly.
  if (changes->empty() || changes->back().model_number != model.number) {
    changes->push_back({.revision = block.revision,
                        .day = block.day,
                        .block = block.index,
                        .model_number = model.number,
                        .model = model.id,
                        .version = model.version,
                        .scores = block.now,
                        .rows = {}});
  }
  changes->back().rows.push_back({.row = static_cast<uint16_t>(row), .shown = score, .overridden = overridden});
}

std::vector<PublishedScore> BlockChange::Published() const {
  std::vector<PublishedScore> published;
  published.reserve(rows.size());
  for (const Row& changed : rows) {
    const double computed = scores->raw[changed.row];
    published.push_back({.account = block * kBlockRows + changed.row,
                         .revision = revision,
                         .day = day,
                         .absent = changed.shown < 0,
                         .overridden = changed.overridden,
                         .score = std::max<int>(0, changed.shown),
                         .raw = std::isnan(computed) ? 0 : computed,
                         .coverage = scores->coverage[changed.row],
                         .model = model,
                         .version = version});
  }
  return published;
}

Scores::Changes Scores::TakeChanges(size_t most_singles, size_t most_blocks) {
  const std::lock_guard lock(mutex_);
  Changes taken;
  for (; !changes_.empty(); changes_.pop_front()) {
    if (auto* single = std::get_if<PublishedScore>(&changes_.front())) {
      if (!taken.blocks.empty() || taken.singles.size() == most_singles) return taken;
      taken.singles.push_back(std::move(*single));
    } else {
      if (taken.blocks.size() == most_blocks) return taken;
      taken.blocks.push_back(std::move(std::get<BlockChange>(changes_.front())));
    }
  }
  changes_.shrink_to_fit();
  return taken;
}

}  // namespace folio::portfolio
