#include "server/portfolio/rules.h"

#include <algorithm>
#include <map>
#include <utility>

#include "folio/v1/health_model.pb.h"
#include "server/base/date.h"
#include "server/base/error.h"
#include "server/base/id.h"
#include "server/base/money.h"
#include "server/portfolio/booking.h"
#include "server/portfolio/model_rules.h"
#include "server/portfolio/overrides.h"
#include "server/portfolio/past_renewals.h"
#include "server/portfolio/sales_rules.h"
#include "server/portfolio/whole_rule.h"

namespace folio::portfolio {

using google::protobuf::Message;
using google::type::Money;

namespace {

using CustomValues = google::protobuf::Map<std::string, v1::CustomValue>;

const CustomValues* CustomValuesOf(const Message* message) {
  if (message == nullptr) return nullptr;
  if (message->GetDescriptor() == v1::Account::descriptor()) {
    return &static_cast<const v1::Account*>(message)->custom_fields();
  }
  if (message->GetDescriptor() == v1::Contact::descriptor()) {
    return &static_cast<const v1::Contact*>(message)->custom_fields();
  }
  if (message->GetDescriptor() == v1::Task::descriptor()) {
    return &static_cast<const v1::Task*>(message)->custom_fields();
  }
  if (message->GetDescriptor() == v1::Lead::descriptor()) {
    return &static_cast<const v1::Lead*>(message)->custom_fields();
  }
  if (message->GetDescriptor() == v1::Deal::descriptor()) {
    return &static_cast<const v1::Deal*>(message)->custom_fields();
  }
  return nullptr;
}

bool HasType(const v1::CustomValue& value, v1::CustomFieldType type) {
  switch (type) {
    case v1::CUSTOM_FIELD_TYPE_TEXT:
      return value.has_text();
    case v1::CUSTOM_FIELD_TYPE_NUMBER:
      return value.has_number();
    case v1::CUSTOM_FIELD_TYPE_MONEY:
      return value.has_money();
    case v1::CUSTOM_FIELD_TYPE_DATE:
      return value.has_date();
    case v1::CUSTOM_FIELD_TYPE_CHOICE:
      return value.has_choice();
    case v1::CUSTOM_FIELD_TYPE_FLAG:
      return value.has_flag();
    case v1::CUSTOM_FIELD_TYPE_CHOICES:
      return value.has_choices();
    default:
      return false;
  }
}

std::string TypeName(v1::CustomFieldType type) {
  constexpr size_t kPrefix = sizeof("CUSTOM_FIELD_TYPE_") - 1;
  std::string name = v1::CustomFieldType_Name(type).substr(kPrefix);
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  return name;
}

bool TakesChoices(v1::CustomFieldType type) {
  return type == v1::CUSTOM_FIELD_TYPE_CHOICE || type == v1::CUSTOM_FIELD_TYPE_CHOICES;
}

absl::Status CheckChoice(const v1::CustomField& field, const std::string& choice, const std::string& path) {
  if (std::find(field.choices().begin(), field.choices().end(), choice) != field.choices().end()) {
    return absl::OkStatus();
  }
  return error::InvalidField(path, "CHOICE_UNKNOWN", {{"value", choice}});
}

bool HasExternalId(const v1::Account& account, const v1::ExternalId& wanted) {
  return std::any_of(account.external_ids().begin(), account.external_ids().end(), [&](const v1::ExternalId& other) {
    return other.system() == wanted.system() && other.id() == wanted.id();
  });
}

std::string HolderName(engine::Transaction& transaction, storage::Key account) {
  v1::Account holder;
  const auto data = transaction.Get(engine::kAccount, account);
  if (data.ok() && data->has_value()) holder.ParseFromString(**data);
  return holder.name();
}

absl::Status CheckOrder(const google::type::Date& start, const google::type::Date& end, const char* path) {
  const Day first = FromProto(start).value_or(kNoDay);
  const Day last = FromProto(end).value_or(kNoDay);
  if (first == kNoDay || last == kNoDay || last >= first) return absl::OkStatus();
  return error::InvalidField(path, "DATE_ORDER", {{"other", FormatDay(first)}});
}

}  // namespace

DomainRules::DomainRules(const ExternalIds& external_ids, const Portfolio& portfolio, std::string currency)
    : external_ids_(external_ids), portfolio_(portfolio), currency_(std::move(currency)) {}

absl::Status DomainRules::Check(engine::Transaction& transaction, const engine::ResourceType& type,
                                const Message* before, Message* after) const {
  if (auto status = CheckCustomValues(transaction, type, before, *after); !status.ok()) return status;
  switch (type.kind) {
    case engine::kAccount:
      return CheckAccount(transaction, static_cast<const v1::Account*>(before), static_cast<v1::Account*>(after));
    case engine::kContact:
      return CheckContact(static_cast<const v1::Contact&>(*after));
    case engine::kSubscription:
      return CheckSubscription(transaction, static_cast<const v1::Subscription*>(before),
                               static_cast<v1::Subscription*>(after));
    case engine::kTask:
      return CheckTask(transaction, static_cast<const v1::Task*>(before), static_cast<v1::Task*>(after));
    case engine::kCustomField:
      return CheckCustomField(static_cast<const v1::CustomField*>(before), static_cast<const v1::CustomField&>(*after));
    case engine::kHealthModel:
      return CheckModel(transaction, portfolio_, static_cast<v1::HealthModel*>(after));
    case engine::kHealthOverride:
      return CheckOverride(transaction, portfolio_, static_cast<v1::HealthOverride*>(after));
    case engine::kSignalRule:
      static_cast<v1::SignalRule*>(after)->set_built_in(false);
      return CheckWholeRule(static_cast<const v1::SignalRule&>(*after), portfolio_.newest_columns());
    case engine::kLead:
      return CheckLead(static_cast<const v1::Lead*>(before), transaction.now(), static_cast<v1::Lead*>(after));
    case engine::kDeal:
      return CheckDeal(static_cast<const v1::Deal*>(before), transaction.now(), static_cast<v1::Deal*>(after));
    case engine::kExchangeRate:
      return CheckExchangeRate(static_cast<const v1::ExchangeRate&>(*after));
    case engine::kBusinessCalendar:
      return CheckBusinessCalendar(static_cast<const v1::BusinessCalendar&>(*after));
    default:
      return absl::OkStatus();
  }
}

bool DomainRules::IsRestated(const engine::ResourceType& type, const google::protobuf::Message& before,
                             const google::protobuf::Message& after) const {
  if (type.kind == engine::kSubscription) {
    return IsRebooked(static_cast<const v1::Subscription&>(before), static_cast<const v1::Subscription&>(after));
  }
  return type.kind == engine::kAccount &&
         IsRebooked(static_cast<const v1::Account&>(before), static_cast<const v1::Account&>(after));
}

std::string DomainRules::NaturalId(const engine::ResourceType& type, const Message& message) const {
  return type.kind == engine::kExchangeRate ? NaturalIdOf(static_cast<const v1::ExchangeRate&>(message)) : "";
}

absl::Status DomainRules::CheckRemoval(engine::Transaction&, const engine::ResourceType& type,
                                       const Message& before) const {
  // Accounts are only marked as deleted, so nothing that names one ever dangles; contacts and tasks may go.
  if (type.kind != engine::kCustomField) return absl::OkStatus();
  return CheckFieldIsFree(portfolio_, static_cast<const v1::CustomField&>(before));
}

absl::StatusOr<std::optional<storage::Key>> DomainRules::FindByExternalId(engine::Transaction& transaction,
                                                                          const v1::ExternalId& external_id) const {
  std::vector<storage::Key> candidates = external_ids_.Candidates(external_id.id());
  if (const auto claimed = transaction.ClaimedBy(external_id.system() + '\n' + external_id.id())) {
    candidates.push_back(*claimed);
  }
  for (const storage::Key candidate : candidates) {
    const auto data = transaction.Get(engine::kAccount, candidate);
    if (!data.ok()) return error::FromStorage(data.status());
    v1::Account account;
    if (!data->has_value() || !account.ParseFromString(**data)) continue;
    if (HasExternalId(account, external_id)) return candidate;
  }
  return std::nullopt;
}

absl::Status DomainRules::CheckAmount(const Money& money, std::string_view path) const {
  if (money.currency_code() != currency_) {
    return error::InvalidField(path, "CURRENCY_MISMATCH",
                               {{"currency", money.currency_code()}, {"expected", currency_}});
  }
  const auto micros = FromProto(money);
  if (!micros.ok() || *micros < 0) return error::InvalidField(path, "MONEY_INVALID");
  return absl::OkStatus();
}

absl::Status DomainRules::CheckAccount(engine::Transaction& transaction, const v1::Account* before,
                                       v1::Account* after) const {
  if (after->has_annual_recurring_revenue()) {
    const Money& amount = after->annual_recurring_revenue();
    if (auto s = CheckOwnAmount(amount, "account.annual_recurring_revenue"); !s.ok()) return s;
  }
  if (auto s = Book(transaction, currency_, portfolio_.zone(), before, after); !s.ok()) return s;
  for (int i = 0; i < after->external_ids_size(); ++i) {
    const v1::ExternalId& external = after->external_ids(i);
    const auto path = [i] { return "account.external_ids[" + std::to_string(i) + "]"; };
    if (external.system().empty()) return error::InvalidField(path() + ".system", "FIELD_REQUIRED");
    if (external.id().empty()) return error::InvalidField(path() + ".id", "FIELD_REQUIRED");
    if (before != nullptr && HasExternalId(*before, external)) continue;  // its own already
    const auto holder = FindByExternalId(transaction, external);
    if (!holder.ok()) return holder.status();
    if (holder->has_value()) {
      return error::ValueTaken(path(), external.system() + ":" + external.id(), HolderName(transaction, **holder));
    }
    transaction.Claim(external.system() + '\n' + external.id());
  }
  return absl::OkStatus();
}

absl::Status DomainRules::CheckContact(const v1::Contact& after) const {
  return CheckOrder(after.role_start_date(), after.role_end_date(), "contact.role_end_date");
}

absl::Status DomainRules::CheckSubscription(const engine::Transaction& transaction, const v1::Subscription* before,
                                            v1::Subscription* after) const {
  if (auto s = CheckOwnAmount(after->annual_amount(), "subscription.annual_amount"); !s.ok()) return s;
  if (auto s = CheckOrder(after->start_date(), after->end_date(), "subscription.end_date"); !s.ok()) return s;
  after->set_currency_code(after->annual_amount().currency_code());
  if (auto s = Book(transaction, currency_, before, after); !s.ok()) return s;
  KeepPastRenewals(before, transaction.now(), currency_, after);
  return absl::OkStatus();
}

absl::Status DomainRules::CheckTask(engine::Transaction& transaction, const v1::Task* before, v1::Task* after) const {
  if (after->status() == v1::TASK_STATUS_UNSPECIFIED) after->set_status(v1::TASK_STATUS_OPEN);
  if (before != nullptr && after->parent() == before->name()) {
    return error::InvalidField("task.parent", "REFERENCE_NOT_FOUND", {{"name", after->parent()}});
  }
  const bool finished = after->status() == v1::TASK_STATUS_DONE || after->status() == v1::TASK_STATUS_CANCELLED;
  if (!finished) {
    after->clear_complete_time();
  } else if (!after->has_complete_time()) {
    *after->mutable_complete_time() = ToProtoTime(transaction.now());
  }
  return absl::OkStatus();
}

absl::Status DomainRules::CheckCustomField(const v1::CustomField* before, const v1::CustomField& after) const {
  if (after.type() == v1::CUSTOM_FIELD_TYPE_UNSPECIFIED) {
    return error::InvalidField("custom_field.type", "FIELD_REQUIRED");
  }
  if (TakesChoices(after.type()) && after.choices().empty()) {
    return error::InvalidField("custom_field.choices", "FIELD_REQUIRED");
  }
  if (before == nullptr) return absl::OkStatus();
  for (const std::string& choice : before->choices()) {
    if (auto status = CheckChoice(after, choice, "custom_field.choices"); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status DomainRules::CheckCustomValues(engine::Transaction& transaction, const engine::ResourceType& type,
                                            const Message* before, const Message& after) const {
  const CustomValues* values = CustomValuesOf(&after);
  if (values == nullptr || values->empty()) return absl::OkStatus();
  const CustomValues* old_values = CustomValuesOf(before);
  for (const auto& [id, value] : *values) {
    if (old_values != nullptr) {
      const auto old = old_values->find(id);
      if (old != old_values->end() && model::SameContent(old->second, value)) continue;
    }
    const std::string path = type.schema.singular() + ".custom_fields." + id;
    const auto definition = transaction.FindRecord(engine::kCustomField, id);
    if (!definition.ok()) return error::FromStorage(definition.status());
    v1::CustomField field;
    if (!definition->has_value() || !field.ParseFromString((*definition)->data) ||
        field.collection() != type.schema.collection()) {
      return error::InvalidField(path, "CUSTOM_FIELD_UNKNOWN", {{"name", id}});
    }
    if (!HasType(value, field.type())) {
      return error::InvalidField(path, "CUSTOM_FIELD_TYPE", {{"expected", TypeName(field.type())}});
    }
    if (value.has_money()) {
      if (auto status = CheckAmount(value.money(), path); !status.ok()) return status;
    }
    if (value.has_choice()) {
      if (auto status = CheckChoice(field, value.choice(), path); !status.ok()) return status;
    }
    for (const std::string& choice : value.choices().values()) {
      if (auto status = CheckChoice(field, choice, path); !status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

}  // namespace folio::portfolio
