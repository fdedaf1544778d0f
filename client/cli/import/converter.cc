#include "client/cli/import/converter.h"

#include <algorithm>
#include <string_view>

#include "client/cli/output/records.h"
#include "client/cli/value/fault.h"
#include "client/cli/value/json.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"

namespace folio::cli {
namespace {

using google::protobuf::Message;

int IndexOf(const std::vector<std::string>& names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? -1 : static_cast<int>(found - names.begin());
}

absl::Status ColumnMissing(const std::string& column, const std::vector<std::string>& columns) {
  const std::string near = Nearest(column, columns);
  const std::string english = near.empty() ? "." : "; do you mean " + Quoted(near) + "?";
  const std::string french = near.empty() ? "." : " ; est-ce " + Quoted(near) + " ?";
  return BadValue("COLUMN_MISSING", "The file has no column " + Quoted(column) + english,
                  "Le fichier n'a pas de colonne " + Quoted(column) + french);
}

// The style of one rule: what the workspace says, then the mapping, then the rule.
absl::Status ApplyFormats(const Formats& formats, ValueStyle* style) {
  if (!formats.dates.empty()) style->dates.patterns = formats.dates;
  if (formats.time_zone) {
    const absl::StatusOr<const date::time_zone*> zone = FindZone(*formats.time_zone);
    if (!zone.ok()) return zone.status();
    style->dates.zone = *zone;
  }
  if (formats.decimal_mark != 0) style->decimal.mark = formats.decimal_mark;
  if (!formats.currency.empty()) style->currency = formats.currency;
  if (!formats.separator.empty()) style->separator = formats.separator;
  if (!formats.true_words.empty()) style->true_words = formats.true_words;
  if (!formats.false_words.empty()) style->false_words = formats.false_words;
  return absl::OkStatus();
}

bool HoldsDate(const FieldPath& path) {
  const google::protobuf::Descriptor* type = path.leaf().message_type();
  return type == google::type::Date::descriptor() || type == google::protobuf::Timestamp::descriptor();
}

// Several rules may add to a list or fill different keys of a map; anything else has one.
bool MayBeFedTwice(const FieldPath& path) { return path.leaf().is_repeated(); }

// Keys of objects within objects joined by a point; lists of plain values joined by commas.
void Flatten(const Json& value, const std::string& name, std::map<std::string, std::string>* cells) {
  if (value.is_object()) {
    for (const auto& [key, inner] : value.items()) Flatten(inner, name.empty() ? key : name + "." + key, cells);
  } else if (value.is_array()) {
    std::string list;
    for (const Json& element : value) {
      list += (list.empty() ? "" : ",") + (element.is_string() ? element.get<std::string>() : element.dump());
    }
    (*cells)[name] = list;
  } else if (!value.is_null()) {
    (*cells)[name] = value.is_string() ? value.get<std::string>() : value.dump();
  }
}

// The text that a rule makes of a row's cells; empty where a column that it names is empty.
template <typename Rule>
std::string TextOf(const Rule& rule, const std::vector<std::string>& cells) {
  std::string text;
  for (const auto& part : rule.parts) {
    if (part.column < 0) {
      text += part.text;
      continue;
    }
    std::string_view cell = Trim(cells[static_cast<size_t>(part.column)]);
    if (rule.style.formulas_quoted) cell = UnquoteFormula(cell);
    if (cell.empty()) return rule.fallback;
    text += cell;
  }
  if (const auto known = rule.values.find(text); known != rule.values.end()) return known->second;
  if (const auto other = rule.values.find("*"); other != rule.values.end()) return other->second;
  return text;
}

}  // namespace

absl::Status Converter::AddRule(const FieldRule& rule, const Formats& formats,
                                const std::vector<std::string>& columns) {
  absl::StatusOr<FieldPath> path = FindPath(*type_.message, rule.field, type_.detail);
  if (!path.ok()) return path.status();
  if (IsOutputOnly(*path->fields.front())) {
    return BadValue("FIELD_NOT_SETTABLE", "The field '" + path->text + "' is set by the server.",
                    "Le champ '" + path->text + "' est écrit par le serveur.");
  }
  BoundRule bound;
  bound.path = *std::move(path);
  const bool twice = std::any_of(rules_.begin(), rules_.end(),
                                 [&](const BoundRule& other) { return other.path.text == bound.path.text; });
  if (twice && !MayBeFedTwice(bound.path)) {
    return BadValue("FIELD_FED_TWICE", "Two rules feed the field '" + bound.path.text + "'.",
                    "Deux règles alimentent le champ '" + bound.path.text + "'.");
  }
  for (const TemplatePart& part : rule.parts) {
    const int column = part.is_column ? IndexOf(columns, part.text) : -1;
    if (part.is_column && column < 0) return ColumnMissing(part.text, columns);
    bound.parts.push_back({part.text, column});
  }
  if (!rule.currency_column.empty()) {
    bound.currency_column = IndexOf(columns, rule.currency_column);
    if (bound.currency_column < 0) return ColumnMissing(rule.currency_column, columns);
  }
  bound.values = rule.values;
  bound.fallback = rule.fallback;
  bound.style = base_;
  if (absl::Status status = ApplyFormats(formats, &bound.style); !status.ok()) return status;
  if (absl::Status status = ApplyFormats(rule.formats, &bound.style); !status.ok()) return status;
  if (rule.factor) bound.style.factor = *rule.factor;
  bound.is_date = HoldsDate(bound.path) && bound.style.dates.patterns.empty();
  rules_.push_back(std::move(bound));
  return absl::OkStatus();
}

absl::Status Converter::BindRules(const Mapping& mapping, const std::vector<std::string>& columns) {
  for (const FieldRule& rule : mapping.fields) {
    if (absl::Status status = AddRule(rule, mapping.formats, columns); !status.ok()) return status;
  }
  if (!mapping.automatic) return absl::OkStatus();
  std::vector<std::string> left;
  for (const std::string& column : columns) {
    const bool used = std::any_of(mapping.fields.begin(), mapping.fields.end(), [&](const FieldRule& rule) {
      return rule.currency_column == column ||
             std::any_of(rule.parts.begin(), rule.parts.end(),
                         [&](const TemplatePart& part) { return part.is_column && part.text == column; });
    });
    if (!used && !column.empty() && !mapping.ignored.contains(column) && !IsRejectColumn(column))
      left.push_back(column);
  }
  for (const FieldRule& rule : AutomaticRules(left, type_)) {
    const absl::StatusOr<FieldPath> path = FindPath(*type_.message, rule.field, type_.detail);
    if (path.ok() && IsOutputOnly(*path->fields.front())) {
      // A column of an export that only the server sets.
      ignored_.insert(rule.parts.front().text);
      ignored_.insert(rule.currency_column);
      continue;
    }
    if (absl::Status status = AddRule(rule, mapping.formats, columns); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Converter::CheckUnknown(const Mapping& mapping, const std::vector<std::string>& columns) const {
  if (ignore_unknown_ || mapping.ignored.contains("*")) return absl::OkStatus();
  std::string unknown;
  for (size_t i = 0; i < columns.size(); ++i) {
    const bool used = std::any_of(rules_.begin(), rules_.end(), [&](const BoundRule& rule) {
      return rule.currency_column == static_cast<int>(i) ||
             std::any_of(rule.parts.begin(), rule.parts.end(),
                         [&](const Part& part) { return part.column == static_cast<int>(i); });
    });
    const std::string& column = columns[i];
    if (used || column.empty() || ignored_.contains(column) || IsRejectColumn(column)) continue;
    unknown += (unknown.empty() ? "" : ", ") + Quoted(column);
  }
  if (unknown.empty()) return absl::OkStatus();
  return BadValue("COLUMN_UNKNOWN",
                  "These columns feed no field: " + unknown +
                      ". Map them, list them under ignore, or use "
                      "--ignore-unknown.",
                  "Ces colonnes n'alimentent aucun champ : " + unknown +
                      ". Associez-les, citez-les sous ignore, ou utilisez --ignore-unknown.");
}

absl::StatusOr<Converter> Converter::Bind(const Mapping& mapping, const std::vector<std::string>& columns,
                                          const RowType& type, const ValueStyle& base, bool ignore_unknown) {
  Converter converter(type, base);
  converter.ignore_unknown_ = ignore_unknown;
  converter.ignored_ = mapping.ignored;
  if (absl::Status status = converter.BindRules(mapping, columns); !status.ok()) return status;
  if (absl::Status status = converter.CheckUnknown(mapping, columns); !status.ok()) return status;
  return converter;
}

Converter Converter::ForJson(const RowType& type, const ValueStyle& base) {
  Converter converter(type, base);
  converter.direct_ = true;
  return converter;
}

absl::StatusOr<Converter> Converter::ForJson(const Mapping& mapping, const RowType& type, const ValueStyle& base,
                                             bool ignore_unknown) {
  // The keys that the rules name are the columns; others show up row by row.
  std::vector<std::string> keys;
  for (const FieldRule& rule : mapping.fields) {
    for (const TemplatePart& part : rule.parts) {
      if (part.is_column && IndexOf(keys, part.text) < 0) keys.push_back(part.text);
    }
    if (!rule.currency_column.empty() && IndexOf(keys, rule.currency_column) < 0) keys.push_back(rule.currency_column);
  }
  absl::StatusOr<Converter> converter = Bind(mapping, keys, type, base, ignore_unknown);
  if (!converter.ok()) return converter.status();
  converter->keys_ = std::move(keys);
  converter->ignore_unknown_ = ignore_unknown || mapping.ignored.contains("*");
  return converter;
}

const std::vector<std::string>* Converter::CellsOf(const SourceRow& row, std::vector<std::string>* storage,
                                                   std::vector<RowFault>* faults) const {
  if (keys_.empty()) return &row.cells;
  std::map<std::string, std::string> flat;
  Flatten(row.object, "", &flat);
  storage->assign(keys_.size(), "");
  for (auto& [key, value] : flat) {
    const int index = IndexOf(keys_, key);
    if (index >= 0) (*storage)[static_cast<size_t>(index)] = std::move(value);
    if (index >= 0 || ignore_unknown_ || ignored_.contains(key) || faults == nullptr) continue;
    faults->push_back(
        {key,
         {"COLUMN_UNKNOWN",
          {"The key " + Quoted(key) + " feeds no field.", "La clé " + Quoted(key) + " n'alimente aucun champ."}}});
  }
  return storage;
}

std::vector<RowFault> Converter::ConvertJson(const Json& object, Message* message) const {
  const absl::Status status = FromJson(object, base_, message);
  if (status.ok()) return {};
  return {{"", FaultOf(status)}};
}

void Converter::SetDetail(Message* message) const {
  if (type_.detail.empty()) return;
  // Touching the detail says of which kind the fact is, also where none of its fields is set.
  message->GetReflection()->MutableMessage(message, type_.message->FindFieldByName(type_.detail));
}

absl::Status Converter::SetField(const BoundRule& rule, const std::vector<std::string>& cells, Message* message) {
  const std::string text = TextOf(rule, cells);
  std::string_view currency;
  if (rule.currency_column >= 0) currency = Trim(cells[static_cast<size_t>(rule.currency_column)]);
  if (text.empty() || currency.empty()) return SetFromText(text, rule.path, rule.style, message);
  ValueStyle style = rule.style;
  style.currency = currency;
  return SetFromText(text, rule.path, style, message);
}

std::vector<RowFault> Converter::Convert(const SourceRow& row, Message* message) const {
  message->Clear();
  if (row.fault) return {{"", *row.fault}};
  SetDetail(message);
  if (direct_) return ConvertJson(row.object, message);
  std::vector<RowFault> faults;
  std::vector<std::string> storage;
  const std::vector<std::string>& cells = *CellsOf(row, &storage, &faults);
  for (const BoundRule& rule : rules_) {
    const absl::Status status = SetField(rule, cells, message);
    if (!status.ok()) faults.push_back({rule.path.text, FaultOf(status)});
  }
  return faults;
}

std::string Converter::IdentityOf(const SourceRow& row) const {
  if (row.fault) return "";
  const bool facts = type_.collection == "facts";
  if (direct_) {
    const auto text = [&](const char* key) {
      const auto found = row.object.find(key);
      return found == row.object.end() || !found->is_string() ? std::string() : found->get<std::string>();
    };
    if (facts) return text("source_id").empty() ? "" : text("source") + '\n' + text("source_id");
    const std::string name = text("name");
    return name.empty() ? text("id") : name.substr(name.find('/') + 1);
  }
  std::vector<std::string> storage;
  const std::vector<std::string>& cells = *CellsOf(row, &storage, nullptr);
  std::string source;
  std::string id;
  for (const BoundRule& rule : rules_) {
    if (facts && rule.path.text == "source") source = TextOf(rule, cells);
    if (rule.path.text == (facts ? "source_id" : "name")) id = TextOf(rule, cells);
  }
  if (id.empty()) return "";
  return facts ? source + '\n' + id : id.substr(id.find('/') + 1);
}

DayOrder Converter::OrderEvidence(const SourceRow& row) const {
  if (row.fault || direct_) return DayOrder::kUnknown;
  std::vector<std::string> storage;
  const std::vector<std::string>& cells = *CellsOf(row, &storage, nullptr);
  for (const BoundRule& rule : rules_) {
    if (!rule.is_date) continue;
    const DayOrder order = cli::OrderEvidence(TextOf(rule, cells));
    if (order != DayOrder::kUnknown) return order;
  }
  return DayOrder::kUnknown;
}

void Converter::SetDayOrder(DayOrder order) {
  for (BoundRule& rule : rules_) rule.style.dates.order = order;
}

}  // namespace folio::cli
