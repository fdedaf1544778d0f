// The judge of a workspace's targets: reads their indicators, and records where a state has changed.
//
// A change of state is written through the committer as a change by the system, so that it is durable, seen by watches,
// and neither lost nor repeated by a restart: the stored state is what hysteresis goes on from. So is the loss of a
// deciding value, and its return. Readings that change nothing of this are only kept in memory, and computed anew after
// a start: the log would otherwise grow with every change of a fact.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "folio/v1/indicator_target.pb.h"
#include "server/base/error.h"
#include "server/portfolio/workspace.h"

namespace folio::indicators {

// One call of Judge ends after the target during which it has taken so long.
inline constexpr auto kJudgeTimeMax = std::chrono::milliseconds(500);

class TargetJudge {
 public:
  // `workspace` must outlive every call of IsDue and Judge.
  explicit TargetJudge(portfolio::Workspace& workspace) : workspace_(workspace) {}

  // Whether anything has changed since all targets were judged. One thread at a time, with Judge.
  bool IsDue() const;

  // Judges targets as of what is published now, for about kJudgeTimeMax: where more are left it is still due, and the
  // next call goes on with them. The error of the store where a state could not be written: those targets are judged
  // again. For a thread that may wait for a commit.
  absl::Status Judge();

  // Puts the newest reading into a target as it is stored, where there is a newer one; the text of a fault in a
  // language. Any thread.
  void Show(error::Locale locale, v1::IndicatorTarget* target) const;

 private:
  static constexpr storage::Revision kNever = -1;

  // A target as it was judged, with its state and reading.
  struct Judged {
    v1::IndicatorTarget target;
    bool to_be_recorded = false;
  };
  struct Newest {
    std::string etag;  // of the target that was read for it
    v1::IndicatorReading reading;
  };

  Judged JudgeOne(v1::IndicatorTarget target) const;
  v1::IndicatorValue Read(const v1::IndicatorTarget& target) const;
  absl::Status Record(std::vector<Judged>* judged) const;
  void Keep(const std::vector<Judged>& judged);
  void Forget(const std::vector<v1::IndicatorTarget>& all_but);

  portfolio::Workspace& workspace_;
  // The pass over all targets that is under way, or was the last one.
  storage::Revision pass_revision_ = kNever;
  std::string next_after_;  // name of the last one judged; empty where no pass is under way
  mutable std::mutex mutex_;
  std::map<std::string, Newest> newest_;  // by name; guarded by mutex_
};

}  // namespace folio::indicators
