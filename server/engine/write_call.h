// A call that writes: from request and work to committer and answer. What every writing method shares.
#pragma once

#include <functional>
#include <string>

#include "google/protobuf/message.h"
#include "server/engine/committer.h"

namespace folio::engine {

// Runs `work` in a transaction and calls `done` once it is durable. `work` fills `response`, which is kept with the
// request's `request_id` and given again when the same request comes back. With `validate_only` the work is done and
// thrown away. Request and response must live until `done` is called.
void SubmitWrite(Committer& committer, std::string actor, const google::protobuf::Message& request,
                 google::protobuf::Message* response, std::function<absl::Status(Transaction&)> work,
                 std::function<void(const Outcome&)> done);

}  // namespace folio::engine
