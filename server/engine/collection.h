// The standard methods of a resource (AIP-131 to 135), written once: requests and responses are read by descriptor,
// under the field names that the contract uses everywhere.
//
// Reads answer at once. Writes are handed to the committer and answered on its thread; request and response must live
// until then. Every `done` is called exactly once.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/engine/committer.h"
#include "server/engine/resource_tables.h"
#include "server/engine/writer.h"

namespace folio::engine {

class Collection {
 public:
  using Message = google::protobuf::Message;
  using Done = std::function<void(const Outcome&)>;

  // All must outlive it.
  Collection(const ResourceType& type, const storage::Storage& storage, Committer& committer,
             const ResourceTables& tables, const Rules& rules);

  const ResourceType& type() const { return type_; }

  // Serialised resource by name. NOT_FOUND, INVALID_ARGUMENT (NAME_MALFORMED), FAILED_PRECONDITION where `min_revision`
  // has not been reached.
  absl::StatusOr<std::string> GetBytes(std::string_view name, storage::Revision min_revision) const;
  absl::Status Get(const Message& request, Message* resource) const;

  // One page.
  absl::Status List(const Message& request, Message* response) const;

  void Create(std::string actor, const Message& request, Message* response, Done done);
  void Update(std::string actor, const Message& request, Message* response, Done done);
  void Delete(std::string actor, const Message& request, Message* response, Done done);
  void Undelete(std::string actor, const Message& request, Message* response, Done done);

  // Update and Delete as a part of somebody's transaction.
  absl::Status UpdateIn(Transaction& transaction, const Message& request, Message* response) const;
  absl::Status DeleteIn(Transaction& transaction, const Message& request, Message* response) const;

 private:
  absl::Status RunCreate(Transaction& transaction, const Message& request, Message* response) const;
  absl::Status RunUndelete(Transaction& transaction, const Message& request, Message* response) const;
  absl::StatusOr<Stored> ReadForWrite(Transaction& transaction, std::string_view id, std::string_view etag) const;
  absl::Status CheckEtag(const Stored& stored, std::string_view id, std::string_view etag) const;

  const ResourceType& type_;
  const storage::Storage& storage_;
  Committer& committer_;
  const ResourceTables& tables_;
  const Writer writer_;
};

// A filter that also leaves out rows that are marked as deleted in that column.
model::Filter LiveOnly(model::Filter filter, model::ColumnIndex deleted);

// Checks a request's `min_revision` against what the store holds.
absl::Status CheckMinRevision(const storage::Storage& storage, storage::Revision min_revision);

// Rows that a page holds: 0 means the default, more than the limit means the limit. INVALID_ARGUMENT where negative.
absl::StatusOr<int> PageSize(int32_t asked);

// A digest of a request, for telling whether a repeated request id comes with the same body.
uint64_t FingerprintOf(const google::protobuf::Message& request);

}  // namespace folio::engine
