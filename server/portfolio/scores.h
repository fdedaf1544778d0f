// The published scores: columns of the portfolio, the overrides that stand in for them, and what changed since somebody
// last asked.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "folio/v1/health.pb.h"
#include "server/base/date.h"
#include "server/engine/table.h"
#include "server/portfolio/columns.h"
#include "server/portfolio/models.h"
#include "server/scoring/batch.h"
#include "server/signals/health_steps.h"
#include "storage/storage.h"

namespace folio::portfolio {

// A score as it was published.
struct PublishedScore {
  engine::RowKey account = 0;
  storage::Revision revision = 0;
  Day day = kNoDay;
  bool absent = false;      // there was neither a computed score nor an override
  bool overridden = false;  // `score` is that of an override
  int score = 0;
  double raw = 0;
  double coverage = 0;
  std::string model;  // id
  int version = 0;
};

// What the model computes of an account today, and a month before.
struct ScoredDays {
  Day today = kNoDay;
  scoring::Score now;
  Day month_ago = kNoDay;
  scoring::Score then;  // only whether it is absent, and the whole score
};

// The day that the trend of a day compares with.
inline constexpr int kTrendDays = 30;
constexpr Day MonthBefore(Day day) { return day - kTrendDays; }

// Scores of a block of the accounts' table, computed at once.
struct BlockPublication {
  int64_t index = 0;                            // of the block
  int rows = 0;                                 // its first ones; the rest are not live
  std::span<const ModelVersion* const> models;  // of each row; nullptr where it is not live
  std::shared_ptr<const scoring::BatchScores> now;
  const scoring::BatchScores* then = nullptr;  // of MonthBefore(day)
  storage::Revision revision = 0;
  Day day = kNoDay;
};

// Changes of a block of accounts that one model scores, not written out: a million cost what they must.
struct BlockChange {
  struct Row {
    uint16_t row = 0;
    int8_t shown = -1;  // -1: absent
    bool overridden = false;
  };
  storage::Revision revision = 0;
  Day day = kNoDay;
  int64_t block = 0;
  uint32_t model_number = 0;  // ModelVersion::number
  std::string model;          // id
  int version = 0;
  std::shared_ptr<const scoring::BatchScores> scores;
  std::vector<Row> rows;

  std::vector<PublishedScore> Published() const;
};

// A row whose computed scores are others than before.
struct ScoreMove {
  int row = 0;
  bool before_known = false;
  signals::HealthPair before;
  signals::HealthPair after;
};

using OverridePtr = std::shared_ptr<const v1::HealthOverride>;

// Whether an override stands in on a day.
bool HoldsOn(const v1::HealthOverride& override, Day day, const TimeZone& zone);

class Scores {
 public:
  explicit Scores(TimeZone zone) : zone_(zone) {}

  // --- One writer ---

  // nullptr takes the override away.
  void SetOverride(engine::RowKey account, OverridePtr override);

  // What the score of a month ago is computed from has changed: it is computed again at the next publication.
  void ForgetMonthAgo(engine::RowKey account);

  // Scores an account, writes its columns, and notes a change; not its first score since the program started, for which
  // nobody knows what was before. Returns what it computed.
  ScoredDays Publish(engine::RowKey account, const account::View& view, const ModelVersion& model,
                     storage::Revision revision, const Columns& columns, engine::Table* table);

  // As Publish, of a whole block, of whose columns nothing may wait to be settled. Returns the rows whose computed
  // scores, of today or of a month ago, changed.
  std::vector<ScoreMove> PublishBlock(const BlockPublication& block, const Columns& columns, engine::Table* table);

  // --- Any thread ---

  // The override that stands in for an account's score on a day; nullptr where none does.
  OverridePtr OverrideOn(engine::RowKey account, Day day) const;

  // Takes changes that nobody has taken yet, the oldest first: at most so many, those of blocks apart.
  struct Changes {
    std::vector<PublishedScore> singles;
    std::vector<BlockChange> blocks;  // after the singles
  };
  Changes TakeChanges(size_t most_singles, size_t most_blocks);

 private:
  // What was published of an account last: 8 bytes.
  struct Last {
    uint32_t model = 0;  // ModelVersion::number
    int8_t score = kUnknown;
    int8_t computed = kUnknown;   // the score unless it is overridden
    int8_t month_ago = kUnknown;  // computed by the same model
    bool overridden = false;
  };
  static constexpr int8_t kUnknown = -2;
  static constexpr int8_t kAbsent = -1;

  Last& LastOf(engine::RowKey account);
  void MoveTo(Day day);
  static scoring::Score MonthAgo(const Last& last, const account::View& view, const ModelVersion& model);
  void Note(PublishedScore score, const ModelVersion& model, Last* last);
  static void NoteRow(const BlockPublication& block, size_t row, int64_t shown, bool overridden, Last* last,
                      std::vector<BlockChange>* changes);
  std::vector<std::pair<size_t, OverridePtr>> OverridesIn(const BlockPublication& block) const;

  const TimeZone zone_;
  std::vector<Last> last_;  // by account; the writer's
  Day today_ = kNoDay;      // for which scores of a month ago are remembered; the writer's

  mutable std::mutex mutex_;
  absl::flat_hash_map<engine::RowKey, OverridePtr> overrides_;     // guarded by mutex_
  std::deque<std::variant<PublishedScore, BlockChange>> changes_;  // guarded by mutex_
};

}  // namespace folio::portfolio
