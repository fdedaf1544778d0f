#include "server/scoring/score.h"
