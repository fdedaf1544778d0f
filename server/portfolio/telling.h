// Tells somebody what the portfolio shows under a filter: all rows first, then those that enter, change or leave.
//
// It compares what it has told with what the portfolio shows now, so that nothing waits in a queue: whoever takes his
// messages slowly gets fewer of them. It remembers which rows its last messages told, and can go back to one of them
// where the later ones were lost. Not thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "folio/v1/portfolio.pb.h"
#include "server/portfolio/workspace.h"

namespace folio::portfolio {

class PortfolioTelling {
 public:
  explicit PortfolioTelling(model::Filter filter) : filter_(std::move(filter)) {}

  // The next message, of some hundred kilobytes at most; nothing where everything has been told. It has no resume
  // token. Always of the same portfolio. For a thread that may work for some milliseconds.
  std::optional<v1::WatchPortfolioResponse> Next(const Portfolio& portfolio);

  // Whether the portfolio shows what it showed when Next had nothing more. Quick.
  bool IsUpToDate(const Portfolio& portfolio) const;

  // Where the telling is: what a message says beside its rows.
  void FillPosition(const Portfolio& portfolio, v1::WatchPortfolioResponse* message) const;

  // Number of the last message that Next gave, from 1; 0 before the first.
  int64_t number() const { return number_; }

  // The messages after a number never arrived: what they told is told again, as it is now. False where that is too long
  // ago, or was lost itself, or never sent; then nothing changes.
  bool GoBackTo(int64_t number);

 private:
  // What the portfolio shows at one time; no snapshot: nothing.
  struct State {
    std::shared_ptr<const engine::Snapshot> snapshot;
    std::shared_ptr<const ModelSet> models;

    bool operator==(const State&) const = default;
  };
  struct ToldRow {
    engine::RowKey account = 0;
    bool was_in = false;  // the reader had the row before
    bool is_in = false;   // and is to have it
  };
  struct Sent {
    int64_t number = 0;
    std::vector<ToldRow> rows;
    bool completes_initial = false;
  };

  static State StateOf(const Portfolio& portfolio);
  void TellLost(const Portfolio& portfolio, v1::WatchPortfolioResponse* message);
  void TellDifference(const Portfolio& portfolio, v1::WatchPortfolioResponse* message);
  void LookAtBlock(const Columns& columns, int64_t block);
  void CompleteInitial(v1::WatchPortfolioResponse* message);
  void TellRow(const Portfolio& portfolio, const State& state, const ToldRow& row, v1::WatchPortfolioResponse* message);

  const model::Filter filter_;
  State told_;                 // all of it has been told, but for what is lost
  std::optional<State> next_;  // being told: the blocks before next_block_ have been, but for what waits
  int64_t next_block_ = 0;
  std::deque<ToldRow> waiting_;  // of the last of these blocks
  std::deque<ToldRow> lost_;     // to be told again, before anything else
  bool initial_told_ = false;
  int64_t number_ = 0;
  std::deque<Sent> sent_;      // the last messages, but for those that were lost
  int64_t before_sent_ = 0;    // number of the message before them
  std::vector<ToldRow> rows_;  // of the message being made
  int64_t bytes_ = 0;          // of it, about
};

}  // namespace folio::portfolio
