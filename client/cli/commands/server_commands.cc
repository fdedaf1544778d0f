// server info, verify, compact; operations list, get, cancel.
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>

#include "client/cli/commands/commands.h"
#include "client/cli/commands/list_rows.h"
#include "client/cli/commands/several.h"
#include "client/cli/import/progress.h"
#include "client/cli/output/records.h"
#include "folio/v1/admin.pb.h"
#include "folio/v1/operation.pb.h"

namespace folio::cli {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks{500};

// Waits, unless it is interrupted: false then.
bool Pause(const Context& context, std::chrono::milliseconds time) {
  std::mutex mutex;
  std::condition_variable_any woken;
  std::unique_lock lock(mutex);
  woken.wait_for(lock, context.stop, time, [] { return false; });
  return !context.stop.stop_requested();
}

// Looks at an operation until it has ended, with how far it is on `err`.
absl::Status Await(Context& context, v1::Operation* operation) {
  Progress progress(context.err, context.progress_style(), context.language(), operation->total_count());
  while (operation->state() == v1::OPERATION_STATE_RUNNING) {
    if (!Pause(context, kBetweenLooks)) return absl::CancelledError("Interrupted.");
    v1::GetOperationRequest request;
    request.set_name(operation->name());
    if (absl::Status status = context.Call("OperationService.GetOperation", request, operation); !status.ok()) {
      return status;
    }
    progress.Update(operation->done_count(), 0);
  }
  progress.Finish();
  return absl::OkStatus();
}

absl::StatusOr<int> Start(Context& context, std::string_view method, const google::protobuf::Message& request,
                          bool wait) {
  v1::Operation operation;
  absl::Status status = context.Call(method, request, &operation);
  if (status.ok() && wait) status = Await(context, &operation);
  if (status.ok()) status = WriteObject(context.out, context.output(), operation);
  if (!status.ok()) return status;
  const bool failed = operation.state() == v1::OPERATION_STATE_FAILED ||
                      (operation.has_verify_storage() && operation.verify_storage().corrupt_count() > 0);
  return failed ? kFailure : kSuccess;
}

void AddWait(CLI::App& command, bool& wait) {
  command.add_flag("--wait", wait, "Wait until it has ended; without it, `folio operations get` tells");
}

void AddServer(CLI::App& app, Context& context) {
  CLI::App* group = AddGroup(app, "server", "The server itself: what it is, and its upkeep");
  CLI::App* info = group->add_subcommand("info", "Version, workspace, revision, clock");
  context.rows[info] = v1::ServerInfo::descriptor();
  info->callback([&context] {
    context.action = [&context] {
      return CallAndWrite(context, "AdminService.GetServerInfo", v1::GetServerInfoRequest());
    };
  });
  auto wait = std::make_shared<bool>(false);
  CLI::App* verify = group->add_subcommand("verify", "Reads all that is stored and compares it with its checksums");
  AddWait(*verify, *wait);
  verify->callback([&context, wait] {
    context.action = [&context, wait] {
      return Start(context, "AdminService.VerifyStorage", v1::VerifyStorageRequest(), *wait);
    };
  });
  auto first = std::make_shared<int64_t>(0);
  CLI::App* compact = group->add_subcommand("compact", "Takes the oldest changes out of the log");
  compact->add_option("revision", *first, "First revision to keep")->required()->check(CLI::PositiveNumber);
  AddWait(*compact, *wait);
  compact->callback([&context, wait, first] {
    context.action = [&context, wait, first] {
      v1::CompactLogRequest request;
      request.set_first_revision(*first);
      return Start(context, "AdminService.CompactLog", request, *wait);
    };
  });
}

const std::vector<std::string> kColumns = {"id",          "method",      "state",   "done_count",
                                           "total_count", "create_time", "end_time"};

absl::StatusOr<int> ListOperations(Context& context, const ListLimit& limit) {
  v1::ListOperationsRequest request;
  return ListRows(context, "OperationService.ListOperations", request, kColumns, limit);
}

void AddGetOperation(CLI::App& group, Context& context) {
  auto operation = std::make_shared<std::string>();
  CLI::App* command = group.add_subcommand("get", "Shows one operation");
  context.rows[command] = v1::Operation::descriptor();
  command->add_option("operation", *operation, "The operation")->required();
  command->callback([&context, operation] {
    context.action = [&context, operation] {
      v1::GetOperationRequest request;
      request.set_name(FullName("operations", *operation));
      return CallAndWrite(context, "OperationService.GetOperation", request);
    };
  });
}

absl::StatusOr<int> CancelOperations(Context& context, const Several& several) {
  const absl::StatusOr<std::vector<std::string>> names = NamesOf(several, "operations");
  if (!names.ok()) return names.status();
  return ChangeEach(context, several, *names, v1::Operation(), kColumns,
                    [&](const std::string& name, google::protobuf::Message* cancelled) {
                      v1::CancelOperationRequest request;
                      request.set_name(name);
                      return context.Call("OperationService.CancelOperation", request, cancelled);
                    });
}

void AddCancelOperations(CLI::App& group, Context& context) {
  auto several = std::make_shared<Several>();
  CLI::App* command = group.add_subcommand("cancel", "Asks operations to stop");
  context.rows[command] = v1::Operation::descriptor();
  AddSeveral(*command, *several, "operations", "The operations")->required();
  command->callback(
      [&context, several] { context.action = [&context, several] { return CancelOperations(context, *several); }; });
}

void AddOperations(CLI::App& app, Context& context) {
  CLI::App* group = AddGroup(app, "operations", "Work of the server that takes longer than a call");
  auto limit = std::make_shared<ListLimit>();
  CLI::App* list = group->add_subcommand("list", "Lists operations, the latest first");
  context.rows[list] = v1::Operation::descriptor();
  AddListLimit(*list, *limit);
  list->callback([&context, limit] { context.action = [&context, limit] { return ListOperations(context, *limit); }; });
  AddGetOperation(*group, context);
  AddCancelOperations(*group, context);
}

}  // namespace

void AddServerCommands(CLI::App& app, Context& context) {
  AddServer(app, context);
  AddOperations(app, context);
}

}  // namespace folio::cli
