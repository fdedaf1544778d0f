#include "folio/import.h"

#include "folio/v1/account.pb.h"
#include "folio/v1/contact.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/sdk/fake/fake_server.h"

namespace folio {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using testing::FakeServer;
using ::testing::Le;

v1::ImportHeader Header(const std::string& id = "test-import") {
  v1::ImportHeader header;
  header.set_import_id(id);
  header.set_collection("accounts");
  return header;
}

v1::Account Row(int64_t position, size_t notes = 0) {
  v1::Account account;
  account.set_name("accounts/" + std::to_string(position));
  account.set_notes(std::string(notes, 'x'));
  return account;
}

std::unique_ptr<Importer> Open(const FakeServer& server, v1::ImportHeader header, ImportOptions options = {}) {
  auto importer = Importer::Open(server.client(), std::move(header), std::move(options));
  EXPECT_TRUE(importer.ok()) << importer.status();
  return *std::move(importer);
}

TEST(ImportTest, WritesEveryRowOnce) {
  FakeServer server;
  auto importer = Open(server, Header());
  for (int64_t row = 1; row <= 1234; ++row) ASSERT_TRUE(importer->Add(row, Row(row)).ok());
  ASSERT_TRUE(importer->Finish().ok());
  EXPECT_EQ(server.imported["accounts"].size(), 1234u);
  EXPECT_EQ(importer->counts().created(), 1234);
  EXPECT_EQ(importer->durable_through_row(), 1234);
}

TEST(ImportTest, KeepsChunksWithinTheirLimits) {
  FakeServer server;
  auto importer = Open(server, Header());
  for (int64_t row = 1; row <= 1200; ++row) ASSERT_TRUE(importer->Add(row, Row(row, row > 1000 ? 4000 : 0)).ok());
  ASSERT_TRUE(importer->Finish().ok());
  std::vector<int> sizes;
  std::vector<int64_t> bytes;
  for (const v1::ImportChunk& chunk : server.chunks) {
    sizes.push_back(chunk.accounts_size());
    bytes.push_back(static_cast<int64_t>(chunk.ByteSizeLong()));
  }
  EXPECT_THAT(sizes, Each(Le(kImportChunkRows)));
  EXPECT_THAT(bytes, Each(Le(kImportChunkBytes + 16'384)));  // the rows' frames come on top
  EXPECT_GT(sizes.size(), 4u);
}

TEST(ImportTest, CoversRowsThatTheCallerLeavesOut) {
  FakeServer server;
  auto importer = Open(server, Header());
  ASSERT_TRUE(importer->Add(1, Row(1)).ok());
  ASSERT_TRUE(importer->Skip(2).ok());
  ASSERT_TRUE(importer->Add(3, Row(3)).ok());
  ASSERT_TRUE(importer->Skip(4).ok());
  ASSERT_TRUE(importer->Finish().ok());
  ASSERT_EQ(server.chunks.size(), 1u);
  EXPECT_EQ(server.chunks[0].row_count(), 4);
  EXPECT_THAT(server.chunks[0].row_numbers(), ElementsAre(1, 3));
  EXPECT_EQ(importer->durable_through_row(), 4);
}

TEST(ImportTest, TellsRejectedRows) {
  FakeServer server;
  std::vector<int64_t> rejected;
  ImportOptions options;
  options.on_answer = [&](const v1::ImportResponse& answer) {
    for (const v1::RejectedRow& row : answer.rejected_rows()) rejected.push_back(row.row());
  };
  auto importer = Open(server, Header(), options);
  v1::Account bad = Row(2);
  bad.set_display_name("refuse me");
  ASSERT_TRUE(importer->Add(1, Row(1)).ok());
  ASSERT_TRUE(importer->Add(2, bad).ok());
  ASSERT_TRUE(importer->Finish().ok());
  EXPECT_THAT(rejected, ElementsAre(2));
  EXPECT_EQ(importer->counts().rejected(), 1);
}

TEST(ImportTest, RejectsARowThatNoServerWouldTake) {
  FakeServer server;
  std::vector<std::string> reasons;
  ImportOptions options;
  options.on_answer = [&](const v1::ImportResponse& answer) {
    for (const v1::RejectedRow& row : answer.rejected_rows()) reasons.push_back(row.reason());
  };
  auto importer = Open(server, Header(), options);
  ASSERT_TRUE(importer->Add(1, Row(1, kImportRowBytes)).ok());
  ASSERT_TRUE(importer->Add(2, Row(2)).ok());
  ASSERT_TRUE(importer->Finish().ok());
  EXPECT_THAT(reasons, ElementsAre("ROW_TOO_LARGE"));
  EXPECT_EQ(importer->counts().rejected(), 1);
  EXPECT_EQ(server.imported["accounts"].size(), 1u);
}

TEST(ImportTest, RefusesRowsOfAnotherType) {
  FakeServer server;
  auto importer = Open(server, Header());
  EXPECT_EQ(importer->Add(1, v1::Contact()).code(), absl::StatusCode::kInvalidArgument);
  v1::ImportHeader unknown;
  unknown.set_collection("first_row");
  EXPECT_EQ(Importer::Open(server.client(), unknown, {}).status().code(), absl::StatusCode::kInvalidArgument);
}

// Each chunk in turn is written but not answered, as when a server dies: nothing is lost and nothing is sent twice.
class CutImportTest : public ::testing::TestWithParam<int> {};

TEST_P(CutImportTest, GoesOnOverANewConnection) {
  FakeServer server;
  server.cut_import_after = GetParam();
  auto importer = Open(server, Header());
  for (int64_t row = 1; row <= 3000; ++row) ASSERT_TRUE(importer->Add(row, Row(row)).ok());
  ASSERT_TRUE(importer->Finish().ok());
  EXPECT_EQ(server.headers.size(), 2u);
  EXPECT_EQ(server.imported["accounts"].size(), 3000u);
  EXPECT_EQ(importer->counts().created(), 3000);
  EXPECT_EQ(importer->counts().unchanged(), 0);
}

INSTANTIATE_TEST_SUITE_P(EveryChunk, CutImportTest, ::testing::Range(0, 6));

TEST(ImportTest, CannotGoOnWithoutAnId) {
  FakeServer server;
  server.cut_import_after = 0;
  auto importer = Open(server, Header(""));
  ASSERT_TRUE(importer->Add(1, Row(1)).ok());
  EXPECT_EQ(importer->Finish().code(), absl::StatusCode::kUnavailable);
}

TEST(ImportTest, ASecondImporterGoesOnWhereTheFirstEnded) {
  FakeServer server;
  {
    auto first = Open(server, Header());
    for (int64_t row = 1; row <= 700; ++row) ASSERT_TRUE(first->Add(row, Row(row)).ok());
    ASSERT_TRUE(first->Finish().ok());
  }
  const size_t chunks = server.chunks.size();
  auto second = Open(server, Header());
  EXPECT_EQ(second->durable_through_row(), 700);
  for (int64_t row = 1; row <= 710; ++row) ASSERT_TRUE(second->Add(row, Row(row)).ok());
  ASSERT_TRUE(second->Finish().ok());
  ASSERT_EQ(server.chunks.size(), chunks + 1);
  EXPECT_EQ(server.chunks.back().first_row(), 701);
  EXPECT_EQ(second->counts().created(), 710);
}

TEST(ImportTest, RestartsOnlyItsFirstConnection) {
  FakeServer server;
  server.cut_import_after = 1;
  v1::ImportHeader header = Header();
  header.set_restart(true);
  auto importer = Open(server, header);
  for (int64_t row = 1; row <= 1500; ++row) ASSERT_TRUE(importer->Add(row, Row(row)).ok());
  ASSERT_TRUE(importer->Finish().ok());
  ASSERT_EQ(server.headers.size(), 2u);
  EXPECT_TRUE(server.headers[0].restart());
  EXPECT_FALSE(server.headers[1].restart());
}

TEST(ImportTest, StopsWhenAsked) {
  FakeServer server;
  std::stop_source stop;
  ImportOptions options;
  options.stop = stop.get_token();
  auto importer = Open(server, Header(), options);
  ASSERT_TRUE(importer->Add(1, Row(1)).ok());
  stop.request_stop();
  EXPECT_EQ(importer->Finish().code(), absl::StatusCode::kCancelled);
}

TEST(ImportTest, WaitsForTheEndOfTheConnectionBefore) {
  FakeServer server;
  server.intercept = [&](const std::string& method) -> std::optional<grpc::Status> {
    if (server.calls[method] > 2) return std::nullopt;
    return testing::ErrorWith(grpc::StatusCode::ABORTED, "busy", "IMPORT_ID_BUSY");
  };
  EXPECT_TRUE(Importer::Open(server.client(), Header(), {}).ok());
  EXPECT_EQ(server.calls["Import"], 3);
}

TEST(ImportTest, TellsAtOnceThatNoServerIsThere) {
  ClientOptions options;
  options.server = "127.0.0.1:1";
  EXPECT_EQ(Importer::Open(*Client::Connect(options), Header(), {}).status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace folio
