#include "client/cli/output/figure_lines.h"

#include "client/cli/output/cell.h"

namespace folio::cli {

FigureLines::FigureLines(std::ostream& out, const OutputStyle& style) : out_(out), style_(style.csv) {
  WriteCsvHead(out, style, {"section", "item", "figure", "value"});
}

void FigureLines::Add(const std::string& section, const std::string& item, const google::protobuf::Message& row,
                      const std::set<std::string>& meaningless) {
  const CellStyle style = {.human = false, .with_currency = false, .decimal_mark = style_.decimal_mark};
  const google::protobuf::Descriptor& type = *row.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const google::protobuf::FieldDescriptor& field = *type.field(i);
    if (field.is_repeated() || IsOfParts(field) || meaningless.contains(field.name())) continue;
    const FieldPath path{.fields = {&field}, .text = field.name()};
    const std::string value = CellText(row, path, style);
    if (value.empty()) continue;
    WriteCsvRow(out_, style_, {section, item, field.name(), value});
    if (HasCurrency(path))
      WriteCsvRow(out_, style_, {section, item, field.name() + "_currency", CurrencyText(row, path)});
  }
}

}  // namespace folio::cli
