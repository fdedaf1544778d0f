// What is wrong with a command line, said in both languages and with the nearest right word.
#pragma once

#include "CLI/CLI.hpp"
#include "client/cli/app/language.h"

namespace folio::cli {

struct UsageError {
  Words text;
  std::string command;  // "folio accounts list", whose --help tells more
};

// `app` has just refused a command line with `error`.
UsageError Explain(const CLI::App& app, const CLI::ParseError& error);

}  // namespace folio::cli
