/* Time, passed in, so that tests can drive backoff, keep-alive, expiry and retention.
 *
 * BobbinSystemClock uses the default main context; BobbinManualClock stands still until
 * bobbin_manual_clock_advance() runs what has become due, in order. Main thread only. */
#pragma once

#include "bobbin-types.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_CLOCK (bobbin_clock_get_type ())
G_DECLARE_INTERFACE (BobbinClock, bobbin_clock, BOBBIN, CLOCK, GObject)

struct _BobbinClockInterface
{
  GTypeInterface parent_iface;

  gint64 (*now_us)       (BobbinClock *self); /* microseconds since 1970, UTC */
  gint64 (*monotonic_us) (BobbinClock *self);
  guint  (*add)          (BobbinClock *self, guint delay_ms, GSourceFunc func, gpointer data);
  void   (*remove)       (BobbinClock *self, guint id);
};

gint64 bobbin_clock_now_us       (BobbinClock *self);
gint64 bobbin_clock_monotonic_us (BobbinClock *self);
/* Calls @func after @delay_ms milliseconds, again and again while it returns G_SOURCE_CONTINUE.
 * Returns an id, never 0, valid until @func returns G_SOURCE_REMOVE or bobbin_clock_remove(). */
guint  bobbin_clock_add          (BobbinClock *self, guint delay_ms, GSourceFunc func, gpointer data);
void   bobbin_clock_remove       (BobbinClock *self, guint id);
/* Removes *@id when it is not 0 and sets it to 0. */
void   bobbin_clock_clear        (BobbinClock *self, guint *id);

#define BOBBIN_TYPE_SYSTEM_CLOCK (bobbin_system_clock_get_type ())
G_DECLARE_FINAL_TYPE (BobbinSystemClock, bobbin_system_clock, BOBBIN, SYSTEM_CLOCK, GObject)
BobbinClock *bobbin_system_clock_new (void) G_GNUC_WARN_UNUSED_RESULT;

#define BOBBIN_TYPE_MANUAL_CLOCK (bobbin_manual_clock_get_type ())
G_DECLARE_FINAL_TYPE (BobbinManualClock, bobbin_manual_clock, BOBBIN, MANUAL_CLOCK, GObject)
BobbinManualClock *bobbin_manual_clock_new     (gint64 now_us) G_GNUC_WARN_UNUSED_RESULT;
/* Moves both times on by @delta_ms, stopping at each timer on the way. */
void               bobbin_manual_clock_advance (BobbinManualClock *self, gint64 delta_ms);
/* Milliseconds until the next timer, -1 when there is none. */
gint64             bobbin_manual_clock_next_ms (BobbinManualClock *self);

G_END_DECLS
