// Writing resources: all that is checked and set whenever a resource is stored, by a call or by a row of an import.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/engine/resources.h"
#include "server/engine/transaction.h"

namespace folio::engine {

// Rules of a domain that options of the contract cannot say. Called on the committer's thread.
class Rules {
 public:
  virtual ~Rules() = default;

  // Before a resource is stored: checks it, and sets fields that follow from others. `before` is null for a new one.
  // Faults have paths that begin with the type's singular ("account.parent").
  virtual absl::Status Check(Transaction& transaction, const ResourceType& type,
                             const google::protobuf::Message* before, google::protobuf::Message* after) const = 0;

  // Whether what Check has set is news, where a client wrote what is stored already: then it is stored all the same.
  virtual bool IsRestated(const ResourceType&, const google::protobuf::Message& /*before*/,
                          const google::protobuf::Message& /*after*/) const {
    return false;
  }

  // The id that follows from a resource's fields; empty for types whose ids are chosen freely.
  virtual std::string NaturalId(const ResourceType&, const google::protobuf::Message&) const { return ""; }

  // Before a resource is removed for good.
  virtual absl::Status CheckRemoval(Transaction& transaction, const ResourceType& type,
                                    const google::protobuf::Message& before) const = 0;
};

enum class Effect { kCreated, kUpdated, kRestored, kUnchanged };

// A resource as it is stored now.
struct Stored {
  storage::Key key = 0;
  std::unique_ptr<google::protobuf::Message> message;
};

class Writer {
 public:
  // All must outlive it.
  Writer(const ResourceType& type, const Rules& rules);

  const ResourceType& type() const { return type_; }

  // The stored resource; nothing where there is none.
  absl::StatusOr<std::optional<Stored>> Read(Transaction& transaction, std::string_view id) const;

  // Stores a new resource. ALREADY_EXISTS where the id is taken, INVALID_ARGUMENT (ID_NOT_NATURAL) where another
  // follows from its fields. `resource` gets its name, etag and times.
  absl::Status Create(Transaction& transaction, std::string_view id,
                      std::shared_ptr<google::protobuf::Message> resource) const;

  // The same, for who has found (by Read, in this transaction) that there is none.
  absl::Status CreateMissing(Transaction& transaction, std::string_view id,
                             std::shared_ptr<google::protobuf::Message> resource) const;

  // Stores a new state of a resource. Says kUnchanged, and writes nothing, where it holds what is there already and the
  // rules restate nothing of it; then `resource` gets the stored etag and times.
  absl::StatusOr<Effect> Replace(Transaction& transaction, std::string_view id, const Stored& stored,
                                 std::shared_ptr<google::protobuf::Message> resource) const;

  // Stores what the server itself changed of a resource: of fields that clients cannot write, Replace takes no notice.
  void Rewrite(Transaction& transaction, std::string_view id, const Stored& stored,
               std::shared_ptr<google::protobuf::Message> resource) const;

  // Marks a resource as deleted, or brings it back. `resource` is a copy of the stored one, changed in place.
  absl::Status MarkDeleted(Transaction& transaction, std::string_view id, storage::Key key,
                           std::shared_ptr<google::protobuf::Message> resource, bool deleted) const;

  // Removes a resource for good.
  absl::Status Remove(Transaction& transaction, std::string_view id, const Stored& stored) const;

  // The id of a new resource that comes without one: what follows from its fields, or a time-ordered one.
  std::string NewId(const Transaction& transaction, const google::protobuf::Message& resource) const;

  bool IsDeleted(const google::protobuf::Message& resource) const;

 private:
  absl::Status CheckReferences(Transaction& transaction, const google::protobuf::Message* before,
                               const google::protobuf::Message& after) const;
  void Stamp(Transaction& transaction, std::string_view id, Instant create_time,
             google::protobuf::Message* resource) const;

  // The fields that every resource has, and that the server fills; null where a type lacks one.
  struct OwnFields {
    const google::protobuf::FieldDescriptor* name;
    const google::protobuf::FieldDescriptor* etag;
    const google::protobuf::FieldDescriptor* create_time;
    const google::protobuf::FieldDescriptor* update_time;
    const google::protobuf::FieldDescriptor* delete_time;
  };

  const ResourceType& type_;
  const Rules& rules_;
  const OwnFields fields_;
};

// The etag of a resource written by this revision.
std::string EtagOf(storage::Revision revision);

}  // namespace folio::engine
