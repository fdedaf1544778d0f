// Records signals: a thread that writes what the portfolio has found, so that watches and the change history see
// signals begin, change and end, and a restart goes on from there.
//
// Columns are brought up to date before a write is acknowledged; records follow moments later. At least once: what is
// written is what holds then, so writing it again changes nothing. What was not written before the server stopped is
// found again at its start. Between batches it rests several times as long as they took, so that it never takes more
// than a fifth of the disk from the writes of clients.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>

#include "server/engine/committer.h"
#include "server/engine/writer.h"
#include "server/portfolio/portfolio.h"

namespace folio::portfolio {

// Signals written in one transaction: a millisecond, for which other writes wait.
inline constexpr size_t kSignalBatch = 50;

class SignalWriter {
 public:
  // All must outlive it. Starts its thread.
  SignalWriter(Portfolio& portfolio, engine::Committer& committer, const engine::Rules& rules);
  // Stops; what is not written yet is found again at the next start.
  ~SignalWriter();
  SignalWriter(const SignalWriter&) = delete;
  SignalWriter& operator=(const SignalWriter&) = delete;

  // Returns once everything found so far is recorded, without rests in between. For tests.
  void Drain();

 private:
  void Wake();
  void Loop();
  // Waits so long, or until it is to stop, or to hurry where it may.
  void Rest(std::chrono::steady_clock::duration time, bool may_hurry);
  absl::Status Write(std::span<const SignalChange> changes);
  absl::Status Record(engine::Transaction& transaction, const SignalChange& change,
                      const std::optional<v1::Signal>& found) const;
  absl::Status TakeBack(engine::Transaction& transaction, const std::string& id, const engine::Stored& stored) const;

  Portfolio& portfolio_;
  engine::Committer& committer_;
  const engine::Writer writer_;

  std::mutex mutex_;
  std::condition_variable changed_;
  bool waiting_ = false;   // guarded by mutex_: there is something to write
  bool stopping_ = false;  // guarded by mutex_
  int hurrying_ = 0;       // guarded by mutex_: callers of Drain
  std::thread thread_;     // last: it uses all of the above
};

}  // namespace folio::portfolio
