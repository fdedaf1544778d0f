// Columns of each type, for tests of filters and orders.
#pragma once

#include "server/model/column.h"

namespace folio::model {

inline ColumnSet TestColumns() {
  ColumnSet columns;
  columns.Add({"display_name", ColumnType::kText, false, {}, ""});
  columns.Add({"sector", ColumnType::kSymbol, true, {}, ""});
  columns.Add({"tag", ColumnType::kSymbolSet, true, {}, ""});
  columns.Add({"size", ColumnType::kEnum, true, {"", "micro", "small", "in_between"}, "account_size_"});
  columns.Add({"seats", ColumnType::kInt, false, {}, ""});
  columns.Add({"growth", ColumnType::kReal, false, {}, ""});
  columns.Add({"arr", ColumnType::kMoney, false, {}, ""});
  columns.Add({"auto_renew", ColumnType::kBool, false, {}, ""});
  columns.Add({"renewal", ColumnType::kDate, false, {}, ""});
  columns.Add({"create_time", ColumnType::kTime, false, {}, ""});
  columns.Add({"custom.contract-type.v2", ColumnType::kSymbol, true, {}, ""});
  return columns;
}

}  // namespace folio::model
