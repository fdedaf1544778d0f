#include "server/scoring/score.h"

#include <cmath>

#include "absl/container/inlined_vector.h"

namespace folio::scoring {
namespace {

double Total(const v1::HealthModel& model) {
  double total = 0;
  for (const v1::HealthDimension& dimension : model.dimensions()) total += dimension.weight();
  return total;
}

double Total(const v1::HealthDimension& dimension) {
  double total = 0;
  for (const v1::HealthMeasure& measure : dimension.measures()) total += measure.weight();
  return total;
}

double CreditWithout(v1::MissingPolicy policy) { return policy == v1::MISSING_POLICY_NEUTRAL ? 0.5 : 0; }

bool CountsWithout(v1::MissingPolicy policy) {
  return policy == v1::MISSING_POLICY_NEUTRAL || policy == v1::MISSING_POLICY_WORST;
}

}  // namespace

v1::HealthBand BandOf(int score) {
  if (score >= 80) return v1::HEALTH_BAND_GREEN;
  return score >= 50 ? v1::HEALTH_BAND_YELLOW : v1::HEALTH_BAND_RED;
}

int RoundHalfUp(double raw) {
  constexpr double kDust = 1e-9;
  return static_cast<int>(std::floor(raw + 0.5 + kDust));
}

Model::Model(const v1::HealthModel& model) : proto_(model) {
  const double whole = Total(proto_);
  for (int d = 0; d < proto_.dimensions_size(); ++d) {
    const v1::HealthDimension& dimension = proto_.dimensions(d);
    const double part = Total(dimension);
    for (int m = 0; m < dimension.measures_size(); ++m) {
      const v1::HealthMeasure& measure = dimension.measures(m);
      const measures::Measure* function = measures::FindMeasure(measure.measure());
      steps_.push_back(
          {.dimension = d,
           .measure = m,
           .function = function,
           .window_days = measure.window_days() > 0 ? measure.window_days() : function->default_window_days,
           .share = (dimension.weight() / whole) * (measure.weight() / part),
           .policy = measure.missing(),
           .kernel = Kernel(measure)});
    }
  }
}

Score Model::Run(const account::View& view, std::vector<Contribution>* contributions) const {
  constexpr size_t kUsualMeasures = 32;
  absl::InlinedVector<measures::Reading, kUsualMeasures> readings;
  double counted = 0;
  double with_data = 0;
  bool any_missing = false;
  for (const Step& step : steps_) {
    const measures::Reading& reading = readings.emplace_back(step.function->read(view, step.window_days));
    any_missing = any_missing || reading.missing();
    if (!reading.missing()) with_data += step.share;
    if (!reading.missing() || CountsWithout(step.policy)) counted += step.share;
  }

  Score score;
  score.absent = with_data == 0;
  score.coverage = any_missing ? with_data : 1;
  if (contributions != nullptr) contributions->clear();
  for (size_t i = 0; i < steps_.size(); ++i) {
    const Step& step = steps_[i];
    const measures::Reading& reading = readings[i];
    Contribution part{.dimension = step.dimension,
                      .measure = step.measure,
                      .value = reading.value,
                      .missing = reading.missing(),
                      .absence = reading.absence,
                      .fact_count = reading.fact_count,
                      .window_days = step.window_days};
    if (!score.absent && (!part.missing || CountsWithout(step.policy))) {
      part.credit = part.missing ? CreditWithout(step.policy) : step.kernel.CreditOf(reading.value);
      part.weight = step.share / counted;
      part.points = 100 * part.weight * part.credit;
      score.raw += part.points;
    }
    if (contributions != nullptr) contributions->push_back(part);
  }
  if (score.absent) return score;
  score.score = RoundHalfUp(score.raw);
  score.band = BandOf(score.score);
  return score;
}

}  // namespace folio::scoring
