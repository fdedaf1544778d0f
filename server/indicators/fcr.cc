// fcr, fcr_all_contacts: what is resolved at the first contact, for good.
#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "server/indicators/entries_method.h"
#include "server/indicators/indicator.h"

namespace folio::indicators {
namespace {

using ledger::Entry;
using ledger::EntryKind;

constexpr int kDefaultRepeatDays = 7;

int RepeatDays(const Question& question) {
  return question.settings.has_repeat_contact_days() ? question.settings.repeat_contact_days() : kDefaultRepeatDays;
}

// Tickets of a period, and what became of them.
struct Outcomes {
  int64_t counted = 0;    // resolved, or, of all contacts, submitted
  int64_t at_first = 0;   // resolved at the first contact, and not repeated
  int64_t repeated = 0;   // resolved at the first contact, and opened again or asked again within the window
  int64_t uncounted = 0;  // nobody counted the contacts that they took
  int64_t waiting = 0;    // of those at first contact, the window is still open

  void Merge(const Outcomes& other) {
    counted += other.counted;
    at_first += other.at_first;
    repeated += other.repeated;
    uncounted += other.uncounted;
    waiting += other.waiting;
  }
};

// Submissions of tickets by account and topic, in their order.
class Submissions {
 public:
  Submissions(const Question& question, Instant start, Instant end) {
    const TimeZone& zone = question.portfolio.zone();
    const ledger::Month first = ledger::MonthOf(zone.DayAt(start));
    const ledger::Month last = ledger::MonthOf(zone.DayAt(end));
    for (const auto& [month, segment] : question.state.table(EntryKind::kTicket)) {
      if (month < first || month > last) continue;
      segment->ForEach([&](const Entry& entry) {
        if (entry.time >= start && entry.time <= end) by_topic_[TopicOf(entry)].emplace_back(entry.time, entry.record);
      });
    }
    for (auto& [topic, times] : by_topic_) std::sort(times.begin(), times.end());
  }

  // Whether another ticket of the account and topic came after an instant, up to another.
  bool HasOther(const Entry& entry, Instant after, Instant until) const {
    const auto found = by_topic_.find(TopicOf(entry));
    if (found == by_topic_.end()) return false;
    for (auto it = std::lower_bound(found->second.begin(), found->second.end(), std::pair{after, int64_t{0}});
         it != found->second.end() && it->first <= until; ++it) {
      if (it->second != entry.record) return true;
    }
    return false;
  }

 private:
  using Topic = std::pair<uint32_t, uint16_t>;
  static Topic TopicOf(const Entry& entry) { return {entry.account, ledger::FirstLabelOf(entry)}; }

  std::map<Topic, std::vector<std::pair<Instant, int64_t>>> by_topic_;
};

// Goes through the resolutions of a period.
class Resolutions {
 public:
  Resolutions(const Question& question, const Period& period)
      : question_(question),
        window_(RepeatDays(question) * kDay),
        now_(question.portfolio.zone().StartOf(question.calendar.today + 1)),
        submissions_(question, period.start, period.read_end + window_) {}

  // What became of a ticket that was resolved.
  Outcomes Of(const Entry& entry) const {
    if (entry.value == ledger::kNoValue) return {.uncounted = 1};
    if (entry.value > 1) return {.counted = 1};
    const bool again = entry.mark != ledger::kNeverAgain && entry.mark < RepeatDays(question_);
    if (again || submissions_.HasOther(entry, entry.time, entry.time + window_)) return {.counted = 1, .repeated = 1};
    return {.counted = 1, .at_first = 1, .waiting = entry.time + window_ > now_ ? 1 : 0};
  }

 private:
  static constexpr Instant kDay = 24LL * 3600 * ledger::kMillion;

  const Question& question_;
  const Instant window_;
  const Instant now_;  // the end of the current day
  const Submissions submissions_;
};

struct AnyEntry {};

template <typename Visitor>
void VisitEntries(const Question& question, EntryKind kind, const Period& period, Visitor visit) {
  for (const Stretch& stretch : StretchesOf(question, std::array{kind}, period)) {
    EntrySums<AnyEntry>::Visit(question, stretch, visit);
  }
}

using OutcomeVisitor = std::function<void(const Entry& entry, std::span<const uint32_t> groups, const Outcomes&)>;

// Tickets resolved in the period: `visit(entry, groups, outcomes)`.
void VisitResolved(const Question& question, const Period& period, const OutcomeVisitor& visit) {
  const Resolutions resolutions(question, period);
  VisitEntries(question, EntryKind::kResolution, period, [&](const Entry& entry, std::span<const uint32_t> groups) {
    visit(entry, groups, resolutions.Of(entry));
  });
}

// Tickets submitted in the period, those that are not resolved among them.
void VisitSubmitted(const Question& question, const Period& period, const OutcomeVisitor& visit) {
  // They may be resolved long after.
  Period until_now = period;
  until_now.read_end = question.portfolio.zone().StartOf(question.calendar.today + 1);
  until_now.last_day = std::max(period.last_day, question.calendar.today);
  const Resolutions resolutions(question, until_now);
  std::map<int64_t, Outcomes> by_record;
  VisitEntries(question, EntryKind::kResolution, until_now,
               [&](const Entry& entry, std::span<const uint32_t>) { by_record[entry.record] = resolutions.Of(entry); });
  VisitEntries(question, EntryKind::kTicket, period, [&](const Entry& entry, std::span<const uint32_t> groups) {
    const auto found = by_record.find(entry.record);
    visit(entry, groups, found == by_record.end() ? Outcomes{.counted = 1} : found->second);
  });
}

Figure Rate(const Outcomes& sum) {
  Figure figure = ShareOf(sum.at_first, sum.counted, v1::ABSENCE_NO_DATA);
  figure.parts = {PartNumber(static_cast<double>(sum.repeated)), PartNumber(static_cast<double>(sum.uncounted)),
                  PartNumber(static_cast<double>(sum.waiting))};
  if (figure.has_value() && sum.waiting > 0) figure.absence = v1::ABSENCE_NOT_MATURE;
  return figure;
}

using Visit = void (*)(const Question& question, const Period& period, const OutcomeVisitor& visit);

template <Visit visit>
class RateMethod final : public Method {
 public:
  explicit RateMethod(std::string_view id) : id_(id) {}

  Figures Compute(const Question& question) const override {
    Figures figures;
    for (const Period& period : question.periods) {
      std::vector<Figure>& row = figures.emplace_back();
      const auto sums = SumsOf(question, period);
      for (const Outcomes& sum : *sums) row.push_back(Rate(sum));
    }
    return figures;
  }

  std::vector<Contribution> ContributionsTo(const Question& question, uint32_t group) const override {
    std::vector<Contribution> contributions;
    visit(question, question.periods.front(),
          [&](const Entry& entry, std::span<const uint32_t> groups, const Outcomes& outcomes) {
            if (std::find(groups.begin(), groups.end(), group) == groups.end()) return;
            Figure figure = Rate(outcomes);
            if (Adds(figure)) contributions.push_back({entry.account, entry.record, entry.time, std::move(figure)});
          });
    return contributions;
  }

 private:
  using Sums = std::vector<Outcomes>;  // by group

  std::shared_ptr<const Sums> SumsOf(const Question& question, const Period& period) const {
    // Whether a ticket was repeated is told by others, of later months too: any change of tickets reads it again.
    uint64_t version = 0;
    for (const EntryKind kind : {EntryKind::kTicket, EntryKind::kResolution}) {
      for (const auto& [month, segment] : question.state.table(kind)) version = std::max(version, segment->draft());
    }
    const ledger::MemoKey key{.component = DigestOf(id_),
                              .scope = question.scope.digest(),
                              .part = int64_t{question.calendar.today} * 1'000 + RepeatDays(question),
                              .start = period.start,
                              .end = period.read_end};
    if (auto known = question.memos.Find(key, version)) return std::static_pointer_cast<const Sums>(known);
    auto sums = std::make_shared<Sums>(question.scope.group_count());
    visit(question, period, [&](const Entry&, std::span<const uint32_t> groups, const Outcomes& outcomes) {
      for (const uint32_t group : groups) (*sums)[group].Merge(outcomes);
    });
    question.memos.Put(key, version, sums, std::ssize(*sums) * static_cast<int64_t>(sizeof(Outcomes)));
    return sums;
  }

  const std::string_view id_;
};

Indicator OfTickets(Indicator indicator) {
  indicator.formula = "{numerator} ÷ {denominator}";
  indicator.category = v1::INDICATOR_CATEGORY_PERCEPTION;
  indicator.unit = v1::INDICATOR_UNIT_RATIO;
  indicator.interval = v1::INTERVAL_METHOD_WILSON;
  indicator.inputs = {"facts.ticket"};
  indicator.dimensions = {ledger::Dimension::kTicketPriority, ledger::Dimension::kTicketTopic,
                          ledger::Dimension::kTicketChannel};
  indicator.parts = {
      {"repeated", "Resolved at the first contact, and repeated", "Résolus au premier contact, et répétés"},
      {"uncounted", "Contacts not counted, left out", "Contacts non comptés, écartés"},
      {"window_open", "At the first contact, may still repeat", "Au premier contact, peuvent encore se répéter"}};
  return indicator;
}

const Registrar kFcr(OfTickets({
    .id = "fcr",
    .name = "First contact resolution",
    .name_fr = "Résolution au premier contact",
    .description =
        "Tickets resolved in the period at the first contact, neither opened again nor followed by another of the same "
        "account and topic within 7 days (repeat_contact_days) ÷ tickets resolved in the period. Not mature until "
        "these days have passed.",
    .description_fr =
        "Tickets résolus dans la période au premier contact, ni rouverts ni suivis d'un autre du même compte et sujet "
        "sous 7 jours (repeat_contact_days) ÷ tickets résolus dans la période. Pas définitif avant que ces jours ne "
        "soient passés.",
    .method = std::make_shared<RateMethod<VisitResolved>>("fcr"),
}));

const Registrar kAll(OfTickets({
    .id = "fcr_all_contacts",
    .variant_of = "fcr",
    .name = "First contact resolution, of all contacts",
    .name_fr = "Résolution au premier contact, de tous les contacts",
    .description =
        "Tickets submitted in the period that were resolved at the first contact, as of fcr ÷ all tickets submitted "
        "in the period, resolved or not.",
    .description_fr =
        "Tickets déposés dans la période et résolus au premier contact, comme pour fcr ÷ tous les tickets déposés dans "
        "la période, résolus ou non.",
    .method = std::make_shared<RateMethod<VisitSubmitted>>("fcr_all_contacts"),
}));

}  // namespace
}  // namespace folio::indicators
