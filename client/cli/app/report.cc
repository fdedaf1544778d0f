#include "client/cli/app/report.h"

#include <optional>
#include <string_view>

#include "client/cli/app/connection_error.h"
#include "client/cli/output/text_width.h"
#include "client/cli/value/fault.h"
#include "folio/error.h"

namespace folio::cli {
namespace {

// What the caller can do about an error; empty where its message says all.
Words WayOut(const Error& error) {
  switch (error.code) {
    case absl::StatusCode::kUnavailable:
      return {"Is the server running, and is its address right? `folio doctor` finds out.",
              "Le serveur est-il lancé, et son adresse est-elle juste ? `folio doctor` le dira."};
    case absl::StatusCode::kDeadlineExceeded:
      return {"The server did not answer in time; --timeout SECONDS gives it longer.",
              "Le serveur n'a pas répondu à temps ; --timeout SECONDES lui en laisse davantage."};
    case absl::StatusCode::kUnauthenticated:
      return {"Give a valid key by --key-file, by FOLIO_KEY or by a profile.",
              "Donnez une clé valide par --key-file, par FOLIO_KEY ou par un profil."};
    case absl::StatusCode::kPermissionDenied:
      return {"Use a key with a higher role; `folio doctor` shows the role of this one.",
              "Utilisez une clé d'un rôle plus élevé ; `folio doctor` indique celui de cette clé."};
    case absl::StatusCode::kAborted:
      if (error.reason != "ETAG_MISMATCH") return {};
      return {"Somebody has changed it in the meantime: get it again, then repeat the change.",
              "Quelqu'un l'a modifié entre-temps : relisez-le, puis refaites la modification."};
    case absl::StatusCode::kResourceExhausted:
      return {"The server is overloaded or a limit is reached: try again later.",
              "Le serveur est surchargé ou une limite est atteinte : réessayez plus tard."};
    default:
      return {};
  }
}

// The fields at fault, but for what the error's own line has said already.
void WriteViolations(const Context& context, const Error& error) {
  for (const FieldViolation& violation : error.fields) {
    const bool described = !violation.description.empty() && violation.description != error.message;
    const bool named = violation.reason == error.reason && error.message.find(violation.field) != std::string::npos;
    if (!described && named) continue;
    context.err << "  " << OneLine(violation.field);
    if (!violation.reason.empty()) context.err << " (" << violation.reason << ")";
    if (described) context.err << ": " << OneLine(violation.description);
    context.err << '\n';
  }
}

// Where there is no connection, what this side says of it.
std::optional<ConnectionFault> ConnectionFaultOf(const Context& context, const absl::Status& status) {
  return context.options() == nullptr ? std::nullopt : cli::ConnectionFaultOf(status, *context.options());
}

}  // namespace

int ExitCodeOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return kSuccess;
    case absl::StatusCode::kInvalidArgument:  // faults of this side also
      return kUsage;
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kPermissionDenied:
      return kNotAllowed;
    case absl::StatusCode::kNotFound:
      return kNotFound;
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kAborted:
      return kConflict;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kResourceExhausted:
      return kUnavailable;
    case absl::StatusCode::kCancelled:
      return kInterrupted;
    default:
      return kFailure;
  }
}

bool StopsTheRest(const absl::Status& status) {
  const int code = ExitCodeOf(status);
  return code == kUnavailable || code == kNotAllowed || code == kInterrupted;
}

std::string ErrorLead(const Context& context) {
  const std::string lead = context.Say({"error: ", "erreur : "});
  const bool red = context.err_is_terminal && context.terminal.colours;
  return red ? "\033[31m" + lead + "\033[0m" : lead;
}

std::string CauseOf(const Context& context, const absl::Status& status) {
  if (IsFault(status)) return OneLine(context.Say(FaultOf(status).text));
  if (const auto fault = ConnectionFaultOf(context, status)) return OneLine(context.Say(fault->cause));
  const Error error = ErrorOf(status);
  const bool of_a_server = !error.reason.empty() || !error.request_id.empty();
  return OneLine(of_a_server ? error.message : context.Say(OptionFaultOf(status)));
}

void ReportError(const Context& context, const absl::Status& status, std::string_view about) {
  const Error error = ErrorOf(status);
  const std::string cause = CauseOf(context, status);
  context.err << ErrorLead(context);
  if (!about.empty() && cause.find(about) == std::string::npos) context.err << about << context.Say({": ", " : "});
  context.err << cause;
  if (!error.reason.empty()) context.err << " (" << error.reason << ")";
  context.err << '\n';
  WriteViolations(context, error);
  const std::optional<ConnectionFault> connection = ConnectionFaultOf(context, status);
  const std::string way = context.Say(connection ? connection->way_out : WayOut(error));
  if (!way.empty()) context.err << "  " << way << '\n';
  if (error.retry_after) {
    context.err << "  " << context.Say({"Try again after ", "Réessayez après "}) << error.retry_after->count()
                << " ms\n";
  }
  if (!error.request_id.empty()) {
    context.err << "  " << context.Say({"request: ", "requête : "}) << error.request_id << '\n';
  }
}

}  // namespace folio::cli
