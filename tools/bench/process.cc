#include "tools/bench/process.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <sstream>
#include <string>

namespace folio::bench {

double Now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

double CpuSeconds(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  if (!std::getline(file, line)) return 0;
  // The program's name, the second field, may hold blanks: begin after its parenthesis, at the third.
  std::istringstream fields(line.substr(line.rfind(')') + 1));
  constexpr int kUserTimeField = 14;
  std::string skipped;
  for (int i = 3; i < kUserTimeField; ++i) fields >> skipped;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double Quantile(std::vector<double>& values, double share) {
  if (values.empty()) return 0;
  const auto last = values.size() - 1;
  const auto at = std::min(last, static_cast<size_t>(share * static_cast<double>(values.size())));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
  return values[at];
}

}  // namespace folio::bench
