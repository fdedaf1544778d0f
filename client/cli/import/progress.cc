#include "client/cli/import/progress.h"

#include <algorithm>

#include "client/cli/output/cell.h"
#include "client/cli/output/records.h"

namespace folio::cli {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kOnTerminal{200};
constexpr milliseconds kInLog{10'000};
constexpr milliseconds kInJson{1'000};
constexpr char kEraseLine[] = "\r\033[K";

milliseconds IntervalOf(ProgressStyle style) {
  if (style == ProgressStyle::kTerminal) return kOnTerminal;
  return style == ProgressStyle::kJson ? kInJson : kInLog;
}

std::string Duration(int64_t seconds) {
  if (seconds < 60) return std::to_string(seconds) + " s";
  if (seconds < 3600) return std::to_string(seconds / 60) + " min " + std::to_string(seconds % 60) + " s";
  return std::to_string(seconds / 3600) + " h " + std::to_string(seconds % 3600 / 60) + " min";
}

}  // namespace

Progress::Progress(std::ostream& err, ProgressStyle style, Language language, int64_t total, Clock clock)
    : err_(err),
      style_(style),
      language_(language),
      total_(total),
      clock_(std::move(clock)),
      start_(clock_()),
      last_(start_) {}

double Progress::Rate(double seconds) const {
  return static_cast<double>(done_ - started_at_row_) / std::max(seconds, 0.001);
}

std::string Progress::Line(double seconds) const {
  const auto say = [&](const char* english, const char* french) {
    return std::string(language_ == Language::kFrench ? french : english);
  };
  const auto number = [&](int64_t value) { return Grouped(std::to_string(value), language_); };
  const double rate = Rate(seconds);
  std::string line = number(done_);
  if (total_ > 0) {
    line += say(" of ", " sur ") + number(total_) + say(" rows (", " lignes (") + std::to_string(done_ * 100 / total_) +
            " %), ";
  } else {
    line += say(" rows, ", " lignes, ");  // nobody knows how many there are
  }
  line += number(static_cast<int64_t>(rate)) + say(" rows/s", " lignes/s");
  if (rate > 0 && done_ < total_) {
    line += ", " + Duration(static_cast<int64_t>(static_cast<double>(total_ - done_) / rate) + 1) +
            say(" left", " restantes");
  }
  if (rejected_ > 0) line += ", " + number(rejected_) + say(" rejected", " rejetées");
  return line;
}

std::string Progress::JsonLine(double seconds) const {
  const double rate = Rate(seconds);
  Json line = {{"done", done_}, {"rejected", rejected_}, {"rows_per_second", static_cast<int64_t>(rate)}};
  line["total"] = total_ > 0 ? Json(total_) : Json(nullptr);
  const bool known = total_ > 0 && rate > 0;
  line["seconds_left"] = known ? Json(static_cast<int64_t>(static_cast<double>(total_ - done_) / rate)) : Json(nullptr);
  return JsonText(line, false);
}

void Progress::Tell(std::chrono::steady_clock::time_point now) {
  last_ = now;
  shown_ = true;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  if (style_ == ProgressStyle::kTerminal)
    err_ << kEraseLine << Line(seconds) << std::flush;
  else
    err_ << (style_ == ProgressStyle::kJson ? JsonLine(seconds) : Line(seconds)) << std::endl;
}

void Progress::Update(int64_t done, int64_t rejected) {
  if (style_ == ProgressStyle::kNone) return;
  done_ = done;
  rejected_ = rejected;
  const auto now = clock_();
  if (now - last_ >= IntervalOf(style_)) Tell(now);
}

void Progress::Finish() {
  if (style_ == ProgressStyle::kJson) Tell(clock_());
  if (shown_ && style_ == ProgressStyle::kTerminal) err_ << kEraseLine << std::flush;
}

}  // namespace folio::cli
