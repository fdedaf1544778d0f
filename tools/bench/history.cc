#include "tools/bench/history.h"

#include <algorithm>

#include "server/base/date.h"

namespace folio::bench {
namespace {

constexpr int64_t kSecondsPerDay = 86'400;
constexpr int64_t kSecondsPerHour = 3'600;

// Numbers without order, the same at each call.
uint64_t Mixed(uint64_t number) {
  number += 0x9e3779b97f4a7c15;
  number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9;
  number = (number ^ (number >> 27)) * 0x94d049bb133111eb;
  return number ^ (number >> 31);
}

// Takes one number after the other out of a mixed one.
class Dice {
 public:
  explicit Dice(uint64_t seed) : left_(Mixed(seed)) {}
  int64_t Below(int64_t bound) {
    const auto drawn = static_cast<int64_t>(left_ % static_cast<uint64_t>(bound));
    left_ = Mixed(left_);
    return drawn;
  }

 private:
  uint64_t left_;
};

HistoryKind KindOf(int64_t number) {
  const int64_t part = number % 20;
  if (part < 13) return HistoryKind::kUsage;
  if (part < 16) return HistoryKind::kTicket;
  if (part < 18) return HistoryKind::kNps;
  return part == 18 ? HistoryKind::kCsat : HistoryKind::kCes;
}

int64_t ValueOf(HistoryKind kind, Dice* dice) {
  constexpr int64_t kLongestResponse = 3 * kSecondsPerDay;
  switch (kind) {
    case HistoryKind::kUsage:
      return 1 + dice->Below(20);
    case HistoryKind::kTicket:
      return dice->Below(50) == 0 ? -1 : 60 + dice->Below(kLongestResponse);
    case HistoryKind::kNps:
      return dice->Below(11);
    case HistoryKind::kCsat:
      return 1 + dice->Below(5);
    case HistoryKind::kCes:
      return 1 + dice->Below(7);
  }
  return 0;
}

}  // namespace

void SetDate(int32_t day, google::type::Date* date) {
  const YearMonthDay of = DateOf(day);
  date->set_year(of.year);
  date->set_month(of.month);
  date->set_day(of.day);
}

HistoryFact HistoryFactAt(int64_t number, int64_t facts, int64_t accounts) {
  Dice dice(static_cast<uint64_t>(number));
  HistoryFact fact{.kind = KindOf(number), .number = number};
  fact.account = dice.Below(accounts);
  fact.who = dice.Below(5);
  const int64_t day = kHistoryStart + number * (kAsOf - kHistoryStart) / facts;
  fact.seconds = day * kSecondsPerDay + 8 * kSecondsPerHour + dice.Below(10 * kSecondsPerHour);
  fact.value = ValueOf(fact.kind, &dice);
  const YearMonthDay date = DateOf(static_cast<Day>(day));
  const YearMonthDay first = DateOf(kHistoryStart);
  fact.month = (date.year - first.year) * 12 + date.month - first.month;
  return fact;
}

HistoryTerm HistoryTermAt(int64_t number, int64_t accounts) {
  constexpr int32_t kFirstDay = 17'897;  // 2019-01-01
  const bool second = number >= accounts;
  HistoryTerm term{.account = second ? (number - accounts) * 4 : number};
  Dice dice(static_cast<uint64_t>(term.account));
  term.start = kFirstDay + static_cast<int32_t>(dice.Below(kAsOf - kFirstDay));
  term.annual = 600 + 12 * dice.Below(5'000);
  const bool ends = dice.Below(3) == 0;
  const auto end = term.start + 200 + static_cast<int32_t>(dice.Below(700));
  if (second) {
    term.start += 150 + static_cast<int32_t>(dice.Below(800));
    term.annual = 600 + 12 * dice.Below(2'000);
  } else if (ends && end < kAsOf) {
    term.end = end;
  }
  return term;
}

std::vector<int32_t> HistoryMonths() {
  std::vector<int32_t> days;
  for (int month = 0; month <= kHistoryMonths; ++month) days.push_back(AddMonths(kHistoryStart, month));
  return days;
}

History::History(int64_t accounts, int64_t facts) : facts_(facts) {
  const demo::Generator generator = Accounts(accounts);
  demo::Client client;
  for (int64_t index = 0; index < accounts; ++index) {
    generator.Make(index, &client);
    names_.push_back(client.account.name());
  }
}

v1::Fact History::FactAt(int64_t number) const {
  const HistoryFact told = HistoryFactAt(number, facts_, std::ssize(names_));
  v1::Fact fact;
  fact.set_account(names_[static_cast<size_t>(told.account)]);
  fact.set_source("history");
  fact.set_source_id(std::to_string(number));
  fact.mutable_event_time()->set_seconds(told.seconds);
  const std::string who = "person-" + std::to_string(told.who);
  if (told.kind == HistoryKind::kUsage) {
    fact.mutable_usage()->set_count(told.value);
    fact.mutable_usage()->set_user(who);
  } else if (told.kind == HistoryKind::kTicket) {
    if (told.value < 0) {
      fact.mutable_ticket();
    } else {
      fact.mutable_ticket()->set_first_response_seconds(told.value);
      fact.mutable_ticket()->mutable_close_time()->set_seconds(told.seconds + told.value);
    }
  } else {
    v1::SurveyAnswer& answer = *fact.mutable_survey_answer();
    answer.set_score(static_cast<double>(told.value));
    answer.set_respondent(who);
    answer.set_kind(told.kind == HistoryKind::kNps    ? v1::SURVEY_KIND_NPS
                    : told.kind == HistoryKind::kCsat ? v1::SURVEY_KIND_CSAT
                                                      : v1::SURVEY_KIND_CES);
    answer.set_scale_min(told.kind == HistoryKind::kNps ? 0 : 1);
    answer.set_scale_max(told.kind == HistoryKind::kNps ? 10 : told.kind == HistoryKind::kCsat ? 5 : 7);
    answer.set_low_is_easy(told.kind == HistoryKind::kCes);
  }
  return fact;
}

v1::Subscription History::SubscriptionAt(int64_t number, const std::string& currency) const {
  const HistoryTerm term = HistoryTermAt(number, std::ssize(names_));
  v1::Subscription subscription;
  subscription.set_name("subscriptions/term-" + std::to_string(number));
  subscription.set_account(names_[static_cast<size_t>(term.account)]);
  SetDate(term.start, subscription.mutable_start_date());
  if (term.end != 0) SetDate(term.end, subscription.mutable_end_date());
  subscription.mutable_annual_amount()->set_currency_code(currency);
  subscription.mutable_annual_amount()->set_units(term.annual);
  return subscription;
}

}  // namespace folio::bench
