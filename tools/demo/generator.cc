#include "tools/demo/generator.h"

#include <utility>

#include "tools/demo/plan.h"

namespace folio::demo {

void Client::Clear() {
  account.Clear();
  contacts.Clear();
  subscriptions.Clear();
  leads.Clear();
  deals.Clear();
  facts.Clear();
  tasks.Clear();
}

Generator::Generator(Options options) : options_(std::move(options)) {}

void Generator::Make(int64_t index, Client* client) const {
  client->Clear();
  client->index = index;
  const Plan plan = MakePlan(options_, index, &client->account);
  client->archetype = plan.profile->archetype;
  if (options_.accounts_only) return;
  const std::vector<PlannedTerm> terms = MakeTerms(plan);
  AddContacts(plan, client);
  AddSubscriptions(plan, terms, client);
  AddUsage(plan, client);
  AddEvents(plan, terms, client);
  AddTasks(plan, client);
  AddSales(plan, terms, client);
  AddTrade(plan, client);
}

bool Generator::Next(Client* client) {
  if (next_ >= options_.accounts) return false;
  Make(next_++, client);
  return true;
}

}  // namespace folio::demo
