#include "client/cli/import/source.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "client/cli/import/detect.h"
#include "client/cli/import/mapping.h"
#include "client/cli/value/fault.h"
#include "fmt/format.h"
#include "xxhash.h"

namespace folio::cli {
namespace {

namespace fs = std::filesystem;

constexpr char kJsonLinesEnding[] = ".jsonl";

absl::StatusOr<std::string> ReadText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return BadValue("FILE_UNREADABLE", "Cannot read " + path + ".", "Impossible de lire " + path + ".");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

absl::StatusOr<Mapping> LoadMapping(const ImportFlags& flags, const RowType& type, std::string* text) {
  if (flags.map.empty()) {
    Mapping automatic;
    automatic.automatic = true;
    return automatic;
  }
  absl::StatusOr<std::string> content = ReadText(flags.map);
  if (!content.ok()) return content.status();
  *text = *std::move(content);
  absl::StatusOr<Mapping> mapping = ParseMapping(*text, flags.map);
  if (mapping.ok() && !mapping->rows.empty() && mapping->rows != type.name()) {
    return WrongUsage(
        flags.map + " is for rows of " + Quoted(mapping->rows) + ", not of " + Quoted(type.name()) + ".",
        flags.map + " est pour des lignes de " + Quoted(mapping->rows) + ", et non de " + Quoted(type.name()) + ".");
  }
  return mapping;
}

absl::StatusOr<char> DelimiterFor(const ImportFlags& flags, const Mapping& mapping, const std::string& path,
                                  const std::string& encoding) {
  if (flags.delimiter == "tab" || flags.delimiter == "\\t") return '\t';
  if (!flags.delimiter.empty()) return flags.delimiter[0];
  if (mapping.delimiter != 0) return mapping.delimiter;
  const absl::StatusOr<std::string> head = ReadHead(path, encoding);
  if (!head.ok()) return head.status();
  return DetectDelimiter(*head);
}

absl::StatusOr<Converter> NewConverter(const ImportFlags& flags, const Mapping& mapping, const ImportSource& source,
                                       const ValueStyle& style) {
  if (!source.dialect.json_lines) {
    return Converter::Bind(mapping, source.columns, source.type, style, flags.ignore_unknown);
  }
  if (flags.map.empty()) return Converter::ForJson(source.type, style);
  return Converter::ForJson(mapping, source.type, style, flags.ignore_unknown);
}

// The same file, read the same way for the same purpose into the same server: the same import.
std::string ImportIdOf(const ImportFlags& flags, const std::string& content_hash, const std::string& mapping,
                       const std::string& server) {
  const std::string all = content_hash + '\n' + mapping + '\n' + server + '\n' + flags.collection + '\n' +
                          flags.detail + '\n' + flags.on_conflict + '\n' + flags.on_deleted + '\n' + flags.match_on +
                          '\n' + flags.encoding + '\n' + flags.delimiter + '\n' + (flags.ignore_unknown ? "1" : "0") +
                          (flags.formulas_quoted ? "1" : "0");
  const XXH128_hash_t hash = XXH3_128bits(all.data(), all.size());
  return fmt::format("cli-{:016x}{:016x}", hash.high64, hash.low64);
}

std::string DelimiterName(char delimiter, const Context& context) {
  if (delimiter == '\t') return context.Say({"tabs", "tabulations"});
  return fmt::format("'{}'", delimiter);
}

void TellWhatWasFound(Context& context, const ImportFlags& flags, const ImportSource& source, const ValueStyle& style) {
  const Dialect& dialect = source.dialect;
  context.err << flags.file << ": " << source.survey.rows << context.Say({" rows", " lignes"});
  if (dialect.json_lines) {
    context.err << ", JSON lines";
  } else {
    context.err << ", CSV " << context.Say({"divided by ", "séparé par "}) << DelimiterName(dialect.delimiter, context);
  }
  context.err << ", " << dialect.encoding;
  if (style.decimal.fallback == ',') context.err << context.Say({", decimal comma", ", virgule décimale"});
  if (source.survey.day_order == DayOrder::kDayFirst) context.err << context.Say({", day first", ", jour d'abord"});
  if (source.survey.day_order == DayOrder::kMonthFirst) context.err << context.Say({", month first", ", mois d'abord"});
  context.err << std::endl;
}

}  // namespace

Spool::~Spool() {
  std::error_code ignored;
  if (!copy_.empty()) fs::remove(copy_, ignored);
}

absl::StatusOr<std::string> Spool::Take(const std::string& path) {
  if (path != "-") return path;
  copy_ = (fs::temp_directory_path() / "folio-import-XXXXXX").string();
  const int descriptor = mkstemp(copy_.data());
  if (descriptor < 0) {
    copy_.clear();
    return BadValue("FILE_UNWRITABLE", "Cannot make a temporary file.", "Impossible de créer un fichier temporaire.");
  }
  close(descriptor);
  std::ofstream copy(copy_, std::ios::binary);
  if (std::cin.peek() != std::istream::traits_type::eof()) copy << std::cin.rdbuf();
  copy.close();
  if (!copy) return BadValue("FILE_UNWRITABLE", "Cannot write " + copy_ + ".", "Impossible d'écrire " + copy_ + ".");
  return copy_;
}

absl::StatusOr<ImportSource> PrepareSource(Context& context, const ImportFlags& flags, const std::string& path) {
  ImportSource source;
  source.path = path;
  absl::StatusOr<RowType> type = FindRowType(flags.collection, flags.detail);
  if (!type.ok()) return type.status();
  source.type = *std::move(type);
  std::string mapping_text;
  const absl::StatusOr<Mapping> mapping = LoadMapping(flags, source.type, &mapping_text);
  if (!mapping.ok()) return mapping.status();

  const absl::StatusOr<FileFacts> facts = ExamineFile(path);
  if (!facts.ok()) return facts.status();
  source.dialect.json_lines = flags.file.ends_with(kJsonLinesEnding);
  source.dialect.encoding = !flags.encoding.empty()      ? flags.encoding
                            : !mapping->encoding.empty() ? mapping->encoding
                                                         : facts->encoding;
  if (!source.dialect.json_lines) {
    const absl::StatusOr<char> delimiter = DelimiterFor(flags, *mapping, path, source.dialect.encoding);
    if (!delimiter.ok()) return delimiter.status();
    source.dialect.delimiter = *delimiter;
  }
  absl::StatusOr<std::unique_ptr<RowReader>> reader = OpenRows(path, source.dialect);
  if (!reader.ok()) return reader.status();
  source.columns = (*reader)->columns();

  absl::StatusOr<ValueStyle> style = context.WorkspaceStyle(source.type.collection);
  if (!style.ok()) return style.status();
  // Who divides cells by semicolons does so because the comma is the decimal mark.
  if (!source.dialect.json_lines && source.dialect.delimiter == ';') style->decimal.fallback = ',';
  style->formulas_quoted = flags.formulas_quoted && !source.dialect.json_lines;
  absl::StatusOr<Converter> converter = NewConverter(flags, *mapping, source, *style);
  if (!converter.ok()) return converter.status();
  source.converter = std::make_unique<Converter>(*std::move(converter));

  absl::StatusOr<Survey> survey = SurveyRows(**reader, *source.converter, source.type.collection == "facts");
  if (!survey.ok()) return survey.status();
  source.survey = *std::move(survey);
  source.converter->SetDayOrder(source.survey.day_order);
  source.import_id = ImportIdOf(flags, facts->hash, mapping_text, (*context.client())->options().server);
  TellWhatWasFound(context, flags, source, *style);
  return source;
}

}  // namespace folio::cli
