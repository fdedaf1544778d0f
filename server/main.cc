// foliod: wiring only.
#include <signal.h>
#include <sys/prctl.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>

#include "absl/synchronization/mutex.h"
#include "server/base/clock.h"
#include "server/base/date.h"
#include "server/base/text.h"
#include "server/rpc/config.h"
#include "server/rpc/instance.h"
#include "server/rpc/log.h"

namespace folio {
namespace {

constexpr int kExitUsage = 2;

std::optional<std::string> FromEnvironment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

int Fail(const absl::Status& status, int code) {
  std::fprintf(stderr, "foliod: %s\n", std::string(MessageOf(status)).c_str());
  return code;
}

std::unique_ptr<Clock> MakeClock(const rpc::Config& config) {
  if (config.now.empty()) return std::make_unique<SystemClock>();
  return std::make_unique<ShiftedClock>(*ParseInstant(config.now));
}

// What a developer needs to go on. Scripts read the two exports.
void PrintDevelopmentHelp(const rpc::Instance& instance, const rpc::Config& config) {
  std::printf(
      "Folio is ready for development.\n"
      "\n"
      "  address    %s\n"
      "  workspace  %s (%s, %s)\n"
      "  data       %s%s\n"
      "  key file   %s\n"
      "\n"
      "export FOLIO_SERVER=%s\n"
      "export FOLIO_KEY=%s\n"
      "\n"
      "Then try:\n"
      "  folio doctor\n"
      "  folio demo load\n"
      "  folio portfolio summary --group-by sector\n"
      "  folio portfolio list --order-by 'arr desc'\n"
      "  folio watch\n",
      instance.address().c_str(), instance.dev_workspace().c_str(), config.dev_currency.c_str(),
      config.dev_time_zone.c_str(), instance.folder().path().c_str(),
      instance.folder().removed_at_end() ? " (removed at the end)" : "", instance.folder().File("dev-key").c_str(),
      instance.address().c_str(), instance.dev_key().c_str());
  std::fflush(stdout);
}

// Returns once SIGINT or SIGTERM has come; a second one then ends the process at once.
void WaitForStop(const sigset_t& signals) {
  int signal = 0;
  while (sigwait(&signals, &signal) != 0) {
  }
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

int Serve(const rpc::Config& config) {
  // Threads inherit the mask, so it is set before there are any.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  // Keys and customers' data pass through memory: no core dumps, no other process looking in.
  if (!config.dev) prctl(PR_SET_DUMPABLE, 0);

  const std::unique_ptr<Clock> clock = MakeClock(config);
  rpc::Log log(*clock, *rpc::ParseLogLevel(config.log_level));
  auto instance = rpc::Instance::Start(config, {.clock = *clock, .log = log, .version = FOLIO_VERSION});
  if (!instance.ok()) return Fail(instance.status(), EXIT_FAILURE);
  if (config.dev) PrintDevelopmentHelp(**instance, config);
  WaitForStop(signals);
  (*instance)->Stop();
  return EXIT_SUCCESS;
}

int Main(int argc, char** argv) {
  // Debian's abseil looks for deadlocks at every lock that gRPC takes, as builds for debugging do.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  const auto command = rpc::ReadCommand(argc, argv, FromEnvironment, FOLIO_VERSION);
  if (!command.ok()) return Fail(command.status(), kExitUsage);
  switch (command->action) {
    case rpc::Command::Action::kShowText:
      std::fputs(command->text.c_str(), stdout);
      return EXIT_SUCCESS;
    case rpc::Command::Action::kPrintConfig:
      std::fputs(rpc::FormatConfig(command->config).c_str(), stdout);
      return EXIT_SUCCESS;
    case rpc::Command::Action::kServe:
      break;
  }
  return Serve(command->config);
}

}  // namespace
}  // namespace folio

int main(int argc, char** argv) { return folio::Main(argc, argv); }
