// Importing files, from the command line to the server and back.
#include <algorithm>

#include "client/cli/value/json.h"
#include "folio/v1/account.pb.h"
#include "folio/v1/fact.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/cli/program.h"

namespace folio::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class ImportCommandTest : public ProgramTest {
 protected:
  std::map<std::string, std::string>& Accounts() { return server_.imported["accounts"]; }
  v1::Account Account(const std::string& id) {
    v1::Account account;
    EXPECT_TRUE(account.ParseFromString(Accounts()["accounts/" + id]));
    return account;
  }
};

TEST_F(ImportCommandTest, ImportsAFileAsFrenchExcelWritesIt) {
  const std::string file = files_.Write("comptes.csv",
                                        "Identifiant;Raison sociale;Chiffre d'affaires;Renouvellement;Secteur\r\n"
                                        "a1;Soci\xe9t\xe9 G\xe9n\xe9rale;12 000,50;13/04/2025;Banque\r\n"
                                        "a2;\"Caf\xe9; Fr\xe8res\";1.234;03/05/2025;Restauration\r\n");
  EXPECT_EQ(Run({"accounts", "import", file}), 0) << err_;
  EXPECT_THAT(err_, AllOf(HasSubstr("2 rows, CSV divided by ';', windows-1252, decimal comma, day first")));
  EXPECT_EQ(out_, "created 2, updated 0, unchanged 0, rejected 0\n");
  EXPECT_EQ(Account("a1").display_name(), "Société Générale");
  EXPECT_EQ(Account("a1").annual_recurring_revenue().units(), 12000);
  EXPECT_EQ(Account("a1").annual_recurring_revenue().currency_code(), "EUR");
  EXPECT_EQ(Account("a2").annual_recurring_revenue().units(), 1234);
  EXPECT_EQ(Account("a2").display_name(), "Café; Frères");
  EXPECT_EQ(Account("a2").renewal_date().month(), 5);
  EXPECT_FALSE(files_.Has("comptes.rejected.csv"));
}

TEST_F(ImportCommandTest, FindsAccountsByWhatTheyHave) {
  for (const char* id : {"a1", "a2", "a3"})
    server_.accounts[std::string("accounts/") + id].set_name("accounts/" + std::string(id));
  server_.accounts["accounts/a1"].set_domain("acme.example");
  server_.accounts["accounts/a2"].set_domain("twice.example");
  server_.accounts["accounts/a3"].set_domain("twice.example");
  v1::ExternalId* external = server_.accounts["accounts/a3"].add_external_ids();
  external->set_system("crm");
  external->set_id("X3");

  const std::string domains = files_.Write(
      "d.csv",
      "id,display_name,domain\n,Acme,ACME.example\n,New,new.example\n,Two,twice.example\na9,Own,acme.example\n");
  EXPECT_EQ(Run({"accounts", "import", domains, "--match-on", "domain"}), 3) << err_;
  ASSERT_EQ(server_.chunks.size(), 1u);
  ASSERT_EQ(server_.chunks[0].accounts_size(), 3);
  EXPECT_EQ(server_.chunks[0].accounts(0).name(), "accounts/a1");
  EXPECT_EQ(server_.chunks[0].accounts(1).name(), "");
  EXPECT_EQ(server_.chunks[0].accounts(2).name(), "accounts/a9");
  EXPECT_THAT(files_.Read("d.rejected.csv"), HasSubstr("MATCH_AMBIGUOUS"));

  const std::string ids = files_.Write("i.csv", "external_ids.crm,display_name\nX3,Three\nX4,Four\n");
  EXPECT_EQ(Run({"accounts", "import", ids, "--match-on", "external_ids.crm"}), 0) << err_;
  EXPECT_EQ(server_.chunks[1].accounts(0).name(), "accounts/a3");
  EXPECT_EQ(server_.chunks[1].accounts(1).name(), "");
  EXPECT_EQ(Run({"accounts", "import", ids, "--match-on", "city"}), 2);
}

TEST_F(ImportCommandTest, TakesBackWhatItWritesForFrenchExcel) {
  v1::Account& account = server_.accounts["accounts/a1"];
  account.set_name("accounts/a1");
  account.set_display_name("Caf\u00e9; Fr\u00e8res");
  account.mutable_annual_recurring_revenue()->set_currency_code("EUR");
  account.mutable_annual_recurring_revenue()->set_units(1200);
  account.mutable_annual_recurring_revenue()->set_nanos(500'000'000);
  ASSERT_EQ(Run({"accounts", "export", "--csv-profile", "excel-fr"}), 0) << err_;
  EXPECT_THAT(out_, ::testing::StartsWith("\xEF\xBB\xBFid;"));
  EXPECT_THAT(out_, AllOf(HasSubstr("\"Caf\u00e9; Fr\u00e8res\""), HasSubstr("1200,50")));
  const std::string file = files_.Write("excel.csv", out_);
  EXPECT_EQ(Run({"accounts", "import", file, "--csv-profile", "excel-fr"}), 0) << err_;
  ASSERT_EQ(server_.chunks.size(), 1u);
  EXPECT_EQ(server_.chunks[0].accounts(0).ShortDebugString(), account.ShortDebugString());
}

TEST_F(ImportCommandTest, TakesTheApostropheOffFormulas) {
  const std::string rows = "id,display_name,notes\na1,'=1+1,''@x\na2,\"'\tx\",'x\n";
  for (const char* profile : {"excel", "standard"}) {
    const std::string file = files_.Write(std::string(profile) + ".csv", rows);
    ASSERT_EQ(Run({"accounts", "import", file, "--csv-profile", profile}), 0) << err_;
  }
  ASSERT_EQ(server_.chunks.size(), 2u);
  EXPECT_EQ(server_.chunks[0].accounts(0).display_name(), "=1+1");
  EXPECT_EQ(server_.chunks[0].accounts(0).notes(), "'@x");
  EXPECT_EQ(server_.chunks[0].accounts(1).display_name(), "\tx");
  EXPECT_EQ(server_.chunks[0].accounts(1).notes(), "'x");
  EXPECT_EQ(server_.chunks[1].accounts(0).display_name(), "'=1+1");
}

TEST_F(ImportCommandTest, ASecondTimeChangesNothingAndSaysSo) {
  const std::string file = files_.Write("a.csv", "id,display_name\na1,Acme\na2,Bolt\n");
  EXPECT_EQ(Run({"accounts", "import", file}), 0);
  EXPECT_EQ(Run({"accounts", "import", file}), 0);
  EXPECT_EQ(out_, "created 0, updated 0, unchanged 2, rejected 0: nothing changed\n");
  EXPECT_EQ(Run({"--lang", "fr", "accounts", "import", file}), 0);
  EXPECT_EQ(out_, "créées 0, modifiées 0, inchangées 2, rejetées 0 : rien n'a changé\n");
}

TEST_F(ImportCommandTest, RejectedRowsCanBeMendedAndImportedAsTheyAre) {
  const std::string file = files_.Write("a.csv",
                                        "id,display_name,size,seat_count,notes\n"
                                        "a1,Acme,small,3,\"two\nlines\"\n"
                                        "a2,refuse me,small,3,\n"
                                        "a3,Bolt,huge,many,\"said \"\"no\"\"\"\n"
                                        "a4,Coil,large\n"
                                        "a5,Dyn,large,5,\n");
  EXPECT_EQ(Run({"accounts", "import", file}), 3) << err_;
  EXPECT_EQ(out_, "created 2, updated 0, unchanged 0, rejected 3\n");
  EXPECT_THAT(err_, HasSubstr("a.rejected.csv"));
  EXPECT_EQ(files_.Read("a.rejected.csv"),
            "id,display_name,size,seat_count,notes,_line,_field,_reason,_message\n"
            "a2,refuse me,small,3,,4,display_name,NAME_REFUSED,The name is refused.\n"
            "a3,Bolt,huge,many,\"said \"\"no\"\"\",5,size | seat_count,ENUM_UNKNOWN | NUMBER_MALFORMED,"
            "\"'huge' is not one of: micro, small, medium, large, enterprise. | 'many' is not a number.\"\n"
            "a4,Coil,large,,,6,,CSV_COLUMNS,\"Line 6 has 3 cells, the header has 5.\"\n");
  // Mended by hand, in place.
  std::string mended = files_.Read("a.rejected.csv");
  for (const auto& [from, to] : std::map<std::string, std::string>{{"refuse me", "Bell"}, {"huge,many", "micro,7"}}) {
    mended.replace(mended.find(from), from.size(), to);
  }
  EXPECT_EQ(Run({"accounts", "import", files_.Write("a.rejected.csv", mended)}), 0) << err_;
  EXPECT_EQ(out_, "created 3, updated 0, unchanged 0, rejected 0\n");
  EXPECT_EQ(Account("a3").notes(), "said \"no\"");
  EXPECT_EQ(Account("a3").seat_count(), 7);
  EXPECT_EQ(Account("a4").display_name(), "Coil");
}

TEST_F(ImportCommandTest, ARejectsFileThatIsReadAndRejectedAgainKeepsItsColumnsOnce) {
  const std::string file =
      files_.Write("a.csv", "id,display_name,_line,_field,_reason,_message\na2,refuse me,9,x,OLD,old\n");
  EXPECT_EQ(Run({"accounts", "import", file}), 3);
  EXPECT_EQ(
      files_.Read("a.rejected.csv"),
      "id,display_name,_line,_field,_reason,_message\na2,refuse me,2,display_name,NAME_REFUSED,The name is refused.\n");
}

TEST_F(ImportCommandTest, SupersededFactsAreToldAsUpserts) {
  const std::string file = files_.Write("u.csv",
                                        "source_id,account,event_time,count\n"
                                        "u1,a1,2024-01-01,1\nu2,a1,2024-01-01,2\nu1,a1,2024-01-02,3\n");
  EXPECT_EQ(Run({"facts", "import", "usage", file}), 0) << err_;
  EXPECT_EQ(out_,
            "created 2, updated 0, unchanged 0, rejected 0 (1 duplicated ids within the file were upserts: "
            "the last row of each counts)\n");
  v1::Fact fact;
  ASSERT_TRUE(fact.ParseFromString(server_.imported["facts"]["~u1"]));
  EXPECT_EQ(fact.usage().count(), 3);
  EXPECT_EQ(Run({"facts", "import", "usage", file}), 0);
  EXPECT_THAT(out_, AllOf(HasSubstr("unchanged 2"), HasSubstr("nothing changed")));
}

TEST_F(ImportCommandTest, RepeatedAccountsAreSentAndTold) {
  const std::string file = files_.Write("a.csv", "id,display_name\na1,Acme\na1,Acme 2\n");
  EXPECT_EQ(Run({"accounts", "import", file}), 0);
  EXPECT_EQ(out_, "created 1, updated 1, unchanged 0, rejected 0 (1 duplicated ids within the file were upserts)\n");
  EXPECT_EQ(Account("a1").display_name(), "Acme 2");
}

TEST_F(ImportCommandTest, ADryRunWritesNothing) {
  const std::string file = files_.Write("a.csv", "id,display_name\na1,Acme\na2,refuse me\n");
  EXPECT_EQ(Run({"accounts", "import", file, "--dry-run"}), 3);
  EXPECT_EQ(out_, "dry run, nothing written: created 1, updated 0, unchanged 0, rejected 1\n");
  EXPECT_THAT(Accounts(), SizeIs(0));
  ASSERT_THAT(server_.headers, SizeIs(1));
  EXPECT_TRUE(server_.headers[0].validate_only());
  EXPECT_EQ(server_.headers[0].import_id(), "");
}

TEST_F(ImportCommandTest, FaultsOfTheWholeFileAreToldBeforeAnythingIsSent) {
  EXPECT_EQ(Run({"accounts", "import", files_.Write("a.csv", "id,display_name,what\na1,Acme,x\n")}), 2);
  EXPECT_THAT(err_, HasSubstr("'what'"));
  EXPECT_EQ(Run({"accounts", "import", files_.Write("a.csv", "id,display_name\na1,Acme\na2,\"Bolt\n")}), 2);
  EXPECT_THAT(err_, HasSubstr("Line 3"));
  EXPECT_EQ(Run({"accounts", "import", files_.Write("a.csv", "id,renewal_date\na1,13/04/2024\na2,04/13/2024\n")}), 2);
  EXPECT_THAT(err_, HasSubstr("Line 3"));
  EXPECT_EQ(Run({"accounts", "import", files_.Path("nothing.csv")}), 2);
  EXPECT_EQ(Run({"accounts", "import", files_.Write("a.csv", "id,display_name,what\na1,Acme,x\n"), "--ignore-unknown"}),
            0);
  EXPECT_THAT(server_.headers, SizeIs(1));
}

TEST_F(ImportCommandTest, AMappingMustBeForTheseRows) {
  const std::string map = files_.Write("m.toml", "rows = \"contacts\"\n[fields]\nid = \"id\"\n");
  EXPECT_EQ(Run({"accounts", "import", files_.Write("a.csv", "id\na1\n"), "--map", map}), 2);
  EXPECT_THAT(err_, HasSubstr("'contacts'"));
}

TEST_F(ImportCommandTest, PoliciesReachTheServer) {
  const std::string file = files_.Write("a.csv", "id,display_name\na1,Acme\n");
  EXPECT_EQ(Run({"accounts", "import", file, "--on-conflict", "replace", "--on-deleted", "restore"}), 0);
  EXPECT_EQ(server_.headers[0].on_conflict(), v1::CONFLICT_POLICY_REPLACE);
  EXPECT_EQ(server_.headers[0].on_deleted(), v1::DELETED_POLICY_RESTORE);
  EXPECT_EQ(Run({"accounts", "import", file, "--on-conflict", "whatever"}), 2);
}

std::string ManyRows(int count) {
  std::string text = "id,display_name,seat_count\n";
  for (int i = 1; i <= count; ++i) {
    // A row that this side refuses, and one that the server refuses, now and then.
    text += "a" + std::to_string(i) + (i % 400 == 7 ? ",refuse me,1\n" : i % 400 == 9 ? ",Acme,many\n" : ",Acme,1\n");
  }
  return text;
}

int64_t LinesOf(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

// The number behind a word of the summary.
int64_t CountOf(const std::string& summary, const std::string& word) {
  const size_t at = summary.find(word + " ");
  return at == std::string::npos ? -1 : std::stoll(summary.substr(at + word.size() + 1));
}

TEST_F(ImportCommandTest, TellsAllThatIsWrittenWhereTooManyErrorsStopIt) {
  const std::string file = files_.Write("a.csv", ManyRows(5000));
  EXPECT_EQ(Run({"accounts", "import", file, "--max-errors", "3"}), 3);
  EXPECT_THAT(err_, AllOf(HasSubstr("--max-errors"), HasSubstr("NAME_REFUSED: line 8: The name"),
                          HasSubstr("NUMBER_MALFORMED: line 10: 'many'")));
  EXPECT_LT(Accounts().size(), 4900u);
  EXPECT_EQ(CountOf(out_, "created"), static_cast<int64_t>(Accounts().size()));
  const std::string rejects = files_.Read("a.rejected.csv");
  EXPECT_EQ(CountOf(out_, "rejected"), LinesOf(rejects) - 1);
  EXPECT_GT(LinesOf(rejects), 4);

  // Again: nothing more is written, and everything is told as before.
  const std::string summary = out_;
  const size_t written = Accounts().size();
  EXPECT_EQ(Run({"accounts", "import", file, "--max-errors", "3"}), 3);
  EXPECT_EQ(out_, summary);
  EXPECT_THAT(err_, AllOf(HasSubstr("--max-errors"), HasSubstr("NAME_REFUSED: line 8: The name"),
                          ::testing::Not(HasSubstr("not in that file"))));
  EXPECT_THAT(Accounts(), SizeIs(written));
  EXPECT_EQ(files_.Read("a.rejected.csv"), rejects);

  // With room for more it goes on, and each rejected row is told once.
  EXPECT_EQ(Run({"accounts", "import", file, "--max-errors", "100"}), 3);
  EXPECT_EQ(out_, "created 4974, updated 0, unchanged 0, rejected 26\n");
  EXPECT_EQ(LinesOf(files_.Read("a.rejected.csv")), 27);
}

TEST_F(ImportCommandTest, TellsTheFaultsOfThisSideThatStopIt) {
  std::string rows = "id,employee_count\n";
  for (int i = 1; i <= 20; ++i) rows += "a" + std::to_string(i) + (i > 4 ? ",x\n" : ",1\n");
  const std::string file = files_.Write("a.csv", rows);
  for (int run = 0; run < 2; ++run) {
    EXPECT_EQ(Run({"accounts", "import", file, "--max-errors", "5"}), 3);
    EXPECT_EQ(out_, "created 4, updated 0, unchanged 0, rejected 6\n");
    EXPECT_THAT(err_, AllOf(HasSubstr("stopped after row 10"), HasSubstr("6 NUMBER_MALFORMED")));
    EXPECT_EQ(LinesOf(files_.Read("a.rejected.csv")), 7);
  }
}

// All rows are sent before the first answer says that there are too many errors.
TEST_F(ImportCommandTest, ARejectedFileIsRejectedAgain) {
  std::string rows = "id,display_name\n";
  for (int i = 1; i <= 20; ++i) rows += "a" + std::to_string(i) + ",refuse me\n";
  const std::string file = files_.Write("a.csv", rows);
  for (int run = 0; run < 3; ++run) {
    EXPECT_EQ(Run({"accounts", "import", file, "--max-errors", "5"}), 3);
    EXPECT_EQ(out_, "created 0, updated 0, unchanged 0, rejected 20\n");
    EXPECT_THAT(err_, HasSubstr("20 NAME_REFUSED"));
    EXPECT_EQ(LinesOf(files_.Read("a.rejected.csv")), 21);
  }
}

TEST_F(ImportCommandTest, CountsReasonsInJson) {
  const std::string file =
      files_.Write("a.csv", "id,display_name,size,seat_count\na1,refuse me,,1\na2,B,huge,x\na3,C,,y\n");
  EXPECT_EQ(Run({"accounts", "import", file, "-o", "json"}), 3);
  const Json reasons = Json::parse(out_)["rejected_by_reason"];
  EXPECT_EQ(reasons, (Json{{"ENUM_UNKNOWN", 1}, {"NAME_REFUSED", 1}, {"NUMBER_MALFORMED", 2}}));
}

// The server stops answering in the midst; the same command then goes on, and the end is as if nothing had happened.
TEST_F(ImportCommandTest, GoesOnWhereItWasCutOff) {
  const std::string file = files_.Write("a.csv", ManyRows(5000));
  int connections = 0;
  server_.cut_import_after = 4;
  server_.intercept = [&](const std::string& method) -> std::optional<grpc::Status> {
    // After the cut the server refuses the client that comes back.
    if (method == "Import" && ++connections == 2) return grpc::Status(grpc::StatusCode::PERMISSION_DENIED, "no");
    return std::nullopt;
  };
  EXPECT_EQ(Run({"accounts", "import", file}), 4) << err_;
  EXPECT_THAT(err_, HasSubstr("goes on from there"));
  const size_t before = server_.chunks.size();
  EXPECT_EQ(Run({"accounts", "import", file}), 3) << err_;
  EXPECT_THAT(err_, HasSubstr("going on after row"));
  EXPECT_GT(server_.chunks[before].first_row(), 1);
  EXPECT_EQ(out_, "created 4974, updated 0, unchanged 0, rejected 26\n");
  EXPECT_THAT(Accounts(), SizeIs(4974));
  // Each rejected row is told once, but for those whose answer was lost with the connection.
  const std::string rejects = files_.Read("a.rejected.csv");
  for (int i = 409; i <= 5000; i += 400) {
    const std::string row = "\na" + std::to_string(i) + ",Acme,many,";
    EXPECT_NE(rejects.find(row), std::string::npos) << row;
    EXPECT_EQ(rejects.find(row), rejects.rfind(row)) << row;
  }
}

// A file of JSON lines as ManyRows' of CSV.
std::string ManyObjects(int count) {
  std::string text;
  for (int i = 1; i <= count; ++i) {
    text += "{\"id\":\"a" + std::to_string(i) + "\",\"display_name\":\"" + (i % 400 == 7 ? "refuse me" : "Acme") +
            "\",\"seat_count\":" + (i % 400 == 9 ? "\"many\"" : "1") + "}\n";
  }
  return text;
}

TEST_F(ImportCommandTest, AResumedImportOfJsonLinesKeepsWhatWasRejectedBefore) {
  const std::string file = files_.Write("a.jsonl", ManyObjects(5000));
  int connections = 0;
  server_.cut_import_after = 4;
  server_.intercept = [&](const std::string& method) -> std::optional<grpc::Status> {
    if (method == "Import" && ++connections == 2) return grpc::Status(grpc::StatusCode::PERMISSION_DENIED, "no");
    return std::nullopt;
  };
  EXPECT_EQ(Run({"accounts", "import", file}), 4) << err_;
  const std::string before = files_.Read("a.rejected.jsonl");
  EXPECT_THAT(before, HasSubstr("\"id\":\"a7\""));
  EXPECT_EQ(Run({"accounts", "import", file}), 3) << err_;
  EXPECT_THAT(err_, HasSubstr("going on after row"));
  const std::string after = files_.Read("a.rejected.jsonl");
  EXPECT_EQ(after.substr(0, before.size()), before);
  for (int i = 409; i <= 5000; i += 400) {
    const std::string row = "{\"id\":\"a" + std::to_string(i) + "\",";
    EXPECT_NE(after.find(row), std::string::npos) << row;
    EXPECT_EQ(after.find(row), after.rfind(row)) << row;
  }
}

TEST_F(ImportCommandTest, LineEndsOfWindowsBecomePlain) {
  EXPECT_EQ(Run({"accounts", "import", files_.Write("a.csv", "id,display_name,notes\r\na1,Acme,\"one\r\ntwo\"\r\n")}),
            0)
      << err_;
  EXPECT_EQ(Account("a1").notes(), "one\ntwo");
  EXPECT_EQ(Run({"accounts", "import",
                 files_.Write("b.jsonl", "{\"id\":\"a2\",\"display_name\":\"B\",\"notes\":\"one\\r\\ntwo\\n\"}\n")}),
            0)
      << err_;
  EXPECT_EQ(Account("a2").notes(), "one\ntwo\n");
}

TEST_F(ImportCommandTest, BeginsAgainWhereTold) {
  const std::string file = files_.Write("a.csv", "id,display_name\na1,Acme\n");
  EXPECT_EQ(Run({"accounts", "import", file, "--restart"}), 0);
  EXPECT_TRUE(server_.headers[0].restart());
}

TEST_F(ImportCommandTest, AnotherFileIsAnotherImport) {
  EXPECT_EQ(Run({"accounts", "import", files_.Write("a.csv", "id,display_name\na1,Acme\n")}), 0);
  EXPECT_EQ(Run({"accounts", "import", files_.Write("a.csv", "id,display_name\na1,Bolt\n")}), 0);
  EXPECT_NE(server_.headers[0].import_id(), server_.headers[1].import_id());
  EXPECT_EQ(Run({"accounts", "import", files_.Write("b.csv", "id,display_name\na1,Acme\n")}), 0);
  EXPECT_EQ(server_.headers[0].import_id(), server_.headers[2].import_id());
}

TEST_F(ImportCommandTest, IsInterrupted) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(Run({"accounts", "import", files_.Write("a.csv", "id\na1\n")}, stop.get_token()), 130);
  EXPECT_THAT(err_, HasSubstr("interrupted"));
}

// What was on its way is waited for: the figures are of all that is written.
TEST_F(ImportCommandTest, TellsWhatIsWrittenWhereItIsInterrupted) {
  std::stop_source stop;
  server_.on_chunk = [&](size_t chunk) {
    if (chunk == 2) stop.request_stop();
  };
  EXPECT_EQ(Run({"accounts", "import", files_.Write("a.csv", ManyRows(20000))}, stop.get_token()), 130);
  EXPECT_LT(Accounts().size(), 19000u);
  EXPECT_EQ(CountOf(err_, "created"), static_cast<int64_t>(Accounts().size()));
  EXPECT_EQ(CountOf(err_, "rejected"), LinesOf(files_.Read("a.rejected.csv")) - 1);
  EXPECT_THAT(err_, HasSubstr("nothing behind it is written"));
}

TEST_F(ImportCommandTest, ReportsAsJson) {
  const std::string file = files_.Write("a.csv", "id,display_name\na1,Acme\na1,Acme\n");
  EXPECT_EQ(Run({"accounts", "import", file, "-o", "json"}), 0);
  const Json report = Json::parse(out_);
  EXPECT_EQ(report["rows"], 2);
  EXPECT_EQ(report["created"], 1);
  EXPECT_EQ(report["unchanged"], 1);
  EXPECT_EQ(report["duplicated_ids"], 1);
}

TEST_F(ImportCommandTest, ImportsJsonLinesAndWhatWasExported) {
  server_.accounts["accounts/a1"].set_name("accounts/a1");
  server_.accounts["accounts/a1"].set_display_name("Acme; \"Inc\"");
  server_.accounts["accounts/a1"].set_etag("7");
  server_.accounts["accounts/a1"].add_tags("x");
  server_.accounts["accounts/a1"].add_tags("y");
  for (const std::string format : {"jsonl", "csv"}) {
    Accounts().clear();
    ASSERT_EQ(Run({"accounts", "export", "-o", format}), 0) << err_;
    EXPECT_EQ(Run({"accounts", "import", files_.Write("e." + format, out_)}), 0) << err_;
    EXPECT_EQ(Account("a1").display_name(), "Acme; \"Inc\"") << format;
    EXPECT_THAT(Account("a1").tags(), ::testing::ElementsAre("x", "y")) << format;
    EXPECT_EQ(Account("a1").etag(), "") << format;
  }
}

TEST_F(ImportCommandTest, RejectedJsonLinesKeepTheirObject) {
  EXPECT_EQ(
      Run({"accounts", "import", files_.Write("a.jsonl", "{\"id\":\"a1\",\"display_name\":\"refuse me\"}\nbroken\n")}),
      3);
  const std::string rejects = files_.Read("a.rejected.jsonl");
  EXPECT_THAT(rejects,
              HasSubstr("{\"id\":\"a1\",\"display_name\":\"refuse me\",\"_line\":1,\"_field\":\"display_name\""));
  EXPECT_THAT(rejects, HasSubstr("\"_text\":\"broken\""));
}

TEST_F(ImportCommandTest, NeverWritesOverAFileOfTheUser) {
  files_.Write("a.rejected.csv", "my,own,file\n");
  EXPECT_EQ(Run({"accounts", "import", files_.Write("a.csv", "id,display_name\na1,refuse me\n")}), 2);
  EXPECT_EQ(files_.Read("a.rejected.csv"), "my,own,file\n");
  EXPECT_EQ(Run({"accounts", "import", files_.Path("a.csv"), "--rejects", files_.Path("a.csv")}), 2);
  EXPECT_THAT(Accounts(), SizeIs(0));
}

TEST_F(ImportCommandTest, ForgetsTheRejectsOfAnEarlierImport) {
  files_.Write("a.rejected.csv", "id,_line,_field,_reason,_message\nold,1,,X,x\n");
  EXPECT_EQ(Run({"accounts", "import", files_.Write("a.csv", "id,display_name\na1,Acme\n")}), 0);
  EXPECT_FALSE(files_.Has("a.rejected.csv"));
}

}  // namespace
}  // namespace folio::cli
