// The columnar tables of a workspace: one for each listed kind, kept in step with its records.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>

#include "server/engine/projection.h"
#include "server/engine/resources.h"
#include "server/engine/table.h"

namespace folio::engine {

class ResourceTables final : public Projection {
 public:
  ResourceTables();

  // nullptr where the kind is not listed. The tables live as long as this.
  Table* table(storage::Kind kind);
  const Table* table(storage::Kind kind) const;

  // The column that hides deleted rows; -1 where the kind's rows are deleted for good.
  model::ColumnIndex deleted_column(storage::Kind kind) const;

  void Load(storage::Kind kind, const storage::RecordView& record, const google::protobuf::Message& message) override;
  void Apply(std::span<const Change> changes) override;
  void Publish(storage::Revision revision) override;

 private:
  struct Listed {
    const ResourceType* type = nullptr;
    std::unique_ptr<Table> table;
    model::ColumnIndex deleted = -1;
    const google::protobuf::FieldDescriptor* delete_time = nullptr;  // where there is such a column
    std::map<std::string, model::ColumnIndex> custom;                // column of a custom field, by its id
  };

  void ApplyOne(const Change& change);
  void SetRow(Listed& listed, storage::Key key, const google::protobuf::Message& message);
  void SetCustomFields(Listed& listed, storage::Key key, const google::protobuf::Message& message);
  void AddCustomColumn(const google::protobuf::Message& definition, const std::string& id);

  std::map<storage::Kind, Listed> listed_;
};

}  // namespace folio::engine
