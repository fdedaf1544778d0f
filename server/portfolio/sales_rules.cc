#include "server/portfolio/sales_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "server/base/currency.h"
#include "server/base/error.h"
#include "server/base/exchange.h"
#include "server/base/money.h"
#include "server/model/schema.h"

namespace folio::portfolio {

namespace {

using google::protobuf::RepeatedPtrField;
using google::protobuf::Timestamp;
using History = RepeatedPtrField<v1::StageEntry>;

Instant InstantOf(bool set, const Timestamp& time) { return set ? FromProto(time) : kNoInstant; }

bool SameHistory(const History& a, const History& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const v1::StageEntry& x, const v1::StageEntry& y) { return model::SameContent(x, y); });
}

absl::Status CheckAscending(const History& history, const std::string& path) {
  for (int i = 1; i < history.size(); ++i) {
    const Instant before = FromProto(history[i - 1].enter_time());
    const std::string at = fmt::format("{}.stage_history[{}].enter_time", path, i);
    if (auto s = CheckNotBefore(before, &history[i].enter_time(), at); !s.ok()) return s;
  }
  return absl::OkStatus();
}

void Enter(const std::string& stage, Instant when, History* history) {
  v1::StageEntry* entry = history->Add();
  entry->set_stage(stage);
  *entry->mutable_enter_time() = ToProtoTime(when);
}

// Keeps a stage and its history together, whichever of them was written. `opened` is when a new resource began, where
// that is known.
template <class Resource>
absl::Status KeepStages(const Resource* before, Instant opened, Instant now, const std::string& path, Resource* after) {
  if (auto status = CheckAscending(after->stage_history(), path); !status.ok()) return status;
  History& history = *after->mutable_stage_history();
  const bool stage_written = before == nullptr ? !after->stage().empty() : before->stage() != after->stage();
  const bool history_written =
      before == nullptr ? !history.empty() : !SameHistory(before->stage_history(), after->stage_history());
  const std::string last = history.empty() ? "" : history.rbegin()->stage();
  if (history_written && !history.empty()) {
    if (stage_written && after->stage() != last) {
      return error::InvalidField(path + ".stage", "STAGE_MISMATCH", {{"value", after->stage()}, {"expected", last}});
    }
    after->set_stage(last);
    return absl::OkStatus();
  }
  if (before == nullptr) {
    if (stage_written && opened != kNoInstant) Enter(after->stage(), opened, &history);
    return absl::OkStatus();
  }
  history = before->stage_history();
  if (stage_written && !after->stage().empty()) {
    Enter(after->stage(), history.empty() ? now : std::max(now, FromProto(history.rbegin()->enter_time())), &history);
  }
  return absl::OkStatus();
}

v1::LeadState StateOf(const v1::Lead& lead) {
  if (lead.has_convert_time()) return v1::LEAD_STATE_CONVERTED;
  if (lead.qualification() == v1::LEAD_QUALIFICATION_DISQUALIFIED) return v1::LEAD_STATE_DISQUALIFIED;
  if (lead.qualification() == v1::LEAD_QUALIFICATION_QUALIFIED) return v1::LEAD_STATE_QUALIFIED;
  return lead.has_first_contact_time() ? v1::LEAD_STATE_CONTACTED : v1::LEAD_STATE_NEW;
}

// An open deal has no end: one that is opened again loses it, and one that claims it is refused.
absl::Status CheckClosing(const v1::Deal* before, v1::Deal* after) {
  if (after->state() == v1::DEAL_STATE_UNSPECIFIED) after->set_state(v1::DEAL_STATE_OPEN);
  if (after->state() != v1::DEAL_STATE_OPEN) {
    return after->has_close_time() ? absl::OkStatus() : error::InvalidField("deal.close_time", "FIELD_REQUIRED");
  }
  const bool reopened = before != nullptr && before->state() != v1::DEAL_STATE_OPEN && before->has_close_time() &&
                        model::SameContent(before->close_time(), after->close_time());
  if (reopened) after->clear_close_time();
  return after->has_close_time() ? error::InvalidField("deal.close_time", "DEAL_STILL_OPEN") : absl::OkStatus();
}

absl::Status CheckCurrency(const std::string& code, std::string_view path) {
  if (IsCurrency(code)) return absl::OkStatus();
  return error::InvalidField(path, "CURRENCY_UNKNOWN", {{"currency", code}});
}

absl::Status CheckHours(const v1::BusinessCalendar& calendar) {
  constexpr int kMinutesPerDay = 24 * 60;
  struct Hours {
    int start;
    int end;
    int index;
  };
  std::vector<Hours> week;
  for (int i = 0; i < calendar.opening_hours_size(); ++i) {
    const v1::OpeningHours& open = calendar.opening_hours(i);
    const std::string path = fmt::format("business_calendar.opening_hours[{}]", i);
    if (open.day() == v1::DAY_OF_WEEK_UNSPECIFIED) return error::InvalidField(path + ".day", "FIELD_REQUIRED");
    const int midnight = (open.day() - v1::DAY_OF_WEEK_MONDAY) * kMinutesPerDay;
    if (open.start_minute() >= open.end_minute()) return error::InvalidField(path + ".end_minute", "HOURS_EMPTY");
    week.push_back({midnight + open.start_minute(), midnight + open.end_minute(), i});
  }
  std::sort(week.begin(), week.end(), [](const Hours& a, const Hours& b) { return a.start < b.start; });
  for (size_t i = 1; i < week.size(); ++i) {
    if (week[i].start < week[i - 1].end) {
      return error::InvalidField(fmt::format("business_calendar.opening_hours[{}]", week[i].index), "HOURS_OVERLAP");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckOwnAmount(const google::type::Money& money, std::string_view path) {
  if (auto status = CheckCurrency(money.currency_code(), path); !status.ok()) return status;
  const auto micros = FromProto(money);
  if (!micros.ok() || *micros < 0) return error::InvalidField(path, "MONEY_INVALID");
  return absl::OkStatus();
}

absl::Status CheckNotBefore(Instant earliest, const Timestamp* time, std::string_view path) {
  if (time == nullptr || earliest == kNoInstant || FromProto(*time) >= earliest) return absl::OkStatus();
  return error::InvalidField(path, "DATE_ORDER", {{"other", FormatInstant(earliest)}});
}

absl::Status CheckLead(const v1::Lead* before, Instant now, v1::Lead* after) {
  const Instant entry = FromProto(after->entry_time());
  if (after->qualification() == v1::LEAD_QUALIFICATION_UNSPECIFIED) {
    after->clear_qualify_time();
  } else if (!after->has_qualify_time()) {
    *after->mutable_qualify_time() = ToProtoTime(std::max(now, entry));
  }
  const auto check = [&](bool set, const Timestamp& time, const char* path) {
    return CheckNotBefore(entry, set ? &time : nullptr, path);
  };
  if (auto s = check(after->has_first_contact_time(), after->first_contact_time(), "lead.first_contact_time");
      !s.ok()) {
    return s;
  }
  if (auto s = check(after->has_qualify_time(), after->qualify_time(), "lead.qualify_time"); !s.ok()) return s;
  if (auto s = check(after->has_convert_time(), after->convert_time(), "lead.convert_time"); !s.ok()) return s;
  after->set_state(StateOf(*after));
  return KeepStages(before, entry, now, "lead", after);
}

absl::Status CheckDeal(const v1::Deal* before, Instant now, v1::Deal* after) {
  if (after->has_amount()) {
    if (auto status = CheckOwnAmount(after->amount(), "deal.amount"); !status.ok()) return status;
  }
  after->set_currency_code(after->amount().currency_code());
  if (auto status = CheckClosing(before, after); !status.ok()) return status;
  const Instant opened = InstantOf(after->has_open_time(), after->open_time());
  const Timestamp* closed = after->has_close_time() ? &after->close_time() : nullptr;
  const Instant first = InstantOf(after->has_first_contact_time(), after->first_contact_time());
  if (auto s = CheckNotBefore(std::max(opened, first), closed, "deal.close_time"); !s.ok()) return s;
  return KeepStages(before, opened, now, "deal", after);
}

absl::Status CheckExchangeRate(const v1::ExchangeRate& after) {
  if (auto s = CheckCurrency(after.base_currency_code(), "exchange_rate.base_currency_code"); !s.ok()) return s;
  if (auto s = CheckCurrency(after.quote_currency_code(), "exchange_rate.quote_currency_code"); !s.ok()) return s;
  if (after.base_currency_code() == after.quote_currency_code()) {
    return error::InvalidField("exchange_rate.quote_currency_code", "RATE_OF_ONE_CURRENCY");
  }
  if (!ParseRate(after.rate()).ok()) {
    return error::InvalidField("exchange_rate.rate", "RATE_INVALID", {{"value", after.rate()}});
  }
  return absl::OkStatus();
}

absl::Status CheckBusinessCalendar(const v1::BusinessCalendar& after) {
  if (!TimeZone::Load(after.time_zone()).ok()) {
    return error::InvalidField("business_calendar.time_zone", "TIME_ZONE_UNKNOWN", {{"value", after.time_zone()}});
  }
  constexpr std::string_view kFrance = "FR";
  if (!after.holiday_country_code().empty() && after.holiday_country_code() != kFrance) {
    return error::InvalidField("business_calendar.holiday_country_code", "HOLIDAYS_UNKNOWN",
                               {{"value", after.holiday_country_code()}});
  }
  return CheckHours(after);
}

std::string NaturalIdOf(const v1::ExchangeRate& rate) {
  const Day day = FromProto(rate.date()).value_or(kNoDay);
  if (day == kNoDay || rate.base_currency_code().empty() || rate.quote_currency_code().empty()) return "";
  return fmt::format("{}-{}-{}", rate.base_currency_code(), rate.quote_currency_code(), FormatDay(day));
}

}  // namespace folio::portfolio
