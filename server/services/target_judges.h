// The judges of all open workspaces, and the one thread that they work on.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "server/indicators/target_judge.h"
#include "server/rpc/workspaces.h"

namespace folio::services {

class TargetJudges {
 public:
  // Starts its thread. `workspaces` must outlive it.
  explicit TargetJudges(rpc::Workspaces& workspaces);
  // Ends the thread, after the judging that is under way.
  ~TargetJudges();
  TargetJudges(const TargetJudges&) = delete;
  TargetJudges& operator=(const TargetJudges&) = delete;

  // TargetJudge::Show of a workspace's judge; as it is stored where there is none yet. Any thread.
  void Show(const std::shared_ptr<portfolio::Workspace>& workspace, error::Locale locale,
            v1::IndicatorTarget* target) const;

 private:
  using Clock = std::chrono::steady_clock;
  // One that is opened anew gets another judge.
  struct Bench {
    std::weak_ptr<portfolio::Workspace> workspace;
    std::shared_ptr<indicators::TargetJudge> judge;
    Clock::time_point rests_until;
  };

  void Loop();
  void Look(const std::string& id);
  std::shared_ptr<indicators::TargetJudge> JudgeOf(const std::string& id,
                                                   const std::shared_ptr<portfolio::Workspace>& workspace);

  rpc::Workspaces& workspaces_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::map<std::string, Bench> benches_;  // by id of the workspace; guarded by mutex_
  bool stopping_ = false;                 // guarded by mutex_
  std::thread thread_;                    // last: it uses all of the above
};

}  // namespace folio::services
