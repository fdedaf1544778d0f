// Many watches at once, while this program writes and somebody kills the server again and again: every watch must see
// every account once, in order. Prints "open" when all are, the number of each account once it is written, and in the
// end what the watches have seen. The last account is written after a line of standard input.
//
//   folio_sdk_watches WATCHES ACCOUNTS
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <latch>
#include <string>
#include <thread>
#include <vector>

#include "folio/client.h"
#include "folio/v1/account.grpc.pb.h"
#include "folio/watch.h"

namespace folio {
namespace {

// A connection carries so many calls at once, this program's writes among them.
constexpr int kWatchesOfConnection = 50;

[[noreturn]] void Fail(const absl::Status& status) {
  std::cerr << status << std::endl;
  std::_Exit(EXIT_FAILURE);
}

Client NewClient() {
  const absl::StatusOr<ClientOptions> options = LoadOptions();
  if (!options.ok()) Fail(options.status());
  absl::StatusOr<Client> client = Client::Connect(*options);
  if (!client.ok()) Fail(client.status());
  return *std::move(client);
}

// Reads until the last account has come.
void WatchAll(const Client& client, int accounts, std::latch* open) {
  v1::WatchRequest request;
  request.add_collections("accounts");
  request.set_snapshot(true);
  int seen = 0;
  const absl::Status ended = Watch(client, request, [&](const v1::WatchResponse& response) {
    if (response.snapshot_complete()) open->count_down();
    for (const v1::ChangeEvent& event : response.events()) {
      const std::string expected = "accounts/watched-" + std::to_string(++seen);
      if (event.name() != expected)
        return absl::InternalError(event.name() + " came where " + expected + " was to come");
    }
    return seen == accounts ? absl::CancelledError("All have come.") : absl::OkStatus();
  });
  if (seen != accounts || !absl::IsCancelled(ended)) Fail(ended);
}

// Creates an account, over any number of restarts: where it exists already, an attempt before had its effect.
void Write(const Client& client, int number) {
  v1::CreateAccountRequest request;
  request.set_account_id("watched-" + std::to_string(number));
  request.mutable_account()->set_display_name("Watched " + std::to_string(number));
  while (true) {
    const absl::Status status = client.Call(&v1::AccountService::Stub::CreateAccount, request).status();
    if (status.ok() || absl::IsAlreadyExists(status)) break;
    if (!absl::IsUnavailable(status)) Fail(status);
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  std::cout << number << std::endl;
}

void Run(int watches, int accounts) {
  const Client client = NewClient();
  std::latch open(watches);
  std::vector<Client> connections;
  for (int i = 0; i < watches; i += kWatchesOfConnection) connections.push_back(NewClient());
  std::vector<std::jthread> threads;
  for (int i = 0; i < watches; ++i) {
    threads.emplace_back(
        [&, i] { WatchAll(connections[static_cast<size_t>(i / kWatchesOfConnection)], accounts, &open); });
  }
  open.wait();
  std::cout << "open" << std::endl;
  for (int number = 1; number < accounts; ++number) Write(client, number);
  std::string line;
  std::getline(std::cin, line);
  Write(client, accounts);
  threads.clear();
  std::cout << watches << " watches have seen " << accounts << " accounts, each once" << std::endl;
}

}  // namespace
}  // namespace folio

int main(int, char** arguments) {
  folio::Run(std::atoi(arguments[1]), std::atoi(arguments[2]));
  return EXIT_SUCCESS;
}
