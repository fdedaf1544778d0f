// Errors, told to people: what is wrong, where, and what to do.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "client/cli/app/context.h"

namespace folio::cli {

// The exit code that stands for a status.
int ExitCodeOf(const absl::Status& status);

// True of faults of the connection or of the key, and of interruption: the next call would have them too.
bool StopsTheRest(const absl::Status& status);

// "error: ", in red where that may be.
std::string ErrorLead(const Context& context);

// What a status of a call says, on one line.
std::string CauseOf(const Context& context, const absl::Status& status);

// Writes the error on `context.err`: the cause, fields at fault with their reasons, the way out, the request's id.
// `about` names what of several it is about, where the cause does not.
void ReportError(const Context& context, const absl::Status& status, std::string_view about = "");

}  // namespace folio::cli
