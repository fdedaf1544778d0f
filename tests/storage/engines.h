// The engines that are held to the contract of storage.h.
#pragma once

#include <vector>

#include "tests/storage/conformance.h"

namespace folio::storage::testing {

std::vector<Engine> Engines();

// Names a test after its engine.
inline std::string NameOf(const ::testing::TestParamInfo<Engine>& engine) { return engine.param.name; }

}  // namespace folio::storage::testing
