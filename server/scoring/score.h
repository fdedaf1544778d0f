// The health score of one account: a pure function of a model and a view. The whole of ../docs/health.md.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "folio/v1/health.pb.h"
#include "folio/v1/health_model.pb.h"
#include "server/account/view.h"
#include "server/scoring/kernel.h"
#include "server/measures/measure.h"

namespace folio::scoring {

// Largest weight that a model may give: beyond it, the others would vanish in rounding.
inline constexpr double kWeightMax = 1e6;
inline constexpr int kWindowDaysMax = 3660;

// What one measure added. Points of all contributions sum to the raw score, exactly as computed.
struct Contribution {
  int dimension = 0;  // position in the model
  int measure = 0;    // position in the dimension
  double value = 0;
  bool missing = false;
  v1::Absence absence = v1::ABSENCE_UNSPECIFIED;  // why it is missing
  double credit = 0;
  double weight = 0;  // effective share of the whole, after missing weights were given away
  double points = 0;
  int64_t fact_count = 0;
  int window_days = 0;
};

struct Score {
  bool absent = true;  // nothing had data
  double raw = 0;
  int score = 0;  // raw rounded half up
  v1::HealthBand band = v1::HEALTH_BAND_UNSPECIFIED;
  double coverage = 0;  // share of the model's weight that had data
};

v1::HealthBand BandOf(int score);

// Half up. What is within 1e-9 of a half counts as one: the dust of floating point must not decide a band.
int RoundHalfUp(double raw);

// A model, checked and ready to run. Callable from any thread.
class Model {
 public:
  // INVALID_ARGUMENT with a fault for each wrong weight, unknown measure (with the nearest), window or kernel; paths
  // begin with "health_model". Reasons: MODEL_EMPTY, MODEL_WEIGHT, MODEL_MEASURE_UNKNOWN, MODEL_WINDOW, MODEL_KERNEL,
  // MODEL_DUPLICATE.
  static absl::StatusOr<Model> Compile(const v1::HealthModel& model);

  // The score on view.today. `contributions` is filled where it is not null: one for each measure, in order.
  Score Run(const account::View& view, std::vector<Contribution>* contributions) const;

  const v1::HealthModel& proto() const { return proto_; }

 private:
  struct Step {
    int dimension;
    int measure;
    const measures::Measure* function;
    int window_days;
    double share;  // of the whole model's weight, before anything is missing
    v1::MissingPolicy policy;
    Kernel kernel;
  };
  explicit Model(const v1::HealthModel& model);

  v1::HealthModel proto_;
  std::vector<Step> steps_;
};

// "healthModels/default", from default_model.textproto in this folder, compiled into the program.
const v1::HealthModel& DefaultModel();

}  // namespace folio::scoring
