#include "server/model/schema.h"
