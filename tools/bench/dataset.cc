#include "tools/bench/dataset.h"

#include <algorithm>

namespace folio::bench {

demo::Generator Accounts(int64_t count, const std::string& currency) {
  demo::Options options;
  options.accounts = count;
  options.as_of = kAsOf;
  options.currency = currency;
  options.accounts_only = true;
  return demo::Generator(options);
}

std::vector<int64_t> SampleIndexes(int64_t bound, int64_t count) {
  // Steps of a prime that does not divide the bound visit every index once.
  constexpr int64_t kStep = 7'368'787;
  std::vector<int64_t> indexes(static_cast<size_t>(std::min(bound, count)));
  int64_t index = 0;
  for (int64_t& chosen : indexes) {
    index = (index + kStep) % bound;
    chosen = index;
  }
  return indexes;
}

}  // namespace folio::bench
