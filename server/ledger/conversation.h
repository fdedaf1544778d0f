// What conversations tell of how fast agents answer.
#pragma once

#include <vector>

#include "folio/v1/fact.pb.h"
#include "server/ledger/entry.h"
#include "server/ledger/numbers.h"

namespace folio::ledger {

// An entry for each time that the client waited for an agent. The clock runs from the first message that is not
// answered, and anew from a reopening; messages of bots are left out. A conversation that is closed waits no more.
void AddResponses(const v1::Conversation& conversation, Numbers& numbers, std::vector<KindedEntry>* entries);

}  // namespace folio::ledger
