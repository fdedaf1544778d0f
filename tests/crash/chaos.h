// What the crash tests share: how often to kill, and when.
#pragma once

#include <chrono>
#include <random>

namespace folio::crash {

// How many kills a test makes: $FOLIO_CRASH_KILLS, or 100 where $CI is "true", or 20.
int KillCount();

// A generator whose seed is $FOLIO_SEED, or random; printed either way, so that a failure can be had again.
std::mt19937_64 SeededGenerator();

// A moment between now and `longest` from now.
std::chrono::microseconds RandomDelay(std::mt19937_64& generator, std::chrono::microseconds longest);

}  // namespace folio::crash
