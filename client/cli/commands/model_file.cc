#include "client/cli/commands/model_file.h"

#include "absl/status/statusor.h"
#include "client/cli/value/fault.h"
#include "client/cli/value/json.h"
#include "google/protobuf/text_format.h"

namespace folio::cli {

absl::Status ReadModel(const std::string& path, v1::HealthModel* model) {
  const absl::StatusOr<std::string> text = ReadText(path);
  if (!text.ok()) return text.status();
  const size_t first = text->find_first_not_of(" \t\r\n");
  if (first != std::string::npos && (*text)[first] == '{') {
    const Json json = Json::parse(*text, nullptr, false);
    if (json.is_discarded()) {
      return WrongUsage("What " + path + " holds is not JSON.", "Le contenu de " + path + " n'est pas du JSON.");
    }
    return FromJson(json, {}, model);
  }
  if (google::protobuf::TextFormat::ParseFromString(*text, model)) return absl::OkStatus();
  return WrongUsage("What " + path + " holds is neither JSON nor the text of a folio.v1.HealthModel.",
                    "Le contenu de " + path + " n'est ni du JSON ni le texte d'un folio.v1.HealthModel.");
}

}  // namespace folio::cli
