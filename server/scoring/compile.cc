// Model::Compile: every fault of a model, with its path.
#include <cmath>
#include <set>
#include <utility>

#include "fmt/format.h"
#include "server/base/error.h"
#include "server/scoring/score.h"

namespace folio::scoring {
namespace {

class Checker {
 public:
  std::vector<error::Fault> Check(const v1::HealthModel& model) {
    const std::string path = "health_model.dimensions";
    if (model.dimensions().empty()) Add(path, "MODEL_EMPTY");
    std::set<std::string> ids;
    for (int i = 0; i < model.dimensions_size(); ++i) {
      const v1::HealthDimension& dimension = model.dimensions(i);
      const std::string here = fmt::format("{}[{}]", path, i);
      if (!ids.insert(dimension.id()).second) Add(here + ".id", "MODEL_DUPLICATE", {{"value", dimension.id()}});
      CheckDimension(dimension, here);
    }
    return std::move(faults_);
  }

 private:
  void CheckDimension(const v1::HealthDimension& dimension, const std::string& path) {
    CheckWeight(dimension.weight(), path);
    if (dimension.measures().empty()) Add(path + ".measures", "MODEL_EMPTY");
    std::set<std::pair<std::string, int>> seen;
    for (int i = 0; i < dimension.measures_size(); ++i) {
      const v1::HealthMeasure& measure = dimension.measures(i);
      const std::string here = fmt::format("{}.measures[{}]", path, i);
      CheckWeight(measure.weight(), here);
      if (!Kernel::IsValid(measure)) Add(here + ".kernel", "MODEL_KERNEL");
      const measures::Measure* function = measures::FindMeasure(measure.measure());
      if (function == nullptr) {
        Add(here + ".measure", "MODEL_MEASURE_UNKNOWN",
            {{"name", measure.measure()}, {"nearest", measures::NearestMeasure(measure.measure())}});
        continue;
      }
      CheckWindow(measure, *function, here);
      const int window = measure.window_days() == 0 ? function->default_window_days : measure.window_days();
      if (!seen.emplace(measure.measure(), window).second) {
        Add(here + ".measure", "MODEL_DUPLICATE", {{"value", measure.measure()}});
      }
    }
  }

  void CheckWeight(double weight, const std::string& path) {
    if (std::isfinite(weight) && weight > 0 && weight <= kWeightMax) return;
    Add(path + ".weight", "MODEL_WEIGHT", {{"value", fmt::format("{}", weight)}});
  }

  void CheckWindow(const v1::HealthMeasure& measure, const measures::Measure& function, const std::string& path) {
    const int longest = function.default_window_days == 0 ? 0 : kWindowDaysMax;
    if (measure.window_days() >= 0 && measure.window_days() <= longest) return;
    Add(path + ".window_days", "MODEL_WINDOW",
        {{"value", std::to_string(measure.window_days())}, {"minimum", "0"}, {"maximum", std::to_string(longest)}});
  }

  void Add(std::string field, std::string reason, std::vector<error::Detail> details = {}) {
    std::erase_if(details, [](const error::Detail& detail) { return detail.second.empty(); });
    faults_.push_back({std::move(field), std::move(reason), std::move(details)});
  }

  std::vector<error::Fault> faults_;
};

}  // namespace

absl::StatusOr<Model> Model::Compile(const v1::HealthModel& model) {
  const std::vector<error::Fault> faults = Checker().Check(model);
  if (!faults.empty()) return error::InvalidFields(faults);
  return Model(model);
}

}  // namespace folio::scoring
