/* `bobbin search-provider`: answers what is typed into the overview of GNOME Shell (org.gnome.Shell.SearchProvider2), started by
 * the bus and gone again when nobody asks. It reads the database like every command; no window, no GTK, no network. What is
 * chosen is opened by the program itself, through its actions on the bus, which start it where it does not run.
 *
 * An id is "THREAD" where a title matched, else "THREAD/MESSAGE". A conversation is shown once. */
#define G_LOG_DOMAIN "bobbin-cli"
#include "config.h"
#include "cli/bobbin-cli-private.h"

#include "model/bobbin-thread.h"
#include "util/bobbin-id.h"
#include "util/bobbin-text.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <string.h>

#define NAME        BOBBIN_APP_ID ".SearchProvider"
#define MAX_RESULTS 20
#define MAX_HITS    60    /* several may be of one conversation */
#define MAX_CHARS   200
#define IDLE_MS     10000
#define LEAVING_MS  300   /* after the name is given back: what was sent before that still comes */

typedef struct
{
  GMainLoop       *loop;
  GDBusConnection *connection;  /* NULL until there is a bus */
  BobbinStore     *store;       /* NULL until open, or when there is nothing to search in */
  GPtrArray       *waiting;     /* of GDBusMethodInvocation: came before the store was open; NULL once it is */
  GHashTable      *metas;       /* id → GVariant a{sv} of what was found last */
  GCancellable    *search;      /* of the search that runs */
  guint            name_id;
  guint            object_id;
  guint            idle_id;
  guint            n_running;
  int              status;
} Provider;

typedef struct
{
  Provider              *provider;
  GDBusMethodInvocation *invocation;
  GVariantBuilder        metas;       /* GetResultMetas: those so far */
  GStrv                  ids;         /* and all of them */
  guint                  next;
} Call;

static const char xml[] =
  "<node><interface name='org.gnome.Shell.SearchProvider2'>"
  "<method name='GetInitialResultSet'><arg type='as' name='terms' direction='in'/><arg type='as' name='results' direction='out'/></method>"
  "<method name='GetSubsearchResultSet'><arg type='as' name='previous_results' direction='in'/>"
  "<arg type='as' name='terms' direction='in'/><arg type='as' name='results' direction='out'/></method>"
  "<method name='GetResultMetas'><arg type='as' name='identifiers' direction='in'/><arg type='aa{sv}' name='metas' direction='out'/></method>"
  "<method name='ActivateResult'><arg type='s' name='identifier' direction='in'/><arg type='as' name='terms' direction='in'/>"
  "<arg type='u' name='timestamp' direction='in'/></method>"
  "<method name='LaunchSearch'><arg type='as' name='terms' direction='in'/><arg type='u' name='timestamp' direction='in'/></method>"
  "</interface></node>";

/* Leaving */

static gboolean
leave_cb (gpointer user_data)
{
  Provider *self = user_data;

  if (self->n_running > 0)
    return G_SOURCE_CONTINUE;

  self->idle_id = 0;
  g_main_loop_quit (self->loop);
  return G_SOURCE_REMOVE;
}

static gboolean
idle_cb (gpointer user_data)
{
  Provider *self = user_data;

  if (self->n_running > 0)
    return G_SOURCE_CONTINUE;

  /* From here on the bus starts another one; what it sent to this one is still answered. */
  g_clear_handle_id (&self->name_id, g_bus_unown_name);
  self->idle_id = g_timeout_add (LEAVING_MS, leave_cb, self);
  return G_SOURCE_REMOVE;
}

static void
stay (Provider *self)
{
  if (self->name_id == 0)
    return;

  g_clear_handle_id (&self->idle_id, g_source_remove);
  self->idle_id = g_timeout_add (IDLE_MS, idle_cb, self);
}

static gboolean
signal_cb (gpointer user_data)
{
  g_main_loop_quit (((Provider *) user_data)->loop);

  return G_SOURCE_CONTINUE;
}

/* Calls */

static Call *
call_new (Provider              *provider,
          GDBusMethodInvocation *invocation)
{
  Call *call = g_new0 (Call, 1);

  call->provider = provider;
  call->invocation = invocation;
  g_variant_builder_init (&call->metas, G_VARIANT_TYPE ("aa{sv}"));
  provider->n_running++;

  return call;
}

static void
call_end (Call     *call,
          GVariant *reply)
{
  g_dbus_method_invocation_return_value (call->invocation, reply);
  call->provider->n_running--;
  g_variant_builder_clear (&call->metas);
  g_strfreev (call->ids);
  g_free (call);
}

/* One line without the marks of matches. */
static char *
dup_line (const char *text)
{
  g_autofree char *line = bobbin_text_clean_name (text != NULL ? text : "");
  g_autoptr(GString) plain = g_string_new (line);

  g_string_replace (plain, "\uE000", "", 0);
  g_string_replace (plain, "\uE001", "", 0);

  return bobbin_text_truncate (plain->str, MAX_CHARS);
}

static GVariant *
make_meta (const char *id,
           const char *title,
           const char *line)
{
  g_autofree char *name = dup_line (title);
  g_autofree char *description = dup_line (line);
  GVariantDict meta;

  g_variant_dict_init (&meta, NULL);
  g_variant_dict_insert (&meta, "id", "s", id);
  g_variant_dict_insert (&meta, "name", "s", *name != '\0' ? name : _("New Conversation"));
  if (*description != '\0')
    g_variant_dict_insert (&meta, "description", "s", description);
  g_variant_dict_insert (&meta, "gicon", "s", BOBBIN_APP_ID);

  return g_variant_ref_sink (g_variant_dict_end (&meta));
}

static char *
dup_id (gint64 thread_id,
        gint64 message_id)
{
  g_autofree char *thread = bobbin_id_to_string (thread_id);
  g_autofree char *message = message_id != 0 ? bobbin_id_to_string (message_id) : NULL;

  return message != NULL ? g_strconcat (thread, "/", message, NULL) : g_steal_pointer (&thread);
}

/* @ret_message: (nullable) (transfer none): what comes after the slash. FALSE: not one of ours. */
static gboolean
read_id (const char  *id,
         char       **ret_thread,
         gint64      *ret_thread_id,
         const char **ret_message)
{
  const char *slash = strchr (id, '/');
  g_autofree char *thread = slash != NULL ? g_strndup (id, (gsize) (slash - id)) : g_strdup (id);
  gint64 message_id;

  if (!bobbin_id_parse (thread, ret_thread_id) || (slash != NULL && !bobbin_id_parse (slash + 1, &message_id)))
    return FALSE;

  *ret_thread = g_steal_pointer (&thread);
  *ret_message = slash != NULL ? slash + 1 : NULL;
  return TRUE;
}

static void
searched_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Call *call = user_data;
  Provider *self = call->provider;
  g_autoptr(GError) error = NULL;
  g_autoptr(BobbinSearchPage) page = bobbin_store_search_finish (BOBBIN_STORE (source), result, &error);
  g_autoptr(GHashTable) seen = g_hash_table_new (g_int64_hash, g_int64_equal);
  GVariantBuilder ids;

  g_variant_builder_init (&ids, G_VARIANT_TYPE ("as"));
  if (page != NULL)
    g_hash_table_remove_all (self->metas);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_warning ("Searching failed: %s", error->message);
  for (guint i = 0; page != NULL && i < page->hits->len && g_hash_table_size (seen) < MAX_RESULTS; i++)
    {
      BobbinSearchHit *hit = g_ptr_array_index (page->hits, i);
      char *id;

      if (!g_hash_table_add (seen, &hit->thread_id))
        continue;
      id = dup_id (hit->thread_id, hit->message_id);
      g_variant_builder_add (&ids, "s", id);
      g_hash_table_insert (self->metas, id, make_meta (id, hit->title, hit->message_id != 0 ? hit->excerpt : NULL));
    }

  call_end (call, g_variant_new ("(as)", &ids));
}

static void
search (Call       *call,
        const char *text)
{
  Provider *self = call->provider;
  const BobbinSearchQuery query = { .text = text, .limit = MAX_HITS };

  if (self->store == NULL)
    {
      call_end (call, g_variant_new ("(as)", NULL));
      return;
    }

  /* Who types on does not want to know any more. */
  g_cancellable_cancel (self->search);
  g_set_object (&self->search, NULL);
  self->search = g_cancellable_new ();
  bobbin_store_search_async (self->store, &query, self->search, searched_cb, call);
}

static char *
join_terms (GVariant *terms)
{
  g_autofree const char **words = g_variant_get_strv (terms, NULL);

  return g_strjoinv (" ", (char **) words);
}

static void next_meta (Call *call);

/* Something an earlier run of this program found. */
static void
thread_loaded_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  Call *call = user_data;
  g_autoptr(BobbinThread) thread = bobbin_store_load_thread_finish (BOBBIN_STORE (source), result, NULL);

  if (thread != NULL)
    {
      g_autoptr(GVariant) meta = make_meta (call->ids[call->next - 1], bobbin_thread_get_title (thread),
                                            bobbin_thread_get_snippet (thread));

      g_variant_builder_add_value (&call->metas, meta);
    }
  next_meta (call);
}

static void
next_meta (Call *call)
{
  Provider *self = call->provider;

  while (call->ids[call->next] != NULL)
    {
      const char *id = call->ids[call->next++];
      GVariant *meta = g_hash_table_lookup (self->metas, id);
      g_autofree char *thread = NULL;
      const char *message;
      gint64 thread_id;

      if (meta != NULL)
        g_variant_builder_add_value (&call->metas, meta);
      else if (self->store != NULL && read_id (id, &thread, &thread_id, &message))
        {
          bobbin_store_load_thread_async (self->store, thread_id, NULL, thread_loaded_cb, call);
          return;
        }
    }

  call_end (call, g_variant_new ("(aa{sv})", &call->metas));
}

static void
told_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Call *call = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (reply == NULL)
    g_warning ("Bobbin could not be told what to open: %s", error->message);
  call_end (call, NULL);
}

/* An action of the program, which the bus starts where it does not run. */
static void
tell_program (Call       *call,
              const char *action,
              GVariant   *parameter,
              guint32     timestamp)
{
  g_autofree char *path = g_strconcat ("/", BOBBIN_APP_ID, NULL);
  g_autofree char *startup_id = g_strdup_printf ("_TIME%u", timestamp);
  GVariantBuilder parameters, platform;

  for (char *p = path; *p != '\0'; p++)
    *p = *p == '.' ? '/' : *p == '-' ? '_' : *p;
  g_variant_builder_init (&parameters, G_VARIANT_TYPE ("av"));
  g_variant_builder_add (&parameters, "v", parameter);
  g_variant_builder_init (&platform, G_VARIANT_TYPE ("a{sv}"));
  g_variant_builder_add (&platform, "{sv}", "desktop-startup-id", g_variant_new_string (startup_id));
  g_dbus_connection_call (call->provider->connection, BOBBIN_APP_ID, path, "org.freedesktop.Application", "ActivateAction",
                          g_variant_new ("(sava{sv})", action, &parameters, &platform), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL,
                          told_cb, call);
}

static void
activate (Call     *call,
          GVariant *parameters)
{
  g_autoptr(GVariant) terms = NULL;
  g_autofree char *thread = NULL;
  g_autofree char *text = NULL;
  const char *id, *message;
  gint64 thread_id;
  guint32 timestamp;

  g_variant_get (parameters, "(&s@asu)", &id, &terms, &timestamp);
  if (!read_id (id, &thread, &thread_id, &message))
    {
      call_end (call, NULL);
      return;
    }

  text = join_terms (terms);
  tell_program (call, "open-match", g_variant_new ("(sss)", thread, message != NULL ? message : "", text), timestamp);
}

static void
handle (Provider              *self,
        GDBusMethodInvocation *invocation)
{
  const char *method = g_dbus_method_invocation_get_method_name (invocation);
  GVariant *parameters = g_dbus_method_invocation_get_parameters (invocation);
  Call *call = call_new (self, invocation);
  g_autoptr(GVariant) list = NULL;
  g_autofree char *text = NULL;
  guint32 timestamp;

  stay (self);
  if (g_str_equal (method, "ActivateResult"))
    {
      activate (call, parameters);
    }
  else if (g_str_equal (method, "LaunchSearch"))
    {
      g_variant_get (parameters, "(@asu)", &list, &timestamp);
      text = join_terms (list);
      tell_program (call, "search", g_variant_new_string (text), timestamp);
    }
  else if (g_str_equal (method, "GetResultMetas"))
    {
      g_variant_get (parameters, "(^as)", &call->ids);
      next_meta (call);
    }
  else
    {
      /* Of a longer text anew: what was found before was only the best of it. */
      list = g_variant_get_child_value (parameters, g_str_equal (method, "GetInitialResultSet") ? 0 : 1);
      text = join_terms (list);
      search (call, text);
    }
}

static void
method_cb (GDBusConnection       *connection,
           const char            *sender,
           const char            *path,
           const char            *interface,
           const char            *method,
           GVariant              *parameters,
           GDBusMethodInvocation *invocation,
           gpointer               user_data)
{
  Provider *self = user_data;

  if (self->waiting != NULL)
    g_ptr_array_add (self->waiting, invocation);
  else
    handle (self, invocation);
}

static void
serve_waiting (Provider *self)
{
  g_autoptr(GPtrArray) waiting = g_steal_pointer (&self->waiting);

  for (guint i = 0; i < waiting->len; i++)
    handle (self, g_ptr_array_index (waiting, i));
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Provider *self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(BobbinStoreReport) report = bobbin_store_open_finish (BOBBIN_STORE (source), result, &error);

  if (report != NULL)
    self->store = g_object_ref (BOBBIN_STORE (source));
  else
    g_warning ("There is nothing to search in: %s", error->message);
  serve_waiting (self);
}

/* A profile is not made for being asked. */
static void
open_store (Provider *self)
{
  g_autofree char *dir = g_build_filename (g_get_user_data_dir (), "bobbin", NULL);
  g_autofree char *path = g_build_filename (dir, "bobbin.db", NULL);
  g_autoptr(BobbinStore) store = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      serve_waiting (self);
      return;
    }

  store = bobbin_sqlite_store_new (dir);
  bobbin_store_open_async (store, NULL, opened_cb, self);
}

static void
bus_acquired_cb (GDBusConnection *connection,
                 const char      *name,
                 gpointer         user_data)
{
  Provider *self = user_data;
  static const GDBusInterfaceVTable vtable = { method_cb, NULL, NULL, { NULL } };
  g_autoptr(GDBusNodeInfo) info = g_dbus_node_info_new_for_xml (xml, NULL);
  g_autofree char *path = g_strconcat ("/", NAME, NULL);

  for (char *p = path; *p != '\0'; p++)
    *p = *p == '.' ? '/' : *p == '-' ? '_' : *p;
  g_set_object (&self->connection, connection);
  self->object_id = g_dbus_connection_register_object (connection, path, info->interfaces[0], &vtable, self, NULL, NULL);
}

static void
name_lost_cb (GDBusConnection *connection,
              const char      *name,
              gpointer         user_data)
{
  Provider *self = user_data;

  if (connection == NULL)
    {
      bobbin_cli_note (_("there is no session bus: the search provider is started by the desktop"));
      self->status = BOBBIN_EXIT_FAILED;
    }
  g_main_loop_quit (self->loop);
}

static void
provider_clear (Provider *self)
{
  g_clear_handle_id (&self->idle_id, g_source_remove);
  g_clear_handle_id (&self->name_id, g_bus_unown_name);
  if (self->object_id != 0)
    g_dbus_connection_unregister_object (self->connection, self->object_id);
  if (self->connection != NULL)
    g_dbus_connection_flush_sync (self->connection, NULL, NULL);
  if (self->store != NULL)
    bobbin_store_close (self->store);
  g_clear_object (&self->store);
  g_clear_object (&self->search);
  g_clear_object (&self->connection);
  g_clear_pointer (&self->waiting, g_ptr_array_unref);
  g_clear_pointer (&self->metas, g_hash_table_unref);
  g_clear_pointer (&self->loop, g_main_loop_unref);
}

int
bobbin_cli_search_provider (int    argc,
                            char **argv)
{
  Provider self = { NULL };
  g_auto(GStrv) rest = NULL;
  const GOptionEntry entries[] = { { NULL } };
  guint signals[2];

  if (!bobbin_cli_parse (argc, argv, "", _("Answers searches of the desktop, which starts it."), entries, &rest))
    return BOBBIN_EXIT_USAGE;
  if (rest[0] != NULL)
    return bobbin_cli_usage (_("“search-provider” takes nothing"));

  self.loop = g_main_loop_new (NULL, FALSE);
  self.waiting = g_ptr_array_new ();
  self.metas = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_variant_unref);
  signals[0] = g_unix_signal_add (SIGTERM, signal_cb, &self);
  signals[1] = g_unix_signal_add (SIGINT, signal_cb, &self);
  self.name_id = g_bus_own_name (G_BUS_TYPE_SESSION, NAME, G_BUS_NAME_OWNER_FLAGS_NONE, bus_acquired_cb, NULL, name_lost_cb,
                                 &self, NULL);
  stay (&self);
  open_store (&self);
  g_main_loop_run (self.loop);
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    g_source_remove (signals[i]);
  provider_clear (&self);

  return self.status;
}
