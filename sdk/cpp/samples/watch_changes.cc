// Changes as they happen, from a change that this program makes itself. The token makes a later run go on behind the
// last change that was seen.
#include <cstdlib>
#include <iostream>

#include "folio/client.h"
#include "folio/modify.h"
#include "folio/v1/account.grpc.pb.h"
#include "folio/watch.h"

namespace v1 = folio::v1;

namespace {

constexpr char kName[] = "accounts/cpp-watched-sample";

absl::Status Edit(const folio::Client& client) {
  return folio::Modify<v1::Account>(client, kName,
                                    [](v1::Account* account) { account->set_notes(account->notes() + "called; "); })
      .status();
}

absl::Status Run() {
  const absl::StatusOr<folio::ClientOptions> options = folio::LoadOptions();
  if (!options.ok()) return options.status();
  const absl::StatusOr<folio::Client> client = folio::Client::Connect(*options);
  if (!client.ok()) return client.status();
  v1::UpdateAccountRequest create;
  create.mutable_account()->set_name(kName);
  create.mutable_account()->set_display_name("Watched");
  create.set_allow_missing(true);
  const auto created = client->Call(&v1::AccountService::Stub::UpdateAccount, create);
  if (!created.ok()) return created.status();

  v1::WatchRequest request;
  request.add_collections("accounts");
  request.set_account(kName);
  request.set_snapshot(true);
  bool edited = false;
  bool seen = false;
  const auto each = [&](const v1::WatchResponse& response) {
    for (const v1::ChangeEvent& event : response.events()) {
      std::cout << v1::ChangeType_Name(event.type()) << ' ' << event.name() << ' ' << event.account().notes() << '\n';
    }
    if (edited && response.events_size() > 0) {
      std::cout << "go on behind " << !response.resume_token().empty() << '\n';
      seen = true;
      return absl::CancelledError("enough is seen");
    }
    if (edited || !response.snapshot_complete()) return absl::OkStatus();
    edited = true;
    return Edit(*client);
  };
  const absl::Status ended = folio::Watch(*client, request, each);
  return seen ? absl::OkStatus() : ended;
}

}  // namespace

int main() {
  const absl::Status status = Run();
  if (status.ok()) return EXIT_SUCCESS;
  std::cerr << status << '\n';
  return EXIT_FAILURE;
}
