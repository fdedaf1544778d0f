// The published scores: columns of the portfolio, the overrides that stand in for them, and what changed since somebody
// last asked.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "folio/v1/health.pb.h"
#include "server/base/date.h"
#include "server/engine/table.h"
#include "server/portfolio/columns.h"
#include "server/portfolio/models.h"
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
  scoring::Score then;
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

  // Scores an account, writes its columns, and notes a change. Returns what it computed.
  ScoredDays Publish(engine::RowKey account, const account::View& view, const ModelVersion& model,
                     storage::Revision revision, const Columns& columns, engine::Table* table);

  // --- Any thread ---

  // The override that stands in for an account's score on a day; nullptr where none does.
  OverridePtr OverrideOn(engine::RowKey account, Day day) const;

  // Takes at most so many of the changes that nobody has taken yet, the oldest first.
  std::vector<PublishedScore> TakeChanges(size_t most);

 private:
  // What was published of an account last: 8 bytes.
  struct Last {
    int16_t score = kUnknown;
    bool overridden = false;
    uint32_t model = 0;  // ModelVersion::number
  };
  static constexpr int16_t kUnknown = -2;
  static constexpr int16_t kAbsent = -1;

  void Note(PublishedScore score, const ModelVersion& model);

  const TimeZone zone_;
  std::vector<Last> last_;  // by account; the writer's

  mutable std::mutex mutex_;
  absl::flat_hash_map<engine::RowKey, OverridePtr> overrides_;  // guarded by mutex_
  std::deque<PublishedScore> changes_;                          // guarded by mutex_
};

}  // namespace folio::portfolio
