#include "server/portfolio/fact_rules.h"

#include <fmt/format.h>

#include <cmath>

#include "server/base/date.h"
#include "server/base/error.h"
#include "server/portfolio/sales_rules.h"

namespace folio::portfolio {

namespace {

constexpr double kNpsMax = 10;

using Times = google::protobuf::RepeatedPtrField<google::protobuf::Timestamp>;

absl::Status CheckSurvey(const v1::SurveyAnswer& answer, const std::string& path) {
  if (answer.kind() == v1::SURVEY_KIND_UNSPECIFIED) return error::InvalidField(path + ".kind", "FIELD_REQUIRED");
  const bool nps = answer.kind() == v1::SURVEY_KIND_NPS;
  const bool other_scale = (answer.scale_max() != 0 && answer.scale_max() != kNpsMax) || answer.scale_min() != 0;
  if (nps && other_scale) return error::InvalidField(path + ".scale_max", "NPS_SCALE");
  const double minimum = nps ? 0 : answer.scale_min();
  const double maximum = nps ? kNpsMax : answer.scale_max();
  if (!(minimum < maximum)) return error::InvalidField(path + ".scale_max", "SCALE_INVALID");
  const bool on_scale = answer.score() >= minimum && answer.score() <= maximum;
  if (!on_scale || (nps && answer.score() != std::floor(answer.score()))) {
    return error::InvalidField(path + ".score", "SCORE_OUT_OF_SCALE",
                               {{"value", fmt::format("{}", answer.score())},
                                {"minimum", fmt::format("{}", minimum)},
                                {"maximum", fmt::format("{}", maximum)}});
  }
  return absl::OkStatus();
}

// Times in order, none before `earliest`.
absl::Status CheckTimes(Instant earliest, const Times& times, const std::string& path) {
  for (int i = 0; i < times.size(); ++i) {
    if (auto s = CheckNotBefore(earliest, &times[i], fmt::format("{}[{}]", path, i)); !s.ok()) return s;
    earliest = FromProto(times[i]);
  }
  return absl::OkStatus();
}

absl::Status CheckTicket(const v1::Ticket& ticket, Instant submitted, const std::string& path) {
  const auto* closed = ticket.has_close_time() ? &ticket.close_time() : nullptr;
  const auto* resolved = ticket.has_resolve_time() ? &ticket.resolve_time() : nullptr;
  if (auto s = CheckNotBefore(submitted, closed, path + ".close_time"); !s.ok()) return s;
  if (auto s = CheckNotBefore(submitted, resolved, path + ".resolve_time"); !s.ok()) return s;
  return CheckTimes(submitted, ticket.reopen_times(), path + ".reopen_times");
}

absl::Status CheckConversation(const v1::Conversation& conversation, Instant begun, const std::string& path) {
  Instant last = begun;
  for (int i = 0; i < conversation.messages_size(); ++i) {
    const v1::ConversationMessage& message = conversation.messages(i);
    const std::string at = fmt::format("{}.messages[{}]", path, i);
    if (message.author() == v1::MESSAGE_AUTHOR_UNSPECIFIED) {
      return error::InvalidField(at + ".author", "FIELD_REQUIRED");
    }
    if (auto s = CheckNotBefore(last, &message.send_time(), at + ".send_time"); !s.ok()) return s;
    last = FromProto(message.send_time());
  }
  const auto* closed = conversation.has_close_time() ? &conversation.close_time() : nullptr;
  if (auto s = CheckNotBefore(begun, closed, path + ".close_time"); !s.ok()) return s;
  return CheckTimes(begun, conversation.reopen_times(), path + ".reopen_times");
}

absl::Status CheckOrder(const v1::Order& order, const std::string& path) {
  if (auto s = CheckOwnAmount(order.amount(), path + ".amount"); !s.ok()) return s;
  for (int i = 0; i < order.items_size(); ++i) {
    if (!order.items(i).has_amount()) continue;
    const std::string at = fmt::format("{}.items[{}].amount", path, i);
    if (auto s = CheckOwnAmount(order.items(i).amount(), at); !s.ok()) return s;
    if (order.items(i).amount().currency_code() != order.amount().currency_code()) {
      return error::InvalidField(
          at, "CURRENCY_OF_ORDER",
          {{"currency", order.items(i).amount().currency_code()}, {"expected", order.amount().currency_code()}});
    }
  }
  return absl::OkStatus();
}

absl::Status CheckCost(const v1::Cost& cost, const std::string& path) {
  if (cost.category() == v1::COST_CATEGORY_UNSPECIFIED)
    return error::InvalidField(path + ".category", "FIELD_REQUIRED");
  if (auto s = CheckOwnAmount(cost.amount(), path + ".amount"); !s.ok()) return s;
  const Day start = FromProto(cost.start_date()).value_or(kNoDay);
  const Day end = FromProto(cost.end_date()).value_or(kNoDay);
  if (start == kNoDay && end == kNoDay) return absl::OkStatus();
  if (start == kNoDay) return error::InvalidField(path + ".start_date", "FIELD_REQUIRED");
  if (end == kNoDay) return error::InvalidField(path + ".end_date", "FIELD_REQUIRED");
  if (end > start) return absl::OkStatus();
  return error::InvalidField(path + ".end_date", "DATE_ORDER", {{"other", FormatDay(start)}});
}

absl::Status CheckInteraction(const v1::Interaction& interaction, const std::string& path) {
  if (!interaction.has_expected_amount()) return absl::OkStatus();
  if (!interaction.need_identified() && !interaction.budget_available()) {
    return error::InvalidField(path + ".expected_amount", "FACT_AMOUNT_ALONE");
  }
  return CheckOwnAmount(interaction.expected_amount(), path + ".expected_amount");
}

absl::Status CheckContactChange(const v1::ContactChange& change, const std::string& path) {
  const bool known = change.type() != v1::CONTACT_CHANGE_TYPE_UNSPECIFIED;
  return known ? absl::OkStatus() : error::InvalidField(path + ".type", "FIELD_REQUIRED");
}

}  // namespace

v1::FactKind FactKindOf(const v1::Fact& fact) {
  // Details and kinds are numbered in the same order, without a gap.
  return static_cast<v1::FactKind>(fact.detail_case() - v1::Fact::kUsage + v1::FACT_KIND_USAGE);
}

bool MayLackAccount(const v1::Fact& fact) {
  return fact.has_survey_answer() || fact.has_order() || fact.has_refund() || fact.has_cost() ||
         fact.has_conversation();
}

absl::Status CheckFact(const v1::Fact& fact, const std::string& path) {
  const Instant time = FromProto(fact.event_time());
  switch (fact.detail_case()) {
    case v1::Fact::kSurveyAnswer:
      return CheckSurvey(fact.survey_answer(), path + ".survey_answer");
    case v1::Fact::kPayment:
      return CheckOwnAmount(fact.payment().amount(), path + ".payment.amount");
    case v1::Fact::kInteraction:
      return CheckInteraction(fact.interaction(), path + ".interaction");
    case v1::Fact::kTicket:
      return CheckTicket(fact.ticket(), time, path + ".ticket");
    case v1::Fact::kContactChange:
      return CheckContactChange(fact.contact_change(), path + ".contact_change");
    case v1::Fact::kOrder:
      return CheckOrder(fact.order(), path + ".order");
    case v1::Fact::kRefund:
      return CheckOwnAmount(fact.refund().amount(), path + ".refund.amount");
    case v1::Fact::kCost:
      return CheckCost(fact.cost(), path + ".cost");
    case v1::Fact::kConversation:
      return CheckConversation(fact.conversation(), time, path + ".conversation");
    case v1::Fact::DETAIL_NOT_SET:
      return error::InvalidField(path, "FACT_DETAIL_MISSING");
    default:
      return absl::OkStatus();
  }
}

}  // namespace folio::portfolio
