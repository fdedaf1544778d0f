// top: what the page says. That it lives on a terminal is shown by tests/e2e/top.sh.
#include "absl/strings/str_join.h"
#include "client/cli/output/text_width.h"
#include "client/cli/top/frame.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace folio::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TopState State() {
  TopState state;
  state.server = "127.0.0.1:7117";
  state.info.set_workspace("workspaces/dev");
  state.info.set_version("0.1.0");
  state.info.set_revision(12'345);
  state.answer = std::chrono::microseconds(1'234);
  v1::PortfolioTotals& totals = *state.summary.mutable_totals();
  totals.set_account_count(100);
  totals.mutable_arr()->set_units(1'000'000);
  totals.mutable_arr()->set_currency_code("EUR");
  v1::BandTotals& red = *totals.add_bands();
  red.set_band(v1::HEALTH_BAND_RED);
  red.set_account_count(25);
  for (int i = 0; i < 20; ++i) {
    v1::ChangeEvent event;
    event.set_name("accounts/a" + std::to_string(i));
    event.set_type(v1::CHANGE_TYPE_UPDATED);
    state.changes.push_back(event);
  }
  return state;
}

std::string Text(const TopState& state, const TopStyle& style) { return absl::StrJoin(TopFrame(state, style), "\n"); }

TEST(TopTest, ShowsServerAndPortfolio) {
  const std::string text = Text(State(), {.rows = 3});
  EXPECT_THAT(text, AllOf(HasSubstr("127.0.0.1:7117  workspaces/dev  foliod 0.1.0"), HasSubstr("revision 12,345"),
                          HasSubstr("answers in 1.2 ms"), HasSubstr("ARR 1,000,000.00 EUR"), HasSubstr("\nred ")));
  EXPECT_THAT(text, AllOf(HasSubstr("accounts/a2"), Not(HasSubstr("accounts/a3"))));
  EXPECT_THAT(text, AllOf(Not(HasSubstr("SIGNALS")), Not(HasSubstr("\033"))));
}

TEST(TopTest, SpeaksFrenchAndColours) {
  const std::string text = Text(State(), {.language = Language::kFrench, .colours = true});
  EXPECT_THAT(text, AllOf(HasSubstr("PORTEFEUILLE"), HasSubstr("à risque"), HasSubstr("\033[31mrouge ")));
}

TEST(TopTest, TellsThatThereIsNoAnswer) {
  TopState state = State();
  state.error = "connection\nrefused";
  EXPECT_THAT(Text(state, {}), HasSubstr("no answer: connection refused"));
}

TEST(TopTest, CutsLines) {
  for (const std::string& line : TopFrame(State(), {.width = 20})) EXPECT_LE(DisplayWidth(line), 20) << line;
}

}  // namespace
}  // namespace folio::cli
