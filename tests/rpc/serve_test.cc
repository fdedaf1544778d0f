// The contract of Serve and of streams, with handlers that do what no real one does.
#include "server/rpc/serve.h"

#include <atomic>
#include <future>
#include <mutex>
#include <thread>

#include "folio/v1/import.grpc.pb.h"
#include "folio/v1/task.grpc.pb.h"
#include "folio/v1/watch.grpc.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/rpc/stream.h"
#include "tests/rpc/bare_server.h"

namespace folio::rpc {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

using GetCall = std::shared_ptr<Call<v1::GetTaskRequest, v1::Task>>;

// GetTask as the test says.
template <class Handler>
class TaskService final : public v1::TaskService::CallbackService {
 public:
  TaskService(ServerContext& server, Handler handler) : server_(server), handler_(std::move(handler)) {}
  grpc::ServerUnaryReactor* GetTask(grpc::CallbackServerContext* grpc, const v1::GetTaskRequest* request,
                                    v1::Task* response) override {
    return rpc::Serve(server_, grpc, "TaskService.GetTask", request, response, handler_);
  }

 private:
  ServerContext& server_;
  Handler handler_;
};

// What a client gets from GetTask with that handler.
template <class Handler>
grpc::Status AskTask(BareServer* server, Handler handler, v1::Task* task = nullptr) {
  TaskService<Handler> service(server->context(), std::move(handler));
  server->Serve(&service);
  v1::GetTaskRequest request;
  request.set_name("tasks/t");
  v1::Task ignored;
  const grpc::Status status =
      v1::TaskService::NewStub(server->channel())
          ->GetTask(NewContext(server->key()).get(), request, task == nullptr ? &ignored : task);
  server->Stop();
  return status;
}

TEST(Serve, AHandlerMayAnswerLaterFromAnotherThread) {
  BareServer server;
  std::thread thread;
  v1::Task task;
  const grpc::Status status = AskTask(
      &server,
      [&thread](const GetCall& call) {
        thread = std::thread([call] {
          call->response()->set_title(call->request().name());
          call->Finish(absl::OkStatus());
          call->Finish(absl::InternalError("a second answer counts for nothing"));
        });
      },
      &task);
  thread.join();
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(task.title(), "tasks/t");
}

TEST(Serve, AHandlerThatForgetsItsCallAnswersWithInternal) {
  BareServer server;
  const grpc::Status status = AskTask(&server, [](const GetCall&) {});
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INTERNAL);
  EXPECT_EQ(ReasonOf(status), "INTERNAL");
  EXPECT_EQ(server.context().gate.calls().count(), 0);
}

TEST(Serve, AnErrorThatWasNotMeantForClientsIsOnlyLogged) {
  BareServer server;
  const grpc::Status status =
      AskTask(&server, [](const CallContext&, const v1::GetTaskRequest&, v1::Task*) -> absl::Status {
        return absl::InvalidArgumentError("row 17 of /secret/path");
      });
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INTERNAL);
  EXPECT_THAT(status.error_message(), Not(HasSubstr("/secret/path")));
  EXPECT_THAT(server.LogText(), HasSubstr("/secret/path"));
}

TEST(Serve, WhatStorageSaysGetsAReason) {
  BareServer server;
  const grpc::Status status =
      AskTask(&server, [](const CallContext&, const v1::GetTaskRequest&, v1::Task*) -> absl::Status {
        return absl::DataLossError("record 7");
      });
  EXPECT_EQ(status.error_code(), grpc::StatusCode::DATA_LOSS);
  EXPECT_EQ(ReasonOf(status), "STORAGE_CORRUPT");
}

TEST(Serve, AHandlerKnowsItsCaller) {
  BareServer server;
  const auto before = std::chrono::system_clock::now();
  CallContext seen;
  ASSERT_TRUE(AskTask(&server, [&seen](const CallContext& call, const v1::GetTaskRequest&, v1::Task*) {
                seen = call;
                return absl::OkStatus();
              }).ok());
  EXPECT_EQ(seen.principal->workspace, "demo");
  EXPECT_EQ(seen.principal->role, v1::ROLE_ADMINISTRATOR);
  EXPECT_NE(seen.workspace, nullptr);
  EXPECT_GT(seen.deadline, before);
  EXPECT_FALSE(seen.Expired());
  seen.deadline = before;
  EXPECT_TRUE(seen.Expired());
}

// --- Streams --------------------------------------------------------------------------------------------------------

// What a handler was told.
struct Events {
  std::mutex mutex;
  int opened = 0;
  int drained = 0;
  int half_closed = 0;
  std::vector<std::string> messages;
  std::promise<void> over;

  void Add(int* counter) {
    const std::lock_guard lock(mutex);
    ++*counter;
  }
};

// Notes what happens, and does what the test says when the stream opens and when a message comes.
class Recorder : public StreamHandler {
 public:
  using Action = std::function<void(Stream&)>;
  Recorder(std::shared_ptr<Stream> stream, Events& events, Action open, Action message)
      : stream_(std::move(stream)), events_(events), open_(std::move(open)), message_(std::move(message)) {}

  void OnOpen() override {
    events_.Add(&events_.opened);
    open_(*stream_);
  }
  void OnMessage(grpc::ByteBuffer bytes) override {
    v1::ImportRequest request;
    EXPECT_TRUE(ParseRequest(bytes, &request).ok());
    {
      const std::lock_guard lock(events_.mutex);
      events_.messages.push_back(request.header().import_id());
    }
    message_(*stream_);
  }
  void OnHalfClosed() override {
    events_.Add(&events_.half_closed);
    stream_->Finish(absl::OkStatus());
  }
  void OnDrained() override { events_.Add(&events_.drained); }
  void OnOver() override {
    EXPECT_TRUE(stream_->over());
    EXPECT_FALSE(stream_->Write(ToBytes(std::string("too late"))));
    stream_->Read();
    stream_->Finish(absl::OkStatus());
    events_.over.set_value();
  }

 private:
  const std::shared_ptr<Stream> stream_;
  Events& events_;
  const Action open_;
  const Action message_;
};

using WatchBase = v1::WatchService::WithRawCallbackMethod_Watch<v1::WatchService::CallbackService>;
using ImportBase = v1::ImportService::WithRawCallbackMethod_Import<v1::ImportService::Service>;

class WatchService final : public WatchBase {
 public:
  WatchService(ServerContext& server, Events& events, Recorder::Action open)
      : server_(server), events_(events), open_(std::move(open)) {}
  StreamWriter* Watch(grpc::CallbackServerContext* grpc, const grpc::ByteBuffer* request) override {
    return ServeStream<v1::WatchRequest>(
        server_, grpc, "WatchService.Watch", request,
        [this](const std::shared_ptr<Stream>& stream,
               const v1::WatchRequest& watch) -> absl::StatusOr<std::shared_ptr<StreamHandler>> {
          if (watch.account() == "none") return error::NotFound("accounts/none");
          return std::make_shared<Recorder>(stream, events_, open_, [](Stream&) {});
        });
  }

 private:
  ServerContext& server_;
  Events& events_;
  const Recorder::Action open_;
};

class ImportService final : public ImportBase {
 public:
  ImportService(ServerContext& server, Events& events, Recorder::Action message)
      : server_(server), events_(events), message_(std::move(message)) {}
  StreamReactor* Import(grpc::CallbackServerContext* grpc) override {
    return ServeBidi(server_, grpc, "ImportService.Import",
                     [this](const std::shared_ptr<Stream>& stream) -> absl::StatusOr<std::shared_ptr<StreamHandler>> {
                       return std::make_shared<Recorder>(
                           stream, events_, [](Stream& opened) { opened.Read(); }, message_);
                     });
  }

 private:
  ServerContext& server_;
  Events& events_;
  const Recorder::Action message_;
};

grpc::ByteBuffer WatchMessage(int64_t revision) {
  v1::WatchResponse message;
  message.set_revision(revision);
  return ToBytes(message);
}

// More than a client that does not read lets come: its window is 64 KiB (see BareServer).
constexpr int kLargeBytes = 1 << 20;
constexpr int kLargeMessages = 8;

grpc::ByteBuffer LargeMessage() {
  v1::WatchResponse large;
  large.set_resume_token(std::string(kLargeBytes, 'x'));
  return ToBytes(large);
}

TEST(Streams, MessagesComeInOrderAndAllOfThem) {
  constexpr int kMessages = 2000;
  BareServer server;
  Events events;
  WatchService service(server.context(), events, [](Stream& stream) {
    for (int i = 1; i <= kMessages; ++i) EXPECT_TRUE(stream.Write(WatchMessage(i)));
    stream.Finish(absl::OkStatus());
    EXPECT_FALSE(stream.Write(WatchMessage(0)));
  });
  server.Serve(&service);
  const auto context = NewContext(server.key());
  const auto watch = v1::WatchService::NewStub(server.channel())->Watch(context.get(), {});
  v1::WatchResponse message;
  int64_t last = 0;
  while (watch->Read(&message)) EXPECT_EQ(message.revision(), ++last);
  EXPECT_EQ(last, kMessages);
  EXPECT_TRUE(watch->Finish().ok());
  events.over.get_future().wait();
  server.Stop();
}

TEST(Streams, AnAbortDropsWhatWaits) {
  BareServer server;
  Events events;
  std::promise<void> aborted;
  WatchService service(server.context(), events, [&aborted](Stream& stream) {
    for (int i = 0; i < kLargeMessages; ++i) stream.Write(LargeMessage());
    EXPECT_GT(stream.pending_bytes(), kLargeBytes);
    stream.Abort(error::FellBehind("token"));
    aborted.set_value();
  });
  server.Serve(&service);
  const auto context = NewContext(server.key());
  const auto watch = v1::WatchService::NewStub(server.channel())->Watch(context.get(), {});
  aborted.get_future().wait();  // not read before: whatever is slow, not all can have been sent
  v1::WatchResponse message;
  int count = 0;
  while (watch->Read(&message)) ++count;
  EXPECT_LT(count, kLargeMessages);
  EXPECT_EQ(ReasonOf(watch->Finish()), "FELL_BEHIND");
  events.over.get_future().wait();
  server.Stop();
}

TEST(Streams, AHandlerHearsOfAClientThatLeaves) {
  BareServer server;
  Events events;
  WatchService service(server.context(), events, [](Stream& stream) { stream.Write(WatchMessage(1)); });
  server.Serve(&service);
  const auto context = NewContext(server.key());
  const auto watch = v1::WatchService::NewStub(server.channel())->Watch(context.get(), {});
  v1::WatchResponse message;
  ASSERT_TRUE(watch->Read(&message));
  EXPECT_EQ(server.context().streams.size(), 1U);
  context->TryCancel();
  events.over.get_future().wait();
  EXPECT_EQ(server.context().streams.size(), 0U);
  EXPECT_EQ(server.context().gate.streams().count(), 0);
  EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::CANCELLED);
  server.Stop();
}

TEST(Streams, AClientThatDoesNotReadLetsMessagesWait) {
  BareServer server;
  Events events;
  std::shared_future<void> over = events.over.get_future().share();
  std::promise<int64_t> waiting;
  WatchService service(server.context(), events, [&waiting](Stream& stream) {
    for (int i = 0; i < kLargeMessages; ++i) stream.Write(LargeMessage());
    waiting.set_value(stream.pending_bytes());
  });
  server.Serve(&service);
  const auto context = NewContext(server.key());
  const auto watch = v1::WatchService::NewStub(server.channel())->Watch(context.get(), {});
  EXPECT_GT(waiting.get_future().get(), kLargeMessages / 2 * kLargeBytes);
  EXPECT_EQ(events.drained, 0);
  v1::WatchResponse message;
  for (int i = 0; i < kLargeMessages; ++i) ASSERT_TRUE(watch->Read(&message)) << i;
  context->TryCancel();
  over.wait();
  watch->Finish();
  server.Stop();
}

TEST(Streams, AHandlerThatIsRefusedEndsTheStreamWithItsError) {
  BareServer server;
  Events events;
  WatchService service(server.context(), events, [](Stream&) {});
  server.Serve(&service);
  v1::WatchRequest request;
  request.set_account("none");
  const auto context = NewContext(server.key());
  const auto watch = v1::WatchService::NewStub(server.channel())->Watch(context.get(), request);
  v1::WatchResponse message;
  EXPECT_FALSE(watch->Read(&message));
  EXPECT_EQ(ReasonOf(watch->Finish()), "RESOURCE_NOT_FOUND");
  server.Stop();
  EXPECT_EQ(events.opened, 0);
}

TEST(Streams, BothWaysReadOneMessageAtATimeUntilTheClientIsDone) {
  BareServer server;
  Events events;
  ImportService service(server.context(), events, [](Stream& stream) {
    stream.Write(ToBytes(v1::ImportResponse()));
    stream.Read();
  });
  server.Serve(&service);
  const auto context = NewContext(server.key());
  const auto import = v1::ImportService::NewStub(server.channel())->Import(context.get());
  std::vector<std::string> sent;
  v1::ImportResponse answer;
  for (int i = 0; i < 100; ++i) {
    v1::ImportRequest request;
    sent.push_back(std::to_string(i));
    request.mutable_header()->set_import_id(sent.back());
    ASSERT_TRUE(import->Write(request));
    ASSERT_TRUE(import->Read(&answer));
  }
  import->WritesDone();
  EXPECT_FALSE(import->Read(&answer));
  EXPECT_TRUE(import->Finish().ok());
  events.over.get_future().wait();
  server.Stop();
  EXPECT_EQ(events.messages, sent);
  EXPECT_EQ(events.half_closed, 1);
}

TEST(WorkerPool, RefusesWhatIsTooMuchAndFinishesTheRest) {
  std::promise<void> gate;
  std::shared_future<void> open = gate.get_future().share();
  std::atomic<int> done = 0;
  std::promise<void> begun;
  {
    WorkerPool pool(/*threads=*/1, /*queue_max=*/2);
    ASSERT_TRUE(pool.Submit([&] {
                      begun.set_value();
                      open.wait();
                      ++done;
                    })
                    .ok());
    begun.get_future().wait();
    EXPECT_TRUE(pool.Submit([&] { ++done; }).ok());
    EXPECT_TRUE(pool.Submit([&] { ++done; }).ok());
    EXPECT_EQ(error::ReasonOf(pool.Submit([&] { ++done; })), "OVERLOADED");
    gate.set_value();
    pool.Stop();
    EXPECT_EQ(error::ReasonOf(pool.Submit([&] { ++done; })), "SHUTTING_DOWN");
  }
  EXPECT_EQ(done, 3);
}

TEST(Bytes, AMessageInSeveralSlicesIsRead) {
  v1::Task task;
  task.set_title("in pieces");
  const std::string bytes = task.SerializeAsString();
  const std::vector<grpc::Slice> slices = {grpc::Slice(bytes.substr(0, 3)), grpc::Slice(bytes.substr(3))};
  v1::Task read;
  ASSERT_TRUE(ParseRequest(grpc::ByteBuffer(slices.data(), slices.size()), &read).ok());
  EXPECT_EQ(read.title(), "in pieces");
  EXPECT_EQ(error::ReasonOf(ParseRequest(ToBytes(std::string("\xff\xff")), &read)), "REQUEST_MALFORMED");
  ASSERT_TRUE(ParseRequest(ToBytes(task), &read).ok());
  EXPECT_EQ(read.title(), "in pieces");
}

}  // namespace
}  // namespace folio::rpc
