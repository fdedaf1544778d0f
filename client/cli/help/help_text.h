// What --help shows.
#pragma once

#include <string>

#include "client/cli/help/command_text.h"

namespace folio::cli {

// Of one command. Exit codes stand at the program's own help.
std::string HelpText(const CommandText& command);

}  // namespace folio::cli
