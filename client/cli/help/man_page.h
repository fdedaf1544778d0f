// Manual pages (section 1), in the language of man(7).
#pragma once

#include <string>

#include "client/cli/help/command_text.h"

namespace folio::cli {

// The page of the program, or of one of the commands directly below it with all that is below that.
std::string ManPage(const CommandText& command, const CommandText& program, const std::string& version);

// "folio.1", "folio-accounts.1".
std::string ManPageName(const CommandText& command);

}  // namespace folio::cli
