#include "server/portfolio/loader.h"

#include <utility>

#include "server/base/error.h"
#include "server/engine/resources.h"

namespace folio::portfolio {

Loader::Loader(const storage::Storage& storage, std::vector<engine::Projection*> here, engine::Projection& beside)
    : storage_(storage), here_(std::move(here)), beside_(beside) {}

absl::Status Loader::Load(storage::Kind kind) {
  filling_ = {};
  waiting_ = {};
  std::thread beside([this, kind] { LoadBatches(kind); });
  const absl::Status status = Scan(kind);
  if (filling_.used > 0) HandOver();
  HandOver();  // the end
  beside.join();
  return status;
}

absl::Status Loader::Scan(storage::Kind kind) {
  const engine::ResourceType& type = *engine::FindResource(kind);
  bool parsed = true;
  const absl::Status scanned = storage_.Scan(kind, [&](const storage::RecordView& record) {
    if (filling_.used == filling_.entries.size()) filling_.entries.push_back({.message = type.NewMessage()});
    Batch::Entry& entry = filling_.entries[filling_.used];
    parsed = entry.message->ParseFromArray(record.data.data(), static_cast<int>(record.data.size()));
    if (!parsed) return false;
    for (engine::Projection* projection : here_) projection->Load(kind, record, *entry.message);
    entry.key = record.key;
    entry.revision = record.revision;
    entry.id = record.id;
    if (++filling_.used == kBatchRecords) HandOver();
    return true;
  });
  if (!scanned.ok()) return error::FromStorage(scanned);
  if (!parsed) return error::Internal("a stored resource cannot be parsed");
  return absl::OkStatus();
}

void Loader::HandOver() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !is_waiting_; });
  std::swap(filling_, waiting_);
  filling_.used = 0;
  is_waiting_ = true;
  changed_.notify_one();
}

void Loader::LoadBatches(storage::Kind kind) {
  Batch batch;
  while (true) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return is_waiting_; });
      std::swap(batch, waiting_);
      is_waiting_ = false;
      changed_.notify_one();
    }
    if (batch.used == 0) return;
    for (size_t i = 0; i < batch.used; ++i) {
      const Batch::Entry& entry = batch.entries[i];
      beside_.Load(kind, {.key = entry.key, .id = entry.id, .revision = entry.revision}, *entry.message);
    }
  }
}

}  // namespace folio::portfolio
