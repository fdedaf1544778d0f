#include "folio/options.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace folio {
namespace {

using ::testing::HasSubstr;

namespace fs = std::filesystem;

class OptionsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(::testing::TempDir()) / ("options_" + std::to_string(getpid()));
    fs::create_directories(folder_ / "folio");
    setenv("XDG_CONFIG_HOME", folder_.c_str(), 1);
    for (const char* name : {"FOLIO_SERVER", "FOLIO_KEY", "FOLIO_KEY_FILE", "FOLIO_PROFILE"}) unsetenv(name);
  }
  void TearDown() override { fs::remove_all(folder_); }

  void Write(const std::string& text) { std::ofstream(folder_ / "folio" / "config.toml") << text; }
  std::string WriteKey(const std::string& text) {
    const std::string path = folder_ / "key";
    std::ofstream(path) << text;
    return path;
  }

  fs::path folder_;
};

TEST_F(OptionsTest, HaveDefaults) {
  const auto options = LoadOptions();
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->server, kDefaultServer);
  EXPECT_EQ(options->timeout, std::chrono::seconds(30));
  EXPECT_EQ(options->key, "");
}

TEST_F(OptionsTest, AreReadFromTheDefaultProfile) {
  Write(
      "default_profile = \"prod\"\n[profiles.prod]\nserver = \"prod:443\"\ntls = true\nkey = \"secret\"\n"
      "locale = \"fr\"\ntimeout_seconds = 2.5\n[profiles.test]\nserver = \"test:1\"\n");
  const auto options = LoadOptions();
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->server, "prod:443");
  EXPECT_TRUE(options->tls);
  EXPECT_EQ(options->key, "secret");
  EXPECT_EQ(options->locale, "fr");
  EXPECT_EQ(options->timeout, std::chrono::milliseconds(2500));
  EXPECT_EQ(LoadOptions({.profile = "test"})->server, "test:1");
}

TEST_F(OptionsTest, ArgumentsBeatTheEnvironmentAndThatBeatsTheProfile) {
  Write("default_profile = \"p\"\n[profiles.p]\nserver = \"profile:1\"\nkey = \"profile\"\n");
  EXPECT_EQ(LoadOptions()->server, "profile:1");
  setenv("FOLIO_SERVER", "environment:1", 1);
  setenv("FOLIO_KEY", "environment", 1);
  EXPECT_EQ(LoadOptions()->server, "environment:1");
  EXPECT_EQ(LoadOptions()->key, "environment");
  EXPECT_EQ(LoadOptions({.server = "argument:1"})->server, "argument:1");
  EXPECT_EQ(LoadOptions({.key_file = WriteKey("file\n")})->key, "file");
  EXPECT_EQ(LoadOptions({.key = "argument"})->key, "argument");
}

TEST_F(OptionsTest, ReadKeysFromFiles) {
  const std::string path = WriteKey("  folio_key \r\nsomething else\n");
  Write("default_profile = \"p\"\n[profiles.p]\nkey_file = \"" + path + "\"\n");
  EXPECT_EQ(LoadOptions()->key, "folio_key");
  EXPECT_EQ(LoadOptions({.key_file = "/nowhere/key"}).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(OptionsTest, RefuseWhatTheyDoNotKnow) {
  Write("default_profile = \"p\"\n[profiles.p]\nserver = \"a:1\"\nsevrer = \"b:1\"\n");
  const absl::Status status = LoadOptions().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("config.toml:4"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("sevrer"));
}

TEST_F(OptionsTest, TellWhereTheFileIsWrong) {
  Write("default_profile = \"p\"\n[profiles.p\n");
  EXPECT_THAT(std::string(LoadOptions().status().message()), HasSubstr("config.toml:2"));
}

TEST_F(OptionsTest, RefuseAProfileThatDoesNotExist) {
  EXPECT_EQ(LoadOptions({.profile = "none"}).status().code(), absl::StatusCode::kNotFound);
  Write("[profiles.p]\nserver = \"a:1\"\n");
  EXPECT_EQ(LoadOptions({.profile = "none"}).status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace folio
