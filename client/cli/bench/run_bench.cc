#include "client/cli/bench/run_bench.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <random>
#include <thread>

#include "client/cli/app/context.h"
#include "folio/error.h"

namespace folio::cli {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::nanoseconds;

// An interruption is seen at least so often.
constexpr nanoseconds kLongestSleep = std::chrono::milliseconds(100);

// False where it was stopped meanwhile.
bool SleepUntil(Clock::time_point due, const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const nanoseconds left = due - Clock::now();
    if (left <= nanoseconds(0)) return true;
    std::this_thread::sleep_for(std::min(left, kLongestSleep));
  }
  return false;
}

class Load {
 public:
  Load(const BenchPlan& plan, const PrepareCall& prepare, const std::stop_token& stop)
      : plan_(plan), prepare_(prepare), stop_(stop), arrivals_(ArrivalsOf(plan)) {}

  BenchResult Run() {
    start_ = Clock::now();
    counted_from_ = start_ + std::chrono::duration_cast<nanoseconds>(plan_.warm_up);
    end_ = counted_from_;
    std::vector<std::jthread> workers;
    for (int i = 0; i < plan_.concurrency; ++i) workers.emplace_back([this] { Work(); });
    workers.clear();
    total_.seconds = std::chrono::duration<double>(end_ - counted_from_).count();
    return std::move(total_);
  }

 private:
  void Work() {
    BenchResult own;
    Clock::time_point last = counted_from_;
    for (size_t i; (i = next_++) < arrivals_.size();) {
      const Clock::time_point due = start_ + arrivals_[i];
      const bool late = Clock::now() > due;
      const std::function<absl::Status()> call = prepare_(static_cast<int64_t>(i));
      if (!SleepUntil(due, stop_)) break;
      const Clock::time_point sent = Clock::now();
      const absl::Status status = call();
      last = Clock::now();
      if (due < counted_from_) continue;
      Count(status, due, sent, last, &own);
      if (late) ++own.late;
    }
    Merge(own, last);
  }

  static void Count(const absl::Status& status, Clock::time_point due, Clock::time_point sent, Clock::time_point end,
                    BenchResult* result) {
    ++result->calls;
    if (status.ok()) {
      result->latency.Add(end - due);
      result->service.Add(end - sent);
      return;
    }
    ++result->failed;
    const Error error = ErrorOf(status);
    ++result->errors[error.reason.empty() ? absl::StatusCodeToString(status.code()) : error.reason];
    if (result->first_error.ok()) result->first_error = status;
  }

  void Merge(const BenchResult& own, Clock::time_point last) {
    const std::lock_guard lock(mutex_);
    total_.calls += own.calls;
    total_.failed += own.failed;
    total_.late += own.late;
    total_.latency.Add(own.latency);
    total_.service.Add(own.service);
    for (const auto& [reason, count] : own.errors) total_.errors[reason] += count;
    if (total_.first_error.ok()) total_.first_error = own.first_error;
    end_ = std::max(end_, last);
  }

  const BenchPlan& plan_;
  const PrepareCall& prepare_;
  const std::stop_token& stop_;
  const std::vector<nanoseconds> arrivals_;
  Clock::time_point start_;
  Clock::time_point counted_from_;
  std::atomic<size_t> next_ = 0;
  std::mutex mutex_;
  BenchResult total_;
  Clock::time_point end_;
};

}  // namespace

std::vector<nanoseconds> ArrivalsOf(const BenchPlan& plan) {
  std::mt19937_64 random(plan.seed);
  std::exponential_distribution<double> gap(plan.rate);
  const double end = (plan.warm_up + plan.duration).count();
  std::vector<nanoseconds> arrivals;
  arrivals.reserve(static_cast<size_t>(end * plan.rate) + 1);
  double time = 0;
  for (int64_t i = 1; time < end; ++i) {
    arrivals.push_back(std::chrono::duration_cast<nanoseconds>(std::chrono::duration<double>(time)));
    time = plan.poisson ? time + gap(random) : static_cast<double>(i) / plan.rate;
  }
  return arrivals;
}

BenchResult RunBench(const BenchPlan& plan, const PrepareCall& prepare, const std::stop_token& stop) {
  return Load(plan, prepare, stop).Run();
}

}  // namespace folio::cli
