// The library and sets of rules.
#include <algorithm>
#include <cstdlib>
#include <utility>

#include "google/protobuf/text_format.h"
#include "library_text.h"
#include "server/signals/rule.h"

namespace folio::signals {
namespace {

constexpr std::string_view kPrefix = "signalRules/";

}  // namespace

std::string_view RuleIdOf(std::string_view name) {
  return name.starts_with(kPrefix) ? name.substr(kPrefix.size()) : std::string_view();
}

std::span<const v1::SignalRule> Library() {
  static const std::vector<v1::SignalRule>* const library = [] {
    auto* rules = new std::vector<v1::SignalRule>;
    for (const char* text : {kRisksText, kOpportunitiesText}) {
      v1::ListSignalRulesResponse parsed;
      // It is part of the program: one that does not parse is a fault of the build, which no caller can handle.
      if (!google::protobuf::TextFormat::ParseFromString(text, &parsed)) std::abort();
      rules->insert(rules->end(), parsed.signal_rules().begin(), parsed.signal_rules().end());
    }
    for (v1::SignalRule& rule : *rules) rule.set_built_in(true);
    return rules;
  }();
  return *library;
}

const v1::SignalRule* FindInLibrary(std::string_view id) {
  const auto library = Library();
  const auto found = std::find_if(library.begin(), library.end(),
                                  [id](const v1::SignalRule& rule) { return RuleIdOf(rule.name()) == id; });
  return found == library.end() ? nullptr : &*found;
}

RuleSet::RuleSet(std::vector<Entry> entries) : entries_(std::move(entries)) {
  rules_.reserve(entries_.size());
  for (const Entry& entry : entries_) {
    rules_.push_back(Rule(entry.id, entry.rule, entry.exists && !entry.rule.disabled(), &figures_, &filters_));
  }
}

std::shared_ptr<const RuleSet> RuleSet::Default() {
  static const std::shared_ptr<const RuleSet> set = [] {
    std::vector<Entry> entries;
    for (const v1::SignalRule& rule : Library()) entries.push_back({std::string(RuleIdOf(rule.name())), rule});
    return std::shared_ptr<const RuleSet>(new RuleSet(std::move(entries)));
  }();
  return set;
}

std::shared_ptr<const RuleSet> RuleSet::Of(const v1::SignalRule& rule) {
  return std::shared_ptr<const RuleSet>(new RuleSet({{std::string(RuleIdOf(rule.name())), rule}}));
}

std::shared_ptr<const RuleSet> RuleSet::With(const v1::SignalRule& rule) const {
  std::vector<Entry> entries = entries_;
  const std::string_view id = RuleIdOf(rule.name());
  const int number = Find(id);
  if (number < 0) {
    entries.push_back({std::string(id), rule});
  } else {
    entries[static_cast<size_t>(number)] = {std::string(id), rule};
  }
  return std::shared_ptr<const RuleSet>(new RuleSet(std::move(entries)));
}

std::shared_ptr<const RuleSet> RuleSet::Without(std::string_view id) const {
  if (const v1::SignalRule* built_in = FindInLibrary(id)) return With(*built_in);
  std::vector<Entry> entries = entries_;
  if (const int number = Find(id); number >= 0) entries[static_cast<size_t>(number)].exists = false;
  return std::shared_ptr<const RuleSet>(new RuleSet(std::move(entries)));
}

int RuleSet::Find(std::string_view id) const {
  const auto found = std::find_if(entries_.begin(), entries_.end(), [id](const Entry& e) { return e.id == id; });
  return found == entries_.end() ? -1 : static_cast<int>(found - entries_.begin());
}

}  // namespace folio::signals
