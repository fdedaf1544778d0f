// Questions before something is done.
#include <sstream>

#include "gmock/gmock.h"
#include "tests/cli/program.h"

namespace folio::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ConfirmTest : public ProgramTest {
 protected:
  ConfirmTest() {
    for (int i = 0; i < 20; ++i) {
      const std::string name = "accounts/a" + std::to_string(i);
      server_.accounts[name].set_name(name);
    }
  }

  // As on a terminal where somebody types an answer.
  int RunAnswering(const std::string& answer, std::vector<std::string> arguments) {
    std::istringstream in(answer);
    std::ostringstream out;
    std::ostringstream err;
    arguments.insert(arguments.begin(), {"--server", server_.address(), "--key", "test"});
    const int code = cli::Run(arguments, {.out = out, .err = err, .err_is_terminal = true, .in = &in}, {});
    err_ = err.str();
    return code;
  }

  static std::vector<std::string> DeleteAll() {
    std::vector<std::string> arguments = {"accounts", "delete"};
    for (int i = 0; i < 20; ++i) arguments.push_back("a" + std::to_string(i));
    return arguments;
  }
};

TEST_F(ConfirmTest, AsksOnATerminal) {
  EXPECT_EQ(RunAnswering("n\n", {"accounts", "delete", "a1"}), 130);
  EXPECT_THAT(err_, HasSubstr("Delete accounts/a1? [y/N]"));
  EXPECT_EQ(RunAnswering("", {"accounts", "delete", "a1"}), 130);
  EXPECT_THAT(server_.accounts, SizeIs(20));
  EXPECT_EQ(RunAnswering("y\n", {"accounts", "delete", "a1"}), 0);
  EXPECT_EQ(RunAnswering("oui\n", {"--locale", "fr", "accounts", "delete", "a2"}), 0);
  EXPECT_THAT(err_, HasSubstr("Supprimer accounts/a2 ? [o/N]"));
  EXPECT_EQ(RunAnswering("", {"accounts", "delete", "a3", "--yes"}), 0);
  EXPECT_THAT(server_.accounts, SizeIs(17));
}

TEST_F(ConfirmTest, RefusesWhereNobodyCanBeAsked) {
  EXPECT_EQ(RunAnswering("y\n", {"accounts", "delete", "a1", "--no-input"}), 2);
  EXPECT_EQ(Run({"accounts", "delete", "a1", "--no-input"}), 2);
  EXPECT_THAT(err_, HasSubstr("--yes"));
  EXPECT_EQ(Run(DeleteAll()), 2);
  EXPECT_THAT(err_, HasSubstr("Delete 20 accounts?"));
  EXPECT_THAT(server_.accounts, SizeIs(20));
  EXPECT_EQ(Run({"accounts", "delete", "a1"}), 0);  // a few, as the line says it
  EXPECT_THAT(server_.accounts, SizeIs(19));
}

TEST_F(ConfirmTest, TakesYesForAnAnswer) {
  std::vector<std::string> arguments = DeleteAll();
  arguments.push_back("-y");
  EXPECT_EQ(Run(arguments), 0) << err_;
  EXPECT_THAT(server_.accounts, IsEmpty());
}

TEST_F(ConfirmTest, AsksBeforeItDeletesModelsAndRules) {
  EXPECT_EQ(RunAnswering("n\n", {"models", "delete", "mine"}), 130);
  EXPECT_THAT(err_, HasSubstr("Delete healthModels/mine? [y/N]"));
  EXPECT_EQ(RunAnswering("n\n", {"signals", "rules", "delete", "mine"}), 130);
  EXPECT_THAT(err_, HasSubstr("Delete signalRules/mine? [y/N]"));
}

TEST_F(ConfirmTest, AsksNothingForATrial) {
  std::vector<std::string> arguments = DeleteAll();
  arguments.push_back("--dry-run");
  EXPECT_EQ(Run(arguments), 0) << err_;
  EXPECT_THAT(err_, HasSubstr("nothing written"));
}

}  // namespace
}  // namespace folio::cli
