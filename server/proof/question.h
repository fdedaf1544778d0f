// What is asked of a model, checked: which model, which outcome, on which days, of which accounts.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "folio/v1/health_proof.pb.h"
#include "server/portfolio/models.h"
#include "server/portfolio/workspace.h"
#include "server/proof/outcome.h"
#include "server/scoring/score.h"

namespace folio::proof {

// The seed of every choice by chance, so that the same question gets the same answer.
inline constexpr uint64_t kSeed = 1;

// An account on one of the cut-offs, by their positions in a question.
struct Place {
  int32_t account = 0;
  int32_t cutoff = 0;
};

// What there is to choose samples from.
struct Census {
  int64_t matching_count = 0;  // accounts that match
  int64_t account_count = 0;   // of them, those that can count: the outcome is known after some cut-off
  int64_t sample_count = 0;    // of these, accounts times cut-offs after which it is
  int64_t undated_count = 0;   // accounts whose revenue has no dates, so that nothing is known of it
  int64_t renewing_count = 0;  // accounts with a paid subscription that has a renewal date, whenever
};

struct Question {
  std::shared_ptr<const engine::Snapshot> snapshot;
  portfolio::ModelVersionPtr version;  // never null
  Outcome outcome;
  std::vector<Day> cutoffs;              // ascending, never empty
  std::vector<engine::RowKey> accounts;  // ascending: those that match, until ChooseSamples has chosen among them
  bool has_filter = false;
  std::vector<Place> places = {};  // what is looked at, by account, then by cut-off; these three by ChooseSamples
  bool by_sample = false;          // chosen one by one, rather than with all cut-offs of their account
  Census census = {};

  const scoring::Model& model() const { return version->scoring; }
  int64_t total() const { return static_cast<int64_t>(places.size()); }
  // Whether chance left out some that could have counted.
  bool sampled() const {
    return by_sample ? total() < census.sample_count : static_cast<int64_t>(accounts.size()) < census.account_count;
  }
};

// With every account that matches, and no samples yet: see ChooseSamples.
//
// NOT_FOUND for a model. INVALID_ARGUMENT, naming the field: FIELD_REQUIRED and MODEL_TWICE_GIVEN (model), those of
// portfolio::RequestedModel, of Outcome::Compile and of filters; OUTCOME_IN_MODEL; OUTCOME_HAS_NO_DATE,
// CUTOFF_TOO_LATE, DATE_INVALID, DATE_ORDER and FIELD_OUT_OF_RANGE (cut-offs).
absl::StatusOr<Question> AskBacktest(const portfolio::Workspace& workspace,
                                     const v1::BacktestHealthModelRequest& request);
absl::StatusOr<Question> AskFit(const portfolio::Workspace& workspace, const v1::FitHealthModelRequest& request);

}  // namespace folio::proof
