// How a long command tells how far it is.
#pragma once

namespace folio::cli {

enum class ProgressStyle {
  kTerminal,  // one line that is written over
  kLog,       // a line now and then
  kJson,      // an object a line, a second apart, and one at the end
  kNone,
};

}  // namespace folio::cli
