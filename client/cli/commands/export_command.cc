// accounts|contacts|… export, facts export KIND: every row that matches, so that `import` takes it back. Accounts come
// from one state, as a stream; others page by page.
#include <memory>
#include <optional>

#include "client/cli/commands/commands.h"
#include "client/cli/commands/resource.h"
#include "client/cli/import/progress.h"
#include "client/cli/import/rows.h"
#include "client/cli/output/records.h"
#include "client/cli/value/dates.h"
#include "client/cli/value/dynamic.h"
#include "folio/pages.h"
#include "folio/v1/account.pb.h"
#include "folio/v1/fact.pb.h"

namespace folio::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr int kPageSize = 1'000;

struct ExportFlags {
  std::string filter;
  bool show_deleted = false;
};

// Columns that `import` takes back; custom fields have one each.
absl::StatusOr<std::vector<std::string>> ExportColumns(Context& context, const Resource& resource) {
  std::vector<std::string> columns = {"id"};
  const google::protobuf::Descriptor& type = *resource.type;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (field.name() != "name" && !IsOutputOnly(field) && !field.is_map()) columns.push_back(field.name());
  }
  const absl::StatusOr<ValueStyle> style = context.WorkspaceStyle(resource.collection);
  if (!style.ok()) return style.status();
  for (const auto& [id, custom_type] : style->custom_types) columns.push_back("custom_fields." + id);
  return columns;
}

// Columns of facts of one kind: those of its detail by their whole paths, so that none is taken for another's.
std::vector<std::string> FactColumns(const std::string& kind) {
  std::vector<std::string> columns;
  const google::protobuf::Descriptor& type = *v1::Fact::descriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (!IsOutputOnly(field) && field.containing_oneof() == nullptr) columns.push_back(field.name());
  }
  const google::protobuf::Descriptor& detail = *type.FindFieldByName(kind)->message_type();
  for (int i = 0; i < detail.field_count(); ++i) columns.push_back(kind + "." + detail.field(i)->name());
  return columns;
}

OutputStyle ExportStyle(const Context& context) {
  OutputStyle style = context.output();
  if (style.format == Format::kTable) style.format = Format::kCsv;
  return style;
}

absl::StatusOr<RecordWriter> NewExportWriter(Context& context, const Resource& resource) {
  const absl::StatusOr<std::vector<std::string>> columns = ExportColumns(context, resource);
  if (!columns.ok()) return columns.status();
  return NewRecordWriter(context.out, ExportStyle(context), *resource.type, *columns);
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

absl::StatusOr<int> WritePages(Context& context, const google::protobuf::MethodDescriptor& method,
                               const Message& request, RecordWriter writer) {
  const absl::StatusOr<const Client*> client = context.client();
  if (!client.ok()) return client.status();
  PageCursor cursor(**client, method, request);
  ExportProgress progress(context);
  while (const Message* row = cursor.Next()) {
    if (!context.out) break;
    writer.Write(*row);
    progress.Update(writer.count(), 0);
  }
  progress.Finish();
  if (!context.out) return kSuccess;
  if (!cursor.status().ok()) return cursor.status();
  writer.Finish();
  context.err << writer.count() << context.Say({" rows exported", " lignes exportées"}) << std::endl;
  return kSuccess;
}

absl::StatusOr<int> ExportPages(Context& context, const Resource& resource, const ExportFlags& flags) {
  absl::StatusOr<RecordWriter> writer = NewExportWriter(context, resource);
  if (!writer.ok()) return writer.status();
  const std::unique_ptr<Message> request = NewMessage(resource.list->input_type());
  SetNumber(request.get(), "page_size", kPageSize);
  SetText(request.get(), "filter", flags.filter);
  return WritePages(context, *resource.list, *request, *std::move(writer));
}

struct FactExportFlags {
  std::string kind;
  std::string account;
  std::string from;
  std::string to;
};

// The instant of --from or --to; a date alone is the beginning of that day where the workspace is.
absl::Status SetBound(const std::string& text, const ValueStyle& style, google::protobuf::Timestamp* time) {
  absl::StatusOr<google::protobuf::Timestamp> parsed = ParseTime(text, style.dates);
  if (!parsed.ok()) return parsed.status();
  *time = *std::move(parsed);
  return absl::OkStatus();
}

absl::StatusOr<int> ExportFacts(Context& context, const FactExportFlags& flags) {
  v1::ListFactsRequest request;
  request.set_account(FullName("accounts", flags.account.empty() ? "-" : flags.account));
  request.set_page_size(kPageSize);
  request.add_kinds(static_cast<v1::FactKind>(FindEnumValue(*v1::FactKind_descriptor(), flags.kind)->number()));
  const absl::StatusOr<ValueStyle> style = context.WorkspaceStyle("facts");
  if (!style.ok()) return style.status();
  absl::Status status;
  if (!flags.from.empty()) status = SetBound(flags.from, *style, request.mutable_start_time());
  if (status.ok() && !flags.to.empty()) status = SetBound(flags.to, *style, request.mutable_end_time());
  if (!status.ok()) return status;
  absl::StatusOr<RecordWriter> writer =
      NewRecordWriter(context.out, ExportStyle(context), *v1::Fact::descriptor(), FactColumns(flags.kind));
  if (!writer.ok()) return writer.status();
  return WritePages(context, *FindMethod("FactService.ListFacts"), request, *std::move(writer));
}

}  // namespace

void AddExportCommand(CLI::App& group, Context& context, const Resource& resource) {
  const bool streams = resource.type == v1::Account::descriptor();
  auto flags = std::make_shared<ExportFlags>();
  CLI::App* command =
      group.add_subcommand("export", "Writes all " + resource.noun + ", as CSV or with -o jsonl; import takes it back");
  context.rows[command] = resource.type;
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

void AddFactExportCommand(CLI::App& group, Context& context) {
  auto flags = std::make_shared<FactExportFlags>();
  CLI::App* command =
      group.add_subcommand("export", "Writes all facts of a kind, as CSV or with -o jsonl; import takes it back");
  context.rows[command] = v1::Fact::descriptor();
  command->add_option("kind", flags->kind, "Kind of the facts")->required()->check(CLI::IsMember(FactKinds()));
  command->add_option("--account", flags->account, "Only those of this account");
  command->add_option("--from", flags->from, "Only from this day or time on, YYYY-MM-DD");
  command->add_option("--to", flags->to, "Only before this day or time");
  command->callback([&context, flags] { context.action = [&context, flags] { return ExportFacts(context, *flags); }; });
}

}  // namespace folio::cli
