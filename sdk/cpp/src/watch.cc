#include "folio/watch.h"

#include <utility>

#include "backoff.h"

namespace folio {
namespace {

// A reader that was too slow has missed nothing: it goes on after what it has read.
bool FellBehind(const absl::Status& status) {
  return status.code() == absl::StatusCode::kOutOfRange && ErrorOf(status).reason == "FELL_BEHIND";
}

absl::Status Stopped() { return absl::CancelledError("The watch was stopped."); }

template <class Request, class Response>
absl::Status Follow(const Client& client, const char* name, Request request,
                    const std::function<absl::Status(const Response&)>& each, const WatchOptions& options) {
  const google::protobuf::MethodDescriptor& method = *FindMethod(name);
  Backoff backoff(options.patience);
  while (true) {
    bool refused = false;
    const absl::Status status = client.InvokeStream(
        method, request,
        [&](const google::protobuf::Message& message) {
          backoff.Reset();
          const auto& response = static_cast<const Response&>(message);
          absl::Status handled = each(response);
          refused = !handled.ok();
          if (!refused && !response.resume_token().empty()) request.set_resume_token(response.resume_token());
          return handled;
        },
        options.stop);
    if (options.stop.stop_requested()) return Stopped();
    if (refused) return status;
    // A stream that the server ends without an error is resumed like one that was cut: it is shutting down.
    const absl::Status cause = status.ok() ? absl::UnavailableError("The server ended the stream.") : status;
    if (FellBehind(cause) || backoff.Wait(cause, options.stop)) continue;
    return options.stop.stop_requested() ? Stopped() : cause;
  }
}

}  // namespace

absl::Status Watch(const Client& client, v1::WatchRequest request,
                   const std::function<absl::Status(const v1::WatchResponse&)>& each, const WatchOptions& options) {
  return Follow(client, "WatchService.Watch", std::move(request), each, options);
}

absl::Status WatchPortfolio(const Client& client, v1::WatchPortfolioRequest request,
                            const std::function<absl::Status(const v1::WatchPortfolioResponse&)>& each,
                            const WatchOptions& options) {
  return Follow(client, "PortfolioService.WatchPortfolio", std::move(request), each, options);
}

}  // namespace folio
