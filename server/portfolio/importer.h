// Imports: rows of one collection, chunk by chunk, each chunk one durable transaction. How far an import has got is
// stored with its rows, so that it can be resumed after anything.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "folio/v1/import.pb.h"
#include "server/base/error.h"
#include "server/engine/committer.h"
#include "server/portfolio/rules.h"

namespace folio::portfolio {

// What a chunk's transaction did.
struct ChunkResult {
  absl::Status status;
  v1::ImportCounts counts;  // of the whole import, this chunk included
  std::vector<v1::RejectedRow> rejected;
  int64_t durable_through_row = 0;
  storage::Revision revision = 0;
};

// One call of Import. Thread-safe for one caller at a time; results come on a thread of the committer's, in order.
class ImportSession {
 public:
  // INVALID_ARGUMENT where the header is wrong. Everything borrowed must outlive the session.
  static absl::StatusOr<std::unique_ptr<ImportSession>> Begin(const v1::ImportHeader& header, std::string actor,
                                                              error::Locale locale, const storage::Storage& storage,
                                                              engine::Committer& committer, const DomainRules& rules);

  // Where the import stood when it began: the answer to the header.
  const v1::ImportResponse& start() const { return start_; }

  // Writes a chunk, whose rows it changes and keeps, and tells what became of it once that is durable. Faults of the
  // chunk as a whole (order, size, wrong collection) come as an error status; nothing of it is written then. Checks the
  // rows before it hands them to the committer: some milliseconds' work on the caller's thread.
  void Write(std::shared_ptr<v1::ImportChunk> chunk, std::function<void(const ChunkResult&)> done);

 private:
  // A row of a chunk. Shares the chunk's memory.
  struct Row {
    std::shared_ptr<google::protobuf::Message> message;
    absl::Status valid;  // as a new resource
  };

  ImportSession(v1::ImportHeader header, std::string actor, error::Locale locale, engine::Committer& committer,
                const DomainRules& rules, const engine::ResourceType& type);

  // A chunk on its way.
  struct Work {
    std::shared_ptr<v1::ImportChunk> chunk;
    std::vector<Row> rows;
    ChunkResult result;
    bool refused = false;  // by what it holds, rather than by the disk
  };

  absl::Status Evaluate(engine::Transaction& transaction, Work* work);
  absl::Status CheckChunk(const v1::ImportChunk& chunk) const;
  std::vector<Row> TakeRows(const std::shared_ptr<v1::ImportChunk>& chunk) const;
  absl::Status WriteRows(engine::Transaction& transaction, const v1::ImportChunk& chunk, std::vector<Row> rows,
                         ChunkResult* result) const;
  absl::StatusOr<engine::Effect> WriteRow(engine::Transaction& transaction, Row row, bool* skipped) const;
  v1::RejectedRow Rejection(const v1::ImportChunk& chunk, int position, const absl::Status& status) const;
  absl::StatusOr<std::string> IdFor(engine::Transaction& transaction, const google::protobuf::Message& row) const;
  std::string CursorName() const;

  const v1::ImportHeader header_;
  const std::string actor_;
  const error::Locale locale_;
  engine::Committer& committer_;
  const DomainRules& rules_;
  const engine::ResourceType& type_;
  const engine::Writer writer_;
  v1::ImportResponse start_;
  // Where the import stands with what has been evaluated, durable or about to be. Committer's thread only, once begun.
  v1::ImportResponse evaluated_;
  absl::Status broken_;  // why the import cannot go on: what was evaluated did not become durable
};

}  // namespace folio::portfolio
