// Figures as clients read them.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "folio/v1/indicator.pb.h"
#include "server/base/error.h"
#include "server/indicators/indicator.h"
#include "server/indicators/question.h"

namespace folio::indicators {

void FillDefinition(const Indicator& indicator, error::Locale locale, v1::IndicatorDefinition* definition);

// Why a figure cannot be computed; the text in a language.
void FillFault(const absl::Status& status, error::Locale locale, v1::IndicatorFault* fault);

// The value of an indicator in one of the question's periods, for a group.
void FillValue(const Indicator& indicator, const Asked& asked, const Period& period, uint32_t group,
               const Figure& figure, error::Locale locale, v1::IndicatorValue* value);

// The value beside that of another period.
void FillComparison(const Indicator& indicator, const Asked& asked, const Figure& figure, const Period& other_period,
                    const Figure& other, v1::IndicatorComparison* comparison);

}  // namespace folio::indicators
