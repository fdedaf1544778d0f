// accounts|contacts|… export: every row that matches, so that `import` takes it back. Accounts come from one state, as
// a stream; others page by page.
#include <memory>
#include <optional>

#include "client/cli/commands/commands.h"
#include "client/cli/commands/resource.h"
#include "client/cli/import/progress.h"
#include "client/cli/output/records.h"
#include "folio/pages.h"
#include "folio/v1/account.pb.h"

namespace folio::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr int kPageSize = 1'000;

struct ExportFlags {
  std::string filter;
  bool show_deleted = false;
};

// A list of parts that no cell can hold so that `import` takes it back: only JSON has those.
bool FitsInACell(const FieldDescriptor& field) {
  return !field.is_map() && (!field.is_repeated() || field.message_type() == nullptr ||
                             field.message_type() == v1::ExternalId::descriptor());
}

// Columns that `import` takes back; custom fields have one each.
absl::StatusOr<std::vector<std::string>> ExportColumns(Context& context, const Resource& resource) {
  std::vector<std::string> columns = {"id"};
  const google::protobuf::Descriptor& type = *resource.type;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (field.name() != "name" && !IsOutputOnly(field) && FitsInACell(field)) columns.push_back(field.name());
  }
  const absl::StatusOr<ValueStyle> style = context.WorkspaceStyle(resource.collection);
  if (!style.ok()) return style.status();
  for (const auto& [id, custom_type] : style->custom_types) columns.push_back("custom_fields." + id);
  return columns;
}

absl::StatusOr<RecordWriter> NewExportWriter(Context& context, const Resource& resource) {
  OutputStyle style = context.output();
  if (style.format == Format::kTable) style.format = Format::kCsv;
  const absl::StatusOr<std::vector<std::string>> columns = ExportColumns(context, resource);
  if (!columns.ok()) return columns.status();
  return NewRecordWriter(context.out, style, *resource.type, *columns);
}

// Progress of an export whose size is known from its first answer.
class ExportProgress {
 public:
  explicit ExportProgress(Context& context) : context_(context) {}

  void Update(int64_t done, int64_t total) {
    if (!progress_) progress_.emplace(context_.err, context_.progress_style(), context_.language(), total);
    progress_->Update(done, 0);
  }
  void Finish() {
    if (progress_) progress_->Finish();
  }

 private:
  Context& context_;
  std::optional<Progress> progress_;
};

absl::StatusOr<int> ExportStream(Context& context, const Resource& resource, const ExportFlags& flags) {
  absl::StatusOr<RecordWriter> writer = NewExportWriter(context, resource);
  if (!writer.ok()) return writer.status();
  v1::ExportAccountsRequest request;
  request.set_filter(flags.filter);
  request.set_show_deleted(flags.show_deleted);
  ExportProgress progress(context);
  int64_t total = 0;
  const absl::StatusOr<const Client*> client = context.client();
  const absl::Status status = (*client)->InvokeStream(
      *FindMethod("AccountService.ExportAccounts"), request,
      [&](const google::protobuf::Message& message) {
        const auto& response = static_cast<const v1::ExportAccountsResponse&>(message);
        total = response.total_size();
        for (const v1::Account& account : response.accounts()) writer->Write(account);
        progress.Update(writer->count(), total);
        return context.out ? absl::OkStatus() : absl::CancelledError("The reader has gone.");
      },
      context.stop);
  progress.Finish();
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

absl::StatusOr<int> ExportPages(Context& context, const Resource& resource, const ExportFlags& flags) {
  absl::StatusOr<RecordWriter> writer = NewExportWriter(context, resource);
  if (!writer.ok()) return writer.status();
  const std::unique_ptr<Message> request(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(resource.list->input_type())->New());
  const Reflection& reflection = *request->GetReflection();
  const google::protobuf::Descriptor& type = *request->GetDescriptor();
  reflection.SetInt32(request.get(), type.FindFieldByName("page_size"), kPageSize);
  const FieldDescriptor* filter = type.FindFieldByName("filter");
  if (filter != nullptr) reflection.SetString(request.get(), filter, flags.filter);
  const absl::StatusOr<const Client*> client = context.client();
  PageCursor cursor(**client, *resource.list, *request);
  ExportProgress progress(context);
  while (const Message* row = cursor.Next()) {
    if (!context.out) break;
    writer->Write(*row);
    progress.Update(writer->count(), 0);
  }
  progress.Finish();
  if (!context.out) return kSuccess;
  if (!cursor.status().ok()) return cursor.status();
  writer->Finish();
  context.err << writer->count() << context.Say({" rows exported", " lignes exportées"}) << std::endl;
  return kSuccess;
}

}  // namespace

void AddExportCommand(CLI::App& group, Context& context, const Resource& resource) {
  const bool streams = resource.type == v1::Account::descriptor();
  auto flags = std::make_shared<ExportFlags>();
  CLI::App* command =
      group.add_subcommand("export", "Writes all " + resource.noun + ", as CSV or with -o jsonl; import takes it back");
  if (resource.list->input_type()->FindFieldByName("filter") != nullptr) {
    command->add_option("--filter", flags->filter, "AIP-160 filter; every row where it is left out");
  }
  if (streams) command->add_flag("--show-deleted", flags->show_deleted, "Also deleted ones");
  command->callback([&context, &resource, flags, streams] {
    context.action = [&context, &resource, flags, streams] {
      return streams ? ExportStream(context, resource, *flags) : ExportPages(context, resource, *flags);
    };
  });
}

}  // namespace folio::cli
