// From a query to a question: the state, the accounts and the periods that it is about, held for as long as it is
// asked.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "folio/v1/indicator.pb.h"
#include "server/indicators/indicator.h"
#include "server/indicators/method.h"
#include "server/indicators/past.h"
#include "server/portfolio/workspace.h"

namespace folio::indicators {

// Groups of one question: as many as one answer holds values.
inline constexpr int64_t kGroupsMax = 20'000;
// Accounts times periods of one question, counting all accounts of the workspace: a million accounts over three years
// by month. Some ten seconds of work at the worst, which is as long as a person waits.
inline constexpr int64_t kAccountPeriodsMax = 40'000'000;

class Asked {
 public:
  // INVALID_ARGUMENT: a fault of the periods (PeriodsOf), of the filter or the groups; FIELD_TOO_MANY_ITEMS beyond the
  // limits above. As of a past revision, the faults of Past::Read. `workspace` must outlive it. Takes time on many
  // accounts, or where much has changed since that revision.
  static absl::StatusOr<Asked> From(const portfolio::Workspace& workspace, const v1::IndicatorQuery& query);

  Question question() const { return QuestionOf(periods_); }
  // The same of other periods, which must outlive the question.
  Question QuestionOf(std::span<const Period> periods) const;

  const v1::IndicatorQuery& query() const { return query_; }
  const portfolio::Workspace& workspace() const { return *workspace_; }
  const std::vector<Period>& periods() const { return periods_; }
  // The groups asked for: 0 is the whole, with no values.
  const std::vector<std::vector<std::string>>& groups() const {
    return records_ != nullptr && records_->groups ? records_->scope.groups() : scope_->groups();
  }
  // Leaves only the last period.
  void KeepLastPeriod() { periods_.erase(periods_.begin(), periods_.end() - 1); }
  storage::Revision revision() const { return revision_; }

  // INVALID_ARGUMENT (DIMENSION_NOT_READ) where the groups are of a dimension that the indicator's facts do not have.
  absl::Status CheckDimension(const Indicator& indicator) const;

  // The periods that the comparison asked for reads, each beside its own; empty where none is asked for.
  std::vector<Period> ComparedPeriods() const;

  // Number of the group with these values: 0 for none. INVALID_ARGUMENT (GROUP_UNKNOWN) where no account is in it.
  absl::StatusOr<uint32_t> GroupNumber(const google::protobuf::RepeatedPtrField<std::string>& values) const;

 private:
  Asked() = default;
  Calendar calendar() const;
  Rows rows() const;
  ledger::Memos& memos() const;
  void TakeState();
  absl::Status GoBack();
  absl::Status SetScopes();
  absl::StatusOr<std::shared_ptr<const Scope>> AccountScope(std::span<const std::string> group_by);
  absl::StatusOr<std::shared_ptr<const Scope>> ScopeOfRecords(storage::Kind kind,
                                                              std::span<const std::string> group_by);
  // A scope as it was computed before, of this revision.
  template <typename Make>
  std::shared_ptr<const Scope> Remembered(const std::string& name, Make make) const;

  const portfolio::Workspace* workspace_ = nullptr;
  v1::IndicatorQuery query_;
  v1::IndicatorSettings settings_;
  std::shared_ptr<const ledger::State> state_;
  std::shared_ptr<const engine::Snapshot> snapshot_;
  std::shared_ptr<const engine::Snapshot> leads_;
  std::shared_ptr<const engine::Snapshot> deals_;
  std::shared_ptr<const Past> past_;  // where it is asked for
  storage::Revision revision_ = 0;
  Day today_ = kNoDay;
  std::shared_ptr<const Scope> scope_;
  std::shared_ptr<const RecordScope> records_;
  std::vector<Period> periods_;
};

}  // namespace folio::indicators
