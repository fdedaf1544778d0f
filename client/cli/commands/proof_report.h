// Back-tests and fits as tables for people, or as CSV (output/figure_lines.h). Warnings go beside the data, to standard
// error.
#pragma once

#include <string_view>

#include "client/cli/app/context.h"
#include "folio/v1/health_proof.pb.h"

namespace folio::cli {

// `facet` is what the segments are of.
void WriteReport(Context& context, const v1::BacktestReport& report, std::string_view facet);
void WriteFit(Context& context, const v1::HealthFit& fit);

}  // namespace folio::cli
