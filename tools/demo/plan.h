// What is decided about an account before anything of it is written.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tools/demo/generator.h"
#include "tools/demo/profile.h"
#include "tools/demo/words.h"

namespace folio::demo {

// Revenue on the days [start, end); `end` is kOpen for the term that runs.
struct PlannedTerm {
  int32_t start;
  int32_t end;
  int64_t annual_units;
  bool add_on;
};
inline constexpr int32_t kOpen = INT32_MAX;

struct Plan {
  const Options* options = nullptr;
  const Profile* profile = nullptr;
  const Words* words = nullptr;
  int64_t index = 0;
  std::string slug;  // the account is "accounts/{slug}"
  v1::AccountSize size = v1::ACCOUNT_SIZE_UNSPECIFIED;
  int64_t employees = 0;
  int64_t arr_units = 0;  // today, or on the last day of an account that left
  int64_t seats = 0;
  bool auto_renew = false;
  int32_t window_start = 0;  // first day of the history
  int32_t contract_start = 0;
  int32_t horizon = 0;  // first day without facts: today, or the day on which the account left
  int32_t renewal = 0;  // first day after the running term
  int32_t champion_left = kOpen;

  int32_t first_day() const { return contract_start > window_start ? contract_start : window_start; }
};

// Decides, and writes the account itself.
Plan MakePlan(const Options& options, int64_t index, v1::Account* account);

// The terms of an account, by start; add-ons last.
std::vector<PlannedTerm> MakeTerms(const Plan& plan);

void AddContacts(const Plan& plan, Client* client);
void AddSubscriptions(const Plan& plan, const std::vector<PlannedTerm>& terms, Client* client);
void AddUsage(const Plan& plan, Client* client);
void AddEvents(const Plan& plan, const std::vector<PlannedTerm>& terms, Client* client);
void AddTasks(const Plan& plan, Client* client);
// The lead that the account was, and its deals.
void AddSales(const Plan& plan, const std::vector<PlannedTerm>& terms, Client* client);
// Orders, refunds, costs, conversations and engagement.
void AddTrade(const Plan& plan, Client* client);

}  // namespace folio::demo
