// Watches of the portfolio: one thread that looks at all of them ten times a second, and workers that tell what is new.
//
// A watch holds no queue. It holds what it has told (see PortfolioTelling), which is the tables of that moment: as much
// memory as has changed since. So a reader that takes nothing is ended after a while, and what ended watches have told
// is kept only for a short while and for a few of them.
#pragma once

#include <chrono>
#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "folio/v1/portfolio.pb.h"
#include "server/portfolio/telling.h"
#include "server/rpc/server_context.h"
#include "server/rpc/stream.h"
#include "server/services/portfolio_token.h"

namespace folio::services {

class PortfolioWatcher;

// A telling, and the stream that it is for. It goes on with another stream where its own ends.
struct PortfolioSession {
  PortfolioSession(std::string session_id, std::weak_ptr<portfolio::Workspace> its_workspace, model::Filter filter)
      : id(std::move(session_id)), workspace(std::move(its_workspace)), telling(std::move(filter)) {}

  const std::string id;
  const std::weak_ptr<portfolio::Workspace> workspace;  // another one cannot go on with it

  std::mutex mutex;
  portfolio::PortfolioTelling telling;  // guarded by mutex
  std::weak_ptr<rpc::Stream> stream;    // guarded by mutex; nobody else may tell
};

// All of them. Any thread.
class PortfolioWatchers {
 public:
  // Starts its thread.
  PortfolioWatchers();
  ~PortfolioWatchers();
  PortfolioWatchers(const PortfolioWatchers&) = delete;
  PortfolioWatchers& operator=(const PortfolioWatchers&) = delete;

  void Add(std::shared_ptr<PortfolioWatcher> watcher);
  // Its session is kept for a while.
  void Remove(const PortfolioWatcher* watcher);

  // A new session, or the one that goes on from a position; nullptr where that is not known any more.
  std::shared_ptr<PortfolioSession> Begin(const std::shared_ptr<portfolio::Workspace>& workspace, model::Filter filter);
  std::shared_ptr<PortfolioSession> Resume(const std::shared_ptr<portfolio::Workspace>& workspace,
                                           const PortfolioPosition& position,
                                           const std::shared_ptr<rpc::Stream>& stream);

 private:
  using Clock = std::chrono::steady_clock;
  struct Ended {
    std::shared_ptr<PortfolioSession> session;
    Clock::time_point time;
  };

  void Loop();
  void ForgetOld();  // with mutex_ held

  std::mutex mutex_;
  std::condition_variable wake_;
  std::unordered_map<const PortfolioWatcher*, std::shared_ptr<PortfolioWatcher>> watchers_;  // guarded by mutex_
  std::unordered_map<std::string, std::weak_ptr<PortfolioSession>> sessions_;                // by id; guarded by mutex_
  std::list<Ended> ended_;                                                                   // guarded by mutex_
  bool stopping_ = false;                                                                    // guarded by mutex_
  std::thread thread_;  // last: it uses all of the above
};

// One watch.
class PortfolioWatcher final : public rpc::StreamHandler, public std::enable_shared_from_this<PortfolioWatcher> {
 public:
  PortfolioWatcher(std::shared_ptr<rpc::Stream> stream, rpc::ServerContext& server, PortfolioWatchers& watchers,
                   std::shared_ptr<PortfolioSession> session, uint64_t filter, bool begins_again)
      : stream_(std::move(stream)),
        server_(server),
        watchers_(watchers),
        session_(std::move(session)),
        filter_(filter),
        begins_again_(begins_again) {}

  // The handler of a stream. INVALID_ARGUMENT for a wrong filter or token.
  static absl::StatusOr<std::shared_ptr<rpc::StreamHandler>> Open(std::shared_ptr<rpc::Stream> stream,
                                                                  rpc::ServerContext& server,
                                                                  PortfolioWatchers& watchers,
                                                                  const v1::WatchPortfolioRequest& request);

  void OnOpen() override;
  void OnDrained() override;
  void OnOver() override;

  // Has a worker tell what is new. The thread of all watches.
  void Look();

  const std::shared_ptr<PortfolioSession>& session() const { return session_; }

 private:
  using Clock = std::chrono::steady_clock;

  void Tell();
  void Send(v1::WatchPortfolioResponse message);
  bool MayWrite() const;
  bool HasNews() const;
  const portfolio::Portfolio& portfolio() const { return stream_->context().workspace->portfolio(); }

  const std::shared_ptr<rpc::Stream> stream_;
  rpc::ServerContext& server_;
  PortfolioWatchers& watchers_;
  const std::shared_ptr<PortfolioSession> session_;
  const uint64_t filter_;
  bool begins_again_;  // to be said; guarded by the session's mutex
  std::mutex mutex_;
  bool telling_ = false;           // guarded by mutex_: a worker does
  Clock::time_point last_sent_{};  // guarded by mutex_; while a worker tells, the worker's alone
};

}  // namespace folio::services
