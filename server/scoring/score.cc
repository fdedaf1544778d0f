#include "server/scoring/score.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "absl/container/inlined_vector.h"
#include "server/measures/custom.h"
#include "server/scoring/policies.h"

namespace folio::scoring {
namespace {

using account::View;

double Total(const v1::HealthModel& model) {
  double total = 0;
  for (const v1::HealthDimension& dimension : model.dimensions()) total += dimension.weight();
  return total;
}

double Total(const v1::HealthDimension& dimension) {
  double total = 0;
  for (const v1::HealthMeasure& measure : dimension.measures()) total += std::abs(measure.weight());
  return total;
}

}  // namespace

v1::HealthBand BandOf(int score) {
  if (score >= 80) return v1::HEALTH_BAND_GREEN;
  return score >= 50 ? v1::HEALTH_BAND_YELLOW : v1::HEALTH_BAND_RED;
}

int RoundHalfUp(double raw) { return static_cast<int>(std::floor(raw + 0.5 + kRoundingDust)); }

Model::Model(const v1::HealthModel& model, account::CustomFields* fields) : proto_(model) {
  const double whole = Total(proto_);
  for (const v1::HealthDimension& dimension : proto_.dimensions()) {
    Part& part = parts_.emplace_back(Part{.combination = dimension.combination(),
                                          .share = dimension.weight() / whole,
                                          .base = dimension.base(),
                                          .steps = {}});
    const double total = Total(dimension);
    for (int m = 0; m < dimension.measures_size(); ++m) {
      const v1::HealthMeasure& measure = dimension.measures(m);
      part.steps.push_back(StepOf(measure, m, part.share * (std::abs(measure.weight()) / total), fields));
    }
    for (const Step& step : part.steps) figures_.push_back(step.figure);
  }
}

Model::Step Model::StepOf(const v1::HealthMeasure& measure, int position, double share, account::CustomFields* fields) {
  const measures::Measure* function = measures::FindMeasure(measure.measure());
  const std::string_view custom = measures::CustomIdOf(measure.measure());
  const int usual_window = function == nullptr ? 0 : function->default_window_days;
  return {.measure = position,
          .figure = {.measure = function,
                     .custom = custom.empty() || fields == nullptr ? 0 : fields->NumberOf(custom),
                     .window_days = measure.window_days() > 0 ? measure.window_days() : usual_window,
                     .carry_days = measure.missing() == v1::MISSING_POLICY_CARRY ? measure.carry_days() : 0},
          .weight = measure.weight(),
          .share = share,
          .policy = measure.missing(),
          .kernel = Kernel(measure, fields)};
}

Model::Read Model::ReadStep(const Step& step, const View& view) {
  const FigureReading figure = ReadFigure(step.figure, view);
  Read read{.reading = figure.reading, .carried_days = figure.carried_days};
  if (!read.reading.missing()) {
    read.counts = true;
    read.credit = step.kernel.CreditOf(read.reading.value);
  } else if (CountsWithout(step.policy)) {
    read.counts = true;
    read.credit = CreditWithout(step.policy);
  }
  return read;
}

// One run of a model over a view: first everything is read, so that the weight of what is missing is known, then points
// are given.
class Model::Runner {
 public:
  Runner(const Model& model, const View& view, std::vector<Contribution>* contributions)
      : model_(model), contributions_(contributions) {
    reads_.reserve(model.figures_.size());
    for (const Part& part : model.parts_) ReadPart(part, view);
  }

  Score Finish() {
    score_.absent = with_data_ == 0;
    score_.coverage = any_missing_ ? with_data_ : 1;
    size_t first = 0;
    for (size_t i = 0; i < model_.parts_.size(); ++i) {
      const Part& part = model_.parts_[i];
      dimension_ = static_cast<int>(i);
      AddPart(part, std::span<const Read>(reads_.data() + first, part.steps.size()));
      first += part.steps.size();
    }
    if (score_.absent) return score_;
    score_.score = RoundHalfUp(score_.raw);
    score_.band = BandOf(score_.score);
    return score_;
  }

 private:
  void ReadPart(const Part& part, const View& view) {
    bool any_counts = false;
    for (const Step& step : part.steps) {
      const Read& read = reads_.emplace_back(ReadStep(step, view));
      if (read.reading.missing()) {
        any_missing_ = true;
      } else {
        with_data_ += step.share;
      }
      if (!read.counts) continue;
      any_counts = true;
      if (IsMean(part.combination)) counted_ += step.share;
    }
    // Such a dimension has one credit, whatever is missing of it.
    if (any_counts && !IsMean(part.combination)) counted_ += part.share;
  }

  void AddPart(const Part& part, std::span<const Read> reads) {
    const bool counts =
        !score_.absent && std::any_of(reads.begin(), reads.end(), [](const Read& read) { return read.counts; });
    if (part.combination == v1::HEALTH_COMBINATION_ADDITIVE) {
      AddAdditive(part, reads, counts ? part.share / counted_ : 0);
    } else if (part.combination == v1::HEALTH_COMBINATION_WORST_OF) {
      AddWorst(part, reads, counts ? part.share / counted_ : 0);
    } else {
      for (size_t i = 0; i < reads.size(); ++i) {
        AddMeasure(part.steps[i], reads[i], counts && reads[i].counts ? part.steps[i].share / counted_ : 0);
      }
    }
  }

  void AddAdditive(const Part& part, std::span<const Read> reads, double weight) {
    if (weight > 0) Add({.measure = -1, .share = Share::kBase, .credit = part.base, .weight = weight});
    double sum = part.base;
    for (size_t i = 0; i < reads.size(); ++i) {
      const double own = reads[i].counts ? part.steps[i].weight : 0;
      sum += own * reads[i].credit;
      AddMeasure(part.steps[i], reads[i], weight * own);
    }
    const double clamped = std::clamp(sum, 0.0, 1.0);
    if (weight > 0 && clamped != sum) {
      Add({.measure = -1, .share = Share::kClamp, .credit = clamped - sum, .weight = weight});
    }
  }

  void AddWorst(const Part& part, std::span<const Read> reads, double weight) {
    size_t worst = reads.size();
    for (size_t i = 0; i < reads.size(); ++i) {
      if (reads[i].counts && (worst == reads.size() || reads[i].credit < reads[worst].credit)) worst = i;
    }
    for (size_t i = 0; i < reads.size(); ++i) AddMeasure(part.steps[i], reads[i], i == worst ? weight : 0);
  }

  void AddMeasure(const Step& step, const Read& read, double weight) {
    Add({.measure = step.measure,
         .value = read.reading.value,
         .missing = read.reading.missing(),
         .absence = read.reading.absence,
         .credit = score_.absent ? 0 : read.credit,
         .weight = weight,
         .fact_count = read.reading.fact_count,
         .window_days = step.figure.window_days,
         .carried_days = read.carried_days});
  }

  void Add(Contribution contribution) {
    contribution.dimension = dimension_;
    contribution.points = 100 * contribution.weight * contribution.credit;
    score_.raw += contribution.points;
    if (contributions_ != nullptr) contributions_->push_back(contribution);
  }

  static constexpr size_t kUsualMeasures = 32;
  const Model& model_;
  std::vector<Contribution>* const contributions_;
  absl::InlinedVector<Read, kUsualMeasures> reads_;
  double counted_ = 0;
  double with_data_ = 0;
  bool any_missing_ = false;
  int dimension_ = 0;
  Score score_;
};

Score Model::Run(const View& view, std::vector<Contribution>* contributions) const {
  if (contributions != nullptr) contributions->clear();
  return Runner(*this, view, contributions).Finish();
}

}  // namespace folio::scoring
