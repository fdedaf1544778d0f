// The library's rules as tests ask them.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "server/signals/finding.h"
#include "server/signals/spell.h"
#include "tests/account/account_builder.h"

namespace folio::signals {

// Health as a function of the day; without one there is none.
class FakeHealth final : public AccountSource {
 public:
  FakeHealth() = default;
  explicit FakeHealth(std::function<double(Day)> score) : score_(std::move(score)) {}
  measures::Reading HealthOn(const account::View& view) const override {
    if (score_ == nullptr) return {};
    return {score_(view.today), v1::ABSENCE_UNSPECIFIED, 0};
  }

 private:
  const std::function<double(Day)> score_;
};

inline const Rule& LibraryRule(const std::string& id) {
  const auto rules = RuleSet::Default();
  const int number = rules->Find(id);
  EXPECT_GE(number, 0) << id;
  return rules->at(std::max(number, 0));
}

inline Verdict Judge(const std::string& id, const account::View& view, const AccountSource& health = FakeHealth()) {
  Sheet sheet = RuleSet::Default()->NewSheet();
  sheet.Turn(view, health);
  return LibraryRule(id).Judge(sheet);
}

// The severity with which a rule begins to hold.
inline v1::SignalSeverity Grade(const std::string& id, const account::AccountBuilder& account) {
  return Judge(id, account.view()).begins;
}
inline v1::SignalSeverity Grade(const std::string& id, const account::AccountBuilder& account,
                                const AccountSource& health) {
  return Judge(id, account.view(), health).begins;
}
// The severity with which it stays.
inline v1::SignalSeverity Stay(const std::string& id, const account::AccountBuilder& account) {
  return Judge(id, account.view()).stays;
}

inline Finding Explain(const std::string& id, const account::View& view, error::Locale locale = error::Locale::kEnglish,
                       const AccountSource& health = FakeHealth()) {
  Sheet sheet = RuleSet::Default()->NewSheet();
  sheet.Turn(view, health);
  return Describe(LibraryRule(id), sheet, {.locale = locale, .currency = "EUR"});
}
inline std::string English(const std::string& id, const account::AccountBuilder& account) {
  return Explain(id, account.view()).summary;
}
inline std::string French(const std::string& id, const account::AccountBuilder& account) {
  return Explain(id, account.view(), error::Locale::kFrench).summary;
}
inline Day SinceOf(const std::string& id, const account::AccountBuilder& account) {
  return Since(*RuleSet::Default(), LibraryRule(id), account.view(), FakeHealth());
}

inline double Number(const Finding& finding, std::string_view id) {
  for (const v1::SignalEvidence& evidence : finding.evidence) {
    if (evidence.id() == id) return evidence.number();
  }
  ADD_FAILURE() << "no evidence " << id;
  return 0;
}

}  // namespace folio::signals
