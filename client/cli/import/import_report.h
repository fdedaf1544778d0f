// What an import tells when it ends, whichever way.
#pragma once

#include <cstdint>

#include "client/cli/app/context.h"
#include "client/cli/import/rejects.h"
#include "client/cli/import/run_import.h"
#include "client/cli/import/survey.h"
#include "folio/v1/import.pb.h"

namespace folio::cli {

// Where an import stands. Counts are of all its runs, as the server keeps them.
struct ImportOutcome {
  v1::ImportCounts counts;
  v1::ImportCounts counts_before;  // when this run began
  int64_t rejected = 0;            // on either side
  int64_t durable = 0;             // rows up to this one are written or rejected
  int64_t resumed_after = 0;       // 0 for a first run
  int64_t revision_before = 0;     // of the workspace when this run began
  int64_t revision = 0;            // of the last write that was acknowledged to it
  bool too_many_errors = false;    // it stopped before the end of the file
  bool unacknowledged = false;     // rows were on their way when it ended
};

// After an end of its own accord: the rejected rows with their reasons, the line that takes it back, the counts.
void ReportImport(const Context& context, const ImportFlags& flags, const Survey& survey, const ImportOutcome& outcome,
                  const RejectsFile& rejects);

// After an interruption: what is known to be written, how to go on, and the line that takes it back.
void ReportInterruption(const Context& context, const ImportFlags& flags, const ImportOutcome& outcome,
                        const RejectsFile& rejects);

}  // namespace folio::cli
