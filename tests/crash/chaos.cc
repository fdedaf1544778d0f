#include "tests/crash/chaos.h"

#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

namespace folio::crash {

int KillCount() {
  if (const char* kills = std::getenv("FOLIO_CRASH_KILLS"); kills != nullptr) return std::stoi(kills);
  const char* ci = std::getenv("CI");
  return ci != nullptr && std::string_view(ci) == "true" ? 100 : 20;
}

std::mt19937_64 SeededGenerator() {
  const char* chosen = std::getenv("FOLIO_SEED");
  const uint64_t seed = chosen != nullptr ? std::stoull(chosen) : std::random_device()();
  std::cout << "FOLIO_SEED=" << seed << std::endl;
  return std::mt19937_64(seed);
}

std::chrono::microseconds RandomDelay(std::mt19937_64& generator, std::chrono::microseconds longest) {
  return std::chrono::microseconds(std::uniform_int_distribution<int64_t>(0, longest.count())(generator));
}

}  // namespace folio::crash
