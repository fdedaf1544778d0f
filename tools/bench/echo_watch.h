// Watches that get one message for each event: what coalescing is compared with.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_set>
#include <vector>

#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"

namespace folio::bench {

class Hub;

// One watch: a queue of messages, written one after the other.
class HubWatch : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
 public:
  explicit HubWatch(Hub* hub) : hub_(hub) {}

  // Queues a message. From any thread, before OnDone.
  void Send(const grpc::Slice& message);

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  void WriteFront();

  Hub* hub_;
  std::mutex mutex_;
  std::deque<grpc::Slice> queue_;
  grpc::ByteBuffer writing_;
  bool finished_ = false;
};

// All watches of the server, and the thread that hands events to them.
class Hub {
 public:
  Hub();
  ~Hub();

  HubWatch* Open();
  void Forget(HubWatch* watch);

  // An event for every watch: a WatchResponse that holds this account, in its bytes.
  void Publish(const std::string& account_bytes);

 private:
  void Run();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<grpc::Slice> events_;
  std::unordered_set<HubWatch*> watches_;
  int64_t revision_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace folio::bench
