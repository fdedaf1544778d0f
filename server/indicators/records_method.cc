#include "server/indicators/records_method.h"

#include <xxhash.h>

namespace folio::indicators {

uint64_t DigestOfRecordScope(const Question& question) {
  const RecordScope* records = question.records;
  if (records == nullptr) return question.scope.digest();
  const uint64_t parts[] = {question.scope.digest(), records->scope.digest(), records->kind, records->groups ? 1U : 0U};
  return XXH3_64bits(parts, sizeof(parts));
}

uint64_t DigestOfInstants(std::span<const Period> periods) {
  std::vector<Instant> instants;
  for (const Period& period : periods) {
    instants.push_back(period.start);
    instants.push_back(period.read_end);
  }
  return XXH3_64bits(instants.data(), instants.size() * sizeof(Instant));
}

}  // namespace folio::indicators
