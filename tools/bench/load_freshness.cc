// How fresh answers are: one client sends a fact, and looks for it where others would see it, while many facts arrive.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "folio/v1/fact.pb.h"
#include "folio/v1/health.pb.h"
#include "folio/v1/portfolio.pb.h"
#include "folio/v1/watch.pb.h"
#include "grpcpp/grpcpp.h"
#include "tools/bench/dataset.h"
#include "tools/bench/load.h"
#include "tools/bench/process.h"

namespace folio::bench {
namespace {

// A probe that is not seen within this time ends the measurement.
constexpr double kPatience = 20;

void SleepUntil(double time) {
  const double left = time - Now();
  if (left > 0) std::this_thread::sleep_for(std::chrono::duration<double>(left));
}

// Facts of others, so many a second, until it is told to stop.
class Others {
 public:
  explicit Others(const FreshnessOptions& options)
      : options_(options), client_(options.target), facts_(options.accounts), thread_([this] { Run(); }) {}

  // Facts that were acknowledged, a second.
  double Stop() {
    stop_ = true;
    thread_.join();
    return static_cast<double>(sent_) / (Now() - begin_);
  }
  const std::string& error() const { return error_; }  // after Stop

 private:
  static constexpr int kFactsOfOne = 20;

  void Run() {
    begin_ = Now();
    const double step = static_cast<double>(kFactsOfOne) / options_.facts_per_second;
    for (int call = 0; !stop_ && error_.empty(); ++call) {
      SleepUntil(begin_ + step * call);
      v1::BatchUpsertFactsRequest request;
      for (int i = 0; i < kFactsOfOne; ++i) *request.add_facts() = facts_.Make(options_.first_fact + sent_ + i);
      v1::BatchUpsertFactsResponse response;
      if (client_.Call("/folio.v1.FactService/BatchUpsertFacts", request, &response, &error_)) sent_ += kFactsOfOne;
    }
  }

  const FreshnessOptions& options_;
  Client client_;
  const Facts facts_;
  std::atomic<bool> stop_ = false;
  double begin_ = 0;
  int64_t sent_ = 0;
  std::string error_;
  std::thread thread_;
};

// A watch of all facts, which notes when it has seen which account.
class Witness {
 public:
  explicit Witness(const Target& target) : client_(target), thread_([this] { Run(); }) {}

  ~Witness() {
    context_.TryCancel();
    thread_.join();
  }

  bool WaitUntilOpen() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::duration<double>(kPatience), [this] { return open_; });
  }

  // When the fact of an account, of a revision, was told; 0 where it never was.
  double SeenAt(const std::string& account, int64_t revision) {
    std::unique_lock lock(mutex_);
    const auto key = std::make_pair(revision, account);
    changed_.wait_for(lock, std::chrono::duration<double>(kPatience), [&] { return seen_.contains(key); });
    const auto found = seen_.find(key);
    return found == seen_.end() ? 0 : found->second;
  }

 private:
  void Run() {
    grpc::CompletionQueue queue;
    client_.Prepare(&context_, 600);
    v1::WatchRequest request;
    request.add_collections("facts");
    const auto call = client_.stub(0).PrepareCall(&context_, "/folio.v1.WatchService/Watch", &queue);
    call->StartCall(nullptr);
    bool ok = Next(queue);
    if (ok) call->WriteLast(ToBytes(request), grpc::WriteOptions(), nullptr);
    ok = ok && Next(queue);
    grpc::ByteBuffer bytes;
    while (ok) {
      call->Read(&bytes, nullptr);
      ok = Next(queue);
      if (ok) Note(ToString(bytes));
    }
    queue.Shutdown();
  }

  static bool Next(grpc::CompletionQueue& queue) {
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  }

  void Note(const std::string& bytes) {
    v1::WatchResponse response;
    response.ParseFromString(bytes);
    const double now = Now();
    const std::lock_guard lock(mutex_);
    open_ = true;
    for (const v1::ChangeEvent& event : response.events()) {
      if (response.computed_through() < event.revision()) continue;
      for (const std::string& account : event.facts().accounts()) seen_.try_emplace({event.revision(), account}, now);
    }
    changed_.notify_all();
  }

  Client client_;
  grpc::ClientContext context_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;                                       // guarded by mutex_
  std::map<std::pair<int64_t, std::string>, double> seen_;  // guarded by mutex_
  std::thread thread_;
};

// Sends facts of its own, and waits for each to be seen.
class Prober {
 public:
  Prober(const FreshnessOptions& options, Witness& witness)
      : client_(options.target), other_(options.target), witness_(witness) {
    const demo::Generator generator = Accounts(options.accounts);
    demo::Client account;
    // Other accounts at each run: a fact that is there already would be seen too soon.
    const auto start = static_cast<int64_t>(Now() * 1'000'003) % options.accounts;
    for (int64_t i = 0; i < kAccounts; ++i) {
      generator.Make((start + i * 7) % options.accounts, &account);
      accounts_.push_back({account.account.name(), account.account.display_name()});
    }
  }

  // Seconds from before the call until the score, the row and the watch have all shown it. False, with an error, where
  // they do not.
  bool Probe(double* seconds) {
    const auto& [name, display_name] = accounts_[static_cast<size_t>(number_) % accounts_.size()];
    const double answer = static_cast<double>(number_++ % 11);
    const double begin = Now();
    v1::BatchUpsertFactsResponse written;
    if (!client_.Call("/folio.v1.FactService/BatchUpsertFacts", FactOf(name, answer), &written, &error_)) return false;
    double raw = 0;
    if (!WaitFor([&] { return IsInScore(name, answer, written.revision(), &raw); })) return Fail("the score");
    if (!WaitFor([&] { return IsInRow(name, display_name, raw, written.revision()); })) return Fail("the row");
    const double shown = Now();
    const double told = witness_.SeenAt(name, written.revision());
    if (told == 0) return Fail("the watch");
    *seconds = std::max(shown, told) - begin;
    return true;
  }

  const std::string& error() const { return error_; }

 private:
  static constexpr int64_t kAccounts = 2'000;

  static v1::BatchUpsertFactsRequest FactOf(const std::string& account, double answer) {
    v1::BatchUpsertFactsRequest request;
    v1::Fact& fact = *request.add_facts();
    fact.set_account(account);
    fact.set_source("probe");
    fact.set_source_id(account);
    fact.mutable_event_time()->set_seconds((kAsOf - 1) * int64_t{86'400});
    fact.mutable_survey_answer()->set_kind(v1::SURVEY_KIND_NPS);
    fact.mutable_survey_answer()->set_score(answer);
    return request;
  }

  template <typename Seen>
  bool WaitFor(Seen seen) {
    for (const double end = Now() + kPatience; error_.empty() && Now() < end;) {
      if (seen()) return true;
    }
    return false;
  }

  bool IsInScore(const std::string& account, double answer, int64_t revision, double* raw) {
    v1::ExplainHealthRequest request;
    request.set_account(account);
    v1::HealthScore score;
    if (!other_.Call("/folio.v1.HealthService/ExplainHealth", request, &score, &error_)) return false;
    *raw = score.raw();
    if (score.computed_through() < revision) return false;
    for (const v1::HealthContribution& part : score.contributions()) {
      if (part.measure() == "nps_last") return part.absence() == v1::ABSENCE_UNSPECIFIED && part.value() == answer;
    }
    return false;
  }

  bool IsInRow(const std::string& account, const std::string& display_name, double raw, int64_t revision) {
    v1::ListPortfolioRequest request;
    request.set_filter("display_name = \"" + display_name + "\"");
    request.set_page_size(1'000);
    v1::ListPortfolioResponse page;
    if (!other_.Call("/folio.v1.PortfolioService/ListPortfolio", request, &page, &error_)) return false;
    for (const v1::PortfolioEntry& entry : page.entries()) {
      if (entry.account() == account)
        return entry.health().computed_through() >= revision && entry.health().raw() == raw;
    }
    return false;
  }

  bool Fail(const std::string& where) {
    if (error_.empty()) error_ = "a fact was not seen in " + where;
    return false;
  }

  Client client_;
  Client other_;
  Witness& witness_;
  std::vector<std::pair<std::string, std::string>> accounts_;  // name and display name
  int64_t number_ = 0;
  std::string error_;
};

}  // namespace

int RunFreshness(const FreshnessOptions& options) {
  constexpr double kProbeEvery = 0.01;
  Witness witness(options.target);
  std::string error = witness.WaitUntilOpen() ? "" : "the watch did not open";
  Prober prober(options, witness);
  std::vector<double> seconds;
  Others others(options);
  const double begin = Now();
  for (int i = 0; error.empty() && Now() < begin + options.seconds; ++i) {
    SleepUntil(begin + kProbeEvery * i);
    double taken = 0;
    if (!prober.Probe(&taken)) error = prober.error();
    seconds.push_back(taken);
  }
  const double rate = others.Stop();
  if (error.empty()) error = others.error();
  // A little less than asked for is the last call's share.
  if (error.empty() && rate < 0.9 * options.facts_per_second)
    error = "only " + std::to_string(rate) + " facts a second";
  const size_t probes = seconds.size();
  const nlohmann::json result = {{"p50_ms", Quantile(seconds, 0.5) * 1e3},
                                 {"p99_ms", Quantile(seconds, 0.99) * 1e3},
                                 {"probes", probes},
                                 {"facts_per_second", rate},
                                 {"errors", error.empty() ? 0 : 1},
                                 {"first_error", error}};
  std::printf("%s\n", result.dump().c_str());
  return error.empty() ? 0 : 1;
}

}  // namespace folio::bench
