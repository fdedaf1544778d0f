#include "server/ledger/memos.h"

#include <xxhash.h>

#include <utility>

namespace folio::ledger {

size_t Memos::Hash::operator()(const MemoKey& key) const { return XXH3_64bits(&key, sizeof(key)); }

std::shared_ptr<const void> Memos::Find(const MemoKey& key, uint64_t version) {
  const std::lock_guard lock(mutex_);
  if (const auto found = newest_.find(key); found != newest_.end() && found->second.version == version) {
    ++hits_;
    return found->second.result;
  }
  const auto found = older_.find(key);
  if (found == older_.end() || found->second.version != version) {
    ++misses_;
    return nullptr;
  }
  ++hits_;
  Held held = std::move(found->second);
  older_.erase(found);
  std::shared_ptr<const void> result = held.result;
  PutNewest(key, std::move(held));
  return result;
}

void Memos::Put(const MemoKey& key, uint64_t version, std::shared_ptr<const void> result, int64_t bytes) {
  const std::lock_guard lock(mutex_);
  PutNewest(key, {.version = version, .result = std::move(result), .bytes = bytes});
}

void Memos::PutNewest(const MemoKey& key, Held held) {
  const int64_t bytes = held.bytes;
  Held& place = newest_[key];
  newest_bytes_ += bytes - place.bytes;
  place = std::move(held);
  if (newest_bytes_ <= generation_bytes_max_) return;
  older_ = std::exchange(newest_, {});
  newest_bytes_ = 0;
}

int64_t Memos::hits() const {
  const std::lock_guard lock(mutex_);
  return hits_;
}

int64_t Memos::misses() const {
  const std::lock_guard lock(mutex_);
  return misses_;
}

}  // namespace folio::ledger
