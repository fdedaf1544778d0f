#include "client/cli/top/frame.h"

#include <algorithm>

#include "client/cli/output/cell.h"
#include "client/cli/output/text_width.h"
#include "client/cli/value/dates.h"
#include "client/cli/value/field_path.h"
#include "fmt/format.h"

namespace folio::cli {
namespace {

constexpr int kBarWidth = 40;

// The first columns of a text.
std::string Cut(const std::string& text, int width) {
  std::string cut;
  for (size_t i = 0; i < text.size();) {
    size_t next = i + 1;
    while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xc0) == 0x80) ++next;
    if (DisplayWidth(cut + text.substr(i, next - i)) > width) break;
    cut += text.substr(i, next - i);
    i = next;
  }
  return cut;
}

class Frame {
 public:
  Frame(const TopState& state, const TopStyle& style) : state_(state), style_(style) {}

  std::vector<std::string> Make() && {
    Header();
    Totals();
    Bands();
    Changes();
    Signals();
    Operations();
    return std::move(lines_);
  }

 private:
  std::string Say(const char* english, const char* french) const {
    return style_.language == Language::kFrench ? french : english;
  }
  std::string Number(int64_t value) const { return Grouped(std::to_string(value), style_.language); }
  std::string Cell(const google::protobuf::Message& message, const char* field) const {
    const FieldPath path{.fields = {message.GetDescriptor()->FindFieldByName(field)}};
    const std::string text = CellText(message, path, {style_.language, true});
    return text.empty() ? "–" : text;
  }

  // `colour` is a number of ECMA-48.
  void Line(const std::string& text, int colour = 0) {
    std::string line = Cut(OneLine(text), style_.width);
    if (colour != 0 && style_.colours) line = "\033[" + std::to_string(colour) + "m" + line + "\033[0m";
    lines_.push_back(std::move(line));
  }

  void Heading(const std::string& text) {
    lines_.emplace_back();
    Line(text, 1);
  }

  void Header() {
    const v1::ServerInfo& info = state_.info;
    Line(fmt::format("folio top  {}  {}  foliod {}  {} {}", state_.server, info.workspace(), info.version(),
                     Say("day", "jour"), FormatDate(info.as_of())),
         1);
    if (!state_.error.empty()) Line(Say("no answer: ", "pas de réponse : ") + state_.error, 31);
    std::string line = Say("revision ", "révision ") + Number(info.revision());
    if (state_.changes_per_second) {
      line += fmt::format(" ({:+.1f}{})", *state_.changes_per_second, Say("/s", "/s"));
    }
    line += Say("  up since ", "  en service depuis ") + FormatTime(info.start_time());
    line += fmt::format("{}{:.1f} ms", Say("  answers in ", "  répond en "),
                        std::chrono::duration<double, std::milli>(state_.answer).count());
    Line(line);
  }

  void Totals() {
    const v1::PortfolioTotals& totals = state_.summary.totals();
    Heading(Say("PORTFOLIO", "PORTEFEUILLE"));
    Line(Say("accounts ", "comptes ") + Number(totals.account_count()) + "  ARR " + Cell(totals, "arr") + "  MRR " +
         Cell(totals, "mrr") + Say("  growth ", "  croissance ") + Cell(totals, "growth"));
    Line(Say("mean health ", "santé moyenne ") + Cell(totals, "mean_health") + Say("  at risk ", "  à risque ") +
         Cell(totals, "at_risk_count") + " (" + Cell(totals, "arr_at_risk") + ")" +
         Say("  opportunities ", "  opportunités ") + Cell(totals, "opportunity_count") + " (" +
         Cell(totals, "opportunity_value") + ")");
  }

  static int ColourOf(v1::HealthBand band) {
    switch (band) {
      case v1::HEALTH_BAND_GREEN:
        return 32;
      case v1::HEALTH_BAND_YELLOW:
        return 33;
      case v1::HEALTH_BAND_RED:
        return 31;
      default:
        return 0;
    }
  }

  void Bands() {
    const v1::PortfolioTotals& totals = state_.summary.totals();
    for (const v1::BandTotals& band : totals.bands()) {
      if (band.account_count() == 0) continue;
      std::string name = BandText(band.band(), style_.language);
      if (name.empty()) name = Say("no score", "sans score");
      const int64_t length = std::max<int64_t>(1, kBarWidth * band.account_count() / totals.account_count());
      std::string bar;
      for (int64_t i = 0; i < length; ++i) bar += "█";
      Line(fmt::format("{:<10} ", name) + bar + " " + Number(band.account_count()) + "  " + Cell(band, "arr"),
           ColourOf(band.band()));
    }
  }

  template <typename Row, typename Text>
  void List(const std::string& heading, const std::vector<Row>& rows, const Text& text) {
    if (rows.empty()) return;
    Heading(heading);
    for (size_t i = 0; i < std::min(rows.size(), static_cast<size_t>(style_.rows)); ++i) Line(text(rows[i]));
  }

  void Changes() {
    List(Say("CHANGES", "CHANGEMENTS"), state_.changes, [&](const v1::ChangeEvent& event) {
      const auto& type = *v1::ChangeType_descriptor()->FindValueByNumber(event.type());
      return fmt::format("{}  {:>10}  {:<8}  {}", FormatTime(event.commit_time()), event.revision(), EnumText(type),
                         event.name());
    });
  }

  void Signals() {
    List(Say("LATEST SIGNALS", "DERNIERS SIGNAUX"), state_.signals, [&](const v1::Signal& signal) {
      const auto& kind = *v1::SignalKind_descriptor()->FindValueByNumber(signal.kind());
      const auto& severity = *v1::SignalSeverity_descriptor()->FindValueByNumber(signal.severity());
      return fmt::format("{}  {:<11}  {:<8}  {:<24}  {}", Cell(signal, "begin_date"), EnumText(kind),
                         EnumText(severity), signal.rule(), signal.account());
    });
  }

  void Operations() {
    List(Say("OPERATIONS", "OPÉRATIONS"), state_.operations, [&](const v1::Operation& operation) {
      std::string line = operation.method() + "  " + operation.name() + "  " + Number(operation.done_count());
      if (operation.total_count() > 0) line += " / " + Number(operation.total_count());
      return line;
    });
  }

  const TopState& state_;
  const TopStyle& style_;
  std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::string> TopFrame(const TopState& state, const TopStyle& style) { return Frame(state, style).Make(); }

}  // namespace folio::cli
