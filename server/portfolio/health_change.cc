#include "server/portfolio/health_change.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "server/measures/figure_text.h"
#include "server/portfolio/health.h"
#include "server/portfolio/queries.h"
#include "server/scoring/sentences.h"

namespace folio::portfolio {

namespace {

// The states that a change is walked through, one difference at a time.
enum Stage { kBefore, kAged, kInformed, kAfter, kStages };

// What is told apart: a measure over a window in a dimension.
using Place = std::tuple<std::string, std::string, int>;

struct Figure {
  double points = 0;
  double value = 0;
  v1::Absence absence = v1::ABSENCE_NO_DATA;  // also where the model does not read it
  std::string unit;
};
using Row = std::array<Figure, kStages>;

struct Walk {
  std::array<scoring::Score, kStages> scores;
  std::map<Place, Row> rows;
  // The order in which the models have the measures.
  std::vector<Place> order;
};

void RunStage(const Portfolio& portfolio, const scoring::Model& model, const account::View& view, Stage stage,
              Walk* walk) {
  std::vector<scoring::Contribution> parts;
  walk->scores[stage] = model.Run(view, &parts);
  for (const scoring::Contribution& part : parts) {
    const Place place{model.proto().dimensions(part.dimension).id(), MeasureOf(model.proto(), part), part.window_days};
    const auto [row, is_new] = walk->rows.try_emplace(place);
    if (is_new) walk->order.push_back(place);
    row->second[stage] = {.points = part.points,
                          .value = part.value,
                          .absence = part.missing ? part.absence : v1::ABSENCE_UNSPECIFIED,
                          .unit = UnitOf(portfolio, model.proto(), part)};
  }
}

// The contacts as they were known on a day: nobody has come or left since.
std::vector<account::ContactTerm> ContactsUpTo(const account::View& view, Day day) {
  std::vector<account::ContactTerm> contacts;
  for (account::ContactTerm contact : view.contacts) {
    if (contact.start > day) continue;
    if (contact.end > day) contact.end = kNoDay;
    contacts.push_back(contact);
  }
  return contacts;
}

// The same account without the facts after a day.
std::vector<account::Point> PointsUpTo(const account::View& view, Day day) {
  std::vector<account::Point> points;
  std::copy_if(view.points.begin(), view.points.end(), std::back_inserter(points),
               [day](const account::Point& point) { return point.day <= day; });
  return points;
}

struct Shares {
  double facts = 0;
  double time = 0;
  double model = 0;
};

Shares SharesOf(const Row& row) {
  return {.facts = row[kInformed].points - row[kAged].points,
          .time = row[kAged].points - row[kBefore].points,
          .model = row[kAfter].points - row[kInformed].points};
}

// "mostly through facts that arrived", by the largest share.
std::string MainCause(const Shares& shares, bool french) {
  const double facts = std::abs(shares.facts);
  const double time = std::abs(shares.time);
  const double model = std::abs(shares.model);
  if (model > facts && model > time) return french ? "surtout parce que le modèle a changé" : "mostly by another model";
  if (facts >= time) return french ? "surtout par des faits nouveaux" : "mostly by facts that arrived";
  return french ? "surtout par le temps passé" : "mostly by time that passed";
}

std::string FigureOrNone(const Figure& figure, error::Locale locale) {
  if (figure.absence != v1::ABSENCE_UNSPECIFIED) return locale == error::Locale::kFrench ? "rien" : "none";
  return measures::FigureText(figure.value, figure.unit, locale);
}

std::string Signed(double points, error::Locale locale) {
  return (points > 0 ? "+" : "") + scoring::PointsText(points, locale);
}

std::string Explanation(const Place& place, const Row& row, error::Locale locale) {
  const bool french = locale == error::Locale::kFrench;
  const double difference = row[kAfter].points - row[kBefore].points;
  const std::string& measure = std::get<1>(place);
  std::string text = fmt::format(fmt::runtime(french ? "{} : {}" : "{}: {}"), measure, Signed(difference, locale));
  if (measure != "base" && measure != "clamp" && row[kAfter].unit != "choice") {
    text += fmt::format(fmt::runtime(french ? ", de {} à {}" : ", from {} to {}"), FigureOrNone(row[kBefore], locale),
                        FigureOrNone(row[kAfter], locale));
  }
  if (std::abs(difference) < 0.005) return text + ".";
  return text + ", " + MainCause(SharesOf(row), french) + ".";
}

void FillDifference(const Place& place, const Row& row, error::Locale locale, v1::HealthDifference* to) {
  const Shares shares = SharesOf(row);
  to->set_dimension(std::get<0>(place));
  to->set_measure(std::get<1>(place));
  to->set_points_before(row[kBefore].points);
  to->set_points_after(row[kAfter].points);
  to->set_difference(row[kAfter].points - row[kBefore].points);
  to->set_due_to_facts(shares.facts);
  to->set_due_to_time(shares.time);
  to->set_due_to_model(shares.model);
  to->set_value_before(row[kBefore].value);
  to->set_absence_before(row[kBefore].absence);
  to->set_value_after(row[kAfter].value);
  to->set_absence_after(row[kAfter].absence);
  to->set_explanation(Explanation(place, row, locale));
}

std::string Summary(const v1::HealthChange& change, error::Locale locale) {
  const bool french = locale == error::Locale::kFrench;
  if (std::abs(change.difference()) < 0.005) {
    return french ? "Le score calculé n'a pas changé." : "The computed score has not changed.";
  }
  const Shares shares{change.due_to_facts(), change.due_to_time(), change.due_to_model()};
  std::string text = fmt::format(
      "{} points, {}", (change.difference() > 0 ? "+" : "") + measures::NumberText(change.difference(), locale),
      MainCause(shares, french));
  // The largest one that goes the way of the whole.
  const auto chief = std::find_if(change.differences().begin(), change.differences().end(),
                                  [&](const auto& row) { return (row.difference() > 0) == (change.difference() > 0); });
  if (chief == change.differences().end()) return text + ".";
  return text + (french ? ". Principalement " : ". Chiefly ") + chief->explanation();
}

void Fill(const Walk& walk, error::Locale locale, v1::HealthChange* change) {
  for (const Place& place : walk.order) {
    const Row& row = walk.rows.at(place);
    FillDifference(place, row, locale, change->add_differences());
    const Shares shares = SharesOf(row);
    change->set_due_to_facts(change->due_to_facts() + shares.facts);
    change->set_due_to_time(change->due_to_time() + shares.time);
    change->set_due_to_model(change->due_to_model() + shares.model);
  }
  std::stable_sort(change->mutable_differences()->begin(), change->mutable_differences()->end(),
                   [](const auto& a, const auto& b) { return std::abs(a.difference()) > std::abs(b.difference()); });
  change->set_difference(walk.scores[kAfter].raw - walk.scores[kBefore].raw);
  change->set_summary(Summary(*change, locale));
}

}  // namespace

absl::Status ExplainHealthChange(const Workspace& workspace, const v1::ExplainHealthChangeRequest& request,
                                 error::Locale locale, v1::HealthChange* change) {
  const Portfolio& portfolio = workspace.portfolio();
  const auto key = AccountKey(workspace, request.account());
  if (!key.ok()) return key.status();
  const auto to = PastDay(portfolio, request.to(), "to", portfolio.today());
  if (!to.ok()) return to.status();
  const auto from = PastDay(portfolio, request.from(), "from", *to);
  if (!from.ok()) return from.status();
  if (*from > *to) return error::InvalidField("to", "DATE_ORDER", {{"other", FormatDay(*from)}});

  const ModelVersionPtr model_before = ModelInForce(portfolio, *key, *from);
  const ModelVersionPtr model_after = ModelInForce(portfolio, *key, *to);
  Walk walk;
  const auto run = [&](const account::View& later) {
    const std::vector<account::Point> known = PointsUpTo(later, *from);
    const std::vector<account::ContactTerm> contacts = ContactsUpTo(later, *from);
    account::View view = later;
    view.points = known;
    view.contacts = contacts;
    RunStage(portfolio, model_before->scoring, view, kAged, &walk);
    view.today = *from;
    RunStage(portfolio, model_before->scoring, view, kBefore, &walk);
    RunStage(portfolio, model_before->scoring, later, kInformed, &walk);
    RunStage(portfolio, model_after->scoring, later, kAfter, &walk);
  };
  if (!portfolio.Show(*key, *to, run)) return error::NotFound(request.account());
  FillScore(*model_before, walk.scores[kBefore], *from, portfolio.scores().OverrideOn(*key, *from),
            change->mutable_before());
  FillScore(*model_after, walk.scores[kAfter], *to, portfolio.scores().OverrideOn(*key, *to), change->mutable_after());
  Fill(walk, locale, change);
  return absl::OkStatus();
}

}  // namespace folio::portfolio
