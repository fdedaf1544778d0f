// Sentences of reports, in the caller's language.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "folio/v1/health_model.pb.h"
#include "server/base/error.h"
#include "server/proof/question.h"
#include "server/statistics/interval.h"

namespace folio::proof {

// "0.71", or "0,71".
std::string Decimal(double value, int digits, error::Locale locale);

// An area under the ROC curve, and what it was measured on.
struct AreaFigures {
  bool absent = false;  // one of the outcomes does not occur
  double value = 0.5;
  statistics::Interval interval;
  int64_t sample_count = 0;
  int64_t account_count = 0;
  int64_t event_count = 0;
};

// FAILED_PRECONDITION, why no account has an outcome that is known: OUTCOME_NEVER_KNOWN, OUTCOME_WITHOUT_RENEWALS,
// OUTCOME_OUT_OF_REACH. Of a question whose census found no sample.
absl::Status NothingCounts(const Question& question);

// What a fit to some of a question's samples was refused with; of OUTCOMES_TOO_FEW says that there were more samples:
// OUTCOMES_TOO_FEW_CHOSEN.
absl::Status RefusedOfSome(const absl::Status& refused, const Question& question);

// What a back-test of a question says of its model.
std::string ConclusionOfBacktest(const Question& question, const AreaFigures& area, error::Locale locale);
// What a fit says; `area` is cross-validated, `given` is that of the model to begin with.
std::string ConclusionOfFit(const AreaFigures& area, double given, error::Locale locale);

// Why a measure has its weight in a model that was learnt.
std::string ReasonOf(double coefficient, const statistics::Interval& interval, int64_t event_count, bool learnt_kernel,
                     error::Locale locale);

// What to know before trusting figures made of the samples of a question.
std::vector<std::string> WarningsOf(const Question& question, int64_t event_accounts, error::Locale locale);
std::string SegmentsAsNow(error::Locale locale);
std::string SegmentsCut(int64_t shown, error::Locale locale);
std::string NoProbabilities(error::Locale locale);
std::string MeasuresDropped(const std::vector<std::string>& names, error::Locale locale);
std::string MeansInstead(error::Locale locale);
std::string CombinationsAsMeans(error::Locale locale);
std::string SeenByFit(error::Locale locale);

}  // namespace folio::proof
