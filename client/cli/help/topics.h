// What holds for every command: exit codes and variables of the environment.
#pragma once

#include <string>
#include <vector>

namespace folio::cli {

struct Topic {
  std::string name;
  std::string meaning;
};

// By exit code (app/context.h), in ascending order.
const std::vector<Topic>& ExitCodes();

// Variables that are read.
const std::vector<Topic>& Environment();

// Files that are read or written.
const std::vector<Topic>& UsedFiles();

}  // namespace folio::cli
