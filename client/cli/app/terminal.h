// Where a program reads and writes, and what of that is a terminal.
#pragma once

#include <istream>
#include <ostream>

namespace folio::cli {

struct Terminal {
  std::ostream& out;  // data, and nothing else
  std::ostream& err;
  bool err_is_terminal = false;
  bool out_is_terminal = false;
  std::istream* in = nullptr;  // where a person answers questions; nullptr where there is no such person
  bool colours = false;        // what goes to a terminal may be coloured
};

}  // namespace folio::cli
