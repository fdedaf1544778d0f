// Sums that 64 bits cannot hold: a million amounts of nine billion.
#pragma once

namespace folio {

__extension__ typedef __int128 Int128;

}  // namespace folio
