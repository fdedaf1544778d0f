// Writes that can be taken back, and resources that are left as they are: how both are told.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "client/cli/app/context.h"

namespace folio::cli {

// The server's revision as it is now.
absl::StatusOr<int64_t> CurrentRevision(Context& context);

// Says, behind `lead` ("take it back by: folio "), the line that takes back what was written between two revisions to
// the resources that commands call `noun`.
void TellHowToRevert(const Context& context, const Words& lead, const std::string& noun, int64_t after,
                     int64_t through);

// `lead` of what was written by one run.
Words TakeItBack();

// Says that a resource is left as it is, and why.
void TellLeft(const Context& context, const std::string& name, const std::string& why);

// Why a write that was bound to an etag is not made.
std::string ChangedSince(const Context& context);

}  // namespace folio::cli
