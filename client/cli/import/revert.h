// Takes back what was written to a collection between two revisions: what was created goes, what was changed is again
// what it was before. The log tells both.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/cli/app/context.h"
#include "client/cli/commands/resource.h"

namespace folio::cli {

struct RevertFlags {
  int64_t after = 0;    // the last revision that stays
  int64_t through = 0;  // the last one that is taken back
  std::string actor;    // only what this key wrote; needed where several did
  bool dry_run = false;
};

// kPartialSuccess where something was left as it is, because it has been changed since. OUT_OF_RANGE where the log no
// longer reaches back; a fault where several keys wrote between the revisions and none is named.
absl::StatusOr<int> RunRevert(Context& context, const Resource& resource, const RevertFlags& flags);

}  // namespace folio::cli
