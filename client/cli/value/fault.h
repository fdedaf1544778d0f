// What is wrong with something that a person has given us: a value, a file, a command line.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "client/cli/app/language.h"

namespace folio::cli {

// An upper-case word for programs, and a sentence for people.
struct Fault {
  std::string reason;
  Words text;
};

// A fault as a status (INVALID_ARGUMENT), so that it travels through StatusOr. FaultOf gets it back.
absl::Status ToStatus(const Fault& fault);
absl::Status BadValue(std::string_view reason, std::string english, std::string french);

// A wrong command line: BadValue with the reason "USAGE".
absl::Status WrongUsage(std::string english, std::string french);

// True for statuses made by the functions above: the fault is on this side, no server has been asked.
bool IsFault(const absl::Status& status);

// The fault of such a status; of any other, its message in both languages and no reason.
Fault FaultOf(const absl::Status& status);

// Text in quotation marks of either language, shortened where it is long.
std::string Quoted(std::string_view text);

}  // namespace folio::cli
