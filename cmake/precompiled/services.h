// What most sources that speak gRPC include.
#pragma once

#include <grpcpp/grpcpp.h>

#include "cmake/precompiled/server.h"
