// Publishing a health model: from the call to its answer, when the version is durable and every account is scored by
// it.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "folio/v1/health_model.pb.h"
#include "tools/bench/load.h"
#include "tools/bench/process.h"

namespace folio::bench {
namespace {

void AddMeasure(const char* name, int window_days, double zero_at, double full_at, int weight,
                v1::HealthDimension* dimension) {
  v1::HealthMeasure& measure = *dimension->add_measures();
  measure.set_measure(name);
  measure.set_window_days(window_days);
  measure.set_weight(weight);
  measure.mutable_ramp()->set_zero_at(zero_at);
  measure.mutable_ramp()->set_full_at(full_at);
}

// Twelve measures of which accounts without facts have figures; with other weights and ends for each number.
v1::HealthModel TwelveMeasures(int number) {
  v1::HealthModel model;
  model.set_name("healthModels/default");
  model.set_display_name("Model " + std::to_string(number));
  v1::HealthDimension& contract = *model.add_dimensions();
  contract.set_id("contract");
  contract.set_weight(2 + number % 3);
  AddMeasure("tenure_months", 0, 0, 24 + number, 3, &contract);
  AddMeasure("seats", 0, 0, 40 + number, 2, &contract);
  AddMeasure("arr", 0, 0, 30'000 + 100 * number, 1 + number % 4, &contract);
  AddMeasure("days_to_renewal", 0, 0, 90 + number, 2, &contract);
  AddMeasure("renews_by_itself", 0, 0, 1, 1, &contract);
  v1::HealthDimension& growth = *model.add_dimensions();
  growth.set_id("growth");
  growth.set_weight(1);
  for (const int days : {30, 60, 90, 180, 365, 540, 730}) AddMeasure("arr_trend", days, -0.3, 0.3, 1, &growth);
  return model;
}

}  // namespace

int RunPublish(const PublishOptions& options) {
  Client client(options.target);
  std::string error;
  v1::UpdateHealthModelRequest update;
  *update.mutable_health_model() = TwelveMeasures(options.number);
  v1::HealthModel draft;
  v1::PublishHealthModelRequest publish;
  publish.set_name(update.health_model().name());
  v1::HealthModelVersion version;
  double milliseconds = 0;
  if (client.Call("/folio.v1.HealthModelService/UpdateHealthModel", update, &draft, &error)) {
    const double begin = Now();
    client.Call("/folio.v1.HealthModelService/PublishHealthModel", publish, &version, &error);
    milliseconds = (Now() - begin) * 1e3;
  }
  const nlohmann::json result = {{"publish_ms", milliseconds},
                                 {"version", version.version()},
                                 {"errors", error.empty() ? 0 : 1},
                                 {"first_error", error}};
  std::printf("%s\n", result.dump().c_str());
  return error.empty() ? 0 : 1;
}

}  // namespace folio::bench
