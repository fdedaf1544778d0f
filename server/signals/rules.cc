#include "server/signals/rules.h"
