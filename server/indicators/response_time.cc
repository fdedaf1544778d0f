// response_time and its variants: how long clients wait for an agent in conversations.
#include "server/indicators/indicator.h"
#include "server/indicators/responses.h"

namespace folio::indicators {
namespace {

constexpr auto kResponse = ledger::EntryKind::kResponse;

Indicator OfConversations(Indicator indicator) {
  indicator.inputs.insert(indicator.inputs.begin(), "facts.conversation");
  indicator.dimensions = {ledger::Dimension::kConversationChannel};
  return OfResponses(std::move(indicator));
}

const Registrar kMean(OfConversations({
    .id = "response_time",
    .name = "Average response time",
    .name_fr = "Temps de réponse moyen",
    .description =
        "Mean time from a client's message in the period to the next answer by an agent. Of several messages in a row "
        "the first counts; bots are left out; a reopening starts the clock anew.",
    .description_fr =
        "Temps moyen entre un message d'un client dans la période et la réponse suivante d'un agent. De plusieurs "
        "messages à la suite le premier compte ; les robots sont écartés ; une réouverture relance le chronomètre.",
    .formula = "{numerator} ÷ {n}",
    .interval = v1::INTERVAL_METHOD_STUDENT,
    .method = ResponseMethod<kResponse, AsTheyAre, MeanOf>(),
}));

const Registrar kMedian(OfConversations({
    .id = "response_time_median",
    .variant_of = "response_time",
    .name = "Response time, median",
    .name_fr = "Temps de réponse, médiane",
    .description = "Half of the waits that began in the period were shorter.",
    .description_fr = "La moitié des attentes commencées dans la période ont été plus courtes.",
    .formula = "median({n})",
    .interval = v1::INTERVAL_METHOD_RANKS,
    .method = ResponseMethod<kResponse, AsTheyAre, MedianOf>(),
}));

const Registrar kP90(OfConversations({
    .id = "response_time_p90",
    .variant_of = "response_time",
    .name = "Response time, 90th percentile",
    .name_fr = "Temps de réponse, 90e centile",
    .description = "Nine in ten of the waits that began in the period were shorter.",
    .description_fr = "Neuf attentes sur dix commencées dans la période ont été plus courtes.",
    .formula = "p90({n})",
    .interval = v1::INTERVAL_METHOD_RANKS,
    .method = ResponseMethod<kResponse, AsTheyAre, P90Of>(),
}));

const Registrar kBusiness(OfConversations({
    .id = "response_time_business",
    .variant_of = "response_time",
    .name = "Response time, business hours",
    .name_fr = "Temps de réponse, heures ouvrées",
    .description = "As response_time, counting business hours only, of the calendar of the settings.",
    .description_fr = "Comme response_time, en ne comptant que les heures ouvrées du calendrier des réglages.",
    .formula = "{numerator} ÷ {n}",
    .interval = v1::INTERVAL_METHOD_STUDENT,
    .inputs = {"businessCalendars"},
    .method = ResponseMethod<kResponse, InBusinessHours, MeanOf>(),
}));

}  // namespace
}  // namespace folio::indicators
