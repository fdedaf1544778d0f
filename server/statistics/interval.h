// Intervals: how far a figure could be from the truth.
//
// Everything in this folder is a pure function of numbers: it keeps nothing and may be called from any thread.
#pragma once

#include <cstdint>

namespace folio::statistics {

// The usual level of an interval; a level is between 0 and 1, both excluded.
inline constexpr double kLevel = 0.95;

struct Interval {
  double low = 0;
  double high = 0;

  bool Contains(double value) const { return low <= value && value <= high; }
};

// Half the width, in standard errors, of a two-sided normal interval: 1.96 for 0.95.
double NormalQuantile(double level);

// The same for Student's t distribution of so many degrees of freedom, above 0: 2.26 for 0.95 and 9.
double StudentQuantile(double level, double degrees);

// Probability of a standard normal value at least so far from 0, on either side.
double TwoSidedPValue(double z);

double Logit(double probability);
// The inverse of Logit; never overflows.
double Expit(double log_odds);

// Wilson's score interval for a rate (E. B. Wilson, J. Am. Stat. Assoc. 22, 1927, 209-212): stays within 0..1 and does
// not shrink to a point at 0 or 1. `count` above 0.
Interval WilsonInterval(int64_t events, int64_t count, double level = kLevel);

// For a net promoter score, in points from -100 to 100: the adjusted Wald interval, which adds three quarters of a
// promoter, as many of a detractor and one and a half passives (B. Rocks, "Interval estimation for the net promoter
// score", Am. Stat. 70, 2016, 365-372). Clipped to the scale, and never without the score itself. `count` above 0, of
// all answers.
Interval NpsInterval(int64_t promoters, int64_t detractors, int64_t count, double level = kLevel);

// A normal interval on the scale of the log-odds, carried back: stays within 0..1. `estimate` within 0..1, both
// excluded; its standard error by the delta method.
Interval LogitInterval(double estimate, double standard_error, double level = kLevel);

}  // namespace folio::statistics
