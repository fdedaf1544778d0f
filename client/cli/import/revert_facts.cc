// The log of watches only counts facts: their history has a method of its own.
#include "client/cli/import/revert_run.h"
#include "folio/pages.h"
#include "folio/v1/fact.pb.h"
#include "folio/v1/fact_history.pb.h"
#include "google/protobuf/empty.pb.h"

namespace folio::cli {
namespace {

constexpr int kPageSize = 1'000;

class FactRevert final : public RevertRun {
 public:
  FactRevert(Context& context, const RevertFlags& flags) : RevertRun(context, "facts", flags) {}

 private:
  absl::Status ReadHistory() override {
    v1::ListFactChangesRequest request;
    request.set_after_revision(flags().after);
    request.set_page_size(kPageSize);
    PageCursor cursor(client(), *FindMethod("FactHistoryService.ListFactChanges"), request);
    while (const auto* change = static_cast<const v1::FactChange*>(cursor.Next())) Take(*change);
    return cursor.status();
  }

  void Take(const v1::FactChange& change) {
    Fate* fate = TakeChange(change.revision(), change.actor(), change.name());
    if (fate == nullptr) return;
    fate->etag = change.etag();
    fate->gone = change.type() == v1::CHANGE_TYPE_DELETED;
    // What counts is what was there before the first change that is taken back.
    if (fate->touched_later || fate->created || fate->before != nullptr) return;
    fate->created = !change.has_before();
    if (change.has_before()) fate->before = std::make_unique<v1::Fact>(change.before());
  }

  absl::Status WriteOne(const std::string& name, const Fate& fate) override {
    if (fate.goes()) {
      v1::DeleteFactRequest request;
      request.set_name(name);
      request.set_etag(fate.etag);
      google::protobuf::Empty response;
      return client().Invoke(*FindMethod("FactService.DeleteFact"), request, &response, context().stop);
    }
    v1::BatchUpsertFactsRequest request;
    v1::Fact* fact = request.add_facts();
    fact->CopyFrom(*fate.before);
    fact->set_etag(fate.etag);
    v1::BatchUpsertFactsResponse response;
    return client().Invoke(*FindMethod("FactService.BatchUpsertFacts"), request, &response, context().stop);
  }
};

}  // namespace

absl::StatusOr<int> RevertFacts(Context& context, const RevertFlags& flags) { return FactRevert(context, flags).Run(); }

}  // namespace folio::cli
