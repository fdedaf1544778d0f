// Which samples a question is answered from, where there are more than can be scored.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "server/portfolio/portfolio.h"
#include "server/proof/question.h"
#include "server/proof/samples.h"

namespace folio::proof {

enum class ChosenBy : uint8_t {
  // An account with all its cut-offs, or none of them: how long it warned beforehand can be told.
  kAccount,
  // A cut-off of an account by itself. Accounts give fewer cut-offs before any is left out, so that as many accounts
  // with the outcome as can be are learnt from. Each sample is as likely as any other: figures are those of all.
  kSample,
};

// Looks at every account that matches, without scoring it, keeps those that can count (whose outcome is known after
// some cut-off), and of their samples at most `samples_max`: `accounts`, `places` and `census` of the question.
// Beyond that they are chosen by chance, the same ones each time. Takes no more memory than the keys of the accounts
// that match and `samples_max` places.
//
// CANCELLED where `progress`, which is told that no score is done, says so.
absl::Status ChooseSamples(const portfolio::Portfolio& portfolio, ChosenBy by, int64_t samples_max,
                           const Progress& progress, Question* question);

}  // namespace folio::proof
