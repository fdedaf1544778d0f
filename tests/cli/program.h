// The program, run in process against a fake server.
#pragma once

#include <sstream>
#include <stop_token>
#include <string>
#include <vector>

#include "client/cli/app/run.h"
#include "gtest/gtest.h"
#include "tests/cli/files.h"
#include "tests/sdk/fake/fake_server.h"

namespace folio::cli {

class ProgramTest : public ::testing::Test {
 protected:
  ProgramTest() {
    for (const char* name : {"FOLIO_SERVER", "FOLIO_KEY", "FOLIO_KEY_FILE", "FOLIO_PROFILE"}) unsetenv(name);
    setenv("XDG_CONFIG_HOME", files_.Path("config").c_str(), 1);
    setenv("LC_ALL", "C", 1);
    setenv("FOLIO_COMPLETION_TIMEOUT", "60", 1);  // as long as it takes on a busy machine
  }

  // Runs a command; what it writes is in out_ and err_.
  int Run(std::vector<std::string> arguments, std::stop_token stop = {}) {
    arguments.insert(arguments.begin(), {"--server", server_.address(), "--key", "test"});
    return RunBare(arguments, std::move(stop));
  }
  int RunBare(const std::vector<std::string>& arguments, std::stop_token stop = {}) {
    std::ostringstream out;
    std::ostringstream err;
    const int code = cli::Run(arguments, {.out = out, .err = err}, std::move(stop));
    out_ = out.str();
    err_ = err.str();
    return code;
  }

  testing::FakeServer server_;
  Files files_;
  std::string out_;
  std::string err_;
};

}  // namespace folio::cli
