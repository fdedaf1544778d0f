// The ids of one kind by key, in memory: one writer, any number of readers without a lock. Ids that the server has made
// take 16 bytes instead of their 26.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "server/base/id.h"

namespace folio::engine {

class IdStore {
 public:
  // Keys lie below it. Their ids, with a byte or two for each, take 8 GiB at most.
  static constexpr int64_t kKeysMax = int64_t{1} << 27;

  IdStore() = default;
  ~IdStore() {
    for (auto& page : pages_) delete page.load();
  }
  IdStore(const IdStore&) = delete;
  IdStore& operator=(const IdStore&) = delete;

  // Stores an id of 1 to 254 bytes, once a key, for ever. Writer's thread only.
  void Put(int64_t key, std::string_view id) {
    std::atomic<Page*>& page = pages_[static_cast<size_t>(key / kPageKeys)];
    if (page.load(std::memory_order_relaxed) == nullptr) page.store(new Page(), std::memory_order_release);
    const std::optional<PackedId> packed = Pack(id);
    const uint32_t place = packed.has_value() ? Keep(kPacked, {reinterpret_cast<const char*>(&*packed), sizeof *packed})
                                              : Keep(static_cast<uint8_t>(id.size()), id);
    (*page.load(std::memory_order_relaxed))[static_cast<size_t>(key % kPageKeys)].store(place,
                                                                                        std::memory_order_release);
  }

  // Any thread, for both.
  bool Has(int64_t key) const { return PlaceOf(key) != 0; }
  // The id of a key; empty where it has none.
  std::string Get(int64_t key) const {
    const uint32_t place = PlaceOf(key);
    if (place == 0) return {};
    const char* kept = arenas_[place / kArenaSteps].get() + size_t{place % kArenaSteps} * kStep;
    const auto size = static_cast<uint8_t>(*kept);
    if (size != kPacked) return {kept + 1, size};
    PackedId packed;
    std::memcpy(&packed, kept + 1, sizeof packed);
    return Unpack(packed);
  }

 private:
  static constexpr int64_t kPageKeys = 8'192;
  static constexpr int64_t kPages = kKeysMax / kPageKeys;
  // Ids begin at every kStep-th byte, and places count those steps: a place fits in 32 bits.
  static constexpr uint32_t kStep = 2;
  static constexpr uint32_t kArenaSteps = 1 << 17;
  static constexpr uint32_t kArenas = 1 << 15;
  static constexpr uint8_t kPacked = 255;  // in the place of a size: a PackedId follows
  using Page = std::array<std::atomic<uint32_t>, kPageKeys>;

  uint32_t PlaceOf(int64_t key) const {
    if (key <= 0 || key >= kKeysMax) return 0;
    const Page* page = pages_[static_cast<size_t>(key / kPageKeys)].load(std::memory_order_acquire);
    return page == nullptr ? 0 : (*page)[static_cast<size_t>(key % kPageKeys)].load(std::memory_order_acquire);
  }

  // Copies bytes, with the one before them, to where they stay.
  uint32_t Keep(uint8_t size, std::string_view bytes) {
    const auto steps = static_cast<uint32_t>((bytes.size() + kStep) / kStep);
    if (next_ % kArenaSteps + steps > kArenaSteps) next_ = (next_ / kArenaSteps + 1) * kArenaSteps;
    auto& arena = arenas_[next_ / kArenaSteps];
    if (arena == nullptr) arena = std::make_unique_for_overwrite<char[]>(size_t{kArenaSteps} * kStep);
    char* kept = arena.get() + size_t{next_ % kArenaSteps} * kStep;
    *kept = static_cast<char>(size);
    std::memcpy(kept + 1, bytes.data(), bytes.size());
    return std::exchange(next_, next_ + steps);
  }

  std::array<std::atomic<Page*>, kPages> pages_ = {};
  std::array<std::unique_ptr<char[]>, kArenas> arenas_;
  uint32_t next_ = 1;  // where the next id is put; 0 is no place
};

}  // namespace folio::engine
