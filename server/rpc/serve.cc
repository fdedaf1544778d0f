#include "server/rpc/serve.h"

#include <atomic>
#include <cctype>
#include <charconv>
#include <string>

#include "server/base/id.h"
#include "server/base/limits.h"
#include "server/base/text.h"
#include "server/rpc/access_store.h"
#include "server/rpc/gate.h"
#include "server/rpc/log.h"
#include "server/rpc/status.h"
#include "server/rpc/workspaces.h"

namespace folio::rpc {
namespace {

constexpr std::string_view kBearer = "bearer ";

std::string_view TextOf(grpc::string_ref text) { return {text.data(), text.size()}; }

char Lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

// The token of "Bearer TOKEN"; the scheme's case does not matter.
std::string_view BearerToken(std::string_view header) {
  if (header.size() <= kBearer.size()) return {};
  for (size_t i = 0; i < kBearer.size(); ++i) {
    if (Lower(header[i]) != kBearer[i]) return {};
  }
  return header.substr(kBearer.size());
}

// The first language of "fr-FR,fr;q=0.9,en" that we speak; English where there is none. Weights are ignored: browsers
// send them in descending order.
error::Locale LocaleOf(std::string_view header) {
  while (!header.empty()) {
    const size_t comma = header.find(',');
    std::string_view tag = header.substr(0, comma);
    while (!tag.empty() && tag.front() == ' ') tag.remove_prefix(1);
    if (tag.size() >= 2 && (tag.size() == 2 || std::isalpha(static_cast<unsigned char>(tag[2])) == 0)) {
      if (Lower(tag[0]) == 'f' && Lower(tag[1]) == 'r') return error::Locale::kFrench;
      if (Lower(tag[0]) == 'e' && Lower(tag[1]) == 'n') return error::Locale::kEnglish;
    }
    if (comma == std::string_view::npos) break;
    header.remove_prefix(comma + 1);
  }
  return error::Locale::kEnglish;
}

bool IsPlain(std::string_view text) {
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-' && c != '_' && c != '.' && c != ':') return false;
  }
  return !text.empty() && text.size() <= static_cast<size_t>(limits::kRequestIdBytesMax);
}

// The caller's request id, or one of ours: random per process, then a count.
std::string RequestIdOf(std::string_view wanted) {
  if (IsPlain(wanted)) return std::string(wanted);
  static const std::string prefix = NewRandomHex(6) + "-";
  static std::atomic<uint64_t> count = 0;
  constexpr size_t kDigitsMax = 16;
  std::string id;
  id.reserve(prefix.size() + kDigitsMax);
  id = prefix;
  id.resize(prefix.size() + kDigitsMax);
  const uint64_t number = count.fetch_add(1, std::memory_order_relaxed) + 1;
  const char* end = std::to_chars(id.data() + prefix.size(), id.data() + id.size(), number, 16).ptr;
  id.resize(static_cast<size_t>(end - id.data()));
  return id;
}

}  // namespace

CallBase::CallBase(ServerContext& server, grpc::CallbackServerContext* grpc, std::string_view method)
    : server_(server), grpc_(grpc), method_(server.methods.Get(method)), start_(std::chrono::steady_clock::now()) {
  method_.counters.started.fetch_add(1, std::memory_order_relaxed);
  std::string_view request_id;
  for (const auto& [name, value] : grpc->client_metadata()) {
    if (name == "authorization" && authorization_.empty()) authorization_ = TextOf(value);
    if (name == "accept-language") context_.locale = LocaleOf(TextOf(value));
    if (name == "x-request-id") request_id = TextOf(value);
  }
  context_.request_id = RequestIdOf(request_id);
  context_.deadline = grpc->deadline();
  if (!method_.streams && context_.deadline == std::chrono::system_clock::time_point::max()) {
    context_.deadline = std::chrono::system_clock::now() + std::chrono::milliseconds(limits::kDefaultDeadlineMs);
  }
}

absl::Status CallBase::Admit() {
  if (authorization_.empty()) return error::Unauthenticated("KEY_MISSING");
  auto principal = server_.access.Authenticate(BearerToken(authorization_));
  if (!principal.ok()) return principal.status();
  context_.principal = *std::move(principal);
  const v1::Role least = method_.role;
  if (least == v1::ROLE_UNSPECIFIED || context_.principal->role < least) {
    return error::PermissionDenied(method_.name, v1::Role_Name(least));
  }
  context_.workspace = server_.workspaces.Find(context_.principal->workspace);
  if (context_.workspace == nullptr) return error::FromStorage(absl::UnavailableError("the workspace is not open"));
  if (context_.Expired()) return error::DeadlineExceeded();
  if (server_.gate.closed()) return error::ShuttingDown();
  Counter& counter = method_.streams ? server_.gate.streams() : server_.gate.calls();
  absl::Status admitted = counter.Enter();
  admitted_ = admitted.ok();
  return admitted;
}

grpc::Status CallBase::Conclude(const absl::Status& status) {
  if (admitted_ && !method_.streams) server_.gate.calls().Leave();
  const auto elapsed = std::chrono::steady_clock::now() - start_;
  const int64_t microseconds = std::chrono::duration_cast<std::chrono::microseconds>(elapsed).count();
  const absl::Status told = WithReason(status);
  method_.counters.finished[static_cast<size_t>(told.code())].fetch_add(1, std::memory_order_relaxed);
  method_.counters.microseconds.fetch_add(microseconds, std::memory_order_relaxed);

  grpc_->AddTrailingMetadata("x-request-id", context_.request_id);
  if (!told.ok()) {
    const std::string pushback = RetryPushback(told);
    if (!pushback.empty()) grpc_->AddTrailingMetadata("grpc-retry-pushback-ms", pushback);
  }
  if (server_.log.TakesCall(told.code())) LogEnd(status, told, microseconds);
  return ToGrpc(told, context_.locale);
}

void CallBase::GiveBackStream() {
  if (admitted_) server_.gate.streams().Leave();
}

void CallBase::LogEnd(const absl::Status& status, const absl::Status& told, int64_t microseconds) const {
  const bool known = context_.principal != nullptr;
  server_.log.Call({.method = method_.name,
                    .code = told.code(),
                    .reason = error::ReasonOf(told),
                    // What became INTERNAL at this door is for the operator's eyes only.
                    .detail = error::ReasonOf(status).empty() ? MessageOf(status) : std::string_view(),
                    .microseconds = microseconds,
                    .request_id = context_.request_id,
                    .actor = known ? std::string_view(context_.principal->actor) : std::string_view(),
                    .workspace = known ? std::string_view(context_.principal->workspace) : std::string_view(),
                    .peer = grpc_->peer()});
}

}  // namespace folio::rpc
