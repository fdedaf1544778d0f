// Facts as clients read and write them.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "folio/v1/fact.pb.h"
#include "google/protobuf/empty.pb.h"
#include "server/portfolio/workspace.h"

namespace folio::portfolio {

absl::Status GetFact(const Workspace& workspace, const v1::GetFactRequest& request, v1::Fact* fact);

// One page of the facts of an account, the latest first: reads each of them. Or of those without one, the ones that
// came last first, or of all ("accounts/-"), the ones that came first first: reads those of the page. For a thread that
// may work for a while.
absl::Status ListFacts(const Workspace& workspace, const v1::ListFactsRequest& request,
                       v1::ListFactsResponse* response);

// Request and response must live until `done` is called.
void BatchUpsertFacts(Workspace& workspace, std::string actor, const v1::BatchUpsertFactsRequest& request,
                      v1::BatchUpsertFactsResponse* response, engine::Collection::Done done);
void DeleteFact(Workspace& workspace, std::string actor, const v1::DeleteFactRequest& request,
                google::protobuf::Empty* response, engine::Collection::Done done);

}  // namespace folio::portfolio
