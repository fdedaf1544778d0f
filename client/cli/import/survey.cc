#include "client/cli/import/survey.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "client/cli/value/fault.h"
#include "xxhash.h"

namespace folio::cli {
namespace {

// An id as 128 bits: two ids of one file do not share it in practice, and a row costs the same whatever its id's
// length.
using Digest = std::pair<uint64_t, uint64_t>;

Digest DigestOf(const std::string& text) {
  const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
  return {hash.high64, hash.low64};
}

absl::Status MixedOrder(const SourceRow& row) {
  const std::string line = std::to_string(row.line);
  return BadValue("DATE_ORDER_MIXED",
                  "Line " + line +
                      ": dates stand day first in some rows and month first in others; say which under "
                      "[formats] date.",
                  "Ligne " + line +
                      " : des dates commencent tantôt par le jour, tantôt par le mois ; précisez-le sous "
                      "[formats] date.");
}

}  // namespace

absl::StatusOr<Survey> SurveyRows(RowReader& reader, const Converter& converter, bool facts) {
  Survey survey;
  absl::flat_hash_map<Digest, int64_t> last_position;
  SourceRow row;
  while (true) {
    const absl::StatusOr<bool> found = reader.Next(&row);
    if (!found.ok()) return found.status();
    if (!*found) return survey;
    ++survey.rows;
    const DayOrder order = converter.OrderEvidence(row);
    if (order != DayOrder::kUnknown && survey.day_order == DayOrder::kUnknown) survey.day_order = order;
    if (order != DayOrder::kUnknown && survey.day_order != order) return MixedOrder(row);
    const std::string identity = converter.IdentityOf(row);
    if (identity.empty()) continue;
    const auto [known, first] = last_position.try_emplace(DigestOf(identity), row.position);
    if (first) continue;
    ++survey.repeated_ids;
    if (facts) survey.superseded.insert(known->second);
    known->second = row.position;
  }
}

}  // namespace folio::cli
