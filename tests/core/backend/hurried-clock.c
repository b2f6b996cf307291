#include "config.h"
#include "hurried-clock.h"

#define HURRY 20

struct _HurriedClock
{
  GObject      parent_instance;
  BobbinClock *clock;
};

static void clock_iface_init (BobbinClockInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (HurriedClock, hurried_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BOBBIN_TYPE_CLOCK, clock_iface_init))

static gint64
hurried_now_us (BobbinClock *clock)
{
  return bobbin_clock_now_us (HURRIED_CLOCK (clock)->clock);
}

static gint64
hurried_monotonic_us (BobbinClock *clock)
{
  return bobbin_clock_monotonic_us (HURRIED_CLOCK (clock)->clock);
}

static guint
hurried_add (BobbinClock *clock,
             guint        delay_ms,
             GSourceFunc  func,
             gpointer     data)
{
  return bobbin_clock_add (HURRIED_CLOCK (clock)->clock, delay_ms / HURRY, func, data);
}

static void
hurried_remove (BobbinClock *clock,
                guint        id)
{
  bobbin_clock_remove (HURRIED_CLOCK (clock)->clock, id);
}

static void
clock_iface_init (BobbinClockInterface *iface)
{
  iface->now_us = hurried_now_us;
  iface->monotonic_us = hurried_monotonic_us;
  iface->add = hurried_add;
  iface->remove = hurried_remove;
}

static void
hurried_clock_finalize (GObject *object)
{
  g_object_unref (HURRIED_CLOCK (object)->clock);

  G_OBJECT_CLASS (hurried_clock_parent_class)->finalize (object);
}

static void
hurried_clock_class_init (HurriedClockClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = hurried_clock_finalize;
}

static void
hurried_clock_init (HurriedClock *self)
{
  self->clock = bobbin_system_clock_new ();
}

BobbinClock *
hurried_clock_new (void)
{
  return g_object_new (HURRIED_TYPE_CLOCK, NULL);
}
