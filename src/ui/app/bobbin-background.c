#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "app/bobbin-background.h"

#include "util/bobbin-error.h"

#include <glib/gi18n.h>

#define PORTAL_NAME  "org.freedesktop.portal.Desktop"
#define PORTAL_PATH  "/org/freedesktop/portal/desktop"
#define REQUEST_PATH PORTAL_PATH "/request/"

/* A request: the task's data. */
typedef struct
{
  char                  *path;         /* where the answer will come from */
  guint                  subscription;
  GCancellable          *cancellable;
  gulong                 cancel_id;
  BobbinBackgroundAnswer answer;
} Request;

static void
request_free (Request *request)
{
  g_clear_object (&request->cancellable);
  g_free (request->path);
  g_free (request);
}

/* The subscription holds the task: nothing comes back afterwards. */
static void
finish (GTask  *task,
        GError *error)
{
  Request *request = g_task_get_task_data (task);
  GDBusConnection *bus = g_task_get_source_object (task);

  if (request->subscription != 0)
    g_dbus_connection_signal_unsubscribe (bus, request->subscription);
  request->subscription = 0;
  if (request->cancel_id != 0)
    g_clear_signal_handler (&request->cancel_id, request->cancellable);
  if (g_task_get_completed (task))
    g_clear_error (&error);
  else if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
response_cb (GDBusConnection *bus,
             const char      *sender,
             const char      *path,
             const char      *interface,
             const char      *signal,
             GVariant        *parameters,
             gpointer         user_data)
{
  g_autoptr(GTask) task = g_object_ref (G_TASK (user_data));
  Request *request = g_task_get_task_data (task);
  g_autoptr(GVariant) results = NULL;
  guint32 response = 0;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ua{sv})")))
    {
      finish (task, g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL, "The portal answered something else"));
      return;
    }

  /* Anything but 0 is a refusal, which is an answer too. */
  g_variant_get (parameters, "(u@a{sv})", &response, &results);
  if (response == 0)
    {
      g_variant_lookup (results, "background", "b", &request->answer.background);
      g_variant_lookup (results, "autostart", "b", &request->answer.autostart);
    }
  finish (task, NULL);
}

static gboolean
is_absent (const GError *error)
{
  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_INTERFACE)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT);
}

static void
called_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Request *request = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (reply != NULL || request->subscription == 0)
    return; /* the answer comes from the request */

  if (is_absent (error))
    finish (task, g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED, "There is no background portal"));
  else
    finish (task, g_steal_pointer (&error));
}

static void
cancelled_cb (GTask *task)
{
  g_autoptr(GTask) keep = g_object_ref (task);

  finish (task, g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled"));
}

/* "1.42" for ":1.42", as the portal makes it. */
static char *
dup_sender (GDBusConnection *bus)
{
  char *sender = g_strdup (g_dbus_connection_get_unique_name (bus) + 1);

  for (char *c = sender; *c != '\0'; c++)
    if (*c == '.')
      *c = '_';

  return sender;
}

static GVariant *
new_parameters (const char *token,
                gboolean    autostart)
{
  static const char *const command[] = { "bobbin", "--gapplication-service", NULL };
  GVariantBuilder options = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{sv}"));

  g_variant_builder_add (&options, "{sv}", "handle_token", g_variant_new_string (token));
  /* Translators: shown by the desktop where it asks whether Bobbin may run without a window. */
  g_variant_builder_add (&options, "{sv}", "reason", g_variant_new_string (_("To receive answers and tell you when they are ready.")));
  g_variant_builder_add (&options, "{sv}", "autostart", g_variant_new_boolean (autostart));
  g_variant_builder_add (&options, "{sv}", "commandline", g_variant_new_strv (command, -1));
  g_variant_builder_add (&options, "{sv}", "dbus-activatable", g_variant_new_boolean (FALSE));

  return g_variant_new ("(sa{sv})", "", &options);
}

void
bobbin_background_request_async (GDBusConnection    *bus,
                                 gboolean            autostart,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autofree char *token = NULL;
  g_autofree char *sender = NULL;
  Request *request;

  g_return_if_fail (G_IS_DBUS_CONNECTION (bus));

  task = g_task_new (bus, NULL, callback, user_data);
  g_task_set_source_tag (task, bobbin_background_request_async);
  token = g_strdup_printf ("bobbin%u", g_random_int ());
  sender = dup_sender (bus);
  request = g_new0 (Request, 1);
  request->path = g_strconcat (REQUEST_PATH, sender, "/", token, NULL);
  g_task_set_task_data (task, request, (GDestroyNotify) request_free);

  /* Before the call, as the answer may be quick. */
  request->subscription =
    g_dbus_connection_signal_subscribe (bus, PORTAL_NAME, "org.freedesktop.portal.Request", "Response", request->path, NULL,
                                        G_DBUS_SIGNAL_FLAGS_NONE, response_cb, g_object_ref (task), g_object_unref);
  if (cancellable != NULL)
    {
      request->cancellable = g_object_ref (cancellable);
      request->cancel_id = g_signal_connect_data (cancellable, "cancelled", G_CALLBACK (cancelled_cb), g_object_ref (task),
                                                  (GClosureNotify) (void (*) (void)) g_object_unref, G_CONNECT_SWAPPED);
    }
  g_dbus_connection_call (bus, PORTAL_NAME, PORTAL_PATH, "org.freedesktop.portal.Background", "RequestBackground",
                          new_parameters (token, autostart), G_VARIANT_TYPE ("(o)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL,
                          called_cb, g_steal_pointer (&task));
}

gboolean
bobbin_background_request_finish (GAsyncResult           *result,
                                  BobbinBackgroundAnswer *ret_answer,
                                  GError                **error)
{
  Request *request = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;

  *ret_answer = request->answer;
  return TRUE;
}
