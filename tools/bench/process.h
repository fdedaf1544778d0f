// Time and processes, as the benches measure them.
#pragma once

#include <vector>

namespace folio::bench {

// Seconds of the monotonic clock, the same in every process of the machine.
double Now();

// User and system time that a process has used, in seconds; 0 where there is no such process.
double CpuSeconds(int pid);

// The value that a share of the others does not exceed; reorders them. 0 where there are none.
double Quantile(std::vector<double>& values, double share);

}  // namespace folio::bench
