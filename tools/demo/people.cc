// Contacts and tasks.
#include <algorithm>

#include "tools/demo/calendar.h"
#include "tools/demo/plan.h"
#include "tools/demo/random.h"

namespace folio::demo {
namespace {

constexpr uint64_t kContactStream = 3;
constexpr uint64_t kTaskStream = 4;

struct Action {
  v1::TaskType type;
  std::string_view title_fr;
  std::string_view title_en;
};
constexpr Action kActions[] = {
    {v1::TASK_TYPE_CALL, "Appeler pour faire le point", "Call to catch up"},
    {v1::TASK_TYPE_EMAIL, "Envoyer le compte rendu", "Send the minutes"},
    {v1::TASK_TYPE_MEETING, "Planifier la revue trimestrielle", "Plan the quarterly review"},
    {v1::TASK_TYPE_FOLLOW_UP, "Relancer sur le devis", "Follow up on the quote"},
    {v1::TASK_TYPE_REVIEW, "Préparer le bilan annuel", "Prepare the yearly review"},
};

class ContactWriter {
 public:
  ContactWriter(const Plan& plan, Client* client)
      : plan_(plan), client_(client), random_(plan.options->seed, static_cast<uint64_t>(plan.index), kContactStream) {}

  v1::Contact* Add(v1::ContactRole role, std::string_view title) {
    v1::Contact* contact = client_->contacts.Add();
    const std::string number = std::to_string(client_->contacts.size());
    contact->mutable_name()->assign("contacts/").append(plan_.slug).append("-").append(number);
    contact->set_account(client_->account.name());
    const std::string_view first = random_.Pick(plan_.words->first_names);
    const std::string_view last = random_.Pick(plan_.words->last_names);
    contact->mutable_display_name()->assign(first).append(" ").append(last);
    AppendSlug(first, contact->mutable_email());
    contact->mutable_email()->push_back('.');
    AppendSlug(last, contact->mutable_email());
    contact->mutable_email()->append("@").append(client_->account.domain());
    contact->set_title(title.data(), title.size());
    contact->set_role(role);
    const int32_t start = plan_.contract_start + static_cast<int32_t>(random_.Below(90));
    SetDate(std::min(start, plan_.horizon - 28), contact->mutable_role_start_date());
    return contact;
  }

  Random& random() { return random_; }

 private:
  const Plan& plan_;
  Client* client_;
  Random random_;
};

}  // namespace

void AddContacts(const Plan& plan, Client* client) {
  ContactWriter writer(plan, client);
  Random& random = writer.random();
  const Words& words = *plan.words;
  writer.Add(v1::CONTACT_ROLE_MAIN, random.Pick(words.user_titles));
  v1::Contact* decides = writer.Add(v1::CONTACT_ROLE_DECISION_MAKER, random.Pick(words.decision_titles));
  if (plan.profile->archetype == Archetype::kReadyToGrow) decides->set_budget_available(true);
  if (plan.size != v1::ACCOUNT_SIZE_MICRO || plan.champion_left != kOpen) {
    v1::Contact* champion = writer.Add(v1::CONTACT_ROLE_CHAMPION, random.Pick(words.champion_titles));
    if (plan.champion_left != kOpen) SetDate(plan.champion_left, champion->mutable_role_end_date());
  }
  if (plan.size >= v1::ACCOUNT_SIZE_MEDIUM) writer.Add(v1::CONTACT_ROLE_BILLING, words.billing_title);
}

void AddTasks(const Plan& plan, Client* client) {
  Random random(plan.options->seed, static_cast<uint64_t>(plan.index), kTaskStream);
  if (plan.profile->archetype == Archetype::kChurned) return;
  const bool in_danger = plan.profile->archetype == Archetype::kAboutToChurn;
  const int64_t count = in_danger ? random.Between(1, 3) : std::max<int64_t>(0, random.Between(-3, 2));
  for (int64_t i = 0; i < count; ++i) {
    const Action& action = random.Pick(kActions);
    v1::Task* task = client->tasks.Add();
    task->mutable_name()->assign("tasks/").append(plan.slug).append("-").append(std::to_string(i + 1));
    const std::string_view title = plan.words == &WordsOf(Language::kFrench) ? action.title_fr : action.title_en;
    task->set_title(title.data(), title.size());
    task->set_type(action.type);
    task->set_account(client->account.name());
    task->set_assignee(client->account.owner());
    const bool done = random.Chance(350);
    task->set_status(done ? v1::TASK_STATUS_DONE
                          : (random.Chance(300) ? v1::TASK_STATUS_IN_PROGRESS : v1::TASK_STATUS_OPEN));
    task->set_priority(in_danger ? v1::TASK_PRIORITY_HIGH : v1::TASK_PRIORITY_NORMAL);
    const int64_t due = done ? random.Between(-60, -2) : random.Between(-6, 30);
    SetDate(plan.options->as_of + static_cast<int32_t>(due), task->mutable_due_date());
  }
}

}  // namespace folio::demo
