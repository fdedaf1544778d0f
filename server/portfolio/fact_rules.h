// Rules of facts that options of the contract cannot say.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "folio/v1/fact.pb.h"

namespace folio::portfolio {

// The kind of a fact that has a detail.
v1::FactKind FactKindOf(const v1::Fact& fact);

// True for the kinds that may belong to nobody who is known: what a whole workspace spends, what strangers buy, write
// and answer.
bool MayLackAccount(const v1::Fact& fact);

// INVALID_ARGUMENT where the fact has no detail, or one that contradicts itself. Paths begin with `path`.
absl::Status CheckFact(const v1::Fact& fact, const std::string& path);

}  // namespace folio::portfolio
