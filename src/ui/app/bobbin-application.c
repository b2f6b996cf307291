#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "app/bobbin-application.h"

#include "app/bobbin-appearance.h"
#include "app/bobbin-application-private.h"
#include "app/bobbin-failure-text.h"
#include "app/bobbin-link.h"
#include "app/bobbin-start-window.h"
#include "model/bobbin-account.h"
#include "model/bobbin-thread.h"
#include "util/bobbin-id.h"
#include "window/bobbin-quick-window.h"
#include "window/bobbin-shortcuts.h"

#include <glib-unix.h>
#include <glib/gi18n.h>

/* Opening is usually done within a few frames; only when it is not, a window says so. */
#define SLOW_MS 500
/* How long a service that nobody uses stays, in milliseconds. */
#define IDLE_MS 10000

typedef struct
{
  BobbinRequestKind kind;
  char             *text;
} Request;

G_DEFINE_FINAL_TYPE (BobbinApplication, bobbin_application, ADW_TYPE_APPLICATION)

static void
request_free (Request *request)
{
  g_free (request->text);
  g_free (request);
}

BobbinWindow *
_bobbin_application_get_window (BobbinApplication *self)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    if (BOBBIN_IS_WINDOW (l->data))
      return l->data;

  return NULL;
}

static BobbinWindow *
make_window (BobbinApplication *self)
{
  GtkWidget *window = bobbin_window_new (GTK_APPLICATION (self), bobbin_profile_get_library (self->profile),
                                         self->settings);

  if (BOBBIN_DEVEL)
    gtk_widget_add_css_class (window, "devel");

  return BOBBIN_WINDOW (window);
}

static BobbinWindow *
ensure_window (BobbinApplication *self,
               gboolean           restore)
{
  BobbinWindow *window = _bobbin_application_get_window (self);

  if (window == NULL)
    {
      window = make_window (self);
      bobbin_window_tell_report (window, bobbin_profile_get_report (self->profile));
      if (restore)
        bobbin_window_restore (window);
      if (!self->retired)
        bobbin_window_retire_unused (window);
      self->retired = TRUE;
    }

  return window;
}

static void
demo_ready_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(BobbinWindow) window = BOBBIN_WINDOW (user_data);
  g_autoptr(GError) error = NULL;
  g_autoptr(BobbinAccount) account = bobbin_profile_ensure_demo_finish (BOBBIN_PROFILE (source), result, &error);

  if (account != NULL)
    bobbin_window_new_conversation (window, account, NULL, NULL);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_autofree char *text = g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_STORE)
                                ? bobbin_error_dup_sentence (error) : g_strdup (_("The demo agent could not be started"));

      g_warning ("The demo agent is not there: %s", error->message);
      bobbin_window_toast (window, text);
    }
}

static void
quick_sent_cb (BobbinApplication *self,
               BobbinThread      *thread)
{
  g_autofree char *id = bobbin_id_to_string (bobbin_thread_get_id (thread));

  _bobbin_application_request (self, BOBBIN_REQUEST_THREAD, id);
}

/* What was typed into it and not sent is there again, as long as the program runs; afterwards it is a draft like any other. */
static gboolean
quick_closed_cb (BobbinApplication *self,
                 BobbinQuickWindow *window)
{
  g_set_object (&self->quick_thread, bobbin_quick_window_get_thread (window));

  return GDK_EVENT_PROPAGATE;
}

static void
show_quick (BobbinApplication *self)
{
  BobbinLibrary *library = bobbin_profile_get_library (self->profile);

  if (g_list_model_get_n_items (bobbin_library_get_accounts (library)) == 0)
    {
      gtk_window_present (GTK_WINDOW (ensure_window (self, TRUE)));
      return;
    }
  if (self->quick_window == NULL)
    {
      /* Sent or thrown away elsewhere meanwhile? */
      BobbinThread *thread = self->quick_thread != NULL && bobbin_thread_get_draft (self->quick_thread) != NULL
                             && bobbin_thread_get_deleted_us (self->quick_thread) == 0
                             && bobbin_library_find_account (library, bobbin_thread_get_account_id (self->quick_thread)) != NULL
                               ? self->quick_thread : NULL;

      g_set_weak_pointer (&self->quick_window,
                          GTK_WINDOW (bobbin_quick_window_new (GTK_APPLICATION (self), library, self->settings, thread)));
      g_signal_connect_object (self->quick_window, "sent", G_CALLBACK (quick_sent_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (self->quick_window, "close-request", G_CALLBACK (quick_closed_cb), self, G_CONNECT_SWAPPED);
      g_clear_object (&self->quick_thread);
    }
  gtk_window_present (self->quick_window);
}

static void
open_match (BobbinWindow *window,
            const char   *text)
{
  g_auto(GStrv) lines = g_strsplit (text, "\n", 3);

  if (g_strv_length (lines) == 3)
    bobbin_window_open_match (window, lines[0], lines[1], lines[2]);
}

static void
serve (BobbinApplication *self,
       BobbinRequestKind  kind,
       const char        *text)
{
  BobbinWindow *window;

  switch (kind)
    {
    case BOBBIN_REQUEST_APPROVE:
    case BOBBIN_REQUEST_REJECT:
      _bobbin_application_decide (self, text, kind == BOBBIN_REQUEST_APPROVE);
      return;
    case BOBBIN_REQUEST_QUICK:
      show_quick (self);
      return;
    case BOBBIN_REQUEST_NEW_WINDOW:
      window = make_window (self);
      break;
    case BOBBIN_REQUEST_NEW:
      window = ensure_window (self, FALSE);
      bobbin_window_new_conversation (window, NULL, NULL, text);
      break;
    case BOBBIN_REQUEST_THREAD:
      window = ensure_window (self, FALSE);
      bobbin_window_open_id (window, text);
      break;
    case BOBBIN_REQUEST_MATCH:
      window = ensure_window (self, FALSE);
      open_match (window, text);
      break;
    case BOBBIN_REQUEST_SEARCH:
      window = ensure_window (self, TRUE);
      bobbin_window_search (window, text);
      break;
    case BOBBIN_REQUEST_DEMO:
      window = ensure_window (self, FALSE);
      bobbin_profile_ensure_demo_async (self->profile, self->cancellable, demo_ready_cb, g_object_ref (window));
      break;
    case BOBBIN_REQUEST_PRESENT:
    default:
      window = ensure_window (self, TRUE);
      break;
    }

  gtk_window_present (GTK_WINDOW (window));
}

static void
serve_requests (BobbinApplication *self)
{
  Request *request;

  while ((request = g_queue_pop_head (&self->requests)) != NULL)
    {
      serve (self, request->kind, request->text);
      request_free (request);
    }
}

static void
close_start_window (BobbinApplication *self)
{
  g_clear_handle_id (&self->slow_id, g_source_remove);
  if (self->start_window != NULL)
    gtk_window_destroy (self->start_window);
}

static BobbinStartWindow *
ensure_start_window (BobbinApplication *self)
{
  if (self->start_window == NULL)
    g_set_weak_pointer (&self->start_window, GTK_WINDOW (bobbin_start_window_new (GTK_APPLICATION (self))));

  return BOBBIN_START_WINDOW (self->start_window);
}

static gboolean
slow_cb (gpointer user_data)
{
  BobbinApplication *self = user_data;

  self->slow_id = 0;
  bobbin_start_window_show_busy (ensure_start_window (self));
  gtk_window_present (self->start_window);

  return G_SOURCE_REMOVE;
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BobbinApplication) self = BOBBIN_APPLICATION (user_data);
  g_autoptr(GError) error = NULL;
  gboolean ok = bobbin_profile_open_finish (BOBBIN_PROFILE (source), result, &error);

  self->opening = FALSE;
  g_clear_handle_id (&self->slow_id, g_source_remove);

  if (ok)
    {
      self->ready = TRUE;
      _bobbin_application_watch_library (self);
      serve_requests (self);
      close_start_window (self);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_warning ("The profile cannot be opened: %s", error->message);
      self->failed = TRUE;
      bobbin_start_window_show_failed (ensure_start_window (self), error, bobbin_profile_get_data_dir (self->profile));
      gtk_window_present (self->start_window);
    }

  g_application_release (G_APPLICATION (self));
}

void
_bobbin_application_open_profile (BobbinApplication *self)
{
  g_autoptr(GError) error = NULL;

  if (self->opening || self->ready)
    return;

  if (self->profile == NULL)
    self->profile = self->demo ? bobbin_profile_new_throw_away (&error) : bobbin_profile_new (NULL);
  if (self->profile == NULL)
    {
      bobbin_start_window_show_failed (ensure_start_window (self), error, g_get_tmp_dir ());
      gtk_window_present (self->start_window);
      return;
    }

  self->opening = TRUE;
  self->failed = FALSE;
  self->slow_id = g_timeout_add (SLOW_MS, slow_cb, self);
  g_application_hold (G_APPLICATION (self));
  bobbin_profile_open_async (self->profile, self->cancellable, opened_cb, g_object_ref (self));
}

void
_bobbin_application_request (BobbinApplication *self,
                             BobbinRequestKind  kind,
                             const char        *text)
{
  Request *request;

  if (self->ready)
    {
      serve (self, kind, text);
      return;
    }

  request = g_new0 (Request, 1);
  request->kind = kind;
  request->text = g_strdup (text);
  g_queue_push_tail (&self->requests, request);
  _bobbin_application_open_profile (self);
  if (self->failed && self->start_window != NULL)
    gtk_window_present (self->start_window);
}

static void
bobbin_application_window_removed (GtkApplication *application,
                                   GtkWindow      *window)
{
  /* The hold must be there before the last window's is gone. */
  g_application_hold (G_APPLICATION (application));
  GTK_APPLICATION_CLASS (bobbin_application_parent_class)->window_removed (application, window);
  _bobbin_application_update_hold (BOBBIN_APPLICATION (application));
  g_application_release (G_APPLICATION (application));
}

static void
bobbin_application_window_added (GtkApplication *application,
                                 GtkWindow      *window)
{
  GTK_APPLICATION_CLASS (bobbin_application_parent_class)->window_added (application, window);
  _bobbin_application_update_hold (BOBBIN_APPLICATION (application));
}

/* The end of the session, or Ctrl+C in a terminal: as good a quit as any other. */
static gboolean
signal_cb (gpointer user_data)
{
  g_action_group_activate_action (G_ACTION_GROUP (user_data), "quit", NULL);

  return G_SOURCE_CONTINUE;
}

static void
bobbin_application_startup (GApplication *application)
{
  BobbinApplication *self = BOBBIN_APPLICATION (application);

  /* Ahead of GTK's own start: the database opens on another thread meanwhile. A service waits until it is asked for something,
   * unless it is there to receive what comes. */
  if (!(g_application_get_flags (application) & G_APPLICATION_IS_SERVICE)
      || g_settings_get_boolean (self->settings, "run-in-background"))
    _bobbin_application_open_profile (self);

  G_APPLICATION_CLASS (bobbin_application_parent_class)->startup (application);

  /* A service may be asked again soon; whoever closed the last window is done. */
  if (g_application_get_flags (application) & G_APPLICATION_IS_SERVICE)
    g_application_set_inactivity_timeout (application, IDLE_MS);
  gtk_window_set_default_icon_name (BOBBIN_APP_ID);
  bobbin_appearance_follow (ADW_APPLICATION (self), self->settings);
  _bobbin_application_init_actions (self);
  self->signal_ids[0] = g_unix_signal_add (SIGTERM, signal_cb, self);
  self->signal_ids[1] = g_unix_signal_add (SIGINT, signal_cb, self);
  bobbin_shortcuts_install (GTK_APPLICATION (self));
}

static void
bobbin_application_activate (GApplication *application)
{
  BobbinApplication *self = BOBBIN_APPLICATION (application);

  /* Options of the command line already asked for something better. */
  if (g_queue_is_empty (&self->requests))
    _bobbin_application_request (self, self->demo ? BOBBIN_REQUEST_DEMO : BOBBIN_REQUEST_PRESENT, NULL);
}

static void
bobbin_application_open (GApplication *application,
                         GFile       **files,
                         int           n_files,
                         const char   *hint)
{
  BobbinApplication *self = BOBBIN_APPLICATION (application);

  for (int i = 0; i < n_files; i++)
    {
      g_autofree char *uri = g_file_get_uri (files[i]);
      g_autoptr(BobbinLink) link = bobbin_link_parse (uri);

      if (link == NULL)
        {
          g_printerr ("bobbin: %s: %s\n", uri, _("not a link that Bobbin can open"));
          _bobbin_application_request (self, BOBBIN_REQUEST_PRESENT, NULL);
        }
      else if (link->kind == BOBBIN_LINK_NEW)
        _bobbin_application_request (self, BOBBIN_REQUEST_NEW, link->text);
      else
        _bobbin_application_request (self, BOBBIN_REQUEST_THREAD, link->thread_id);
    }
}

static void
bobbin_application_shutdown (GApplication *application)
{
  BobbinApplication *self = BOBBIN_APPLICATION (application);

  for (guint i = 0; i < G_N_ELEMENTS (self->signal_ids); i++)
    g_clear_handle_id (&self->signal_ids[i], g_source_remove);
  g_clear_handle_id (&self->quit_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  close_start_window (self);
  _bobbin_application_unwatch_library (self);
  g_clear_object (&self->quick_thread);
  /* Windows first: they let go of their sessions, and what they wrote last is still saved. */
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL;
       l = gtk_application_get_windows (GTK_APPLICATION (self)))
    gtk_window_destroy (l->data);

  if (self->profile != NULL)
    bobbin_profile_close (self->profile);

  G_APPLICATION_CLASS (bobbin_application_parent_class)->shutdown (application);
}

static int
bobbin_application_handle_local_options (GApplication *application,
                                         GVariantDict *options)
{
  BobbinApplication *self = BOBBIN_APPLICATION (application);
  const char *thread = NULL;
  gboolean new = FALSE;
  gboolean quick = FALSE;
  g_autoptr(GError) error = NULL;

  self->demo = g_variant_dict_contains (options, "demo");
  g_variant_dict_lookup (options, "new", "b", &new);
  g_variant_dict_lookup (options, "quick", "b", &quick);
  g_variant_dict_lookup (options, "thread", "&s", &thread);
  if (self->demo)
    g_application_set_flags (application, g_application_get_flags (application) | G_APPLICATION_NON_UNIQUE);
  if (!new && !quick && thread == NULL)
    return -1;

  /* A running instance is told through its actions; without one, this is it. */
  if (!g_application_register (application, NULL, &error))
    {
      g_printerr ("bobbin: %s\n", error->message);
      return 1;
    }
  if (thread != NULL)
    g_action_group_activate_action (G_ACTION_GROUP (application), "open-thread", g_variant_new_string (thread));
  else
    g_action_group_activate_action (G_ACTION_GROUP (application), quick ? "quick-ask" : "new-conversation", NULL);

  return g_application_get_is_remote (application) ? 0 : -1;
}

static void
bobbin_application_finalize (GObject *object)
{
  BobbinApplication *self = BOBBIN_APPLICATION (object);

  g_clear_handle_id (&self->slow_id, g_source_remove);
  g_clear_handle_id (&self->settle_id, g_source_remove);
  g_clear_weak_pointer (&self->start_window);
  g_clear_weak_pointer (&self->quick_window);
  g_clear_object (&self->quick_thread);
  g_queue_clear_full (&self->requests, (GDestroyNotify) request_free);
  g_clear_object (&self->profile);
  g_clear_object (&self->settings);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (bobbin_application_parent_class)->finalize (object);
}

static void
bobbin_application_class_init (BobbinApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);
  GtkApplicationClass *gtk_application_class = GTK_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bobbin_application_finalize;
  application_class->startup = bobbin_application_startup;
  application_class->activate = bobbin_application_activate;
  application_class->open = bobbin_application_open;
  application_class->shutdown = bobbin_application_shutdown;
  application_class->handle_local_options = bobbin_application_handle_local_options;
  gtk_application_class->window_added = bobbin_application_window_added;
  gtk_application_class->window_removed = bobbin_application_window_removed;
}

static void
bobbin_application_init (BobbinApplication *self)
{
  self->cancellable = g_cancellable_new ();
  self->settings = g_settings_new (BOBBIN_APP_ID);
  g_queue_init (&self->requests);
}

BobbinApplication *
bobbin_application_new (void)
{
  return g_object_new (BOBBIN_TYPE_APPLICATION,
                       "application-id", BOBBIN_APP_ID,
                       "flags", G_APPLICATION_HANDLES_OPEN,
                       "resource-base-path", BOBBIN_APP_PATH,
                       NULL);
}

BobbinLibrary *
bobbin_application_get_library (BobbinApplication *self)
{
  g_return_val_if_fail (BOBBIN_IS_APPLICATION (self), NULL);

  return self->profile != NULL ? bobbin_profile_get_library (self->profile) : NULL;
}
