#include "client/cli/top/screen.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

namespace folio::cli {
namespace {

constexpr char kOtherPage[] = "\033[?1049h\033[?25l";
constexpr char kFirstPage[] = "\033[?25h\033[?1049l";
constexpr char kHome[] = "\033[H";
constexpr char kToLineEnd[] = "\033[K";
constexpr char kToPageEnd[] = "\033[J";

// Ctrl-C is seen at least so often.
constexpr std::chrono::milliseconds kLongestWait{100};

winsize SizeOf() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) {
    size.ws_col = 80;
    size.ws_row = 24;
  }
  return size;
}

}  // namespace

Screen::Screen(std::ostream& out, bool keys) : out_(out), keys_(keys && tcgetattr(STDIN_FILENO, &before_) == 0) {
  if (keys_) {
    termios raw = before_;
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);  // Ctrl-C stays a signal
    tcsetattr(STDIN_FILENO, TCSANOW, &raw);
  }
  out_ << kOtherPage << std::flush;
}

Screen::~Screen() {
  out_ << kFirstPage << std::flush;
  if (keys_) tcsetattr(STDIN_FILENO, TCSANOW, &before_);
}

int Screen::width() const { return SizeOf().ws_col; }
int Screen::height() const { return SizeOf().ws_row; }

void Screen::Draw(const std::vector<std::string>& lines) {
  const size_t shown = std::min(lines.size(), static_cast<size_t>(height()));
  out_ << kHome;
  for (size_t i = 0; i < shown; ++i) out_ << (i == 0 ? "" : "\r\n") << lines[i] << kToLineEnd;
  out_ << kToPageEnd << std::flush;
}

bool Screen::Wait(std::chrono::milliseconds time, const std::stop_token& stop) const {
  const auto end = std::chrono::steady_clock::now() + time;
  while (!stop.stop_requested()) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0) return true;
    const auto slice = std::min(left, kLongestWait);
    if (!keys_) {
      std::this_thread::sleep_for(slice);
      continue;
    }
    pollfd input{STDIN_FILENO, POLLIN, 0};
    char key = 0;
    if (poll(&input, 1, static_cast<int>(slice.count())) <= 0) continue;
    if (read(STDIN_FILENO, &key, 1) != 1 || key == 'q' || key == 'Q') return false;
  }
  return false;
}

}  // namespace folio::cli
