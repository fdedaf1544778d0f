// Every error that Folio can answer with, by name.
//
// An error is an absl::Status that carries google.rpc.ErrorInfo (reason, metadata) and, for bad input,
// google.rpc.BadRequest with a path for each fault. The English text is the status' message; server/rpc renders the
// caller's language from the reason and the metadata (Localize). docs/errors.md lists every reason; a test holds the
// two together.
//
// Payloads whose URL begins with "type.googleapis.com/" are for the wire; others are for the server alone (IsForWire).
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"

namespace folio::error {

// Name and value of one detail of an error, for example {"column", "7"}.
using Detail = std::pair<std::string, std::string>;

// One fault of a request: the path of the field, a reason of the catalogue, and what its text needs.
struct Fault {
  std::string field;   // "account.display_name", "filter", "facts[3].ticket.close_time"
  std::string reason;  // "FIELD_REQUIRED"
  std::vector<Detail> details;
};

// Languages in which errors are told.
enum class Locale { kEnglish, kFrench };

// --- Bad input: INVALID_ARGUMENT ---

// One or more faults of fields; the first gives the status its reason and message. `faults` must not be empty. Faults
// beyond limits::kFaultsBytesMax are only counted ("more_faults"), so that an error always fits the trailers of a call.
absl::Status InvalidFields(const std::vector<Fault>& faults);

// A single fault, for the many places that find one at a time.
absl::Status InvalidField(std::string_view field, std::string_view reason, std::vector<Detail> details = {});

// --- Any reason ---

// A reason with the code that the catalogue gives to it, for those that have no constructor below.
absl::Status Named(std::string_view reason, std::vector<Detail> details = {});

// --- Resources ---

absl::Status NotFound(std::string_view name);                                                       // NOT_FOUND
absl::Status AlreadyExists(std::string_view name);                                                  // ALREADY_EXISTS
absl::Status ValueTaken(std::string_view field, std::string_view value, std::string_view holder);   // ALREADY_EXISTS
absl::Status EtagMismatch(std::string_view name, std::string_view sent, std::string_view current);  // ABORTED
absl::Status Deleted(std::string_view name);                                           // FAILED_PRECONDITION
absl::Status NotDeleted(std::string_view name);                                        // FAILED_PRECONDITION
absl::Status Precondition(std::string_view reason, std::vector<Detail> details = {});  // FAILED_PRECONDITION

// --- Requests ---

absl::Status RequestIdReused(std::string_view request_id);                      // INVALID_ARGUMENT
absl::Status RevisionNotReached(int64_t wanted, int64_t head);                  // FAILED_PRECONDITION
absl::Status LogCompacted(int64_t wanted, int64_t first);                       // OUT_OF_RANGE
absl::Status FellBehind(std::string_view resume_token);                         // OUT_OF_RANGE
absl::Status Unauthenticated(std::string_view reason);                          // UNAUTHENTICATED
absl::Status PermissionDenied(std::string_view method, std::string_view role);  // PERMISSION_DENIED
// RESOURCE_EXHAUSTED, with RetryInfo
absl::Status Overloaded(std::string_view limit, int64_t value, int retry_after_ms);
absl::Status ShuttingDown();                   // UNAVAILABLE, with RetryInfo
absl::Status DeadlineExceeded();               // DEADLINE_EXCEEDED
absl::Status Internal(std::string_view what);  // INTERNAL

// Gives a status of storage (no details) its ErrorInfo: STORAGE_CORRUPT, STORAGE_UNAVAILABLE, STORAGE_BROKEN, ...
absl::Status FromStorage(const absl::Status& status);

// --- Reading errors ---

// True for a payload of a status that goes to the client, as a detail of google.rpc.Status.
bool IsForWire(std::string_view payload_url);

// Reason of an error's ErrorInfo; empty where it has none.
std::string ReasonOf(const absl::Status& status);

// The faults of an error, for row reports; a single one without a field where the error is not about fields.
std::vector<Fault> FaultsOf(const absl::Status& status);

// The text of an error, or of one fault, in a language.
std::string Localize(const absl::Status& status, Locale locale);
std::string Localize(const Fault& fault, Locale locale);

// Every reason of the catalogue, sorted.
std::vector<std::string> AllReasons();

}  // namespace folio::error
