#include "server/rpc/status.h"

#include <algorithm>
#include <string>

#include "absl/strings/cord.h"
#include "google/rpc/error_details.pb.h"
#include "server/base/text.h"

namespace folio::rpc {
namespace {

constexpr std::string_view kUrlPrefix = "type.googleapis.com/";
constexpr std::string_view kRetryInfoUrl = "type.googleapis.com/google.rpc.RetryInfo";

const char* LanguageTag(error::Locale locale) { return locale == error::Locale::kFrench ? "fr" : "en"; }

// Gives each fault of a BadRequest its text in the caller's language.
void LocalizeViolations(const absl::Status& status, error::Locale locale, google::rpc::Status* wire) {
  const std::vector<error::Fault> faults = error::FaultsOf(status);
  for (auto& detail : *wire->mutable_details()) {
    google::rpc::BadRequest violations;
    if (!detail.Is<google::rpc::BadRequest>() || !detail.UnpackTo(&violations)) continue;
    const int count = std::min(violations.field_violations_size(), static_cast<int>(faults.size()));
    for (int i = 0; i < count; ++i) {
      auto* text = violations.mutable_field_violations(i)->mutable_localized_message();
      text->set_locale(LanguageTag(locale));
      text->set_message(error::Localize(faults[static_cast<size_t>(i)], locale));
    }
    detail.PackFrom(violations);
  }
}

// The payloads that are google.rpc messages; others are our own notes.
void CopyDetails(const absl::Status& status, google::rpc::Status* wire) {
  status.ForEachPayload([wire](absl::string_view url, const absl::Cord& payload) {
    if (!FromAbsl(url).starts_with(kUrlPrefix)) return;
    auto* detail = wire->add_details();
    detail->set_type_url(std::string(FromAbsl(url)));
    detail->set_value(std::string(payload));
  });
}

}  // namespace

absl::Status WithReason(const absl::Status& status) {
  if (status.ok() || !error::ReasonOf(status).empty()) return status;
  switch (status.code()) {
    case absl::StatusCode::kCancelled:
      return status;  // nobody listens any more
    case absl::StatusCode::kDeadlineExceeded:
      return error::DeadlineExceeded();
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kOutOfRange:
      return error::FromStorage(status);
    default:
      return error::Internal("unexpected error");
  }
}

google::rpc::Status ToWire(const absl::Status& status, error::Locale locale) {
  const absl::Status told = WithReason(status);
  google::rpc::Status wire;
  wire.set_code(static_cast<int>(told.code()));
  wire.set_message(std::string(MessageOf(told)));
  CopyDetails(told, &wire);
  LocalizeViolations(told, locale, &wire);
  google::rpc::LocalizedMessage text;
  text.set_locale(LanguageTag(locale));
  text.set_message(error::Localize(told, locale));
  wire.add_details()->PackFrom(text);
  return wire;
}

grpc::Status ToGrpc(const absl::Status& status, error::Locale locale) {
  if (status.ok()) return grpc::Status::OK;
  const google::rpc::Status wire = ToWire(status, locale);
  return grpc::Status(static_cast<grpc::StatusCode>(wire.code()), wire.message(), wire.SerializeAsString());
}

std::string RetryPushback(const absl::Status& status) {
  if (status.code() != absl::StatusCode::kResourceExhausted && status.code() != absl::StatusCode::kUnavailable)
    return "";
  const auto payload = status.GetPayload(ToAbsl(kRetryInfoUrl));
  google::rpc::RetryInfo retry;
  if (payload && retry.ParseFromString(std::string(*payload))) {
    return std::to_string(retry.retry_delay().seconds() * 1000 + retry.retry_delay().nanos() / 1'000'000);
  }
  return status.code() == absl::StatusCode::kResourceExhausted ? "-1" : "";
}

}  // namespace folio::rpc
