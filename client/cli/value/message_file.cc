#include "client/cli/value/message_file.h"

#include "absl/status/statusor.h"
#include "client/cli/value/fault.h"
#include "client/cli/value/json.h"
#include "fmt/format.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/text_format.h"

namespace folio::cli {
namespace {

// Keeps the first error; what follows from it would only confuse.
class FirstError final : public google::protobuf::io::ErrorCollector {
 public:
  // Both are counted from 0; line -1 stands for the whole text.
  void AddError(int line, google::protobuf::io::ColumnNumber column, const std::string& text) override {
    if (!text_.empty()) return;
    line_ = line;
    column_ = column;
    text_ = text;
  }

  Words Told() const {
    if (line_ < 0) return {text_, text_};
    return {fmt::format("line {}, column {}: {}", line_ + 1, column_ + 1, text_),
            fmt::format("ligne {}, colonne {} : {}", line_ + 1, column_ + 1, text_)};
  }

 private:
  int line_ = -1;
  int column_ = -1;
  std::string text_;
};

}  // namespace

absl::Status ReadMessage(const std::string& path, const ValueStyle& style, google::protobuf::Message* message) {
  const absl::StatusOr<std::string> text = ReadText(path);
  if (!text.ok()) return text.status();
  const size_t first = text->find_first_not_of(" \t\r\n");
  if (first != std::string::npos && (*text)[first] == '{') {
    const absl::StatusOr<Json> json = ParseJson(*text, path);
    return json.ok() ? FromJson(*json, style, message) : json.status();
  }
  FirstError error;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&error);
  if (parser.ParseFromString(*text, message)) return absl::OkStatus();
  const std::string type = message->GetDescriptor()->full_name();
  const Words told = error.Told();
  return WrongUsage("What " + path + " holds is neither JSON nor the text of a " + type + ": " + told.english,
                    "Le contenu de " + path + " n'est ni du JSON ni le texte d'un " + type + " : " + told.french);
}

}  // namespace folio::cli
