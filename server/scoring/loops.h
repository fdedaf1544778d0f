// The inner loops of batch scoring, free of branches so that the compiler makes vector code of them. Compiled with -O3.
//
// A figure or credit is a double a row. NaN says that a figure is missing; a credit is 0 where its figure does not
// count.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace folio::scoring::loops {

// --- Kernels: credits of figures. What they make of a missing one is of no use: see StandIn ---

// (value - low) / (high - low), from 0 to 1.
void Ramp(const double* values, int rows, double low, double high, double* credits);
// Ramp, added to `sums` with a weight.
void AddRamp(const double* values, int rows, double low, double high, double weight, double* sums);
// 1 from `good` on, 0 from `bad` on the other way, 0.5 between.
void States(const double* values, int rows, double bad, double good, double* credits);
// Ramp, or `otherwise` where the figure is missing, added to `sums` as by AddOf.
void AddRampOf(const double* values, const double* counted, int rows, double low, double high, double otherwise,
               double share, double* sums);
// Writes the credit of the last of some ascending steps, at most kStepsOfOne, that the value is at least at.
inline constexpr size_t kStepsOfOne = 4;
void Raise(const double* values, int rows, std::span<const std::pair<double, double>> steps, double* credits);
// Writes a credit where the value is equal to `choice`.
void Choose(const double* values, int rows, double choice, double credit, double* credits);

// --- What is missing ---

// Writes a credit where the figure is missing.
void StandIn(const double* values, int rows, double credit, double* credits);
// sums += share, where the figure is there.
void AddShare(const double* values, int rows, double share, double* sums);
// Writes 1 into flags where the figure is there.
void Flag(const double* values, int rows, double* flags);
// sums += share, where flagged.
void AddFlagged(const double* flags, int rows, double share, double* sums);

// --- Sums ---

// sums += weight * credit.
void Add(const double* credits, int rows, double weight, double* sums);
// sums += 100 * (share / counted) * credit.
void AddOf(const double* credits, const double* counted, int rows, double share, double* sums);
// weights = share / counted where flagged, and 0 elsewhere.
void Weigh(const double* flags, const double* counted, int rows, double share, double* weights);
// sums += 100 * (weights * own) * credit.
void AddWeighted(const double* credits, const double* weights, int rows, double own, double* sums);
// sums += 100 * weights * (clamp(credits, 0, 1) - credits).
void AddClamp(const double* credits, const double* weights, int rows, double* sums);
// least = min(least, credit), where the figure is there or `counts_without`.
void KeepLeast(const double* values, const double* credits, bool counts_without, int rows, double* least);

// What is shown of the sums: `raw` becomes NaN where nothing had data, and `coverage`, which comes as the sum of the
// shares with data, 1 where it is `whole`.
void Finish(int rows, double whole, double* raw, double* coverage, int8_t* score);

}  // namespace folio::scoring::loops
