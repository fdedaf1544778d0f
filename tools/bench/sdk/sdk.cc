// What the SDK for C++ costs: see tools/bench/sdk/run.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "folio/client.h"
#include "folio/import.h"
#include "folio/v1/account.grpc.pb.h"
#include "grpcpp/create_channel.h"

namespace {

namespace v1 = folio::v1;
using nlohmann::json;
using Clock = std::chrono::steady_clock;
using Get = std::function<bool(const v1::GetAccountRequest&)>;

double SecondsSince(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

[[noreturn]] void Fail(const std::string& why) {
  std::cerr << why << '\n';
  std::exit(1);
}

Get BareStub() {
  std::shared_ptr<v1::AccountService::Stub> stub =
      v1::AccountService::NewStub(grpc::CreateChannel(std::getenv("FOLIO_SERVER"), grpc::InsecureChannelCredentials()));
  return
      [stub, authorization = std::string("Bearer ") + std::getenv("FOLIO_KEY")](const v1::GetAccountRequest& request) {
        grpc::ClientContext context;
        context.AddMetadata("authorization", authorization);
        v1::Account account;
        return stub->GetAccount(&context, request, &account).ok();
      };
}

// Of the median call.
double Microseconds(const Get& get, const v1::GetAccountRequest& request, double seconds) {
  Clock::time_point now = Clock::now();
  const Clock::time_point end = now + std::chrono::microseconds(static_cast<int64_t>(seconds * 1e6));
  std::vector<double> calls;
  while (now < end) {
    const Clock::time_point begin = now;
    if (!get(request)) Fail("GetAccount failed");
    now = Clock::now();
    calls.push_back(std::chrono::duration<double, std::micro>(now - begin).count());
  }
  const auto middle = calls.begin() + static_cast<std::ptrdiff_t>(calls.size() / 2);
  std::nth_element(calls.begin(), middle, calls.end());
  return *middle;
}

json Unary(const folio::Client& client, const std::string& name, int rounds, double seconds) {
  v1::GetAccountRequest request;
  request.set_name(name);
  const Get sdk = [&client](const v1::GetAccountRequest& given) {
    return client.Call(&v1::AccountService::Stub::GetAccount, given).ok();
  };
  const Get bare = BareStub();
  for (const Get& get : {sdk, bare}) Microseconds(get, request, 2 * seconds);  // does not count
  json figures = json::array();
  for (int number = 0; number < rounds; ++number) {
    const double first = Microseconds(sdk, request, seconds);
    figures.push_back({first, Microseconds(bare, request, seconds)});
  }
  return {{"rounds", figures}};
}

// Rows a second.
double Bulk(const folio::Client& client, const std::string& prefix, int count) {
  const Clock::time_point begin = Clock::now();
  v1::ImportHeader header;
  header.set_collection("accounts");
  const absl::StatusOr<std::unique_ptr<folio::Importer>> importer = folio::Importer::Open(client, header, {});
  if (!importer.ok()) Fail(importer.status().ToString());
  for (int number = 1; number <= count; ++number) {
    v1::Account account;
    account.set_name("accounts/" + prefix + "-" + std::to_string(number));
    account.set_display_name("Company " + std::to_string(number) + " of " + prefix);
    account.set_sector("Imported");
    account.set_plan("Pro");
    account.set_seat_count(number % 1000);
    if (absl::Status status = (*importer)->Add(number, account); !status.ok()) Fail(status.ToString());
  }
  if (absl::Status status = (*importer)->Finish(); !status.ok()) Fail(status.ToString());
  if ((*importer)->counts().created() != count) Fail((*importer)->counts().ShortDebugString());
  return count / SecondsSince(begin);
}

}  // namespace

int main(int, char** arguments) {
  const absl::StatusOr<folio::ClientOptions> options = folio::LoadOptions();
  if (!options.ok()) Fail(options.status().ToString());
  const absl::StatusOr<folio::Client> client = folio::Client::Connect(*options);
  if (!client.ok()) Fail(client.status().ToString());
  const int count = std::stoi(arguments[3]);
  if (std::string(arguments[1]) == "unary") {
    std::cout << Unary(*client, arguments[2], count, std::stod(arguments[4])) << '\n';
  } else {
    Bulk(*client, std::string(arguments[2]) + "-first", count / 5);  // does not count
    std::cout << json{{"rows_per_second", Bulk(*client, arguments[2], count)}} << '\n';
  }
  return 0;
}
