#include "server/portfolio/past_account.h"

#include <fmt/format.h>

#include <algorithm>

#include "folio/v1/watch.pb.h"
#include "server/account/parts.h"
#include "server/engine/feed.h"
#include "server/engine/resources.h"
#include "server/portfolio/fact_writer.h"
#include "server/portfolio/model_rules.h"

namespace folio::portfolio {

namespace log = engine::log;

namespace {

absl::Status Compacted(storage::Revision wanted, storage::Revision first) {
  return error::Named("REVISION_COMPACTED", {{"wanted", std::to_string(wanted)}, {"first", std::to_string(first)}});
}

}  // namespace

absl::StatusOr<PastAccount> PastAccount::Read(const Workspace& workspace, engine::RowKey account,
                                              const std::string& name, storage::Revision revision) {
  const storage::Storage& storage = workspace.storage();
  if (revision > storage.head()) return error::RevisionNotReached(revision, storage.head());
  if (revision < storage.first_log_revision()) return Compacted(revision, storage.first_log_revision());
  PastAccount past(workspace, account, name, revision);
  if (auto status = past.ReadLaterChanges(); !status.ok()) return status;
  const auto own = past.changed_.find({engine::kAccount, account});
  if (own != past.changed_.end() && !own->second.existed) return error::NotFound(name);
  if (auto status = past.FindEarlierStates(); !status.ok()) return status;
  if (auto status = past.Assemble(); !status.ok()) return status;
  return past;
}

// The first change of a record after the revision tells what was there before it.
absl::Status PastAccount::ReadLaterChanges() {
  log::LogEntry entry;
  const absl::Status read =
      workspace_->storage().ReadLog(revision_ - 1, [&](storage::Revision revision, std::string_view bytes) {
        entry.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
        if (revision == revision_) {
          day_ = workspace_->portfolio().zone().DayAt(entry.time());
          return true;
        }
        for (const log::Change& change : entry.changes()) TakeLater(change);
        return true;
      });
  return read.ok() ? read : error::FromStorage(read);
}

void PastAccount::TakeLater(const log::Change& change) {
  if (change.change() == log::CHANGE_KIND_FACTS) {
    v1::FactBatch batch;
    batch.ParseFromString(change.data());
    // A large batch does not name all of its accounts.
    const bool names_all = batch.accounts_size() < kAccountsNamedMax;
    const bool may_concern =
        !names_all || std::find(batch.accounts().begin(), batch.accounts().end(), name_) != batch.accounts().end();
    if (may_concern && batch.updated_count() + batch.deleted_count() > 0) facts_replaced_ = true;
    return;
  }
  if (!Concerns(change)) return;
  const auto [place, is_first] = changed_.try_emplace({static_cast<storage::Kind>(change.kind()), change.key()});
  if (!is_first) return;
  Then& then = place->second;
  then.id = change.id();
  then.existed = change.change() != log::CHANGE_KIND_CREATED;
  if (change.change() == log::CHANGE_KIND_DELETED) then.data = change.data();
}

bool PastAccount::Concerns(const log::Change& change) const {
  switch (change.kind()) {
    case engine::kAccount:
      return change.key() == account_;
    case engine::kSubscription:
    case engine::kContact:
    case engine::kHealthOverride:
      return engine::AccountOf(static_cast<storage::Kind>(change.kind()), change.id(), change.data()) == name_;
    case engine::kHealthModelVersion:
      return true;
    default:
      return false;
  }
}

absl::Status PastAccount::FindEarlierStates() {
  const auto is_wanted = [](const Place& place, const Then& then) {
    // Of a version it is enough to know that it was there.
    return then.existed && !then.data.has_value() && place.first != engine::kHealthModelVersion;
  };
  const bool any = std::any_of(changed_.begin(), changed_.end(),
                               [&](const auto& entry) { return is_wanted(entry.first, entry.second); });
  if (!any) return absl::OkStatus();
  const storage::Revision first = workspace_->storage().first_log_revision();
  std::map<Place, std::string> found;
  log::LogEntry entry;
  const absl::Status read =
      workspace_->storage().ReadLog(first - 1, [&](storage::Revision revision, std::string_view bytes) {
        if (revision > revision_) return false;
        entry.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
        for (log::Change& change : *entry.mutable_changes()) {
          const Place place{static_cast<storage::Kind>(change.kind()), change.key()};
          const auto known = changed_.find(place);
          if (known != changed_.end() && is_wanted(place, known->second))
            found[place] = std::move(*change.mutable_data());
        }
        return true;
      });
  if (!read.ok()) return error::FromStorage(read);
  for (auto& [place, then] : changed_) {
    if (!is_wanted(place, then)) continue;
    const auto state = found.find(place);
    if (state == found.end()) return Compacted(revision_, first);
    then.data = std::move(state->second);
  }
  return absl::OkStatus();
}

bool PastAccount::ArrivedLater(storage::Key fact, std::map<storage::Key, bool>* known) const {
  const auto [place, is_new] = known->try_emplace(fact);
  if (is_new) {
    const auto record = workspace_->storage().Get(engine::kFact, fact);
    place->second = !record.ok() || !record->has_value() || (*record)->revision > revision_;
  }
  return place->second;
}

absl::Status PastAccount::Assemble() {
  const Portfolio& portfolio = workspace_->portfolio();
  const auto copy = [this](const account::View& view) {
    own_ = view;
    terms_.assign(view.terms.begin(), view.terms.end());
    contacts_.assign(view.contacts.begin(), view.contacts.end());
    points_.assign(view.points.begin(), view.points.end());
    custom_.assign(view.custom.begin(), view.custom.end());
  };
  if (!portfolio.Show(account_, portfolio.today(), copy)) return error::NotFound(name_);

  std::map<storage::Key, bool> later;
  std::erase_if(points_, [&](const account::Point& point) { return ArrivedLater(point.fact, &later); });
  std::erase_if(terms_, [this](const account::Term& t) { return changed_.contains({engine::kSubscription, t.key}); });
  std::erase_if(contacts_, [this](const account::ContactTerm& c) {
    return changed_.contains({engine::kContact, c.key});
  });
  for (const auto& [place, then] : changed_) {
    if (!then.existed) continue;
    if (place.first == engine::kSubscription) {
      v1::Subscription subscription;
      subscription.ParseFromString(*then.data);
      terms_.push_back(account::TermOf(subscription, place.second));
    } else if (place.first == engine::kContact) {
      v1::Contact contact;
      contact.ParseFromString(*then.data);
      contacts_.push_back(account::ContactTermOf(contact, place.second));
    } else if (place.first == engine::kAccount) {
      v1::Account account;
      account.ParseFromString(*then.data);
      own_ = account::OwnViewOf(account, portfolio.zone());
      custom_ = account::CustomValuesOf(account, portfolio.custom_fields());
    }
  }
  return absl::OkStatus();
}

account::View PastAccount::ViewOn(Day day) const {
  account::View view = own_;
  view.today = day;
  view.terms = terms_;
  view.contacts = contacts_;
  view.points = points_;
  view.custom = custom_;
  return view;
}

ModelVersionPtr PastAccount::Model() const {
  std::map<std::string, bool> existed;  // of the versions that were written since
  for (const auto& [place, then] : changed_) {
    if (place.first == engine::kHealthModelVersion) existed[then.id] = then.existed;
  }
  // The built-in version has no record: it ended when the second one came.
  const auto second = existed.find(VersionId(kDefaultModelId, 2));
  const bool built_in_alone = second != existed.end() && !second->second;
  const ModelOrder order = workspace_->portfolio().models()->InForceWhere([&](const ModelVersion& version) {
    const auto written = existed.find(VersionId(version.id, version.version));
    // What has been written since has either come since, or ended since.
    if (written != existed.end()) return written->second;
    return version.end == kNoDay || (built_in_alone && version.id == kDefaultModelId && version.version == 1);
  });
  return ChooseModel(order, *workspace_->portfolio().snapshot(), account_);
}

OverridePtr PastAccount::OverrideOn(Day day) const {
  for (const auto& [place, then] : changed_) {
    if (place.first != engine::kHealthOverride) continue;
    auto override = std::make_shared<v1::HealthOverride>();
    if (!then.existed || !override->ParseFromString(*then.data)) return nullptr;
    return HoldsOn(*override, day, workspace_->portfolio().zone()) ? override : nullptr;
  }
  return workspace_->portfolio().scores().OverrideOn(account_, day);
}

std::vector<std::string> PastAccount::Caveats(error::Locale locale) const {
  std::vector<std::string> caveats;
  const bool french = locale == error::Locale::kFrench;
  if (facts_replaced_) {
    caveats.push_back(fmt::format(
        fmt::runtime(french ? "Depuis la révision {}, des faits ont été remplacés ou supprimés par des lots qui "
                              "concernent ce compte ; ce qu'ils disaient avant n'est pas conservé, et manque ici."
                            : "Since revision {}, facts were replaced or deleted by batches that concern this account; "
                              "what they told before is not kept, and is missing here."),
        revision_));
  }
  if (!Model()->is_for_all()) {
    caveats.push_back(french ? "Le modèle a été choisi d'après les colonnes du compte telles qu'elles sont aujourd'hui."
                             : "The model was chosen by the account's columns as they are now.");
  }
  return caveats;
}

}  // namespace folio::portfolio
