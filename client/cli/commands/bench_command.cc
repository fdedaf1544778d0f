// bench: how a server answers at a given rate.
#include <memory>
#include <random>

#include "absl/strings/str_replace.h"
#include "client/cli/app/confirm.h"
#include "client/cli/app/report.h"
#include "client/cli/bench/run_bench.h"
#include "client/cli/commands/commands.h"
#include "client/cli/output/cell.h"
#include "client/cli/output/records.h"
#include "client/cli/value/fault.h"
#include "fmt/format.h"
#include "folio/pages.h"
#include "folio/v1/account.pb.h"
#include "folio/v1/options.pb.h"
#include "google/protobuf/util/json_util.h"

namespace folio::cli {
namespace {

using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

struct BenchFlags {
  std::string method = "AccountService.GetAccount";
  std::string data;
  double rate = 100;
  double duration = 10;
  double warm_up = 1;
  int concurrency = 32;
  std::string arrivals = "even";
  uint64_t seed = 1;
};

constexpr char kAccountMark[] = "{account}";
constexpr char kNumberMark[] = "{n}";
constexpr int kAccountsTaken = 1'000;

constexpr double kPercentiles[] = {50, 75, 90, 95, 99, 99.9, 99.99};

// Names of accounts, for requests about one of them.
absl::StatusOr<std::vector<std::string>> AccountNames(Context& context) {
  v1::ListAccountsRequest request;
  request.set_page_size(kAccountsTaken);
  v1::ListAccountsResponse response;
  if (absl::Status status = context.Call("AccountService.ListAccounts", request, &response); !status.ok()) {
    return status;
  }
  std::vector<std::string> names;
  for (const v1::Account& account : response.accounts()) names.push_back(account.name());
  if (!names.empty()) return names;
  return WrongUsage("There are no accounts to ask for; `folio demo load` makes some.",
                    "Aucun compte à demander ; `folio demo load` en crée.");
}

absl::StatusOr<const MethodDescriptor*> MethodOf(const std::string& name) {
  const MethodDescriptor* method = FindMethod(name);
  if (method != nullptr && !method->client_streaming() && !method->server_streaming()) return method;
  return WrongUsage(Quoted(name) + " is no method with one answer; `folio api list` lists the methods.",
                    Quoted(name) + " n'est pas une méthode à une réponse ; `folio api list` donne les méthodes.");
}

// The requests of a run: a text in which marks stand for what differs.
class Requests {
 public:
  Requests(const MethodDescriptor& method, std::string text, std::vector<std::string> accounts, uint64_t seed)
      : type_(*google::protobuf::MessageFactory::generated_factory()->GetPrototype(method.input_type())),
        text_(std::move(text)),
        accounts_(std::move(accounts)),
        seed_(seed) {}

  absl::StatusOr<std::shared_ptr<Message>> Make(int64_t number) const {
    std::mt19937_64 random(seed_ + static_cast<uint64_t>(number));
    const std::string account = accounts_.empty() ? "" : accounts_[random() % accounts_.size()];
    const std::string json =
        absl::StrReplaceAll(text_, {{kAccountMark, account}, {kNumberMark, std::to_string(number)}});
    std::shared_ptr<Message> request(type_.New());
    const auto status = google::protobuf::util::JsonStringToMessage(json, request.get());
    if (status.ok()) return request;
    const std::string what(status.message().data(), status.message().size());
    return WrongUsage("The request is not a " + type_.GetDescriptor()->full_name() + ": " + what,
                      "La requête n'est pas un " + type_.GetDescriptor()->full_name() + " : " + what);
  }

 private:
  const Message& type_;
  const std::string text_;
  const std::vector<std::string> accounts_;
  const uint64_t seed_;
};

double Micros(std::chrono::nanoseconds time) { return static_cast<double>(time.count()) / 1'000; }

std::string PercentileName(double percent) {
  return "p" + absl::StrReplaceAll(fmt::format("{}", percent), {{".", "_"}});
}

Json TimesJson(const Histogram& times) {
  Json json = {{"mean", Micros(times.mean())}, {"min", Micros(times.min())}};
  for (const double percent : kPercentiles) json[PercentileName(percent)] = Micros(times.Percentile(percent));
  json["max"] = Micros(times.max());
  return json;
}

void WriteJson(Context& context, const BenchFlags& flags, const BenchResult& result) {
  Json json = {{"method", flags.method},
               {"rate", flags.rate},
               {"arrivals", flags.arrivals},
               {"concurrency", flags.concurrency},
               {"seed", flags.seed},
               {"seconds", result.seconds},
               {"calls", result.calls},
               {"failed", result.failed},
               {"late_starts", result.late},
               {"calls_per_second", static_cast<double>(result.calls) / std::max(result.seconds, 1e-9)},
               {"latency_us", TimesJson(result.latency)},
               {"service_us", TimesJson(result.service)},
               {"errors", Json::object()}};
  for (const auto& [reason, count] : result.errors) json["errors"][reason] = count;
  if (context.flags.format == "csv") return WriteCsvObject(context.out, context.output(), json);
  context.out << JsonText(json, context.flags.format == "json") << '\n';
}

void WriteText(Context& context, const BenchFlags& flags, const BenchResult& result) {
  const auto say = [&](const char* english, const char* french) { return context.Say({english, french}); };
  const auto number = [&](int64_t value) { return Grouped(std::to_string(value), context.language()); };
  context.out << flags.method << ": " << number(result.calls) << say(" calls in ", " appels en ")
              << fmt::format("{:.1f} s, {:.1f}/s ", result.seconds,
                             static_cast<double>(result.calls) / std::max(result.seconds, 1e-9))
              << say("(asked: ", "(demandé : ") << fmt::format("{:.1f}/s)", flags.rate) << say(", failed ", ", échecs ")
              << number(result.failed) << '\n';
  context.out << fmt::format("{:<8}  {:>12}  {:>12}\n", "", say("latency ms", "latence ms"),
                             say("service ms", "service ms"));
  const auto row = [&](const std::string& name, std::chrono::nanoseconds latency, std::chrono::nanoseconds service) {
    context.out << fmt::format("{:<8}  {:>12.3f}  {:>12.3f}\n", name, Micros(latency) / 1'000, Micros(service) / 1'000);
  };
  row(say("mean", "moyenne"), result.latency.mean(), result.service.mean());
  for (const double percent : kPercentiles) {
    row(fmt::format("p{}", percent), result.latency.Percentile(percent), result.service.Percentile(percent));
  }
  row("max", result.latency.max(), result.service.max());
  for (const auto& [reason, count] : result.errors) context.out << reason << "  " << number(count) << '\n';
}

absl::StatusOr<int> Bench(Context& context, const BenchFlags& flags) {
  const absl::StatusOr<const MethodDescriptor*> method = MethodOf(flags.method);
  if (!method.ok()) return method.status();
  context.flags.retry = false;  // a call that fails is a failure, not a slow success
  std::string text = flags.data;
  if (text.empty()) text = flags.method == BenchFlags().method ? R"({"name": "{account}"})" : "{}";
  if ((*method)->options().GetExtension(v1::access).writes()) {
    const auto calls = static_cast<int64_t>(flags.rate * (flags.warm_up + flags.duration));
    const std::string what = std::to_string(calls) + " " + flags.method;
    if (absl::Status asked = Confirm(context, {"Write " + what, "Écrire " + what}, calls, 0); !asked.ok()) return asked;
  }
  std::vector<std::string> accounts;
  if (text.find(kAccountMark) != std::string::npos) {
    absl::StatusOr<std::vector<std::string>> names = AccountNames(context);
    if (!names.ok()) return names.status();
    accounts = *std::move(names);
  }
  const Requests requests(**method, text, std::move(accounts), flags.seed);
  if (const auto first = requests.Make(0); !first.ok()) return first.status();
  const absl::StatusOr<const Client*> client = context.client();
  if (!client.ok()) return client.status();
  const Message* answer = google::protobuf::MessageFactory::generated_factory()->GetPrototype((*method)->output_type());
  const PrepareCall prepare = [&](int64_t number) -> std::function<absl::Status()> {
    return [&, request = *requests.Make(number)] {
      const std::unique_ptr<Message> response(answer->New());
      return (*client)->Invoke(**method, *request, response.get(), context.stop);
    };
  };
  const BenchPlan plan{.rate = flags.rate,
                       .duration = std::chrono::duration<double>(flags.duration),
                       .warm_up = std::chrono::duration<double>(flags.warm_up),
                       .concurrency = flags.concurrency,
                       .poisson = flags.arrivals == "random",
                       .seed = flags.seed};
  const BenchResult result = RunBench(plan, prepare, context.stop);
  if (result.calls > 0 && result.failed == result.calls) return result.first_error;
  if (context.flags.format != "table") {
    WriteJson(context, flags, result);
  } else {
    WriteText(context, flags, result);
  }
  if (result.late > 0) {
    context.err << context.Say({"began late, as --concurrency calls were under way: ",
                                "partis en retard, --concurrency appels étant en cours : "})
                << result.late
                << context.Say({"; a greater one lets more through", " ; un nombre plus grand en laisse passer plus"})
                << '\n';
  }
  if (result.failed > 0) ReportError(context, result.first_error);
  return result.failed > 0 ? kPartialSuccess : kSuccess;
}

}  // namespace

void AddBenchCommand(CLI::App& app, Context& context) {
  auto flags = std::make_shared<BenchFlags>();
  CLI::App* command = app.add_subcommand("bench", "Calls a method at a steady rate and shows how long answers take");
  command->add_option("method", flags->method, "The method")->capture_default_str();
  command->add_option("-d,--data", flags->data,
                      "The request as JSON; {account} stands for an account's name, {n} for the call's number");
  command->add_option("--rate", flags->rate, "Calls a second")->check(CLI::PositiveNumber)->capture_default_str();
  command->add_option("--duration", flags->duration, "For how long")->check(CLI::PositiveNumber)->capture_default_str();
  command->add_option("--warm-up", flags->warm_up, "Before that, without counting")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->add_option("--concurrency", flags->concurrency, "Most calls under way at once")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--arrivals", flags->arrivals, "When calls are made")
      ->check(CLI::IsMember({"even", "random"}))
      ->capture_default_str();
  command->add_option("--seed", flags->seed, "The same seed makes the same calls")->capture_default_str();
  command->callback([&context, flags] { context.action = [&context, flags] { return Bench(context, *flags); }; });
}

}  // namespace folio::cli
