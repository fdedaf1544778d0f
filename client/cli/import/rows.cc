#include "client/cli/import/rows.h"

#include <algorithm>

#include "client/cli/commands/resource.h"
#include "client/cli/value/fault.h"
#include "folio/v1/fact.pb.h"

namespace folio::cli {

std::vector<std::string> FactKinds() {
  std::vector<std::string> kinds;
  const google::protobuf::OneofDescriptor* details = v1::Fact::descriptor()->FindOneofByName("detail");
  for (int i = 0; i < details->field_count(); ++i) kinds.push_back(details->field(i)->name());
  return kinds;
}

absl::StatusOr<RowType> FindRowType(const std::string& collection, const std::string& detail) {
  if (collection == "facts") {
    const std::vector<std::string> kinds = FactKinds();
    if (std::find(kinds.begin(), kinds.end(), detail) != kinds.end()) {
      return RowType{collection, detail, v1::Fact::descriptor()};
    }
    std::string all;
    for (const std::string& kind : kinds) all += (all.empty() ? "" : ", ") + kind;
    return WrongUsage("There are no facts of kind " + Quoted(detail) + "; kinds are: " + all + ".",
                      "Il n'y a pas de faits de nature " + Quoted(detail) + " ; les natures sont : " + all + ".");
  }
  for (const Resource& resource : Resources()) {
    if (resource.collection == collection) return RowType{collection, "", resource.type};
  }
  return WrongUsage("Rows of " + Quoted(collection) + " cannot be imported.",
                    "Les lignes de " + Quoted(collection) + " ne s'importent pas.");
}

}  // namespace folio::cli
