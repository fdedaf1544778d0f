#include "server/indicators/compute.h"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/indicators/answer.h"
#include "server/indicators/custom_indicators.h"
#include "server/indicators/lookup.h"
#include "server/indicators/own_indicator.h"

namespace folio::indicators {
namespace {

using Ids = google::protobuf::RepeatedPtrField<std::string>;

using Indicators = std::vector<std::shared_ptr<const Indicator>>;

absl::Status CheckDimensions(const Asked& asked, const Indicators& indicators) {
  for (const auto& indicator : indicators) {
    if (absl::Status status = asked.CheckDimension(*indicator); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<Indicators> IndicatorsOf(const portfolio::Workspace& workspace, const Ids& ids) {
  Indicators indicators;
  for (int i = 0; i < ids.size(); ++i) {
    auto found = Lookup(workspace, ids[i], fmt::format("indicators[{}]", i));
    if (!found.ok()) return found.status();
    indicators.push_back(*std::move(found));
  }
  return indicators;
}

// Computes one indicator, and hands over the values of each period as they are filled in by `message_of(period)`.
class Series {
 public:
  Series(const Asked& asked, error::Locale locale)
      : asked_(asked), locale_(locale), compared_(asked.ComparedPeriods()) {}

  // `add()` gives the message of the next value; `end_of_period()` returns false to stop.
  template <typename Add, typename EndOfPeriod>
  bool Run(const Indicator& indicator, Add add, EndOfPeriod end_of_period) const {
    const Figures figures = FiguresOf(*indicator.method, asked_.question());
    Figures others;
    if (!compared_.empty()) others = FiguresOf(*indicator.method, asked_.QuestionOf(compared_));
    for (size_t p = 0; p < figures.size(); ++p) {
      for (uint32_t group = 0; group < figures[p].size(); ++group) {
        v1::IndicatorValue* value = add();
        FillValue(indicator, asked_, asked_.periods()[p], group, figures[p][group], locale_, value);
        if (others.empty()) continue;
        FillComparison(indicator, asked_, figures[p][group], compared_[p], others[p][group],
                       value->mutable_comparison());
      }
      if (!end_of_period()) return false;
    }
    return true;
  }

 private:
  const Asked& asked_;
  const error::Locale locale_;
  const std::vector<Period> compared_;
};

}  // namespace

void List(error::Locale locale, v1::ListIndicatorsResponse* response) {
  for (const Indicator& indicator : AllIndicators()) FillDefinition(indicator, locale, response->add_indicators());
}

absl::Status List(const portfolio::Workspace& workspace, error::Locale locale, v1::ListIndicatorsResponse* response) {
  List(locale, response);
  const auto own = AllCustomIndicators(workspace);
  if (!own.ok()) return own.status();
  for (const v1::CustomIndicator& custom : *own) {
    // One whose formula has lost a name since is listed by its own service only.
    const auto indicator = OwnIndicator(workspace, custom);
    if (indicator.ok()) FillDefinition(**indicator, locale, response->add_indicators());
  }
  return absl::OkStatus();
}

absl::Status Compute(const portfolio::Workspace& workspace, const v1::ComputeIndicatorsRequest& request,
                     error::Locale locale, v1::ComputeIndicatorsResponse* response) {
  const auto indicators = IndicatorsOf(workspace, request.indicators());
  if (!indicators.ok()) return indicators.status();
  const auto asked = Asked::From(workspace, request.query());
  if (!asked.ok()) return asked.status();
  if (auto status = CheckDimensions(*asked, *indicators); !status.ok()) return status;
  const int64_t values = std::ssize(*indicators) * std::ssize(asked->periods()) * std::ssize(asked->groups());
  if (values > kValuesMax) {
    return error::InvalidField(request.query().group_by().empty() ? "query.grain" : "query.group_by",
                               "FIELD_TOO_MANY_ITEMS",
                               {{"count", std::to_string(values)}, {"maximum", std::to_string(kValuesMax)}});
  }
  const Series series(*asked, locale);
  for (const auto& indicator : *indicators) {
    series.Run(
        *indicator, [response] { return response->add_values(); }, [] { return true; });
  }
  response->set_revision(asked->revision());
  return absl::OkStatus();
}

absl::Status StreamSeries(const portfolio::Workspace& workspace, const v1::StreamSeriesRequest& request,
                          error::Locale locale, const SeriesSink& send) {
  const auto indicators = IndicatorsOf(workspace, request.indicators());
  if (!indicators.ok()) return indicators.status();
  const auto asked = Asked::From(workspace, request.query());
  if (!asked.ok()) return asked.status();
  if (auto status = CheckDimensions(*asked, *indicators); !status.ok()) return status;
  const Series series(*asked, locale);
  v1::StreamSeriesResponse message;
  const auto send_period = [&] {
    message.set_revision(asked->revision());
    const bool more = send(message);
    message.Clear();
    return more;
  };
  for (const auto& indicator : *indicators) {
    if (!series.Run(
            *indicator, [&message] { return message.add_values(); }, send_period))
      break;
  }
  return absl::OkStatus();
}

}  // namespace folio::indicators
