#include "server/base/error.h"
