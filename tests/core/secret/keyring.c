#include "keyring.h"

#include "util/bobbin-folder.h"

#include <glib/gstdio.h>
#include <string.h>

#define LOGIN "/org/freedesktop/secrets/collection/login"

static const char service_file[] =
  "[D-BUS Service]\n"
  "Name=org.freedesktop.secrets\n"
  "Exec=/usr/bin/env -u G_DEBUG gnome-keyring-daemon --start --foreground --components=secrets\n";

static GTestDBus *stopped; /* keeps it reachable for the leak checker */

static void
set_home (Keyring *self)
{
  g_autofree char *run = NULL;

  self->home = g_dir_make_tmp ("bobbin-keyring-XXXXXX", NULL);
  g_assert_nonnull (self->home);
  run = g_build_filename (self->home, "run", NULL);
  g_assert_cmpint (g_mkdir (run, 0700), ==, 0);
  g_setenv ("HOME", self->home, TRUE);
  g_setenv ("XDG_DATA_HOME", self->home, TRUE);
  g_setenv ("XDG_RUNTIME_DIR", run, TRUE);
  g_unsetenv ("DISPLAY");
  g_unsetenv ("WAYLAND_DISPLAY");
  g_unsetenv ("DBUS_SESSION_BUS_ADDRESS");
}

Keyring *
keyring_new (KeyringState state)
{
  Keyring *self = g_new0 (Keyring, 1);
  g_autofree char *services = NULL;
  g_autofree char *file = NULL;

  set_home (self);
  services = g_build_filename (self->home, "services", NULL);
  file = g_build_filename (services, "org.freedesktop.secrets.service", NULL);
  g_assert_cmpint (g_mkdir (services, 0700), ==, 0);
  if (state == KEYRING_ACTIVATABLE)
    g_assert_true (g_file_set_contents (file, service_file, -1, NULL));

  self->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_add_service_dir (self->bus, services);
  g_test_dbus_up (self->bus);
  if (state == KEYRING_UNLOCKED)
    keyring_start (self);

  return self;
}

void
keyring_free (Keyring *self)
{
  if (self->daemon != NULL)
    keyring_kill (self);
  g_clear_object (&self->prompter);
  /* Its last reference would wait 30 s for the connection that libsecret keeps; the process ends here anyway. */
  g_test_dbus_stop (self->bus);
  stopped = self->bus;
  bobbin_folder_remove (self->home);
  g_free (self->home);
  g_free (self);
}

static void
appeared_cb (GDBusConnection *connection,
             const char      *name,
             const char      *owner,
             gpointer         user_data)
{
  *(gboolean *) user_data = TRUE;
}

void
keyring_start (Keyring *self)
{
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE |
                                                                       G_SUBPROCESS_FLAGS_STDOUT_SILENCE |
                                                                       G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  gboolean appeared = FALSE;
  guint watch;

  g_assert_null (self->daemon);
  g_subprocess_launcher_unsetenv (launcher, "G_DEBUG");
  self->daemon = g_subprocess_launcher_spawn (launcher, NULL, "gnome-keyring-daemon", "--unlock", "--foreground",
                                              "--components=secrets", NULL);
  g_assert_nonnull (self->daemon);
  g_assert_true (g_output_stream_write_all (g_subprocess_get_stdin_pipe (self->daemon), "test", 4, NULL, NULL, NULL));
  g_assert_true (g_output_stream_close (g_subprocess_get_stdin_pipe (self->daemon), NULL, NULL));

  watch = g_bus_watch_name (G_BUS_TYPE_SESSION, "org.freedesktop.secrets", G_BUS_NAME_WATCHER_FLAGS_NONE,
                            appeared_cb, NULL, &appeared, NULL);
  while (!appeared)
    g_main_context_iteration (NULL, TRUE);
  g_bus_unwatch_name (watch);
}

void
keyring_signal (Keyring *self,
                int      signal_number)
{
  g_subprocess_send_signal (self->daemon, signal_number);
}

void
keyring_kill (Keyring *self)
{
  g_subprocess_force_exit (self->daemon);
  g_assert_true (g_subprocess_wait (self->daemon, NULL, NULL));
  g_clear_object (&self->daemon);
}

static GVariant *
call (const char *interface,
      const char *method,
      GVariant   *parameters)
{
  g_autoptr(GDBusConnection) connection = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr(GError) error = NULL;
  GVariant *reply = g_dbus_connection_call_sync (connection, "org.freedesktop.secrets", "/org/freedesktop/secrets",
                                                 interface, method, parameters, NULL, G_DBUS_CALL_FLAGS_NONE,
                                                 -1, NULL, &error);

  g_assert_no_error (error);

  return reply;
}

void
keyring_lock (Keyring *self)
{
  const char *const paths[] = { LOGIN, NULL };
  g_autoptr(GVariant) reply = NULL;

  reply = call ("org.freedesktop.Secret.Service", "Lock", g_variant_new ("(^ao)", paths));
}

void
keyring_unlock (Keyring *self)
{
  g_autoptr(GVariant) session = NULL;
  g_autoptr(GVariant) reply = NULL;
  GVariant *password = g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, "test", 4, 1);
  GVariant *none = g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, NULL, 0, 1);
  const char *path;

  session = call ("org.freedesktop.Secret.Service", "OpenSession", g_variant_new ("(sv)", "plain", g_variant_new_string ("")));
  g_variant_get (session, "(v&o)", NULL, &path);
  reply = call ("org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface", "UnlockWithMasterPassword",
                g_variant_new ("(o(o@ay@ays))", LOGIN, path, none, password, "text/plain"));
}

/* Shows the prompt, as far as the caller can tell, and never hears from anybody. (gnome-keyring 42 crashes when a prompt that was
 * not even begun is dismissed, so saying nothing at all would not do.) */
static GDBusMessage *
answer_prompter (GDBusConnection *connection,
                 GDBusMessage    *message,
                 gboolean         incoming,
                 gpointer         user_data)
{
  if (incoming && g_strcmp0 (g_dbus_message_get_interface (message), "org.gnome.keyring.internal.Prompter") == 0)
    {
      g_autoptr(GDBusMessage) reply = g_dbus_message_new_method_reply (message);

      g_dbus_connection_send_message (connection, reply, G_DBUS_SEND_MESSAGE_FLAGS_NONE, NULL, NULL);
      if (g_strcmp0 (g_dbus_message_get_member (message), "BeginPrompting") == 0)
        {
          const char *callback;

          g_variant_get (g_dbus_message_get_body (message), "(&o)", &callback);
          g_dbus_connection_call (connection, g_dbus_message_get_sender (message), callback,
                                  "org.gnome.keyring.internal.Prompter.Callback", "PromptReady",
                                  g_variant_new_parsed ("('', @a{sv} {}, '')"), NULL, G_DBUS_CALL_FLAGS_NONE,
                                  -1, NULL, NULL, NULL);
        }
      g_clear_object (&message);
    }

  return message;
}

void
keyring_add_silent_prompter (Keyring *self)
{
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GError) error = NULL;

  self->prompter = g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (self->bus),
                                                           G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                           G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                           NULL, NULL, &error);
  g_assert_no_error (error);
  g_dbus_connection_add_filter (self->prompter, answer_prompter, NULL, NULL);
  reply = g_dbus_connection_call_sync (self->prompter, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus", "RequestName",
                                       g_variant_new ("(su)", "org.gnome.keyring.SystemPrompter", 0u),
                                       NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}
