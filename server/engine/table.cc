#include "server/engine/table.h"
