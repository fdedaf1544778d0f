// The facts behind a figure.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "server/account/view.h"

namespace folio::measures {

// Storage keys of the facts that a measure read on view.today, the latest first, at most `most`. None for measures that
// read subscriptions, contacts or custom fields, and for names that are not known.
std::vector<int64_t> FactsBehind(std::string_view measure, const account::View& view, int window_days, int most);

}  // namespace folio::measures
