// The ids of one kind by key, in memory: one writer, any number of readers without a lock.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace folio::engine {

class IdStore {
 public:
  IdStore() = default;
  ~IdStore() {
    for (auto& page : pages_) delete page.load();
  }
  IdStore(const IdStore&) = delete;
  IdStore& operator=(const IdStore&) = delete;

  // Stores an id of at most 255 bytes, once a key, for ever. Writer's thread only.
  void Put(int64_t key, std::string_view id) {
    std::atomic<Page*>& slot = pages_[static_cast<size_t>(key / kPageKeys)];
    if (slot.load(std::memory_order_relaxed) == nullptr) slot.store(new Page(), std::memory_order_release);
    if (room_ < id.size() + 1) {
      room_ = kArenaBytes;
      arenas_.push_back(std::make_unique<char[]>(room_));
      bytes_ += kArenaBytes;
    }
    char* place = arenas_.back().get() + (kArenaBytes - room_);
    room_ -= id.size() + 1;
    *place = static_cast<char>(id.size());
    std::memcpy(place + 1, id.data(), id.size());
    (*slot.load(std::memory_order_relaxed))[static_cast<size_t>(key % kPageKeys)].store(place,
                                                                                        std::memory_order_release);
  }

  // The id of a key; empty where it has none. Valid as long as the store.
  std::string_view Get(int64_t key) const {
    if (key <= 0 || key / kPageKeys >= kPages) return {};
    const Page* page = pages_[static_cast<size_t>(key / kPageKeys)].load(std::memory_order_acquire);
    if (page == nullptr) return {};
    const char* place = (*page)[static_cast<size_t>(key % kPageKeys)].load(std::memory_order_acquire);
    if (place == nullptr) return {};
    return {place + 1, static_cast<unsigned char>(*place)};
  }

  int64_t MemoryBytes() const { return bytes_; }

 private:
  static constexpr int64_t kPageKeys = 8192;
  static constexpr int64_t kPages = 16384;  // 134 million keys
  static constexpr size_t kArenaBytes = 1 << 20;
  using Page = std::array<std::atomic<const char*>, kPageKeys>;

  std::array<std::atomic<Page*>, kPages> pages_ = {};
  std::vector<std::unique_ptr<char[]>> arenas_;
  size_t room_ = 0;
  int64_t bytes_ = 0;
};

}  // namespace folio::engine
