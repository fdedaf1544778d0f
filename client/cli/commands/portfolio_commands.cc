// portfolio list, summary, search.
#include <memory>

#include "client/cli/commands/commands.h"
#include "client/cli/commands/list_rows.h"
#include "client/cli/output/cell.h"
#include "client/cli/output/records.h"
#include "client/cli/value/dates.h"
#include "folio/v1/portfolio.pb.h"

namespace folio::cli {
namespace {

const std::vector<std::string>& PortfolioColumns() {
  static const auto& columns =
      *new std::vector<std::string>{"account", "display_name", "arr",   "mrr",           "growth",
                                    "health",  "health.band",  "risks", "opportunities", "renewal_date"};
  return columns;
}

// --- list -----------------------------------------------------------------------------------------------------------

struct ListFlags {
  std::string filter;
  std::string order_by;
  ListLimit limit;
};

absl::StatusOr<int> ListPortfolio(Context& context, const ListFlags& flags) {
  v1::ListPortfolioRequest request;
  request.set_filter(flags.filter);
  request.set_order_by(flags.order_by);
  request.set_with_total_size(true);
  return ListRows(context, "PortfolioService.ListPortfolio", request, PortfolioColumns(), flags.limit);
}

void AddList(CLI::App& group, Context& context) {
  auto flags = std::make_shared<ListFlags>();
  CLI::App* command = group.add_subcommand("list", "Accounts with value, health, risks and opportunities");
  context.rows[command] = v1::PortfolioEntry::descriptor();
  command->add_option("--filter", flags->filter, "AIP-160 filter, for example 'sector = \"FinTech\" AND health < 50'");
  command->add_option("--order-by", flags->order_by, "Columns to sort by, for example 'arr desc'");
  AddListLimit(*command, flags->limit);
  command->callback(
      [&context, flags] { context.action = [&context, flags] { return ListPortfolio(context, *flags); }; });
}

// --- summary --------------------------------------------------------------------------------------------------------

struct SummaryFlags {
  std::string filter;
  std::string group_by;
  std::string as_of;
};

// One object: the totals at its top, the groups below.
Json SummaryJson(const v1::PortfolioSummary& summary) {
  Json json = ToJson(summary.totals());
  json["as_of"] = FormatDate(summary.as_of());
  json["revision"] = summary.revision();
  Json groups = Json::array();
  for (const v1::PortfolioGroup& group : summary.groups()) {
    Json one = {{"value", group.value()}};
    one.update(ToJson(group.totals()));
    groups.push_back(std::move(one));
  }
  json["groups"] = std::move(groups);
  json["other_account_count"] = summary.other_account_count();
  return json;
}

void WriteTotals(Context& context, const v1::PortfolioSummary& summary) {
  OutputStyle style = context.output();
  if (style.fields.empty()) {
    style.fields = {"account_count", "arr",           "mrr",         "growth",           "mean_arr",
                    "mean_health",   "at_risk_count", "arr_at_risk", "opportunity_count"};
  }
  (void)WriteObject(context.out, style, summary.totals());
  for (const v1::BandTotals& band : summary.totals().bands()) {
    const FieldPath arr{.fields = {v1::BandTotals::descriptor()->FindFieldByName("arr")}};
    const std::string text = BandText(band.band(), context.language());
    context.out << (text.empty() ? context.Say({"no score", "sans score"}) : text) << ": " << band.account_count()
                << context.Say({" accounts, ", " comptes, "}) << CellText(band, arr, {context.language(), true})
                << '\n';
  }
}

// One row for a spreadsheet: all but the bands, which are rows of `--group-by band`.
absl::Status WriteTotalsRow(Context& context, const v1::PortfolioTotals& totals) {
  std::vector<std::string> columns;
  const google::protobuf::Descriptor& type = *v1::PortfolioTotals::descriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    if (!type.field(i)->is_repeated()) columns.push_back(type.field(i)->name());
  }
  absl::StatusOr<RecordWriter> writer = NewRecordWriter(context.out, context.output(), type, columns);
  if (!writer.ok()) return writer.status();
  writer->Write(totals);
  writer->Finish();
  return absl::OkStatus();
}

absl::Status WriteGroups(Context& context, const v1::PortfolioSummary& summary, const std::string& facet) {
  static const auto& kColumns = *new std::vector<std::string>{"value",
                                                              "totals.account_count",
                                                              "totals.arr",
                                                              "totals.mrr",
                                                              "totals.growth",
                                                              "totals.mean_health",
                                                              "totals.at_risk_count",
                                                              "totals.arr_at_risk",
                                                              "totals.opportunity_count"};
  absl::StatusOr<RecordWriter> writer =
      NewRecordWriter(context.out, context.output(), *v1::PortfolioGroup::descriptor(), kColumns);
  if (!writer.ok()) return writer.status();
  for (v1::PortfolioGroup group : summary.groups()) {
    if (context.output().format == Format::kTable) {
      group.set_value(GroupText(facet, group.value(), context.language()));
    }
    writer->Write(group);
  }
  writer->Finish();
  return absl::OkStatus();
}

absl::StatusOr<int> Summarize(Context& context, const SummaryFlags& flags) {
  v1::GetPortfolioSummaryRequest request;
  request.set_filter(flags.filter);
  request.set_group_by(flags.group_by);
  if (!flags.as_of.empty()) {
    const absl::StatusOr<google::type::Date> day = ParseDate(flags.as_of, {});
    if (!day.ok()) return day.status();
    *request.mutable_as_of() = *day;
  }
  v1::PortfolioSummary summary;
  absl::Status status = context.Call("PortfolioService.GetPortfolioSummary", request, &summary);
  if (!status.ok()) return status;
  const Format format = context.output().format;
  if (format == Format::kJson || format == Format::kJsonLines) {
    context.out << JsonText(SummaryJson(summary), format == Format::kJson) << '\n';
    return kSuccess;
  }
  if (!flags.group_by.empty()) {
    status = WriteGroups(context, summary, flags.group_by);
    if (!status.ok()) return status;
    return kSuccess;
  }
  if (format == Format::kCsv) {
    status = WriteTotalsRow(context, summary.totals());
    if (!status.ok()) return status;
    return kSuccess;
  }
  context.out << context.Say({"as of ", "au "}) << FormatDate(summary.as_of()) << '\n';
  WriteTotals(context, summary);
  return kSuccess;
}

void AddSummary(CLI::App& group, Context& context) {
  auto flags = std::make_shared<SummaryFlags>();
  CLI::App* command = group.add_subcommand("summary", "Totals of the portfolio, as a whole or by group");
  command->add_option("--filter", flags->filter, "AIP-160 filter; all accounts where it is left out");
  command->add_option("--group-by", flags->group_by, "A facet, for example sector");
  command->add_option("--as-of", flags->as_of, "Day of the revenue figures, YYYY-MM-DD");
  command->callback([&context, flags] { context.action = [&context, flags] { return Summarize(context, *flags); }; });
}

// --- search ---------------------------------------------------------------------------------------------------------

struct SearchFlags {
  std::string query;
  int limit = 20;
};

absl::StatusOr<int> Search(Context& context, const SearchFlags& flags) {
  v1::SearchAccountsRequest request;
  request.set_query(flags.query);
  request.set_max_results(flags.limit);
  v1::SearchAccountsResponse response;
  absl::Status status = context.Call("PortfolioService.SearchAccounts", request, &response);
  if (!status.ok()) return status;
  absl::StatusOr<RecordWriter> writer =
      NewRecordWriter(context.out, context.output(), *v1::SearchHit::descriptor(),
                      {"entry.account", "entry.display_name", "entry.sector", "entry.arr", "entry.health", "match"});
  if (!writer.ok()) return writer.status();
  for (const v1::SearchHit& hit : response.hits()) writer->Write(hit);
  writer->Finish();
  return kSuccess;
}

void AddSearch(CLI::App& group, Context& context) {
  auto flags = std::make_shared<SearchFlags>();
  CLI::App* command = group.add_subcommand("search", "Finds accounts by name or identifier");
  context.rows[command] = v1::SearchHit::descriptor();
  command->add_option("query", flags->query, "Words of the name, or an identifier; accents and one typo are forgiven")
      ->required();
  command->add_option("--limit", flags->limit, "Most accounts to find")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  command->callback([&context, flags] { context.action = [&context, flags] { return Search(context, *flags); }; });
}

void AddParseFilter(CLI::App& group, Context& context) {
  auto filter = std::make_shared<std::string>();
  CLI::App* command = group.add_subcommand("parse-filter", "Checks a filter and says how it is understood");
  command->add_option("filter", *filter, "The filter, for example 'health < 50 AND NOT tag:paused'")->required();
  command->callback([&context, filter] {
    context.action = [&context, filter] {
      v1::ParseFilterRequest request;
      request.set_filter(*filter);
      return CallAndWrite(context, "PortfolioService.ParseFilter", request);
    };
  });
}

}  // namespace

void AddPortfolioCommands(CLI::App& app, Context& context) {
  CLI::App* group = AddGroup(app, "portfolio", "The whole portfolio: value, health, risks, opportunities");
  AddList(*group, context);
  AddSummary(*group, context);
  AddSearch(*group, context);
  AddParseFilter(*group, context);
}

}  // namespace folio::cli
