// bench_postgres: asks PostgreSQL what Folio is asked, over one connection, with its own client library.
#include <libpq-fe.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tools/bench/process.h"

namespace {

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

Connection Connect(const std::string& where) {
  Connection connection(PQconnectdb(where.c_str()), PQfinish);
  if (PQstatus(connection.get()) != CONNECTION_OK) {
    std::fprintf(stderr, "bench_postgres: %s", PQerrorMessage(connection.get()));
    std::exit(1);
  }
  return connection;
}

// Runs one statement to its end; leaves the program where it fails.
Result Run(PGconn* connection, const std::string& sql) {
  Result result(PQexec(connection, sql.c_str()), PQclear);
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_COPY_IN) {
    std::fprintf(stderr, "bench_postgres: %s", PQerrorMessage(connection));
    std::exit(1);
  }
  return result;
}

// Copies a CSV file into the table, in one transaction; the file is in memory before the clock starts.
int Copy(PGconn* connection, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  const std::string rows = text.str();
  const double begin = folio::bench::Now();
  Run(connection, "COPY account FROM STDIN (FORMAT csv)");
  constexpr size_t kPiece = 64 << 10;
  for (size_t at = 0; at < rows.size(); at += kPiece) {
    const size_t length = std::min(kPiece, rows.size() - at);
    if (PQputCopyData(connection, rows.data() + at, static_cast<int>(length)) != 1) return 1;
  }
  if (PQputCopyEnd(connection, nullptr) != 1) return 1;
  const Result result(PQgetResult(connection), PQclear);
  if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) {
    std::fprintf(stderr, "bench_postgres: %s", PQerrorMessage(connection));
    return 1;
  }
  const double seconds = folio::bench::Now() - begin;
  const double count = std::stod(PQcmdTuples(result.get()));
  std::printf("%s\n", nlohmann::json({{"rows", count}, {"rows_per_second", count / seconds}}).dump().c_str());
  return 0;
}

// Median microseconds of a question that may take several statements.
double Median(PGconn* connection, const std::vector<std::string>& statements, double seconds) {
  std::vector<double> times;
  for (const double end = folio::bench::Now() + seconds; folio::bench::Now() < end || times.size() < 3;) {
    const double begin = folio::bench::Now();
    for (const std::string& sql : statements) Run(connection, sql);
    times.push_back((folio::bench::Now() - begin) * 1e6);
  }
  return folio::bench::Quantile(times, 0.5);
}

// Reads questions, each a list of forms, each a list of statements; prints the median of each one's fastest form.
int Ask(PGconn* connection, double seconds) {
  const nlohmann::json questions = nlohmann::json::parse(std::cin);
  nlohmann::json medians = nlohmann::json::array();
  for (const nlohmann::json& forms : questions) {
    double fastest = 0;
    for (const nlohmann::json& form : forms) {
      const double median = Median(connection, form.get<std::vector<std::string>>(), seconds);
      if (fastest == 0 || median < fastest) fastest = median;
    }
    medians.push_back(fastest);
  }
  std::printf("%s\n", nlohmann::json({{"p50_us", medians}}).dump().c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"asks PostgreSQL what Folio is asked"};
  app.require_subcommand(1);
  std::string where;
  app.add_option("--connect", where, "connection string of libpq")->required();

  std::string file;
  CLI::App* copy = app.add_subcommand("copy", "copies a CSV file into the table");
  copy->add_option("file", file)->required();

  double seconds = 1;
  CLI::App* ask = app.add_subcommand("ask", "asks the questions given as JSON on standard input");
  ask->add_option("--seconds", seconds, "for each form of a question");

  std::vector<std::string> statements;
  CLI::App* run = app.add_subcommand("run", "runs statements");
  run->add_option("sql", statements)->required();

  CLI11_PARSE(app, argc, argv);
  const Connection connection = Connect(where);
  if (copy->parsed()) return Copy(connection.get(), file);
  if (ask->parsed()) return Ask(connection.get(), seconds);
  for (const std::string& sql : statements) Run(connection.get(), sql);
  return 0;
}
