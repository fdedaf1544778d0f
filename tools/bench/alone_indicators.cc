// The same page of indicators from SQLite: plain typed columns in memory, each row with its month, aggregated by SQL.
#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <sstream>

#include "server/base/date.h"
#include "tools/bench/alone.h"
#include "tools/bench/history.h"
#include "tools/bench/process.h"

namespace folio::bench {
namespace {

constexpr const char* kTables = R"(
CREATE TABLE account (id INTEGER PRIMARY KEY, seats INTEGER);
CREATE TABLE term (id INTEGER PRIMARY KEY, account INTEGER, start INTEGER, "end" INTEGER, annual INTEGER);
CREATE TABLE usage (id INTEGER PRIMARY KEY, month INTEGER, account INTEGER, who INTEGER, time INTEGER, value INTEGER);
CREATE TABLE ticket (id INTEGER PRIMARY KEY, month INTEGER, account INTEGER, who INTEGER, time INTEGER, value INTEGER);
CREATE TABLE nps (id INTEGER PRIMARY KEY, month INTEGER, account INTEGER, who INTEGER, time INTEGER, value INTEGER);
CREATE TABLE csat (id INTEGER PRIMARY KEY, month INTEGER, account INTEGER, who INTEGER, time INTEGER, value INTEGER);
CREATE TABLE ces (id INTEGER PRIMARY KEY, month INTEGER, account INTEGER, who INTEGER, time INTEGER, value INTEGER);
CREATE TABLE boundary (month INTEGER PRIMARY KEY, day INTEGER, year_before INTEGER);
)";

// Recurring revenue of each account at the end of each month, which several figures are made from.
constexpr const char* kRevenue = R"(
CREATE TEMP TABLE arr AS SELECT month, account, sum(annual) AS arr FROM boundary JOIN term
 ON start <= day AND ("end" IS NULL OR "end" > day) GROUP BY month, account;
CREATE UNIQUE INDEX temp.arr_key ON arr (month, account);
)";

struct Question {
  const char* columns;  // the indicators that it answers, in the order of its columns after the month
  const char* sql;
};

constexpr Question kQuestions[] = {
    {"arr,paying_account_count",
     "SELECT month, sum(arr), count(*) FROM arr WHERE month >= 0 AND arr > 0 GROUP BY month"},
    {"arr_growth", R"(SELECT month, (now - past) * 1.0 / past FROM (SELECT month,
 (SELECT sum(annual) FROM term WHERE start <= day AND ("end" IS NULL OR "end" > day)) AS now,
 (SELECT sum(annual) FROM term WHERE start <= year_before AND ("end" IS NULL OR "end" > year_before)) AS past
 FROM boundary WHERE month >= 0))"},
    {"churn_rate,grr,nrr", R"(SELECT a.month + 1, sum(b.arr IS NULL) * 1.0 / count(*),
 sum(min(a.arr, coalesce(b.arr, 0))) * 1.0 / sum(a.arr), sum(coalesce(b.arr, 0)) * 1.0 / sum(a.arr)
 FROM arr a LEFT JOIN arr b ON b.month = a.month + 1 AND b.account = a.account WHERE a.month < 35 GROUP BY a.month)"},
    {"renewal_rate", R"(SELECT b.month, avg(EXISTS (SELECT 1 FROM term n WHERE n.account = t.account
 AND n.start > t.start AND n.start >= t."end" - 90 AND n.start <= t."end" AND (n."end" IS NULL OR n."end" > t."end")))
 FROM boundary b JOIN boundary p ON p.month = b.month - 1 JOIN term t ON t."end" > p.day AND t."end" <= b.day
 GROUP BY b.month)"},
    {"active_users,active_accounts", R"(SELECT month, count(DISTINCT account * 8 + who), count(DISTINCT account)
 FROM usage WHERE value > 0 GROUP BY month)"},
    {"adoption_rate", R"(SELECT month, count(DISTINCT account * 8 + who) * 1.0 / (SELECT sum(seats) FROM account)
 FROM usage WHERE value > 0 AND account IN (SELECT id FROM account WHERE seats IS NOT NULL) GROUP BY month)"},
    {"first_response_time", "SELECT month, avg(value) FROM ticket WHERE value >= 0 GROUP BY month"},
    {"first_response_time_median", R"(SELECT month, avg(value) FROM (SELECT month, value,
 row_number() OVER (PARTITION BY month ORDER BY value) AS place, count(*) OVER (PARTITION BY month) AS n
 FROM ticket WHERE value >= 0) WHERE place IN ((n + 1) / 2, (n + 2) / 2) GROUP BY month)"},
    {"nps", R"(SELECT month, 100.0 * (sum(value >= 9) - sum(value <= 6)) / count(*) FROM (SELECT month, value,
 row_number() OVER (PARTITION BY month, account, who ORDER BY time DESC, id DESC) AS back FROM nps) WHERE back = 1
 GROUP BY month)"},
    {"nps_all_answers", "SELECT month, 100.0 * (sum(value >= 9) - sum(value <= 6)) / count(*) FROM nps GROUP BY month"},
    {"csat,csat_mean", "SELECT month, avg(value >= 4), avg(25.0 * (value - 1)) FROM csat GROUP BY month"},
    {"ces,ces_ease", "SELECT month, avg(value), avg(100.0 * (7 - value) / 6) FROM ces GROUP BY month"},
};

void Fill(SQLite::Database& database, int64_t accounts, int64_t facts) {
  SQLite::Transaction transaction(database);
  const demo::Generator generator = Accounts(accounts);
  demo::Client client;
  SQLite::Statement account(database, "INSERT INTO account VALUES (?, ?)");
  for (int64_t index = 0; index < accounts; ++index) {
    generator.Make(index, &client);
    account.bind(1, index);
    if (client.account.has_seat_count()) account.bind(2, client.account.seat_count());
    account.exec();
    account.reset();
    account.clearBindings();
  }
  SQLite::Statement term(database, "INSERT INTO term VALUES (?, ?, ?, ?, ?)");
  for (int64_t number = 0; number < HistoryTermCount(accounts); ++number) {
    const HistoryTerm told = HistoryTermAt(number, accounts);
    term.bind(1, number);
    term.bind(2, told.account);
    term.bind(3, told.start);
    if (told.end != 0) term.bind(4, told.end);
    term.bind(5, told.annual);
    term.exec();
    term.reset();
    term.clearBindings();
  }
  const std::vector<int32_t> months = HistoryMonths();
  for (int month = -1; month < kHistoryMonths; ++month) {
    const int32_t day = months[static_cast<size_t>(month + 1)] - 1;
    database.exec("INSERT INTO boundary VALUES (" + std::to_string(month) + "," + std::to_string(day) + "," +
                  std::to_string(AddMonths(day, -12)) + ")");
  }
  std::vector<SQLite::Statement> kinds;
  for (const char* table : {"usage", "ticket", "nps", "csat", "ces"}) {
    kinds.emplace_back(database, std::string("INSERT INTO ") + table + " VALUES (?, ?, ?, ?, ?, ?)");
  }
  for (int64_t number = 0; number < facts; ++number) {
    const HistoryFact fact = HistoryFactAt(number, facts, accounts);
    SQLite::Statement& insert = kinds[static_cast<size_t>(fact.kind)];
    insert.bind(1, fact.number);
    insert.bind(2, fact.month);
    insert.bind(3, fact.account);
    insert.bind(4, fact.who);
    insert.bind(5, fact.seconds);
    insert.bind(6, fact.value);
    insert.exec();
    insert.reset();
  }
  transaction.commit();
  database.exec("CREATE INDEX term_account ON term (account)");
  database.exec("ANALYZE");
}

void Ask(SQLite::Database& database, const Question& question, nlohmann::json* values) {
  std::vector<std::string> ids;
  std::stringstream columns(question.columns);
  for (std::string id; std::getline(columns, id, ',');) ids.push_back(id);
  SQLite::Statement statement(database, question.sql);
  while (statement.executeStep()) {
    for (size_t i = 0; i < ids.size(); ++i) {
      (*values)[ids[i]].push_back(statement.getColumn(static_cast<int>(i) + 1).getDouble());
    }
  }
}

}  // namespace

int RunSqlIndicators(int64_t accounts, int64_t facts) try {
  SQLite::Database database(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  database.exec(kTables);
  Fill(database, accounts, facts);
  nlohmann::json result;
  const double begin = Now();
  database.exec(kRevenue);
  for (const Question& question : kQuestions) {
    const double start = Now();
    Ask(database, question, &result["values"]);
    result["seconds_by_question"][question.columns] = Now() - start;
  }
  result["seconds"] = Now() - begin;
  std::printf("%s\n", result.dump().c_str());
  return 0;
} catch (const SQLite::Exception& error) {
  std::fprintf(stderr, "bench_alone: %s\n", error.what());
  return 1;
}

}  // namespace folio::bench
