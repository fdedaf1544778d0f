// indicators list, compute.
#include <algorithm>
#include <memory>

#include "client/cli/commands/commands.h"
#include "client/cli/output/records.h"
#include "client/cli/value/dates.h"
#include "client/cli/value/fault.h"
#include "date/date.h"
#include "folio/v1/indicator.pb.h"

namespace folio::cli {
namespace {

struct ComputeFlags {
  std::vector<std::string> ids;
  std::string from;
  std::string to;
  std::string grain = "month";
  std::vector<std::string> days;
  std::string filter;
  std::string group_by;
};

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

google::type::Date ToProto(date::sys_days day) {
  const date::year_month_day parts(day);
  google::type::Date result;
  result.set_year(static_cast<int>(parts.year()));
  result.set_month(static_cast<int>(static_cast<unsigned>(parts.month())));
  result.set_day(static_cast<int>(static_cast<unsigned>(parts.day())));
  return result;
}

// A month "2024-03", or the month of a day.
absl::StatusOr<date::year_month> ParseMonth(const std::string& text) {
  const absl::StatusOr<google::type::Date> day = ParseDate(text.size() == 7 ? text + "-01" : text, {});
  if (!day.ok()) return day.status();
  return date::year(day->year()) / static_cast<int>(day->month());
}

// The last day of each month from one to the other, or of every third or twelfth of them, counted from the end.
absl::StatusOr<std::vector<google::type::Date>> PeriodEnds(const ComputeFlags& flags) {
  const absl::StatusOr<date::year_month> to = ParseMonth(flags.to.empty() ? flags.from : flags.to);
  if (!to.ok()) return to.status();
  const absl::StatusOr<date::year_month> from = ParseMonth(flags.from.empty() ? flags.to : flags.from);
  if (!from.ok()) return from.status();
  const int step = flags.grain == "year" ? 12 : flags.grain == "quarter" ? 3 : 1;
  std::vector<google::type::Date> days;
  for (date::year_month month = *to; month >= *from; month -= date::months(step)) {
    days.push_back(ToProto(date::sys_days(month / date::last)));
  }
  if (days.empty()) return WrongUsage("--from is after --to.", "--from est après --to.");
  std::reverse(days.begin(), days.end());
  return days;
}

absl::Status SetDays(const ComputeFlags& flags, v1::ComputeIndicatorsRequest* request) {
  for (const std::string& text : flags.days) {
    const absl::StatusOr<google::type::Date> day = ParseDate(text, {});
    if (!day.ok()) return day.status();
    *request->add_days() = *day;
  }
  if (flags.from.empty() && flags.to.empty()) return absl::OkStatus();
  const absl::StatusOr<std::vector<google::type::Date>> ends = PeriodEnds(flags);
  if (!ends.ok()) return ends.status();
  for (const google::type::Date& day : *ends) *request->add_days() = day;
  return absl::OkStatus();
}

absl::StatusOr<int> Compute(Context& context, const ComputeFlags& flags) {
  v1::ComputeIndicatorsRequest request;
  for (const std::string& id : flags.ids) request.add_indicators(id);
  if (absl::Status status = SetDays(flags, &request); !status.ok()) return status;
  request.set_filter(flags.filter);
  request.set_group_by(flags.group_by);
  v1::ComputeIndicatorsResponse response;
  absl::Status status = context.Call("IndicatorService.ComputeIndicators", request, &response);
  if (!status.ok()) return status;
  std::vector<std::string> columns = {"indicator", "as_of", "money", "number", "absence", "account_count"};
  if (!flags.group_by.empty()) columns.insert(columns.begin() + 2, "group");
  absl::StatusOr<RecordWriter> writer =
      NewRecordWriter(context.out, context.output(), *v1::IndicatorValue::descriptor(), columns);
  if (!writer.ok()) return writer.status();
  for (const v1::IndicatorValue& value : response.values()) writer->Write(value);
  writer->Finish();
  return kSuccess;
}

}  // namespace

void AddIndicatorCommands(CLI::App& app, Context& context) {
  CLI::App* group = AddGroup(app, "indicators", "The figures of the business");
  CLI::App* list = group->add_subcommand("list", "Lists all indicators with their definitions");
  list->callback([&context] { context.action = [&context] { return ListIndicators(context); }; });

  auto flags = std::make_shared<ComputeFlags>();
  CLI::App* compute = group->add_subcommand("compute", "Computes indicators at days or month ends");
  compute->add_option("ids", flags->ids, "Ids of the indicators, for example mrr")->required();
  CLI::Option* from = compute->add_option("--from", flags->from, "First month, YYYY-MM");
  CLI::Option* to = compute->add_option("--to", flags->to, "Last month, YYYY-MM");
  compute->add_option("--grain", flags->grain, "Length of a period")
      ->check(CLI::IsMember({"month", "quarter", "year"}))
      ->capture_default_str();
  compute->add_option("--on", flags->days, "Days, YYYY-MM-DD; today where nothing is given")
      ->delimiter(',')
      ->excludes(from)
      ->excludes(to);
  compute->add_option("--filter", flags->filter, "AIP-160 filter; all accounts where it is left out");
  compute->add_option("--group-by", flags->group_by, "A facet, for example sector");
  compute->callback([&context, flags] { context.action = [&context, flags] { return Compute(context, *flags); }; });
}

}  // namespace folio::cli
