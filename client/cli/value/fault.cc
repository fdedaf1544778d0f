#include "client/cli/value/fault.h"

#include "absl/strings/cord.h"

namespace folio::cli {
namespace {

constexpr char kReasonPayload[] = "folio.cli/reason";
constexpr char kFrenchPayload[] = "folio.cli/french";
constexpr size_t kQuotedBytesMax = 60;

std::string Payload(const absl::Status& status, const char* type) {
  const absl::optional<absl::Cord> payload = status.GetPayload(type);
  return payload.has_value() ? std::string(*payload) : std::string();
}

// The first bytes of a text, without half a character at the end.
std::string_view Shortened(std::string_view text) {
  if (text.size() <= kQuotedBytesMax) return text;
  size_t end = kQuotedBytesMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end);
}

}  // namespace

absl::Status ToStatus(const Fault& fault) {
  absl::Status status = absl::InvalidArgumentError(fault.text.english);
  status.SetPayload(kReasonPayload, absl::Cord(fault.reason));
  status.SetPayload(kFrenchPayload, absl::Cord(fault.text.french));
  return status;
}

absl::Status BadValue(std::string_view reason, std::string english, std::string french) {
  return ToStatus({std::string(reason), {std::move(english), std::move(french)}});
}

absl::Status WrongUsage(std::string english, std::string french) {
  return BadValue("USAGE", std::move(english), std::move(french));
}

bool IsFault(const absl::Status& status) { return status.GetPayload(kReasonPayload).has_value(); }

Fault FaultOf(const absl::Status& status) {
  const std::string message(status.message());
  if (!IsFault(status)) return {"", {message, message}};
  return {Payload(status, kReasonPayload), {message, Payload(status, kFrenchPayload)}};
}

std::string Quoted(std::string_view text) {
  const std::string_view shown = Shortened(text);
  return "'" + std::string(shown) + (shown.size() < text.size() ? "…'" : "'");
}

}  // namespace folio::cli
