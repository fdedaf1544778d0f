// Calls of one kind, so many in flight, all from one thread.
#include <cstdio>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>

#include "folio/v1/account.pb.h"
#include "folio/v1/portfolio.pb.h"
#include "grpcpp/grpcpp.h"
#include "tools/bench/dataset.h"
#include "tools/bench/load.h"
#include "tools/bench/process.h"

namespace folio::bench {
namespace {

constexpr char kUpdate[] = "/folio.v1.AccountService/UpdateAccount";
constexpr char kSummary[] = "/folio.v1.PortfolioService/GetPortfolioSummary";

// What is sent: calls of so many kinds as there are methods, in turns.
struct Script {
  std::vector<std::string> methods;  // by kind
  std::function<grpc::ByteBuffer(size_t number)> request;
};

std::vector<std::string> SampleNames(int64_t accounts) {
  constexpr int64_t kNamesMax = 100'000;
  const demo::Generator generator = Accounts(accounts);
  std::vector<std::string> names;
  demo::Client client;
  for (const int64_t index : SampleIndexes(accounts, kNamesMax)) {
    generator.Make(index, &client);
    names.push_back(client.account.name());
  }
  return names;
}

Script GetScript(int64_t accounts) {
  return {{"/folio.v1.AccountService/GetAccount"}, [names = SampleNames(accounts)](size_t number) {
            v1::GetAccountRequest request;
            request.set_name(names[number % names.size()]);
            return ToBytes(request);
          }};
}

Script UpdateScript(int64_t accounts) {
  return {{kUpdate}, [names = SampleNames(accounts)](size_t number) {
            v1::UpdateAccountRequest request;
            request.mutable_account()->set_name(names[number % names.size()]);
            // Another value at each round through the names, or nothing would change.
            const auto value = static_cast<int32_t>(number / names.size() * 7 + static_cast<size_t>(Now()) % 1'000 + 1);
            request.mutable_account()->set_employee_count(value);
            request.mutable_update_mask()->add_paths("employee_count");
            return ToBytes(request);
          }};
}

Script ListScript() {
  return {std::vector<std::string>(kPages.size(), "/folio.v1.PortfolioService/ListPortfolio"), [](size_t number) {
            const PageQuestion& page = kPages[number % kPages.size()];
            v1::ListPortfolioRequest request;
            request.set_filter(page.filter.data(), page.filter.size());
            request.set_order_by(page.order_by.data(), page.order_by.size());
            request.set_page_size(kPageRows);
            request.set_with_total_size(true);
            return ToBytes(request);
          }};
}

Script SummaryScript() {
  return {{kSummary}, [](size_t) {
            v1::GetPortfolioSummaryRequest request;
            request.set_group_by(kGroupBy.data(), kGroupBy.size());
            return ToBytes(request);
          }};
}

// Of a part of the portfolio, and never of the same part: what has been summed before is of no use.
Script PartSummaryScript() {
  return {{kSummary}, [](size_t number) {
            v1::GetPortfolioSummaryRequest request;
            request.set_group_by(kGroupBy.data(), kGroupBy.size());
            request.set_filter("arr > " + std::to_string(kPartArr) + "." + std::to_string(100'000 + number));
            return ToBytes(request);
          }};
}

// An update before each summary, so that no summary has been asked before.
Script SummaryAfterUpdateScript(int64_t accounts) {
  return {{kUpdate, kSummary},
          [update = UpdateScript(accounts).request, summary = SummaryScript().request](size_t number) {
            return number % 2 == 0 ? update(number / 2) : summary(number / 2);
          }};
}

Script SearchScript() {
  return {std::vector<std::string>(kSearches.size(), "/folio.v1.PortfolioService/SearchAccounts"), [](size_t number) {
            const std::string_view query = kSearches[number % kSearches.size()];
            v1::SearchAccountsRequest request;
            request.set_query(query.data(), query.size());
            return ToBytes(request);
          }};
}

std::optional<Script> ScriptOf(const UnaryOptions& options) {
  if (options.load == "get") return GetScript(options.accounts);
  if (options.load == "update") return UpdateScript(options.accounts);
  if (options.load == "list") return ListScript();
  if (options.load == "summary") return SummaryScript();
  if (options.load == "summary_after_update") return SummaryAfterUpdateScript(options.accounts);
  if (options.load == "part_summary") return PartSummaryScript();
  if (options.load == "search") return SearchScript();
  return std::nullopt;
}

// Keeps a number of calls in flight until told to stop.
class Loop {
 public:
  Loop(Client& client, const Script& script, int in_flight)
      : client_(client), script_(script), slots_(static_cast<size_t>(in_flight)), latencies_(script.methods.size()) {}

  // Runs for so long. Only calls that begin and end after `warm_up` count.
  void Run(double warm_up, double seconds, const std::function<void()>& on_measure) {
    const double begin = Now() + warm_up;
    const double end = begin + seconds;
    for (size_t i = 0; i < slots_.size(); ++i) Start(i);
    bool measuring = false;
    while (busy_ > 0) {
      void* tag = nullptr;
      bool ok = false;
      queue_.Next(&tag, &ok);
      const double now = Now();
      if (!measuring && now >= begin) {
        measuring = true;
        began_ = now;
        on_measure();
      }
      const auto number = reinterpret_cast<size_t>(tag);
      --busy_;
      Count(slots_[number], now, measuring && now < end);
      if (now < end && errors_ <= kErrorsMax) {
        Start(number);
      } else if (ended_ == 0) {
        ended_ = now;
        on_measure();
      }
    }
  }

  double seconds() const { return ended_ - began_; }
  int64_t done() const { return done_; }
  int64_t errors() const { return errors_; }
  int64_t bytes() const { return bytes_; }
  const std::string& first_error() const { return first_error_; }
  std::vector<std::vector<double>>& latencies() { return latencies_; }  // by kind, microseconds

 private:
  static constexpr int64_t kErrorsMax = 100;

  struct Slot {
    std::optional<grpc::ClientContext> context;
    std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
    grpc::ByteBuffer response;
    grpc::Status status;
    double start = 0;
    size_t kind = 0;
  };

  void Start(size_t number) {
    constexpr double kDeadline = 20;
    Slot& slot = slots_[number];
    slot.reader.reset();
    slot.context.emplace();
    client_.Prepare(&*slot.context, kDeadline);
    const size_t call = calls_++;
    slot.kind = call % script_.methods.size();
    const grpc::ByteBuffer request = script_.request(call);
    slot.start = Now();
    slot.reader = client_.stub(number).PrepareUnaryCall(&*slot.context, script_.methods[slot.kind], request, &queue_);
    slot.reader->StartCall();
    slot.reader->Finish(&slot.response, &slot.status, reinterpret_cast<void*>(number));
    ++busy_;
  }

  void Count(const Slot& slot, double now, bool measured) {
    if (!slot.status.ok()) {
      if (errors_++ == 0) first_error_ = slot.status.error_message();
      return;
    }
    if (!measured) return;
    ++done_;
    bytes_ += static_cast<int64_t>(slot.response.Length());
    if (slot.start >= began_) latencies_[slot.kind].push_back((now - slot.start) * 1e6);
  }

  Client& client_;
  const Script& script_;
  grpc::CompletionQueue queue_;
  std::vector<Slot> slots_;
  std::vector<std::vector<double>> latencies_;
  size_t calls_ = 0;
  int busy_ = 0;
  int64_t done_ = 0;
  int64_t errors_ = 0;
  int64_t bytes_ = 0;
  double began_ = 0;
  double ended_ = 0;
  std::string first_error_;
};

// Writes answers, each behind its length, for bench_echo to repeat.
int Capture(Client& client, const Script& script, const std::string& path) {
  constexpr size_t kReplies = 600;
  std::ofstream file(path, std::ios::binary);
  nlohmann::json totals = nlohmann::json::array();
  const size_t count = script.methods.size() == 1 ? kReplies : script.methods.size();
  for (size_t i = 0; i < count; ++i) {
    grpc::CompletionQueue queue;
    grpc::ClientContext context;
    client.Prepare(&context, 20);
    grpc::ByteBuffer response;
    grpc::Status status;
    const std::string& method = script.methods[i % script.methods.size()];
    const auto call = client.stub(0).PrepareUnaryCall(&context, method, script.request(i), &queue);
    call->StartCall();
    call->Finish(&response, &status, nullptr);
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
    if (!status.ok()) {
      std::fprintf(stderr, "bench_load: %s: %s\n", method.c_str(), status.error_message().c_str());
      return 1;
    }
    const std::string bytes = ToString(response);
    const auto length = static_cast<uint32_t>(bytes.size());
    file.write(reinterpret_cast<const char*>(&length), sizeof length);
    file << bytes;
    v1::ListPortfolioResponse page;
    if (method.ends_with("ListPortfolio") && page.ParseFromString(bytes)) totals.push_back(page.total_size());
  }
  std::printf("%s\n", nlohmann::json({{"replies", count}, {"list_totals", totals}}).dump().c_str());
  return file.good() ? 0 : 1;
}

}  // namespace

int RunUnary(const UnaryOptions& options) {
  const std::optional<Script> script = ScriptOf(options);
  if (!script) {
    std::fprintf(stderr, "bench_load: no load '%s'\n", options.load.c_str());
    return 2;
  }
  Client client(options.target);
  if (!options.capture.empty()) return Capture(client, *script, options.capture);

  constexpr double kWarmUp = 0.4;
  Loop loop(client, *script, options.in_flight);
  std::vector<double> cpu;
  loop.Run(kWarmUp, options.seconds, [&] { cpu.push_back(CpuSeconds(options.server_pid)); });

  std::vector<double> all;
  nlohmann::json p50_by_kind = nlohmann::json::array();
  for (std::vector<double>& latencies : loop.latencies()) {
    all.insert(all.end(), latencies.begin(), latencies.end());
    p50_by_kind.push_back(Quantile(latencies, 0.5));
  }
  const double done = static_cast<double>(loop.done());
  const nlohmann::json result = {{"operations", loop.done()},
                                 {"operations_per_second", done / loop.seconds()},
                                 {"cpu_us_per_operation", cpu.size() == 2 ? (cpu[1] - cpu[0]) * 1e6 / done : 0},
                                 {"p50_us", Quantile(all, 0.5)},
                                 {"p99_us", Quantile(all, 0.99)},
                                 {"p999_us", Quantile(all, 0.999)},
                                 {"p50_us_by_kind", p50_by_kind},
                                 {"bytes_per_operation", static_cast<double>(loop.bytes()) / done},
                                 {"errors", loop.errors()},
                                 {"first_error", loop.first_error()}};
  std::printf("%s\n", result.dump().c_str());
  return loop.errors() == 0 && loop.done() > 0 ? 0 : 1;
}

}  // namespace folio::bench
