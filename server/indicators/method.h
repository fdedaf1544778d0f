// Methods: how an indicator's figures come about. One is chosen by each indicator; what differs between indicators is
// the component that it sums, and the formula that ends it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "server/engine/resources.h"
#include "server/engine/table.h"
#include "server/indicators/figure.h"
#include "server/indicators/period.h"
#include "server/indicators/record_scope.h"
#include "server/indicators/scope.h"
#include "server/ledger/ledger.h"
#include "server/portfolio/workspace.h"

namespace folio::indicators {

// What is asked, and the state that it is asked of. Everything borrowed outlives the call.
struct Question {
  const portfolio::Workspace& workspace;
  const v1::IndicatorSettings& settings;
  const ledger::State& state;
  ledger::Memos& memos;
  const portfolio::Portfolio& portfolio;
  Rows rows;
  const Scope& scope;  // accounts
  std::span<const Period> periods;
  v1::PeriodGrain grain = v1::PERIOD_GRAIN_UNSPECIFIED;  // of the periods
  Calendar calendar;                                     // that they were made with
  bool in_the_past = false;                              // the state is that of a past revision
  const RecordScope* records = nullptr;                  // where it is about some leads or deals only, or groups them

  uint32_t group_count() const {
    return records != nullptr && records->groups ? records->scope.group_count() : scope.group_count();
  }
};

// What formulas know beside the sums of their period and group.
struct Context {
  const Question& question;
  const Period& period;
};

// By period, then by group.
using Figures = std::vector<std::vector<Figure>>;

// What one fact, account, lead or deal adds to a figure.
struct Contribution {
  int64_t account = 0;
  int64_t record = 0;  // 0 where the method reads accounts
  Instant time = kNoInstant;
  Figure figure;
  storage::Kind kind = engine::kFact;  // of the record
};

struct Indicator;

// What a formula's figure of a group was computed from, and what that is made of in its turn.
struct Input {
  std::string name;                      // the reference, as the formula writes it; inner ones after " > "
  const Indicator* indicator = nullptr;  // lives as long as the method
  Period period;
  Figure figure;
  std::vector<Contribution> contributions;
};

class Method {
 public:
  virtual ~Method() = default;

  // Whether it can tell apart records of a kind, leads or deals, that a question filters or groups by.
  virtual bool Reads(storage::Kind) const { return false; }

  // May take a while: for a worker. Only of questions that it understands (see FiguresOf).
  virtual Figures Compute(const Question& question) const = 0;

  // What the first period's figure of a group is made of, in a stable order.
  virtual std::vector<Contribution> ContributionsTo(const Question& question, uint32_t group) const = 0;

  // The same of a formula, whose figure is no sum: by input. Empty for any other method.
  virtual std::vector<Input> InputsOf(const Question&, uint32_t) const { return {}; }
};

// The figures of a question; where it is about records that the method does not read, faults (RECORDS_NOT_READ).
Figures FiguresOf(const Method& method, const Question& question);
// One fault for every figure.
Figures Faulty(const Question& question, const absl::Status& fault);

// Whether a contribution adds anything.
inline bool Adds(const Figure& figure) {
  return figure.numerator != 0 || figure.denominator != 0 || figure.micros != 0;
}

}  // namespace folio::indicators
