// What scoring, signals and revenue know of one account: plain values, no message, no storage.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "server/account/custom.h"
#include "server/base/date.h"
#include "server/base/money.h"

namespace folio::account {

// A day on which a subscription was due, and went on. Amounts are those of a year.
struct PastDue {
  Day day = kNoDay;
  Micros due = 0;
  Micros renewed = 0;

  bool operator==(const PastDue&) const = default;
};

// A subscription as revenue sees it: active on the days [start, end). Amounts are in the workspace's currency.
struct Term {
  int64_t key = 0;  // storage key of the subscription
  Day start = kNoDay;
  Day end = kNoDay;      // kNoDay: open
  Micros annual = 0;     // what it brings in a year
  Day renewal = kNoDay;  // kNoDay: not known
  int32_t seats = -1;    // -1: not known
  bool trial = false;
  int8_t auto_renew = -1;          // 1, 0; -1: not known
  uint16_t currency = 0;           // in which it is held: a number of whoever keeps it, where it is told apart
  std::vector<PastDue> past = {};  // ascending

  // When it is due, as far as is known: its renewal date, else its end; kNoDay where it has neither.
  Day due() const { return renewal != kNoDay ? renewal : end; }
};

// A contact as signals see it.
struct ContactTerm {
  int64_t key = 0;
  uint8_t role = 0;  // folio.v1.ContactRole
  Day start = kNoDay;
  Day end = kNoDay;
  bool budget_available = false;
};

// Whether a contact has its role on a day.
inline bool IsInRole(const ContactTerm& contact, Day day) {
  return contact.start <= day && (contact.end == kNoDay || contact.end > day);  // kNoDay is before every day
}

// What a point of the timeline tells. One fact makes up to five points. Usage comes last because it is most of what
// arrives, and points are kept by kind: new usage is then put near the end.
enum class PointKind : uint8_t {
  kMeeting,         // value: 1
  kContact,         // value: 1; any interaction but a note, meetings included
  kNeed,            // value: 1; an interaction that told of a need
  kBudget,          // value: 1; an interaction that told of a budget
  kNeedAmount,      // value: amount in units; of a need without a budget. Same day as its kNeed
  kBudgetAmount,    // value: amount in units; of a budget. Same day as its kBudget
  kTicketOpened,    // value: 1; tag: folio.v1.TicketPriority
  kTicketClosed,    // value: seconds from submission to close; tag: priority; at the day of closing
  kFirstResponse,   // value: seconds; at the day of the response, so that nothing is known before it happened
  kCsat,            // value: 0 to 1, the answer on its scale
  kNps,             // value: 0 to 10
  kEase,            // value: 0 to 1, a CES answer with 1 for no effort at all
  kInvoice,         // value: amount in units; at the due day
  kPaid,            // value: days late, 0 or less when in time; at the day of payment
  kContactLeft,     // value: 1; tag: role. The contact left or was replaced
  kContactArrived,  // value: 1; tag: role
  kNote,            // value: 1; a note: read by no measure, but every fact has a point, by which it is listed
  kLimitHit,        // value: how many times a limit was met; same day and tag as its kUsage
  kUser,            // value: a number for the user, the same for the same user; same day as its kUsage
  kUsageErrors,     // value: errors; same day and tag as its kUsage
  kUsage            // value: count; tag: number of the feature in the workspace's dictionary, 0 for a plain login
};

// One point: 24 bytes, since there are many.
struct Point {
  int64_t fact = 0;  // storage key of the fact
  Day day = 0;       // in the workspace's time zone
  PointKind kind = PointKind::kUsage;
  uint16_t tag = 0;
  double value = 0;
};
static_assert(sizeof(Point) == 24);

// One account on a day. Everything borrowed is valid only during the call it is given to.
struct View {
  Day today = kNoDay;    // facts up to and including it count
  Day created = kNoDay;  // day on which the account was created here
  Day contract_start = kNoDay;
  Day renewal = kNoDay;
  int8_t auto_renew = -1;                 // 1, 0; -1: not known
  int32_t seats = -1;                     // of the account itself; -1: not known
  std::optional<Micros> direct_arr;       // of the account itself, used where it has no subscription
  uint16_t direct_currency = 0;           // as Term::currency
  std::span<const Term> terms;            // subscriptions, any order
  std::span<const ContactTerm> contacts;  // any order
  std::span<const Point> points;          // as Precedes (points.h) orders; may lie after `today`: to be left out
  std::span<const CustomValue> custom;    // any order
};

}  // namespace folio::account
