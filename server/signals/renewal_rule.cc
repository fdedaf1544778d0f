// renewal_near: the contract, or one of the subscriptions, is up for renewal.
#include "fmt/format.h"
#include "server/account/revenue.h"
#include "server/signals/evidence.h"
#include "server/signals/rule_files.h"

namespace folio::signals {
namespace {

using account::View;

// 1 from 120 days on, up to 4 from 30 days on; one less for what renews by itself.
v1::SignalSeverity Grade(const View& view) {
  int8_t auto_renew = -1;
  const Day renewal = account::NextRenewal(view, &auto_renew);
  if (renewal == kNoDay) return v1::SIGNAL_SEVERITY_UNSPECIFIED;
  int step = 0;
  for (const int days : kRenewalDays) step += renewal - view.today <= days ? 1 : 0;
  if (auto_renew == 1 && step > 0) --step;
  return static_cast<v1::SignalSeverity>(step);
}

void Describe(const View& view, Finding* finding) {
  int8_t auto_renew = -1;
  const Day renewal = account::NextRenewal(view, &auto_renew);
  AddDate("renewal_date", renewal, finding);
  AddNumber("days_to_renewal", renewal - view.today, "days", finding);
  if (auto_renew >= 0) AddText("auto_renew", auto_renew == 1 ? "yes" : "no", finding);
  const auto arr = static_cast<double>(account::ArrOn(view, view.today));
  AddNumber("arr", arr / static_cast<double>(kMicrosPerUnit), "money", finding);
}

std::string Summarise(const Finding& finding, error::Locale locale) {
  const bool french = locale == error::Locale::kFrench;
  const std::string when = TellDaysAhead(NumberIn(finding, "days_to_renewal"), locale);
  const std::string date = TellDate(DateIn(finding, "renewal_date"), locale);
  const std::string auto_renew = TextIn(finding, "auto_renew");
  std::string_view how;
  if (auto_renew == "yes") how = french ? " ; il se renouvelle tout seul" : "; it renews by itself";
  if (auto_renew == "no") how = french ? " ; il ne se renouvelle pas tout seul" : "; it does not renew by itself";
  return french ? fmt::format("Le contrat arrive à renouvellement {}, le {}{}.", when, date, how)
                : fmt::format("The contract is up for renewal {}, on {}{}.", when, date, how);
}

static_assert(v1::SIGNAL_SEVERITY_LOW == 1 && v1::SIGNAL_SEVERITY_CRITICAL == std::size(kRenewalDays),
              "a step of renewal is a severity");

}  // namespace

const Rule kRenewalNear = {"renewal_near", v1::SIGNAL_KIND_RISK, Grade, Describe, Summarise};

}  // namespace folio::signals
