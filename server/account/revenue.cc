#include "server/account/revenue.h"
