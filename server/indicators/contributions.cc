// The facts or accounts behind a value.
#include <algorithm>
#include <string>
#include <tuple>
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

// A contribution with the number of the input that it adds to, and where it stands among all of them.
struct Listed {
  size_t input = 0;
  Contribution contribution;

  auto place() const { return std::tuple_cat(std::tuple(static_cast<int64_t>(input)), PlaceOf(contribution)); }
};

// All of them, in order.
std::vector<Listed> ListedOf(std::vector<Input>* inputs) {
  std::vector<Listed> all;
  for (size_t i = 0; i < inputs->size(); ++i) {
    std::vector<Contribution>& of_input = (*inputs)[i].contributions;
    std::stable_sort(of_input.begin(), of_input.end(),
                     [](const Contribution& a, const Contribution& b) { return PlaceOf(a) < PlaceOf(b); });
    JoinNeighbours(&of_input);
    for (Contribution& contribution : of_input) all.push_back({i, std::move(contribution)});
  }
  return all;
}

// What a page token keeps of a place: all but the last, which is its key.
model::PagePosition PositionOf(const Listed& listed) {
  const auto [input, time, key] = listed.place();
  return {.values = {input, time}, .key = key};
}

// Takes out what was on pages before.
absl::Status SkipTo(const std::string& page_token, uint64_t binding, std::vector<Listed>* all) {
  if (page_token.empty()) return absl::OkStatus();
  const auto position = model::DecodeIntPageToken(page_token, binding, 2);
  if (!position.ok()) return position.status();
  const std::tuple after{std::get<int64_t>(position->values[0]), std::get<int64_t>(position->values[1]), position->key};
  std::erase_if(*all, [&after](const Listed& listed) { return listed.place() <= after; });
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
  const Method& method = *(*indicator)->method;
  const Period& period = asked->periods().front();
  const Figure figure = FiguresOf(method, question).front()[*group];
  std::vector<Input> inputs = method.InputsOf(question, *group);
  const bool is_formula = !inputs.empty();
  if (!is_formula) {
    inputs.push_back({.indicator = indicator->get(), .period = period, .figure = figure});
    if (figure.fault.ok()) inputs.front().contributions = method.ContributionsTo(question, *group);
  }
  std::vector<Listed> all = ListedOf(&inputs);
  response->set_total_size(std::ssize(all));
  if (auto status = SkipTo(request.page_token(), binding, &all); !status.ok()) return status;
  const auto shown = std::min(all.size(), static_cast<size_t>(*page_size));
  for (size_t i = 0; i < shown; ++i) {
    const Input& input = inputs[all[i].input];
    v1::IndicatorContribution* told = response->add_contributions();
    if (auto s = FillContribution(*input.indicator, workspace, all[i].contribution, told); !s.ok()) return s;
    told->set_input(input.name);
  }
  if (shown < all.size()) response->set_next_page_token(model::EncodePageToken(PositionOf(all[shown - 1]), binding));
  FillValue(**indicator, *asked, period, *group, figure, locale, response->mutable_value());
  for (size_t i = 0; is_formula && i < inputs.size(); ++i) {
    v1::IndicatorInput* told = response->add_inputs();
    told->set_input(inputs[i].name);
    FillValue(*inputs[i].indicator, *asked, inputs[i].period, *group, inputs[i].figure, locale, told->mutable_value());
  }
  response->set_revision(asked->revision());
  return absl::OkStatus();
}

}  // namespace folio::indicators
