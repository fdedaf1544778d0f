// Commands against a server: what they ask, what they show, and how they end.
#include "tests/cli/program.h"

#include <algorithm>
#include <iostream>
#include <sstream>

#include "client/cli/value/json.h"
#include "folio/v1/account.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace folio::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class CommandTest : public ProgramTest {
 protected:
  void AddAccount(const std::string& id, const std::string& display_name) {
    v1::Account& account = server_.accounts["accounts/" + id];
    account.set_name("accounts/" + id);
    account.set_display_name(display_name);
    account.set_etag("1");
  }
  void Fail(grpc::Status status) {
    server_.intercept = [status](const std::string&) { return std::optional<grpc::Status>(status); };
  }
};

TEST_F(CommandTest, ListsOnePageAndSaysThatMoreFollows) {
  for (int i = 0; i < 60; ++i) AddAccount(std::to_string(100 + i), "Acme " + std::to_string(i));
  EXPECT_EQ(Run({"accounts", "list"}), 0);
  EXPECT_EQ(std::count(out_.begin(), out_.end(), '\n'), 51);
  EXPECT_THAT(err_, HasSubstr("--all"));
  EXPECT_EQ(Run({"accounts", "list", "--all", "-o", "json"}), 0);
  EXPECT_EQ(Json::parse(out_).size(), 60u);
  EXPECT_THAT(err_, IsEmpty());
  EXPECT_EQ(Run({"accounts", "list", "--limit", "60", "--page-size", "7", "-o", "jsonl"}), 0);
  EXPECT_EQ(std::count(out_.begin(), out_.end(), '\n'), 60);
  EXPECT_THAT(err_, IsEmpty());
}

TEST_F(CommandTest, GetsOne) {
  AddAccount("acme", "Acme");
  for (const char* id : {"acme", "accounts/acme"}) {
    EXPECT_EQ(Run({"accounts", "get", id, "-o", "json"}), 0);
    EXPECT_EQ(Json::parse(out_)["display_name"], "Acme");
  }
}

TEST_F(CommandTest, AsksForAModelBeforeItAsksTheServer) {
  EXPECT_EQ(Run({"models", "replay", "acme", "--from", "2024-01-01"}), 2);
  EXPECT_THAT(err_, AllOf(HasSubstr("--model"), HasSubstr("--file")));
  EXPECT_EQ(Run({"--lang", "fr", "models", "preview"}), 2);
  EXPECT_THAT(err_, AllOf(HasSubstr("Quel mod\u00e8le"), HasSubstr("--file")));
}

TEST_F(CommandTest, TellsWhereAFileIsWrong) {
  const std::string text = files_.Write("rule.txtpb", "display_name: \"X\"\nkindd: 1\n");
  EXPECT_EQ(Run({"signals", "rules", "create", "x", "--file", text}), 2);
  EXPECT_THAT(err_, AllOf(HasSubstr("line 2, column"), HasSubstr("kindd"), HasSubstr("folio.v1.SignalRule")));
  EXPECT_EQ(Run({"signals", "dry-run", "--file", text}), 2);
  EXPECT_THAT(err_, HasSubstr("line 2, column"));
  const std::string json = files_.Write("rule.json", "{\n  \"display_name\": \"X\",\n}");
  for (const char* option : {"--file", "--json"}) {
    EXPECT_EQ(Run({"signals", "rules", "create", "x", option, json}), 2) << option;
    EXPECT_THAT(err_, AllOf(HasSubstr("is not JSON"), HasSubstr("line 3, column 1"))) << option;
  }
}

TEST_F(CommandTest, CreatesFromAssignmentsAndJson) {
  const std::string file = files_.Write("a.json", R"({"sector": "FinTech", "annual_recurring_revenue": "1200"})");
  EXPECT_EQ(Run({"accounts", "create", "acme", "--json", file, "--set", "display_name=Acme", "--set", "tags=a,b",
                 "--set", "external_ids.crm=7"}),
            0)
      << err_;
  const v1::Account& account = server_.accounts["accounts/acme"];
  EXPECT_EQ(account.display_name(), "Acme");
  EXPECT_EQ(account.sector(), "FinTech");
  EXPECT_EQ(account.annual_recurring_revenue().currency_code(), "EUR");
  EXPECT_EQ(account.tags_size(), 2);
  EXPECT_EQ(account.external_ids(0).id(), "7");
  EXPECT_EQ(Run({"accounts", "create", "acme", "--set", "display_name=Acme"}), 6);
  EXPECT_EQ(Run({"accounts", "create", "other", "--set", "display_name=x", "--dry-run"}), 0);
  EXPECT_FALSE(server_.accounts.contains("accounts/other"));
}

TEST_F(CommandTest, UpdatesOnlyWhatItNames) {
  AddAccount("acme", "Acme");
  server_.accounts["accounts/acme"].set_sector("FinTech");
  server_.accounts["accounts/acme"].set_city("Lyon");
  EXPECT_EQ(Run({"accounts", "update", "acme", "--set", "display_name=Bolt", "--set", "city="}), 0) << err_;
  const v1::Account& account = server_.accounts["accounts/acme"];
  EXPECT_EQ(account.display_name(), "Bolt");
  EXPECT_EQ(account.sector(), "FinTech");
  EXPECT_EQ(account.city(), "");
}

TEST_F(CommandTest, UpdatesOneExternalIdAndKeepsTheOthers) {
  AddAccount("acme", "Acme");
  for (const char* system : {"crm", "erp"}) {
    v1::ExternalId* external = server_.accounts["accounts/acme"].add_external_ids();
    external->set_system(system);
    external->set_id("old");
  }
  EXPECT_EQ(Run({"accounts", "update", "acme", "--set", "external_ids.crm=new"}), 0) << err_;
  const v1::Account& account = server_.accounts["accounts/acme"];
  ASSERT_EQ(account.external_ids_size(), 2);
  EXPECT_EQ(account.external_ids(0).id(), "new");
  EXPECT_EQ(account.external_ids(1).system(), "erp");
}

TEST_F(CommandTest, UpdatesSeveralAndGoesOnBehindAFailure) {
  AddAccount("acme", "Acme");
  AddAccount("bolt", "Bolt");
  int updates = 0;
  server_.intercept = [&updates](const std::string& method) -> std::optional<grpc::Status> {
    if (method != "UpdateAccount" || ++updates != 2) return std::nullopt;
    return grpc::Status(grpc::StatusCode::NOT_FOUND, "there is none");
  };
  EXPECT_EQ(Run({"accounts", "update", "acme", "nope", "accounts/bolt", "--set", "city=Lyon", "-o", "json"}), 3);
  EXPECT_EQ(Json::parse(out_).size(), 2u);
  EXPECT_THAT(err_, HasSubstr("error: accounts/nope: "));
  EXPECT_EQ(server_.accounts["accounts/bolt"].city(), "Lyon");
  Fail({grpc::StatusCode::NOT_FOUND, "there is none"});
  EXPECT_EQ(Run({"accounts", "delete", "nope", "neither", "--yes"}), 5);
  Fail({grpc::StatusCode::PERMISSION_DENIED, "no"});
  EXPECT_EQ(Run({"accounts", "delete", "acme", "bolt", "--yes"}), 4);
  EXPECT_THAT(err_, HasSubstr("not attempted: 1"));
  server_.intercept = nullptr;
  EXPECT_EQ(Run({"accounts", "update", "acme", "bolt", "--set", "city=Nice", "--etag", "7"}), 2);
  EXPECT_THAT(err_, HasSubstr("--etag"));
  EXPECT_EQ(server_.accounts["accounts/acme"].city(), "Lyon");
}

TEST_F(CommandTest, ReadsNamesFromStandardInput) {
  AddAccount("acme", "Acme");
  AddAccount("bolt", "Bolt");
  std::istringstream names("acme\r\n\n accounts/bolt \n");
  std::streambuf* const before = std::cin.rdbuf(names.rdbuf());
  const int updated = Run({"accounts", "update", "-", "--set", "city=Lyon", "-o", "csv", "--fields", "id,city"});
  std::istringstream same("acme\nbolt");
  std::cin.rdbuf(same.rdbuf());
  const std::string rows = out_;
  const int deleted = Run({"accounts", "delete", "-"});
  std::istringstream none;
  std::cin.rdbuf(none.rdbuf());
  const int nothing = Run({"accounts", "delete", "-"});
  std::cin.rdbuf(before);
  EXPECT_EQ(updated, 0);
  EXPECT_EQ(rows, "id,city\nacme,Lyon\nbolt,Lyon\n");
  EXPECT_EQ(deleted, 0);
  EXPECT_THAT(server_.accounts, IsEmpty());
  EXPECT_EQ(nothing, 0);
  EXPECT_THAT(err_, HasSubstr("nothing to do"));
}

TEST_F(CommandTest, WritesNothingWhereItCouldNotShowIt) {
  AddAccount("acme", "Acme");
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"accounts", "update", "acme", "--set", "city=Lyon", "--fields", "nonsense"},
           {"accounts", "create", "bolt", "--set", "display_name=Bolt", "--fields", "nonsense"}}) {
    EXPECT_EQ(Run(arguments), 2);
    EXPECT_THAT(err_, HasSubstr("nonsense"));
  }
  EXPECT_EQ(server_.accounts["accounts/acme"].city(), "");
  EXPECT_FALSE(server_.accounts.contains("accounts/bolt"));
}

TEST_F(CommandTest, BindsAnUpdateToWhatWasRead) {
  AddAccount("acme", "Acme");
  EXPECT_EQ(Run({"accounts", "update", "acme", "--set", "city=Lyon", "--etag", "old"}), 6);
  EXPECT_THAT(err_, AllOf(HasSubstr("ETAG_MISMATCH"), HasSubstr("get it again")));
  EXPECT_EQ(Run({"accounts", "get", "acme", "-o", "json"}), 0);
  const std::string read = files_.Write("read.json", out_);
  EXPECT_EQ(Run({"accounts", "update", "acme", "--set", "city=Lyon"}), 0);
  EXPECT_EQ(Run({"accounts", "update", "acme", "--json", read}), 6);
}

TEST_F(CommandTest, DeletesSeveral) {
  AddAccount("a", "A");
  AddAccount("b", "B");
  EXPECT_EQ(Run({"accounts", "delete", "a", "accounts/b"}), 0);
  EXPECT_THAT(server_.accounts, IsEmpty());
  EXPECT_THAT(out_, IsEmpty());
}

TEST_F(CommandTest, SumsUpExactly) {
  v1::PortfolioTotals& totals = *server_.summary.mutable_totals();
  totals.set_account_count(500);
  totals.mutable_arr()->set_units(121915296);
  totals.mutable_arr()->set_currency_code("USD");
  server_.summary.mutable_as_of()->set_year(2024);
  server_.summary.mutable_as_of()->set_month(12);
  server_.summary.mutable_as_of()->set_day(31);
  v1::PortfolioGroup& group = *server_.summary.add_groups();
  group.set_value("FinTech");
  *group.mutable_totals() = totals;
  EXPECT_EQ(Run({"portfolio", "summary", "-o", "json"}), 0);
  const Json json = Json::parse(out_);
  EXPECT_EQ(json["account_count"], 500);
  EXPECT_EQ(json["arr"].dump(), R"({"amount":"121915296.00","currency":"USD"})");
  EXPECT_EQ(json["as_of"], "2024-12-31");
  EXPECT_EQ(json["groups"][0]["value"], "FinTech");
  EXPECT_EQ(json["groups"][0]["account_count"], 500);
  EXPECT_EQ(Run({"portfolio", "summary", "--group-by", "sector"}), 0);
  EXPECT_THAT(out_, AllOf(HasSubstr("FinTech"), HasSubstr("121,915,296.00 USD")));
  EXPECT_EQ(Run({"portfolio", "summary"}), 0);
  EXPECT_THAT(out_, HasSubstr("121,915,296.00 USD"));
}

// --- how commands end -----------------------------------------------------------------------------------------------

struct ExitCase {
  grpc::StatusCode code;
  int exit;
};

class ExitCodeTest : public CommandTest, public ::testing::WithParamInterface<ExitCase> {};

TEST_P(ExitCodeTest, FollowsTheServersAnswer) {
  Fail({GetParam().code, "because"});
  EXPECT_EQ(Run({"accounts", "get", "acme"}), GetParam().exit);
  EXPECT_THAT(err_, HasSubstr("because"));
  EXPECT_THAT(out_, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Codes, ExitCodeTest,
    ::testing::Values(ExitCase{grpc::StatusCode::INVALID_ARGUMENT, 2}, ExitCase{grpc::StatusCode::INTERNAL, 1},
                      ExitCase{grpc::StatusCode::OUT_OF_RANGE, 1}, ExitCase{grpc::StatusCode::UNIMPLEMENTED, 1},
                      ExitCase{grpc::StatusCode::FAILED_PRECONDITION, 1},
                      ExitCase{grpc::StatusCode::UNAUTHENTICATED, 4}, ExitCase{grpc::StatusCode::PERMISSION_DENIED, 4},
                      ExitCase{grpc::StatusCode::NOT_FOUND, 5}, ExitCase{grpc::StatusCode::ALREADY_EXISTS, 6},
                      ExitCase{grpc::StatusCode::ABORTED, 6}, ExitCase{grpc::StatusCode::UNAVAILABLE, 7},
                      ExitCase{grpc::StatusCode::DEADLINE_EXCEEDED, 7},
                      ExitCase{grpc::StatusCode::RESOURCE_EXHAUSTED, 7}));

TEST_F(CommandTest, TellsAWrongCommandLine) {
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {},
           {"nonsense"},
           {"accounts"},
           {"accounts", "list", "--nonsense"},
           {"accounts", "get"},
           {"accounts", "list", "-o", "yaml"},
           {"accounts", "list", "--fields", "nonsense"},
           {"accounts", "create", "x"},
           {"accounts", "create", "x", "--set", "nonsense"},
           {"accounts", "create", "x", "--set", "sectr=y"},
           {"accounts", "create", "x", "--set", "etag=y"},
           {"accounts", "create", "x", "--json", files_.Write("x.json", "{")},
           {"facts", "import", "nonsense", "x.csv"},
           {"portfolio", "summary", "--as-of", "yesterday"},
           {"api", "call", "AccountService.GetAcount"},
           {"api", "call", "AccountService.GetAccount", "-d", "{\"nme\": 1}"},
       }) {
    EXPECT_EQ(Run(arguments), 2) << ::testing::PrintToString(arguments);
    EXPECT_THAT(err_, HasSubstr("error: ")) << ::testing::PrintToString(arguments);
  }
  EXPECT_THAT(server_.accounts, IsEmpty());
}

TEST_F(CommandTest, TellsErrorsWithFieldReasonAndRequest) {
  google::rpc::BadRequest::FieldViolation violation;
  violation.set_field("filter");
  violation.set_reason("FILTER_COLUMN_UNKNOWN");
  violation.set_description("There is no column 'helth'; do you mean 'health'?");
  Fail(testing::ErrorWith(grpc::StatusCode::INVALID_ARGUMENT, "The filter is wrong.", "FILTER_COLUMN_UNKNOWN",
                          {violation}));
  EXPECT_EQ(Run({"accounts", "list", "--filter", "helth < 50"}), 2);
  EXPECT_EQ(err_,
            "error: The filter is wrong. (FILTER_COLUMN_UNKNOWN)\n"
            "  filter (FILTER_COLUMN_UNKNOWN): There is no column 'helth'; do you mean 'health'?\n"
            "  request: req-1\n");
}

TEST_F(CommandTest, TellsErrorsInFrench) {
  Fail(testing::ErrorWith(grpc::StatusCode::UNAUTHENTICATED, "No key.", "KEY_MISSING", {}, "Aucune clé."));
  EXPECT_EQ(Run({"--lang", "fr", "accounts", "list"}), 4);
  EXPECT_THAT(err_, AllOf(HasSubstr("erreur : Aucune clé. (KEY_MISSING)"), HasSubstr("FOLIO_KEY")));
  EXPECT_EQ(server_.last_metadata.find("accept-language")->second, "fr");
  EXPECT_EQ(Run({"--lang", "fr", "accounts", "create", "x", "--set", "sectr=y"}), 4);
}

TEST_F(CommandTest, TellsThatNoServerIsThere) {
  EXPECT_EQ(RunBare({"--server", "127.0.0.1:1", "accounts", "list"}), 7);
  EXPECT_THAT(err_, AllOf(HasSubstr("error: no server answers at 127.0.0.1:1: Connection refused\n"),
                          HasSubstr("folio doctor")));
}

TEST_F(CommandTest, NamesTheFieldOfAWrongValue) {
  EXPECT_EQ(Run({"accounts", "create", "x", "--set", "employee_count=many"}), 2);
  EXPECT_EQ(err_, "error: employee_count: 'many' is not a number.\n");
}

TEST_F(CommandTest, IsInterrupted) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(Run({"accounts", "get", "acme"}, stop.get_token()), 130);
}

TEST_F(CommandTest, HelpIsNoError) {
  EXPECT_EQ(RunBare({"--help"}), 0);
  EXPECT_THAT(out_, HasSubstr("accounts"));
  EXPECT_EQ(RunBare({"accounts", "import", "--help"}), 0);
  EXPECT_THAT(out_, HasSubstr("--dry-run"));
  EXPECT_EQ(RunBare({"version"}), 0);
  const std::string version = out_;
  EXPECT_EQ(RunBare({"--version"}), 0);
  EXPECT_EQ(out_, version);
}

TEST_F(CommandTest, FlagsMayStandAnywhere) {
  AddAccount("acme", "Acme");
  EXPECT_EQ(
      RunBare({"accounts", "get", "acme", "--server", server_.address(), "-o", "jsonl", "--fields", "display_name"}),
      0);
  EXPECT_EQ(out_, "{\"display_name\":\"Acme\"}\n");
}

// --- every method, and changes --------------------------------------------------------------------------------------

TEST_F(CommandTest, CallsAnyMethod) {
  AddAccount("acme", "Acme");
  EXPECT_EQ(Run({"api", "call", "AccountService.GetAccount", "-d", R"({"name": "accounts/acme"})"}), 0) << err_;
  EXPECT_EQ(Json::parse(out_)["display_name"], "Acme");
  const std::string file = files_.Write("request.json", R"({"name": "accounts/acme"})");
  EXPECT_EQ(Run({"api", "call", "folio.v1.AccountService/GetAccount", "-d", "@" + file}), 0) << err_;
  AddAccount("bolt", "Bolt");
  EXPECT_EQ(Run({"api", "call", "AccountService.ExportAccounts"}), 0);
  EXPECT_EQ(std::count(out_.begin(), out_.end(), '\n'), 2);
  EXPECT_EQ(Run({"api", "call", "AccountService.GetAccount", "-d", R"({"name": "accounts/none"})"}), 5);
  EXPECT_EQ(Run({"api", "call", "ImportService.Import"}), 2);
}

TEST_F(CommandTest, DescribesMethodsAndMessages) {
  EXPECT_EQ(Run({"api", "list"}), 0);
  EXPECT_THAT(out_, AllOf(HasSubstr("AccountService.GetAccount  reader"),
                          HasSubstr("ImportService.Import  editor  client stream")));
  EXPECT_EQ(Run({"api", "list", "-o", "jsonl"}), 0);
  EXPECT_THAT(out_, HasSubstr(R"({"method":"ImportService.Import","role":"editor","writes":true,"client_stream":true,)"
                              R"("server_stream":true})"));
  EXPECT_EQ(Run({"api", "list", "-o", "csv"}), 0);
  EXPECT_THAT(out_, HasSubstr("\nAccountService.GetAccount,reader,false,false,false\n"));
  EXPECT_EQ(Run({"api", "describe", "AccountService.GetAccount"}), 0);
  EXPECT_THAT(out_, AllOf(HasSubstr("folio.v1.GetAccountRequest"), HasSubstr("min_revision  int64")));
  EXPECT_EQ(Run({"api", "describe", "Account"}), 0);
  EXPECT_THAT(out_, HasSubstr("LIFECYCLE_CHURNED"));
}

TEST_F(CommandTest, ShowsChangesAndWhereToGoOn) {
  v1::WatchResponse response;
  v1::ChangeEvent& event = *response.add_events();
  event.set_revision(7);
  event.mutable_commit_time()->set_seconds(1735603200);
  event.set_type(v1::CHANGE_TYPE_CREATED);
  event.set_name("accounts/acme");
  event.mutable_account()->set_display_name("Acme");
  response.set_resume_token("token7");
  server_.watch_streams = {{response}, {response}};
  EXPECT_EQ(Run({"watch", "--limit", "1", "--collections", "accounts,tasks"}), 0) << err_;
  EXPECT_EQ(out_, "2024-12-31T00:00:00Z  7  created  accounts/acme\n");
  EXPECT_THAT(err_, HasSubstr("--resume token7"));
  EXPECT_EQ(server_.watch_requests[0].collections_size(), 2);
  EXPECT_EQ(Run({"watch", "--limit", "1", "--resume", "token7", "-o", "jsonl"}), 0);
  EXPECT_EQ(server_.watch_requests[1].resume_token(), "token7");
  EXPECT_EQ(Json::parse(out_)["account"]["display_name"], "Acme");
  server_.watch_streams = {{response}, {response}, {response}};
  EXPECT_EQ(Run({"watch", "--limit", "1", "-o", "csv"}), 0) << err_;
  EXPECT_EQ(out_, "commit_time,revision,type,name,actor\n2024-12-31T00:00:00Z,7,created,accounts/acme,\n");
}

TEST_F(CommandTest, ShowsRowsOfThePortfolioAsTheyChange) {
  v1::WatchPortfolioResponse response;
  response.set_computed_through(9);
  response.set_resume_token("token9");
  response.set_begins_again(true);
  v1::PortfolioChange& change = *response.add_changes();
  change.set_type(v1::PORTFOLIO_CHANGE_TYPE_CHANGED);
  change.mutable_entry()->set_account("accounts/acme");
  change.mutable_entry()->set_display_name("Acme");
  change.mutable_entry()->mutable_health()->set_score(41);
  change.mutable_entry()->mutable_health()->set_band(v1::HEALTH_BAND_RED);
  change.mutable_entry()->set_health_trend(-12);
  change.mutable_entry()->add_risks("usage_drop");
  v1::PortfolioChange& left = *response.add_changes();
  left.set_type(v1::PORTFOLIO_CHANGE_TYPE_LEFT);
  left.mutable_entry()->set_account("accounts/globex");
  server_.portfolio_streams = {{response}, {response}};
  EXPECT_EQ(Run({"watch", "portfolio", "--filter", "health < 50", "--limit", "2"}), 0) << err_;
  EXPECT_EQ(out_, "9  changed  accounts/acme  Acme  41 red -12  risk usage_drop\n9  left  accounts/globex\n");
  EXPECT_THAT(err_, AllOf(HasSubstr("all rows come again"), HasSubstr("--resume token9")));
  EXPECT_EQ(server_.portfolio_requests[0].filter(), "health < 50");
  EXPECT_EQ(Run({"watch", "portfolio", "--limit", "1", "--resume", "token9", "-o", "jsonl"}), 0);
  EXPECT_EQ(server_.portfolio_requests[1].resume_token(), "token9");
  EXPECT_EQ(Json::parse(out_.substr(0, out_.find('\n')))["entry"]["display_name"], "Acme");
  EXPECT_EQ(Run({"watch", "portfolio", "--collections", "tasks"}), 2);
  EXPECT_THAT(err_, HasSubstr("--filter"));
  EXPECT_EQ(Run({"watch", "--filter", "health < 50"}), 2);
  EXPECT_THAT(err_, HasSubstr("folio watch portfolio"));
}

TEST_F(CommandTest, TheDoctorSaysWhatIsWrong) {
  EXPECT_EQ(Run({"doctor"}), 0) << err_;
  EXPECT_THAT(out_, AllOf(HasSubstr("workspaces/test"), HasSubstr("foliod 0.0.0")));
  EXPECT_EQ(RunBare({"--server", "127.0.0.1:1", "doctor"}), 7);
  EXPECT_THAT(out_, AllOf(HasSubstr("no key is given"), HasSubstr("failed  server"), Not(HasSubstr("ok  "))));
  EXPECT_THAT(err_, AllOf(HasSubstr("Connection refused"), Not(HasSubstr("folio doctor"))));
}

TEST_F(CommandTest, TheDoctorWritesWhatProgramsRead) {
  EXPECT_EQ(Run({"doctor", "-o", "json"}), 0) << err_;
  EXPECT_EQ(Json::parse(out_)[0]["verdict"], "ok");
  EXPECT_EQ(Run({"--lang", "fr", "doctor", "-o", "jsonl"}), 0) << err_;
  EXPECT_EQ(Json::parse(out_.substr(0, out_.find('\n')))["check"], "server");
  EXPECT_EQ(Run({"doctor", "-o", "csv"}), 0) << err_;
  EXPECT_THAT(out_, ::testing::StartsWith("verdict,check,detail\nok,server,"));
  EXPECT_EQ(RunBare({"--server", "127.0.0.1:1", "doctor", "-o", "json"}), 7);
  EXPECT_EQ(Json::parse(out_)[0]["verdict"], "failed");
}

TEST_F(CommandTest, DeletesTheRestWhereOneIsNotThere) {
  for (const char* id : {"a1", "a2", "a3"}) AddAccount(id, "Acme");
  EXPECT_EQ(Run({"accounts", "delete", "a1", "nope", "a2", "--yes"}), 3);
  EXPECT_THAT(err_, AllOf(HasSubstr("accounts/a1: deleted"), HasSubstr("accounts/a2: deleted"), HasSubstr("nope")));
  EXPECT_EQ(Run({"accounts", "delete", "nope", "neither", "--yes"}), 5);
  EXPECT_THAT(err_, AllOf(HasSubstr("nope"), HasSubstr("neither")));
  EXPECT_EQ(Run({"accounts", "delete", "a3", "--dry-run"}), 0) << err_;
  EXPECT_THAT(err_, HasSubstr("accounts/a3: would be deleted, nothing written"));
}

TEST_F(CommandTest, ADryRunSaysThatNothingWasWritten) {
  EXPECT_EQ(Run({"accounts", "create", "a1", "--set", "display_name=Acme", "--dry-run"}), 0) << err_;
  EXPECT_THAT(err_, HasSubstr("dry run: nothing was written"));
  EXPECT_EQ(Run({"--lang", "fr", "accounts", "create", "a2", "--set", "display_name=Acme", "--dry-run"}), 0) << err_;
  EXPECT_THAT(err_, HasSubstr("essai : rien n'est écrit"));
  EXPECT_EQ(Run({"accounts", "create", "a3", "--set", "display_name=Acme"}), 0) << err_;
  EXPECT_THAT(err_, Not(HasSubstr("nothing")));
}

TEST_F(CommandTest, ReadsItsProfile) {
  std::filesystem::create_directories(files_.Path("config/folio"));
  files_.Write("config/folio/config.toml", "default_profile = \"t\"\n[profiles.t]\nserver = \"" + server_.address() +
                                               "\"\nkey = \"from the profile\"\n");
  AddAccount("acme", "Acme");
  EXPECT_EQ(RunBare({"accounts", "get", "acme"}), 0) << err_;
  EXPECT_EQ(server_.last_metadata.find("authorization")->second, "Bearer from the profile");
  EXPECT_EQ(RunBare({"accounts", "get", "acme", "--profile", "nothing"}), 5);
  files_.Write("config/folio/config.toml", "[profiles.fr]\nserver = \"127.0.0.1:1\"\nlocale = \"fr\"\n");
  EXPECT_EQ(RunBare({"accounts", "get", "acme", "--profile", "fr"}), 7);
  EXPECT_THAT(err_, HasSubstr("erreur : aucun serveur ne répond"));
}

TEST_F(CommandTest, SpeaksTheLanguageOfItsProfileWhateverTheTerminals) {
  std::filesystem::create_directories(files_.Path("config/folio"));
  setenv("LC_ALL", "fr_FR.UTF-8", 1);
  files_.Write("config/folio/config.toml",
               "[profiles.en]\nserver = \"127.0.0.1:1\"\nlocale = \"en\"\n"
               "[profiles.none]\nserver = \"127.0.0.1:1\"\n");
  EXPECT_EQ(RunBare({"accounts", "get", "acme", "--profile", "en"}), 7);
  EXPECT_THAT(err_, HasSubstr("error: no server answers"));
  EXPECT_EQ(RunBare({"accounts", "get", "acme", "--profile", "none"}), 7);
  EXPECT_THAT(err_, HasSubstr("erreur : aucun serveur ne répond"));
  EXPECT_EQ(RunBare({"accounts", "get", "acme", "--profile", "en", "--locale", "fr"}), 7);
  EXPECT_THAT(err_, HasSubstr("erreur : aucun serveur ne répond"));
}

TEST_F(CommandTest, RefusesAQuestionAboutModelsThatItCannotRead) {
  for (const char* outcome : {"chrun", "custom:churn", "downgrade:much", "downgrade:0.2x", "churn:90", "renewal:"}) {
    EXPECT_EQ(Run({"models", "backtest", "default", "--outcome", outcome}), 2) << outcome;
    EXPECT_THAT(err_, HasSubstr("custom:FIELD=VALUE")) << outcome;
  }
  const std::string file = files_.Write("m.json", R"({"display_name": "M"})");
  EXPECT_EQ(Run({"models", "fit", "default", "--file", file, "--outcome", "churn"}), 2);
  EXPECT_THAT(err_, HasSubstr("one of the two"));
  EXPECT_EQ(Run({"models", "fit", "default", "--outcome", "churn", "--folds", "1"}), 2);
}

}  // namespace
}  // namespace folio::cli
