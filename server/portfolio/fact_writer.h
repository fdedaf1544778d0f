// Writing facts: many at once, upserted by their source's id, with one entry in the log for a whole batch.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "folio/store/v1/facts_before.pb.h"
#include "folio/v1/fact.pb.h"
#include "folio/v1/watch.pb.h"
#include "server/engine/transaction.h"
#include "server/engine/writer.h"

namespace folio::portfolio {

// The id of a fact, "{kind}~{source}~{source_id}"; what an id cannot hold is written as ~xx, in hexadecimal.
std::string FactIdOf(const v1::Fact& fact);

// The revision of a fact that does not exist, for its etag (engine::EtagOf). Etags of facts are not stored: they follow
// from the revision of the record.
inline constexpr storage::Revision kNoFact = 0;

// The log's entry of a batch names its accounts, up to so many; a reader that wants more reads the facts.
inline constexpr int kAccountsNamedMax = 1000;

// Type of the change in the log that tells what a batch has replaced: its data is a FactsBefore.
inline constexpr auto kFactsBefore = static_cast<engine::log::ChangeKind>(6);

// The facts that one transaction writes.
class FactBatchWriter {
 public:
  // `transaction` must outlive it.
  explicit FactBatchWriter(engine::Transaction& transaction) : transaction_(transaction) {}

  // Stores a fact, after checking what the contract's options cannot say. `fact` gets its name, and its account where
  // only a subscription was given. Faults have paths that begin with `path`. ABORTED where an etag is given that is not
  // the stored fact's; the etag of `fact` itself must be empty.
  absl::StatusOr<engine::Effect> Put(std::shared_ptr<v1::Fact> fact, const std::string& path,
                                     std::string_view etag = "");

  // Removes a fact for good. NOT_FOUND where it does not exist, ABORTED where an etag is given that is not its own.
  absl::Status Remove(const std::string& name, std::string_view etag);

  // Writes the summary of the batch to the log. Call once, at the end.
  void Finish();

  const v1::FactBatch& counts() const { return batch_; }

 private:
  absl::Status FindAccount(v1::Fact* fact, const std::string& path);
  void Touch(const std::string& account);
  void NoteBefore(storage::Key key, std::string data);

  engine::Transaction& transaction_;
  v1::FactBatch batch_;
  engine::log::FactsBefore before_;
  std::set<std::string> accounts_;
  std::set<std::string> known_accounts_;
};

}  // namespace folio::portfolio
