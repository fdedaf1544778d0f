// Model::Compile: every fault of a model, with its path.
#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

#include "fmt/format.h"
#include "server/base/error.h"
#include "server/base/nearest.h"
#include "server/measures/custom.h"
#include "server/scoring/score.h"

namespace folio::scoring {
namespace {

class Checker {
 public:
  explicit Checker(const account::CustomFields* fields) : fields_(fields) {}

  std::vector<error::Fault> Check(const v1::HealthModel& model) {
    const std::string path = "health_model.dimensions";
    if (model.dimensions().empty()) Add(path, "MODEL_EMPTY");
    std::set<std::string> ids;
    for (int i = 0; i < model.dimensions_size(); ++i) {
      const v1::HealthDimension& dimension = model.dimensions(i);
      const std::string here = fmt::format("{}[{}]", path, i);
      dimension_ = &dimension;
      measure_ = nullptr;
      if (!ids.insert(dimension.id()).second) Add(here + ".id", "MODEL_DUPLICATE", {{"value", dimension.id()}});
      CheckDimension(here);
    }
    return std::move(faults_);
  }

 private:
  bool IsAdditive() const { return dimension_->combination() == v1::HEALTH_COMBINATION_ADDITIVE; }

  void CheckDimension(const std::string& path) {
    CheckWeight(dimension_->weight(), false, path);
    const double highest_base = IsAdditive() ? 1 : 0;
    if (!(dimension_->base() >= 0 && dimension_->base() <= highest_base)) {
      Add(path + ".base", "MODEL_BASE", {{"value", fmt::format("{}", dimension_->base())}});
    }
    if (dimension_->measures().empty()) Add(path + ".measures", "MODEL_EMPTY");
    std::set<std::pair<std::string, int>> seen;
    for (int i = 0; i < dimension_->measures_size(); ++i) {
      measure_ = &dimension_->measures(i);
      const std::string here = fmt::format("{}.measures[{}]", path, i);
      CheckWeight(measure_->weight(), IsAdditive(), here);
      CheckCarry(here);
      if (!Kernel::IsValid(*measure_)) Add(here + ".kernel", "MODEL_KERNEL", {{"kernel", KernelName()}});
      const std::optional<int> window = CheckFigure(here);
      if (window.has_value() && !seen.emplace(measure_->measure(), *window).second) {
        Add(here + ".measure", "MODEL_DUPLICATE", {{"value", measure_->measure()}});
      }
    }
  }

  void CheckWeight(double weight, bool may_take, const std::string& path) {
    const double size = may_take ? std::abs(weight) : weight;
    if (std::isfinite(size) && size > 0 && size <= kWeightMax) return;
    Add(path + ".weight", "MODEL_WEIGHT", {{"value", fmt::format("{}", weight)}});
  }

  void CheckCarry(const std::string& path) {
    const bool carries = measure_->missing() == v1::MISSING_POLICY_CARRY;
    const int days = measure_->carry_days();
    if (carries ? days >= 1 && days <= kCarryDaysMax : days == 0) return;
    Add(path + ".carry_days", "MODEL_CARRY",
        {{"value", std::to_string(days)}, {"maximum", std::to_string(kCarryDaysMax)}});
  }

  // The measure's window; nothing where there is no such measure.
  std::optional<int> CheckFigure(const std::string& path) {
    const std::string_view custom = measures::CustomIdOf(measure_->measure());
    if (!custom.empty()) return CheckCustom(custom, path);
    const measures::Measure* function = measures::FindMeasure(measure_->measure());
    if (function == nullptr) {
      Add(path + ".measure", "MODEL_MEASURE_UNKNOWN",
          {{"name", measure_->measure()}, {"nearest", measures::NearestMeasure(measure_->measure())}});
      return std::nullopt;
    }
    CheckKernelType(false, path);
    CheckWindow(function->default_window_days == 0 ? 0 : kWindowDaysMax, path);
    return measure_->window_days() == 0 ? function->default_window_days : measure_->window_days();
  }

  std::optional<int> CheckCustom(std::string_view id, const std::string& path) {
    const auto definition = fields_ == nullptr ? nullptr : fields_->Find(id);
    if (definition == nullptr) {
      Add(path + ".measure", "MODEL_MEASURE_UNKNOWN", {{"name", measure_->measure()}, {"nearest", NearestField(id)}});
      return std::nullopt;
    }
    if (!account::IsReadable(definition->type())) {
      Add(path + ".measure", "MODEL_MEASURE_TYPE", {{"name", measure_->measure()}});
      return std::nullopt;
    }
    CheckKernelType(definition->type() == v1::CUSTOM_FIELD_TYPE_CHOICE, path);
    for (int i = 0; i < measure_->choices().choices_size(); ++i) {
      const std::string& choice = measure_->choices().choices(i).choice();
      const auto& known = definition->choices();
      if (std::find(known.begin(), known.end(), choice) != known.end()) continue;
      Add(fmt::format("{}.choices.choices[{}].choice", path, i), "CHOICE_UNKNOWN", {{"value", choice}});
    }
    CheckWindow(0, path);
    return 0;
  }

  std::string NearestField(std::string_view id) const {
    if (fields_ == nullptr) return "";
    const auto definitions = fields_->All();
    std::vector<std::string_view> ids;
    for (const auto& [known, definition] : definitions) ids.push_back(known);
    const std::string nearest = NearestName(id, ids);
    return nearest.empty() ? "" : std::string(measures::kCustomPrefix) + nearest;
  }

  void CheckKernelType(bool is_choice, const std::string& path) {
    if (measure_->kernel_case() == v1::HealthMeasure::KERNEL_NOT_SET || measure_->has_choices() == is_choice) return;
    Add(path + ".kernel", "MODEL_KERNEL_TYPE", {{"kernel", KernelName()}});
  }

  void CheckWindow(int longest, const std::string& path) {
    if (measure_->window_days() >= 0 && measure_->window_days() <= longest) return;
    Add(path + ".window_days", "MODEL_WINDOW",
        {{"value", std::to_string(measure_->window_days())}, {"minimum", "0"}, {"maximum", std::to_string(longest)}});
  }

  std::string KernelName() const {
    const auto* field = v1::HealthMeasure::descriptor()->FindFieldByNumber(measure_->kernel_case());
    return field == nullptr ? "" : field->name();
  }

  void Add(std::string field, std::string reason, std::vector<error::Detail> details = {}) {
    if (dimension_ != nullptr) details.emplace_back("dimension", dimension_->id());
    if (measure_ != nullptr) details.emplace_back("measure", measure_->measure());
    std::erase_if(details, [](const error::Detail& detail) { return detail.second.empty(); });
    faults_.push_back({std::move(field), std::move(reason), std::move(details)});
  }

  const account::CustomFields* const fields_;
  const v1::HealthDimension* dimension_ = nullptr;  // being checked
  const v1::HealthMeasure* measure_ = nullptr;      // being checked; nullptr for the dimension itself
  std::vector<error::Fault> faults_;
};

}  // namespace

absl::StatusOr<Model> Model::Compile(const v1::HealthModel& model, account::CustomFields* fields) {
  const std::vector<error::Fault> faults = Checker(fields).Check(model);
  if (!faults.empty()) return error::InvalidFields(faults);
  return Model(model, fields);
}

}  // namespace folio::scoring
