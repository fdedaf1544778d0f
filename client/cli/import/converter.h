// Turns rows of a file into messages of the contract, by the rules of a mapping.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/cli/import/mapping.h"
#include "client/cli/import/row_reader.h"
#include "client/cli/import/rows.h"
#include "client/cli/value/set_value.h"
#include "google/protobuf/message.h"

namespace folio::cli {

// What is wrong with one field of a row.
struct RowFault {
  std::string field;
  Fault fault;
};

class Converter {
 public:
  // Binds the rules to a file's columns. `base` is how values are written where the mapping does not say. Faults:
  // COLUMN_MISSING (a rule names a column that the file lacks), COLUMN_UNKNOWN (a column feeds nothing, unless it is
  // ignored or `ignore_unknown`), FIELD_UNKNOWN, FIELD_NOT_SETTABLE, FIELD_FED_TWICE, TIME_ZONE_UNKNOWN.
  static absl::StatusOr<Converter> Bind(const Mapping& mapping, const std::vector<std::string>& columns,
                                        const RowType& type, const ValueStyle& base, bool ignore_unknown);

  // For JSON lines without a mapping: objects as `-o jsonl` writes them.
  static Converter ForJson(const RowType& type, const ValueStyle& base);

  // For JSON lines with a mapping: columns are keys, those of objects within objects joined by a point.
  static absl::StatusOr<Converter> ForJson(const Mapping& mapping, const RowType& type, const ValueStyle& base,
                                           bool ignore_unknown);

  // Fills `message` (cleared before) from a row that has no fault. Returns every fault of the row; none means success.
  std::vector<RowFault> Convert(const SourceRow& row, google::protobuf::Message* message) const;

  // What makes rows the same: the resource's id, or source and source id of a fact. Empty where the row has none.
  std::string IdentityOf(const SourceRow& row) const;

  // The order of day and month, as far as the values of the row's dates tell. Only for dates without a pattern.
  DayOrder OrderEvidence(const SourceRow& row) const;
  void SetDayOrder(DayOrder order);

 private:
  struct Part {
    std::string text;  // literal, or name of the column
    int column = -1;   // index of the column; -1 for a literal
  };
  struct BoundRule {
    FieldPath path;
    std::vector<Part> parts;
    std::map<std::string, std::string> values;
    std::string fallback;
    int currency_column = -1;  // -1: there is none
    ValueStyle style;
    bool is_date = false;  // a date or a time without a pattern
  };

  Converter(RowType type, ValueStyle base) : type_(std::move(type)), base_(std::move(base)) {}

  absl::Status AddRule(const FieldRule& rule, const Formats& formats, const std::vector<std::string>& columns);
  absl::Status CheckUnknown(const Mapping& mapping, const std::vector<std::string>& columns) const;
  absl::Status BindRules(const Mapping& mapping, const std::vector<std::string>& columns);
  std::vector<RowFault> ConvertJson(const Json& object, google::protobuf::Message* message) const;
  const std::vector<std::string>* CellsOf(const SourceRow& row, std::vector<std::string>* storage,
                                          std::vector<RowFault>* faults) const;
  void SetDetail(google::protobuf::Message* message) const;
  static absl::Status SetField(const BoundRule& rule, const std::vector<std::string>& cells,
                               google::protobuf::Message* message);

  RowType type_;
  ValueStyle base_;
  bool direct_ = false;            // JSON objects are the messages themselves
  std::vector<std::string> keys_;  // of JSON lines with a mapping
  bool ignore_unknown_ = false;
  std::set<std::string> ignored_;
  std::vector<BoundRule> rules_;
};

}  // namespace folio::cli
