#include "client/cli/commands/list_rows.h"

#include <algorithm>

#include "client/cli/output/records.h"
#include "folio/pages.h"

namespace folio::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

void SetPageSize(const ListLimit& limit, Message* request) {
  const FieldDescriptor* field = request->GetDescriptor()->FindFieldByName("page_size");
  // One more than is shown tells whether there are more.
  const int64_t wanted = limit.all ? kPageSizeMax : std::min<int64_t>(limit.rows + 1, kPageSizeMax);
  const int size = limit.page_size > 0 ? limit.page_size : static_cast<int>(wanted);
  request->GetReflection()->SetInt32(request, field, size);
}

// 0 where the page does not tell.
int64_t TotalOf(const Message& page) {
  const FieldDescriptor* field = page.GetDescriptor()->FindFieldByName("total_size");
  return field == nullptr ? 0 : page.GetReflection()->GetInt64(page, field);
}

void SayMore(Context& context, int64_t shown, int64_t total) {
  if (total > 0) {
    context.err << shown << context.Say({" of ", " sur "}) << total;
  } else {
    context.err << context.Say({"More rows follow", "D'autres lignes suivent"});
  }
  context.err << context.Say({"; --all lists every one, --limit N so many.",
                              " ; --all les donne toutes, --limit N en donne N."})
              << '\n';
}

}  // namespace

void AddListLimit(CLI::App& command, ListLimit& limit) {
  command.add_option("--limit", limit.rows, "Most rows to list")->check(CLI::PositiveNumber)->capture_default_str();
  command.add_flag("--all", limit.all, "List every row");
}

absl::StatusOr<int> ListRows(Context& context, const google::protobuf::MethodDescriptor& method, Message& request,
                             const ColumnsFor& columns_for, const ListLimit& limit) {
  const absl::StatusOr<const Client*> client = context.client();
  if (!client.ok()) return client.status();
  SetPageSize(limit, &request);
  PageCursor cursor(**client, method, request);
  const Message* row = cursor.Next();
  if (!cursor.status().ok()) return cursor.status();
  absl::StatusOr<RecordWriter> writer =
      NewRecordWriter(context.out, context.output(), *cursor.row_type(), columns_for(cursor.page()));
  if (!writer.ok()) return writer.status();
  for (; row != nullptr && context.out && (limit.all || writer->count() < limit.rows); row = cursor.Next()) {
    writer->Write(*row);
  }
  if (!cursor.status().ok()) return cursor.status();
  writer->Finish();
  if (row != nullptr && context.out) SayMore(context, writer->count(), TotalOf(cursor.page()));
  return kSuccess;
}

absl::StatusOr<int> ListRows(Context& context, std::string_view method, Message& request,
                             const std::vector<std::string>& columns, const ListLimit& limit) {
  return ListRows(
      context, *FindMethod(method), request, [&columns](const Message&) { return columns; }, limit);
}

}  // namespace folio::cli
