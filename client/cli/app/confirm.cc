#include "client/cli/app/confirm.h"

#include <string>

#include "client/cli/value/fault.h"

namespace folio::cli {

absl::Status Confirm(Context& context, const Words& what, int64_t count, int64_t unasked_max) {
  if (context.flags.yes) return absl::OkStatus();
  if (context.terminal.in == nullptr || context.flags.no_input) {
    if (!context.flags.no_input && count <= unasked_max) return absl::OkStatus();
    return WrongUsage(what.english + "? Nobody can be asked: give --yes.",
                      what.french + " ? Personne ne peut répondre : donnez --yes.");
  }
  context.err << context.Say(what) << context.Say({"? [y/N] ", " ? [o/N] "}) << std::flush;
  std::string answer;
  std::getline(*context.terminal.in, answer);
  for (const char* yes : {"y", "Y", "yes", "o", "O", "oui"}) {
    if (answer == yes) return absl::OkStatus();
  }
  return absl::CancelledError(context.Say({"Nothing has been done.", "Rien n'a été fait."}));
}

}  // namespace folio::cli
