// bench_load: plays the clients of a server, and prints what they saw.
#include "tools/bench/load.h"

#include <CLI/CLI.hpp>
#include <cstdio>

#include "tools/bench/process.h"

namespace {

using folio::bench::Target;

void AddTarget(CLI::App* app, Target* target) {
  app->add_option("--target", target->address, "address of the server")->required();
  app->add_option("--key", target->key, "API key");
  app->add_option("--channels", target->channels, "connections");
}

// Prints the instant of the monotonic clock at which the server began to serve.
int RunWait(const Target& target, double seconds) {
  if (!folio::bench::WaitUntilServing(target, seconds)) {
    std::fprintf(stderr, "bench_load: %s does not serve\n", target.address.c_str());
    return 1;
  }
  std::printf("{\"serving_at\": %.6f}\n", folio::bench::Now());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"plays the clients of a server, and prints what they saw"};
  app.require_subcommand(1);

  folio::bench::UnaryOptions unary;
  CLI::App* unary_command = app.add_subcommand("unary", "calls of one kind, so many in flight");
  AddTarget(unary_command, &unary.target);
  unary_command
      ->add_option("load", unary.load, "get, list, summary, summary_after_update, part_summary, search or update")
      ->required();
  unary_command->add_option("--accounts", unary.accounts, "accounts that the server holds")->required();
  unary_command->add_option("--in-flight", unary.in_flight);
  unary_command->add_option("--seconds", unary.seconds);
  unary_command->add_option("--pid", unary.server_pid, "process whose CPU time is counted");
  unary_command->add_option("--capture", unary.capture, "write the answers to this file instead");

  folio::bench::ImportOptions import;
  CLI::App* import_command = app.add_subcommand("import", "a stream of accounts");
  AddTarget(import_command, &import.target);
  import_command->add_option("--first", import.first, "index of the first account")->required();
  import_command->add_option("--count", import.count)->required();
  import_command->add_option("--facts-of", import.facts_of, "accounts that facts are of, which are sent instead");
  import_command->add_option("--history-of", import.history_of, "accounts whose subscriptions are sent instead");
  import_command->add_option("--history-facts", import.history_facts, "their facts are sent instead: so many in all");
  import_command->add_option("--rows", import.rows_a_chunk, "rows of a chunk");
  import_command->add_option("--pid", import.server_pid, "process whose CPU time is counted");

  folio::bench::WatchOptions watch;
  CLI::App* watch_command = app.add_subcommand("watch", "many watches, and bursts of updates for them to see");
  AddTarget(watch_command, &watch.target);
  watch_command->add_option("--accounts", watch.accounts, "accounts that the server holds")->required();
  watch_command->add_option("--watches", watch.watches);
  watch_command->add_option("--burst", watch.burst, "updates at once");
  watch_command->add_option("--every", watch.burst_every_ms, "milliseconds between bursts");
  watch_command->add_option("--seconds", watch.seconds);
  watch_command->add_option("--pid", watch.server_pid, "process whose CPU time is counted");

  folio::bench::IndicatorOptions indicators;
  CLI::App* indicators_command = app.add_subcommand("indicators", "twenty indicators by month over three years");
  AddTarget(indicators_command, &indicators.target);
  indicators_command->add_option("--filter", indicators.filter);
  indicators_command->add_option("--again", indicators.again, "how often it is asked for after the first time");

  folio::bench::PublishOptions publish;
  CLI::App* publish_command = app.add_subcommand("publish", "a health model of twelve measures");
  AddTarget(publish_command, &publish.target);
  publish_command->add_option("--number", publish.number, "of the model: each is another one");

  folio::bench::FreshnessOptions freshness;
  CLI::App* freshness_command = app.add_subcommand("freshness", "how long a fact takes to be seen by others");
  AddTarget(freshness_command, &freshness.target);
  freshness_command->add_option("--accounts", freshness.accounts, "accounts that the server holds")->required();
  freshness_command->add_option("--facts-per-second", freshness.facts_per_second, "that others send meanwhile");
  freshness_command->add_option("--first-fact", freshness.first_fact, "number of the first of these");
  freshness_command->add_option("--seconds", freshness.seconds);

  Target target;
  double wait_seconds = 120;
  CLI::App* wait_command = app.add_subcommand("wait", "until the server serves");
  AddTarget(wait_command, &target);
  wait_command->add_option("--seconds", wait_seconds);

  CLI11_PARSE(app, argc, argv);
  if (unary_command->parsed()) return folio::bench::RunUnary(unary);
  if (import_command->parsed()) return folio::bench::RunImport(import);
  if (indicators_command->parsed()) return folio::bench::RunIndicators(indicators);
  if (publish_command->parsed()) return folio::bench::RunPublish(publish);
  if (freshness_command->parsed()) return folio::bench::RunFreshness(freshness);
  if (watch_command->parsed()) return folio::bench::RunWatch(watch);
  return RunWait(target, wait_seconds);
}
