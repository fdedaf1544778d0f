// Values of fields as the text of one cell.
#pragma once

#include <string>

#include "client/cli/app/language.h"
#include "client/cli/value/field_path.h"
#include "folio/v1/health.pb.h"
#include "google/protobuf/message.h"

namespace folio::cli {

// For people (thousands grouped, "+4.2 %") or for programs (plain numbers, as `import` reads them).
struct CellStyle {
  Language language = Language::kEnglish;
  bool human = true;
};

// Empty for a field that is not set; "–" for people where a figure has no value.
std::string CellText(const google::protobuf::Message& root, const FieldPath& path, const CellStyle& style);

// True for columns whose cells stand at the right.
bool IsNumeric(const FieldPath& path);

// "red" or "rouge"; empty where there is no score.
std::string BandText(v1::HealthBand band, Language language);

// "121,915,296.00" or "121 915 296,00" from "121915296.00".
std::string Grouped(const std::string& decimal, Language language);

// "+4.2 %" from 0.042, with a sign where asked for.
std::string Percent(double ratio, Language language, bool sign);

}  // namespace folio::cli
