#include "server/rpc/config.h"

#include <fstream>
#include <iterator>
#include <map>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/text.h"
#include "tests/rpc/harness.h"

namespace folio::rpc {
namespace {

using ::testing::HasSubstr;

class ConfigTest : public ::testing::Test {
 protected:
  absl::StatusOr<Command> Read(std::vector<const char*> flags) {
    flags.insert(flags.begin(), "foliod");
    return ReadCommand(
        static_cast<int>(flags.size()), flags.data(),
        [this](const std::string& name) -> std::optional<std::string> {
          const auto found = environment_.find(name);
          return found == environment_.end() ? std::nullopt : std::optional(found->second);
        },
        "1.2.3");
  }

  std::string ErrorOf(std::vector<const char*> flags) {
    const auto command = Read(std::move(flags));
    return command.ok() ? "" : std::string(MessageOf(command.status()));
  }

  std::string WriteFile(const std::string& content) {
    std::ofstream(folder_.File("folio.toml")) << content;
    return folder_.File("folio.toml");
  }

  TemporaryFolder folder_;
  std::map<std::string, std::string> environment_;
};

TEST_F(ConfigTest, LaterSourcesWin) {
  const std::string file = WriteFile("data = 'file'\nlisten = '127.0.0.1:1'\nlog_level = 'debug'\n");
  environment_ = {{"FOLIO_LISTEN", "127.0.0.1:2"}, {"FOLIO_LOG_LEVEL", "warning"}};
  const auto command = Read({"--config", file.c_str(), "--log-level", "error"});
  ASSERT_TRUE(command.ok()) << command.status();
  EXPECT_EQ(command->config.data, "file");
  EXPECT_EQ(command->config.listen, "127.0.0.1:2");
  EXPECT_EQ(command->config.log_level, "error");
}

TEST_F(ConfigTest, UnknownNamesAreRefusedWithTheNearest) {
  const std::string file = WriteFile("data = 'x'\nlisen = '127.0.0.1:1'\n");
  EXPECT_THAT(ErrorOf({"--config", file.c_str()}),
              HasSubstr("folio.toml:2: there is no setting lisen; did you mean listen?"));
  EXPECT_THAT(ErrorOf({"--dev", "--lisen=x"}), HasSubstr("there is no flag --lisen; did you mean --listen?"));
}

TEST_F(ConfigTest, TypesAreChecked) {
  EXPECT_THAT(ErrorOf({"--config", WriteFile("data = 7\n").c_str()}), HasSubstr("data must be text in quotes"));
  EXPECT_THAT(ErrorOf({"--config", WriteFile("dev = 'yes'\n").c_str()}), HasSubstr("dev must be true or false"));
  EXPECT_THAT(ErrorOf({"--config", WriteFile("data = \n").c_str()}), HasSubstr("folio.toml:1"));
  EXPECT_THAT(ErrorOf({"--config", "/nowhere/folio.toml"}), HasSubstr("/nowhere/folio.toml"));
  environment_ = {{"FOLIO_DEV", "yes"}};
  EXPECT_THAT(ErrorOf({}), HasSubstr("FOLIO_DEV"));
}

TEST_F(ConfigTest, WhatDoesNotGoTogetherIsRefused) {
  EXPECT_THAT(ErrorOf({}), HasSubstr("--data is missing"));
  EXPECT_THAT(ErrorOf({"--data", "x", "--ephemeral"}), HasSubstr("--dev"));
  EXPECT_THAT(ErrorOf({"--data", "x", "--now", "2024-12-31T00:00:00Z"}), HasSubstr("--dev"));
  EXPECT_THAT(ErrorOf({"--dev", "--now", "yesterday"}), HasSubstr("2024-12-31T10:00:00Z"));
  EXPECT_THAT(ErrorOf({"--data", "x", "--tls-key", "k"}), HasSubstr("tls_certificate and tls_key go together"));
  EXPECT_THAT(ErrorOf({"--dev", "--log-level", "loud"}), HasSubstr("debug, info"));
  EXPECT_THAT(ErrorOf({"--dev", "--dev-time-zone", "Mars/Base"}), HasSubstr("Mars/Base"));
  EXPECT_THAT(ErrorOf({"--dev", "--listen", "nothing"}), HasSubstr("HOST:PORT"));
}

TEST_F(ConfigTest, OtherMachinesNeedTls) {
  EXPECT_THAT(ErrorOf({"--data", "x", "--listen", "0.0.0.0:7117"}), HasSubstr("tls_certificate"));
  EXPECT_EQ(ErrorOf({"--data", "x", "--listen", "0.0.0.0:7117", "--insecure"}), "");
  EXPECT_EQ(ErrorOf({"--data", "x", "--listen", "0.0.0.0:7117", "--tls-key", "k", "--tls-certificate", "c"}), "");
  EXPECT_THAT(ErrorOf({"--dev", "--listen", "0.0.0.0:7117", "--insecure"}), HasSubstr("this machine only"));
  for (const char* local : {"127.0.0.1:0", "[::1]:0", "localhost:7117", "unix:/tmp/folio.sock"}) {
    EXPECT_EQ(ErrorOf({"--dev", "--listen", local}), "");
  }
}

TEST_F(ConfigTest, WhatIsPrintedIsReadAgain) {
  Config config;
  config.data = "a \"quoted\" \\ folder";
  config.dev = true;
  const std::string text = FormatConfig(config);
  const auto command = Read({"--config", WriteFile(text).c_str()});
  ASSERT_TRUE(command.ok()) << command.status();
  EXPECT_EQ(FormatConfig(command->config), text);
  EXPECT_EQ(Read({"--dev", "--print-config"})->action, Command::Action::kPrintConfig);
}

TEST_F(ConfigTest, HelpAndVersionAreTexts) {
  EXPECT_EQ(Read({"--version"})->text, "foliod 1.2.3\n");
  EXPECT_THAT(Read({"--help"})->text, HasSubstr("--dev-time-zone"));
}

TEST(ConfigDocument, ListsEverySetting) {
  std::ifstream file(FOLIO_SOURCE_DIR "/docs/configuration.md");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  for (const Setting& setting : AllSettings()) {
    EXPECT_THAT(text, HasSubstr("`" + setting.name + "`"));
    EXPECT_THAT(text, HasSubstr("`" + setting.flag() + "`"));
    EXPECT_THAT(text, HasSubstr("`" + setting.environment() + "`"));
  }
}

}  // namespace
}  // namespace folio::rpc
