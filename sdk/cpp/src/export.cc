#include "folio/export.h"

namespace folio {

absl::Status ExportAccounts(const Client& client, const v1::ExportAccountsRequest& request,
                            const std::function<absl::Status(const v1::Account&)>& each, const ExportOptions& options) {
  int64_t done = 0;
  return client.InvokeStream(
      *FindMethod("AccountService.ExportAccounts"), request,
      [&](const google::protobuf::Message& message) {
        const auto& response = static_cast<const v1::ExportAccountsResponse&>(message);
        done += response.accounts_size();
        if (options.progress) options.progress(done, response.total_size());
        for (const v1::Account& account : response.accounts()) {
          if (absl::Status status = each(account); !status.ok()) return status;
        }
        return absl::OkStatus();
      },
      options.stop);
}

}  // namespace folio
