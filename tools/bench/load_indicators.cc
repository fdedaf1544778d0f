// A page of twenty indicators by month over three years.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "folio/v1/indicator.pb.h"
#include "tools/bench/history.h"
#include "tools/bench/load.h"
#include "tools/bench/process.h"

namespace folio::bench {
namespace {

constexpr const char* kTwenty[] = {"active_accounts",
                                   "active_users",
                                   "adoption_rate",
                                   "arr",
                                   "arr_growth",
                                   "ces",
                                   "ces_ease",
                                   "churn_rate",
                                   "csat",
                                   "csat_mean",
                                   "first_response_time",
                                   "first_response_time_median",
                                   "grr",
                                   "mrr",
                                   "net_new_arr",
                                   "nps",
                                   "nps_all_answers",
                                   "nrr",
                                   "paying_account_count",
                                   "renewal_rate"};

v1::ComputeIndicatorsRequest Page(const std::string& filter) {
  v1::ComputeIndicatorsRequest request;
  for (const char* id : kTwenty) request.add_indicators(id);
  v1::IndicatorQuery& query = *request.mutable_query();
  SetDate(kHistoryStart, query.mutable_start_date());
  SetDate(kAsOf, query.mutable_end_date());
  query.set_grain(v1::PERIOD_GRAIN_MONTH);
  query.set_filter(filter);
  return request;
}

double ValueOf(const v1::IndicatorValue& value) {
  return value.has_money() ? static_cast<double>(value.money().units()) + value.money().nanos() / 1e9 : value.number();
}

}  // namespace

int RunIndicators(const IndicatorOptions& options) {
  Client client(options.target);
  const v1::ComputeIndicatorsRequest page = Page(options.filter);
  v1::ComputeIndicatorsResponse answer;
  std::string error;
  std::vector<double> milliseconds;
  for (int call = 0; call <= options.again && error.empty(); ++call) {
    const double begin = Now();
    client.Call("/folio.v1.IndicatorService/ComputeIndicators", page, &answer, &error);
    milliseconds.push_back((Now() - begin) * 1e3);
  }
  nlohmann::json result = {
      {"first_ms", milliseconds.front()}, {"errors", error.empty() ? 0 : 1}, {"first_error", error}};
  std::vector<double> again(milliseconds.begin() + 1, milliseconds.end());
  if (!again.empty()) result["again_ms"] = Quantile(again, 0.5);
  for (const v1::IndicatorValue& value : answer.values()) {
    if (value.has_fault()) result["first_error"] = value.fault().message();
    result["values"][value.indicator()].push_back(ValueOf(value));
  }
  std::printf("%s\n", result.dump().c_str());
  return error.empty() && result["first_error"] == "" ? 0 : 1;
}

}  // namespace folio::bench
