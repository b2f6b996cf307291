#include "config.h"
#include "session/bobbin-network.h"

static void
count_cb (BobbinNetwork *network,
          guint         *count)
{
  (*count)++;
}

static void
notify_cb (BobbinNetwork *network,
           GParamSpec    *pspec,
           guint         *count)
{
  (*count)++;
}

static void
test_manual (void)
{
  g_autoptr(BobbinNetwork) network = bobbin_network_new_manual ();
  guint n_returned = 0, n_sleeping = 0, n_woken = 0, n_notify = 0;
  gboolean available;

  g_signal_connect (network, "returned", G_CALLBACK (count_cb), &n_returned);
  g_signal_connect (network, "sleeping", G_CALLBACK (count_cb), &n_sleeping);
  g_signal_connect (network, "woken", G_CALLBACK (count_cb), &n_woken);
  g_signal_connect (network, "notify::available", G_CALLBACK (notify_cb), &n_notify);

  g_assert_true (bobbin_network_get_available (network));
  bobbin_network_set_available (network, FALSE);
  bobbin_network_set_available (network, FALSE);
  g_assert_cmpuint (n_returned, ==, 0);
  g_assert_cmpuint (n_notify, ==, 1);
  bobbin_network_set_available (network, TRUE);
  g_assert_cmpuint (n_returned, ==, 1);
  g_assert_cmpuint (n_notify, ==, 2);
  /* Another network. */
  bobbin_network_set_available (network, TRUE);
  g_assert_cmpuint (n_returned, ==, 2);
  g_assert_cmpuint (n_notify, ==, 2);
  bobbin_network_sleep (network);
  bobbin_network_wake (network);
  g_assert_cmpuint (n_sleeping, ==, 1);
  g_assert_cmpuint (n_woken, ==, 1);
  g_object_get (network, "available", &available, NULL);
  g_assert_true (available);
}

/* A private bus stands in for the system's, and plays login1. */
static void
test_login1 (void)
{
  g_autoptr(GTestDBus) bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_autoptr(GDBusConnection) login1 = NULL;
  g_autoptr(GError) error = NULL;
  BobbinNetwork *network;
  guint n_sleeping = 0, n_woken = 0;

  g_test_dbus_up (bus);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", g_test_dbus_get_bus_address (bus), TRUE);
  login1 = g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (bus),
                                                   G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                   G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, &error);
  g_assert_no_error (error);
  g_variant_unref (g_dbus_connection_call_sync (login1, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                                "org.freedesktop.DBus", "RequestName",
                                                g_variant_new ("(su)", "org.freedesktop.login1", 0), NULL, 0, -1, NULL, &error));
  g_assert_no_error (error);

  network = bobbin_network_new ();
  g_signal_connect (network, "sleeping", G_CALLBACK (count_cb), &n_sleeping);
  g_signal_connect (network, "woken", G_CALLBACK (count_cb), &n_woken);
  /* The signal is heard once the subscription stands; until then it is sent again. */
  while (n_sleeping == 0)
    {
      g_dbus_connection_emit_signal (login1, NULL, "/org/freedesktop/login1", "org.freedesktop.login1.Manager",
                                     "PrepareForSleep", g_variant_new ("(b)", TRUE), NULL);
      g_main_context_iteration (NULL, FALSE);
    }
  g_dbus_connection_emit_signal (login1, NULL, "/org/freedesktop/login1", "org.freedesktop.login1.Manager",
                                 "PrepareForSleep", g_variant_new ("(s)", "odd"), NULL);
  g_dbus_connection_emit_signal (login1, NULL, "/org/freedesktop/login1", "org.freedesktop.login1.Manager",
                                 "PrepareForSleep", g_variant_new ("(b)", FALSE), NULL);
  while (n_woken == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (n_woken, ==, 1);
  g_object_unref (network);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_dbus_connection_close_sync (login1, NULL, NULL);
  g_clear_object (&login1);
  g_test_dbus_stop (bus);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/network/manual", test_manual);
  g_test_add_func ("/network/login1", test_login1);

  return g_test_run ();
}
