// What happens to a call before and after its handler.
#include <map>

#include "folio/v1/account.grpc.pb.h"
#include "folio/v1/admin.grpc.pb.h"
#include "folio/v1/import.grpc.pb.h"
#include "folio/v1/task.grpc.pb.h"
#include "folio/v1/watch.grpc.pb.h"
#include "folio/v1/workspace.grpc.pb.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "grpcpp/generic/generic_stub.h"
#include "gtest/gtest.h"
#include "server/base/limits.h"
#include "server/rpc/bytes.h"
#include "server/rpc/method.h"
#include "server/rpc/server_context.h"
#include "tests/rpc/harness.h"

namespace folio::rpc {
namespace {

using ::testing::HasSubstr;

// What CallEmpty sends: nothing, unless the method would answer nothing to that.
std::string EmptyRequestOf(const Method& method) {
  v1::WatchRequest snapshot;
  snapshot.set_snapshot(true);
  return method.name == "WatchService.Watch" ? snapshot.SerializeAsString() : "";
}

// A call of any method with an empty request. A stream is cancelled once it has answered.
grpc::Status CallEmpty(const std::shared_ptr<grpc::Channel>& channel, const Method& method, const std::string& key) {
  grpc::GenericStub stub(channel);
  grpc::CompletionQueue queue;
  const auto context = NewContext(key);
  const auto step = [&queue] {
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
    return ok;
  };
  auto stream = stub.PrepareCall(
      context.get(), "/folio.v1." + method.descriptor->service()->name() + "/" + method.descriptor->name(), &queue);
  grpc::Status status;
  grpc::ByteBuffer answer;
  stream->StartCall(nullptr);
  step();
  stream->WriteLast(ToBytes(EmptyRequestOf(method)), grpc::WriteOptions(), nullptr);
  step();
  stream->Read(&answer, nullptr);
  if (step() && method.streams) context->TryCancel();
  stream->Finish(&status, nullptr);
  step();
  return status;
}

grpc::Status GetInfo(TestServer& server, grpc::ClientContext* context, v1::ServerInfo* info) {
  return v1::AdminService::NewStub(server.NewChannel())->GetServerInfo(context, {}, info);
}

grpc::Status GetInfo(TestServer& server, std::string_view key, std::string_view language = "") {
  v1::ServerInfo info;
  return GetInfo(server, NewContext(key, language).get(), &info);
}

TEST(Door, EveryServiceOfTheContractIsServed) {
  std::vector<std::string> registered;
  for (const RegisteredService& service : RegisteredServices()) registered.push_back(service.full_name);
  EXPECT_EQ(registered, Methods::ServiceNames());
}

TEST(Door, EveryMethodHasALeastRole) {
  const Methods methods;
  ASSERT_GT(methods.All().size(), 40U);
  for (const Method* method : methods.All()) EXPECT_NE(method->role, v1::ROLE_UNSPECIFIED) << method->name;
}

TEST(Door, AMethodThatIsNotKnownIsRefusedToEveryone) {
  const Methods methods;
  EXPECT_EQ(methods.Get("AdminService.Nonsense").role, v1::ROLE_UNSPECIFIED);
}

TEST(Door, EveryMethodIsOpenToItsLeastRoleAndClosedBelow) {
  TestServer server;
  std::map<v1::Role, std::string> keys;
  for (const v1::Role role : {v1::ROLE_READER, v1::ROLE_EDITOR, v1::ROLE_MANAGER, v1::ROLE_ADMINISTRATOR}) {
    keys[role] = server.NewKey(role);
  }
  const auto channel = server.NewChannel();
  const Methods methods;
  for (const Method* method : methods.All()) {
    const grpc::Status without_key = CallEmpty(channel, *method, "");
    EXPECT_EQ(without_key.error_code(), grpc::StatusCode::UNAUTHENTICATED) << method->name;
    for (const auto& [role, key] : keys) {
      const grpc::Status status = CallEmpty(channel, *method, key);
      EXPECT_EQ(status.error_code() == grpc::StatusCode::PERMISSION_DENIED, role < method->role)
          << method->name << " as " << v1::Role_Name(role) << ": " << status.error_message();
      EXPECT_NE(status.error_code(), grpc::StatusCode::UNIMPLEMENTED) << method->name;
      EXPECT_NE(status.error_code(), grpc::StatusCode::UNAUTHENTICATED) << method->name;
      EXPECT_NE(status.error_code(), grpc::StatusCode::INTERNAL) << method->name << ": " << status.error_message();
    }
  }
}

TEST(Door, AKeyIsAskedForAndChecked) {
  TestServer server;
  EXPECT_EQ(ReasonOf(GetInfo(server, "")), "KEY_MISSING");
  EXPECT_EQ(ReasonOf(GetInfo(server, "folio_wrong")), "KEY_MALFORMED");
  EXPECT_EQ(ReasonOf(GetInfo(server, FormatApiKey(NewApiKey()))), "KEY_UNKNOWN");
  EXPECT_TRUE(GetInfo(server, server.admin_key()).ok());
}

TEST(Door, ARevokedKeyEndsAtOnce) {
  TestServer server;
  const std::string key = server.NewKey(v1::ROLE_READER);
  ASSERT_TRUE(GetInfo(server, key).ok());
  v1::RevokeApiKeyRequest request;
  request.set_name("apiKeys/" + ParseApiKey(key)->id);
  v1::ApiKey revoked;
  const auto stub = v1::AdminService::NewStub(server.NewChannel());
  ASSERT_TRUE(stub->RevokeApiKey(NewContext(server.admin_key()).get(), request, &revoked).ok());
  EXPECT_TRUE(revoked.has_revoke_time());
  EXPECT_EQ(ReasonOf(GetInfo(server, key)), "KEY_REVOKED");
  server.Restart();
  EXPECT_EQ(ReasonOf(GetInfo(server, key)), "KEY_REVOKED");
}

TEST(Door, TheStreamsOfARevokedKeyEnd) {
  TestServer server;
  const std::string key = server.NewKey(v1::ROLE_READER);
  const auto channel = server.NewChannel();
  const auto context = NewContext(key);
  v1::WatchRequest snapshot;
  snapshot.set_snapshot(true);
  const auto watch = v1::WatchService::NewStub(channel)->Watch(context.get(), snapshot);
  v1::WatchResponse message;
  ASSERT_TRUE(watch->Read(&message));
  v1::RevokeApiKeyRequest request;
  request.set_name("apiKeys/" + ParseApiKey(key)->id);
  v1::ApiKey revoked;
  ASSERT_TRUE(
      v1::AdminService::NewStub(channel)->RevokeApiKey(NewContext(server.admin_key()).get(), request, &revoked).ok());
  while (watch->Read(&message)) {
  }
  EXPECT_EQ(ReasonOf(watch->Finish()), "KEY_REVOKED");
}

TEST(Door, AKeyExpires) {
  TestServer server;
  v1::CreateApiKeyRequest request;
  request.mutable_api_key()->set_workspace("workspaces/dev");
  request.mutable_api_key()->set_role(v1::ROLE_READER);
  *request.mutable_api_key()->mutable_expire_time() = ToProtoTime(server.clock().Now() + 1'000'000);
  v1::ApiKey key;
  const auto stub = v1::AdminService::NewStub(server.NewChannel());
  ASSERT_TRUE(stub->CreateApiKey(NewContext(server.admin_key()).get(), request, &key).ok());
  EXPECT_TRUE(key.secret_digest().empty());
  EXPECT_TRUE(GetInfo(server, key.secret()).ok());
  server.clock().Set(server.clock().Now() + 1'000'000);
  EXPECT_EQ(ReasonOf(GetInfo(server, key.secret())), "KEY_EXPIRED");
}

TEST(Door, ErrorsAreToldInTheCallersLanguage) {
  TestServer server;
  const auto text = [&server](std::string_view language) {
    return DetailOf<google::rpc::LocalizedMessage>(GetInfo(server, "", language));
  };
  EXPECT_EQ(text("fr").locale(), "fr");
  EXPECT_THAT(text("fr-CH, en;q=0.5").message(), HasSubstr("clé d'API"));
  EXPECT_EQ(text("en-GB,fr").locale(), "en");
  EXPECT_EQ(text("de, fr").locale(), "fr");
  EXPECT_EQ(text("frr").locale(), "en");
  EXPECT_EQ(text("").locale(), "en");
  // The status' own message stays English, for logs.
  EXPECT_THAT(GetInfo(server, "", "fr").error_message(), HasSubstr("no API key"));
}

TEST(Door, EachFaultOfARequestIsToldWithItsFieldAndInTheCallersLanguage) {
  TestServer server;
  v1::CreateTaskRequest request;
  request.mutable_task()->set_title(std::string(100'000, 'x'));
  v1::Task task;
  const auto stub = v1::TaskService::NewStub(server.NewChannel());
  const grpc::Status status = stub->CreateTask(NewContext(server.admin_key(), "fr").get(), request, &task);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  const auto faults = DetailOf<google::rpc::BadRequest>(status);
  ASSERT_GE(faults.field_violations_size(), 1);
  EXPECT_EQ(faults.field_violations(0).localized_message().locale(), "fr");
  std::vector<std::string> fields;
  for (const auto& fault : faults.field_violations()) fields.push_back(fault.field());
  EXPECT_THAT(fields, ::testing::Contains("task.title"));
}

// Clients take 8 KiB of trailers in all; what is beyond looks like a broken connection to them.
TEST(Door, AnErrorWithManyFaultsStillFitsItsTrailers) {
  TestServer server;
  v1::CreateTaskRequest request;
  for (int i = 0; i < 50; ++i) request.mutable_task()->add_labels(std::string(65, 'x'));
  for (int i = 0; i < 50; ++i)
    (*request.mutable_task()->mutable_custom_fields())[std::string(200, 'k') + std::to_string(i)];
  v1::Task task;
  const auto stub = v1::TaskService::NewStub(server.NewChannel());
  for (const char* language : {"en", "fr"}) {
    const grpc::Status status = stub->CreateTask(NewContext(server.admin_key(), language).get(), request, &task);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << status.error_message();
    EXPECT_GT(DetailOf<google::rpc::BadRequest>(status).field_violations_size(), 5);
    EXPECT_EQ(DetailOf<google::rpc::ErrorInfo>(status).metadata().count("more_faults"), 1U);
    EXPECT_LT(status.error_details().size(), 6U << 10);  // as text of the wire, a third more
  }
}

TEST(Door, ACallKeepsItsRequestIdOrGetsOne) {
  TestServer server;
  v1::ServerInfo info;
  auto context = NewContext(server.admin_key());
  context->AddMetadata("x-request-id", "mine-1");
  ASSERT_TRUE(GetInfo(server, context.get(), &info).ok());
  EXPECT_EQ(context->GetServerTrailingMetadata().find("x-request-id")->second, "mine-1");

  context = NewContext(server.admin_key());
  context->AddMetadata("x-request-id", "not \"plain\"");
  ASSERT_TRUE(GetInfo(server, context.get(), &info).ok());
  const auto given = context->GetServerTrailingMetadata().find("x-request-id")->second;
  EXPECT_FALSE(given.empty());
  EXPECT_EQ(std::string(given.data(), given.size()).find(' '), std::string::npos);
}

TEST(Door, WhatIsTooMuchIsRefusedWithATimeToWait) {
  TestServer server({.connections = {}, .calls_max = 0});
  v1::ServerInfo info;
  const auto context = NewContext(server.admin_key());
  const grpc::Status status = GetInfo(server, context.get(), &info);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ReasonOf(status), "OVERLOADED");
  EXPECT_EQ(DetailOf<google::rpc::RetryInfo>(status).retry_delay().nanos(), 200'000'000);
  EXPECT_EQ(context->GetServerTrailingMetadata().find("grpc-retry-pushback-ms")->second, "200");
}

TEST(Door, PlacesAreGivenBack) {
  TestServer server({.connections = {}, .calls_max = 1});
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(GetInfo(server, server.admin_key()).ok()) << i;
    ASSERT_EQ(ReasonOf(GetInfo(server, "")), "KEY_MISSING") << i;
  }
}

void ExpectTooLarge(const grpc::Status& status) {
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ReasonOf(status), "MESSAGE_TOO_LARGE");
  EXPECT_THAT(status.error_message(), HasSubstr(std::to_string(limits::kRequestBytesMax)));
  EXPECT_THAT(DetailOf<google::rpc::LocalizedMessage>(status).message(), HasSubstr("trop grand"));
}

TEST(Door, AMessageThatIsTooLargeIsRefusedWhateverTheKindOfCall) {
  TestServer server;
  const auto channel = server.NewChannel();
  const std::string much(limits::kRequestBytesMax, 'x');
  const auto context = [&] { return NewContext(server.admin_key(), "fr"); };

  v1::CreateTaskRequest create;
  create.mutable_task()->set_title(much);
  v1::Task task;
  ExpectTooLarge(v1::TaskService::NewStub(channel)->CreateTask(context().get(), create, &task));

  v1::ListAccountsRequest list;
  list.set_filter(much);
  v1::ListAccountsResponse accounts;
  const auto stub = v1::AccountService::NewStub(channel);
  ExpectTooLarge(stub->ListAccounts(context().get(), list, &accounts));

  v1::ExportAccountsRequest all;
  all.set_filter(much);
  const auto export_context = context();
  ExpectTooLarge(stub->ExportAccounts(export_context.get(), all)->Finish());

  v1::ImportRequest chunk;
  chunk.mutable_chunk()->add_accounts()->set_display_name(much);
  const auto import_context = context();
  const auto import = v1::ImportService::NewStub(channel)->Import(import_context.get());
  import->Write(chunk);
  ExpectTooLarge(import->Finish());
}

TEST(Door, AMessageOfTheLargestSizeIsLookedAt) {
  TestServer server;
  v1::CreateTaskRequest request;
  request.mutable_task()->set_title(std::string(limits::kRequestBytesMax - 100, 'x'));
  v1::Task task;
  const auto stub = v1::TaskService::NewStub(server.NewChannel());
  EXPECT_EQ(ReasonOf(stub->CreateTask(NewContext(server.admin_key()).get(), request, &task)), "FIELD_TOO_LONG");
}

TEST(Door, AMessageBeyondWhatIsTakenOffTheWireIsRefusedByGrpcItself) {
  TestServer server;
  v1::CreateTaskRequest request;
  request.mutable_task()->set_title(std::string(limits::kReceivedBytesMax, 'x'));
  v1::Task task;
  const auto stub = v1::TaskService::NewStub(server.NewChannel());
  const grpc::Status status = stub->CreateTask(NewContext(server.admin_key()).get(), request, &task);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ReasonOf(status), "");
}

TEST(Door, AnotherWorkspaceIsLikeOneThatDoesNotExist) {
  TestServer server;
  const auto stub = v1::WorkspaceService::NewStub(server.NewChannel());
  v1::CreateWorkspaceRequest create;
  create.set_workspace_id("other");
  create.mutable_workspace()->set_display_name("Other");
  create.mutable_workspace()->set_currency_code("USD");
  v1::Workspace workspace;
  ASSERT_TRUE(v1::AdminService::NewStub(server.NewChannel())
                  ->CreateWorkspace(NewContext(server.admin_key()).get(), create, &workspace)
                  .ok());
  const std::string key = server.NewKey(v1::ROLE_READER, "other");
  v1::GetWorkspaceRequest get;
  get.set_name("workspaces/dev");
  const grpc::Status foreign = stub->GetWorkspace(NewContext(key).get(), get, &workspace);
  get.set_name("workspaces/xyz");
  const grpc::Status missing = stub->GetWorkspace(NewContext(key).get(), get, &workspace);
  EXPECT_EQ(foreign.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(missing.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(ReasonOf(foreign), ReasonOf(missing));
  get.clear_name();
  ASSERT_TRUE(stub->GetWorkspace(NewContext(key).get(), get, &workspace).ok());
  EXPECT_EQ(workspace.name(), "workspaces/other");
}

}  // namespace
}  // namespace folio::rpc
