// A fit of BG/NBD, beside what it would take customer by customer.
#include <chrono>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "server/base/text.h"
#include "server/lifetime/bg_nbd.h"
#include "tests/lifetime/shop.h"
#include "tools/bench/alone.h"

namespace folio::bench {
namespace {

// Of the paper, with days for its weeks: most buy once.
constexpr lifetime::BgNbd kShop{.r = 0.243, .alpha = 30.9, .a = 0.793, .b = 2.426};
constexpr int64_t kDays = 546;
constexpr uint64_t kSeed = 1;

double SecondsSince(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

int RunLifetime(int64_t customers) {
  const std::vector<lifetime::History> histories = lifetime::DrawCustomers(kShop, customers, kDays, kSeed);
  auto begin = std::chrono::steady_clock::now();
  const auto fitted = lifetime::FitBgNbd(histories);
  const double fit_seconds = SecondsSince(begin);
  if (!fitted.ok()) {
    std::fprintf(stderr, "%s\n", std::string(MessageOf(fitted.status())).c_str());
    return 1;
  }
  begin = std::chrono::steady_clock::now();
  double likelihood = 0;
  for (const lifetime::History& history : histories) likelihood += fitted->model.LogLikelihoodOf(history);
  const double pass_seconds = SecondsSince(begin);
  if (std::abs(likelihood - fitted->fit.log_likelihood) > 1e-9 * std::abs(likelihood)) {
    std::fprintf(stderr, "%.17g customer by customer, %.17g in groups\n", likelihood, fitted->fit.log_likelihood);
    return 1;
  }
  const nlohmann::json result = {{"fit_seconds", fit_seconds},
                                 {"pass_seconds", pass_seconds},
                                 {"evaluations", fitted->fit.evaluations},
                                 {"log_likelihood", likelihood}};
  std::printf("%s\n", result.dump().c_str());
  return 0;
}

}  // namespace folio::bench
