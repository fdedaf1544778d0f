// top: a live view of a server and its portfolio.
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

#include "client/cli/commands/commands.h"
#include "client/cli/top/frame.h"
#include "client/cli/top/screen.h"
#include "folio/error.h"
#include "folio/watch.h"

namespace folio::cli {
namespace {

constexpr int kPlainWidth = 200;
constexpr int kListRows = 10;

struct TopFlags {
  double interval = 2;
  int64_t count = 0;  // 0: until it is ended; 1 where there is no terminal
};

// The latest changes, taken as they happen.
class Changes {
 public:
  Changes(const Client& client, std::stop_token outside)
      : client_(client), stop_outside_(std::move(outside), [this] { stop_.request_stop(); }) {
    thread_ = std::thread([this] {
      WatchOptions options;
      options.stop = stop_.get_token();
      // A view goes on without them; that the server does not answer is told elsewhere.
      (void)Watch(
          client_, v1::WatchRequest(), [this](const auto& response) { return Take(response); }, options);
    });
  }
  ~Changes() {
    stop_.request_stop();
    thread_.join();
  }

  std::vector<v1::ChangeEvent> Latest() const {
    const std::lock_guard lock(mutex_);
    return {events_.begin(), events_.end()};
  }

 private:
  absl::Status Take(const v1::WatchResponse& response) {
    const std::lock_guard lock(mutex_);
    for (const v1::ChangeEvent& event : response.events()) events_.push_front(event);
    if (events_.size() > kListRows) events_.resize(kListRows);
    return absl::OkStatus();
  }

  const Client client_;
  std::stop_source stop_;
  std::stop_callback<std::function<void()>> stop_outside_;
  mutable std::mutex mutex_;
  std::deque<v1::ChangeEvent> events_;
  std::thread thread_;
};

// Asks for all that is shown. The state keeps what it held where a call fails.
absl::Status Ask(Context& context, TopState* state) {
  const auto before = std::chrono::steady_clock::now();
  absl::Status status = context.Call("AdminService.GetServerInfo", v1::GetServerInfoRequest(), &state->info);
  if (!status.ok()) return status;
  state->answer = std::chrono::steady_clock::now() - before;
  status = context.Call("PortfolioService.GetPortfolioSummary", v1::GetPortfolioSummaryRequest(), &state->summary);
  if (!status.ok()) return status;
  v1::ListSignalsRequest newest;
  newest.set_page_size(kListRows);
  newest.set_order(v1::SIGNAL_ORDER_NEWEST);
  v1::ListSignalsResponse signals;
  if (status = context.Call("SignalService.ListSignals", newest, &signals); !status.ok()) return status;
  state->signals.assign(signals.signals().begin(), signals.signals().end());
  v1::ListOperationsResponse operations;
  status = context.Call("OperationService.ListOperations", v1::ListOperationsRequest(), &operations);
  if (!status.ok()) return status;
  state->operations.clear();
  for (const v1::Operation& operation : operations.operations()) {
    if (operation.state() == v1::OPERATION_STATE_RUNNING) state->operations.push_back(operation);
  }
  return absl::OkStatus();
}

// Asks again, and reckons how fast changes come.
absl::Status Refresh(Context& context, TopState* state, std::chrono::steady_clock::time_point* asked) {
  const int64_t revision = state->info.revision();
  const auto before = *asked;
  const absl::Status status = Ask(context, state);
  state->error = status.ok() ? "" : ErrorOf(status).message;
  *asked = std::chrono::steady_clock::now();
  if (revision > 0) {
    const double seconds = std::chrono::duration<double>(*asked - before).count();
    state->changes_per_second = static_cast<double>(state->info.revision() - revision) / std::max(seconds, 0.001);
  }
  return status;
}

absl::StatusOr<int> ShowPlain(Context& context, const TopFlags& flags, TopState state) {
  const TopStyle style{.language = context.language(), .width = kPlainWidth, .rows = kListRows};
  auto asked = std::chrono::steady_clock::now();
  for (int64_t shown = 0; shown < std::max<int64_t>(flags.count, 1) && context.out; ++shown) {
    if (shown > 0) {
      const auto due = asked + std::chrono::duration<double>(flags.interval);
      while (std::chrono::steady_clock::now() < due && !context.stop.stop_requested()) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
      }
      context.out << '\n';
    }
    if (context.stop.stop_requested()) return kSuccess;
    if (absl::Status status = Refresh(context, &state, &asked); !status.ok()) return status;
    for (const std::string& line : TopFrame(state, style)) context.out << line << '\n';
    context.out.flush();
  }
  return kSuccess;
}

absl::StatusOr<int> ShowLive(Context& context, const TopFlags& flags, TopState state) {
  auto asked = std::chrono::steady_clock::now();
  // The first answer is needed: a wrong key is an error, not a view.
  if (absl::Status status = Refresh(context, &state, &asked); !status.ok()) return status;
  const Changes changes(**context.client(), context.stop);
  Screen screen(context.out, context.terminal.in != nullptr);
  const auto interval = std::chrono::milliseconds(static_cast<int64_t>(flags.interval * 1000));
  for (int64_t shown = 1;; ++shown) {
    state.changes = changes.Latest();
    screen.Draw(TopFrame(state, {.language = context.language(),
                                 .colours = context.terminal.colours,
                                 .width = screen.width(),
                                 .rows = std::clamp((screen.height() - 12) / 2, 3, kListRows)}));
    if (shown == flags.count || !screen.Wait(interval, context.stop)) return kSuccess;
    (void)Refresh(context, &state, &asked);  // the frame says where it failed
  }
}

absl::StatusOr<int> Top(Context& context, const TopFlags& flags) {
  context.flags.retry = false;  // a view tells at once that there is no answer
  const absl::StatusOr<const Client*> client = context.client();
  if (!client.ok()) return client.status();
  TopState state;
  state.server = (*client)->options().server;
  return context.terminal.out_is_terminal ? ShowLive(context, flags, std::move(state))
                                          : ShowPlain(context, flags, std::move(state));
}

}  // namespace

void AddTopCommand(CLI::App& app, Context& context) {
  auto flags = std::make_shared<TopFlags>();
  CLI::App* command = app.add_subcommand("top", "Shows server and portfolio as they live; q ends it");
  command->add_option("--interval", flags->interval, "From one look to the next")
      ->check(CLI::Range(0.1, 3600.0))
      ->capture_default_str();
  command->add_option("--count", flags->count, "End after so many looks; one where the output is no terminal")
      ->check(CLI::PositiveNumber);
  command->callback([&context, flags] { context.action = [&context, flags] { return Top(context, *flags); }; });
}

}  // namespace folio::cli
