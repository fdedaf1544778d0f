// Many watches, and bursts of updates for them to see: what an event costs the server on its way to one watch.
#include <cstdio>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "folio/v1/account.pb.h"
#include "folio/v1/watch.pb.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/wire_format_lite.h"
#include "grpcpp/grpcpp.h"
#include "tools/bench/dataset.h"
#include "tools/bench/load.h"
#include "tools/bench/process.h"

namespace folio::bench {
namespace {

using google::protobuf::internal::WireFormatLite;

// How many events a WatchResponse holds, without parsing them.
int64_t EventsOf(const std::string& bytes) {
  google::protobuf::io::CodedInputStream input(reinterpret_cast<const uint8_t*>(bytes.data()),
                                               static_cast<int>(bytes.size()));
  int64_t events = 0;
  while (const uint32_t tag = input.ReadTag()) {
    if (WireFormatLite::GetTagFieldNumber(tag) == v1::WatchResponse::kEventsFieldNumber) ++events;
    if (!WireFormatLite::SkipField(&input, tag)) break;
  }
  return events;
}

// What an event of the queue is about.
class Handler {
 public:
  virtual ~Handler() = default;
  virtual void On(bool ok) = 0;
};

struct Tally {
  int64_t delivered = 0;
  int64_t messages = 0;
  int64_t opened = 0;
  int64_t broken = 0;
  int64_t updated = 0;
  int64_t refused = 0;
  std::string first_error;
};

// One open watch, which reads for ever.
class Watch : public Handler {
 public:
  Watch(Client& client, size_t number, grpc::CompletionQueue* queue, Tally* tally) : tally_(tally) {
    constexpr double kDeadline = 600;
    client.Prepare(&context_, kDeadline);
    call_ = client.stub(number).PrepareCall(&context_, "/folio.v1.WatchService/Watch", queue);
    v1::WatchRequest request;
    request.add_collections("accounts");
    request_ = ToBytes(request);
    call_->StartCall(this);
  }

  void On(bool ok) override {
    if (!ok) {
      if (state_ != State::kOver) ++tally_->broken;
      state_ = State::kOver;
      return;
    }
    switch (state_) {
      case State::kStarting:
        state_ = State::kAsking;
        call_->WriteLast(request_, grpc::WriteOptions(), this);
        return;
      case State::kAsking:
        state_ = State::kReading;
        ++tally_->opened;
        break;
      case State::kReading: {
        const int64_t events = EventsOf(ToString(message_));
        tally_->delivered += events;
        tally_->messages += events > 0 ? 1 : 0;
        break;
      }
      case State::kOver:
        return;
    }
    call_->Read(&message_, this);
  }

  void Cancel() {
    state_ = State::kOver;
    context_.TryCancel();
  }

 private:
  enum class State { kStarting, kAsking, kReading, kOver };
  grpc::ClientContext context_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer message_;
  State state_ = State::kStarting;
  Tally* tally_;
};

// One update, which deletes itself when it is answered.
class Update : public Handler {
 public:
  Update(Client& client, const v1::UpdateAccountRequest& request, size_t number, grpc::CompletionQueue* queue,
         Tally* tally)
      : tally_(tally) {
    constexpr double kDeadline = 20;
    client.Prepare(&context_, kDeadline);
    call_ = client.stub(number).PrepareUnaryCall(&context_, "/folio.v1.AccountService/UpdateAccount", ToBytes(request),
                                                 queue);
    call_->StartCall();
    call_->Finish(&response_, &status_, this);
  }

  void On(bool) override {
    if (status_.ok()) {
      ++tally_->updated;
    } else if (tally_->refused++ == 0) {
      tally_->first_error = status_.error_message();
    }
    delete this;
  }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> call_;
  grpc::ByteBuffer response_;
  grpc::Status status_;
  Tally* tally_;
};

class Scene {
 public:
  explicit Scene(const WatchOptions& options) : options_(options), client_(options.target) {
    const demo::Generator generator = Accounts(options.accounts);
    demo::Client account;
    for (const int64_t index : SampleIndexes(options.accounts, 1'000)) {
      generator.Make(index, &account);
      names_.push_back(account.account.name());
    }
  }

  // Opens the watches, and sees that one update reaches each.
  bool Open() {
    for (int i = 0; i < options_.watches; ++i) {
      watches_.push_back(std::make_unique<Watch>(client_, static_cast<size_t>(i), &queue_, &tally_));
    }
    if (!PumpUntil(30, [&] { return tally_.opened == options_.watches; })) return false;
    PumpUntil(1, [] { return false; });  // for the server to have registered the last
    Burst(1);
    return PumpUntil(20, [&] { return Settled(); });
  }

  // Bursts for so long, then until everything has arrived.
  bool Play() {
    const double begin = Now();
    const double step = options_.burst_every_ms / 1000.0;
    for (int i = 0; Now() < begin + options_.seconds; ++i) {
      Burst(options_.burst);
      const double next = begin + step * (i + 1);
      PumpUntil(next - Now(), [] { return false; });
    }
    return PumpUntil(30, [&] { return Settled(); });
  }

  void Close() {
    for (const auto& watch : watches_) watch->Cancel();
    PumpUntil(1, [] { return false; });
    queue_.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (queue_.Next(&tag, &ok)) static_cast<Handler*>(tag)->On(ok);
  }

  const Tally& tally() const { return tally_; }

 private:
  bool Settled() const {
    return tally_.updated + tally_.refused == sent_ && tally_.delivered >= tally_.updated * options_.watches;
  }

  void Burst(int updates) {
    for (int i = 0; i < updates; ++i, ++sent_) {
      v1::UpdateAccountRequest request;
      request.mutable_account()->set_name(names_[static_cast<size_t>(sent_) % names_.size()]);
      request.mutable_account()->set_employee_count(
          static_cast<int32_t>(sent_ + static_cast<int64_t>(Now() * 1000) % 100'000'000 + 1));
      request.mutable_update_mask()->add_paths("employee_count");
      new Update(client_, request, static_cast<size_t>(i), &queue_, &tally_);
    }
  }

  template <typename Done>
  bool PumpUntil(double seconds, Done done) {
    const double end = Now() + seconds;
    while (!done()) {
      const double left = end - Now();
      if (left <= 0 || tally_.broken > 0) return false;
      void* tag = nullptr;
      bool ok = false;
      const auto deadline =
          std::chrono::system_clock::now() + std::chrono::microseconds(static_cast<int64_t>(left * 1e6));
      if (queue_.AsyncNext(&tag, &ok, deadline) == grpc::CompletionQueue::GOT_EVENT) {
        static_cast<Handler*>(tag)->On(ok);
      }
    }
    return true;
  }

  const WatchOptions& options_;
  Client client_;
  grpc::CompletionQueue queue_;
  std::vector<std::string> names_;
  std::vector<std::unique_ptr<Watch>> watches_;
  Tally tally_;
  int64_t sent_ = 0;
};

}  // namespace

int RunWatch(const WatchOptions& options) {
  Scene scene(options);
  std::string error;
  if (!scene.Open()) error = "the watches did not open, or did not see a first update";
  const Tally before = scene.tally();
  const double cpu = CpuSeconds(options.server_pid);
  if (error.empty() && !scene.Play()) error = "not every event arrived";
  const double used = CpuSeconds(options.server_pid) - cpu;
  const Tally after = scene.tally();
  scene.Close();
  if (after.broken > 0) error += "; " + std::to_string(after.broken) + " watches broke";
  if (after.refused > 0) error += "; update refused: " + after.first_error;

  const double delivered = static_cast<double>(after.delivered - before.delivered);
  const nlohmann::json result = {{"updates", after.updated - before.updated},
                                 {"delivered", after.delivered - before.delivered},
                                 {"messages", after.messages - before.messages},
                                 {"cpu_us_per_event", delivered > 0 ? used * 1e6 / delivered : 0},
                                 {"errors", error.empty() ? 0 : 1},
                                 {"first_error", error}};
  std::printf("%s\n", result.dump().c_str());
  return error.empty() ? 0 : 1;
}

}  // namespace folio::bench
