// Published health models: which version scores an account on a day.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "folio/v1/health_model.pb.h"
#include "server/account/custom.h"
#include "server/base/date.h"
#include "server/engine/table.h"
#include "server/model/filter.h"
#include "server/scoring/score.h"

namespace folio::portfolio {

inline constexpr std::string_view kDefaultModelId = "default";

// One version of a model, in force on the days [first, end). It never changes, but for its end.
struct ModelVersion {
  std::string id;  // of the model, "default"
  int version = 0;
  uint32_t number = 0;  // among all versions that this process knows; 0 for the built-in one and for drafts
  Day first = kNoDay;   // kNoDay: from the beginning
  Day end = kNoDay;     // kNoDay: still in force
  std::string filter_text;
  // Absent where the filter cannot be read any more: such a version is for no account.
  std::optional<model::Filter> filter;
  scoring::Model scoring;

  int priority() const { return scoring.proto().priority(); }
  bool is_for_all() const { return filter_text.empty(); }
};
using ModelVersionPtr = std::shared_ptr<const ModelVersion>;

// Versions in the order in which they are tried; the last one is for all accounts.
using ModelOrder = std::vector<ModelVersionPtr>;

// All published versions at one time. Immutable.
class ModelSet {
 public:
  explicit ModelSet(std::vector<ModelVersionPtr> versions) : versions_(std::move(versions)) {}

  // Those in force now, or at the end of a past day.
  ModelOrder InForce() const;
  ModelOrder InForceOn(Day day) const;

  // Those that a caller holds to be in force; they may be none.
  ModelOrder InForceWhere(const std::function<bool(const ModelVersion&)>& is_in_force) const;

  // nullptr where the model has no version in force.
  ModelVersionPtr Current(std::string_view id) const;
  ModelVersionPtr Find(std::string_view id, int version) const;
  // The highest version that a model has ever had; 0 for none.
  int LastVersion(std::string_view id) const;

  // Those in force if `draft` were published.
  ModelOrder InForceWith(const ModelVersionPtr& draft) const;

 private:
  std::vector<ModelVersionPtr> versions_;
};

// For each of some accounts, by ascending key, the version that scores it: the first whose filter holds.
std::vector<const ModelVersion*> ChooseModels(const ModelOrder& order, const engine::Snapshot& snapshot,
                                              std::span<const engine::RowKey> accounts);

// The same for one account.
ModelVersionPtr ChooseModel(const ModelOrder& order, const engine::Snapshot& snapshot, engine::RowKey account);

// A version that is not published: of a draft, say.
absl::StatusOr<ModelVersionPtr> MakeVersion(std::string id, const v1::HealthModel& model, account::CustomFields& fields,
                                            const model::ColumnSet& columns);

// The filter of a model. INVALID_ARGUMENT on "health_model.filter": what ParseFilter finds, and MODEL_FILTER_COLUMN
// where it reads what depends on health.
absl::StatusOr<model::Filter> ParseModelFilter(const std::string& text, const model::ColumnSet& columns);

// The published versions, as records come in. One writer.
class Models {
 public:
  // `fields` must outlive it. Begins with version 1 of the built-in default model.
  Models(account::CustomFields& fields, TimeZone zone);

  // Takes in a record, new or changed. Seen after the next Settle.
  void Take(const v1::HealthModelVersion& record);
  // Compiles what was taken in, its filters against the accounts' columns. True where anything changed.
  bool Settle(const model::ColumnSet& columns);

  // Any thread.
  std::shared_ptr<const ModelSet> set() const;

 private:
  account::CustomFields& fields_;
  const TimeZone zone_;
  std::vector<v1::HealthModelVersion> waiting_;
  uint32_t last_number_ = 0;
  std::map<std::pair<std::string, int>, ModelVersionPtr> versions_;

  mutable std::mutex mutex_;
  std::shared_ptr<const ModelSet> set_;  // guarded by mutex_
};

}  // namespace folio::portfolio
