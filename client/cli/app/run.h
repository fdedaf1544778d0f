// The program: parses a command line, runs its command, reports, and says how it went.
#pragma once

#include <ostream>
#include <stop_token>
#include <string>
#include <vector>

namespace folio::cli {

struct Terminal {
  std::ostream& out;
  std::ostream& err;
  bool err_is_terminal = false;
};

// `arguments` without the program's name. Returns the exit code (app/context.h). Throws nothing. `stop` interrupts.
int Run(const std::vector<std::string>& arguments, Terminal terminal, std::stop_token stop);

}  // namespace folio::cli
