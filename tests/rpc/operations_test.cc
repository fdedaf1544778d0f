// Operations, and a workspace's settings.
#include "folio/v1/admin.grpc.pb.h"
#include "folio/v1/operation.grpc.pb.h"
#include "folio/v1/workspace.grpc.pb.h"
#include "gtest/gtest.h"
#include "server/base/date.h"
#include "tests/rpc/harness.h"

namespace folio::rpc {
namespace {

TEST(Workspaces, NewSettingsHoldWithoutARestart) {
  TestServer server;
  const auto stub = v1::WorkspaceService::NewStub(server.NewChannel());
  v1::UpdateWorkspaceRequest request;
  request.mutable_workspace()->set_time_zone("Pacific/Kiritimati");  // 14 hours ahead: it is 2025 there
  request.mutable_workspace()->set_currency_code("USD");
  v1::Workspace workspace;
  const grpc::Status updated = stub->UpdateWorkspace(NewContext(server.admin_key()).get(), request, &workspace);
  ASSERT_TRUE(updated.ok()) << updated.error_message();
  v1::ServerInfo info;
  grpc::Status status;
  EXPECT_TRUE(Eventually([&] {  // it is opened anew just now
    status = GetInfo(server.NewChannel(), server.admin_key(), &info);
    return status.error_code() != grpc::StatusCode::UNAVAILABLE;
  }));
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(FormatDay(*FromProto(info.as_of())), "2025-01-01");
}

TEST(Operations, AreDoneAndKeptOverRestarts) {
  TestServer server;
  auto channel = server.NewChannel();
  v1::Operation operation;
  ASSERT_TRUE(
      v1::AdminService::NewStub(channel)->VerifyStorage(NewContext(server.admin_key()).get(), {}, &operation).ok());
  EXPECT_EQ(operation.method(), "VerifyStorage");
  v1::GetOperationRequest get;
  get.set_name(operation.name());
  EXPECT_TRUE(Eventually([&] {
    EXPECT_TRUE(v1::OperationService::NewStub(channel)
                    ->GetOperation(NewContext(server.admin_key()).get(), get, &operation)
                    .ok());
    return operation.state() != v1::OPERATION_STATE_RUNNING;
  }));
  EXPECT_EQ(operation.state(), v1::OPERATION_STATE_SUCCEEDED) << operation.error().message();
  EXPECT_GT(operation.verify_storage().row_count(), 0);
  EXPECT_EQ(operation.verify_storage().corrupt_count(), 0);

  v1::CancelOperationRequest cancel;
  cancel.set_name(operation.name());
  v1::Operation ended;
  EXPECT_EQ(ReasonOf(v1::OperationService::NewStub(channel)->CancelOperation(NewContext(server.admin_key()).get(),
                                                                             cancel, &ended)),
            "OPERATION_FINISHED");
  server.Restart();
  channel = server.NewChannel();
  v1::ListOperationsResponse list;
  ASSERT_TRUE(
      v1::OperationService::NewStub(channel)->ListOperations(NewContext(server.admin_key()).get(), {}, &list).ok());
  ASSERT_EQ(list.operations_size(), 1);
  EXPECT_EQ(list.operations(0).state(), v1::OPERATION_STATE_SUCCEEDED);
  EXPECT_EQ(list.operations(0).name(), operation.name());
}

TEST(Operations, AreListedLatestFirstByPages) {
  TestServer server;
  const auto channel = server.NewChannel();
  const auto admin = v1::AdminService::NewStub(channel);
  std::vector<std::string> names;
  for (int i = 0; i < 5; ++i) {
    v1::Operation operation;
    ASSERT_TRUE(admin->VerifyStorage(NewContext(server.admin_key()).get(), {}, &operation).ok());
    names.insert(names.begin(), operation.name());
  }
  std::vector<std::string> listed;
  v1::ListOperationsRequest request;
  request.set_page_size(2);
  v1::ListOperationsResponse page;
  do {
    ASSERT_TRUE(v1::OperationService::NewStub(channel)
                    ->ListOperations(NewContext(server.admin_key()).get(), request, &page)
                    .ok());
    for (const auto& operation : page.operations()) listed.push_back(operation.name());
    request.set_page_token(page.next_page_token());
  } while (!page.next_page_token().empty());
  EXPECT_EQ(listed, names);
}

TEST(Operations, CompactingTheLogNeedsARevisionThatExists) {
  TestServer server;
  const auto admin = v1::AdminService::NewStub(server.NewChannel());
  v1::CompactLogRequest request;
  request.set_first_revision(1'000'000);
  v1::Operation operation;
  EXPECT_EQ(ReasonOf(admin->CompactLog(NewContext(server.admin_key()).get(), request, &operation)),
            "FIELD_OUT_OF_RANGE");
}

}  // namespace
}  // namespace folio::rpc
