// Seeded samples with a known truth. Draws are made from the generator's bits alone, so they are the same everywhere.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "server/learning/sample.h"

namespace folio::learning {

class Random {
 public:
  explicit Random(uint64_t seed) : bits_(seed) {}

  // Between 0 and 1, both excluded.
  double Uniform() { return (static_cast<double>(bits_() >> 11) + 0.5) / 9007199254740992.0; }
  // Standard normal (Box and Muller).
  double Normal() { return std::sqrt(-2 * std::log(Uniform())) * std::cos(6.283185307179586 * Uniform()); }
  bool Chance(double probability) { return Uniform() < probability; }
  uint64_t Below(uint64_t bound) { return bits_() % bound; }

 private:
  std::mt19937_64 bits_;
};

struct Data {
  std::vector<double> values;
  size_t columns = 0;
  std::vector<uint8_t> outcomes;
  std::vector<double> weights;
  std::vector<int32_t> clusters;

  Sample view() const { return {{values, columns}, outcomes, weights, clusters}; }
};

// Standard normal features and an outcome of log-odds intercept + sum of slope * feature.
inline Data LogisticData(uint64_t seed, size_t rows, double intercept, std::span<const double> slopes) {
  Random random(seed);
  Data data{.columns = slopes.size()};
  for (size_t row = 0; row < rows; ++row) {
    double log_odds = intercept;
    for (const double slope : slopes) {
      data.values.push_back(random.Normal());
      log_odds += slope * data.values.back();
    }
    data.outcomes.push_back(random.Chance(1 / (1 + std::exp(-log_odds))) ? 1 : 0);
  }
  return data;
}

}  // namespace folio::learning
