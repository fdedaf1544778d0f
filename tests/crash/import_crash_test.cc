// An import whose server is killed again and again ends as if nothing had happened, and loses nothing acknowledged.
#include <iostream>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "folio/v1/account.grpc.pb.h"
#include "folio/v1/import.grpc.pb.h"
#include "gtest/gtest.h"
#include "tests/crash/chaos.h"
#include "tests/crash/server_process.h"

namespace folio::crash {
namespace {

constexpr int kRows = 2'000;
constexpr int kChunkRows = 20;
constexpr int kWindow = 4;
constexpr std::chrono::milliseconds kLongestLife{150};

std::string IdOf(int row) { return "row-" + std::to_string(10'000 + row); }

std::string DisplayNameOf(int round, int row) {
  return "Company " + std::to_string(row) + " of round " + std::to_string(round);
}

v1::ImportRequest HeaderOf(int round) {
  v1::ImportRequest request;
  request.mutable_header()->set_import_id("round-" + std::to_string(round));
  request.mutable_header()->set_collection("accounts");
  return request;
}

v1::ImportRequest ChunkOf(int round, int first_row) {
  v1::ImportRequest request;
  v1::ImportChunk& chunk = *request.mutable_chunk();
  chunk.set_first_row(first_row);
  for (int row = first_row; row < first_row + kChunkRows; ++row) {
    v1::Account& account = *chunk.add_accounts();
    account.set_name("accounts/" + IdOf(row));
    account.set_display_name(DisplayNameOf(round, row));
    account.set_sector(row % 2 == 0 ? "even" : "odd");
    account.set_employee_count(round * kRows + row);
  }
  chunk.set_row_count(kChunkRows);
  return request;
}

// What the client knows to be done: rounds before `round`, and its rows up to `acknowledged`.
struct Ledger {
  int round = 0;
  int acknowledged = 0;
};

using ImportStream = grpc::ClientReaderWriterInterface<v1::ImportRequest, v1::ImportResponse>;

// Sends rows until all of the round are acknowledged, or the stream breaks.
void SendRows(ImportStream& stream, Ledger* ledger) {
  v1::ImportResponse answer;
  if (!stream.Write(HeaderOf(ledger->round)) || !stream.Read(&answer)) return;
  EXPECT_GE(answer.durable_through_row(), ledger->acknowledged) << "forgot acknowledged rows";
  ledger->acknowledged = static_cast<int>(answer.durable_through_row());

  int sent = ledger->acknowledged;
  while (ledger->acknowledged < kRows) {
    while (sent < kRows && sent - ledger->acknowledged < kWindow * kChunkRows) {
      if (!stream.Write(ChunkOf(ledger->round, sent + 1))) return;
      sent += kChunkRows;
    }
    if (!stream.Read(&answer)) return;
    EXPECT_EQ(answer.rejected_rows_size(), 0) << answer.ShortDebugString();
    ledger->acknowledged = static_cast<int>(answer.durable_through_row());
  }
  stream.WritesDone();
  EXPECT_FALSE(stream.Read(&answer)) << "answered more chunks than were sent";
}

// Sends what is left of a round. Returns whether the server lived to see its end; it must not end the import otherwise.
bool SendRound(const Client& client, Ledger* ledger) {
  v1::ImportService::Stub stub(client.channel());
  const auto context = client.NewStreamContext();
  const auto stream = stub.Import(context.get());
  SendRows(*stream, ledger);
  const grpc::Status status = stream->Finish();
  EXPECT_TRUE(status.ok() || status.error_code() == grpc::StatusCode::UNAVAILABLE) << status.error_message();
  EXPECT_TRUE(!status.ok() || ledger->acknowledged == kRows) << "ended after " << ledger->acknowledged << " rows";
  return status.ok();
}

// Every account of the server, by id, without what differs from one run to another.
std::map<std::string, v1::Account> StateOf(const Client& client) {
  v1::AccountService::Stub stub(client.channel());
  const auto context = client.NewStreamContext();
  const auto stream = stub.ExportAccounts(context.get(), v1::ExportAccountsRequest());
  std::map<std::string, v1::Account> state;
  for (v1::ExportAccountsResponse answer; stream->Read(&answer);) {
    for (v1::Account& account : *answer.mutable_accounts()) {
      account.clear_etag();
      account.clear_create_time();
      account.clear_update_time();
      EXPECT_TRUE(state.emplace(account.name(), account).second) << "exported twice: " << account.name();
    }
  }
  const grpc::Status status = stream->Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();
  return state;
}

// The round that a row's account was last written in; -1 where there is none.
int RoundOf(const std::map<std::string, v1::Account>& state, int row) {
  const auto found = state.find("accounts/" + IdOf(row));
  return found == state.end() ? -1 : (found->second.employee_count() - row) / kRows;
}

// Acknowledged rows are there, chunks are there as a whole, and every row is of this round or the one before.
void CheckAgainstLedger(const std::map<std::string, v1::Account>& state, const Ledger& ledger) {
  for (int row = 1; row <= kRows; ++row) {
    const int round = RoundOf(state, row);
    if (row <= ledger.acknowledged) {
      ASSERT_EQ(round, ledger.round) << "lost acknowledged row " << row << " of " << ledger.acknowledged;
    } else {
      ASSERT_TRUE(round == ledger.round || round == ledger.round - 1) << "row " << row << " is of round " << round;
    }
    if (round >= 0) {
      ASSERT_EQ(state.at("accounts/" + IdOf(row)).display_name(), DisplayNameOf(round, row));
    }
    const int first_of_chunk = (row - 1) / kChunkRows * kChunkRows + 1;
    ASSERT_EQ(round, RoundOf(state, first_of_chunk)) << "half a chunk was written, at row " << row;
  }
}

TEST(ImportCrash, EndsAsIfNothingHadHappened) {
  std::mt19937_64 generator = SeededGenerator();
  const int kills = KillCount();
  ServerProcess server;
  Ledger ledger;
  for (int i = 0; i < kills; ++i) {
    SCOPED_TRACE("kill " + std::to_string(i + 1) + " of " + std::to_string(kills));
    server.Start();
    CheckAgainstLedger(StateOf(server.Connect()), ledger);
    ASSERT_FALSE(HasFailure());
    std::thread killer([&server, delay = RandomDelay(generator, kLongestLife)] {
      std::this_thread::sleep_for(delay);
      server.Kill();
    });
    const Client client = server.Connect();
    while (SendRound(client, &ledger)) ledger = {ledger.round + 1, 0};
    killer.join();
    server.Reap();
  }

  std::cout << kills << " kills in " << ledger.round << " rounds and " << ledger.acknowledged << " rows\n";

  server.Start();
  ASSERT_TRUE(SendRound(server.Connect(), &ledger));
  ServerProcess undisturbed;
  undisturbed.Start();
  Ledger other = {ledger.round, 0};
  ASSERT_TRUE(SendRound(undisturbed.Connect(), &other));

  const std::map<std::string, v1::Account> state = StateOf(server.Connect());
  const std::map<std::string, v1::Account> expected = StateOf(undisturbed.Connect());
  ASSERT_EQ(state.size(), static_cast<size_t>(kRows));
  ASSERT_EQ(expected.size(), state.size());
  for (const auto& [name, account] : expected) {
    EXPECT_EQ(state.at(name).DebugString(), account.DebugString());
  }
}

}  // namespace
}  // namespace folio::crash
