#include "server/engine/list_page.h"

#include <utility>

#include "server/base/limits.h"
#include "server/engine/collection.h"
#include "server/engine/request.h"
#include "server/model/page_token.h"

namespace folio::engine {

using google::protobuf::Message;

namespace {

// The one repeated field of a list response that holds the resources.
const google::protobuf::FieldDescriptor* RowsField(const Message& response, const google::protobuf::Descriptor* row) {
  const auto* descriptor = response.GetDescriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    if (descriptor->field(i)->is_repeated() && descriptor->field(i)->message_type() == row) return descriptor->field(i);
  }
  return nullptr;
}

// Adds the rows that fit into a page, and says which was the last; `more` where some did not.
absl::StatusOr<RowKey> AddRows(const ListSource& source, const std::vector<RowKey>& keys, Message* response,
                               bool* more) {
  const auto* rows = RowsField(*response, source.type.schema.descriptor());
  int64_t bytes = 0;
  RowKey last = 0;
  for (const RowKey key : keys) {
    const auto data = source.read(key);
    if (!data.ok()) return data.status();
    if (!data->has_value()) continue;  // removed since the snapshot
    bytes += static_cast<int64_t>((*data)->size());
    if (bytes > limits::kPageBytesMax && last != 0) {
      *more = true;
      break;
    }
    response->GetReflection()->AddMessage(response, rows)->ParseFromString(**data);
    last = key;
  }
  return last;
}

}  // namespace

absl::Status ListPage(const ListSource& source, const Message& request, Message* response) {
  const Fields fields(request);
  const Snapshot& snapshot = source.snapshot;
  const auto page_size = PageSize(fields.Int32("page_size"));
  if (!page_size.ok()) return page_size.status();
  auto filter = model::ParseFilter(fields.Text("filter"), snapshot.columns());
  if (!filter.ok()) return filter.status();
  const auto order = model::ParseOrder(fields.Text("order_by"), snapshot.columns());
  if (!order.ok()) return order.status();
  const bool show_deleted = fields.Flag("show_deleted");
  if (source.deleted >= 0 && !show_deleted) *filter = LiveOnly(std::move(*filter), source.deleted);

  const uint64_t binding = model::BindingOf(
      {source.type.schema.collection(), fields.Text("filter"), fields.Text("order_by"), show_deleted ? "deleted" : ""});
  model::PagePosition after;
  const std::string token = fields.Text("page_token");
  if (!token.empty()) {
    auto decoded = model::DecodePageToken(token, binding);
    if (!decoded.ok()) return decoded.status();
    after = std::move(*decoded);
  }
  const QueryResult result = snapshot.Run({.filter = &*filter,
                                           .order = *order,
                                           .after = token.empty() ? nullptr : &after,
                                           .limit = *page_size,
                                           .with_total = fields.Flag("with_total_size")});
  bool more = result.more;
  const auto last = AddRows(source, result.keys, response, &more);
  if (!last.ok()) return last.status();
  if (more && *last != 0) {
    SetText(response, "next_page_token", model::EncodePageToken(snapshot.PositionOf(*last, *order), binding));
  }
  SetInt64(response, "total_size", result.total);
  SetInt64(response, "revision", snapshot.revision());
  return absl::OkStatus();
}

absl::Status ListFew(const ResourceType& type, const std::vector<std::shared_ptr<Message>>& rows,
                     storage::Revision revision, const Message& request, Message* response) {
  Table table(type.schema.columns());
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto key = static_cast<RowKey>(i + 1);
    table.Insert(key);
    for (const auto& [field, column] : type.schema.field_columns()) {
      table.Set(key, column, model::ReadCell(*rows[i], *field, type.schema.columns().at(column).type));
    }
  }
  table.Publish(revision);
  const auto snapshot = table.snapshot();
  const auto read = [&rows](RowKey key) -> absl::StatusOr<std::optional<std::string>> {
    return rows[static_cast<size_t>(key - 1)]->SerializeAsString();
  };
  return ListPage({.type = type, .snapshot = *snapshot, .read = read}, request, response);
}

}  // namespace folio::engine
