// Leads, deals, exchange rates and business calendars: what the server keeps and refuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "folio/v1/business_calendar.pb.h"
#include "folio/v1/deal.pb.h"
#include "folio/v1/exchange_rate.pb.h"
#include "folio/v1/lead.pb.h"
#include "server/portfolio/calendars.h"
#include "tests/engine/workspace_fixture.h"

namespace folio::portfolio {
namespace {

using testing::ElementsAre;

class SalesTest : public WorkspaceTest {
 protected:
  template <class Request, class Resource>
  absl::StatusOr<Resource> Create(storage::Kind kind, const std::string& text) {
    Resource resource;
    const auto outcome = Run(kind, &engine::Collection::Create, Parse<Request>(text), &resource);
    if (!outcome.status.ok()) return outcome.status;
    return resource;
  }
  auto CreateDeal(const std::string& text) { return Create<v1::CreateDealRequest, v1::Deal>(engine::kDeal, text); }
  auto CreateLead(const std::string& text) { return Create<v1::CreateLeadRequest, v1::Lead>(engine::kLead, text); }
  auto CreateRate(const std::string& text) {
    return Create<v1::CreateExchangeRateRequest, v1::ExchangeRate>(engine::kExchangeRate, text);
  }
  auto CreateCalendar(const std::string& text) {
    return Create<v1::CreateBusinessCalendarRequest, v1::BusinessCalendar>(engine::kBusinessCalendar, text);
  }
  absl::StatusOr<v1::Deal> UpdateDeal(const std::string& text) {
    v1::Deal deal;
    const auto request = Parse<v1::UpdateDealRequest>(text);
    const auto outcome = Run(engine::kDeal, &engine::Collection::Update, request, &deal);
    if (!outcome.status.ok()) return outcome.status;
    return deal;
  }

  template <class Resource>
  static std::vector<std::string> Stages(const Resource& resource) {
    std::vector<std::string> stages;
    for (const v1::StageEntry& entry : resource.stage_history()) {
      stages.push_back(entry.stage() + " " + FormatDay(static_cast<Day>(entry.enter_time().seconds() / 86'400)));
    }
    return stages;
  }
};

TEST_F(SalesTest, ADealKeepsTheHistoryOfItsStages) {
  // 1717200000 is 2024-06-01T00:00:00Z; the clock stands at 2024-06-15.
  auto deal = CreateDeal("deal_id: 'd1' deal { stage: 'offer' open_time { seconds: 1717200000 } }");
  ASSERT_TRUE(deal.ok()) << deal.status();
  EXPECT_EQ(deal->state(), v1::DEAL_STATE_OPEN);
  EXPECT_THAT(Stages(*deal), ElementsAre("offer 2024-06-01"));
  deal = UpdateDeal("deal { name: 'deals/d1' stage: 'negotiation' }");
  ASSERT_TRUE(deal.ok()) << deal.status();
  EXPECT_THAT(Stages(*deal), ElementsAre("offer 2024-06-01", "negotiation 2024-06-15"));
  // The same again, and a replacement that does not speak of the history, leave it as it is.
  EXPECT_THAT(Stages(*UpdateDeal("deal { name: 'deals/d1' stage: 'negotiation' }")),
              ElementsAre("offer 2024-06-01", "negotiation 2024-06-15"));
  deal = UpdateDeal(
      "deal { name: 'deals/d1' stage: 'offer' open_time { seconds: 1717200000 } } update_mask { paths: '*' }");
  EXPECT_THAT(Stages(*deal), ElementsAre("offer 2024-06-01", "negotiation 2024-06-15", "offer 2024-06-15"));
  // Whoever sends it whole sets it, and the stage with it.
  deal = UpdateDeal(
      "deal { name: 'deals/d1' stage_history { stage: 'first' enter_time { seconds: 1717200000 } } "
      "stage_history { stage: 'second' enter_time { seconds: 1717300000 } } }");
  ASSERT_TRUE(deal.ok()) << deal.status();
  EXPECT_EQ(deal->stage(), "second");
}

TEST_F(SalesTest, AHistoryThatContradictsItselfIsRefused) {
  EXPECT_EQ(error::ReasonOf(
                CreateDeal("deal { stage: 'b' stage_history { stage: 'a' enter_time { seconds: 1 } } }").status()),
            "STAGE_MISMATCH");
  const auto status = CreateDeal(
                          "deal { stage_history { stage: 'a' enter_time { seconds: 2 } } stage_history { stage: 'b' "
                          "enter_time { seconds: 1 } } }")
                          .status();
  EXPECT_EQ(error::ReasonOf(status), "DATE_ORDER");
  EXPECT_EQ(error::FaultsOf(status).front().field, "deal.stage_history[1].enter_time");
}

TEST_F(SalesTest, AClosedDealHasAnEndAndAnOpenOneHasNot) {
  EXPECT_EQ(error::ReasonOf(CreateDeal("deal { state: DEAL_STATE_WON }").status()), "FIELD_REQUIRED");
  EXPECT_EQ(error::ReasonOf(CreateDeal("deal { close_time { seconds: 1717200000 } }").status()), "DEAL_STILL_OPEN");
  EXPECT_EQ(
      error::ReasonOf(
          CreateDeal("deal { state: DEAL_STATE_LOST open_time { seconds: 9 } close_time { seconds: 8 } }").status()),
      "DATE_ORDER");
  ASSERT_TRUE(CreateDeal("deal_id: 'd' deal { state: DEAL_STATE_LOST close_time { seconds: 8 } }").ok());
  const auto reopened = UpdateDeal("deal { name: 'deals/d' state: DEAL_STATE_OPEN }");
  ASSERT_TRUE(reopened.ok()) << reopened.status();
  EXPECT_FALSE(reopened->has_close_time());
}

TEST_F(SalesTest, ADealsAmountKeepsItsOwnCurrency) {
  const auto deal = CreateDeal("deal_id: 'd' deal { amount { currency_code: 'USD' units: 5 } }");
  ASSERT_TRUE(deal.ok()) << deal.status();
  EXPECT_EQ(deal->currency_code(), "USD");
  EXPECT_EQ(error::ReasonOf(CreateDeal("deal { amount { currency_code: 'ZZZ' units: 5 } }").status()),
            "CURRENCY_UNKNOWN");
  EXPECT_EQ(error::ReasonOf(CreateDeal("deal { amount { currency_code: 'EUR' units: -5 } }").status()),
            "MONEY_INVALID");
  v1::ListDealsRequest request;
  request.set_filter("currency = \"USD\" AND amount > 4 AND state = open");
  v1::ListDealsResponse response;
  ASSERT_TRUE(workspace_->collection(engine::kDeal).List(request, &response).ok());
  EXPECT_EQ(response.deals_size(), 1);
}

TEST_F(SalesTest, ALeadsStateFollowsFromItsTimes) {
  const auto state = [&](const std::string& more) {
    const auto lead = CreateLead("lead { entry_time { seconds: 1717200000 } " + more + " }");
    return lead.ok() ? lead->state() : v1::LEAD_STATE_UNSPECIFIED;
  };
  EXPECT_EQ(state(""), v1::LEAD_STATE_NEW);
  EXPECT_EQ(state("first_contact_time { seconds: 1717200060 }"), v1::LEAD_STATE_CONTACTED);
  EXPECT_EQ(state("qualification: LEAD_QUALIFICATION_QUALIFIED"), v1::LEAD_STATE_QUALIFIED);
  EXPECT_EQ(state("qualification: LEAD_QUALIFICATION_DISQUALIFIED"), v1::LEAD_STATE_DISQUALIFIED);
  EXPECT_EQ(state("convert_time { seconds: 1717300000 }"), v1::LEAD_STATE_CONVERTED);
  const auto qualified = CreateLead("lead { entry_time { seconds: 5 } qualification: LEAD_QUALIFICATION_QUALIFIED }");
  EXPECT_GE(FromProto(qualified->qualify_time()), clock_.Now());
}

TEST_F(SalesTest, AResponseBeforeTheLeadIsAnError) {
  for (const std::string field : {"first_contact_time", "convert_time"}) {
    const auto lead = CreateLead("lead { entry_time { seconds: 100 } " + field + " { seconds: 99 } }");
    EXPECT_EQ(error::ReasonOf(lead.status()), "DATE_ORDER");
    EXPECT_EQ(error::FaultsOf(lead.status()).front().field, "lead." + field);
  }
}

TEST_F(SalesTest, ARatesIdFollowsFromItsFields) {
  const std::string fields =
      "exchange_rate { base_currency_code: 'EUR' quote_currency_code: 'USD' date { year: 2024 month: 1 day: 31 } rate: "
      "'1.0837' }";
  const auto rate = CreateRate(fields);
  ASSERT_TRUE(rate.ok()) << rate.status();
  EXPECT_EQ(rate->name(), "exchangeRates/EUR-USD-2024-01-31");
  EXPECT_TRUE(absl::IsAlreadyExists(CreateRate(fields).status()));
  EXPECT_EQ(error::ReasonOf(CreateRate("exchange_rate_id: 'mine' " + fields).status()), "ID_NOT_NATURAL");
  // An import without ids finds the rate again.
  v1::ImportHeader header;
  header.set_collection("exchangeRates");
  v1::ImportChunk chunk;
  chunk.set_first_row(1);
  chunk.set_row_count(1);
  *chunk.add_exchange_rates() = Parse<v1::CreateExchangeRateRequest>(fields).exchange_rate();
  chunk.mutable_exchange_rates(0)->set_rate("1.0838");
  const auto results = Import(header, {chunk});
  ASSERT_TRUE(results[0].status.ok()) << results[0].status;
  EXPECT_EQ(results[0].counts.updated(), 1);
}

TEST_F(SalesTest, RatesThatMeanNothingAreRefused) {
  const auto reason = [&](const std::string& base, const std::string& quote, const std::string& rate) {
    return error::ReasonOf(CreateRate("exchange_rate { base_currency_code: '" + base + "' quote_currency_code: '" +
                                      quote + "' date { year: 2024 month: 1 day: 31 } rate: '" + rate + "' }")
                               .status());
  };
  EXPECT_EQ(reason("EUR", "USD", "0"), "RATE_INVALID");
  EXPECT_EQ(reason("EUR", "USD", "-1"), "FIELD_PATTERN");
  EXPECT_EQ(reason("EUR", "EUR", "1"), "RATE_OF_ONE_CURRENCY");
  EXPECT_EQ(reason("EUR", "ABC", "1"), "CURRENCY_UNKNOWN");
}

TEST_F(SalesTest, CalendarsAreChecked) {
  const auto reason = [&](const std::string& more) {
    return error::ReasonOf(CreateCalendar("business_calendar { display_name: 'x' " + more + " }").status());
  };
  EXPECT_EQ(reason("time_zone: 'Europe/Paris' holiday_country_code: 'FR' opening_hours { day: DAY_OF_WEEK_MONDAY "
                   "start_minute: 540 end_minute: 720 } opening_hours { day: DAY_OF_WEEK_MONDAY start_minute: 840 "
                   "end_minute: 1080 }"),
            "");
  EXPECT_EQ(reason("time_zone: 'Europe/Pariss'"), "TIME_ZONE_UNKNOWN");
  EXPECT_EQ(reason("holiday_country_code: 'QQ'"), "HOLIDAYS_UNKNOWN");
  EXPECT_EQ(reason("opening_hours { day: DAY_OF_WEEK_MONDAY start_minute: 540 end_minute: 540 }"), "HOURS_EMPTY");
  EXPECT_EQ(reason("opening_hours { day: DAY_OF_WEEK_FRIDAY start_minute: 540 end_minute: 720 } opening_hours { day: "
                   "DAY_OF_WEEK_FRIDAY start_minute: 700 end_minute: 1080 }"),
            "HOURS_OVERLAP");
}

TEST_F(SalesTest, FranceIsBuiltInUntilTheWorkspaceWritesItsOwn) {
  v1::GetBusinessCalendarRequest request;
  request.set_name("businessCalendars/fr");
  v1::BusinessCalendar calendar;
  ASSERT_TRUE(GetBusinessCalendar(*workspace_, request, &calendar).ok());
  EXPECT_TRUE(calendar.built_in());
  EXPECT_EQ(calendar.opening_hours_size(), 5);
  ASSERT_TRUE(CreateCalendar("business_calendar_id: 'fr' business_calendar { display_name: 'Ours' }").ok());
  ASSERT_TRUE(GetBusinessCalendar(*workspace_, request, &calendar).ok());
  EXPECT_FALSE(calendar.built_in());
  EXPECT_EQ(calendar.display_name(), "Ours");
  request.set_name("businessCalendars/de");
  EXPECT_TRUE(absl::IsNotFound(GetBusinessCalendar(*workspace_, request, &calendar)));
}

TEST_F(SalesTest, ACalendarMeasuresTime) {
  const auto calendar = FindBusinessCalendar(*workspace_, "businessCalendars/fr", "calendar");
  ASSERT_TRUE(calendar.ok()) << calendar.status();
  const auto hours = HoursOf(*calendar, "UTC");
  ASSERT_TRUE(hours.ok()) << hours.status();
  // From Tuesday 17:00 to Friday 10:00 in Paris, over 8 May and Ascension.
  const int64_t worked =
      hours->Between(ParseInstant("2024-05-07T15:00:00Z").value(), ParseInstant("2024-05-10T08:00:00Z").value());
  EXPECT_EQ(worked, 2 * int64_t{3'600'000'000});
}

TEST_F(SalesTest, SurvivesARestart) {
  ASSERT_TRUE(CreateDeal("deal_id: 'd' deal { amount { currency_code: 'USD' units: 5 } }").ok());
  ASSERT_TRUE(CreateLead("lead_id: 'l' lead { entry_time { seconds: 5 } source: 'fair' }").ok());
  Open();
  v1::ListLeadsRequest leads;
  leads.set_filter("source = \"fair\"");
  v1::ListLeadsResponse response;
  ASSERT_TRUE(workspace_->collection(engine::kLead).List(leads, &response).ok());
  EXPECT_EQ(response.leads_size(), 1);
}

}  // namespace
}  // namespace folio::portfolio
