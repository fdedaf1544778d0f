#include "folio/v1/business_calendar.grpc.pb.h"
#include "server/portfolio/calendars.h"
#include "server/rpc/server_context.h"
#include "server/services/standard.h"

namespace folio::services {

namespace {

class BusinessCalendarService final : public v1::BusinessCalendarService::CallbackService {
 public:
  explicit BusinessCalendarService(rpc::ServerContext& server) : server_(server) {}
  FOLIO_METHODS_BUT_GET(BusinessCalendar, BusinessCalendars, engine::kBusinessCalendar)

  FOLIO_SERVE(BusinessCalendarService, GetBusinessCalendar, GetBusinessCalendarRequest, BusinessCalendar, rpc::Serve,
              [](const rpc::CallContext& call, const v1::GetBusinessCalendarRequest& get, v1::BusinessCalendar* found) {
                return portfolio::GetBusinessCalendar(*call.workspace, get, found);
              })

 private:
  rpc::ServerContext& server_;
};

const rpc::ServiceRegistrar registrar("folio.v1.BusinessCalendarService", rpc::Make<BusinessCalendarService>);

}  // namespace

}  // namespace folio::services
