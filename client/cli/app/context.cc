#include "client/cli/app/context.h"

#include <cstdlib>

#include "client/cli/app/connection_error.h"
#include "folio/options.h"
#include "folio/pages.h"
#include "folio/v1/custom_field.pb.h"
#include "folio/v1/workspace.pb.h"

namespace folio::cli {
namespace {

constexpr char kUserAgent[] = "folio-cli/" FOLIO_VERSION;

absl::Status ReadCustomTypes(const Client& client, const std::string& collection, CustomTypes* types) {
  v1::ListCustomFieldsRequest request;
  request.set_page_size(1'000);
  PageCursor cursor(client, *FindMethod("CustomFieldService.ListCustomFields"), request);
  while (const auto* row = static_cast<const v1::CustomField*>(cursor.Next())) {
    if (row->collection() != collection) continue;
    types->emplace(row->name().substr(row->name().find('/') + 1), row->type());
  }
  return cursor.status();
}

}  // namespace

Language Context::language() const {
  for (const std::string* asked : {&flags.language, &flags.profile_language}) {
    if (!asked->empty()) return LanguageOf(*asked);
  }
  for (const char* variable : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(variable);
    if (value != nullptr && *value != 0) return LanguageOf(value);
  }
  return Language::kEnglish;
}

OutputStyle Context::output() const {
  OutputStyle style;
  style.format = flags.format == "json"    ? Format::kJson
                 : flags.format == "jsonl" ? Format::kJsonLines
                 : flags.format == "csv"   ? Format::kCsv
                                           : Format::kTable;
  style.language = language();
  style.headers = !flags.no_headers;
  style.csv = CsvStyleOf(flags.csv_profile);
  style.fields = flags.fields;
  return style;
}

ProgressStyle Context::progress_style() const {
  if (flags.progress == "json") return ProgressStyle::kJson;
  if (flags.progress == "none") return ProgressStyle::kNone;
  return err_is_terminal ? ProgressStyle::kTerminal : ProgressStyle::kLog;
}

absl::StatusOr<const Client*> Context::client() {
  if (client_ != nullptr) return client_.get();
  OptionOverrides overrides;
  overrides.profile = flags.profile;
  overrides.server = flags.server;
  overrides.key = flags.key;
  overrides.key_file = flags.key_file;
  if (flags.timeout_seconds) {
    overrides.timeout = std::chrono::milliseconds(static_cast<int64_t>(*flags.timeout_seconds * 1000));
  }
  overrides.locale = language() == Language::kFrench ? "fr" : "en";
  absl::StatusOr<ClientOptions> options = LoadOptions(overrides);
  if (!options.ok()) return options.status();
  if (absl::Status status = CheckAddress(*options); !status.ok()) return status;
  options->user_agent = kUserAgent;
  options->retry = flags.retry;
  options_ = *options;
  absl::StatusOr<Client> client = Client::Connect(*std::move(options));
  if (!client.ok()) return client.status();
  client_ = std::make_unique<Client>(*std::move(client));
  return client_.get();
}

absl::Status Context::Call(std::string_view method, const google::protobuf::Message& request,
                           google::protobuf::Message* response) {
  const absl::StatusOr<const Client*> connected = client();
  if (!connected.ok()) return connected.status();
  return (*connected)->Invoke(*FindMethod(method), request, response, stop);
}

absl::StatusOr<ValueStyle> Context::WorkspaceStyle(const std::string& collection) {
  ValueStyle style;
  v1::Workspace workspace;
  if (absl::Status status = Call("WorkspaceService.GetWorkspace", v1::GetWorkspaceRequest(), &workspace);
      !status.ok()) {
    return status;
  }
  style.currency = workspace.currency_code();
  const absl::StatusOr<const date::time_zone*> zone = FindZone(workspace.time_zone());
  if (!zone.ok()) return zone.status();
  style.dates.zone = *zone;
  absl::Status status = ReadCustomTypes(**client(), collection, &style.custom_types);
  if (!status.ok()) return status;
  return style;
}

std::string FullName(std::string_view collection, std::string_view id) {
  if (id.find('/') != std::string_view::npos) return std::string(id);
  return std::string(collection) + "/" + std::string(id);
}

}  // namespace folio::cli
