#include "server/portfolio/fact_writer.h"

#include <cmath>
#include <utility>

#include "server/base/date.h"
#include "server/base/error.h"
#include "server/engine/resources.h"
#include "server/model/schema.h"

namespace folio::portfolio {

namespace {

constexpr std::string_view kDefaultSource = "default";
constexpr double kNpsMax = 10;
// The log's entry of a batch names its accounts, up to so many; a reader that wants more reads the facts.
constexpr size_t kAccountsNamedMax = 1000;

std::string KindName(const v1::Fact& fact) {
  const auto* detail = v1::Fact::descriptor()->FindOneofByName("detail");
  const auto* set = fact.GetReflection()->GetOneofFieldDescriptor(fact, detail);
  return set == nullptr ? "" : set->name();
}

void AppendEscaped(std::string_view text, std::string* id) {
  constexpr char kDigits[] = "0123456789abcdef";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '.') {
      id->push_back(c);
    } else {
      id->push_back('~');
      id->push_back(kDigits[byte >> 4]);
      id->push_back(kDigits[byte & 15]);
    }
  }
}

absl::Status CheckSurvey(const v1::SurveyAnswer& answer, const std::string& path) {
  if (answer.kind() == v1::SURVEY_KIND_UNSPECIFIED) return error::InvalidField(path + ".kind", "FIELD_REQUIRED");
  const bool nps = answer.kind() == v1::SURVEY_KIND_NPS;
  const double minimum = nps ? 0 : answer.scale_min();
  const double maximum = nps ? kNpsMax : answer.scale_max();
  if (!(minimum < maximum)) return error::InvalidField(path + ".scale_max", "SCALE_INVALID");
  const bool on_scale = answer.score() >= minimum && answer.score() <= maximum;
  if (!on_scale || (nps && answer.score() != std::floor(answer.score()))) {
    return error::InvalidField(path + ".score", "SCORE_OUT_OF_SCALE",
                               {{"value", std::to_string(answer.score())},
                                {"minimum", std::to_string(minimum)},
                                {"maximum", std::to_string(maximum)}});
  }
  return absl::OkStatus();
}

}  // namespace

std::string FactIdOf(const v1::Fact& fact) {
  std::string id = KindName(fact);
  id += '~';
  AppendEscaped(fact.source().empty() ? kDefaultSource : std::string_view(fact.source()), &id);
  id += '~';
  AppendEscaped(fact.source_id(), &id);
  return id;
}

absl::StatusOr<engine::Effect> FactBatchWriter::Put(std::shared_ptr<v1::Fact> fact, const std::string& path) {
  if (fact->detail_case() == v1::Fact::DETAIL_NOT_SET) return error::InvalidField(path, "FACT_DETAIL_MISSING");
  if (auto status = CheckDetail(*fact, path); !status.ok()) return status;
  if (auto status = FindAccount(fact.get(), path); !status.ok()) return status;
  const std::string id = FactIdOf(*fact);
  fact->set_name("facts/" + id);

  auto record = transaction_.FindRecord(engine::kFact, id);
  if (!record.ok()) return error::FromStorage(record.status());
  auto effect = engine::Effect::kCreated;
  storage::Key reused = 0;
  if (record->has_value()) {
    engine::SeenRecord& seen = **record;
    v1::Fact before;
    before.ParseFromString(seen.data);
    if (model::SameContent(before, *fact)) return engine::Effect::kUnchanged;
    effect = engine::Effect::kUpdated;
    accounts_.insert(before.account());
    if (before.account() == fact->account()) {
      reused = seen.key;
    } else {
      // A record's key says whose it is to the projections, so a fact that moves gets a new one.
      transaction_.Remove(engine::kFact, seen.key, id, std::move(seen.data), /*logged=*/false);
    }
  }
  accounts_.insert(fact->account());
  (effect == engine::Effect::kCreated ? batch_.set_created_count(batch_.created_count() + 1)
                                      : batch_.set_updated_count(batch_.updated_count() + 1));
  std::string data = fact->SerializeAsString();
  transaction_.Put(engine::kFact, reused, id, std::move(data), std::move(fact), /*logged=*/false);
  return effect;
}

absl::Status FactBatchWriter::Remove(const std::string& name) {
  constexpr std::string_view kPrefix = "facts/";
  if (!name.starts_with(kPrefix)) {
    return error::InvalidField("name", "NAME_MALFORMED", {{"value", name}, {"expected", "facts/{fact}"}});
  }
  const std::string id = name.substr(kPrefix.size());
  auto record = transaction_.FindRecord(engine::kFact, id);
  if (!record.ok()) return error::FromStorage(record.status());
  if (!record->has_value()) return error::NotFound(name);
  v1::Fact before;
  before.ParseFromString((*record)->data);
  accounts_.insert(before.account());
  batch_.set_deleted_count(batch_.deleted_count() + 1);
  transaction_.Remove(engine::kFact, (*record)->key, id, std::move((*record)->data), /*logged=*/false);
  return absl::OkStatus();
}

void FactBatchWriter::Finish() {
  if (batch_.created_count() + batch_.updated_count() + batch_.deleted_count() == 0) return;
  for (const std::string& account : accounts_) {
    if (static_cast<size_t>(batch_.accounts_size()) == kAccountsNamedMax) break;
    batch_.add_accounts(account);
  }
  transaction_.Note(engine::log::CHANGE_KIND_FACTS, engine::kFact, batch_.SerializeAsString());
}

absl::Status FactBatchWriter::FindAccount(v1::Fact* fact, const std::string& path) {
  const auto find = [this](std::string_view collection, const std::string& name,
                           const std::string& field) -> absl::StatusOr<engine::SeenRecord> {
    const engine::ResourceType& type = *engine::FindResource(collection);
    const auto id = type.schema.IdOf(name, field);
    if (!id.ok()) return id.status();
    auto record = transaction_.FindRecord(type.kind, *id);
    if (!record.ok()) return error::FromStorage(record.status());
    if (!record->has_value()) return error::InvalidField(field, "REFERENCE_NOT_FOUND", {{"name", name}});
    return std::move(**record);
  };
  if (!fact->subscription().empty()) {
    const auto record = find("subscriptions", fact->subscription(), path + ".subscription");
    if (!record.ok()) return record.status();
    v1::Subscription subscription;
    subscription.ParseFromString(record->data);
    if (fact->account().empty()) fact->set_account(subscription.account());
  }
  if (fact->account().empty()) return error::InvalidField(path, "FACT_WITHOUT_ACCOUNT");
  if (known_accounts_.contains(fact->account())) return absl::OkStatus();
  const auto account = find("accounts", fact->account(), path + ".account");
  if (!account.ok()) return account.status();
  known_accounts_.insert(fact->account());
  return absl::OkStatus();
}

absl::Status FactBatchWriter::CheckDetail(const v1::Fact& fact, const std::string& path) const {
  if (fact.has_survey_answer()) return CheckSurvey(fact.survey_answer(), path + ".survey_answer");
  if (fact.has_payment()) return rules_.CheckAmount(fact.payment().amount(), path + ".payment.amount");
  if (fact.has_ticket() && fact.ticket().has_close_time() &&
      FromProto(fact.ticket().close_time()) < FromProto(fact.event_time())) {
    return error::InvalidField(path + ".ticket.close_time", "DATE_ORDER",
                               {{"other", FormatInstant(FromProto(fact.event_time()))}});
  }
  if (fact.has_contact_change() && fact.contact_change().type() == v1::CONTACT_CHANGE_TYPE_UNSPECIFIED) {
    return error::InvalidField(path + ".contact_change.type", "FIELD_REQUIRED");
  }
  return absl::OkStatus();
}

}  // namespace folio::portfolio
