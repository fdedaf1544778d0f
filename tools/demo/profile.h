// What each archetype means in numbers. Shares are in thousandths.
#pragma once

#include <span>

#include "tools/demo/generator.h"

namespace folio::demo {

struct Range {
  int low;
  int high;
};

struct Profile {
  Archetype archetype;
  const char* name;
  int share;             // of all accounts
  int usage[5];          // level of usage at the window's start, and 120, 60, 30 and 0 days ago
  Range features;        // how many features are used, of kFeatureCount
  Range growth;          // of revenue at each renewal
  Range renewal_days;    // until the next renewal
  int auto_renew;        // share
  Range nps;             // answers, 0 to 10
  Range csat;            // answers, 1 to 5
  Range tickets_a_year;  // closed ones
  Range open_urgent;     // tickets open today
  Range silence_days;    // since the last contact
  int contact_every_days;
  int paid_late;  // share of invoices
  Range days_late;
  int champion_left;  // share whose champion has left within 30 days
};

inline constexpr int kFeatureCount = 8;

const Profile& ProfileOf(Archetype archetype);
std::span<const Profile> AllProfiles();

}  // namespace folio::demo
