/* A clock on which every wait is twenty times as short: for tests of what really waits, against servers in other processes. */
#pragma once

#include "util/bobbin-clock.h"

G_BEGIN_DECLS

#define HURRIED_TYPE_CLOCK (hurried_clock_get_type ())
G_DECLARE_FINAL_TYPE (HurriedClock, hurried_clock, HURRIED, CLOCK, GObject)

BobbinClock *hurried_clock_new (void);

G_END_DECLS
