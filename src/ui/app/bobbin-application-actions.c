#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "app/bobbin-application-private.h"

#include "account/bobbin-account-editor.h"
#include "account/bobbin-preferences.h"
#include "dialogs/bobbin-about.h"
#include "model/bobbin-account.h"
#include "util/bobbin-id.h"

#define TEXT_STEP 10 /* percent */

static void
new_window_cb (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  _bobbin_application_request (user_data, BOBBIN_REQUEST_NEW_WINDOW, NULL);
}

static void
new_conversation_cb (GSimpleAction *action,
                     GVariant      *parameter,
                     gpointer       user_data)
{
  _bobbin_application_request (user_data, BOBBIN_REQUEST_NEW, NULL);
}

static void
open_thread_cb (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  _bobbin_application_request (user_data, BOBBIN_REQUEST_THREAD, g_variant_get_string (parameter, NULL));
}

/* What the search of the desktop found. */
static void
open_match_cb (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  const char *thread_id, *message_id, *text;
  g_autofree char *request = NULL;

  g_variant_get (parameter, "(&s&s&s)", &thread_id, &message_id, &text);
  request = g_strjoin ("\n", thread_id, message_id, text, NULL);
  _bobbin_application_request (user_data, BOBBIN_REQUEST_MATCH, request);
}

static void
search_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  _bobbin_application_request (user_data, BOBBIN_REQUEST_SEARCH, g_variant_get_string (parameter, NULL));
}

static void
quick_ask_cb (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  _bobbin_application_request (user_data, BOBBIN_REQUEST_QUICK, NULL);
}

static void
approve_cb (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       user_data)
{
  _bobbin_application_request (user_data, BOBBIN_REQUEST_APPROVE, g_variant_get_string (parameter, NULL));
}

static void
reject_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  _bobbin_application_request (user_data, BOBBIN_REQUEST_REJECT, g_variant_get_string (parameter, NULL));
}

/* The text of conversations, in the steps a browser has. */
static void
set_text_scale (BobbinApplication *self,
                int                percent)
{
  g_settings_set_int (self->settings, "text-scale", CLAMP (percent, 80, 200));
}

static void
text_larger_cb (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  set_text_scale (user_data, g_settings_get_int (((BobbinApplication *) user_data)->settings, "text-scale") + TEXT_STEP);
}

static void
text_smaller_cb (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       user_data)
{
  set_text_scale (user_data, g_settings_get_int (((BobbinApplication *) user_data)->settings, "text-scale") - TEXT_STEP);
}

static void
text_normal_cb (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  set_text_scale (user_data, 100);
}

static void
try_demo_cb (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  _bobbin_application_request (user_data, BOBBIN_REQUEST_DEMO, NULL);
}

/* A dialog needs a window below it; one that was started for the action alone opens it first. */
static GtkWindow *
ensure_parent (BobbinApplication *self)
{
  GtkWindow *active = gtk_application_get_active_window (GTK_APPLICATION (self));

  if (self->ready && active == NULL)
    {
      _bobbin_application_request (self, BOBBIN_REQUEST_PRESENT, NULL);
      active = GTK_WINDOW (_bobbin_application_get_window (self));
    }

  return active;
}

static void
account_saved_cb (BobbinAccountEditor *editor,
                  BobbinAccount       *account,
                  const char          *warning,
                  BobbinApplication   *self)
{
  BobbinWindow *window = _bobbin_application_get_window (self);

  if (window == NULL)
    return;

  if (warning != NULL)
    bobbin_window_toast (window, warning);
  if (bobbin_account_editor_get_is_new (editor))
    bobbin_window_new_conversation (window, account, NULL, NULL);
}

static void
edit (BobbinApplication *self,
      BobbinAccount     *account)
{
  GtkWindow *parent = ensure_parent (self);
  GtkWidget *editor;

  if (!self->ready)
    return;

  editor = bobbin_account_editor_new (bobbin_profile_get_library (self->profile), account);
  /* For "app." actions; GTK does not pass them on to transient windows. */
  gtk_window_set_application (GTK_WINDOW (editor), GTK_APPLICATION (self));
  gtk_window_set_transient_for (GTK_WINDOW (editor), parent);
  g_signal_connect_object (editor, "saved", G_CALLBACK (account_saved_cb), self, 0);
  gtk_window_present (GTK_WINDOW (editor));
}

static void
add_account_cb (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  edit (user_data, NULL);
}

static void
edit_account_cb (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       user_data)
{
  BobbinApplication *self = user_data;
  BobbinAccount *account;
  gint64 id;

  if (!self->ready || !bobbin_id_parse (g_variant_get_string (parameter, NULL), &id))
    return;

  account = bobbin_library_find_account (bobbin_profile_get_library (self->profile), id);
  if (account != NULL)
    edit (self, account);
}

static void
preferences_cb (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  BobbinApplication *self = user_data;
  GtkWindow *parent = ensure_parent (self);
  GtkWidget *preferences;

  if (!self->ready)
    return;

  preferences = bobbin_preferences_new (GTK_APPLICATION (self), bobbin_profile_get_library (self->profile), self->settings);
  gtk_window_set_application (GTK_WINDOW (preferences), GTK_APPLICATION (self));
  gtk_window_set_transient_for (GTK_WINDOW (preferences), parent);
  gtk_window_present (GTK_WINDOW (preferences));
}

static void
about_cb (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  GtkWindow *parent = ensure_parent (user_data);

  bobbin_about_present (parent);
}

static void
open_again_cb (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  _bobbin_application_open_profile (user_data);
}

/* Windows are asked one by one, as if each were closed, so that they keep their state. */
static gboolean
quit_now_cb (gpointer user_data)
{
  BobbinApplication *self = user_data;
  g_autoptr(GList) windows = g_list_copy (gtk_application_get_windows (GTK_APPLICATION (self)));

  self->quit_id = 0;
  g_application_hold (G_APPLICATION (self));
  for (GList *l = windows; l != NULL; l = l->next)
    gtk_window_close (l->data);
  g_application_release (G_APPLICATION (self));

  g_application_quit (G_APPLICATION (self));

  return G_SOURCE_REMOVE;
}

/* Not within the key that asked for it: it holds the dialog it was pressed in, which then outlives its parent, and GTK 4.8 goes
 * on to use that. */
static void
quit_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  BobbinApplication *self = user_data;

  if (self->quit_id == 0)
    self->quit_id = g_idle_add (quit_now_cb, self);
}

void
_bobbin_application_init_actions (BobbinApplication *self)
{
  static const GActionEntry entries[] = {
    { "new-window", new_window_cb, NULL, NULL, NULL, { 0 } },
    { "new-conversation", new_conversation_cb, NULL, NULL, NULL, { 0 } },
    { "open-thread", open_thread_cb, "s", NULL, NULL, { 0 } },
    { "quick-ask", quick_ask_cb, NULL, NULL, NULL, { 0 } },
    { "approve", approve_cb, "s", NULL, NULL, { 0 } },
    { "reject", reject_cb, "s", NULL, NULL, { 0 } },
    { "text-larger", text_larger_cb, NULL, NULL, NULL, { 0 } },
    { "text-smaller", text_smaller_cb, NULL, NULL, NULL, { 0 } },
    { "text-normal", text_normal_cb, NULL, NULL, NULL, { 0 } },
    { "open-match", open_match_cb, "(sss)", NULL, NULL, { 0 } },
    { "search", search_cb, "s", NULL, NULL, { 0 } },
    { "try-demo", try_demo_cb, NULL, NULL, NULL, { 0 } },
    { "add-account", add_account_cb, NULL, NULL, NULL, { 0 } },
    { "edit-account", edit_account_cb, "s", NULL, NULL, { 0 } },
    { "preferences", preferences_cb, NULL, NULL, NULL, { 0 } },
    { "about", about_cb, NULL, NULL, NULL, { 0 } },
    { "open-again", open_again_cb, NULL, NULL, NULL, { 0 } },
    { "quit", quit_cb, NULL, NULL, NULL, { 0 } },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}
