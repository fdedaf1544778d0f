#include "client/cli/import/progress.h"

#include <algorithm>

#include "client/cli/output/cell.h"

namespace folio::cli {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kOnTerminal{200};
constexpr milliseconds kInLog{10'000};
constexpr char kEraseLine[] = "\r\033[K";

std::string Duration(int64_t seconds) {
  if (seconds < 60) return std::to_string(seconds) + " s";
  if (seconds < 3600) return std::to_string(seconds / 60) + " min " + std::to_string(seconds % 60) + " s";
  return std::to_string(seconds / 3600) + " h " + std::to_string(seconds % 3600 / 60) + " min";
}

}  // namespace

Progress::Progress(std::ostream& err, bool terminal, Language language, int64_t total, Clock clock)
    : err_(err),
      terminal_(terminal),
      language_(language),
      total_(total),
      clock_(std::move(clock)),
      start_(clock_()),
      last_(start_) {}

std::string Progress::Line(int64_t done, int64_t rejected, double seconds) const {
  const auto say = [&](const char* english, const char* french) {
    return std::string(language_ == Language::kFrench ? french : english);
  };
  const auto number = [&](int64_t value) { return Grouped(std::to_string(value), language_); };
  const double rate = static_cast<double>(done - started_at_row_) / std::max(seconds, 0.001);
  std::string line = number(done);
  if (total_ > 0) {
    line += say(" of ", " sur ") + number(total_) + say(" rows (", " lignes (") + std::to_string(done * 100 / total_) +
            " %), ";
  } else {
    line += say(" rows, ", " lignes, ");  // nobody knows how many there are
  }
  line += number(static_cast<int64_t>(rate)) + say(" rows/s", " lignes/s");
  if (rate > 0 && done < total_) {
    line += ", " + Duration(static_cast<int64_t>(static_cast<double>(total_ - done) / rate) + 1) +
            say(" left", " restantes");
  }
  if (rejected > 0) line += ", " + number(rejected) + say(" rejected", " rejetées");
  return line;
}

void Progress::Update(int64_t done, int64_t rejected) {
  const auto now = clock_();
  if (now - last_ < (terminal_ ? kOnTerminal : kInLog)) return;
  last_ = now;
  shown_ = true;
  const std::string line = Line(done, rejected, std::chrono::duration<double>(now - start_).count());
  if (terminal_)
    err_ << kEraseLine << line << std::flush;
  else
    err_ << line << std::endl;
}

void Progress::Finish() {
  if (shown_ && terminal_) err_ << kEraseLine << std::flush;
}

}  // namespace folio::cli
