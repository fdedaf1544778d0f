// The health score of one account: a pure function of a model and a view. The whole of ../docs/health.md.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "folio/v1/health.pb.h"
#include "folio/v1/health_model.pb.h"
#include "server/account/view.h"
#include "server/measures/measure.h"
#include "server/scoring/batch.h"
#include "server/scoring/figure.h"
#include "server/scoring/kernel.h"

namespace folio::scoring {

// Largest weight that a model may give: beyond it, the others would vanish in rounding.
inline constexpr double kWeightMax = 1e6;
inline constexpr int kWindowDaysMax = 3660;
inline constexpr int kCarryDaysMax = 366;

// What a contribution is: of a measure, or what an additive dimension begins with, or what its limits added or took.
enum class Share : uint8_t { kMeasure, kBase, kClamp };

// What one measure added. Points of all contributions sum to the raw score, exactly as computed.
struct Contribution {
  int dimension = 0;  // position in the model
  int measure = 0;    // position in the dimension; -1 for a base and a clamp
  Share share = Share::kMeasure;
  double value = 0;  // for a choice, the number of its text
  bool missing = false;
  v1::Absence absence = v1::ABSENCE_UNSPECIFIED;  // why it is missing
  double credit = 0;                              // 0 to 1; of a clamp, what it added or took, -1 to 1 and beyond
  double weight = 0;  // effective share of the whole, after missing weights were given away; negative where it takes
  double points = 0;  // 100 x weight x credit
  int64_t fact_count = 0;
  int window_days = 0;
  int carried_days = 0;  // the figure is that of so many days before
};

struct Score {
  bool absent = true;  // nothing had data
  double raw = 0;
  int score = 0;  // raw rounded half up
  v1::HealthBand band = v1::HEALTH_BAND_UNSPECIFIED;
  double coverage = 0;  // share of the model's weight that had data
};

v1::HealthBand BandOf(int score);

// Half up. What is within the dust of a half counts as one: floating point must not decide a band.
inline constexpr double kRoundingDust = 1e-9;
int RoundHalfUp(double raw);

// A model, checked and ready to run. Callable from any thread.
class Model {
 public:
  // INVALID_ARGUMENT with a fault for each wrong weight, unknown measure (with the nearest), window or kernel; paths
  // begin with "health_model". Reasons: MODEL_EMPTY, MODEL_WEIGHT, MODEL_BASE, MODEL_MEASURE_UNKNOWN,
  // MODEL_MEASURE_TYPE, MODEL_WINDOW, MODEL_KERNEL, MODEL_KERNEL_TYPE, MODEL_CARRY, MODEL_DUPLICATE, CHOICE_UNKNOWN.
  // `fields` must outlive the model; without them no custom field is known.
  static absl::StatusOr<Model> Compile(const v1::HealthModel& model, account::CustomFields* fields = nullptr);

  // A model that was checked when it was stored. What it reads of custom fields that are gone is missing.
  static Model Restore(const v1::HealthModel& model, account::CustomFields* fields) { return Model(model, fields); }

  // The score on view.today. `contributions` is filled where it is not null: in order of the model, one for each
  // measure, and those of base and clamp where a dimension is additive.
  Score Run(const account::View& view, std::vector<Contribution>* contributions) const;

  // What it reads, in its order: a figure for each measure.
  std::span<const Figure> figures() const { return figures_; }

  // The scores of up to kBatchRows accounts. `figures`: a column for each of figures().
  void RunBatch(std::span<const FigureColumn> figures, int rows, BatchScores* scores) const;

  const v1::HealthModel& proto() const { return proto_; }

 private:
  struct Step {
    int measure;  // position in the dimension
    Figure figure;
    double weight;  // as the model says
    double share;   // of the whole model's weight, before anything is missing
    v1::MissingPolicy policy;
    Kernel kernel;
  };
  struct Part {
    v1::HealthCombination combination;
    double share;  // of the whole model's weight
    double base;
    std::vector<Step> steps;
  };
  // What a step read, and what becomes of it.
  struct Read {
    measures::Reading reading;
    int carried_days = 0;
    bool counts = false;
    double credit = 0;
  };
  class Runner;
  class Batch;

  Model(const v1::HealthModel& model, account::CustomFields* fields);
  static Step StepOf(const v1::HealthMeasure& measure, int position, double share, account::CustomFields* fields);
  static Read ReadStep(const Step& step, const account::View& view);

  v1::HealthModel proto_;
  std::vector<Part> parts_;
  std::vector<Figure> figures_;
};

// "healthModels/default", from default_model.textproto in this folder, compiled into the program.
const v1::HealthModel& DefaultModel();

}  // namespace folio::scoring
