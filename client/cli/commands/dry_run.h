// What is told of writes that were only tried: their answers look like the real ones.
#pragma once

#include "client/cli/app/context.h"

namespace folio::cli {

// Says on standard error that nothing was written, where it was a dry run.
inline void TellDryRun(const Context& context, bool dry_run) {
  if (dry_run) context.err << context.Say({"dry run: nothing was written", "essai : rien n'est écrit"}) << '\n';
}

// What is told of a resource that was deleted, or would be.
inline Words Deleted(bool dry_run) {
  if (dry_run) return {"would be deleted, nothing written", "serait supprimé, rien n'est écrit"};
  return {"deleted", "supprimé"};
}

}  // namespace folio::cli
