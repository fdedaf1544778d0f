#include "server/indicators/scope.h"

#include <xxhash.h>

#include <algorithm>
#include <map>

#include "server/engine/group.h"

namespace folio::indicators {
namespace {

using engine::RowKey;

constexpr RowKey kNobody = 0;

// Gives each account its numbers, in the order of keys.
class Builder {
 public:
  Builder(const engine::Snapshot& snapshot, std::span<const model::ColumnIndex> group_by, size_t groups_max,
          std::vector<uint32_t>* first, std::vector<uint32_t>* numbers)
      : snapshot_(snapshot), group_by_(group_by), groups_max_(groups_max), first_(first), numbers_(numbers) {}

  void Visit(RowKey key) {
    if (known_.size() > groups_max_) return;
    first_->resize(static_cast<size_t>(key) + 1, static_cast<uint32_t>(numbers_->size()));
    numbers_->push_back(0);
    if (group_by_.size() == 1) {
      for (std::string& value : ValuesOf(key, group_by_[0])) Add({std::move(value)});
    } else if (group_by_.size() == 2) {
      const std::vector<std::string> outer = ValuesOf(key, group_by_[0]);
      const std::vector<std::string> inner = ValuesOf(key, group_by_[1]);
      for (const std::string& a : outer) {
        for (const std::string& b : inner) Add({a, b});
      }
    }
    first_->push_back(static_cast<uint32_t>(numbers_->size()));
  }

  const std::map<std::vector<std::string>, uint32_t>& known() const { return known_; }

 private:
  std::vector<std::string> ValuesOf(RowKey key, model::ColumnIndex column) const {
    if (key == kNobody) return {""};
    return engine::GroupsOf(snapshot_, key, column);
  }
  void Add(std::vector<std::string> values) {
    numbers_->push_back(known_.try_emplace(std::move(values), known_.size() + 1).first->second);
  }

  const engine::Snapshot& snapshot_;
  const std::span<const model::ColumnIndex> group_by_;
  const size_t groups_max_;
  std::vector<uint32_t>* const first_;
  std::vector<uint32_t>* const numbers_;
  std::map<std::vector<std::string>, uint32_t> known_;
};

}  // namespace

Scope::Scope(const engine::Snapshot& snapshot, const model::Filter& filter,
             std::span<const model::ColumnIndex> group_by, bool with_nobody, int64_t groups_max) {
  Builder builder(snapshot, group_by, static_cast<size_t>(groups_max), &first_, &numbers_);
  if (with_nobody) builder.Visit(kNobody);
  snapshot.VisitMatches(
      &filter,
      [](void* context, const RowKey* keys, int count) {
        for (int i = 0; i < count; ++i) static_cast<Builder*>(context)->Visit(keys[i]);
      },
      &builder);
  // Numbers in the order of the values, whichever account came first.
  std::vector<uint32_t> sorted(builder.known().size() + 1);
  for (const auto& [values, number] : builder.known()) {
    sorted[number] = static_cast<uint32_t>(groups_.size());
    groups_.push_back(values);
  }
  for (uint32_t& number : numbers_) number = sorted[number];
  SetDigests();
}

Scope Scope::Within(const engine::Snapshot& snapshot, const model::Filter& filter) const {
  struct Context {
    const Scope& whole;
    Scope& part;
  };
  Scope part;
  part.groups_ = groups_;
  Context both{*this, part};
  snapshot.VisitMatches(
      &filter,
      [](void* context, const RowKey* keys, int count) {
        const auto& [whole, narrowed] = *static_cast<Context*>(context);
        for (int i = 0; i < count; ++i) {
          const std::span<const uint32_t> numbers = whole.Of(keys[i]);
          if (numbers.empty()) continue;
          narrowed.first_.resize(static_cast<size_t>(keys[i]) + 1, static_cast<uint32_t>(narrowed.numbers_.size()));
          narrowed.numbers_.insert(narrowed.numbers_.end(), numbers.begin(), numbers.end());
          narrowed.first_.push_back(static_cast<uint32_t>(narrowed.numbers_.size()));
        }
      },
      &both);
  part.SetDigests();
  return part;
}

void Scope::SetDigests() {
  std::string names;
  for (const std::vector<std::string>& values : groups_) {
    for (const std::string& value : values) names.append(value).push_back('\0');
  }
  digest_ = XXH3_64bits(names.data(), names.size());
  for (size_t begin = 0; begin + 1 < first_.size(); begin += kUnitAccounts) {
    const size_t end = std::min(begin + kUnitAccounts, first_.size() - 1);
    std::vector<uint32_t> shape;  // how many groups each account of the unit has, then their numbers
    for (size_t account = begin; account < end; ++account) shape.push_back(first_[account + 1] - first_[account]);
    shape.insert(shape.end(), numbers_.begin() + first_[begin], numbers_.begin() + first_[end]);
    unit_digests_.push_back(XXH3_64bits_withSeed(shape.data(), shape.size() * sizeof(uint32_t), digest_));
  }
  digest_ = XXH3_64bits_withSeed(unit_digests_.data(), unit_digests_.size() * sizeof(uint64_t), digest_);
}

}  // namespace folio::indicators
