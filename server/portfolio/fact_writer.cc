#include "server/portfolio/fact_writer.h"

#include <utility>

#include "server/base/error.h"
#include "server/engine/resources.h"
#include "server/model/schema.h"
#include "server/portfolio/fact_rules.h"

namespace folio::portfolio {

namespace {

constexpr std::string_view kDefaultSource = "default";

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

absl::Status CheckEtag(const std::string& name, std::string_view sent, storage::Revision revision) {
  if (sent.empty() || sent == engine::EtagOf(revision)) return absl::OkStatus();
  return error::EtagMismatch(name, sent, engine::EtagOf(revision));
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

absl::StatusOr<engine::Effect> FactBatchWriter::Put(std::shared_ptr<v1::Fact> fact, const std::string& path,
                                                    std::string_view etag) {
  if (auto status = CheckFact(*fact, path); !status.ok()) return status;
  if (auto status = FindAccount(fact.get(), path); !status.ok()) return status;
  const std::string id = FactIdOf(*fact);
  fact->set_name("facts/" + id);

  auto record = transaction_.FindRecord(engine::kFact, id);
  if (!record.ok()) return error::FromStorage(record.status());
  const storage::Revision stored = record->has_value() ? (*record)->revision : kNoFact;
  if (auto status = CheckEtag(fact->name(), etag, stored); !status.ok()) return status;
  auto effect = engine::Effect::kCreated;
  storage::Key reused = 0;
  if (record->has_value()) {
    engine::SeenRecord& seen = **record;
    v1::Fact before;
    before.ParseFromString(seen.data);
    if (model::SameContent(before, *fact)) return engine::Effect::kUnchanged;
    effect = engine::Effect::kUpdated;
    Touch(before.account());
    NoteBefore(seen.key, seen.data);
    if (before.account() == fact->account()) {
      reused = seen.key;
    } else {
      // A record's key says whose it is to the projections, so a fact that moves gets a new one.
      transaction_.Remove(engine::kFact, seen.key, id, std::move(seen.data), /*logged=*/false);
    }
  }
  Touch(fact->account());
  (effect == engine::Effect::kCreated ? batch_.set_created_count(batch_.created_count() + 1)
                                      : batch_.set_updated_count(batch_.updated_count() + 1));
  std::string data = fact->SerializeAsString();
  const storage::Key key =
      transaction_.Put(engine::kFact, reused, id, std::move(data), std::move(fact), /*logged=*/false);
  if (reused == 0 && before_.first_new_key() == 0) before_.set_first_new_key(key);
  return effect;
}

absl::Status FactBatchWriter::Remove(const std::string& name, std::string_view etag) {
  constexpr std::string_view kPrefix = "facts/";
  if (!name.starts_with(kPrefix)) {
    return error::InvalidField("name", "NAME_MALFORMED", {{"value", name}, {"expected", "facts/{fact}"}});
  }
  const std::string id = name.substr(kPrefix.size());
  auto record = transaction_.FindRecord(engine::kFact, id);
  if (!record.ok()) return error::FromStorage(record.status());
  if (!record->has_value()) return error::NotFound(name);
  if (auto status = CheckEtag(name, etag, (*record)->revision); !status.ok()) return status;
  v1::Fact before;
  before.ParseFromString((*record)->data);
  Touch(before.account());
  batch_.set_deleted_count(batch_.deleted_count() + 1);
  NoteBefore((*record)->key, (*record)->data);
  transaction_.Remove(engine::kFact, (*record)->key, id, std::move((*record)->data), /*logged=*/false);
  return absl::OkStatus();
}

void FactBatchWriter::Finish() {
  if (batch_.created_count() + batch_.updated_count() + batch_.deleted_count() == 0) return;
  for (const std::string& account : accounts_) {
    if (batch_.accounts_size() == kAccountsNamedMax) break;
    batch_.add_accounts(account);
  }
  transaction_.Note(engine::log::CHANGE_KIND_FACTS, engine::kFact, batch_.SerializeAsString());
  transaction_.Note(kFactsBefore, engine::kFact, before_.SerializeAsString());
}

void FactBatchWriter::NoteBefore(storage::Key key, std::string data) {
  engine::log::FactBefore& fact = *before_.add_replaced();
  fact.set_key(key);
  fact.set_data(std::move(data));
}

void FactBatchWriter::Touch(const std::string& account) {
  if (!account.empty()) accounts_.insert(account);
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
  if (fact->account().empty()) {
    return MayLackAccount(*fact) ? absl::OkStatus() : error::InvalidField(path, "FACT_WITHOUT_ACCOUNT");
  }
  if (known_accounts_.contains(fact->account())) return absl::OkStatus();
  const auto account = find("accounts", fact->account(), path + ".account");
  if (!account.ok()) return account.status();
  known_accounts_.insert(fact->account());
  return absl::OkStatus();
}

}  // namespace folio::portfolio
