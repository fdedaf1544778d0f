// Signals as clients see them: what the rules find, with what people have made of it.
#pragma once

#include "absl/status/status.h"
#include "folio/v1/signal.pb.h"
#include "server/base/error.h"
#include "server/portfolio/workspace.h"

namespace folio::portfolio {

// NOT_FOUND where the rule does not hold on the account today.
absl::Status GetSignal(const Workspace& workspace, const v1::GetSignalRequest& request, error::Locale locale,
                       v1::Signal* signal);

// Looks at every account that may have one: for a thread that may work for a while.
absl::Status ListSignals(const Workspace& workspace, const v1::ListSignalsRequest& request, error::Locale locale,
                         v1::ListSignalsResponse* response);

// Request and response must live until `done` is called.
void UpdateSignal(Workspace& workspace, std::string actor, error::Locale locale, const v1::UpdateSignalRequest& request,
                  v1::Signal* response, engine::Collection::Done done);

}  // namespace folio::portfolio
