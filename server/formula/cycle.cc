#include "server/formula/cycle.h"

#include <map>

#include "server/base/error.h"

namespace folio::formula {
namespace {

// From `id` along the names that led to `last`, and back to `id`.
std::string WayRound(std::string_view id, const std::map<std::string, std::string>& from, const std::string& last) {
  std::string way(id);
  for (std::string name = last; name != id; name = from.at(name)) way = name + " -> " + way;
  return std::string(id) + " -> " + way;
}

}  // namespace

absl::Status CheckAcyclic(std::string_view id, const std::vector<std::string>& uses,
                          const std::function<std::vector<std::string>(std::string_view)>& uses_of) {
  std::map<std::string, std::string> from;  // what first led to each name
  std::vector<std::string> waiting;
  const auto follow = [&](const std::string& at, const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      if (from.emplace(name, at).second) waiting.push_back(name);
    }
  };
  follow(std::string(id), uses);
  while (!waiting.empty()) {
    const std::string name = waiting.back();
    waiting.pop_back();
    if (name == id) {
      return error::InvalidField("formula", "FORMULA_CYCLE", {{"way", WayRound(id, from, from.at(name))}});
    }
    follow(name, uses_of(name));
  }
  return absl::OkStatus();
}

}  // namespace folio::formula
