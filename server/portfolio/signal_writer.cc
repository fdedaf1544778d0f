#include "server/portfolio/signal_writer.h"

#include <chrono>
#include <utility>
#include <vector>

#include "google/protobuf/util/message_differencer.h"
#include "server/base/error.h"
#include "server/engine/resources.h"
#include "server/portfolio/signal_record.h"

namespace folio::portfolio {

namespace {

using google::protobuf::util::MessageDifferencer;
using Clock = std::chrono::steady_clock;

// What changes again within it is written once.
constexpr auto kGather = std::chrono::milliseconds(100);
// How many times as long as a batch took it rests after it.
constexpr int kRestsForEachWrite = 4;
// Between attempts where the store refuses.
constexpr auto kRetryAfter = std::chrono::seconds(1);

}  // namespace

SignalWriter::SignalWriter(Portfolio& portfolio, engine::Committer& committer, const engine::Rules& rules)
    : portfolio_(portfolio),
      committer_(committer),
      writer_(*engine::FindResource(engine::kSignal), rules),
      waiting_(!portfolio.signal_changes().empty()) {
  portfolio_.SetSignalListener([this] { Wake(); });
  thread_ = std::thread([this] { Loop(); });
}

SignalWriter::~SignalWriter() {
  portfolio_.SetSignalListener(nullptr);
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void SignalWriter::Wake() {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_) return;
    waiting_ = true;
  }
  changed_.notify_all();
}

void SignalWriter::Drain() {
  std::unique_lock lock(mutex_);
  ++hurrying_;
  changed_.notify_all();
  changed_.wait(lock, [this] { return !waiting_; });
  --hurrying_;
}

void SignalWriter::Rest(Clock::duration time, bool may_hurry) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, time, [this, may_hurry] { return stopping_ || (may_hurry && hurrying_ > 0); });
}

void SignalWriter::Loop() {
  while (true) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || waiting_; });
      if (stopping_) return;
    }
    Rest(kGather, true);
    while (true) {
      {
        const std::lock_guard lock(mutex_);
        if (stopping_) return;
        waiting_ = !portfolio_.signal_changes().empty();
        if (!waiting_) break;
      }
      const std::vector<SignalChange> changes = portfolio_.signal_changes().Take(kSignalBatch);
      const Clock::time_point start = Clock::now();
      if (!Write(changes).ok()) {
        portfolio_.signal_changes().Return(changes);
        Rest(kRetryAfter, false);
        continue;
      }
      Rest(kRestsForEachWrite * (Clock::now() - start), true);
    }
    changed_.notify_all();
  }
}

absl::Status SignalWriter::Write(std::span<const SignalChange> changes) {
  // Found here rather than on the committer's thread, where others would wait for it.
  std::vector<std::optional<v1::Signal>> found;
  found.reserve(changes.size());
  for (const SignalChange& change : changes) {
    found.push_back(FindSignal(portfolio_, change.account, change.rule, error::Locale::kEnglish));
    if (found.back().has_value()) found.back()->clear_summary();
  }
  const engine::Outcome outcome = committer_.Run({.actor = std::string(engine::kSystemActor),
                                                  .apply =
                                                      [&](engine::Transaction& transaction) {
                                                        for (size_t i = 0; i < changes.size(); ++i) {
                                                          auto done = Record(transaction, changes[i], found[i]);
                                                          if (!done.ok()) return done;
                                                        }
                                                        return absl::OkStatus();
                                                      },
                                                  .done = nullptr});
  return outcome.status;
}

absl::Status SignalWriter::Record(engine::Transaction& transaction, const SignalChange& change,
                                  const std::optional<v1::Signal>& found) const {
  const auto rules = portfolio_.signal_rules();
  const std::string id = SignalIdOf(portfolio_, rules->at(change.rule).id(), change.account);
  const auto stored = writer_.Read(transaction, id);
  if (!stored.ok()) return stored.status();
  if (!found.has_value()) {
    if (!stored->has_value()) return absl::OkStatus();
    return TakeBack(transaction, id, **stored);
  }
  auto signal = std::make_shared<v1::Signal>(*found);
  if (!stored->has_value()) return writer_.Create(transaction, id, std::move(signal));
  const auto& before = static_cast<const v1::Signal&>(*(*stored)->message);
  KeepChoice(before, signal.get());
  if (signal->has_end_date()) {
    // What it rested on at its end stays on record.
    *signal->mutable_evidence() = before.evidence();
    if (before.has_since()) *signal->mutable_since() = before.since();
  }
  signal->set_etag(before.etag());
  if (MessageDifferencer::Equals(before, *signal)) return absl::OkStatus();
  writer_.Rewrite(transaction, id, **stored, std::move(signal));
  return absl::OkStatus();
}

// A signal that was raised today by a mistake that has been corrected was never there: the one before it is back.
absl::Status SignalWriter::TakeBack(engine::Transaction& transaction, const std::string& id,
                                    const engine::Stored& stored) const {
  const auto& before = static_cast<const v1::Signal&>(*stored.message);
  if (!before.has_previous_end_date()) return writer_.Remove(transaction, id, stored);
  auto signal = std::make_shared<v1::Signal>(before);
  signal->set_state(v1::SIGNAL_STATE_RESOLVED);
  *signal->mutable_end_date() = before.previous_end_date();
  *signal->mutable_begin_date() = before.previous_end_date();
  signal->clear_previous_end_date();
  signal->clear_since();
  writer_.Rewrite(transaction, id, stored, std::move(signal));
  return absl::OkStatus();
}

}  // namespace folio::portfolio
