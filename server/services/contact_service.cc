#include "folio/v1/contact.grpc.pb.h"
#include "server/rpc/server_context.h"
#include "server/services/standard.h"

namespace folio::services {

namespace {

class ContactService final : public v1::ContactService::CallbackService {
 public:
  explicit ContactService(rpc::ServerContext& server) : server_(server) {}
  FOLIO_STANDARD_METHODS(Contact, Contacts, engine::kContact)

 private:
  rpc::ServerContext& server_;
};

const rpc::ServiceRegistrar registrar("folio.v1.ContactService", rpc::Make<ContactService>);

}  // namespace

}  // namespace folio::services
