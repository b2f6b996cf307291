#define G_LOG_DOMAIN "bobbin-session"
#include "config.h"
#include "session/bobbin-network.h"

#include "model/bobbin-model-private.h"

enum
{
  SIGNAL_RETURNED,
  SIGNAL_SLEEPING,
  SIGNAL_WOKEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _BobbinNetwork
{
  GObject          parent_instance;
  /* owned, NULL when driven by hand */
  GNetworkMonitor *monitor;
  GDBusConnection *bus;
  GCancellable    *cancellable; /* of the connection to the system bus */

  guint            sleep_subscription;
  gboolean         available;
};

G_DEFINE_FINAL_TYPE (BobbinNetwork, bobbin_network, G_TYPE_OBJECT)

enum
{
  PROP_AVAILABLE = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void
bobbin_network_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  BobbinNetwork *self = BOBBIN_NETWORK (object);

  switch (prop_id)
    {
    case PROP_AVAILABLE:
      g_value_set_boolean (value, self->available);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_network_dispose (GObject *object)
{
  BobbinNetwork *self = BOBBIN_NETWORK (object);

  g_cancellable_cancel (self->cancellable);
  if (self->sleep_subscription != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->sleep_subscription);
  self->sleep_subscription = 0;
  if (self->monitor != NULL)
    g_signal_handlers_disconnect_by_data (self->monitor, self);
  g_clear_object (&self->monitor);
  g_clear_object (&self->bus);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (bobbin_network_parent_class)->dispose (object);
}

static void
bobbin_network_class_init (BobbinNetworkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bobbin_network_get_property;
  object_class->dispose = bobbin_network_dispose;

  props[PROP_AVAILABLE] = g_param_spec_boolean ("available", NULL, NULL, TRUE, BOBBIN_PARAM_RO);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[SIGNAL_RETURNED] =
    g_signal_new ("returned", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_SLEEPING] =
    g_signal_new ("sleeping", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_WOKEN] =
    g_signal_new ("woken", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bobbin_network_init (BobbinNetwork *self)
{
  self->available = TRUE;
}

/* Also emitted while the network stays available: then it is another one, and a wait may end as well. */
static void
network_changed_cb (GNetworkMonitor *monitor,
                    gboolean         available,
                    BobbinNetwork   *self)
{
  bobbin_network_set_available (self, available);
}

static void
prepare_for_sleep_cb (GDBusConnection *bus,
                      const char      *sender,
                      const char      *path,
                      const char      *interface,
                      const char      *signal,
                      GVariant        *parameters,
                      gpointer         user_data)
{
  gboolean start;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    return;

  g_variant_get (parameters, "(b)", &start);
  if (start)
    bobbin_network_sleep (user_data);
  else
    bobbin_network_wake (user_data);
}

static void
bus_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(BobbinNetwork) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GDBusConnection) bus = g_bus_get_finish (result, &error);

  if (bus == NULL || g_cancellable_is_cancelled (self->cancellable))
    {
      /* Containers and other systems have no login1: waking is then noticed by the watchdog of the link. */
      g_debug ("No system bus: %s", error != NULL ? error->message : "closing");
      return;
    }

  self->bus = g_steal_pointer (&bus);
  self->sleep_subscription =
    g_dbus_connection_signal_subscribe (self->bus, "org.freedesktop.login1", "org.freedesktop.login1.Manager",
                                        "PrepareForSleep", "/org/freedesktop/login1", NULL,
                                        G_DBUS_SIGNAL_FLAGS_NONE, prepare_for_sleep_cb, self, NULL);
}

BobbinNetwork *
bobbin_network_new (void)
{
  BobbinNetwork *self = g_object_new (BOBBIN_TYPE_NETWORK, NULL);

  self->monitor = g_object_ref (g_network_monitor_get_default ());
  self->available = g_network_monitor_get_network_available (self->monitor);
  g_signal_connect (self->monitor, "network-changed", G_CALLBACK (network_changed_cb), self);

  self->cancellable = g_cancellable_new ();
  g_bus_get (G_BUS_TYPE_SYSTEM, self->cancellable, bus_cb, g_object_ref (self));

  return self;
}

BobbinNetwork *
bobbin_network_new_manual (void)
{
  return g_object_new (BOBBIN_TYPE_NETWORK, NULL);
}

gboolean
bobbin_network_get_available (BobbinNetwork *self)
{
  g_return_val_if_fail (BOBBIN_IS_NETWORK (self), TRUE);

  return self->available;
}

void
bobbin_network_set_available (BobbinNetwork *self,
                              gboolean       available)
{
  g_return_if_fail (BOBBIN_IS_NETWORK (self));

  g_object_ref (self);
  if (self->available != available)
    {
      self->available = available;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_AVAILABLE]);
    }
  if (self->available)
    g_signal_emit (self, signals[SIGNAL_RETURNED], 0);
  g_object_unref (self);
}

void
bobbin_network_sleep (BobbinNetwork *self)
{
  g_return_if_fail (BOBBIN_IS_NETWORK (self));

  g_signal_emit (self, signals[SIGNAL_SLEEPING], 0);
}

void
bobbin_network_wake (BobbinNetwork *self)
{
  g_return_if_fail (BOBBIN_IS_NETWORK (self));

  g_signal_emit (self, signals[SIGNAL_WOKEN], 0);
}
