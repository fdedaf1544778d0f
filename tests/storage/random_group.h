// Random work for a store, and the comparison of a store with the model that has done the same.
#pragma once

#include <string>

#include "storage/storage.h"
#include "tests/storage/support.h"

namespace folio::storage::testing {

// The kinds, and how many ids of each, that random groups write: few enough that they meet.
inline constexpr Kind kRandomKinds[] = {1, 2, 200};
std::string RandomId(Dice& dice);
std::string RandomRequest(Dice& dice);
std::string RandomCursor(Dice& dice);

// A group that a store with the model's content accepts; depends on nothing but that content and the dice.
Group RandomGroup(const Storage& model, Dice& dice);

// The same, which now and then breaks a rule.
Group RandomRuleBreakingGroup(const Storage& model, Dice& dice);

// What of the store is not as in the model, in words; empty where all is the same. A part that cannot be read differs.
std::string Difference(const Storage& store, const Storage& model);

}  // namespace folio::storage::testing
