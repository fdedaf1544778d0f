// bench_alone: the same work without a server, and the rows and questions for the peers.
#include "tools/bench/alone.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "tools/bench/dataset.h"

namespace folio::bench {
namespace {

// What the portfolio shows of an account, and the identifiers that Folio keeps unique.
constexpr const char* kTableSql =
    "CREATE TABLE account (key bigint PRIMARY KEY, id text NOT NULL, name text NOT NULL, crm_id text, erp_id text, "
    "domain text, sector text, size smallint, employee_count integer, country text, city text, owner text, "
    "lifecycle smallint, plan text, arr bigint, contract_start date, renewal date, auto_renew boolean, seats integer, "
    "tags text, band smallint)";
constexpr const char* kIndexesSql[] = {"CREATE UNIQUE INDEX ON account (id)",
                                       "CREATE UNIQUE INDEX ON account (crm_id)",
                                       "CREATE UNIQUE INDEX ON account (erp_id)",
                                       "CREATE INDEX ON account (name)",
                                       "CREATE INDEX ON account (sector)",
                                       "CREATE INDEX ON account (owner)",
                                       "CREATE INDEX ON account (arr)"};
constexpr const char* kPageColumns = "id, name, sector, size, country, owner, lifecycle, arr, band, renewal, tags";

void AppendDate(const google::type::Date& date, std::string* row) {
  char text[16];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", date.year(), date.month(), date.day());
  row->append(date.year() == 0 ? "" : text);
}

// No value of the generator holds a comma, a quote or a line's end.
void AppendRow(int64_t index, const v1::Account& account, std::string* row) {
  const auto text = [row](const std::string& value) { row->append(value).append(","); };
  const auto number = [row](int64_t value) { row->append(std::to_string(value)).append(","); };
  number(index + 1);
  text(account.name().substr(account.name().find('/') + 1));
  text(account.display_name());
  text(account.external_ids(0).id());
  text(account.external_ids(1).id());
  text(account.domain());
  text(account.sector());
  number(account.size());
  number(account.employee_count());
  text(account.country_code());
  text(account.city());
  text(account.owner());
  number(account.lifecycle());
  text(account.plan());
  number(account.annual_recurring_revenue().units());
  AppendDate(account.contract_start_date(), row);
  row->push_back(',');
  AppendDate(account.renewal_date(), row);
  row->push_back(',');
  text(account.auto_renew() ? "true" : "false");
  number(account.seat_count());
  for (int i = 0; i < account.tags_size(); ++i) row->append(i == 0 ? "" : " ").append(account.tags(i));
  row->push_back(',');
  row->append(std::to_string(index % 4)).append("\n");
}

}  // namespace

int RunCsv(int64_t first, int64_t count) {
  const demo::Generator generator = Accounts(first + count);
  demo::Client client;
  std::string row;
  for (int64_t index = first; index < first + count; ++index) {
    generator.Make(index, &client);
    row.clear();
    AppendRow(index, client.account, &row);
    if (std::fwrite(row.data(), 1, row.size(), stdout) != row.size()) return 1;
  }
  return 0;
}

int RunSql() {
  // Each page in two forms, of which a peer may take its faster: the total in a window, or in a query of its own.
  nlohmann::json pages = nlohmann::json::array();
  for (const PageQuestion& page : kPages) {
    const std::string where(page.where);
    const std::string tail = " FROM account WHERE " + where + " ORDER BY " + std::string(page.sql_order) + " LIMIT " +
                             std::to_string(kPageRows);
    pages.push_back({{std::string("SELECT ") + kPageColumns + ", count(*) OVER ()" + tail},
                     {std::string("SELECT ") + kPageColumns + tail, "SELECT count(*) FROM account WHERE " + where}});
  }
  const std::string summary =
      "SELECT sector, count(*), sum(arr), avg(arr), count(*) FILTER (WHERE band = 1), count(*) FILTER (WHERE band = "
      "2), "
      "count(*) FILTER (WHERE band = 3), sum(arr) FILTER (WHERE band = 1), sum(arr) FILTER (WHERE band = 2), "
      "sum(arr) FILTER (WHERE band = 3) FROM account GROUP BY sector";
  const nlohmann::json result = {
      {"table", kTableSql}, {"indexes", kIndexesSql}, {"pages", pages}, {"summary", summary}};
  std::printf("%s\n", result.dump().c_str());
  return 0;
}

}  // namespace folio::bench

int main(int argc, char** argv) {
  CLI::App app{"the same work without a server, and the rows and questions for the peers"};
  app.require_subcommand(1);

  int64_t accounts = 0;
  double seconds = 1;
  CLI::App* columns = app.add_subcommand("columns", "filters, groups and searches over plain columns");
  columns->add_option("--accounts", accounts)->required();
  columns->add_option("--seconds", seconds, "for each kind of question");

  double missing = 0;
  CLI::App* rescore = app.add_subcommand("rescore", "scores accounts from columns of figures");
  rescore->add_option("--accounts", accounts)->required();
  rescore->add_option("--missing", missing, "share of the figures that are missing");
  rescore->add_option("--seconds", seconds);

  folio::bench::InsertOptions insert;
  CLI::App* insert_command = app.add_subcommand("insert", "inserts accounts, or facts, into SQLite");
  insert_command->add_option("--db", insert.path)->required();
  insert_command->add_option("--first", insert.first)->required();
  insert_command->add_option("--count", insert.count)->required();
  insert_command->add_option("--batch", insert.batch);
  insert_command->add_option("--facts-of", insert.facts_of, "accounts that facts are of, which are inserted instead");

  folio::bench::UpdateOptions update;
  CLI::App* update_command = app.add_subcommand("update", "updates rows of SQLite in groups, with a log");
  update_command->add_option("--db", update.path)->required();
  update_command->add_option("--rows", update.rows)->required();
  update_command->add_option("--group", update.group);
  update_command->add_option("--seconds", update.seconds);

  std::string path;
  CLI::App* scan = app.add_subcommand("scan", "reads and parses every account of a store");
  scan->add_option("--db", path)->required();

  int64_t customers = 0;
  CLI::App* lifetime = app.add_subcommand("lifetime", "fits a model of purchases to simulated customers");
  lifetime->add_option("--customers", customers)->required();

  int64_t facts = 0;
  CLI::App* indicators = app.add_subcommand("indicators", "twenty indicators by month over three years, by SQL");
  indicators->add_option("--accounts", accounts)->required();
  indicators->add_option("--facts", facts)->required();

  int64_t first = 0;
  int64_t count = 0;
  CLI::App* csv = app.add_subcommand("csv", "prints accounts as CSV");
  csv->add_option("--first", first)->required();
  csv->add_option("--count", count)->required();

  app.add_subcommand("sql", "prints tables and questions as SQL");

  CLI11_PARSE(app, argc, argv);
  if (columns->parsed()) return folio::bench::RunColumns(accounts, seconds);
  if (rescore->parsed()) return folio::bench::RunRescore(accounts, missing, seconds);
  if (insert_command->parsed()) return folio::bench::RunInsert(insert);
  if (update_command->parsed()) return folio::bench::RunUpdates(update);
  if (scan->parsed()) return folio::bench::RunScan(path);
  if (indicators->parsed()) return folio::bench::RunSqlIndicators(accounts, facts);
  if (lifetime->parsed()) return folio::bench::RunLifetime(customers);
  if (csv->parsed()) return folio::bench::RunCsv(first, count);
  return folio::bench::RunSql();
}
