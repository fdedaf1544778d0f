#include "server/account/view.h"
