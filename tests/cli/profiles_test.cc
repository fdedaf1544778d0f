// The file of profiles, written by the program and by people.
#include <sys/stat.h>

#include <filesystem>
#include <sstream>

#include "client/cli/profiles/profile_file.h"
#include "client/cli/value/fault.h"
#include "folio/options.h"
#include "gmock/gmock.h"
#include "tests/cli/program.h"

namespace folio::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

class ProfilesTest : public ProgramTest {
 protected:
  static constexpr char kFile[] = "config/folio/config.toml";

  void Keep(const std::string& text) {
    fs::create_directories(files_.Path("config/folio"));
    files_.Write(kFile, text);
  }

  static int ModeOf(const std::string& path) {
    struct stat status {};
    return stat(path.c_str(), &status) == 0 ? static_cast<int>(status.st_mode & 0777) : -1;
  }

  // As on a terminal where somebody types a line.
  int RunTyping(const std::string& line, const std::vector<std::string>& arguments) {
    std::istringstream in(line);
    std::ostringstream out;
    std::ostringstream err;
    const int code = cli::Run(arguments, {.out = out, .err = err, .err_is_terminal = true, .in = &in}, {});
    err_ = err.str();
    return code;
  }
};

TEST_F(ProfilesTest, AddsOnesThatTheLibraryReads) {
  EXPECT_EQ(RunTyping(" folio_secret \n",
                      {"profiles", "add", "prod", "--server", "folio.example:443", "--tls", "--locale", "fr"}),
            0)
      << err_;
  EXPECT_THAT(err_, HasSubstr("elle n'est pas montrée"));
  EXPECT_EQ(RunBare({"profiles", "add", "dev", "--server", "localhost:1", "--key", "other"}), 0) << err_;
  EXPECT_THAT(files_.Read(kFile), HasSubstr("[profiles.dev]\nserver = 'localhost:1'\nkey_file = "));  // no locale
  const absl::StatusOr<ClientOptions> usual = LoadOptions();
  ASSERT_TRUE(usual.ok()) << usual.status();
  EXPECT_EQ(usual->server, "folio.example:443");
  EXPECT_EQ(usual->key, "folio_secret");
  EXPECT_EQ(usual->locale, "fr");
  EXPECT_TRUE(usual->tls);
  EXPECT_EQ(RunBare({"profiles", "use", "dev"}), 0) << err_;
  const absl::StatusOr<ClientOptions> other = LoadOptions();
  ASSERT_TRUE(other.ok()) << other.status();
  EXPECT_EQ(other->server, "localhost:1");
  EXPECT_EQ(other->key, "other");
}

TEST_F(ProfilesTest, KeepsSecretsFromOthersAndOutOfLists) {
  ASSERT_EQ(RunTyping("folio_secret\n", {"profiles", "add", "prod", "--server", "a:1"}), 0) << err_;
  EXPECT_EQ(ModeOf(files_.Path(kFile)), 0600);
  EXPECT_EQ(ModeOf(files_.Path("config/folio/prod.key")), 0600);
  EXPECT_THAT(files_.Read(kFile), Not(HasSubstr("folio_secret")));
  Keep(files_.Read(kFile) + "[profiles.old]\nkey = \"folio_plain\"\n");
  for (const char* format : {"table", "json", "jsonl", "csv"}) {
    EXPECT_EQ(RunBare({"profiles", "list", "-o", format}), 0);
    EXPECT_THAT(out_, HasSubstr("prod.key"));
    EXPECT_THAT(out_, HasSubstr("old"));
    EXPECT_THAT(out_, Not(HasSubstr("folio_")));
  }
}

TEST_F(ProfilesTest, LeavesWhatPeopleWroteAsItIs) {
  Keep("# ours\ndefault_profile = \"a\"  # the usual one\n\n[profiles.a] # first\nserver = \"a:1\"");
  ASSERT_EQ(RunBare({"profiles", "add", "b", "--server", "b:1", "--default"}), 0) << err_;
  EXPECT_EQ(files_.Read(kFile),
            "# ours\ndefault_profile = 'b' # the usual one\n\n[profiles.a] # first\nserver = \"a:1\"\n\n"
            "[profiles.b]\nserver = 'b:1'\n");
  // A link to a file that is kept elsewhere stays one.
  fs::rename(files_.Path(kFile), files_.Path("elsewhere.toml"));
  fs::create_symlink(files_.Path("elsewhere.toml"), files_.Path(kFile));
  ASSERT_EQ(RunBare({"profiles", "use", "a"}), 0) << err_;
  EXPECT_TRUE(fs::is_symlink(files_.Path(kFile)));
  EXPECT_THAT(files_.Read("elsewhere.toml"), HasSubstr("default_profile = 'a' # the usual one"));
}

TEST_F(ProfilesTest, RefusesWhatIsWrongAndWritesNothing) {
  Keep("[profiles.a]\nserver = \"a:1\"\n");
  const std::string before = files_.Read(kFile);
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong = {
      {{"profiles", "add", "a", "--server", "x:1"}, "already"},
      {{"profiles", "add", "a b", "--server", "x:1"}, "letters, digits"},
      {{"profiles", "add", "b"}, "--server HOST:PORT"},
      {{"profiles", "add", "b", "--server", "x:1", "--key-file", "/nowhere"}, "/nowhere"},
      {{"profiles", "use", "b"}, "there are: a"},
  };
  for (const auto& [arguments, said] : wrong) {
    EXPECT_EQ(RunBare(arguments), 2);
    EXPECT_THAT(err_, HasSubstr(said));
  }
  files_.Write("config/folio/c.key", "kept");
  EXPECT_EQ(RunTyping("new\n", {"profiles", "add", "c", "--server", "x:1", "--locale", "en"}), 2);
  EXPECT_THAT(err_, HasSubstr("use it by --key-file"));
  EXPECT_EQ(files_.Read("config/folio/c.key"), "kept");
  EXPECT_EQ(files_.Read(kFile), before);
  EXPECT_FALSE(files_.Has("config/folio/b.key"));
  Keep("server = \n");
  EXPECT_EQ(RunBare({"profiles", "list"}), 2);
  EXPECT_THAT(err_, HasSubstr("config.toml:1: "));
}

TEST_F(ProfilesTest, TellsANewcomerHowToBegin) {
  EXPECT_EQ(RunBare({"profiles", "list"}), 0);
  EXPECT_THAT(err_, HasSubstr("folio profiles add NAME"));
  EXPECT_EQ(RunBare({"profiles", "list", "-o", "json"}), 0);
  EXPECT_EQ(out_, "[]\n");
}

}  // namespace
}  // namespace folio::cli
