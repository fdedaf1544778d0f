// Currencies by their ISO 4217 codes.
#pragma once

#include <string_view>

namespace folio {

// True for the code of a currency that is or was lately in use, for example "EUR"; false for metals, funds and tests.
bool IsCurrency(std::string_view code);

}  // namespace folio
