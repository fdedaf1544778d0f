// One account as it was known at a revision: put together from what has not been written since, and, for what has, from
// the log.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "folio/v1/health.pb.h"
#include "server/base/error.h"
#include "server/portfolio/workspace.h"

namespace folio::portfolio {

class PastAccount {
 public:
  // Reads the log from the revision on, and where a record has changed since also before it: for a thread that may work
  // for a while. OUT_OF_RANGE (REVISION_COMPACTED) where the log does not reach so far back, FAILED_PRECONDITION
  // (REVISION_NOT_REACHED) for one to come, NOT_FOUND where the account did not exist then.
  static absl::StatusOr<PastAccount> Read(const Workspace& workspace, engine::RowKey account, const std::string& name,
                                          storage::Revision revision);

  // The workspace's day at the revision.
  Day day() const { return day_; }

  // The account on a day. Valid as long as this is.
  account::View ViewOn(Day day) const;

  // The version that was in force for the account: its filter is read over the account's columns as they are now.
  ModelVersionPtr Model() const;

  // The override that stood in on a day; nullptr where none did.
  OverridePtr OverrideOn(Day day) const;

  // What could not be told as it was: a sentence each.
  std::vector<std::string> Caveats(error::Locale locale) const;

 private:
  using Place = std::pair<storage::Kind, storage::Key>;

  // What was known of a record that has been written since.
  struct Then {
    std::string id;
    bool existed = false;
    std::optional<std::string> data;  // nothing yet where it is still to be found in the log
  };

  PastAccount(const Workspace& workspace, engine::RowKey account, std::string name, storage::Revision revision)
      : workspace_(&workspace), account_(account), name_(std::move(name)), revision_(revision) {}

  absl::Status ReadLaterChanges();
  absl::Status FindEarlierStates();
  absl::Status Assemble();
  void TakeLater(const engine::log::Change& change);
  bool Concerns(const engine::log::Change& change) const;
  bool ArrivedLater(storage::Key fact, std::map<storage::Key, bool>* known) const;

  const Workspace* workspace_;
  engine::RowKey account_;
  std::string name_;
  storage::Revision revision_;
  Day day_ = kNoDay;
  std::map<Place, Then> changed_;  // since the revision
  bool facts_replaced_ = false;

  account::View own_;
  std::vector<account::Term> terms_;
  std::vector<account::ContactTerm> contacts_;
  std::vector<account::Point> points_;
  std::vector<account::CustomValue> custom_;
};

}  // namespace folio::portfolio
