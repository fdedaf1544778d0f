// A workspace over a store that outlives it, so that tests can close it, open it again, and make its writes fail.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "folio/v1/account.pb.h"
#include "folio/v1/import.pb.h"
#include "folio/v1/subscription.pb.h"
#include "google/protobuf/text_format.h"
#include "server/engine/collection.h"
#include "server/engine/resources.h"
#include "server/portfolio/importer.h"
#include "server/portfolio/workspace.h"
#include "storage/memory/memory.h"

namespace folio::portfolio {

// Hands everything to a store that it does not own, and fails commits on demand.
class BorrowedStorage : public storage::Storage {
 public:
  BorrowedStorage(storage::Storage& real, std::atomic<bool>& fails) : real_(real), fails_(fails) {}

  const std::string& store_id() const override { return real_.store_id(); }
  storage::Revision head() const override { return real_.head(); }
  storage::Revision first_log_revision() const override { return real_.first_log_revision(); }
  storage::Key last_key(storage::Kind kind) const override { return real_.last_key(kind); }
  absl::Status Commit(const storage::Group& group) override {
    if (fails_) return absl::UnavailableError("the disk is full");
    return real_.Commit(group);
  }
  absl::StatusOr<std::optional<storage::Record>> FindRecord(storage::Kind kind, std::string_view id) const override {
    return real_.FindRecord(kind, id);
  }
  std::vector<storage::Key> FindCandidates(storage::Kind kind, std::string_view id) const override {
    return real_.FindCandidates(kind, id);
  }
  absl::StatusOr<std::optional<storage::Record>> Get(storage::Kind kind, storage::Key key) const override {
    return real_.Get(kind, key);
  }
  using Storage::Scan;
  absl::Status Scan(storage::Kind kind, storage::Key first, const RecordVisitor& visit) const override {
    return real_.Scan(kind, first, visit);
  }
  absl::Status ReadLog(storage::Revision after, const EntryVisitor& visit) const override {
    return real_.ReadLog(after, visit);
  }
  absl::StatusOr<std::optional<storage::Reply>> FindReply(std::string_view id) const override {
    return real_.FindReply(id);
  }
  absl::StatusOr<std::optional<std::string>> GetCursor(std::string_view name) const override {
    return real_.GetCursor(name);
  }
  absl::Status Compact(storage::Revision first) override { return real_.Compact(first); }
  absl::Status RewriteLog(const EntryRewriter& rewrite) override { return real_.RewriteLog(rewrite); }
  absl::Status ForgetRepliesBefore(int64_t time_s) override { return real_.ForgetRepliesBefore(time_s); }
  absl::Status Maintain() override { return real_.Maintain(); }
  absl::StatusOr<storage::CheckReport> Check(const Progress& progress) const override { return real_.Check(progress); }

 private:
  storage::Storage& real_;
  std::atomic<bool>& fails_;
};

class WorkspaceTest : public testing::Test {
 protected:
  static constexpr char kActor[] = "apiKeys/test";

  WorkspaceTest() { Open(); }

  // Closes the workspace and opens it again over the same store.
  void Open() {
    workspace_.reset();
    v1::Workspace settings;
    settings.set_currency_code("EUR");
    settings.set_log_retention_days(log_retention_days_);
    auto opened = Workspace::Open(
        {.storage = std::make_unique<BorrowedStorage>(store_, commits_fail_), .clock = &clock_, .settings = settings});
    ASSERT_TRUE(opened.ok()) << opened.status();
    workspace_ = std::move(*opened);
    Settle();
  }

  // Waits until everything submitted so far is done, ticks among it.
  void Settle() {
    const engine::Outcome outcome =
        workspace_->committer().Run({.apply = [](engine::Transaction&) { return absl::OkStatus(); }});
    ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  }

  template <class Message>
  static Message Parse(const std::string& text) {
    Message message;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
    return message;
  }

  using Write = void (engine::Collection::*)(std::string, const google::protobuf::Message&, google::protobuf::Message*,
                                             engine::Collection::Done);

  // One write, waited for.
  engine::Outcome Run(storage::Kind kind, Write write, const google::protobuf::Message& request,
                      google::protobuf::Message* response) {
    std::promise<engine::Outcome> promise;
    (workspace_->collection(kind).*write)(kActor, request, response,
                                          [&](const engine::Outcome& outcome) { promise.set_value(outcome); });
    return promise.get_future().get();
  }

  // The same of a write that has a function of its own.
  template <class Request, class Response>
  absl::Status Do(void (*write)(Workspace&, std::string, const Request&, Response*, engine::Collection::Done),
                  const Request& request, Response* response) {
    std::promise<absl::Status> promise;
    write(*workspace_, kActor, request, response,
          [&](const engine::Outcome& outcome) { promise.set_value(outcome.status); });
    return promise.get_future().get();
  }

  // Creates an account from the text of a CreateAccountRequest.
  absl::StatusOr<v1::Account> CreateAccount(const std::string& text) {
    v1::Account account;
    const auto request = Parse<v1::CreateAccountRequest>(text);
    const auto outcome = Run(engine::kAccount, &engine::Collection::Create, request, &account);
    if (!outcome.status.ok()) return outcome.status;
    return account;
  }

  absl::StatusOr<v1::Account> UpdateAccount(const std::string& text) {
    v1::Account account;
    const auto request = Parse<v1::UpdateAccountRequest>(text);
    const auto outcome = Run(engine::kAccount, &engine::Collection::Update, request, &account);
    if (!outcome.status.ok()) return outcome.status;
    return account;
  }

  absl::StatusOr<v1::Account> GetAccount(const std::string& name) {
    v1::GetAccountRequest request;
    request.set_name(name);
    v1::Account account;
    const auto status = workspace_->collection(engine::kAccount).Get(request, &account);
    if (!status.ok()) return status;
    return account;
  }

  // Imports chunks through one session, and waits for each.
  std::vector<ChunkResult> Import(const v1::ImportHeader& header, const std::vector<v1::ImportChunk>& chunks) {
    auto session = ImportSession::Begin(header, kActor, error::Locale::kEnglish, workspace_->storage(),
                                        workspace_->committer(), workspace_->rules());
    EXPECT_TRUE(session.ok()) << session.status();
    std::vector<ChunkResult> results(chunks.size());
    std::vector<std::promise<void>> done(chunks.size());
    for (size_t i = 0; i < chunks.size(); ++i) {
      (*session)->Write(std::make_shared<v1::ImportChunk>(chunks[i]), [&, i](const ChunkResult& result) {
        results[i] = result;
        done[i].set_value();
      });
    }
    for (auto& each : done) each.get_future().wait();
    return results;
  }

  storage::MemoryStorage store_;
  std::atomic<bool> commits_fail_ = false;
  int log_retention_days_ = 0;
  ManualClock clock_{ParseInstant("2024-06-15T10:00:00Z").value()};
  std::unique_ptr<Workspace> workspace_;
};

}  // namespace folio::portfolio
