// From what measures read to features of a fit, and from coefficients back to kernels and weights.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "folio/v1/health_model.pb.h"
#include "server/account/custom.h"
#include "server/learning/logistic.h"
#include "server/proof/samples.h"
#include "server/statistics/interval.h"

namespace folio::proof {

// What a column of features holds.
enum class ColumnKind : uint8_t {
  kLack,    // 1 - credit by the model's own kernel: more of it makes a loss likelier
  kCredit,  // the credit: more of it makes a gain likelier
  kRamp,    // the figure on a ramp of the column's ends
  kLevel,   // 1 where the figure is in one level (a choice, a step of tiers), else 0; the commonest has no column
};

struct FeatureColumn {
  size_t measure = 0;  // position among all measures of the model
  ColumnKind kind = ColumnKind::kLack;
  double zero_at = 0;  // of a ramp
  double full_at = 1;
  int level = 0;      // position among the measure's levels
  int reference = 0;  // the level that the others are told against: the one that most samples are in
};

// A matrix of features, and what each of its columns holds. A missing figure has the mean of its column.
struct Encoded {
  std::vector<FeatureColumn> columns;
  std::vector<double> values;    // row by row
  std::vector<double> coverage;  // by measure: share of the rows that had the figure
  bool any_missing = false;
};

// A measure with what was learnt of it.
struct LearntMeasure {
  size_t measure = 0;
  v1::HealthMeasure content;  // with the learnt kernel, if kernels were to be learnt
  double weight = 0;          // log-odds that full credit is worth; 0: left out
  // Of the weight. Between two levels it is wide rather than narrow: their errors are taken to be opposed. Absent
  // where the weight was not free to move.
  std::optional<statistics::Interval> interval;
  double base = 0;  // added to the log-odds in favour of the account beside weight x credit
};

// Measures of a model in its order, with their kernels turned into features.
class Encoding {
 public:
  // `fields` numbers the choices.
  Encoding(const v1::HealthModel& model, bool fit_kernels, bool is_loss, account::CustomFields& fields);

  // Every measure that varies gets its columns, so that only these count for how many outcomes are needed. Ends of
  // ramps are the 5th and 95th percentile of the figures, or the smallest and largest where these do not differ.
  Encoded Encode(const Samples& samples) const;

  // A fit to those columns, told by measure: every one of the model.
  std::vector<LearntMeasure> Decode(const Encoded& encoded, const learning::LogisticFit& fit) const;

 private:
  // A measure, and what its levels are, where it has some.
  struct Source {
    const v1::HealthMeasure* measure = nullptr;
    std::vector<std::string> choices;
    std::vector<double> numbers;  // of the choices; or where the steps of tiers begin

    bool has_levels() const { return measure->has_choices() || measure->has_tiers(); }
    int level_count() const { return static_cast<int>(numbers.size()) + (measure->has_tiers() ? 1 : 0); }
    // -1 for a choice that the definition no longer has.
    int LevelOf(double value) const;
  };

  void AddColumns(const Samples& samples, size_t measure, std::vector<FeatureColumn>* columns) const;
  void AddCredit(const Samples& samples, size_t measure, std::vector<FeatureColumn>* columns) const;
  void AddLevels(const Samples& samples, size_t measure, std::vector<FeatureColumn>* columns) const;
  void AddRamp(const Samples& samples, size_t measure, std::vector<FeatureColumn>* columns) const;
  double FeatureOf(const FeatureColumn& column, const Read& read) const;
  bool IsMissing(const Source& source, const Read& read) const;
  void FillColumn(const Samples& samples, size_t column, Encoded* encoded) const;
  // The log-odds in favour of the account that one more of a column brings.
  double FavourOf(const learning::Coefficient& coefficient) const;
  void DecodeRamp(const FeatureColumn& column, const learning::Coefficient& coefficient, LearntMeasure* learnt) const;
  void DecodeLevels(const std::vector<size_t>& columns, const Encoded& encoded, const learning::LogisticFit& fit,
                    LearntMeasure* learnt) const;
  // Credits by level; nothing for levels that no sample is in, which count as the reference.
  void SetCredits(const std::vector<std::optional<double>>& credits, double reference, LearntMeasure* learnt) const;

  const bool fit_kernels_;
  const bool is_loss_;
  std::vector<Source> sources_;
};

}  // namespace folio::proof
