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

struct Question {
  std::shared_ptr<const engine::Snapshot> snapshot;
  portfolio::ModelVersionPtr version;  // never null
  Outcome outcome;
  std::vector<Day> cutoffs;              // ascending, never empty
  std::vector<engine::RowKey> accounts;  // ascending
  int64_t matching_count = 0;            // accounts that match; more than `accounts` where some were chosen by chance
  bool has_filter = false;

  const scoring::Model& model() const { return version->scoring; }
  int64_t total() const { return static_cast<int64_t>(accounts.size() * cutoffs.size()); }
};

// `samples_max` bounds accounts times cut-offs: beyond it, accounts are chosen by chance.
//
// NOT_FOUND for a model. INVALID_ARGUMENT, naming the field: FIELD_REQUIRED and MODEL_TWICE_GIVEN (model), those of
// portfolio::RequestedModel, of Outcome::Compile and of filters; OUTCOME_IN_MODEL; OUTCOME_HAS_NO_DATE,
// CUTOFF_TOO_LATE, DATE_INVALID, DATE_ORDER and FIELD_OUT_OF_RANGE (cut-offs).
absl::StatusOr<Question> AskBacktest(const portfolio::Workspace& workspace,
                                     const v1::BacktestHealthModelRequest& request, int64_t samples_max);
absl::StatusOr<Question> AskFit(const portfolio::Workspace& workspace, const v1::FitHealthModelRequest& request,
                                int64_t samples_max);

}  // namespace folio::proof
