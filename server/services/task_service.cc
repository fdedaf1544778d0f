#include "folio/v1/task.grpc.pb.h"
#include "server/rpc/server_context.h"
#include "server/services/standard.h"

namespace folio::services {

namespace {

class TaskService final : public v1::TaskService::CallbackService {
 public:
  explicit TaskService(rpc::ServerContext& server) : server_(server) {}
  FOLIO_STANDARD_METHODS(Task, Tasks, engine::kTask)

 private:
  rpc::ServerContext& server_;
};

const rpc::ServiceRegistrar registrar("folio.v1.TaskService", rpc::Make<TaskService>);

}  // namespace

}  // namespace folio::services
