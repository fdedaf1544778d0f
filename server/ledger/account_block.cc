#include "server/ledger/account_block.h"

#include <algorithm>

namespace folio::ledger {

account::View AccountBlock::ViewOf(int64_t account, Day day) const {
  const size_t index = IndexOf(account);
  const AccountRow& row = rows_[index];
  account::View view{.today = day, .created = row.created, .contract_start = row.contract_start, .seats = row.seats};
  if (row.direct_arr != kNoAmount) view.direct_arr = row.direct_arr;
  view.direct_currency = row.direct_currency;
  view.terms = std::span(terms_).subspan(first_[index], first_[index + 1] - first_[index]);
  return view;
}

void AccountBlock::PutTerm(int64_t account, const account::Term& term) {
  const size_t index = IndexOf(account);
  const auto begin = terms_.begin() + first_[index];
  const auto end = terms_.begin() + first_[index + 1];
  const auto place =
      std::lower_bound(begin, end, term.key, [](const account::Term& other, int64_t key) { return other.key < key; });
  if (place != end && place->key == term.key) {
    *place = term;
    return;
  }
  terms_.insert(place, term);
  for (size_t later = index + 1; later < first_.size(); ++later) ++first_[later];
}

void AccountBlock::DropTerm(int64_t account, int64_t key) {
  const size_t index = IndexOf(account);
  const auto end = terms_.begin() + first_[index + 1];
  const auto found =
      std::find_if(terms_.begin() + first_[index], end, [key](const account::Term& term) { return term.key == key; });
  if (found == end) return;
  terms_.erase(found);
  for (size_t later = index + 1; later < first_.size(); ++later) --first_[later];
}

}  // namespace folio::ledger
