// The server's log: JSON lines on standard error, escaped, without secrets and without personal data.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/base/clock.h"
#include "server/rpc/line_budget.h"

namespace spdlog {
class logger;
namespace sinks {
class sink;
}
}  // namespace spdlog

namespace folio::rpc {

// Lines of successful calls in one second; beyond it they are only counted, and the next line says how many were left
// out. Failures are always logged.
inline constexpr int kCallLinesPerSecondMax = 500;

enum class LogLevel { kDebug, kInfo, kWarning, kError, kOff };

// "debug", "info", "warning", "error" or "off"; INVALID_ARGUMENT (no details) otherwise.
absl::StatusOr<LogLevel> ParseLogLevel(std::string_view text);

// One ended call.
struct CallLine {
  std::string_view method;
  absl::StatusCode code;
  std::string reason;       // of the error; empty for OK
  std::string_view detail;  // the text of an error that the client is not told; usually empty
  int64_t microseconds;
  std::string_view request_id;
  std::string_view actor;  // empty where unknown
  std::string_view workspace;
  std::string peer;  // "ipv4:127.0.0.1:40312"
};

// Any thread.
class Log {
 public:
  // A name and a value, for example {"address", "127.0.0.1:7878"}.
  using Field = std::pair<std::string_view, std::string>;

  // Writes to standard error.
  Log(const Clock& clock, LogLevel level);
  // Writes to another sink of spdlog, for tests.
  Log(const Clock& clock, LogLevel level, std::shared_ptr<spdlog::sinks::sink> sink);
  ~Log();

  void Debug(std::string_view message, std::vector<Field> fields = {}) const;
  void Info(std::string_view message, std::vector<Field> fields = {}) const;
  void Warning(std::string_view message, std::vector<Field> fields = {}) const;
  void Error(std::string_view message, std::vector<Field> fields = {}) const;
  // Whether an ended call gets a line: then Call must be told of it, once.
  bool TakesCall(absl::StatusCode code);
  void Call(const CallLine& line);

 private:
  void Write(int level, std::string_view message, const std::vector<Field>& fields) const;

  const Clock& clock_;
  std::unique_ptr<spdlog::logger> logger_;
  LineBudget budget_{kCallLinesPerSecondMax};  // of successful calls, in real time
  std::atomic<int64_t> left_out_ = 0;          // since the last line of a call
};

}  // namespace folio::rpc
