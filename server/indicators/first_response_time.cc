// first_response_time and its variants: how fast tickets get a first answer.
#include "server/indicators/indicator.h"
#include "server/indicators/responses.h"

namespace folio::indicators {
namespace {

constexpr auto kTicket = ledger::EntryKind::kTicket;

Indicator OfTickets(Indicator indicator) {
  indicator.inputs.insert(indicator.inputs.begin(), "facts.ticket");
  indicator.dimensions = {ledger::Dimension::kTicketPriority, ledger::Dimension::kTicketTopic,
                          ledger::Dimension::kTicketChannel};
  return OfResponses(std::move(indicator));
}

const Registrar kMean(OfTickets({
    .id = "first_response_time",
    .name = "First response time",
    .name_fr = "Délai de première réponse",
    .description = "Mean time from the submission of a ticket in the period to its first answer by an agent.",
    .description_fr = "Temps moyen entre le dépôt d'un ticket dans la période et la première réponse d'un agent.",
    .formula = "{numerator} ÷ {n}",
    .interval = v1::INTERVAL_METHOD_STUDENT,
    .method = ResponseMethod<kTicket, AsTheyAre, MeanOf>(),
}));

const Registrar kMedian(OfTickets({
    .id = "first_response_time_median",
    .variant_of = "first_response_time",
    .name = "First response time, median",
    .name_fr = "Délai de première réponse, médiane",
    .description = "Half of the tickets submitted in the period were answered in less.",
    .description_fr = "La moitié des tickets déposés dans la période ont reçu une réponse en moins de temps.",
    .formula = "median({n})",
    .interval = v1::INTERVAL_METHOD_RANKS,
    .method = ResponseMethod<kTicket, AsTheyAre, MedianOf>(),
}));

const Registrar kP90(OfTickets({
    .id = "first_response_time_p90",
    .variant_of = "first_response_time",
    .name = "First response time, 90th percentile",
    .name_fr = "Délai de première réponse, 90e centile",
    .description = "Nine in ten of the tickets submitted in the period were answered in less.",
    .description_fr = "Neuf tickets sur dix déposés dans la période ont reçu une réponse en moins de temps.",
    .formula = "p90({n})",
    .interval = v1::INTERVAL_METHOD_RANKS,
    .method = ResponseMethod<kTicket, AsTheyAre, P90Of>(),
}));

const Registrar kBusiness(OfTickets({
    .id = "first_response_time_business",
    .variant_of = "first_response_time",
    .name = "First response time, business hours",
    .name_fr = "Délai de première réponse, heures ouvrées",
    .description = "As first_response_time, counting business hours only, of the calendar of the settings.",
    .description_fr = "Comme first_response_time, en ne comptant que les heures ouvrées du calendrier des réglages.",
    .formula = "{numerator} ÷ {n}",
    .interval = v1::INTERVAL_METHOD_STUDENT,
    .inputs = {"businessCalendars"},
    .method = ResponseMethod<kTicket, InBusinessHours, MeanOf>(),
}));

}  // namespace
}  // namespace folio::indicators
