#include "server/proof/fit.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "server/base/limits.h"
#include "server/learning/cross_validation.h"
#include "server/learning/roc.h"
#include "server/proof/choice.h"
#include "server/proof/encoding.h"
#include "server/proof/words.h"

namespace folio::proof {
namespace {

constexpr double kPointsOfAll = 100;
constexpr double kWeightParts = 1e6;
// A smaller part of the score would be told as 0.
constexpr double kPointsMin = 1 / kWeightParts;

struct Place {
  int dimension = 0;
  int measure = 0;
};

std::vector<Place> PlacesOf(const v1::HealthModel& model) {
  std::vector<Place> places;
  for (int d = 0; d < model.dimensions_size(); ++d) {
    for (int m = 0; m < model.dimensions(d).measures_size(); ++m) places.push_back({.dimension = d, .measure = m});
  }
  return places;
}

// What was learnt, with each measure's points of 100; 0 where it is left out.
struct Lesson {
  const v1::HealthModel& given;
  std::vector<Place> places;
  std::vector<LearntMeasure> measures;
  std::vector<double> points;
  double total = 0;  // log-odds that 100 points are worth

  Lesson(const v1::HealthModel& model, std::vector<LearntMeasure> learnt)
      : given(model), places(PlacesOf(model)), measures(std::move(learnt)) {
    for (const LearntMeasure& measure : measures) total += measure.weight;
    for (const LearntMeasure& measure : measures) {
      const double exact = total > 0 ? kPointsOfAll * measure.weight / total : 0;
      points.push_back(exact < kPointsMin ? 0 : std::round(exact * kWeightParts) / kWeightParts);
    }
  }
};

// What the draft says of itself; the caller stores it under a name of its own.
v1::HealthModel DraftOf(const Lesson& lesson, int64_t event_count, bool learnt_kernels, error::Locale locale) {
  v1::HealthModel draft;
  draft.set_name(lesson.given.name());
  draft.set_display_name(lesson.given.display_name());
  draft.set_description(lesson.given.description());
  draft.set_filter(lesson.given.filter());
  draft.set_priority(lesson.given.priority());
  for (int d = 0; d < lesson.given.dimensions_size(); ++d) {
    v1::HealthDimension dimension;
    dimension.set_id(lesson.given.dimensions(d).id());
    dimension.set_display_name(lesson.given.dimensions(d).display_name());
    double weight = 0;
    for (size_t i = 0; i < lesson.measures.size(); ++i) {
      if (lesson.places[i].dimension != d || lesson.points[i] == 0) continue;
      const LearntMeasure& learnt = lesson.measures[i];
      v1::HealthMeasure* measure = dimension.add_measures();
      *measure = learnt.content;
      measure->set_weight(lesson.points[i]);
      measure->set_reason(ReasonOf(learnt.weight, learnt.interval.value_or(statistics::Interval{}), event_count,
                                   learnt_kernels, locale));
      weight += lesson.points[i];
    }
    if (dimension.measures().empty()) continue;
    dimension.set_weight(weight);
    *draft.add_dimensions() = std::move(dimension);
  }
  return draft;
}

void AddMeasures(const Lesson& lesson, const Encoded& encoded, v1::HealthFit* fit) {
  std::vector<size_t> order(lesson.measures.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return lesson.points[a] > lesson.points[b]; });
  for (const size_t i : order) {
    const LearntMeasure& learnt = lesson.measures[i];
    const v1::HealthDimension& dimension = lesson.given.dimensions(lesson.places[i].dimension);
    v1::FittedMeasure* out = fit->add_measures();
    out->set_dimension(dimension.id());
    out->set_measure(dimension.measures(lesson.places[i].measure).measure());
    out->set_coefficient(learnt.weight);
    if (learnt.interval.has_value()) {
      out->set_coefficient_low(learnt.interval->low);
      out->set_coefficient_high(learnt.interval->high);
    }
    out->set_weight(lesson.points[i] / kPointsOfAll);
    out->set_coverage(encoded.coverage[i]);
    out->set_dropped(lesson.points[i] == 0);
  }
}

// The linear predictor of the fit, told in points of the score.
void AddLogOdds(const Lesson& lesson, const learning::LogisticFit& fitted, bool is_loss, v1::HealthFit* fit) {
  double base = 0;
  for (const LearntMeasure& learnt : lesson.measures) base += learnt.base;
  const double sign = is_loss ? -1 : 1;
  fit->set_log_odds_at_zero(fitted.intercept.value + sign * base);
  fit->set_log_odds_per_point(sign * lesson.total / kPointsOfAll);
}

bool HasOtherCombinations(const v1::HealthModel& model) {
  return std::any_of(model.dimensions().begin(), model.dimensions().end(), [](const v1::HealthDimension& dimension) {
    return dimension.combination() == v1::HEALTH_COMBINATION_ADDITIVE ||
           dimension.combination() == v1::HEALTH_COMBINATION_WORST_OF;
  });
}

void AddWarnings(const Question& question, const Encoded& encoded, int64_t event_accounts, error::Locale locale,
                 v1::HealthFit* fit) {
  for (std::string& warning : WarningsOf(question, event_accounts, locale)) {
    fit->add_warnings(std::move(warning));
  }
  std::vector<std::string> dropped;
  for (const v1::FittedMeasure& measure : fit->measures()) {
    if (measure.dropped()) dropped.push_back(measure.measure());
  }
  if (!dropped.empty()) fit->add_warnings(MeasuresDropped(dropped, locale));
  if (encoded.any_missing) fit->add_warnings(MeansInstead(locale));
  if (HasOtherCombinations(question.model().proto())) fit->add_warnings(CombinationsAsMeans(locale));
  fit->add_warnings(SeenByFit(locale));
}

double GivenArea(const Question& question, const Samples& samples) {
  std::vector<double> predictions;
  for (const double raw : samples.raw) predictions.push_back(question.outcome.is_loss() ? -raw : raw);
  return learning::ComputeAreaUnderRoc(predictions, samples.happened, samples.cluster)
      .value_or(learning::AreaUnderRoc{})
      .value;
}

absl::StatusOr<learning::Recipe> RecipeOf(const v1::FitHealthModelRequest& request) {
  learning::Recipe recipe{.non_negative = !request.fit_kernels(), .seed = kSeed};
  if (request.fold_count() == 0) return recipe;
  if (request.fold_count() == 1) {
    return error::InvalidField("fold_count", "FIELD_OUT_OF_RANGE", {{"value", "1"}, {"minimum", "2"}});
  }
  recipe.folds = request.fold_count();
  return recipe;
}

v1::HealthFit FitOf(const Question& question, const Samples& samples, const Encoded& encoded, const Encoding& encoding,
                    const learning::Learned& learned, bool fit_kernels, error::Locale locale) {
  const bool is_loss = question.outcome.is_loss();
  const learning::LogisticFit& fitted = learned.chosen.fit;
  const Lesson lesson(question.model().proto(), encoding.Decode(encoded, fitted));
  v1::HealthFit fit;
  const learning::HeldOutArea& held_out = learned.validation.mean_area;
  const int64_t events = learning::CountClasses(samples.happened).events;
  if (lesson.total > 0) *fit.mutable_model() = DraftOf(lesson, events, fit_kernels, locale);
  AddMeasures(lesson, encoded, &fit);
  AddLogOdds(lesson, fitted, is_loss, &fit);
  fit.set_sample_count(static_cast<int64_t>(samples.rows()));
  fit.set_event_count(events);
  fit.set_cross_validated_auc(held_out.value);
  fit.set_auc_low(held_out.interval.low);
  fit.set_auc_high(held_out.interval.high);
  fit.set_cross_validated_brier(learned.validation.brier.score);
  fit.set_brier_base(learned.validation.brier.reference);
  fit.set_given_auc(GivenArea(question, samples));
  fit.set_penalty(learned.chosen.choice.penalty);
  fit.set_has_evidence(held_out.HasEvidence());
  const learning::ClassCounts accounts = learned.sufficiency.found;
  fit.set_conclusion(ConclusionOfFit({.value = held_out.value,
                                      .interval = held_out.interval,
                                      .sample_count = fit.sample_count(),
                                      .account_count = accounts.events + accounts.non_events,
                                      .event_count = fit.event_count()},
                                     fit.given_auc(), locale));
  AddWarnings(question, encoded, accounts.events, locale, &fit);
  return fit;
}

}  // namespace

absl::StatusOr<v1::HealthFit> Fit(const portfolio::Workspace& workspace, const v1::FitHealthModelRequest& request,
                                  error::Locale locale, const TotalProgress& progress) {
  auto recipe = RecipeOf(request);
  if (!recipe.ok()) return recipe.status();
  auto question = AskFit(workspace, request);
  if (!question.ok()) return question.status();
  const auto tell = [&](int64_t done) { return progress(done, question->total()); };
  auto chosen = ChooseSamples(workspace.portfolio(), ChosenBy::kSample, limits::kFitSamplesMax, tell, &*question);
  if (!chosen.ok()) return chosen;
  if (question->census.sample_count == 0) return NothingCounts(*question);
  const auto samples = Gather(workspace.portfolio(), *question, /*with_reads=*/true, tell);
  if (!samples.ok()) return samples.status();
  const Encoding encoding(question->model().proto(), request.fit_kernels(), question->outcome.is_loss(),
                          workspace.portfolio().custom_fields());
  const Encoded encoded = encoding.Encode(*samples);
  recipe->cancelled = [&] { return !progress(question->total(), question->total()); };
  const learning::Sample sample{.features = {encoded.values, encoded.columns.size()},
                                .outcomes = samples->happened,
                                .weights = {},
                                .clusters = question->cutoffs.size() == 1 ? learning::Clusters{} : samples->cluster};
  const auto learned = learning::Learn(sample, *recipe);
  if (!learned.ok()) return question->sampled() ? RefusedOfSome(learned.status(), *question) : learned.status();
  return FitOf(*question, *samples, encoded, encoding, *learned, request.fit_kernels(), locale);
}

}  // namespace folio::proof
