// Numbers for names, scales and currencies, given at the first question and kept.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/ledger/entry.h"

namespace folio::ledger {

// A scale of answers that tell of effort.
struct Scale {
  double minimum = 0;
  double maximum = 0;
  bool low_is_easy = false;

  bool operator==(const Scale&) const = default;
};

// Texts by number; at most 65535, beyond which all share the last.
class Texts {
 public:
  // Numbered from 0, in their order.
  explicit Texts(std::vector<std::string> known);

  uint16_t NumberOf(std::string_view text);
  const std::vector<std::string>& all() const { return all_; }

 private:
  std::map<std::string, uint16_t, std::less<>> numbers_;
  std::vector<std::string> all_;
};

class Numbers {
 public:
  // `currency` is the workspace's, and has number 0.
  explicit Numbers(const std::string& currency = "");

  uint16_t OfFeature(std::string_view name) { return features_.NumberOf(name); }  // 0 for none
  uint16_t OfStage(std::string_view name) { return stages_.NumberOf(name); }
  uint16_t OfScale(const Scale& scale);
  uint16_t OfCurrency(std::string_view code) { return currencies_.NumberOf(code); }
  // 0 for an empty one, or for the workspace's currency. Those of categories and priorities are their numbers in the
  // contract.
  uint16_t OfLabel(Dimension dimension, std::string_view text);

  // How many have been given.
  size_t count() const;
  const std::vector<Scale>& scales() const { return scales_; }
  const std::vector<std::string>& stages() const { return stages_.all(); }
  const std::vector<std::string>& currencies() const { return currencies_.all(); }
  const std::vector<std::string>& labels(Dimension dimension) const {
    return labels_[static_cast<size_t>(dimension)].all();
  }

 private:
  Texts features_;
  Texts stages_;
  Texts currencies_;
  std::vector<Texts> labels_;  // by dimension
  std::vector<Scale> scales_;
};

}  // namespace folio::ledger
