#define G_LOG_DOMAIN "bobbin-util"
#include "config.h"
#include "util/bobbin-clock.h"

G_DEFINE_INTERFACE (BobbinClock, bobbin_clock, G_TYPE_OBJECT)

static void
bobbin_clock_default_init (BobbinClockInterface *iface)
{
}

gint64
bobbin_clock_now_us (BobbinClock *self)
{
  return BOBBIN_CLOCK_GET_IFACE (self)->now_us (self);
}

gint64
bobbin_clock_monotonic_us (BobbinClock *self)
{
  return BOBBIN_CLOCK_GET_IFACE (self)->monotonic_us (self);
}

guint
bobbin_clock_add (BobbinClock *self,
                  guint        delay_ms,
                  GSourceFunc  func,
                  gpointer     data)
{
  return BOBBIN_CLOCK_GET_IFACE (self)->add (self, delay_ms, func, data);
}

void
bobbin_clock_remove (BobbinClock *self,
                     guint        id)
{
  BOBBIN_CLOCK_GET_IFACE (self)->remove (self, id);
}

void
bobbin_clock_clear (BobbinClock *self,
                    guint       *id)
{
  if (*id != 0)
    bobbin_clock_remove (self, *id);
  *id = 0;
}

/* System clock */

struct _BobbinSystemClock
{
  GObject parent_instance;
};

static gint64
system_now_us (BobbinClock *clock)
{
  return g_get_real_time ();
}

static gint64
system_monotonic_us (BobbinClock *clock)
{
  return g_get_monotonic_time ();
}

static guint
system_add (BobbinClock *clock,
            guint        delay_ms,
            GSourceFunc  func,
            gpointer     data)
{
  /* Whole seconds share wake-ups with the rest of the desktop. */
  if (delay_ms >= 5000 && delay_ms % 1000 == 0)
    return g_timeout_add_seconds (delay_ms / 1000, func, data);

  return g_timeout_add (delay_ms, func, data);
}

static void
system_remove (BobbinClock *clock,
               guint        id)
{
  g_source_remove (id);
}

static void
system_clock_iface_init (BobbinClockInterface *iface)
{
  iface->now_us = system_now_us;
  iface->monotonic_us = system_monotonic_us;
  iface->add = system_add;
  iface->remove = system_remove;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (BobbinSystemClock, bobbin_system_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_CLOCK, system_clock_iface_init))

static void
bobbin_system_clock_class_init (BobbinSystemClockClass *klass)
{
}

static void
bobbin_system_clock_init (BobbinSystemClock *self)
{
}

BobbinClock *
bobbin_system_clock_new (void)
{
  return g_object_new (BOBBIN_TYPE_SYSTEM_CLOCK, NULL);
}

/* Manual clock */

typedef struct
{
  guint       id;
  gint64      due_us;
  gint64      period_us;
  GSourceFunc func;
  gpointer    data;
} Timer;

struct _BobbinManualClock
{
  GObject parent_instance;
  gint64  now_us;
  gint64  monotonic_us;
  guint   last_id;
  GArray *timers; /* of Timer, unsorted: tests hold a handful */
};

static gint64
manual_now_us (BobbinClock *clock)
{
  return BOBBIN_MANUAL_CLOCK (clock)->now_us;
}

static gint64
manual_monotonic_us (BobbinClock *clock)
{
  return BOBBIN_MANUAL_CLOCK (clock)->monotonic_us;
}

static guint
manual_add (BobbinClock *clock,
            guint        delay_ms,
            GSourceFunc  func,
            gpointer     data)
{
  BobbinManualClock *self = BOBBIN_MANUAL_CLOCK (clock);
  gint64 period_us = MAX (delay_ms, 1) * G_GINT64_CONSTANT (1000);
  Timer timer = { ++self->last_id, self->monotonic_us + period_us, period_us, func, data };

  g_array_append_val (self->timers, timer);

  return timer.id;
}

static int
find_timer (BobbinManualClock *self,
            guint              id)
{
  for (guint i = 0; i < self->timers->len; i++)
    if (g_array_index (self->timers, Timer, i).id == id)
      return (int) i;

  return -1;
}

static void
manual_remove (BobbinClock *clock,
               guint        id)
{
  BobbinManualClock *self = BOBBIN_MANUAL_CLOCK (clock);
  int index = find_timer (self, id);

  g_return_if_fail (index >= 0);
  g_array_remove_index (self->timers, (guint) index);
}

static void
manual_clock_iface_init (BobbinClockInterface *iface)
{
  iface->now_us = manual_now_us;
  iface->monotonic_us = manual_monotonic_us;
  iface->add = manual_add;
  iface->remove = manual_remove;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (BobbinManualClock, bobbin_manual_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_CLOCK, manual_clock_iface_init))

static void
bobbin_manual_clock_finalize (GObject *object)
{
  BobbinManualClock *self = BOBBIN_MANUAL_CLOCK (object);

  g_array_unref (self->timers);

  G_OBJECT_CLASS (bobbin_manual_clock_parent_class)->finalize (object);
}

static void
bobbin_manual_clock_class_init (BobbinManualClockClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bobbin_manual_clock_finalize;
}

static void
bobbin_manual_clock_init (BobbinManualClock *self)
{
  self->timers = g_array_new (FALSE, FALSE, sizeof (Timer));
}

BobbinManualClock *
bobbin_manual_clock_new (gint64 now_us)
{
  BobbinManualClock *self = g_object_new (BOBBIN_TYPE_MANUAL_CLOCK, NULL);

  self->now_us = now_us;

  return self;
}

static Timer *
earliest (BobbinManualClock *self)
{
  Timer *first = NULL;

  for (guint i = 0; i < self->timers->len; i++)
    {
      Timer *timer = &g_array_index (self->timers, Timer, i);

      if (first == NULL || timer->due_us < first->due_us)
        first = timer;
    }

  return first;
}

void
bobbin_manual_clock_advance (BobbinManualClock *self,
                             gint64             delta_ms)
{
  gint64 end_us = self->monotonic_us + delta_ms * 1000;
  Timer *next;

  g_object_ref (self);
  while ((next = earliest (self)) != NULL && next->due_us <= end_us)
    {
      Timer timer = *next;
      int index;

      self->now_us += timer.due_us - self->monotonic_us;
      self->monotonic_us = timer.due_us;
      next->due_us += next->period_us;
      if (timer.func (timer.data) == G_SOURCE_REMOVE && (index = find_timer (self, timer.id)) >= 0)
        g_array_remove_index (self->timers, (guint) index);
    }
  self->now_us += end_us - self->monotonic_us;
  self->monotonic_us = end_us;
  g_object_unref (self);
}

gint64
bobbin_manual_clock_next_ms (BobbinManualClock *self)
{
  Timer *next = earliest (self);

  return next != NULL ? (next->due_us - self->monotonic_us) / 1000 : -1;
}
