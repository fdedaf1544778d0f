// Back-tests and fits as tables for people. Warnings go beside the data, to standard error.
#pragma once

#include "client/cli/app/context.h"
#include "folio/v1/health_proof.pb.h"

namespace folio::cli {

void WriteReport(Context& context, const v1::BacktestReport& report);
void WriteFit(Context& context, const v1::HealthFit& fit);

}  // namespace folio::cli
