#include "client/cli/import/taking_back.h"

#include "folio/v1/admin.pb.h"

namespace folio::cli {

absl::StatusOr<int64_t> CurrentRevision(Context& context) {
  v1::ServerInfo info;
  const absl::Status status = context.Call("AdminService.GetServerInfo", v1::GetServerInfoRequest(), &info);
  if (!status.ok()) return status;
  return info.revision();
}

void TellHowToRevert(const Context& context, const Words& lead, const std::string& noun, int64_t after,
                     int64_t through) {
  context.err << context.Say(lead) << noun << " revert --after " << after << " --through " << through << '\n';
}

Words TakeItBack() { return {"take it back by: folio ", "pour le défaire : folio "}; }

void TellLeft(const Context& context, const std::string& name, const std::string& why) {
  context.err << name << context.Say({": left as it is: ", " : laissé tel quel : "}) << why << '\n';
}

std::string ChangedSince(const Context& context) {
  return context.Say({"it has been changed since", "modifié depuis"});
}

}  // namespace folio::cli
