// A terminal that a page is drawn on, again and again. It is as it was once the object is gone.
#pragma once

#include <termios.h>

#include <chrono>
#include <ostream>
#include <stop_token>
#include <string>
#include <vector>

namespace folio::cli {

class Screen {
 public:
  // Switches to the terminal's other page, and takes keys as they are pressed where standard input is a terminal.
  Screen(std::ostream& out, bool keys);
  ~Screen();
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  // As it is now.
  int width() const;
  int height() const;

  // Writes over what was drawn before; lines that do not fit are left out.
  void Draw(const std::vector<std::string>& lines);

  // Waits so long. False where `stop` asks for the end, or q has been pressed.
  bool Wait(std::chrono::milliseconds time, const std::stop_token& stop) const;

 private:
  std::ostream& out_;
  termios before_{};
  const bool keys_;
};

}  // namespace folio::cli
