// An account for tests, built a line at a time.
#pragma once

#include <vector>

#include "server/account/timeline.h"
#include "server/account/view.h"

namespace folio::account {

inline Day On(int year, int month, int day) { return DayOf({year, month, day}); }

class AccountBuilder {
 public:
  explicit AccountBuilder(Day today) { view_.today = today; }

  AccountBuilder& Add(PointKind kind, Day day, double value = 1, int tag = 0) {
    const Point point{
        .fact = ++last_fact_, .day = day, .kind = kind, .tag = static_cast<uint16_t>(tag), .value = value};
    timeline_.Put(point.fact, {&point, 1});
    return *this;
  }
  AccountBuilder& AddEach(PointKind kind, Day first, Day last, double value = 1, int tag = 0) {
    for (Day day = first; day <= last; ++day) Add(kind, day, value, tag);
    return *this;
  }
  AccountBuilder& AddTerm(Term term) {
    terms_.push_back(term);
    return *this;
  }
  AccountBuilder& AddContact(ContactTerm contact) {
    contacts_.push_back(contact);
    return *this;
  }
  // The account itself, for what has no method here.
  View& account() { return view_; }

  // Borrows from the builder, until its next change.
  View view() const {
    View view = view_;
    view.terms = terms_;
    view.contacts = contacts_;
    view.points = timeline_.points();
    return view;
  }

 private:
  View view_;
  Timeline timeline_;
  std::vector<Term> terms_;
  std::vector<ContactTerm> contacts_;
  int64_t last_fact_ = 0;
};

}  // namespace folio::account
