#include "server/portfolio/telling.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "server/base/date.h"
#include "server/engine/resources.h"
#include "server/engine/snapshot_difference.h"
#include "server/portfolio/queries.h"

namespace folio::portfolio {

using engine::RowKey;
using engine::Snapshot;

namespace {

// A message is ended behind the row with which it reaches so many bytes.
constexpr int64_t kMessageBytes = 256 << 10;
// Messages that it can go back by: more than the network and a stream's buffer hold.
constexpr size_t kSentMax = 64;

// The columns that a row shows.
std::vector<model::ColumnIndex> ShownColumns(const Columns& c) {
  return {c.display_name,
          c.sector,
          c.size,
          c.country,
          c.owner,
          c.lifecycle,
          c.arr,
          c.mrr,
          c.growth,
          c.arr_year_ago,
          c.health,
          c.health_raw,
          c.band,
          c.coverage,
          c.health_model,
          c.health_overridden,
          c.health_trend,
          c.risk,
          c.opportunity,
          c.risk_count,
          c.opportunity_count,
          c.risk_severity,
          c.opportunity_severity,
          c.opportunity_value,
          c.next_renewal,
          c.tag};
}

// Which models have another version than before, by the symbols of the column of models.
class NewVersions {
 public:
  NewVersions() = default;
  NewVersions(const ModelSet& before, const ModelSet& after, const Snapshot& snapshot, model::ColumnIndex column) {
    if (&before == &after) return;
    for (int32_t symbol = 0; symbol < snapshot.symbol_count(column); ++symbol) {
      const std::string_view id = snapshot.SymbolText(column, symbol);
      const ModelVersionPtr then = before.Current(id);
      const ModelVersionPtr now = after.Current(id);
      is_new_.push_back((then == nullptr ? 0 : then->version) != (now == nullptr ? 0 : now->version));
    }
  }
  bool any() const { return std::find(is_new_.begin(), is_new_.end(), true) != is_new_.end(); }
  bool Has(int32_t symbol) const {
    return symbol >= 0 && static_cast<size_t>(symbol) < is_new_.size() && is_new_[static_cast<size_t>(symbol)];
  }

 private:
  std::vector<bool> is_new_;
};

}  // namespace

// The snapshot first: the models are then no older than what it shows.
PortfolioTelling::State PortfolioTelling::StateOf(const Portfolio& portfolio) {
  State state;
  state.snapshot = portfolio.snapshot();
  state.models = portfolio.models();
  return state;
}

bool PortfolioTelling::IsUpToDate(const Portfolio& portfolio) const {
  return lost_.empty() && !next_ && initial_told_ && told_ == StateOf(portfolio);
}

void PortfolioTelling::FillPosition(const Portfolio& portfolio, v1::WatchPortfolioResponse* message) const {
  const State& state = next_ ? *next_ : told_;
  if (initial_told_ && lost_.empty()) message->set_revision(told_.snapshot->revision());
  if (state.snapshot != nullptr) message->set_computed_through(state.snapshot->revision());
  *message->mutable_as_of() = ToProtoDate(portfolio.today());
}

std::optional<v1::WatchPortfolioResponse> PortfolioTelling::Next(const Portfolio& portfolio) {
  v1::WatchPortfolioResponse message;
  rows_.clear();
  bytes_ = 0;
  if (lost_.empty()) {
    TellDifference(portfolio, &message);
    if (message.changes().empty() && !message.initial_complete()) return std::nullopt;
  } else {
    TellLost(portfolio, &message);
  }
  FillPosition(portfolio, &message);
  sent_.push_back({.number = ++number_, .rows = std::move(rows_), .completes_initial = message.initial_complete()});
  if (sent_.size() > kSentMax) {
    before_sent_ = sent_.front().number;
    sent_.pop_front();
  }
  return message;
}

// As the reader is to have the rows by now: by the state before, or by the one being told.
void PortfolioTelling::TellLost(const Portfolio& portfolio, v1::WatchPortfolioResponse* message) {
  while (!lost_.empty() && bytes_ < kMessageBytes) {
    ToldRow row = lost_.front();
    lost_.pop_front();
    const State& state = next_ && row.account / engine::kBlockRows < next_block_ ? *next_ : told_;
    row.is_in = state.snapshot != nullptr && state.snapshot->Matches(filter_, std::array{row.account})[0] != 0;
    TellRow(portfolio, state, row, message);
  }
  if (lost_.empty() && told_.snapshot != nullptr) CompleteInitial(message);
}

void PortfolioTelling::TellDifference(const Portfolio& portfolio, v1::WatchPortfolioResponse* message) {
  if (!next_) {
    if (IsUpToDate(portfolio)) return;
    next_ = StateOf(portfolio);
    next_block_ = 0;
  }
  const int64_t blocks = engine::BlockCount(*next_->snapshot);
  while (bytes_ < kMessageBytes) {
    if (!waiting_.empty()) {
      TellRow(portfolio, *next_, waiting_.front(), message);
      waiting_.pop_front();
    } else if (next_block_ < blocks) {
      LookAtBlock(portfolio.columns(), next_block_++);
    } else {
      break;
    }
  }
  if (!waiting_.empty() || next_block_ < blocks) return;
  told_ = *std::exchange(next_, std::nullopt);
  CompleteInitial(message);
}

void PortfolioTelling::CompleteInitial(v1::WatchPortfolioResponse* message) {
  if (!std::exchange(initial_told_, true)) message->set_initial_complete(true);
}

// Finds the rows of a block that are to be told.
void PortfolioTelling::LookAtBlock(const Columns& columns, int64_t block) {
  const Snapshot* before = told_.snapshot.get();
  const Snapshot& after = *next_->snapshot;
  const bool is_same = engine::IsSameBlock(before, &after, block);
  NewVersions versions;
  if (before != nullptr) versions = NewVersions(*told_.models, *next_->models, after, columns.health_model);
  if (is_same && !versions.any()) return;
  const std::vector<RowKey> keys = engine::RowsOfBlock(before, &after, block);
  const std::vector<uint8_t> is_in = after.Matches(filter_, keys);
  std::vector<uint8_t> was_in(keys.size());
  if (before != nullptr) was_in = before->Matches(filter_, keys);
  std::vector<uint8_t> differs(engine::kBlockRows);
  if (before != nullptr && !is_same) differs = engine::RowsThatDiffer(*before, after, block, ShownColumns(columns));
  for (size_t i = 0; i < keys.size(); ++i) {
    const ToldRow row{.account = keys[i], .was_in = was_in[i] != 0, .is_in = is_in[i] != 0};
    const bool shows_more = differs[static_cast<size_t>(row.account % engine::kBlockRows)] != 0 ||
                            versions.Has(after.SymbolAt(row.account, columns.health_model));
    if (row.was_in != row.is_in || (row.is_in && shows_more)) waiting_.push_back(row);
  }
}

void PortfolioTelling::TellRow(const Portfolio& portfolio, const State& state, const ToldRow& row,
                               v1::WatchPortfolioResponse* message) {
  rows_.push_back(row);
  if (!row.was_in && !row.is_in) return;
  v1::PortfolioChange* change = message->add_changes();
  if (row.is_in) {
    const auto came = initial_told_ ? v1::PORTFOLIO_CHANGE_TYPE_ENTERED : v1::PORTFOLIO_CHANGE_TYPE_INITIAL;
    change->set_type(row.was_in ? v1::PORTFOLIO_CHANGE_TYPE_CHANGED : came);
    FillEntry(portfolio, *state.snapshot, row.account, change->mutable_entry());
  } else {
    change->set_type(v1::PORTFOLIO_CHANGE_TYPE_LEFT);
    const auto& accounts = engine::FindResource(engine::kAccount)->schema;
    change->mutable_entry()->set_account(accounts.NameOf(portfolio.IdOf(row.account)));
  }
  bytes_ += static_cast<int64_t>(change->ByteSizeLong());
}

bool PortfolioTelling::GoBackTo(int64_t number) {
  const auto is_last = [number](const Sent& sent) { return sent.number == number; };
  if (number != before_sent_ && std::none_of(sent_.begin(), sent_.end(), is_last)) return false;
  std::unordered_set<RowKey> known;
  std::deque<ToldRow> lost;
  // Whether the reader has a row is what it was before the first message that was lost.
  const auto lose = [&](const ToldRow& row) {
    if (known.insert(row.account).second) lost.push_back(row);
  };
  for (const Sent& sent : sent_) {
    if (sent.number <= number) continue;
    for (const ToldRow& row : sent.rows) lose(row);
    if (sent.completes_initial) initial_told_ = false;
  }
  for (const ToldRow& row : lost_) lose(row);
  lost_ = std::move(lost);
  // They will be told as the state that is being told has them, so they need not wait for that.
  std::erase_if(waiting_, [&known](const ToldRow& row) { return known.contains(row.account); });
  while (!sent_.empty() && sent_.back().number > number) sent_.pop_back();
  return true;
}

}  // namespace folio::portfolio
