// Methods: how an indicator's figures come about. One is chosen by each indicator; what differs between indicators is
// the component that it sums, and the formula that ends it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "server/engine/table.h"
#include "server/indicators/figure.h"
#include "server/indicators/period.h"
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
  const Scope& scope;
  std::span<const Period> periods;
  v1::PeriodGrain grain = v1::PERIOD_GRAIN_UNSPECIFIED;  // of the periods
  Calendar calendar;                                     // that they were made with
  bool in_the_past = false;                              // the state is that of a past revision
};

// What formulas know beside the sums of their period and group.
struct Context {
  const Question& question;
  const Period& period;
};

// By period, then by group.
using Figures = std::vector<std::vector<Figure>>;

// What one fact or account adds to a figure.
struct Contribution {
  int64_t account = 0;
  int64_t fact = 0;  // 0 where the method reads accounts
  Instant time = kNoInstant;
  Figure figure;
};

class Method {
 public:
  virtual ~Method() = default;

  // May take a while: for a worker.
  virtual Figures Compute(const Question& question) const = 0;

  // What the first period's figure of a group is made of, in a stable order.
  virtual std::vector<Contribution> ContributionsTo(const Question& question, uint32_t group) const = 0;
};

// Whether a contribution adds anything.
inline bool Adds(const Figure& figure) {
  return figure.numerator != 0 || figure.denominator != 0 || figure.micros != 0;
}

}  // namespace folio::indicators
