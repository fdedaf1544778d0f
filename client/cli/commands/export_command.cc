// accounts export: every account that matches, from one state, as a stream.
#include <memory>

#include "client/cli/commands/commands.h"
#include "client/cli/import/progress.h"
#include "client/cli/output/records.h"
#include "folio/v1/account.pb.h"

namespace folio::cli {
namespace {

struct ExportFlags {
  std::string filter;
  bool show_deleted = false;
};

// Columns that `accounts import` takes back; custom fields have one each.
absl::StatusOr<std::vector<std::string>> ExportColumns(Context& context) {
  std::vector<std::string> columns = {"id"};
  const google::protobuf::Descriptor& type = *v1::Account::descriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const google::protobuf::FieldDescriptor& field = *type.field(i);
    if (field.name() != "name" && !IsOutputOnly(field) && !field.is_map()) columns.push_back(field.name());
  }
  const absl::StatusOr<ValueStyle> style = context.WorkspaceStyle("accounts");
  if (!style.ok()) return style.status();
  for (const auto& [id, custom_type] : style->custom_types) columns.push_back("custom_fields." + id);
  return columns;
}

absl::StatusOr<int> Export(Context& context, const ExportFlags& flags) {
  OutputStyle style = context.output();
  if (style.format == Format::kTable) style.format = Format::kCsv;
  const absl::StatusOr<std::vector<std::string>> columns = ExportColumns(context);
  if (!columns.ok()) return columns.status();
  absl::StatusOr<RecordWriter> writer = NewRecordWriter(context.out, style, *v1::Account::descriptor(), *columns);
  if (!writer.ok()) return writer.status();
  v1::ExportAccountsRequest request;
  request.set_filter(flags.filter);
  request.set_show_deleted(flags.show_deleted);
  std::unique_ptr<Progress> progress;
  int64_t total = 0;
  const absl::StatusOr<const Client*> client = context.client();
  const absl::Status status = (*client)->InvokeStream(
      *FindMethod("AccountService.ExportAccounts"), request,
      [&](const google::protobuf::Message& message) {
        const auto& response = static_cast<const v1::ExportAccountsResponse&>(message);
        total = response.total_size();
        if (progress == nullptr) {
          progress = std::make_unique<Progress>(context.err, context.err_is_terminal, context.language(), total);
        }
        for (const v1::Account& account : response.accounts()) writer->Write(account);
        progress->Update(writer->count(), 0);
        return context.out ? absl::OkStatus() : absl::CancelledError("The reader has gone.");
      },
      context.stop);
  if (progress != nullptr) progress->Finish();
  if (!context.out) return kSuccess;
  if (!status.ok()) return status;
  writer->Finish();
  // A stream that ends early without an error must not pass for a whole export.
  if (writer->count() != total) {
    return absl::DataLossError("The export holds " + std::to_string(writer->count()) + " of " + std::to_string(total) +
                               " accounts.");
  }
  context.err << total << context.Say({" accounts exported", " comptes exportés"}) << std::endl;
  return kSuccess;
}

}  // namespace

void AddExportCommand(CLI::App& group, Context& context) {
  auto flags = std::make_shared<ExportFlags>();
  CLI::App* command = group.add_subcommand("export", "Writes all accounts, as CSV or with -o jsonl");
  command->add_option("--filter", flags->filter, "AIP-160 filter; all accounts where it is left out");
  command->add_flag("--show-deleted", flags->show_deleted, "Also deleted ones");
  command->callback([&context, flags] { context.action = [&context, flags] { return Export(context, *flags); }; });
}

}  // namespace folio::cli
