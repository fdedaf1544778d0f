#include "server/rpc/instance.h"

#include <fmt/format.h>

#include <condition_variable>
#include <fstream>
#include <iterator>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include "server/base/text.h"
#include "server/portfolio/workspace.h"
#include "server/rpc/access_store.h"
#include "server/rpc/gate.h"
#include "server/rpc/method.h"
#include "server/rpc/operations.h"
#include "server/rpc/secret_file.h"
#include "server/rpc/stream_registry.h"
#include "server/rpc/worker_pool.h"
#include "storage/sqlite/sqlite.h"

namespace folio::rpc {
namespace {

constexpr char kActor[] = "foliod";
constexpr char kFirstWorkspace[] = "main";
constexpr char kDevWorkspace[] = "dev";
constexpr char kDefaultCurrency[] = "EUR";

constexpr auto kTickInterval = std::chrono::seconds(1);

absl::StatusOr<std::string> ReadTextFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::UnavailableError(ToAbsl("cannot read " + path));
  return std::string(std::istreambuf_iterator<char>(file), {});
}

v1::Workspace FirstWorkspace(const Config& config) {
  v1::Workspace workspace;
  workspace.set_display_name(config.dev ? "Development" : "Main");
  workspace.set_currency_code(config.dev ? config.dev_currency : kDefaultCurrency);
  workspace.set_time_zone(config.dev ? config.dev_time_zone : "UTC");
  return workspace;
}

absl::StatusOr<ServerOptions> OptionsOf(const Config& config, const InstanceParts& parts) {
  ServerOptions options;
  auto address = ParseAddress(config.listen);
  if (!address.ok()) return address.status();
  options.address = *address;
  options.connections = parts.connections;
  options.reflection = config.reflection;
  if (config.tls_certificate.empty()) return options;
  auto certificate = ReadTextFile(config.tls_certificate);
  if (!certificate.ok()) return certificate.status();
  auto key = ReadSecretFile(config.tls_key);
  if (!key.ok()) return key.status();
  options.tls_certificate = *std::move(certificate);
  options.tls_key = *std::move(key);
  return options;
}

std::string WithoutLineEnd(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

}  // namespace

// What only exists while calls are served; destroyed in reverse order.
struct Instance::Running {
  Running(const InstanceParts& parts, AccessStore& access, Workspaces::Opener opener, bool development)
      : gate(parts.calls_max, parts.streams_max),
        workspaces(std::move(opener)),
        context{.clock = parts.clock,
                .methods = methods,
                .log = parts.log,
                .gate = gate,
                .streams = streams,
                .workers = workers,
                .operations = operations,
                .access = access,
                .workspaces = workspaces,
                .version = parts.version,
                .start_time = parts.clock.Now(),
                .development = development},
        ticker([this](const std::stop_token& stop) { Tick(stop); }) {}

  ~Running() { Stop(); }

  // Midnight comes to a workspace that nobody writes to, too.
  void Tick(const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    while (!wake.wait_for(lock, stop, kTickInterval, [&stop] { return stop.stop_requested(); })) {
      for (const std::string& id : workspaces.Ids()) {
        if (const auto workspace = workspaces.Find(id)) workspace->Tick();
      }
    }
  }

  // Ends everything that uses workspaces, then closes them.
  void Stop() {
    ticker.request_stop();
    if (ticker.joinable()) ticker.join();
    operations.CancelAll();
    workers.Stop();
    workspaces.CloseAll();
  }

  Methods methods;
  Gate gate;
  StreamRegistry streams;
  Workspaces workspaces;
  WorkerPool workers;
  Operations operations{workers};
  ServerContext context;
  std::jthread ticker;
};

Instance::Instance(const Config& config, InstanceParts parts) : config_(config), parts_(std::move(parts)) {}

Instance::~Instance() { Stop(); }

absl::StatusOr<std::unique_ptr<Instance>> Instance::Start(const Config& config, InstanceParts parts) {
  std::unique_ptr<Instance> instance(new Instance(config, std::move(parts)));
  for (const auto step : {&Instance::OpenData, &Instance::MakeFirstKey, &Instance::OpenWorkspaces, &Instance::Serve}) {
    if (absl::Status done = (instance.get()->*step)(); !done.ok()) return done;
  }
  return instance;
}

absl::Status Instance::OpenData() {
  auto folder = DataFolder::Open(config_.data, config_.ephemeral);
  if (!folder.ok()) return folder.status();
  folder_ = *std::move(folder);
  auto pepper = LoadOrCreatePepper(folder_->File("pepper"));
  if (!pepper.ok()) return pepper.status();
  auto system = storage::OpenSqlite({.path = folder_->File("system.db")});
  if (!system.ok()) return system.status();
  auto access = AccessStore::Open(*std::move(system), *std::move(pepper), parts_.clock);
  if (!access.ok()) return access.status();
  access_ = *std::move(access);
  return absl::OkStatus();
}

// A development server keeps its key from one start to the next; any other makes one only where there is none.
absl::Status Instance::MakeFirstKey() {
  dev_workspace_ = kDevWorkspace;
  const std::string path = folder_->File(config_.dev ? "dev-key" : "first-key");
  if (config_.dev) {
    if (auto kept = KeyOfFile(path); kept.ok()) {
      dev_key_ = *std::move(kept);
      return absl::OkStatus();
    }
  } else if (access_->has_keys()) {
    return absl::OkStatus();
  }
  const std::string workspace = config_.dev ? kDevWorkspace : kFirstWorkspace;
  if (!access_->GetWorkspace(workspace).ok()) {
    auto made = access_->CreateWorkspace(workspace, FirstWorkspace(config_), kActor);
    if (!made.ok()) return made.status();
  }
  v1::ApiKey wanted;
  wanted.set_display_name(config_.dev ? "development" : "first key");
  wanted.set_workspace("workspaces/" + workspace);
  wanted.set_role(v1::ROLE_ADMINISTRATOR);
  auto key = access_->CreateKey(wanted, kActor);
  if (!key.ok()) return key.status();
  if (config_.dev) dev_key_ = key->secret();
  parts_.log.Info("an administrator's key was made", {{"key", key->name()}, {"file", path}});
  return WriteSecretFile(path, key->secret() + "\n");
}

absl::StatusOr<std::string> Instance::KeyOfFile(const std::string& path) const {
  auto text = ReadSecretFile(path);
  if (!text.ok()) return text.status();
  std::string key = WithoutLineEnd(*std::move(text));
  const auto principal = access_->Authenticate(key);
  if (!principal.ok()) return principal.status();
  return key;
}

absl::StatusOr<std::shared_ptr<portfolio::Workspace>> Instance::OpenWorkspace(const std::string& id) const {
  auto settings = access_->GetWorkspace(id);
  if (!settings.ok()) return settings.status();
  auto storage = storage::OpenSqlite({.path = folder_->WorkspaceFile(id)});
  if (!storage.ok()) return storage.status();
  auto workspace = portfolio::Workspace::Open(
      {.storage = *std::move(storage), .clock = &parts_.clock, .settings = *std::move(settings)});
  if (!workspace.ok()) return workspace.status();
  return std::shared_ptr<portfolio::Workspace>(*std::move(workspace));
}

absl::Status Instance::OpenWorkspaces() {
  const auto opener = [this](const std::string& id) { return OpenWorkspace(id); };
  running_ = std::make_unique<Running>(parts_, *access_, opener, config_.dev);
  for (const v1::Workspace& workspace : access_->ListWorkspaces()) {
    const std::string id = workspace.name().substr(workspace.name().find('/') + 1);
    if (absl::Status opened = running_->workspaces.Open(id); !opened.ok()) return opened;
  }
  return absl::OkStatus();
}

absl::Status Instance::Serve() {
  auto options = OptionsOf(config_, parts_);
  if (!options.ok()) return options.status();
  auto server = Server::Start(*options, running_->context);
  if (!server.ok()) return server.status();
  server_ = *std::move(server);
  parts_.log.Info("serving", {{"address", address()},
                              {"data", folder_->path()},
                              {"version", parts_.version},
                              {"tls", options->tls_certificate.empty() ? "off" : "on"}});
  return absl::OkStatus();
}

void Instance::Stop(std::chrono::milliseconds drain) {
  if (server_ == nullptr) return;
  parts_.log.Info("stopping");
  server_->Stop(drain);
  running_->Stop();  // before the services go: what operations write last still reaches those who listen
  server_.reset();
  running_.reset();
  parts_.log.Info("stopped");
}

}  // namespace folio::rpc
