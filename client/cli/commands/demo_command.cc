// demo load: fills a workspace with a portfolio that looks alive.
#include <functional>
#include <memory>

#include "client/cli/commands/commands.h"
#include "client/cli/import/progress.h"
#include "date/date.h"
#include "folio/import.h"
#include "folio/v1/admin.pb.h"
#include "folio/v1/workspace.pb.h"
#include "tools/demo/generator.h"

namespace folio::cli {
namespace {

struct DemoFlags {
  int64_t accounts = 2'000;
  uint64_t seed = 1789;
  bool accounts_only = false;
};

// The imports of the collections, one after the other: what refers to something comes behind it.
class Loader {
 public:
  Loader(Context& context, demo::Options options) : context_(context), options_(std::move(options)) {}

  absl::StatusOr<int> Load() {
    absl::Status status =
        LoadCollection("accounts", [](const demo::Client& client, const Add& add) { return add(client.account); });
    if (!options_.accounts_only) {
      if (status.ok()) status = LoadRepeated("contacts", &demo::Client::contacts);
      if (status.ok()) status = LoadRepeated("subscriptions", &demo::Client::subscriptions);
      const demo::Books books = demo::Generator(options_).MakeBooks();
      if (status.ok()) status = LoadRepeated("leads", &demo::Client::leads, books.leads);
      if (status.ok()) status = LoadRepeated("deals", &demo::Client::deals);
      if (status.ok()) status = LoadRepeated("facts", &demo::Client::facts, books.costs);
      if (status.ok()) status = LoadRepeated("tasks", &demo::Client::tasks);
      if (status.ok()) status = LoadCollection("exchangeRates", nullptr, AllOf(books.exchange_rates));
    }
    if (!status.ok()) return status;
    return rejected_ == 0 ? kSuccess : kPartialSuccess;
  }

 private:
  using Add = std::function<absl::Status(const google::protobuf::Message&)>;
  using Take = std::function<absl::Status(const demo::Client&, const Add&)>;
  using Rest = std::function<absl::Status(const Add&)>;
  template <typename Row>
  using Rows = google::protobuf::RepeatedPtrField<Row>;

  template <typename Row>
  static Rest AllOf(const Rows<Row>& rows) {
    return [&rows](const Add& add) {
      for (const Row& row : rows) {
        if (absl::Status status = add(row); !status.ok()) return status;
      }
      return absl::OkStatus();
    };
  }

  // Rows of every client, then the rest.
  template <typename Row>
  absl::Status LoadRepeated(const std::string& collection, Rows<Row> demo::Client::*rows, const Rows<Row>& rest = {}) {
    const Take take = [rows](const demo::Client& client, const Add& add) { return AllOf(client.*rows)(add); };
    return LoadCollection(collection, take, AllOf(rest));
  }

  absl::Status LoadCollection(const std::string& collection, const Take& take, const Rest& rest = nullptr) {
    v1::ImportHeader header;
    header.set_collection(collection);
    // The id lets a lost connection be taken up again; a second load begins anew, and finds everything unchanged.
    header.set_restart(true);
    header.set_import_id("demo-" + collection + "-" + std::to_string(options_.accounts) + "-" +
                         std::to_string(options_.seed) + "-" + std::to_string(options_.as_of));
    ImportOptions options;
    options.stop = context_.stop;
    options.on_answer = [&](const v1::ImportResponse& answer) { TellRejected(collection, answer); };
    absl::StatusOr<std::unique_ptr<Importer>> importer = Importer::Open(**context_.client(), header, options);
    if (!importer.ok()) return importer.status();
    Progress progress(context_.err, context_.progress_style(), context_.language(), options_.accounts);
    demo::Generator generator(options_);
    demo::Client client;
    int64_t position = 0;
    int64_t clients = 0;
    const Add add = [&](const google::protobuf::Message& row) { return (*importer)->Add(++position, row); };
    while (take != nullptr && generator.Next(&client)) {
      if (absl::Status status = take(client, add); !status.ok()) return status;
      progress.Update(++clients, (*importer)->counts().rejected());
    }
    if (rest != nullptr) {
      if (absl::Status status = rest(add); !status.ok()) return status;
    }
    if (absl::Status status = (*importer)->Finish(); !status.ok()) return status;
    progress.Finish();
    const v1::ImportCounts& counts = (*importer)->counts();
    rejected_ += counts.rejected();
    context_.out << collection << ": " << context_.Say({"created ", "créés "}) << counts.created()
                 << context_.Say({", updated ", ", modifiés "}) << counts.updated()
                 << context_.Say({", unchanged ", ", inchangés "}) << counts.unchanged() << std::endl;
    return absl::OkStatus();
  }

  void TellRejected(const std::string& collection, const v1::ImportResponse& answer) {
    for (const v1::RejectedRow& row : answer.rejected_rows()) {
      context_.err << collection << " " << row.row() << ": " << row.field() << " (" << row.reason() << ") "
                   << row.message() << '\n';
    }
  }

  Context& context_;
  const demo::Options options_;
  int64_t rejected_ = 0;
};

absl::StatusOr<int> LoadDemo(Context& context, const DemoFlags& flags) {
  v1::ServerInfo info;
  absl::Status status = context.Call("AdminService.GetServerInfo", v1::GetServerInfoRequest(), &info);
  v1::Workspace workspace;
  if (status.ok()) status = context.Call("WorkspaceService.GetWorkspace", v1::GetWorkspaceRequest(), &workspace);
  if (!status.ok()) return status;
  demo::Options options;
  options.seed = flags.seed;
  options.accounts = flags.accounts;
  options.accounts_only = flags.accounts_only;
  options.currency = workspace.currency_code();
  // The portfolio's story ends on the day that the server lives in.
  const date::sys_days today{date::year(info.as_of().year()) / static_cast<int>(info.as_of().month()) /
                             static_cast<int>(info.as_of().day())};
  options.as_of = today.time_since_epoch().count();
  return Loader(context, std::move(options)).Load();
}

}  // namespace

void AddDemoCommands(CLI::App& app, Context& context) {
  CLI::App* group = AddGroup(app, "demo", "A portfolio to try things out with");
  auto flags = std::make_shared<DemoFlags>();
  CLI::App* load = group->add_subcommand("load", "Fills the workspace with made-up French and English companies");
  load->add_option("--accounts", flags->accounts, "How many companies")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  load->add_option("--seed", flags->seed, "The same seed makes the same portfolio")->capture_default_str();
  load->add_flag("--accounts-only", flags->accounts_only, "Accounts with revenue of their own, and nothing else");
  load->callback([&context, flags] { context.action = [&context, flags] { return LoadDemo(context, *flags); }; });
}

}  // namespace folio::cli
