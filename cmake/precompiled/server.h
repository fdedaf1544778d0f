// What most sources of the server's libraries include.
#pragma once

#include <fmt/format.h>

#include "cmake/precompiled/messages.h"
