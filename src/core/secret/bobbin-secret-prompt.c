#define G_LOG_DOMAIN "bobbin-secret"
#include "config.h"
#include "secret/bobbin-secret-prompt.h"

#define SERVICE_NAME "org.freedesktop.secrets"
#define SERVICE_PATH "/org/freedesktop/secrets"
#define SERVICE_INTERFACE "org.freedesktop.Secret.Service"
#define PROMPT_INTERFACE "org.freedesktop.Secret.Prompt"

typedef struct
{
  GDBusConnection *connection;
  guint            completed; /* signal subscription */
  guint            watch;     /* of the service's name */
  GSource         *cancel;
  gboolean         done;
} Prompt;

static void
prompt_free (gpointer data)
{
  Prompt *prompt = data;

  g_clear_object (&prompt->connection);
  g_clear_pointer (&prompt->cancel, g_source_unref);
  g_free (prompt);
}

/* TRUE once: the caller then returns from the task. */
static gboolean
prompt_end (GTask *task)
{
  Prompt *prompt = g_task_get_task_data (task);

  if (prompt->done)
    return FALSE;

  prompt->done = TRUE;
  if (prompt->completed != 0)
    g_dbus_connection_signal_unsubscribe (prompt->connection, prompt->completed);
  if (prompt->watch != 0)
    g_bus_unwatch_name (prompt->watch);
  if (prompt->cancel != NULL)
    g_source_destroy (prompt->cancel);

  return TRUE;
}

static void
completed_cb (GDBusConnection *connection,
              const char      *sender,
              const char      *path,
              const char      *interface,
              const char      *signal,
              GVariant        *parameters,
              gpointer         user_data)
{
  g_autoptr(GTask) task = g_object_ref (user_data);
  gboolean dismissed = TRUE;

  if (!prompt_end (task))
    return;
  if (g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(bv)")))
    g_variant_get (parameters, "(bv)", &dismissed, NULL);
  g_task_return_boolean (task, !dismissed);
}

static void
vanished_cb (GDBusConnection *connection,
             const char      *name,
             gpointer         user_data)
{
  g_autoptr(GTask) task = g_object_ref (user_data);

  if (prompt_end (task))
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CLOSED, "The Secret Service went away while it asked");
}

static void
prompted_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (reply == NULL && prompt_end (task))
    g_task_return_error (task, g_steal_pointer (&error));
}

static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  g_autoptr(GTask) task = g_object_ref (user_data);

  if (prompt_end (task))
    g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

static void
run_prompt (GTask      *task,
            const char *path)
{
  Prompt *prompt = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (cancellable != NULL)
    {
      prompt->cancel = g_cancellable_source_new (cancellable);
      g_source_set_callback (prompt->cancel, G_SOURCE_FUNC (cancelled_cb), g_object_ref (task), g_object_unref);
      g_source_attach (prompt->cancel, g_main_context_get_thread_default ());
    }
  prompt->completed = g_dbus_connection_signal_subscribe (prompt->connection, SERVICE_NAME, PROMPT_INTERFACE, "Completed",
                                                          path, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
                                                          completed_cb, g_object_ref (task), g_object_unref);
  prompt->watch = g_bus_watch_name_on_connection (prompt->connection, SERVICE_NAME, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                                  NULL, vanished_cb, g_object_ref (task), g_object_unref);
  g_dbus_connection_call (prompt->connection, SERVICE_NAME, path, PROMPT_INTERFACE, "Prompt",
                          g_variant_new ("(s)", ""), NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, -1,
                          NULL, prompted_cb, g_object_ref (task));
}

static void
asked_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr(GVariant) last = NULL;
  const char *path;

  if (reply == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  /* Unlock answers (ao unlocked, o prompt), CreateCollection (o collection, o prompt). */
  last = g_variant_get_child_value (reply, 1);
  path = g_variant_get_string (last, NULL);
  if (g_str_equal (path, "/"))
    g_task_return_boolean (task, TRUE);
  else
    run_prompt (task, path);
}

static GVariant *
collection_properties (void)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("(a{sv}s)"));
  g_variant_builder_open (&builder, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", "org.freedesktop.Secret.Collection.Label", g_variant_new_string ("Default keyring"));
  g_variant_builder_close (&builder);
  g_variant_builder_add (&builder, "s", "default");

  return g_variant_builder_end (&builder);
}

void
_bobbin_secret_open_async (GDBusConnection    *connection,
                           const char *const  *paths,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  GTask *task = g_task_new (connection, cancellable, callback, user_data);
  Prompt *prompt = g_new0 (Prompt, 1);

  prompt->connection = g_object_ref (connection);
  g_task_set_source_tag (task, _bobbin_secret_open_async);
  g_task_set_task_data (task, prompt, prompt_free);
  g_dbus_connection_call (connection, SERVICE_NAME, SERVICE_PATH, SERVICE_INTERFACE,
                          paths != NULL ? "Unlock" : "CreateCollection",
                          paths != NULL ? g_variant_new ("(^ao)", paths) : collection_properties (),
                          paths != NULL ? G_VARIANT_TYPE ("(aoo)") : G_VARIANT_TYPE ("(oo)"),
                          G_DBUS_CALL_FLAGS_NONE, -1, cancellable, asked_cb, task);
}

gboolean
_bobbin_secret_open_finish (GDBusConnection *connection,
                            GAsyncResult    *result,
                            GError         **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
