#include "server/rpc/log.h"

#include <array>
#include <nlohmann/json.hpp>

#include "server/base/date.h"
#include "server/base/text.h"
#include "spdlog/logger.h"
#include "spdlog/sinks/stdout_sinks.h"

namespace folio::rpc {
namespace {

using nlohmann::ordered_json;

constexpr std::array<std::string_view, 5> kLevelNames = {"debug", "info", "warning", "error", "off"};

spdlog::level::level_enum ToSpdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
    case LogLevel::kOff:
      break;
  }
  return spdlog::level::off;
}

const char* LevelName(spdlog::level::level_enum level) {
  switch (level) {
    case spdlog::level::debug:
      return "debug";
    case spdlog::level::info:
      return "info";
    case spdlog::level::warn:
      return "warning";
    default:
      return "error";
  }
}

// One line, whatever is in it: control characters escaped, ill-formed UTF-8 replaced.
std::string ToLine(const ordered_json& json) {
  return json.dump(-1, ' ', /*ensure_ascii=*/true, ordered_json::error_handler_t::replace);
}

// What is the server's fault is for its operator to see.
spdlog::level::level_enum LevelOf(absl::StatusCode code) {
  const bool server_fault =
      code == absl::StatusCode::kInternal || code == absl::StatusCode::kDataLoss || code == absl::StatusCode::kUnknown;
  return server_fault ? spdlog::level::err : spdlog::level::info;
}

int64_t RealSecond() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

absl::StatusOr<LogLevel> ParseLogLevel(std::string_view text) {
  for (size_t i = 0; i < kLevelNames.size(); ++i) {
    if (text == kLevelNames[i]) return static_cast<LogLevel>(i);
  }
  return absl::InvalidArgumentError("log level must be debug, info, warning, error or off");
}

Log::Log(const Clock& clock, LogLevel level) : Log(clock, level, std::make_shared<spdlog::sinks::stderr_sink_mt>()) {}

Log::Log(const Clock& clock, LogLevel level, std::shared_ptr<spdlog::sinks::sink> sink)
    : clock_(clock), logger_(std::make_unique<spdlog::logger>("folio", std::move(sink))) {
  logger_->set_pattern("%v");
  logger_->set_level(ToSpdlog(level));
  logger_->flush_on(spdlog::level::warn);
}

Log::~Log() { logger_->flush(); }

void Log::Debug(std::string_view message, std::vector<Field> fields) const {
  Write(spdlog::level::debug, message, fields);
}
void Log::Info(std::string_view message, std::vector<Field> fields) const {
  Write(spdlog::level::info, message, fields);
}
void Log::Warning(std::string_view message, std::vector<Field> fields) const {
  Write(spdlog::level::warn, message, fields);
}
void Log::Error(std::string_view message, std::vector<Field> fields) const {
  Write(spdlog::level::err, message, fields);
}

void Log::Write(int level, std::string_view message, const std::vector<Field>& fields) const {
  const auto spd_level = static_cast<spdlog::level::level_enum>(level);
  if (!logger_->should_log(spd_level)) return;
  ordered_json json = {{"ts", FormatInstant(clock_.Now())}, {"level", LevelName(spd_level)}, {"msg", message}};
  for (const auto& [name, value] : fields) json[std::string(name)] = value;
  logger_->log(spd_level, ToLine(json));
}

bool Log::TakesCall(absl::StatusCode code) {
  if (!logger_->should_log(LevelOf(code))) return false;
  if (code != absl::StatusCode::kOk) return true;
  if (budget_.Take(RealSecond())) return true;
  left_out_.fetch_add(1, std::memory_order_relaxed);
  return false;
}

void Log::Call(const CallLine& line) {
  const auto level = LevelOf(line.code);
  const int64_t left_out = line.code == absl::StatusCode::kOk ? left_out_.exchange(0, std::memory_order_relaxed) : 0;
  ordered_json json = {{"ts", FormatInstant(clock_.Now())},
                       {"level", LevelName(level)},
                       {"msg", "call"},
                       {"method", line.method},
                       {"code", absl::StatusCodeToString(line.code)},
                       {"ms", static_cast<double>(line.microseconds) / 1000},
                       {"request_id", line.request_id},
                       {"principal", line.actor},
                       {"workspace", line.workspace},
                       {"peer", line.peer}};
  if (!line.reason.empty()) json["reason"] = line.reason;
  if (!line.detail.empty()) json["detail"] = line.detail;
  if (left_out > 0) json["calls_left_out"] = left_out;
  logger_->log(level, ToLine(json));
}

}  // namespace folio::rpc
