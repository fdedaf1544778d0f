// Secrets that a person types.
#pragma once

#include <string>

#include "client/cli/app/context.h"

namespace folio::cli {

// Asks on the terminal for one line, which is not shown while it is typed. Empty where nobody can be asked, or nothing
// is given.
std::string AskSecret(Context& context, const Words& question);

}  // namespace folio::cli
