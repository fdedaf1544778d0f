// The rules of the domain: what holds between the fields of a resource, and between resources.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "folio/v1/account.pb.h"
#include "folio/v1/contact.pb.h"
#include "folio/v1/custom_field.pb.h"
#include "folio/v1/subscription.pb.h"
#include "folio/v1/task.pb.h"
#include "server/engine/writer.h"
#include "server/portfolio/external_ids.h"

namespace folio::portfolio {

class Portfolio;

class DomainRules final : public engine::Rules {
 public:
  // `external_ids` and `portfolio` must outlive it. `currency` is the workspace's.
  DomainRules(const ExternalIds& external_ids, const Portfolio& portfolio, std::string currency);

  absl::Status Check(engine::Transaction& transaction, const engine::ResourceType& type,
                     const google::protobuf::Message* before, google::protobuf::Message* after) const override;
  bool IsRestated(const engine::ResourceType& type, const google::protobuf::Message& before,
                  const google::protobuf::Message& after) const override;
  std::string NaturalId(const engine::ResourceType& type, const google::protobuf::Message& message) const override;
  absl::Status CheckRemoval(engine::Transaction& transaction, const engine::ResourceType& type,
                            const google::protobuf::Message& before) const override;

  // The live account that has this external id, seen by the transaction; nothing where there is none.
  absl::StatusOr<std::optional<storage::Key>> FindByExternalId(engine::Transaction& transaction,
                                                               const v1::ExternalId& external_id) const;

  // INVALID_ARGUMENT (CURRENCY_MISMATCH, MONEY_INVALID) where an amount is not in the workspace's currency, or
  // negative.
  absl::Status CheckAmount(const google::type::Money& money, std::string_view path) const;

 private:
  absl::Status CheckAccount(engine::Transaction& transaction, const v1::Account* before, v1::Account* after) const;
  absl::Status CheckContact(const v1::Contact& after) const;
  absl::Status CheckSubscription(const engine::Transaction& transaction, const v1::Subscription* before,
                                 v1::Subscription* after) const;
  absl::Status CheckTask(engine::Transaction& transaction, const v1::Task* before, v1::Task* after) const;
  absl::Status CheckCustomField(const v1::CustomField* before, const v1::CustomField& after) const;
  absl::Status CheckCustomValues(engine::Transaction& transaction, const engine::ResourceType& type,
                                 const google::protobuf::Message* before, const google::protobuf::Message& after) const;

  const ExternalIds& external_ids_;
  const Portfolio& portfolio_;
  const std::string currency_;
};

}  // namespace folio::portfolio
