// completion, manual, and what the shells ask to complete a line.
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>

#include "client/cli/commands/commands.h"
#include "client/cli/commands/resource.h"
#include "client/cli/help/columns.h"
#include "client/cli/help/complete.h"
#include "client/cli/help/man_page.h"
#include "client/cli/help/reference.h"
#include "client/cli/output/text_width.h"
#include "client/cli/profiles/profile_file.h"
#include "client/cli/value/dynamic.h"
#include "client/cli/value/fault.h"
#include "folio/options.h"
#include "folio/pages.h"

namespace folio::cli {
namespace {

using google::protobuf::Message;

// A key press must not wait for a server that does not answer.
constexpr double kPatienceSeconds = 0.5;
constexpr int kPageSize = 1'000;
// More names than a person would look through.
constexpr size_t kNamesMax = 200;

// --- values that the description does not hold ----------------------------------------------------------------------

// The list method of the names that a flag or argument takes; empty where it takes none.
std::string ListMethodFor(const CommandText& command, const OptionText& option) {
  static const auto& by_name = *new std::map<std::string, std::string>{
      {"account", "AccountService.ListAccounts"},       {"--account", "AccountService.ListAccounts"},
      {"model", "HealthModelService.ListHealthModels"}, {"--model", "HealthModelService.ListHealthModels"},
      {"rule", "SignalRuleService.ListSignalRules"},    {"--rule", "SignalRuleService.ListSignalRules"},
      {"signal", "SignalService.ListSignals"},          {"keys", "AdminService.ListApiKeys"},
      {"signals", "SignalService.ListSignals"},         {"operation", "OperationService.ListOperations"},
      {"--workspace", "AdminService.ListWorkspaces"},   {"operations", "OperationService.ListOperations"},
  };
  static const auto& by_group = *new std::map<std::string, std::string>{
      {"models", "HealthModelService.ListHealthModels"},
      {"rules", "SignalRuleService.ListSignalRules"},
      {"indicators", "IndicatorService.ListIndicators"},
      {"custom", "CustomIndicatorService.ListCustomIndicators"},
      {"targets", "IndicatorTargetService.ListIndicatorTargets"},
  };
  const auto named = by_name.find(option.long_name());
  if (named != by_name.end()) return named->second;
  if ((option.long_name() != "id" && option.long_name() != "ids") || command.name == "create") return "";
  const size_t last = command.path.rfind(' ');
  const size_t before = command.path.rfind(' ', last - 1);
  const std::string group = command.path.substr(before + 1, last - before - 1);
  for (const Resource& resource : Resources()) {
    if (resource.noun == group) return resource.list->full_name();
  }
  const auto known = by_group.find(group);
  return known == by_group.end() ? "" : known->second;
}

// The ids that a server holds and that begin as what has been typed, as far as they are found at once. Nothing where
// there is no server.
void AskServer(Context& context, const std::string& method_name, Completion* completion) {
  const google::protobuf::MethodDescriptor& method = *FindMethod(method_name);
  const absl::StatusOr<const Client*> client = context.client();
  if (!client.ok()) return;
  const auto deadline = std::chrono::steady_clock::now() + (*client)->options().timeout;
  const std::unique_ptr<Message> request = NewMessage(method.input_type());
  SetNumber(request.get(), "page_size", kPageSize);
  const auto fetch = [&](const std::string& token, Message* response) {
    if (std::chrono::steady_clock::now() > deadline) return absl::DeadlineExceededError("Nobody waits that long.");
    SetText(request.get(), "page_token", token);
    return (*client)->Invoke(method, *request, response, context.stop);
  };
  PageCursor cursor(fetch, NewMessage(method.output_type()));
  while (const Message* row = completion->candidates.size() < kNamesMax ? cursor.Next() : nullptr) {
    const std::string name = TextOf(*row, "name");
    const std::string id = name.empty() ? TextOf(*row, "id") : name.substr(name.find('/') + 1);
    if (!id.starts_with(completion->typed)) continue;
    completion->candidates.push_back({completion->before + id, TextOf(*row, "display_name")});
  }
}

void AddMethods(Completion* completion) {
  for (const auto* service : Services()) {
    for (int i = 0; i < service->method_count(); ++i) {
      const std::string name = service->name() + "." + service->method(i)->name();
      if (name.starts_with(completion->typed)) completion->candidates.push_back({completion->before + name, ""});
    }
  }
}

void AddProfiles(Completion* completion) {
  const absl::StatusOr<ProfileFile> file = ProfileFile::Read(ProfilePath());
  if (!file.ok()) return;
  for (const Profile& profile : file->profiles()) {
    if (profile.name.starts_with(completion->typed)) completion->candidates.push_back({profile.name, profile.server});
  }
}

const CLI::App* FindApp(const CLI::App& app, std::string_view path) {
  const size_t space = path.find(' ');
  if (space == std::string_view::npos) return &app;
  path.remove_prefix(space + 1);
  const std::string name(path.substr(0, path.find(' ')));
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->get_name() == name) return FindApp(*command, path);
  }
  return nullptr;
}

// Names of fields and columns that the value may go on with; nothing where the option takes none.
std::vector<std::string> ColumnsFor(const Context& context, const CLI::App& app, Completion* completion) {
  const std::string& option = completion->value_of->long_name();
  const auto rows = context.rows.find(FindApp(app, completion->command->path));
  if (option == "--fields" && rows != context.rows.end()) return FieldsOf(*rows->second, completion->typed);
  if (option == "--segment-by") return AccountFacets();
  if (option == "--group-by") {
    return completion->command->path.starts_with("folio indicators") ? IndicatorFacets() : AccountFacets();
  }
  if (option != "--order-by" || rows == context.rows.end()) return {};
  const size_t start = completion->typed.rfind(',') + 1;  // 0 where there is no comma
  completion->before += completion->typed.substr(0, start);
  completion->typed.erase(0, start);
  return OrderColumnsOf(*rows->second);
}

void AddColumns(const std::vector<std::string>& columns, Completion* completion) {
  for (const std::string& column : columns) {
    if (column.starts_with(completion->typed)) completion->candidates.push_back({completion->before + column, ""});
  }
}

// $FOLIO_COMPLETION_TIMEOUT, for those whose server is far away.
double Patience() {
  const char* given = std::getenv("FOLIO_COMPLETION_TIMEOUT");
  const double seconds = given == nullptr ? 0 : std::atof(given);
  return seconds > 0 ? seconds : kPatienceSeconds;
}

void TakeConnection(const std::map<std::string, std::string>& flags, GlobalFlags* global) {
  const auto take = [&](const char* name, auto* value) {
    if (const auto given = flags.find(name); given != flags.end()) *value = given->second;
  };
  take("--server", &global->server);
  take("--key", &global->key);
  take("--key-file", &global->key_file);
  take("--profile", &global->profile);
  global->retry = false;
  global->timeout_seconds = Patience();
}

// Whatever goes wrong: a key press gets no answer then, and no noise.
void AddValues(Context& context, const CLI::App& app, Completion* completion) try {
  const OptionText& option = *completion->value_of;
  if (option.value == "FILE") {
    completion->candidates = {{":files", ""}};
  } else if (option.value == "METHOD") {
    AddMethods(completion);
  } else if (option.value == "PROFILE") {
    AddProfiles(completion);
  } else if (const auto columns = ColumnsFor(context, app, completion); !columns.empty()) {
    AddColumns(columns, completion);
  } else if (const std::string method = ListMethodFor(*completion->command, option); !method.empty()) {
    TakeConnection(completion->flags, &context.flags);
    AskServer(context, method, completion);
  }
} catch (const std::exception&) {
  completion->candidates.clear();
}

// --- the commands ---------------------------------------------------------------------------------------------------

void AddCompletion(CLI::App& app, Context& context) {
  auto shell = std::make_shared<std::string>();
  CLI::App* completion = app.add_subcommand("completion", "Prints the script that completes commands in a shell");
  completion->add_option("shell", *shell, "Which shell")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
  completion->footer(
      "eval \"$(folio completion bash)\"\nfolio completion fish > ~/.config/fish/completions/folio.fish");
  completion->callback([&context, shell] {
    context.action = [&context, shell]() -> absl::StatusOr<int> {
      context.out << CompletionScript(*shell == "bash" ? Shell::kBash : *shell == "zsh" ? Shell::kZsh : Shell::kFish);
      return kSuccess;
    };
  });
}

absl::Status WriteFile(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (file) return absl::OkStatus();
  return WrongUsage("Cannot write " + path.string() + ".", "Impossible d'écrire " + path.string() + ".");
}

absl::StatusOr<int> WriteManual(Context& context, const CLI::App& app, const std::string& folder, bool reference) {
  const CommandText program = Describe(app);
  if (reference) {
    context.out << Reference(program);
    return kSuccess;
  }
  if (folder.empty()) return WrongUsage("Give a folder, or --reference.", "Donnez un dossier, ou --reference.");
  std::error_code ignored;  // where it fails, so does writing
  std::filesystem::create_directories(folder, ignored);
  std::vector<const CommandText*> pages = {&program};
  for (const CommandText& command : program.commands) pages.push_back(&command);
  for (const CommandText* page : pages) {
    absl::Status status =
        WriteFile(std::filesystem::path(folder) / ManPageName(*page), ManPage(*page, program, FOLIO_VERSION));
    if (!status.ok()) return status;
  }
  return kSuccess;
}

void AddManual(CLI::App& app, Context& context) {
  auto folder = std::make_shared<std::string>();
  auto reference = std::make_shared<bool>(false);
  CLI::App* manual = app.add_subcommand("manual", "Writes the manual pages into a folder");
  manual->add_option("folder", *folder, "Where the pages go, for example share/man/man1");
  manual->add_flag("--reference", *reference, "Print docs/cli-reference.md instead");
  manual->callback([&context, &app, folder, reference] {
    context.action = [&context, &app, folder, reference] { return WriteManual(context, app, *folder, *reference); };
  });
}

}  // namespace

absl::StatusOr<int> CompleteWords(Context& context, const CLI::App& app, const std::vector<std::string>& words) {
  const CommandText program = Describe(app);
  const size_t lead = words.size() > 1 && words[1] == "--" ? 2 : 1;
  Completion completion = Complete(program, {words.begin() + static_cast<std::ptrdiff_t>(lead), words.end()});
  if (completion.value_of != nullptr) AddValues(context, app, &completion);
  for (const Candidate& candidate : completion.candidates) {
    context.out << OneLine(candidate.text);
    if (!candidate.description.empty()) context.out << '\t' << OneLine(candidate.description);
    context.out << '\n';
  }
  return kSuccess;
}

void AddManualCommands(CLI::App& app, Context& context) {
  AddCompletion(app, context);
  AddManual(app, context);
}

}  // namespace folio::cli
