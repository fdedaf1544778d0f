// One watch: what its client wants to see, how far it has been sent, and the sending.
//
// A watch is a position in the log, not a queue: a slow client holds no memory, it is merely further back. Recent
// changes come from memory, on the hub's thread, in messages that watches with the same wishes share; older ones, and
// the initial snapshot, are read from the store on a worker.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "folio/v1/watch.pb.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/engine/feed.h"
#include "server/portfolio/workspace.h"
#include "server/rpc/server_context.h"
#include "server/rpc/stream.h"
#include "server/services/watch_token.h"

namespace folio::services {

// What a client wants to see.
struct WatchFilter {
  std::set<storage::Kind> kinds;  // empty: all
  std::string account;            // empty: all

  bool Matches(const engine::FeedEvent& event) const;
  // The same text for filters that match the same.
  std::string Key() const;
};

// Messages made during one round of the hub, shared by watches that want the same.
class WatchRound {
 public:
  struct Message {
    grpc::ByteBuffer bytes;
    storage::Revision through = 0;  // the revision that it ends with
    bool has_events = false;
  };

  // Changes after a revision that are in memory.
  const Message& After(portfolio::Workspace& workspace, storage::Revision after, const WatchFilter& filter);

 private:
  std::map<std::tuple<const portfolio::Workspace*, storage::Revision, std::string>, Message> messages_;
};

class WatchHub;

class Watcher final : public rpc::StreamHandler, public std::enable_shared_from_this<Watcher> {
 public:
  Watcher(std::shared_ptr<rpc::Stream> stream, rpc::ServerContext& server, WatchHub& hub, WatchFilter filter,
          WatchPosition start);

  // Where a request wants to begin. INVALID_ARGUMENT for a wrong token, collection or revision.
  static absl::StatusOr<WatchPosition> StartOf(const portfolio::Workspace& workspace, const v1::WatchRequest& request);
  static absl::StatusOr<WatchFilter> FilterOf(const v1::WatchRequest& request);

  void OnOpen() override;
  void OnDrained() override;
  void OnOver() override;

  // Sends what is new. The hub's thread.
  void Pump(WatchRound& round);

 private:
  using Clock = std::chrono::steady_clock;

  bool MayWrite() const;
  void StartCatchingUp();
  void CatchUp();
  bool SendSnapshotPart();
  bool SendLogPart();
  void Send(grpc::ByteBuffer message);
  portfolio::Workspace& workspace() const { return *stream_->context().workspace; }

  const std::shared_ptr<rpc::Stream> stream_;
  rpc::ServerContext& server_;
  WatchHub& hub_;
  const WatchFilter filter_;
  std::mutex mutex_;
  WatchPosition position_;         // guarded by mutex_; while catching up, the worker's alone
  bool catching_up_ = false;       // guarded by mutex_
  Clock::time_point last_sent_{};  // guarded by mutex_; while catching up, the worker's alone
};

}  // namespace folio::services
