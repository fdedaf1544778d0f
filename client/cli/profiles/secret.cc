#include "client/cli/profiles/secret.h"

#include <termios.h>
#include <unistd.h>

#include "absl/strings/ascii.h"

namespace folio::cli {
namespace {

// While it lives, the terminal does not show what is typed.
class WithoutEcho {
 public:
  WithoutEcho() : known_(tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (!known_) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  ~WithoutEcho() {
    if (known_) tcsetattr(STDIN_FILENO, TCSANOW, &before_);
  }
  WithoutEcho(const WithoutEcho&) = delete;
  WithoutEcho& operator=(const WithoutEcho&) = delete;

 private:
  termios before_{};
  const bool known_;
};

}  // namespace

std::string AskSecret(Context& context, const Words& question) {
  if (context.terminal.in == nullptr || context.flags.no_input) return "";
  const WithoutEcho silence;
  context.err << context.Say(question) << std::flush;
  std::string line;
  std::getline(*context.terminal.in, line);
  context.err << '\n';
  absl::StripAsciiWhitespace(&line);
  return line;
}

}  // namespace folio::cli
