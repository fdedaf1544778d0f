// A small deterministic source of random numbers. Integers only: the standard distributions, and floating point at
// large, give other numbers on other machines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace folio::demo {

// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
class Random {
 public:
  // Every (seed, index, stream) is a sequence of its own.
  Random(uint64_t seed, uint64_t index, uint64_t stream)
      : state_(Mix(Mix(seed + kGolden) ^ Mix(index + 2 * kGolden) ^ Mix(stream + 3 * kGolden))) {}

  uint64_t Next() { return Mix(state_ += kGolden); }

  // 0 to bound - 1; bound is positive and below 2^32. The bias is below bound / 2^32.
  int64_t Below(int64_t bound) { return static_cast<int64_t>(((Next() >> 32) * static_cast<uint64_t>(bound)) >> 32); }

  // low to high, both possible.
  int64_t Between(int64_t low, int64_t high) { return low + Below(high - low + 1); }

  bool Chance(int64_t permille) { return Below(1000) < permille; }

  // About bell-shaped around 0, within -spread to spread: the mean of four uniform numbers.
  int64_t Bell(int64_t spread) {
    int64_t sum = 0;
    for (int i = 0; i < 4; ++i) sum += Between(-spread, spread);
    return sum / 4;
  }

  // Even on a logarithmic scale, from low to less than low * 2^octaves.
  int64_t Octaves(int64_t low, int64_t octaves) {
    const int64_t base = low << Below(octaves);
    return base + base * Below(1000) / 1000;
  }

  template <typename T, size_t N>
  const T& Pick(const T (&values)[N]) {
    return values[Below(static_cast<int64_t>(N))];
  }
  template <typename T>
  const T& Pick(std::span<const T> values) {
    return values[static_cast<size_t>(Below(static_cast<int64_t>(values.size())))];
  }

 private:
  static constexpr uint64_t kGolden = 0x9E3779B97F4A7C15;
  static constexpr uint64_t Mix(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }
  uint64_t state_;
};

}  // namespace folio::demo
