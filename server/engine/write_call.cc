#include "server/engine/write_call.h"

#include <utility>

#include "server/base/error.h"
#include "server/base/limits.h"
#include "server/engine/collection.h"
#include "server/engine/request.h"

namespace folio::engine {

namespace {

// How a rehearsal ends: an error, so that nothing of it stays, which `done` turns into success.
absl::Status RehearsalOver() { return absl::CancelledError("validate_only"); }
bool IsRehearsalOver(const absl::Status& status) { return absl::IsCancelled(status); }

}  // namespace

void SubmitWrite(Committer& committer, std::string actor, const google::protobuf::Message& request,
                 google::protobuf::Message* response, std::function<absl::Status(Transaction&)> work,
                 std::function<void(const Outcome&)> done) {
  const Fields fields(request);
  std::string request_id = fields.Text("request_id");
  if (request_id.size() > limits::kRequestIdBytesMax) {
    const std::string maximum = std::to_string(limits::kRequestIdBytesMax);
    done({.status = error::InvalidField("request_id", "FIELD_TOO_LONG", {{"maximum", maximum}})});
    return;
  }
  const bool validate_only = fields.Flag("validate_only");
  const bool keep_reply = !request_id.empty() && !validate_only;
  if (!keep_reply) request_id.clear();
  Submission submission{
      .actor = std::move(actor),
      .request_id = std::move(request_id),
      .fingerprint = keep_reply ? FingerprintOf(request) : 0,
      .bytes = static_cast<int64_t>(request.ByteSizeLong()),
      .apply =
          [work = std::move(work), response, keep_reply, validate_only](Transaction& transaction) {
            if (auto status = work(transaction); !status.ok()) return status;
            if (validate_only) return RehearsalOver();
            if (keep_reply) transaction.SetReply(response->SerializeAsString());
            return absl::OkStatus();
          },
      .done =
          [done, response](const Outcome& outcome) {
            if (IsRehearsalOver(outcome.status)) {
              done({.revision = outcome.revision});
              return;
            }
            if (outcome.replayed && outcome.status.ok() && !response->ParseFromString(outcome.reply)) {
              done({.status = error::Internal("a kept answer cannot be parsed")});
              return;
            }
            done(outcome);
          },
  };
  if (auto status = committer.Submit(std::move(submission)); !status.ok()) done({.status = status});
}

}  // namespace folio::engine
