// A projection: something kept in memory that is computed from the records. It cannot fail, and it is brought up to
// date before a write is acknowledged, so that a client reads its own writes.
#pragma once

#include <cstdint>
#include <span>

#include "server/engine/change.h"

namespace folio::engine {

class Projection {
 public:
  virtual ~Projection() = default;

  // One record that the store holds, at start. Kinds come in the order that the engine was given.
  virtual void Load(storage::Kind kind, const storage::RecordView& record,
                    const google::protobuf::Message& message) = 0;

  // The changes of a committed group, in commit order. On the committer's thread.
  virtual void Apply(std::span<const Change> changes) = 0;

  // All changes up to this revision have been applied: make them visible. Also called once after loading.
  virtual void Publish(storage::Revision revision) = 0;
};

}  // namespace folio::engine
