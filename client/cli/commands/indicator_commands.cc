// indicators list, compute, series, explain, facts, cohorts; indicators targets.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>

#include "client/cli/commands/commands.h"
#include "client/cli/commands/list_rows.h"
#include "client/cli/commands/resource.h"
#include "client/cli/output/cell.h"
#include "client/cli/output/records.h"
#include "client/cli/output/sparkline.h"
#include "client/cli/value/dates.h"
#include "client/cli/value/fault.h"
#include "client/cli/value/field_path.h"
#include "client/cli/value/json.h"
#include "client/cli/value/set_value.h"
#include "date/date.h"
#include "folio/v1/indicator.pb.h"

namespace folio::cli {
namespace {

// What of the accounts and of time a command is about.
struct QueryFlags {
  std::string from;
  std::string to;
  std::string on;
  std::string grain;
  std::string filter;
  std::string deal_filter;
  std::string lead_filter;
  std::vector<std::string> group_by;
  std::string compare;
  int64_t as_of = 0;
  std::vector<std::string> settings;
};

constexpr std::string_view kPrevious = "previous";
constexpr std::string_view kYear = "year";

void AddAsOf(CLI::App* command, int64_t* as_of) {
  command->add_option("--as-of-revision", *as_of, "As it was known at this revision; now where it is left out")
      ->check(CLI::PositiveNumber);
}

void AddQueryFlags(CLI::App* command, QueryFlags* flags) {
  CLI::Option* from = command->add_option("--from", flags->from, "First day YYYY-MM-DD, or month YYYY-MM");
  CLI::Option* to = command->add_option("--to", flags->to, "Last day or month; up to today where it is left out");
  command->add_option("--on", flags->on, "One day, YYYY-MM-DD; today where nothing is given")
      ->excludes(from)
      ->excludes(to);
  command->add_option("--grain", flags->grain, "Length of a period; one for all where it is left out")
      ->check(CLI::IsMember({"day", "week", "month", "quarter", "year"}));
  command->add_option("--filter", flags->filter, "AIP-160 filter; all accounts where it is left out");
  command->add_option("--deal-filter", flags->deal_filter, "The same over deals, for indicators that read them");
  command->add_option("--lead-filter", flags->lead_filter, "The same over leads, for indicators that read them");
  command
      ->add_option(
          "--group-by", flags->group_by,
          "One or two facets, for example sector,size; of deals or leads: deals.owner, leads.source; one may be "
          "a dimension of facts, as cost.campaign")
      ->delimiter(',')
      ->allow_extra_args(false);
  command
      ->add_option("--setting", flags->settings,
                   "A setting for this question alone, for example gross_margin=0.8; may be repeated")
      ->allow_extra_args(false);
  command->add_option("--compare", flags->compare, "With the period before, or the same one a year before")
      ->check(CLI::IsMember({std::string(kPrevious), std::string(kYear)}));
  AddAsOf(command, &flags->as_of);
}

google::type::Date ToProto(date::sys_days day) {
  const date::year_month_day parts(day);
  google::type::Date result;
  result.set_year(static_cast<int>(parts.year()));
  result.set_month(static_cast<int>(static_cast<unsigned>(parts.month())));
  result.set_day(static_cast<int>(static_cast<unsigned>(parts.day())));
  return result;
}

// The first day of a day or month that people write, or the first one after it.
absl::StatusOr<google::type::Date> ParseEnd(const std::string& text, bool after) {
  constexpr size_t kMonthLength = 7;  // "2024-03"
  const bool is_month = text.size() == kMonthLength;
  const absl::StatusOr<google::type::Date> parsed = ParseDate(is_month ? text + "-01" : text, {});
  if (!parsed.ok() || !after) return parsed;
  const date::year_month_day day{date::year(parsed->year()), date::month(static_cast<unsigned>(parsed->month())),
                                 date::day(static_cast<unsigned>(parsed->day()))};
  if (is_month) return ToProto(date::sys_days(day + date::months(1)));
  return ToProto(date::sys_days(day) + date::days(1));
}

absl::Status SetEnd(const std::string& text, bool after, google::type::Date* date) {
  if (text.empty()) return absl::OkStatus();
  const absl::StatusOr<google::type::Date> parsed = ParseEnd(text, after);
  if (parsed.ok()) *date = *parsed;
  return parsed.status();
}

absl::Status FillSettings(const std::vector<std::string>& settings, v1::IndicatorSettings* message) {
  for (const std::string& setting : settings) {
    const size_t equals = setting.find('=');
    if (equals == std::string::npos) {
      return WrongUsage("--setting takes name=value, not " + Quoted(setting) + ".",
                        "--setting attend nom=valeur, et non " + Quoted(setting) + ".");
    }
    const absl::StatusOr<FieldPath> path = FindPath(*message->GetDescriptor(), setting.substr(0, equals));
    if (!path.ok()) return path.status();
    if (auto status = SetFromText(setting.substr(equals + 1), *path, {}, message); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status FillQuery(const QueryFlags& flags, v1::IndicatorQuery* query) {
  if (auto status = FillSettings(flags.settings, query->mutable_settings()); !status.ok()) return status;
  if (flags.settings.empty()) query->clear_settings();
  const std::string& from = flags.on.empty() ? flags.from : flags.on;
  const std::string& to = flags.on.empty() ? flags.to : flags.on;
  if (!from.empty()) {
    if (absl::Status status = SetEnd(from, false, query->mutable_start_date()); !status.ok()) return status;
  }
  if (!to.empty()) {
    if (absl::Status status = SetEnd(to, true, query->mutable_end_date()); !status.ok()) return status;
  }
  if (!flags.grain.empty()) {
    query->set_grain(static_cast<v1::PeriodGrain>(FindEnumValue(*v1::PeriodGrain_descriptor(), flags.grain)->number()));
  }
  query->set_filter(flags.filter);
  query->set_deal_filter(flags.deal_filter);
  query->set_lead_filter(flags.lead_filter);
  query->set_as_of_revision(flags.as_of);
  for (const std::string& group : flags.group_by) query->add_group_by(group);
  if (flags.compare == kPrevious) query->set_comparison(v1::COMPARISON_BASE_PREVIOUS_PERIOD);
  if (flags.compare == kYear) query->set_comparison(v1::COMPARISON_BASE_YEAR_BEFORE);
  return absl::OkStatus();
}

absl::StatusOr<int> ListIndicators(Context& context) {
  v1::ListIndicatorsResponse response;
  absl::Status status = context.Call("IndicatorService.ListIndicators", v1::ListIndicatorsRequest(), &response);
  if (!status.ok()) return status;
  absl::StatusOr<RecordWriter> writer =
      NewRecordWriter(context.out, context.output(), *v1::IndicatorDefinition::descriptor(),
                      {"id", "display_name", "category", "unit", "description"});
  if (!writer.ok()) return writer.status();
  for (const v1::IndicatorDefinition& indicator : response.indicators()) writer->Write(indicator);
  writer->Finish();
  return kSuccess;
}

absl::StatusOr<v1::ComputeIndicatorsResponse> Values(Context& context, const std::vector<std::string>& ids,
                                                     const QueryFlags& flags) {
  v1::ComputeIndicatorsRequest request;
  for (const std::string& id : ids) request.add_indicators(id);
  if (absl::Status status = FillQuery(flags, request.mutable_query()); !status.ok()) return status;
  v1::ComputeIndicatorsResponse response;
  if (absl::Status s = context.Call("IndicatorService.ComputeIndicators", request, &response); !s.ok()) return s;
  return response;
}

// Groups as people read them.
void TranslateGroups(const QueryFlags& flags, Language language, v1::IndicatorValue* value) {
  for (int i = 0; i < value->groups_size(); ++i) {
    const std::string facet = i < static_cast<int>(flags.group_by.size()) ? flags.group_by[static_cast<size_t>(i)] : "";
    value->set_groups(i, GroupText(facet, value->groups(i), language));
  }
}

absl::StatusOr<int> Compute(Context& context, const std::vector<std::string>& ids, const QueryFlags& flags) {
  const auto response = Values(context, ids, flags);
  if (!response.ok()) return response.status();
  std::vector<std::string> columns = {"indicator", "period.start_date", "period.end_date", "money", "number"};
  if (!flags.group_by.empty()) columns.insert(columns.begin() + 1, "groups");
  for (const char* column : {"absence", "interval.low", "interval.high", "sample_size"}) columns.emplace_back(column);
  if (!flags.compare.empty()) {
    for (const char* column : {"comparison.change", "comparison.significant"}) columns.emplace_back(column);
  }
  absl::StatusOr<RecordWriter> writer =
      NewRecordWriter(context.out, context.output(), *v1::IndicatorValue::descriptor(), columns);
  if (!writer.ok()) return writer.status();
  for (v1::IndicatorValue value : response->values()) {
    if (context.output().format == Format::kTable) TranslateGroups(flags, context.language(), &value);
    writer->Write(value);
  }
  writer->Finish();
  return kSuccess;
}

// A line for each indicator and group: its curve, its first and last values.
absl::StatusOr<int> DrawSeries(Context& context, const std::vector<std::string>& ids, const QueryFlags& flags) {
  const auto response = Values(context, ids, flags);
  if (!response.ok()) return response.status();
  std::vector<std::string> order;
  std::map<std::string, std::vector<std::optional<double>>> curves;
  for (v1::IndicatorValue value : response->values()) {
    TranslateGroups(flags, context.language(), &value);
    std::string name = value.indicator();
    for (const std::string& group : value.groups()) name += " / " + group;
    const auto [curve, is_new] = curves.try_emplace(name);
    if (is_new) order.push_back(name);
    if (value.has_money()) {
      curve->second.emplace_back(static_cast<double>(value.money().units()) + value.money().nanos() / 1e9);
    } else if (value.has_number()) {
      curve->second.emplace_back(value.number());
    } else {
      curve->second.emplace_back();
    }
  }
  for (const std::string& name : order) context.out << CurveLine(name, curves[name], context.language()) << '\n';
  return kSuccess;
}

absl::StatusOr<int> Explain(Context& context, const std::string& id, const QueryFlags& flags,
                            const std::vector<std::string>& groups) {
  v1::ExplainIndicatorRequest request;
  request.set_indicator(id);
  if (absl::Status status = FillQuery(flags, request.mutable_query()); !status.ok()) return status;
  for (const std::string& group : groups) request.add_groups(group);
  v1::ExplainIndicatorResponse response;
  if (absl::Status s = context.Call("IndicatorService.ExplainIndicator", request, &response); !s.ok()) return s;
  if (context.output().format != Format::kTable) {
    if (absl::Status written = WriteObject(context.out, context.output(), response); !written.ok()) return written;
    return kSuccess;
  }
  const v1::IndicatorPeriod& period = response.value().period();
  context.out << response.definition().display_name() << " [" << FormatDate(period.start_date()) << ", "
              << FormatDate(period.end_date()) << ")\n"
              << response.definition().description() << "\n\n"
              << response.formula() << '\n';
  for (const std::string& note : response.notes()) context.out << "- " << note << '\n';
  return kSuccess;
}

struct FactsFlags {
  QueryFlags query;
  std::vector<std::string> groups;
  ListLimit limit;
};

absl::StatusOr<int> ListFacts(Context& context, const std::string& id, const FactsFlags& flags) {
  v1::ListContributionsRequest request;
  request.set_indicator(id);
  if (absl::Status status = FillQuery(flags.query, request.mutable_query()); !status.ok()) return status;
  for (const std::string& group : flags.groups) request.add_groups(group);
  const auto columns = [](const google::protobuf::Message& page) {
    std::vector<std::string> names = {"account", "fact", "record", "event_time", "numerator", "denominator", "money"};
    const bool is_formula = static_cast<const v1::ListContributionsResponse&>(page).inputs_size() > 0;
    if (is_formula) names.insert(names.begin(), "input");
    return names;
  };
  return ListRows(context, *FindMethod("IndicatorService.ListContributions"), request, columns, flags.limit);
}

struct CohortFlags {
  std::string from;
  std::string to;
  int months = 12;
  std::string filter;
  std::string show = "customers";
  int64_t as_of = 0;
};

// What a cell of the matrix shows.
std::string CellOf(const v1::CohortMonth& month, const std::string& show) {
  const auto percent = [](const v1::Ratio& ratio) {
    constexpr double kPercent = 100;
    return ratio.absence() == v1::ABSENCE_UNSPECIFIED ? fmt::format("{:.1f} %", kPercent * ratio.value())
                                                      : std::string("–");
  };
  if (show == "mrr") return fmt::format("{}", month.mrr().units());
  if (show == "grr") return percent(month.gross_revenue_retention());
  if (show == "nrr") return percent(month.net_revenue_retention());
  if (show == "retention") return percent(month.customer_retention());
  return fmt::format("{}", month.customers());
}

// A line for each cohort, a column for each month since its own.
void DrawMatrix(Context& context, const v1::ComputeCohortsResponse& response, const std::string& show) {
  constexpr int kCell = 9;
  int columns = 0;
  for (const v1::CohortMonth& month : response.months()) columns = std::max(columns, month.month() + 1);
  context.out << fmt::format("{:<10}{:>{}}", context.Say({"cohort", "cohorte"}), context.Say({"size", "taille"}),
                             kCell);
  for (int column = 0; column < columns; ++column) context.out << fmt::format("{:>{}}", column, kCell);
  for (const v1::CohortMonth& month : response.months()) {
    if (month.month() == 0) {
      context.out << fmt::format("\n{:04}-{:02}   {:>{}}", month.cohort_date().year(), month.cohort_date().month(),
                                 month.size(), kCell);
    }
    context.out << fmt::format("{:>{}}", CellOf(month, show), kCell);
  }
  context.out << '\n';
}

absl::StatusOr<int> Cohorts(Context& context, const CohortFlags& flags) {
  v1::ComputeCohortsRequest request;
  if (!flags.from.empty()) {
    if (absl::Status status = SetEnd(flags.from, false, request.mutable_start_date()); !status.ok()) return status;
  }
  if (!flags.to.empty()) {
    if (absl::Status status = SetEnd(flags.to, true, request.mutable_end_date()); !status.ok()) return status;
  }
  request.set_months(flags.months);
  request.set_filter(flags.filter);
  request.set_as_of_revision(flags.as_of);
  v1::ComputeCohortsResponse response;
  if (absl::Status s = context.Call("IndicatorService.ComputeCohorts", request, &response); !s.ok()) return s;
  if (context.output().format == Format::kTable) {
    DrawMatrix(context, response, flags.show);
    return kSuccess;
  }
  absl::StatusOr<RecordWriter> writer =
      NewRecordWriter(context.out, context.output(), *v1::CohortMonth::descriptor(),
                      {"cohort_date", "month", "size", "customers", "mrr", "customer_retention.value",
                       "gross_revenue_retention.value", "net_revenue_retention.value", "partial"});
  if (!writer.ok()) return writer.status();
  for (const v1::CohortMonth& month : response.months()) writer->Write(month);
  writer->Finish();
  return kSuccess;
}

void AddCohorts(CLI::App& group, Context& context) {
  auto flags = std::make_shared<CohortFlags>();
  CLI::App* command = group.add_subcommand("cohorts", "Customers by the month of their first revenue, and who stays");
  context.rows[command] = v1::CohortMonth::descriptor();
  command->add_option("--from", flags->from, "First month of cohorts, YYYY-MM; a year ago where it is left out");
  command->add_option("--to", flags->to, "Last month of cohorts; the current one where it is left out");
  command->add_option("--months", flags->months, "How many months each is followed")
      ->check(CLI::Range(1, 120))
      ->capture_default_str();
  command->add_option("--filter", flags->filter, "AIP-160 filter; all accounts where it is left out");
  command->add_option("--show", flags->show, "What the table shows; CSV and JSON hold everything")
      ->check(CLI::IsMember({"customers", "retention", "mrr", "grr", "nrr"}))
      ->capture_default_str();
  AddAsOf(command, &flags->as_of);
  command->callback([&context, flags] { context.action = [&context, flags] { return Cohorts(context, *flags); }; });
}

// A command about several indicators.
struct ManyFlags {
  std::vector<std::string> ids;
  QueryFlags query;
};

using ManyCommand = absl::StatusOr<int> (*)(Context& context, const std::vector<std::string>& ids,
                                            const QueryFlags& flags);

CLI::App* AddMany(CLI::App& group, Context& context, const std::string& name, const std::string& description,
                  const std::string& grain, ManyCommand run) {
  auto flags = std::make_shared<ManyFlags>();
  flags->query.grain = grain;
  CLI::App* command = group.add_subcommand(name, description);
  context.rows[command] = v1::IndicatorValue::descriptor();
  command->add_option("ids", flags->ids, "Ids of the indicators, for example mrr")->required();
  AddQueryFlags(command, &flags->query);
  command->callback([&context, flags, run] {
    context.action = [&context, flags, run] { return run(context, flags->ids, flags->query); };
  });
  return command;
}

void AddExplain(CLI::App& group, Context& context) {
  struct Flags {
    std::string id;
    QueryFlags query;
    std::vector<std::string> groups;
  };
  auto flags = std::make_shared<Flags>();
  CLI::App* command = group.add_subcommand("explain", "Tells how one value comes about");
  command->add_option("id", flags->id, "Id of the indicator")->required();
  AddQueryFlags(command, &flags->query);
  command->add_option("--group", flags->groups, "Values of the --group-by facets")
      ->delimiter(',')
      ->allow_extra_args(false);
  command->callback([&context, flags] {
    context.action = [&context, flags] { return Explain(context, flags->id, flags->query, flags->groups); };
  });
}

void AddFacts(CLI::App& group, Context& context) {
  struct Flags {
    std::string id;
    FactsFlags facts;
  };
  auto flags = std::make_shared<Flags>();
  CLI::App* command = group.add_subcommand("facts", "The facts, accounts, leads or deals behind one value");
  context.rows[command] = v1::IndicatorContribution::descriptor();
  command->add_option("id", flags->id, "Id of the indicator")->required();
  AddQueryFlags(command, &flags->facts.query);
  command->add_option("--group", flags->facts.groups, "Values of the --group-by facets")
      ->delimiter(',')
      ->allow_extra_args(false);
  AddListLimit(*command, flags->facts.limit);
  command->callback([&context, flags] {
    context.action = [&context, flags] { return ListFacts(context, flags->id, flags->facts); };
  });
}

}  // namespace

void AddIndicatorCommands(CLI::App& app, Context& context) {
  CLI::App* group = AddGroup(app, "indicators", "The figures of the business");
  CLI::App* list = group->add_subcommand("list", "Lists all indicators with their definitions");
  context.rows[list] = v1::IndicatorDefinition::descriptor();
  list->callback([&context] { context.action = [&context] { return ListIndicators(context); }; });
  AddMany(*group, context, "compute", "Computes indicators by period and group", "", Compute);
  AddMany(*group, context, "series", "Draws indicators over time, a line each", "month", DrawSeries);
  AddExplain(*group, context);
  AddFacts(*group, context);
  AddCohorts(*group, context);
  AddCustomIndicatorCommands(*group, context);
  CLI::App* targets = AddGroup(*group, "targets", "What indicators should come to, and from where on it is an alert");
  AddStandardCommands(*targets, context, IndicatorTargetResource());
}

}  // namespace folio::cli
