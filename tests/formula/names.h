// A few names for formulas, and what they stand for.
#pragma once

#include <map>
#include <string>

#include "server/base/error.h"
#include "server/base/nearest.h"
#include "server/formula/formula.h"

namespace folio::formula {

class Names final : public Catalogue {
 public:
  std::optional<Unit> FindIndicator(std::string_view name) const override {
    const auto found = indicators_.find(std::string(name));
    return found == indicators_.end() ? std::nullopt : std::optional(found->second);
  }
  std::optional<Measure> FindMeasure(std::string_view name) const override {
    const auto found = measures_.find(std::string(name));
    return found == measures_.end() ? std::nullopt : std::optional(found->second);
  }
  std::string NearestIndicator(std::string_view name) const override { return Nearest(name, indicators_); }
  std::string NearestMeasure(std::string_view name) const override { return Nearest(name, measures_); }
  absl::Status CheckFilter(std::string_view filter) const override {
    if (filter.find("nonsense") == std::string_view::npos) return absl::OkStatus();
    return error::InvalidField("filter", "FILTER_SYNTAX", {});
  }

 private:
  template <typename Map>
  static std::string Nearest(std::string_view name, const Map& map) {
    std::vector<std::string_view> names;
    for (const auto& [key, value] : map) names.push_back(key);
    return NearestName(name, names);
  }

  std::map<std::string, Unit> indicators_ = {{"arr", units::kMoney},
                                             {"cac", units::kMoney},
                                             {"arpa", units::kMoney},
                                             {"churn_rate", units::kRatio},
                                             {"win_rate", units::kRatio},
                                             {"gross_margin", units::kRatio},
                                             {"deals", units::kCount},
                                             {"customers", units::kCount},
                                             {"nps", units::kPoints},
                                             {"health", units::kPoints},
                                             {"sales_cycle", units::kDuration},
                                             {"response_time", units::kDuration},
                                             {"mean_deal", units::kMoney},
                                             {"half-open", units::kCount}};
  std::map<std::string, Measure> measures_ = {{"usage_trend", {units::kRatio, true}},
                                              {"seats", {units::kCount, false}},
                                              {"days_since_contact", {units::kDuration, false}},
                                              {"custom.budget", {units::kMoney, false}}};
};

}  // namespace folio::formula
