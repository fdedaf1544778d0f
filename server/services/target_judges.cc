#include "server/services/target_judges.h"

#include <utility>
#include <vector>

#include "server/portfolio/workspace.h"

namespace folio::services {

namespace {

// How often workspaces are looked at: what changes again within it is judged once.
constexpr auto kLookInterval = std::chrono::seconds(1);
// How many times as long as it judged a workspace rests, so that judging takes at most a fifth of one processor.
constexpr int kRestsForEachJudging = 4;

}  // namespace

TargetJudges::TargetJudges(rpc::Workspaces& workspaces) : workspaces_(workspaces), thread_([this] { Loop(); }) {}

TargetJudges::~TargetJudges() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void TargetJudges::Show(const std::shared_ptr<portfolio::Workspace>& workspace, error::Locale locale,
                        v1::IndicatorTarget* target) const {
  std::shared_ptr<indicators::TargetJudge> judge;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, bench] : benches_) {
      if (bench.workspace.lock() == workspace) judge = bench.judge;
    }
  }
  if (judge != nullptr) judge->Show(locale, target);
}

void TargetJudges::Loop() {
  while (true) {
    for (const std::string& id : workspaces_.Ids()) Look(id);
    std::unique_lock lock(mutex_);
    std::erase_if(benches_, [](const auto& entry) { return entry.second.workspace.expired(); });
    if (wake_.wait_for(lock, kLookInterval, [this] { return stopping_; })) return;
  }
}

void TargetJudges::Look(const std::string& id) {
  const std::shared_ptr<portfolio::Workspace> workspace = workspaces_.Find(id);
  if (workspace == nullptr) return;
  const auto judge = JudgeOf(id, workspace);
  if (judge == nullptr || !judge->IsDue()) return;
  const Clock::time_point start = Clock::now();
  // What could not be read or written is still due, and tried again after the rest.
  judge->Judge().IgnoreError();
  const Clock::time_point end = Clock::now();
  const std::lock_guard lock(mutex_);
  benches_[id].rests_until = end + kRestsForEachJudging * (end - start);
}

std::shared_ptr<indicators::TargetJudge> TargetJudges::JudgeOf(const std::string& id,
                                                               const std::shared_ptr<portfolio::Workspace>& workspace) {
  const std::lock_guard lock(mutex_);
  if (stopping_) return nullptr;
  Bench& bench = benches_[id];
  if (bench.workspace.lock() != workspace) {
    bench = {.workspace = workspace, .judge = std::make_shared<indicators::TargetJudge>(*workspace), .rests_until = {}};
  }
  return Clock::now() < bench.rests_until ? nullptr : bench.judge;
}

}  // namespace folio::services
