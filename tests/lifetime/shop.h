// Customers of a shop that behaves as BG/NBD says, drawn from a seed: the same on every machine.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "server/lifetime/bg_nbd.h"

namespace folio::lifetime {

class Random {
 public:
  explicit Random(uint64_t seed) : bits_(seed) {}

  // Between 0 and 1, both excluded.
  double Uniform() { return (static_cast<double>(bits_() >> 11) + 0.5) / 9007199254740992.0; }
  double Normal() { return std::sqrt(-2 * std::log(Uniform())) * std::cos(6.283185307179586 * Uniform()); }
  double Exponential(double rate) { return -std::log(Uniform()) / rate; }
  // G. Marsaglia, W. W. Tsang, ACM Trans. Math. Softw. 26, 2000, 363-372.
  double Gamma(double shape) {
    if (shape < 1) return Gamma(shape + 1) * std::pow(Uniform(), 1 / shape);
    const double d = shape - 1.0 / 3;
    for (;;) {
      const double x = Normal();
      const double v = std::pow(1 + x / std::sqrt(9 * d), 3);
      if (v > 0 && std::log(Uniform()) < 0.5 * x * x + d - d * v + d * std::log(v)) return d * v;
    }
  }
  double Beta(double a, double b) {
    const double x = Gamma(a);
    return x / (x + Gamma(b));
  }

 private:
  std::mt19937_64 bits_;
};

// Customers who came in over half of `age`, with whole days for times.
inline std::vector<History> DrawCustomers(const BgNbd& model, int64_t count, int64_t age, uint64_t seed) {
  Random random(seed);
  std::vector<History> histories;
  for (int64_t customer = 0; customer < count; ++customer) {
    History history{.age = static_cast<double>(age - static_cast<int64_t>(random.Uniform() * age / 2))};
    const double rate = random.Gamma(model.r) / model.alpha;
    const double leaves = random.Beta(model.a, model.b);
    double now = 0;
    do {
      now += random.Exponential(rate);
      const double day = std::ceil(now);
      if (day > history.age) break;
      if (day > history.last) ++history.repeats;
      history.last = day;
    } while (random.Uniform() >= leaves);
    histories.push_back(history);
  }
  return histories;
}

}  // namespace folio::lifetime
