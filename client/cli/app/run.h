// The program: parses a command line, runs its command, reports, and says how it went.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "client/cli/app/terminal.h"

namespace folio::cli {

// `arguments` without the program's name. Returns the exit code (app/context.h). Throws nothing. `stop` interrupts.
int Run(const std::vector<std::string>& arguments, Terminal terminal, std::stop_token stop);

}  // namespace folio::cli
