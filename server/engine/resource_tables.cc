#include "server/engine/resource_tables.h"

#include <array>
#include <utility>

#include "folio/v1/common.pb.h"
#include "folio/v1/custom_field.pb.h"
#include "server/base/date.h"
#include "server/base/money.h"

namespace folio::engine {

namespace {

constexpr std::array kListedKinds = {kAccount,         kContact,        kSubscription, kTask,         kCustomField,
                                     kHealthOverride,  kLead,           kDeal,         kExchangeRate, kBusinessCalendar,
                                     kCustomIndicator, kIndicatorTarget};

model::ColumnType TypeOfCustom(v1::CustomFieldType type) {
  switch (type) {
    case v1::CUSTOM_FIELD_TYPE_NUMBER:
      return model::ColumnType::kReal;
    case v1::CUSTOM_FIELD_TYPE_MONEY:
      return model::ColumnType::kMoney;
    case v1::CUSTOM_FIELD_TYPE_DATE:
      return model::ColumnType::kDate;
    case v1::CUSTOM_FIELD_TYPE_CHOICE:
      return model::ColumnType::kSymbol;
    case v1::CUSTOM_FIELD_TYPE_FLAG:
      return model::ColumnType::kBool;
    case v1::CUSTOM_FIELD_TYPE_CHOICES:
      return model::ColumnType::kSymbolSet;
    default:
      return model::ColumnType::kText;
  }
}

model::Cell CellOf(const v1::CustomValue& value) {
  switch (value.kind_case()) {
    case v1::CustomValue::kText:
      return value.text();
    case v1::CustomValue::kNumber:
      return value.number();
    case v1::CustomValue::kMoney:
      return FromProto(value.money()).value_or(0);
    case v1::CustomValue::kDate:
      return int64_t{FromProto(value.date()).value_or(kNoDay)};
    case v1::CustomValue::kChoice:
      return value.choice();
    case v1::CustomValue::kFlag:
      return int64_t{value.flag()};
    case v1::CustomValue::kChoices:
      return std::vector<std::string>(value.choices().values().begin(), value.choices().values().end());
    case v1::CustomValue::KIND_NOT_SET:
      break;
  }
  return std::monostate();
}

}  // namespace

ResourceTables::ResourceTables() {
  for (const storage::Kind kind : kListedKinds) {
    const ResourceType* type = FindResource(kind);
    Listed listed{.type = type, .table = std::make_unique<Table>(type->schema.columns())};
    if (type->schema.soft_delete()) {
      listed.deleted = listed.table->AddColumn({.name = "deleted", .type = model::ColumnType::kBool});
      listed.delete_time = type->schema.descriptor()->FindFieldByName("delete_time");
    }
    listed_.emplace(kind, std::move(listed));
  }
}

Table* ResourceTables::table(storage::Kind kind) {
  const auto found = listed_.find(kind);
  return found == listed_.end() ? nullptr : found->second.table.get();
}

const Table* ResourceTables::table(storage::Kind kind) const { return const_cast<ResourceTables*>(this)->table(kind); }

model::ColumnIndex ResourceTables::deleted_column(storage::Kind kind) const { return listed_.at(kind).deleted; }

void ResourceTables::Load(storage::Kind kind, const storage::RecordView& record,
                          const google::protobuf::Message& message) {
  const auto found = listed_.find(kind);
  if (found == listed_.end()) return;
  found->second.table->Insert(record.key);
  SetRow(found->second, record.key, message);
  if (kind == kCustomField) AddCustomColumn(message, std::string(record.id));
}

void ResourceTables::Apply(std::span<const Change> changes) {
  for (const Change& change : changes) ApplyOne(change);
}

void ResourceTables::ApplyOne(const Change& change) {
  const auto found = listed_.find(change.kind);
  if (found == listed_.end() || change.key == 0) return;
  if (change.message == nullptr) {
    found->second.table->Remove(change.key);
    return;
  }
  if (change.type == log::CHANGE_KIND_CREATED) found->second.table->Insert(change.key);
  SetRow(found->second, change.key, *change.message);
  if (change.kind == kCustomField) AddCustomColumn(*change.message, change.id);
}

void ResourceTables::Publish(storage::Revision revision) {
  for (auto& [kind, listed] : listed_) listed.table->Publish(revision);
}

void ResourceTables::SetRow(Listed& listed, storage::Key key, const google::protobuf::Message& message) {
  Table& table = *listed.table;
  const auto& reflection = *message.GetReflection();
  std::string scratch;
  for (const auto& [field, column] : listed.type->schema.field_columns()) {
    const model::ColumnType type = table.columns().at(column).type;
    if (type == model::ColumnType::kText || type == model::ColumnType::kSymbol) {
      table.SetText(key, column, reflection.GetStringReference(message, field, &scratch));
    } else {
      table.Set(key, column, model::ReadCell(message, *field, type));
    }
  }
  if (listed.deleted >= 0) {
    if (reflection.HasField(message, listed.delete_time)) {
      table.SetInt(key, listed.deleted, 1);
    } else {
      table.SetMissing(key, listed.deleted);
    }
  }
  if (!listed.custom.empty()) SetCustomFields(listed, key, message);
}

void ResourceTables::SetCustomFields(Listed& listed, storage::Key key, const google::protobuf::Message& message) {
  std::map<std::string, model::Cell> present;
  const auto* reflection = message.GetReflection();
  const auto* field = listed.type->schema.custom_fields();
  for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
    // A map field's entries are messages with the key as field 1 and the value as field 2.
    const auto& entry = reflection->GetRepeatedMessage(message, field, i);
    const auto* entry_type = entry.GetDescriptor();
    const auto& value = entry.GetReflection()->GetMessage(entry, entry_type->FindFieldByNumber(2));
    present[entry.GetReflection()->GetString(entry, entry_type->FindFieldByNumber(1))] =
        CellOf(static_cast<const v1::CustomValue&>(value));
  }
  for (const auto& [id, column] : listed.custom) {
    const auto found = present.find(id);
    listed.table->Set(key, column, found == present.end() ? model::Cell() : found->second);
  }
}

void ResourceTables::AddCustomColumn(const google::protobuf::Message& definition, const std::string& id) {
  const auto& field = static_cast<const v1::CustomField&>(definition);
  const ResourceType* type = FindResource(field.collection());
  if (type == nullptr || !listed_.contains(type->kind)) return;
  Listed& listed = listed_.at(type->kind);
  if (listed.custom.contains(id)) return;
  const model::ColumnType column_type = TypeOfCustom(field.type());
  const bool facet = column_type == model::ColumnType::kSymbol || column_type == model::ColumnType::kSymbolSet ||
                     column_type == model::ColumnType::kBool;
  listed.custom[id] = listed.table->AddColumn({.name = "custom." + id, .type = column_type, .facet = facet});
}

}  // namespace folio::engine
