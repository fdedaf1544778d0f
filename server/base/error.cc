#include "server/base/error.h"

#include <algorithm>
#include <cassert>
#include <optional>

#include "absl/strings/cord.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "server/base/error_catalogue.h"
#include "server/base/error_template.h"
#include "server/base/limits.h"
#include "server/base/text.h"
#include "storage/broken.h"

namespace folio::error {
namespace {

constexpr std::string_view kErrorInfoUrl = "type.googleapis.com/google.rpc.ErrorInfo";
constexpr std::string_view kBadRequestUrl = "type.googleapis.com/google.rpc.BadRequest";
constexpr std::string_view kRetryInfoUrl = "type.googleapis.com/google.rpc.RetryInfo";
// Reason and details of every fault, for FaultsOf: BadRequest has no room for details. Not for the wire.
constexpr std::string_view kFaultsUrl = "folio/faults";
constexpr int kShutdownRetryMs = 1'000;

template <typename Message>
void SetPayload(std::string_view url, const Message& message, absl::Status* status) {
  status->SetPayload(ToAbsl(url), absl::Cord(message.SerializeAsString()));
}

template <typename Message>
std::optional<Message> GetPayload(std::string_view url, const absl::Status& status) {
  const auto payload = status.GetPayload(ToAbsl(url));
  Message message;
  if (!payload || !message.ParseFromString(std::string(*payload))) return std::nullopt;
  return message;
}

google::rpc::ErrorInfo ToErrorInfo(const Fault& fault) {
  google::rpc::ErrorInfo info;
  info.set_reason(fault.reason);
  info.set_domain("folio");
  for (const auto& [name, value] : fault.details) {
    if (!value.empty()) (*info.mutable_metadata())[name] = value;
  }
  if (!fault.field.empty()) (*info.mutable_metadata())["field"] = fault.field;
  return info;
}

Fault ToFault(const google::rpc::ErrorInfo& info) {
  Fault fault{"", info.reason(), {}};
  for (const auto& [name, value] : info.metadata()) {
    if (name == "field") {
      fault.field = value;
    } else {
      fault.details.emplace_back(name, value);
    }
  }
  std::sort(fault.details.begin(), fault.details.end());
  return fault;
}

// The beginning of a value that is too long to be repeated, without half a character; nothing of what is not text.
std::string Clip(const std::string& value) {
  constexpr std::string_view kCut = "…";
  if (!IsCleanText(value)) return "";
  if (value.size() <= limits::kDetailBytesMax) return value;
  size_t size = limits::kDetailBytesMax - kCut.size();
  while ((static_cast<unsigned char>(value[size]) & 0xC0) == 0x80) --size;
  return value.substr(0, size).append(kCut);
}

Fault Clip(Fault fault) {
  for (Detail& detail : fault.details) detail.second = Clip(detail.second);
  return fault;
}

// What a fault takes in an error, in both languages.
size_t BytesOf(const Fault& fault) {
  return fault.field.size() + fault.reason.size() + Localize(fault, Locale::kEnglish).size() +
         Localize(fault, Locale::kFrench).size();
}

// A status whose text and ErrorInfo are those of a fault.
absl::Status Make(absl::StatusCode code, const Fault& whole) {
  const Fault fault = Clip(whole);
  absl::Status status(code, ToAbsl(Localize(fault, Locale::kEnglish)));
  SetPayload(kErrorInfoUrl, ToErrorInfo(fault), &status);
  return status;
}

// A status with the code that the catalogue gives to the reason.
absl::Status Make(std::string_view reason, std::vector<Detail> details, std::string_view field = {}) {
  const CatalogueEntry* entry = FindEntry(reason);
  assert(entry != nullptr && "a reason that error_catalogue.cc does not list");
  return Make(entry == nullptr ? absl::StatusCode::kUnknown : entry->code,
              {std::string(field), std::string(reason), std::move(details)});
}

void SetRetryAfter(int milliseconds, absl::Status* status) {
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(milliseconds / 1000);
  retry.mutable_retry_delay()->set_nanos(milliseconds % 1000 * 1'000'000);
  SetPayload(kRetryInfoUrl, retry, status);
}

}  // namespace

absl::Status InvalidFields(const std::vector<Fault>& faults) {
  assert(!faults.empty());
  google::rpc::BadRequest violations;
  google::rpc::Status all;
  size_t bytes = 0;
  for (const Fault& whole : faults) {
    assert(FindEntry(whole.reason) != nullptr && "a reason that error_catalogue.cc does not list");
    const Fault fault = Clip(whole);
    bytes += BytesOf(fault);
    if (bytes > limits::kFaultsBytesMax && all.details_size() > 0) break;
    auto* violation = violations.add_field_violations();
    violation->set_field(fault.field);
    violation->set_reason(fault.reason);
    violation->set_description(Localize(fault, Locale::kEnglish));
    all.add_details()->PackFrom(ToErrorInfo(fault));
  }
  Fault first = faults.front();
  const size_t untold = faults.size() - static_cast<size_t>(all.details_size());
  if (untold > 0) first.details.emplace_back("more_faults", std::to_string(untold));
  absl::Status status = Make(absl::StatusCode::kInvalidArgument, first);
  SetPayload(kBadRequestUrl, violations, &status);
  SetPayload(kFaultsUrl, all, &status);
  return status;
}

absl::Status InvalidField(std::string_view field, std::string_view reason, std::vector<Detail> details) {
  return InvalidFields({{std::string(field), std::string(reason), std::move(details)}});
}

absl::Status Named(std::string_view reason, std::vector<Detail> details) { return Make(reason, std::move(details)); }

absl::Status NotFound(std::string_view name) { return Make("RESOURCE_NOT_FOUND", {{"name", std::string(name)}}); }

absl::Status AlreadyExists(std::string_view name) { return Make("ALREADY_EXISTS", {{"name", std::string(name)}}); }

absl::Status ValueTaken(std::string_view field, std::string_view value, std::string_view holder) {
  return Make("VALUE_TAKEN", {{"value", std::string(value)}, {"holder", std::string(holder)}}, field);
}

absl::Status EtagMismatch(std::string_view name, std::string_view sent, std::string_view current) {
  return Make("ETAG_MISMATCH",
              {{"name", std::string(name)}, {"sent", std::string(sent)}, {"current", std::string(current)}});
}

absl::Status Deleted(std::string_view name) { return Make("RESOURCE_DELETED", {{"name", std::string(name)}}); }

absl::Status NotDeleted(std::string_view name) { return Make("RESOURCE_NOT_DELETED", {{"name", std::string(name)}}); }

absl::Status Precondition(std::string_view reason, std::vector<Detail> details) {
  assert(FindEntry(reason) != nullptr && "a reason that error_catalogue.cc does not list");
  return Make(absl::StatusCode::kFailedPrecondition, {"", std::string(reason), std::move(details)});
}

absl::Status RequestIdReused(std::string_view request_id) {
  return InvalidField("request_id", "REQUEST_ID_REUSED", {{"request_id", std::string(request_id)}});
}

absl::Status RevisionNotReached(int64_t wanted, int64_t head) {
  return Make("REVISION_NOT_REACHED", {{"wanted", std::to_string(wanted)}, {"head", std::to_string(head)}});
}

absl::Status LogCompacted(int64_t wanted, int64_t first) {
  return Make("LOG_COMPACTED", {{"wanted", std::to_string(wanted)}, {"first", std::to_string(first)}});
}

absl::Status FellBehind(std::string_view resume_token) {
  std::vector<Detail> details;
  if (!resume_token.empty()) details.emplace_back("resume_token", resume_token);
  return Make("FELL_BEHIND", std::move(details));
}

absl::Status Unauthenticated(std::string_view reason) {
  assert(FindEntry(reason) != nullptr && "a reason that error_catalogue.cc does not list");
  return Make(absl::StatusCode::kUnauthenticated, {"", std::string(reason), {}});
}

absl::Status PermissionDenied(std::string_view method, std::string_view role) {
  return Make("PERMISSION_DENIED", {{"method", std::string(method)}, {"role", std::string(role)}});
}

absl::Status Overloaded(std::string_view limit, int64_t value, int retry_after_ms) {
  absl::Status status = Make("OVERLOADED", {{"limit", std::string(limit)}, {"value", std::to_string(value)}});
  SetRetryAfter(retry_after_ms, &status);
  return status;
}

absl::Status ShuttingDown() {
  absl::Status status = Make("SHUTTING_DOWN", {});
  SetRetryAfter(kShutdownRetryMs, &status);
  return status;
}

absl::Status DeadlineExceeded() { return Make("DEADLINE_EXCEEDED", {}); }

absl::Status Internal(std::string_view what) { return Make("INTERNAL", {{"what", std::string(what)}}); }

absl::Status FromStorage(const absl::Status& status) {
  if (status.ok() || !ReasonOf(status).empty()) return status;
  const std::vector<Detail> what = {{"what", std::string(MessageOf(status))}};
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
      return Make("STORAGE_UNAVAILABLE", what);
    case absl::StatusCode::kDataLoss:
      return Make(storage::IsBroken(status) ? "STORAGE_BROKEN" : "STORAGE_CORRUPT", what);
    case absl::StatusCode::kOutOfRange:
      return Make("LOG_COMPACTED", {});
    default:
      return Make("INTERNAL", what);
  }
}

bool IsForWire(std::string_view payload_url) { return payload_url.starts_with("type.googleapis.com/"); }

std::string ReasonOf(const absl::Status& status) {
  const auto info = GetPayload<google::rpc::ErrorInfo>(kErrorInfoUrl, status);
  return info ? info->reason() : std::string();
}

std::vector<Fault> FaultsOf(const absl::Status& status) {
  std::vector<Fault> faults;
  if (const auto all = GetPayload<google::rpc::Status>(kFaultsUrl, status)) {
    for (const auto& any : all->details()) {
      google::rpc::ErrorInfo info;
      if (any.UnpackTo(&info)) faults.push_back(ToFault(info));
    }
  } else if (const auto one = GetPayload<google::rpc::ErrorInfo>(kErrorInfoUrl, status)) {
    faults.push_back(ToFault(*one));
  } else if (!status.ok()) {
    faults.push_back({"", "INTERNAL", {{"what", std::string(MessageOf(status))}}});
  }
  return faults;
}

std::string Localize(const absl::Status& status, Locale locale) {
  const auto info = GetPayload<google::rpc::ErrorInfo>(kErrorInfoUrl, status);
  return info ? Localize(ToFault(*info), locale) : std::string(MessageOf(status));
}

std::string Localize(const Fault& fault, Locale locale) {
  if (const CatalogueEntry* entry = FindEntry(fault.reason)) return Render(entry->text(locale), fault, locale);
  return Render(locale == Locale::kFrench ? "{field} n'est pas acceptable" : "{field} is not acceptable", fault,
                locale);
}

std::vector<std::string> AllReasons() {
  std::vector<std::string> reasons;
  for (const CatalogueEntry& entry : Catalogue()) reasons.emplace_back(entry.reason);
  std::sort(reasons.begin(), reasons.end());
  return reasons;
}

}  // namespace folio::error
