// A workspace with leads and deals.
#pragma once

#include <limits>
#include <string>

#include "folio/v1/deal.pb.h"
#include "folio/v1/lead.pb.h"
#include "tests/indicators/indicator_fixture.h"

namespace folio::indicators {

class SalesTest : public IndicatorTest {
 protected:
  SalesTest() {
    AddAccount("a", "FinTech");
    AddAccount("b", "EdTech");
  }

  // A field with a day's first instant, or another one: "2024-03-01" or "2024-03-01T10:00:00Z".
  static std::string At(const std::string& field, const std::string& time) {
    const std::string instant = time.size() > 10 ? time : time + "T00:00:00Z";
    return " " + field + " { seconds: " + std::to_string(ParseInstant(instant).value() / 1'000'000) + " }";
  }
  static std::string Won(const std::string& day) { return " state: DEAL_STATE_WON" + At("close_time", day); }
  static std::string Lost(const std::string& day) { return " state: DEAL_STATE_LOST" + At("close_time", day); }
  static std::string Opened(const std::string& day) { return At("open_time", day); }
  static std::string Of(const std::string& account) { return " account: 'accounts/" + account + "'"; }
  static std::string Stage(const std::string& stage, const std::string& day) {
    return " stage_history { stage: '" + stage + "'" + At("enter_time", day) + " }";
  }

  // Deals and leads by their text; the whole of one that is there already is replaced.
  absl::Status TryDeal(const std::string& id, const std::string& text) {
    v1::Deal deal;
    return Run(engine::kDeal, &engine::Collection::Update,
               Parse<v1::UpdateDealRequest>("allow_missing: true update_mask { paths: '*' } deal { name: 'deals/" + id +
                                            "' " + text + " }"),
               &deal)
        .status;
  }
  void AddDeal(const std::string& id, const std::string& text) {
    const absl::Status status = TryDeal(id, text);
    ASSERT_TRUE(status.ok()) << status << text;
  }
  absl::Status TryLead(const std::string& id, const std::string& text) {
    v1::Lead lead;
    return Run(engine::kLead, &engine::Collection::Update,
               Parse<v1::UpdateLeadRequest>("allow_missing: true update_mask { paths: '*' } lead { name: 'leads/" + id +
                                            "' " + text + " }"),
               &lead)
        .status;
  }
  void AddLead(const std::string& id, const std::string& entered, const std::string& more = "") {
    const absl::Status status = TryLead(id, At("entry_time", entered) + more);
    ASSERT_TRUE(status.ok()) << status << more;
  }
  void DeleteDeal(const std::string& id) {
    google::protobuf::Empty nothing;
    const auto request = Parse<v1::DeleteDealRequest>("name: 'deals/" + id + "'");
    ASSERT_TRUE(Run(engine::kDeal, &engine::Collection::Delete, request, &nothing).status.ok());
  }

  // What a stage's figure comes to; NaN where it has none.
  static double StageOf(const v1::IndicatorValue& value, const std::string& stage) {
    for (const v1::IndicatorStage& told : value.stages()) {
      if (told.stage() == stage && told.has_number()) return told.number();
    }
    return std::numeric_limits<double>::quiet_NaN();
  }
};

}  // namespace folio::indicators
