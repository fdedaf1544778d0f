// Writing facts: many at once, upserted by their source's id, with one entry in the log for a whole batch.
#pragma once

#include <memory>
#include <set>
#include <string>

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
  // only a subscription was given. Faults have paths that begin with `path`.
  absl::StatusOr<engine::Effect> Put(std::shared_ptr<v1::Fact> fact, const std::string& path);

  // Removes a fact for good. NOT_FOUND where it does not exist.
  absl::Status Remove(const std::string& name);

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
