// The facts or accounts behind a value.
#include <algorithm>
#include <utility>
#include <vector>

#include "server/engine/collection.h"
#include "server/engine/resources.h"
#include "server/indicators/answer.h"
#include "server/indicators/compute.h"
#include "server/indicators/lookup.h"
#include "server/model/page_token.h"

namespace folio::indicators {
namespace {

// Where a contribution stands: by its instant, then by its record, or by its account.
std::pair<Instant, int64_t> PlaceOf(const Contribution& contribution) {
  return {contribution.time, contribution.record != 0 ? contribution.record : contribution.account};
}

// What a fact or account adds in several ways is told as one.
void JoinNeighbours(std::vector<Contribution>* sorted) {
  size_t last = 0;
  for (size_t i = 1; i < sorted->size(); ++i) {
    Contribution& next = (*sorted)[i];
    Contribution& joined = (*sorted)[last];
    if (PlaceOf(joined) == PlaceOf(next) && joined.record == next.record && joined.account == next.account) {
      joined.figure.numerator += next.figure.numerator;
      joined.figure.denominator += next.figure.denominator;
      joined.figure.micros += next.figure.micros;
    } else if (++last != i) {
      (*sorted)[last] = std::move(next);
    }
  }
  if (!sorted->empty()) sorted->resize(last + 1);
}

absl::Status FillContribution(const Indicator& indicator, const portfolio::Workspace& workspace,
                              const Contribution& contribution, v1::IndicatorContribution* message) {
  if (contribution.account != 0) message->set_account("accounts/" + workspace.portfolio().IdOf(contribution.account));
  if (contribution.record != 0) {
    const auto record = workspace.storage().Get(contribution.kind, contribution.record);
    if (!record.ok()) return error::FromStorage(record.status());
    const std::string name =
        record->has_value() ? engine::FindResource(contribution.kind)->schema.NameOf((*record)->id) : "";
    contribution.kind == engine::kFact ? message->set_fact(name) : message->set_record(name);
    *message->mutable_event_time() = ToProtoTime(contribution.time);
  }
  message->set_numerator(contribution.figure.numerator);
  message->set_denominator(contribution.figure.denominator);
  if (IsMoney(indicator.unit) && indicator.additive) {
    *message->mutable_money() = ToProtoMoney(contribution.figure.micros, workspace.portfolio().currency());
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ListContributions(const portfolio::Workspace& workspace, const v1::ListContributionsRequest& request,
                               error::Locale locale, v1::ListContributionsResponse* response) {
  const auto page_size = engine::PageSize(request.page_size());
  if (!page_size.ok()) return page_size.status();
  const auto indicator = Lookup(workspace, request.indicator(), "indicator");
  if (!indicator.ok()) return indicator.status();
  auto asked = Asked::From(workspace, request.query());
  if (!asked.ok()) return asked.status();
  if (auto status = asked->CheckDimension(**indicator); !status.ok()) return status;
  asked->KeepLastPeriod();
  const auto group = asked->GroupNumber(request.groups());
  if (!group.ok()) return group.status();

  v1::ListContributionsRequest bound = request;
  bound.clear_page_size();
  bound.clear_page_token();
  const uint64_t binding = engine::FingerprintOf(bound);
  const Question question = asked->question();
  const Figures figures = FiguresOf(*(*indicator)->method, question);
  std::vector<Contribution> all;
  if (figures.front()[*group].fault.ok()) all = (*indicator)->method->ContributionsTo(question, *group);
  std::stable_sort(all.begin(), all.end(),
                   [](const Contribution& a, const Contribution& b) { return PlaceOf(a) < PlaceOf(b); });
  JoinNeighbours(&all);
  response->set_total_size(std::ssize(all));
  if (!request.page_token().empty()) {
    const auto position = model::DecodeIntPageToken(request.page_token(), binding, 1);
    if (!position.ok()) return position.status();
    const std::pair after{std::get<int64_t>(position->values.front()), position->key};
    std::erase_if(all, [&after](const Contribution& contribution) { return PlaceOf(contribution) <= after; });
  }
  const auto shown = std::min(all.size(), static_cast<size_t>(*page_size));
  for (size_t i = 0; i < shown; ++i) {
    if (auto s = FillContribution(**indicator, workspace, all[i], response->add_contributions()); !s.ok()) return s;
  }
  if (shown < all.size()) {
    const auto [time, key] = PlaceOf(all[shown - 1]);
    response->set_next_page_token(model::EncodePageToken({.values = {time}, .key = key}, binding));
  }
  FillValue(**indicator, *asked, asked->periods().front(), *group, figures.front()[*group], locale,
            response->mutable_value());
  response->set_revision(asked->revision());
  return absl::OkStatus();
}

}  // namespace folio::indicators
