#include "server/portfolio/overrides.h"

#include <string>

#include "folio/v1/account.pb.h"
#include "server/base/error.h"
#include "server/engine/resources.h"

namespace folio::portfolio {

absl::Status CheckOverride(engine::Transaction& transaction, const Portfolio& portfolio, v1::HealthOverride* override) {
  const std::string id = override->name().substr(override->name().find('/') + 1);
  const std::string account_name = engine::FindResource(engine::kAccount)->schema.NameOf(id);
  const auto key = transaction.Find(engine::kAccount, id);
  if (!key.ok()) return error::FromStorage(key.status());
  if (!key->has_value()) return error::NotFound(account_name);
  const auto data = transaction.Get(engine::kAccount, **key);
  if (!data.ok()) return error::FromStorage(data.status());
  v1::Account account;
  if (!data->has_value() || !account.ParseFromString(**data)) return error::NotFound(account_name);
  if (account.has_delete_time()) return error::Deleted(account_name);

  const Day expires = FromProto(override->expire_date()).value_or(kNoDay);
  const Day latest = portfolio.today() + kOverrideDaysMax;
  if (expires <= portfolio.today() || expires > latest) {
    return error::InvalidField("health_override.expire_date", "OVERRIDE_EXPIRY",
                               {{"value", FormatDay(expires)}, {"maximum", FormatDay(latest)}});
  }
  override->set_account(account_name);
  override->set_author(std::string(transaction.actor()));
  return absl::OkStatus();
}

}  // namespace folio::portfolio
