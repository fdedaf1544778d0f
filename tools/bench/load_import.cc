// A stream of accounts, or of facts, through ImportService, from the header to the last acknowledgement.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "folio/v1/import.pb.h"
#include "folio/v1/workspace.pb.h"
#include "grpcpp/grpcpp.h"
#include "tools/bench/dataset.h"
#include "tools/bench/history.h"
#include "tools/bench/load.h"
#include "tools/bench/process.h"

namespace folio::bench {
namespace {

// The messages to send, made before the clock starts. `add(number, chunk)` adds a row.
template <typename Add>
std::vector<grpc::ByteBuffer> MakeMessages(const ImportOptions& options, const std::string& collection, Add add) {
  std::vector<grpc::ByteBuffer> messages;
  v1::ImportRequest request;
  request.mutable_header()->set_collection(collection);
  messages.push_back(ToBytes(request));
  for (int64_t row = 0; row < options.count; row += options.rows_a_chunk) {
    const int64_t rows = std::min<int64_t>(options.rows_a_chunk, options.count - row);
    request.Clear();
    v1::ImportChunk* chunk = request.mutable_chunk();
    chunk->set_first_row(row + 1);
    chunk->set_row_count(rows);
    for (int64_t i = 0; i < rows; ++i) add(options.first + row + i, chunk);
    messages.push_back(ToBytes(request));
  }
  return messages;
}

std::vector<grpc::ByteBuffer> MakeMessages(const ImportOptions& options, const std::string& currency) {
  if (options.history_of > 0) {
    const History history(options.history_of, options.history_facts);
    if (options.history_facts > 0) {
      return MakeMessages(options, "facts", [&](int64_t number, v1::ImportChunk* chunk) {
        *chunk->add_facts() = history.FactAt(number);
      });
    }
    return MakeMessages(options, "subscriptions", [&](int64_t number, v1::ImportChunk* chunk) {
      *chunk->add_subscriptions() = history.SubscriptionAt(number, currency);
    });
  }
  if (options.facts_of > 0) {
    const Facts facts(options.facts_of);
    return MakeMessages(options, "facts",
                        [&](int64_t number, v1::ImportChunk* chunk) { *chunk->add_facts() = facts.Make(number); });
  }
  const demo::Generator generator = Accounts(options.first + options.count, currency);
  demo::Client client;
  return MakeMessages(options, "accounts", [&](int64_t index, v1::ImportChunk* chunk) {
    generator.Make(index, &client);
    chunk->add_accounts()->Swap(&client.account);
  });
}

class Stream {
 public:
  Stream(Client& client, const std::vector<grpc::ByteBuffer>& messages) : messages_(messages) {
    constexpr double kDeadline = 600;
    client.Prepare(&context_, kDeadline);
    call_ = client.stub(0).PrepareCall(&context_, "/folio.v1.ImportService/Import", &queue_);
  }

  // Until the server has ended the stream.
  grpc::Status Run() {
    call_->StartCall(Tag(kStarted));
    for (bool finished = false; !finished;) {
      void* tag = nullptr;
      bool ok = false;
      queue_.Next(&tag, &ok);
      finished = Step(static_cast<int>(reinterpret_cast<intptr_t>(tag)), ok);
    }
    return status_;
  }

  const v1::ImportResponse& last() const { return last_; }
  const std::string& first_rejection() const { return first_rejection_; }

 private:
  enum { kStarted, kWritten, kWritesDone, kRead, kFinished };
  static void* Tag(intptr_t event) { return reinterpret_cast<void*>(event); }

  bool Step(int event, bool ok) {
    switch (event) {
      case kStarted:
        call_->Read(&response_, Tag(kRead));
        Write();
        break;
      case kWritten:
        if (ok) Write();
        break;
      case kRead:
        if (ok) {
          Note();
          call_->Read(&response_, Tag(kRead));
        } else {
          call_->Finish(&status_, Tag(kFinished));
        }
        break;
      case kFinished:
        return true;
      default:
        break;
    }
    return false;
  }

  void Write() {
    if (next_ < messages_.size()) {
      call_->Write(messages_[next_++], Tag(kWritten));
    } else {
      call_->WritesDone(Tag(kWritesDone));
    }
  }

  void Note() {
    last_.ParseFromString(ToString(response_));
    if (last_.rejected_rows_size() > 0 && first_rejection_.empty()) {
      first_rejection_ = last_.rejected_rows(0).ShortDebugString();
    }
  }

  const std::vector<grpc::ByteBuffer>& messages_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
  grpc::ByteBuffer response_;
  grpc::Status status_;
  v1::ImportResponse last_;
  std::string first_rejection_;
  size_t next_ = 0;
};

}  // namespace

int RunImport(const ImportOptions& options) {
  Client client(options.target);
  std::string error;
  v1::Workspace workspace;
  if (!client.Call("/folio.v1.WorkspaceService/GetWorkspace", v1::GetWorkspaceRequest(), &workspace, &error)) {
    std::fprintf(stderr, "bench_load: %s\n", error.c_str());
    return 1;
  }
  const std::vector<grpc::ByteBuffer> messages = MakeMessages(options, workspace.currency_code());
  Stream stream(client, messages);
  const double cpu = CpuSeconds(options.server_pid);
  const double begin = Now();
  const grpc::Status status = stream.Run();
  const double seconds = Now() - begin;
  const double used = CpuSeconds(options.server_pid) - cpu;

  const v1::ImportResponse& last = stream.last();
  if (!status.ok()) error = status.error_message();
  if (error.empty() && (last.counts().created() != options.count || last.durable_through_row() != options.count)) {
    error = "not every row is there: " + last.ShortDebugString() + " " + stream.first_rejection();
  }
  const double rows = static_cast<double>(options.count);
  const nlohmann::json result = {{"rows", options.count},
                                 {"rows_per_second", rows / seconds},
                                 {"cpu_us_per_row", used * 1e6 / rows},
                                 {"errors", error.empty() ? 0 : 1},
                                 {"first_error", error}};
  std::printf("%s\n", result.dump().c_str());
  return error.empty() ? 0 : 1;
}

}  // namespace folio::bench
