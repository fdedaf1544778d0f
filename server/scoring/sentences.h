// Scores in words, in the reader's language.
#pragma once

#include <string>

#include "server/base/error.h"
#include "server/scoring/score.h"

namespace folio::scoring {

// "12.5 points", "1 point".
std::string PointsText(double points, error::Locale locale);

// How a measure's kernel turns figures into credit.
std::string KernelSentence(const v1::HealthMeasure& measure, std::string_view unit, error::Locale locale);

// What one contribution says. `choice` is the text of the choice read, where there is one.
std::string ContributionSentence(const v1::HealthModel& model, const Contribution& contribution, std::string_view unit,
                                 const std::string& choice, error::Locale locale);

}  // namespace folio::scoring
