// A real server in this process, on loopback, with what tests need to look at it.
#pragma once

#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "folio/v1/admin.pb.h"
#include "folio/v1/options.pb.h"
#include "google/protobuf/any.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "server/base/clock.h"
#include "server/rpc/access_store.h"
#include "server/rpc/config.h"
#include "server/rpc/instance.h"
#include "server/rpc/log.h"

namespace folio::rpc {

// A folder that goes with the object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }
  std::string File(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  std::string path_;
};

// Limits that a test sets low.
struct TestLimits {
  ListenerLimits connections;
  int calls_max = 100;
  int streams_max = 100;
};

class TestServer {
 public:
  explicit TestServer(TestLimits limits = {}, Config config = {});
  ~TestServer();

  Instance& instance() { return *instance_; }
  ManualClock& clock() { return clock_; }
  const std::string& admin_key() const { return instance_->dev_key(); }
  const TemporaryFolder& folder() const { return folder_; }

  // A channel with connections of its own.
  std::shared_ptr<grpc::Channel> NewChannel() const;

  // The text of a new key to a workspace.
  std::string NewKey(v1::Role role, const std::string& workspace = "dev");

  // Stops the server and starts it again on the same data.
  void Restart();

  // Everything logged so far.
  std::string LogText() const { return log_text_.str(); }

 private:
  void Start();

  const TestLimits limits_;
  TemporaryFolder folder_;
  Config config_;
  ManualClock clock_;
  std::ostringstream log_text_;
  Log log_;
  std::unique_ptr<Instance> instance_;
};

// What a client sends along. A deadline of a minute, so that a hanging test ends.
std::unique_ptr<grpc::ClientContext> NewContext(std::string_view key, std::string_view language = "");

// Asks again and again until it is so; false where it is not within a minute.
bool Eventually(const std::function<bool()>& is_so);

// Calls GetServerInfo, once the server can be reached.
grpc::Status GetInfo(const std::shared_ptr<grpc::Channel>& channel, const std::string& key, v1::ServerInfo* info);

// Details of an error, unpacked; a default one where it does not have such a detail.
template <class Detail>
Detail DetailOf(const grpc::Status& status) {
  google::rpc::Status wire;
  wire.ParseFromString(status.error_details());
  for (const auto& any : wire.details()) {
    Detail detail;
    if (any.UnpackTo(&detail)) return detail;
  }
  return Detail();
}

// A sink that writes lines to a stream.
std::shared_ptr<spdlog::sinks::sink> MakeLogSink(std::ostream& stream);

// Reason of an error; empty where it has none.
std::string ReasonOf(const grpc::Status& status);

}  // namespace folio::rpc
