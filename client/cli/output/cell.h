// Values of fields as the text of one cell.
#pragma once

#include <string>
#include <string_view>

#include "client/cli/app/language.h"
#include "client/cli/value/field_path.h"
#include "folio/v1/health.pb.h"
#include "google/protobuf/message.h"

namespace folio::cli {

// For people (thousands grouped, "+4.2 %") or for programs (plain numbers, as `import` reads them).
struct CellStyle {
  Language language = Language::kEnglish;
  bool human = true;
  // For programs alone, and not within lists:
  bool with_currency = true;  // "12.00 EUR", or "12.00" beside CurrencyText
  char decimal_mark = '.';
};

// Empty for a field that is not set; "–" for people where a figure has no value.
std::string CellText(const google::protobuf::Message& root, const FieldPath& path, const CellStyle& style);

// True for a column of amounts, which has one of currencies beside it where a spreadsheet is to add them up. The
// amounts of custom fields have none: they are in the workspace's currency.
bool HasCurrency(const FieldPath& path);
// The currency of such a cell: "EUR"; empty where there is no amount.
std::string CurrencyText(const google::protobuf::Message& root, const FieldPath& path);

// True for one message whose parts have no text in common: neither an amount, a day, a figure nor a list.
bool IsOfParts(const google::protobuf::FieldDescriptor& field);

// True for columns whose cells stand at the right.
bool IsNumeric(const FieldPath& path);

// "red" or "rouge"; empty where there is no score.
std::string BandText(v1::HealthBand band, Language language);

// A value of a facet by which rows are grouped, for people: a band in their language, "–" for none.
std::string GroupText(std::string_view facet, const std::string& value, Language language);

// "121,915,296.00" or "121 915 296,00" from "121915296.00".
std::string Grouped(const std::string& decimal, Language language);

// "+4.2 %" from 0.042, with a sign where asked for.
std::string Percent(double ratio, Language language, bool sign);

}  // namespace folio::cli
