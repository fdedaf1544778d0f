// The reference of the commands, as a document in Markdown: docs/cli-reference.md.
#pragma once

#include <string>

#include "client/cli/help/command_text.h"

namespace folio::cli {

std::string Reference(const CommandText& program);

}  // namespace folio::cli
