// Help, manual pages, the reference and completion: all from one description of the commands.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "absl/strings/str_split.h"
#include "client/cli/commands/commands.h"
#include "client/cli/commands/resource.h"
#include "client/cli/help/command_text.h"
#include "client/cli/help/complete.h"
#include "gmock/gmock.h"
#include "tests/cli/program.h"

namespace folio::cli {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

class HelpTest : public ProgramTest {
 protected:
  // What completion offers for a line, without descriptions; the last word is the one being typed.
  std::vector<std::string> Offers(std::vector<std::string> words) {
    words.insert(words.begin(), {"complete", "--"});
    EXPECT_EQ(RunBare(words), 0);
    EXPECT_THAT(err_, IsEmpty());
    std::vector<std::string> offers;
    for (const absl::string_view line : absl::StrSplit(out_, '\n', absl::SkipEmpty())) {
      offers.emplace_back(line.substr(0, line.find('\t')));
    }
    return offers;
  }
};

void ExpectDescribed(const CommandText& command) {
  EXPECT_THAT(command.description, Not(IsEmpty())) << command.path;
  EXPECT_THAT(command.description, Not(EndsWith("."))) << command.path;
  for (const auto* options : {&command.arguments, &command.flags}) {
    for (const OptionText& option : *options) {
      EXPECT_THAT(option.description, Not(IsEmpty())) << command.path << " " << option.long_name();
    }
  }
  for (const CommandText& below : command.commands) ExpectDescribed(below);
}

TEST_F(HelpTest, EveryCommandAndFlagIsDescribed) {
  std::ostringstream ignored;
  Context context({.out = ignored, .err = ignored}, {});
  CLI::App app("Tests", "folio");
  AddCommands(app, context);
  ExpectDescribed(Describe(app));
}

TEST_F(HelpTest, TheReferenceIsThatOfTheProgram) {
  ASSERT_EQ(RunBare({"manual", "--reference"}), 0);
  std::ifstream file(FOLIO_SOURCE_DIR "/docs/cli-reference.md");
  const std::string written{std::istreambuf_iterator<char>(file), {}};
  EXPECT_TRUE(out_ == written) << "docs/cli-reference.md is not what the program says; make it again by\n"
                                  "  build/release/bin/folio manual --reference > docs/cli-reference.md";
}

// A method is called by a command where its name stands in a source of the commands, or where it is one of the standard
// methods of a resource that has commands.
TEST_F(HelpTest, EveryMethodHasACommand) {
  std::string sources;
  for (const char* folder : {"commands", "import"}) {
    for (const auto& entry :
         std::filesystem::directory_iterator(std::string(FOLIO_SOURCE_DIR "/client/cli/") + folder)) {
      std::ifstream file(entry.path());
      sources.append(std::istreambuf_iterator<char>(file), {});
    }
  }
  std::set<const google::protobuf::MethodDescriptor*> standard;
  std::vector<Resource> resources = Resources();
  for (const Resource* one : {&CustomFieldResource(), &FactResource(), &WorkspaceResource(), &SignalRuleResource(),
                              &CustomIndicatorResource(), &IndicatorTargetResource()}) {
    resources.push_back(*one);
  }
  for (const Resource& resource : resources) {
    standard.insert(
        {resource.get, resource.list, resource.create, resource.update, resource.remove, resource.undelete});
  }
  // Called by the library's functions; of the series, `indicators series` draws what ComputeIndicators answers.
  const std::set<std::string> by_library = {"ImportService.Import", "WatchService.Watch",
                                            "PortfolioService.WatchPortfolio", "IndicatorService.StreamSeries"};
  for (const auto* service : Services()) {
    for (int i = 0; i < service->method_count(); ++i) {
      const std::string name = service->name() + "." + service->method(i)->name();
      EXPECT_TRUE(standard.contains(service->method(i)) || by_library.contains(name) ||
                  sources.find("\"" + name + "\"") != std::string::npos)
          << "no command calls " << name;
    }
  }
}

TEST_F(HelpTest, SaysHowACommandIsUsed) {
  EXPECT_EQ(RunBare({"models", "backtest", "--help"}), 0);
  EXPECT_THAT(out_, AllOf(HasSubstr("Usage: folio models backtest [MODEL] --outcome OUTCOME [FLAGS]\n"),
                          HasSubstr("  --first DAY"), HasSubstr("(required)")));
  EXPECT_EQ(RunBare({"accounts", "-h"}), 0);
  EXPECT_THAT(out_, AllOf(HasSubstr("  undelete  "), HasSubstr("folio accounts COMMAND --help")));
  EXPECT_EQ(RunBare({"--help"}), 0);
  EXPECT_THAT(out_, AllOf(HasSubstr("  3    done in part"), HasSubstr("--output table|json|jsonl|csv")));
}

TEST_F(HelpTest, WritesManualPages) {
  ASSERT_EQ(RunBare({"manual", files_.Path("man")}), 0);
  EXPECT_THAT(files_.Read("man/folio.1"),
              AllOf(HasSubstr(".TH FOLIO 1"), HasSubstr(".SH EXIT STATUS"), HasSubstr("\\fBFOLIO_SERVER\\fR")));
  EXPECT_THAT(files_.Read("man/folio-accounts.1"),
              AllOf(HasSubstr(".SS folio accounts list [FLAGS]"), HasSubstr("\\fB\\-\\-filter FILTER\\fR")));
  EXPECT_EQ(RunBare({"manual"}), 2);
  EXPECT_EQ(RunBare({"manual", files_.Write("file", "x")}), 2);
}

TEST_F(HelpTest, CompletesCommandsFlagsAndChoices) {
  EXPECT_THAT(Offers({"acc"}), ElementsAre("accounts"));
  EXPECT_THAT(Offers({"accounts", "un"}), ElementsAre("undelete"));
  EXPECT_THAT(Offers({"accounts", "list", "--fi"}), ElementsAre("--filter", "--fields"));
  EXPECT_THAT(Offers({"-o", "json", "accounts", "l"}), ElementsAre("list"));
  EXPECT_THAT(Offers({"accounts", "list", "-o", "json"}), ElementsAre("json", "jsonl"));
  EXPECT_THAT(Offers({"accounts", "list", "--output=t"}), ElementsAre("--output=table"));
  EXPECT_THAT(Offers({"accounts", "list", "--output", "=", "t"}), ElementsAre("table"));  // as bash splits it
  EXPECT_THAT(Offers({"facts", "list", "--kind", "usage,ti"}), ElementsAre("usage,ticket"));
  EXPECT_THAT(Offers({"api", "call", "AccountService.U"}),
              ElementsAre("AccountService.UpdateAccount", "AccountService.UndeleteAccount"));
  EXPECT_THAT(Offers({"accounts", "import", "x"}), ElementsAre(":files"));
  EXPECT_THAT(Offers({"complet"}), ElementsAre("completion"));
  for (const std::vector<std::string>& nothing : std::vector<std::vector<std::string>>{
           {"nonsense"}, {"nonsense", ""}, {"accounts", "list", "--filter", "x"}, {"accounts", "create", ""}}) {
    EXPECT_THAT(Offers(nothing), IsEmpty()) << ::testing::PrintToString(nothing);
  }
}

TEST_F(HelpTest, CompletesFieldsAndColumns) {
  EXPECT_THAT(Offers({"accounts", "list", "--fields", "id,disp"}), ElementsAre("id,display_name"));
  EXPECT_THAT(Offers({"accounts", "list", "--fields=sec"}), ElementsAre("--fields=sector"));
  EXPECT_THAT(Offers({"portfolio", "list", "--fields", "health.ba"}), ElementsAre("health.band"));
  EXPECT_THAT(Offers({"signals", "list", "--fields", "severity,assi"}), ElementsAre("severity,assignee"));
  EXPECT_THAT(Offers({"portfolio", "list", "--order-by", "arr_"}), ElementsAre("arr_year_ago"));
  EXPECT_THAT(Offers({"accounts", "list", "--order-by", "sector,contract"}), ElementsAre("sector,contract_start"));
  EXPECT_THAT(Offers({"tasks", "list", "--order-by", "du"}), ElementsAre("due"));
  EXPECT_THAT(Offers({"portfolio", "summary", "--group-by", "risk"}), ElementsAre("risk", "risk_severity"));
  EXPECT_THAT(Offers({"indicators", "compute", "mrr", "--group-by", "sector,deals.ow"}),
              ElementsAre("sector,deals.owner"));
  EXPECT_THAT(Offers({"models", "backtest", "default", "--segment-by", "sec"}), ElementsAre("sector"));
  EXPECT_THAT(Offers({"completion", "--fields", ""}), IsEmpty());
}

TEST_F(HelpTest, AListOfFieldsEndsWithItsWord) {
  server_.accounts["accounts/acme"].set_name("accounts/acme");
  EXPECT_EQ(RunBare({"accounts", "get", "--server", server_.address(), "-o", "csv", "--fields", "id", "acme"}), 0)
      << err_;
  EXPECT_EQ(out_, "id\nacme\n");
}

TEST_F(HelpTest, CompletesNamesThatTheServerHolds) {
  for (const char* id : {"acme", "acorn", "bolt"}) {
    v1::Account& account = server_.accounts[std::string("accounts/") + id];
    account.set_name(std::string("accounts/") + id);
    account.set_display_name("The\nname");
  }
  const std::string server = "--server=" + server_.address();
  EXPECT_THAT(Offers({server, "accounts", "get", "ac"}), ElementsAre("acme", "acorn"));
  EXPECT_THAT(out_, StartsWith("acme\tThe name\n"));
  EXPECT_THAT(Offers({server, "health", "explain", "b"}), ElementsAre("bolt"));
  EXPECT_THAT(Offers({server, "accounts", "delete", "acme", "bo"}), ElementsAre("bolt"));
  EXPECT_THAT(Offers({server, "watch", "--account=bo"}), ElementsAre("--account=bolt"));
  server_.intercept = [](const std::string&) { return grpc::Status(grpc::StatusCode::UNAUTHENTICATED, "no key"); };
  EXPECT_THAT(Offers({server, "accounts", "get", "ac"}), IsEmpty());
}

TEST_F(HelpTest, CompletesInSilenceWithoutAServer) {
  EXPECT_THAT(Offers({"--server", "127.0.0.1:1", "accounts", "get", ""}), IsEmpty());
  EXPECT_THAT(Offers({"--profile", ""}), IsEmpty());
  std::filesystem::create_directories(files_.Path("config/folio"));
  files_.Write("config/folio/config.toml", "[profiles.prod]\nserver = \"x\"\n[profiles.test]\n");
  EXPECT_THAT(Offers({"--profile", "p"}), ElementsAre("prod"));
  files_.Write("config/folio/config.toml", "not toml");
  EXPECT_THAT(Offers({"--profile", "p"}), IsEmpty());
}

TEST_F(HelpTest, PrintsTheScriptOfEachShell) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    EXPECT_EQ(RunBare({"completion", shell}), 0);
    EXPECT_THAT(out_, HasSubstr("complete --")) << shell;
  }
  EXPECT_EQ(RunBare({"completion", "tcsh"}), 2);
}

struct UsageCase {
  std::vector<std::string> arguments;
  std::string english;
  std::string french;
};

class UsageTest : public ProgramTest, public ::testing::WithParamInterface<UsageCase> {};

TEST_P(UsageTest, NamesTheFirstCauseInBothLanguages) {
  const UsageCase& expected = GetParam();
  EXPECT_EQ(RunBare(expected.arguments), 2);
  EXPECT_EQ(err_.substr(0, err_.find('\n')), "error: " + expected.english);
  EXPECT_THAT(err_, HasSubstr(" --help tells"));
  std::vector<std::string> french = {"--locale", "fr"};
  french.insert(french.end(), expected.arguments.begin(), expected.arguments.end());
  EXPECT_EQ(RunBare(french), 2);
  EXPECT_EQ(err_.substr(0, err_.find('\n')), "erreur : " + expected.french);
}

INSTANTIATE_TEST_SUITE_P(
    Lines, UsageTest,
    ::testing::Values(UsageCase{{}, "folio needs a command.", "folio attend une commande."},
                      UsageCase{{"acounts", "list"},
                                "folio has no command 'acounts'; do you mean 'accounts'?",
                                "folio n'a pas de commande 'acounts' ; est-ce 'accounts' ?"},
                      UsageCase{{"accounts", "list", "--filtr=x"},
                                "folio accounts list has no flag '--filtr'; do you mean '--filter'?",
                                "folio accounts list n'a pas d'option '--filtr' ; est-ce '--filter' ?"},
                      UsageCase{{"accounts", "get", "a", "b"},
                                "folio accounts get takes no further argument: 'b'.",
                                "folio accounts get n'attend pas d'autre argument : 'b'."},
                      UsageCase{{"accounts", "list", "-o", "yaml"},
                                "--output is one of table, json, jsonl, csv, not 'yaml'.",
                                "--output est l'un de table, json, jsonl, csv, et non 'yaml'."},
                      UsageCase{{"accounts", "list", "--limit", "0"},
                                "--limit cannot be '0' (> 0).",
                                "--limit ne peut être '0' (> 0)."},
                      UsageCase{{"accounts", "list", "--page-size", "x"},
                                "--page-size cannot be 'x' (1..1000).",
                                "--page-size ne peut être 'x' (1..1000)."},
                      UsageCase{{"accounts", "list", "--filter"},
                                "--filter needs a value: --filter FILTER.",
                                "--filter attend une valeur : --filter FILTER."},
                      UsageCase{{"accounts", "import", "x.csv", "--map", "none.toml"},
                                "--map: there is no file 'none.toml'.",
                                "--map : le fichier 'none.toml' n'existe pas."},
                      UsageCase{{"watch", "--resume", "x", "--from-snapshot"},
                                "One of the two: --from-snapshot, --resume.",
                                "L'un des deux : --from-snapshot, --resume."},
                      UsageCase{{"keys", "create"},
                                "folio keys create needs --workspace WORKSPACE: The workspace that it opens.",
                                "folio keys create attend --workspace WORKSPACE."}));

}  // namespace
}  // namespace folio::cli
