#include "server/portfolio/fact_history.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "folio/store/v1/facts_before.pb.h"
#include "folio/store/v1/log.pb.h"
#include "server/base/error.h"
#include "server/engine/resources.h"
#include "server/model/page_token.h"
#include "server/portfolio/fact_writer.h"

namespace folio::portfolio {

namespace log = engine::log;

namespace {

// Bytes of one page, about.
constexpr size_t kPageBytesMax = 1 << 20;

// A batch of facts in the log.
struct Batch {
  storage::Revision revision = 0;
  Instant time = 0;
  std::string actor;
  bool deletes = false;
  log::FactsBefore before;
  storage::Key new_end = 0;  // its new facts have keys below this one
};

// Where a page begins: at a change of a batch, counted from 0.
struct Place {
  storage::Revision revision = 0;
  int64_t ordinal = 0;
};

class ChangeReader {
 public:
  // Key and revision are taken before the log is read: whatever is written meanwhile is then seen as a batch of its
  // own.
  ChangeReader(const Workspace& workspace, const v1::ListFactChangesRequest& request, int64_t page_size,
               uint64_t binding)
      : storage_(workspace.storage()),
        head_(storage_.head()),
        last_key_(storage_.last_key(engine::kFact)),
        through_(request.through_revision() == 0 ? head_ : request.through_revision()),
        page_size_(page_size),
        binding_(binding) {}

  absl::Status Fill(Place start, v1::ListFactChangesResponse* response) {
    const storage::Revision latest = std::max(start.revision - 1, through_);
    if (latest > head_) {
      return error::InvalidField("through_revision", "REVISION_IN_FUTURE",
                                 {{"wanted", std::to_string(latest)}, {"head", std::to_string(head_)}});
    }
    if (start.revision < storage_.first_log_revision()) {
      return error::LogCompacted(start.revision, storage_.first_log_revision());
    }
    if (auto status = ReadBatches(start); !status.ok()) return status;
    for (Batch& batch : batches_) {
      auto changes = ChangesOf(&batch);
      if (!changes.ok()) return changes.status();
      int64_t ordinal = batch.revision == start.revision ? start.ordinal : 0;
      for (; ordinal < std::ssize(*changes); ++ordinal) {
        if (response->changes_size() == page_size_ || bytes_ >= kPageBytesMax) {
          return EndPage({batch.revision, ordinal}, response);
        }
        v1::FactChange& change = (*changes)[static_cast<size_t>(ordinal)];
        bytes_ += change.ByteSizeLong();
        *response->add_changes() = std::move(change);
      }
    }
    return more_ ? EndPage({batches_.back().revision + 1, 0}, response) : absl::OkStatus();
  }

 private:
  absl::Status EndPage(Place next, v1::ListFactChangesResponse* response) const {
    response->set_next_page_token(model::EncodePageToken({.values = {next.ordinal}, .key = next.revision}, binding_));
    return absl::OkStatus();
  }

  // Reads batches until they fill a page, and on to where the keys of the last one's new facts end.
  absl::Status ReadBatches(const Place& start) {
    int64_t wanted = start.ordinal + page_size_;
    bool open = false;  // it is not known yet where the last batch's keys end
    absl::Status fault;
    log::LogEntry entry;
    const absl::Status read =
        storage_.ReadLog(start.revision - 1, [&](storage::Revision revision, std::string_view bytes) {
          entry.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
          auto batch = BatchOf(revision, entry);
          fault = batch.status();
          if (!batch.ok() || batch->revision == 0) return fault.ok();
          if (batch->before.first_new_key() != 0 && open) {
            CloseLast(batch->before.first_new_key());
            open = false;
          }
          more_ = more_ || (wanted <= 0 && revision <= through_);
          if (revision > through_ || wanted <= 0) return open;
          wanted -= batch->before.replaced_size() + created_;
          open = open || batch->before.first_new_key() != 0;
          batches_.push_back(*std::move(batch));
          return true;
        });
    if (!fault.ok()) return fault;
    if (open) CloseLast(last_key_ + 1);
    return read.ok() ? read : error::FromStorage(read);
  }

  void CloseLast(storage::Key end) {
    const auto last = std::find_if(batches_.rbegin(), batches_.rend(),
                                   [](const Batch& batch) { return batch.before.first_new_key() != 0; });
    last->new_end = end;
  }

  // The batch of an entry; revision 0 where it has none. OUT_OF_RANGE where it was written before the log kept what a
  // batch has replaced.
  absl::StatusOr<Batch> BatchOf(storage::Revision revision, log::LogEntry& entry) {
    Batch batch;
    bool told = true;
    created_ = 0;
    for (log::Change& change : *entry.mutable_changes()) {
      if (change.change() == log::CHANGE_KIND_FACTS) {
        v1::FactBatch counts;
        counts.ParseFromString(change.data());
        batch.revision = revision;
        batch.deletes = counts.deleted_count() > 0;
        created_ = counts.created_count();
        told = false;
      } else if (change.change() == kFactsBefore) {
        batch.before.ParseFromString(change.data());
        told = true;
      }
    }
    if (!told) return error::LogCompacted(revision, revision + 1);
    batch.time = entry.time();
    batch.actor = std::move(*entry.mutable_actor());
    return batch;
  }

  // First what was replaced or deleted, then what is new.
  absl::StatusOr<std::vector<v1::FactChange>> ChangesOf(Batch* batch) const {
    std::vector<v1::FactChange> changes;
    std::set<std::string> names;
    const storage::Key first_new = batch->before.first_new_key();
    for (const log::FactBefore& replaced : batch->before.replaced()) {
      // What the batch itself had made was not there before it.
      if (first_new != 0 && replaced.key() >= first_new) continue;
      v1::Fact fact;
      if (!fact.ParseFromString(replaced.data())) return error::Internal("a fact in the log cannot be parsed");
      if (!names.insert(fact.name()).second) continue;
      const auto type = batch->deletes ? v1::CHANGE_TYPE_DELETED : v1::CHANGE_TYPE_UPDATED;
      v1::FactChange& change = changes.emplace_back(NewChange(*batch, type, fact.name()));
      *change.mutable_before() = std::move(fact);
    }
    if (first_new == 0) return changes;
    const auto created = NamesOfNew(*batch);
    if (!created.ok()) return created.status();
    for (const std::string& name : *created) {
      // A fact that moved to another account has a new key, and is not new.
      if (names.insert(name).second) changes.push_back(NewChange(*batch, v1::CHANGE_TYPE_CREATED, name));
    }
    return changes;
  }

  static v1::FactChange NewChange(const Batch& batch, v1::ChangeType type, const std::string& name) {
    v1::FactChange change;
    change.set_revision(batch.revision);
    change.set_type(type);
    change.set_name(name);
    *change.mutable_commit_time() = ToProtoTime(batch.time);
    change.set_actor(batch.actor);
    change.set_etag(engine::EtagOf(type == v1::CHANGE_TYPE_DELETED ? kNoFact : batch.revision));
    return change;
  }

  // By key. Facts that are gone from their keys since are told by the batch that took them.
  absl::StatusOr<std::vector<std::string>> NamesOfNew(const Batch& batch) const {
    std::map<storage::Key, std::string> names;
    std::set<storage::Key> gone;
    for (storage::Key key = batch.before.first_new_key(); key < batch.new_end; ++key) {
      auto record = storage_.Get(engine::kFact, key);
      if (!record.ok()) return error::FromStorage(record.status());
      if (record->has_value()) {
        names.emplace(key, "facts/" + (*record)->id);
      } else {
        gone.insert(key);
      }
    }
    if (auto status = FindGone(batch.revision, &gone, &names); !status.ok()) return status;
    std::vector<std::string> ordered;
    for (auto& [key, name] : names) ordered.push_back(std::move(name));
    return ordered;
  }

  absl::Status FindGone(storage::Revision from, std::set<storage::Key>* gone,
                        std::map<storage::Key, std::string>* names) const {
    if (gone->empty()) return absl::OkStatus();
    log::LogEntry entry;
    const absl::Status read = storage_.ReadLog(from - 1, [&](storage::Revision, std::string_view bytes) {
      entry.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
      for (const log::Change& change : entry.changes()) {
        if (change.change() != kFactsBefore) continue;
        log::FactsBefore before;
        before.ParseFromString(change.data());
        for (const log::FactBefore& replaced : before.replaced()) {
          v1::Fact fact;
          if (gone->erase(replaced.key()) == 0 || !fact.ParseFromString(replaced.data())) continue;
          names->emplace(replaced.key(), fact.name());
        }
      }
      return !gone->empty();
    });
    return read.ok() ? read : error::FromStorage(read);
  }

  const storage::Storage& storage_;
  const storage::Revision head_;
  const storage::Key last_key_;
  const storage::Revision through_;
  const int64_t page_size_;
  const uint64_t binding_;
  std::vector<Batch> batches_;
  int64_t created_ = 0;  // by the batch that was read last
  bool more_ = false;
  size_t bytes_ = 0;
};

}  // namespace

absl::Status ListFactChanges(const Workspace& workspace, const v1::ListFactChangesRequest& request,
                             v1::ListFactChangesResponse* response) {
  const auto page_size = engine::PageSize(request.page_size());
  if (!page_size.ok()) return page_size.status();
  v1::ListFactChangesRequest bound = request;
  bound.clear_page_size();
  bound.clear_page_token();
  const uint64_t binding = engine::FingerprintOf(bound);
  Place start{.revision = request.after_revision() + 1};
  if (!request.page_token().empty()) {
    const auto position = model::DecodeIntPageToken(request.page_token(), binding, 1);
    if (!position.ok()) return position.status();
    start = {position->key, std::get<int64_t>(position->values.front())};
  }
  return ChangeReader(workspace, request, *page_size, binding).Fill(start, response);
}

}  // namespace folio::portfolio
