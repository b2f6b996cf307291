/* What is done to one or many conversations, and taken back: put away, pinned, marked, labelled, deleted. */
#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "window/bobbin-window-private.h"

#include "app/bobbin-failure-text.h"
#include "app/bobbin-fit.h"
#include "dialogs/bobbin-clean-up.h"
#include "dialogs/bobbin-labels-dialog.h"
#include "dialogs/bobbin-transfer.h"
#include "model/bobbin-account.h"
#include "model/bobbin-thread.h"
#include "util/bobbin-id.h"
#include "window/bobbin-undo.h"

#include <glib/gi18n.h>

/* How many steps can be taken back with the keyboard. */
#define MAX_UNDOS 20
#define TOAST_SECONDS 8

static char *
dup_shown_title (BobbinThread *thread)
{
  const char *title = bobbin_thread_get_title (thread);

  return g_strdup (title != NULL && *title != '\0' ? title : _("New Conversation"));
}

/* Taking back */

void
_bobbin_window_offer_undo (BobbinWindow *self,
                           BobbinUndo   *undo,
                           const char   *text)
{
  AdwToast *toast = bobbin_fit_toast (text);

  g_ptr_array_add (self->undos, undo);
  if (self->undos->len > MAX_UNDOS)
    g_ptr_array_remove_index (self->undos, 0);
  _bobbin_window_actions_update (self);

  adw_toast_set_button_label (toast, _("_Undo"));
  adw_toast_set_action_name (toast, "win.undo-step");
  adw_toast_set_action_target_value (toast, g_variant_new_uint32 (undo->serial));
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  adw_toast_set_timeout (toast, TOAST_SECONDS);
  g_set_weak_pointer (&self->undo_toast, toast);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
failed (BobbinWindow *self,
        const GError *error)
{
  g_autofree char *sentence = NULL;
  g_autofree char *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  sentence = bobbin_error_dup_sentence (error);
  /* Translators: %s is a sentence: why nothing could be written. */
  text = g_strdup_printf (_("Nothing was changed. %s"), sentence);
  bobbin_window_toast (self, text);
}

static void
undone_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BobbinWindow) self = BOBBIN_WINDOW (user_data);
  g_autoptr(GError) error = NULL;
  g_autoptr(BobbinThreadChanged) changed = bobbin_library_change_threads_finish (BOBBIN_LIBRARY (source), result, &error);

  if (changed == NULL)
    failed (self, error);
}

static gboolean
has_focus_in_sidebar (BobbinWindow *self)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  return focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->sidebar));
}

static void
take_back (BobbinWindow *self,
           guint         position)
{
  g_autoptr(BobbinUndo) undo = g_ptr_array_steal_index (self->undos, position);
  gboolean in_sidebar = has_focus_in_sidebar (self);

  _bobbin_window_actions_update (self);
  if (self->undo_toast != NULL)
    adw_toast_dismiss (self->undo_toast);
  g_clear_weak_pointer (&self->undo_toast);

  for (guint i = undo->changes->len; i-- > 0;)
    bobbin_library_undo_change_async (self->library, g_ptr_array_index (undo->changes, i), NULL, undone_cb, g_object_ref (self));
  if (undo->label != NULL)
    bobbin_library_add_label (self->library, undo->label, undo->holders);
  if (undo->title != NULL)
    bobbin_library_rename_thread (self->library, undo->thread, undo->title);
  if (undo->opens)
    {
      bobbin_window_open_thread (self, undo->thread);
      if (in_sidebar)
        bobbin_sidebar_focus_list (self->sidebar);
    }
}

static void
undo_cb (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);

  if (self->undos->len > 0)
    take_back (self, self->undos->len - 1);
}

static void
undo_step_cb (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);
  guint serial = g_variant_get_uint32 (parameter);

  for (guint i = 0; i < self->undos->len; i++)
    if (((BobbinUndo *) g_ptr_array_index (self->undos, i))->serial == serial)
      {
        take_back (self, i);
        return;
      }
}

/* One */

static BobbinThread *
ref_target (BobbinWindow *self,
            GVariant     *parameter)
{
  return _bobbin_window_ref_thread (self, g_variant_get_string (parameter, NULL));
}

static void
pin_cb (GtkWidget  *widget,
        const char *action_name,
        GVariant   *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);
  g_autoptr(BobbinThread) thread = ref_target (self, parameter);
  g_autofree char *title = NULL;
  g_autofree char *text = NULL;
  gboolean pinned;

  if (thread == NULL)
    return;

  pinned = !bobbin_thread_get_pinned (thread);
  title = dup_shown_title (thread);
  /* Translators: %s is the title of a conversation. */
  text = g_strdup_printf (pinned ? _("“%s” pinned") : _("“%s” unpinned"), title);
  bobbin_library_pin_thread (self->library, thread, pinned);
  _bobbin_window_offer_undo (self, bobbin_undo_new_for (thread, pinned ? BOBBIN_CHANGE_PIN : BOBBIN_CHANGE_UNPIN), text);
}

static void
mark_unread_cb (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);
  g_autoptr(BobbinThread) thread = ref_target (self, parameter);
  g_autofree char *title = NULL;
  g_autofree char *text = NULL;

  if (thread == NULL || bobbin_thread_get_unread (thread))
    return;

  bobbin_thread_set_unread (thread, TRUE);
  bobbin_library_save_thread (self->library, thread);
  title = dup_shown_title (thread);
  /* Translators: %s is the title of a conversation. */
  text = g_strdup_printf (_("“%s” marked as unread"), title);
  _bobbin_window_offer_undo (self, bobbin_undo_new_for (thread, BOBBIN_CHANGE_MARK_UNREAD), text);
}

/* What was open makes way for its neighbour, and the keyboard stays where it was. */
static void
leave_thread (BobbinWindow *self,
              BobbinThread *thread)
{
  gboolean in_sidebar = has_focus_in_sidebar (self);
  g_autoptr(BobbinThread) next = NULL;

  if (thread == self->thread)
    {
      next = bobbin_sidebar_ref_neighbour (self->sidebar, thread, 1);
      if (next == NULL)
        next = bobbin_sidebar_ref_neighbour (self->sidebar, thread, -1);

      if (next != NULL && !adw_leaflet_get_folded (self->leaflet))
        bobbin_window_open_thread (self, next);
      else
        _bobbin_window_close_thread (self);
    }

  if (in_sidebar || adw_leaflet_get_folded (self->leaflet))
    bobbin_sidebar_focus_list (self->sidebar);
}

static void
delete_cb (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);
  g_autoptr(BobbinThread) thread = ref_target (self, parameter);
  g_autofree char *title = NULL;
  g_autofree char *text = NULL;
  BobbinAccount *account;
  BobbinUndo *undo;
  gboolean server_keeps;
  gboolean deletes;

  if (thread == NULL || bobbin_thread_get_deleted_us (thread) != 0)
    return;

  account = bobbin_library_find_account (self->library, bobbin_thread_get_account_id (thread));
  deletes = bobbin_library_deletes_remote (self->library, thread);
  server_keeps = account != NULL && bobbin_account_get_service (account) != BOBBIN_SERVICE_DEMO
                 && bobbin_thread_get_server_id (thread) != NULL && !deletes;

  leave_thread (self, thread);
  bobbin_library_bin_thread (self->library, thread, TRUE);
  title = dup_shown_title (thread);
  if (server_keeps)
    /* Translators: %s is the title of a conversation. */
    text = g_strdup_printf (_("“%s” deleted here; the service keeps its copy"), title);
  else if (deletes)
    /* Translators: %s is the title of a conversation. */
    text = g_strdup_printf (_("“%s” deleted, here and on the server"), title);
  else
    /* Translators: %s is the title of a conversation. */
    text = g_strdup_printf (_("“%s” deleted"), title);
  undo = bobbin_undo_new_for (thread, BOBBIN_CHANGE_BIN);
  undo->opens = TRUE;
  _bobbin_window_offer_undo (self, undo, text);
}

static void
archive_cb (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);
  g_autoptr(BobbinThread) thread = ref_target (self, parameter);
  g_autofree char *title = NULL;
  g_autofree char *text = NULL;
  BobbinUndo *undo;
  gboolean archived;

  if (thread == NULL || bobbin_thread_get_deleted_us (thread) != 0)
    return;

  archived = !bobbin_thread_get_archived (thread);
  if (archived)
    leave_thread (self, thread);
  bobbin_library_archive_thread (self->library, thread, archived);
  title = dup_shown_title (thread);
  /* Translators: %s is the title of a conversation. */
  text = g_strdup_printf (archived ? _("“%s” archived") : _("“%s” unarchived"), title);
  undo = bobbin_undo_new_for (thread, archived ? BOBBIN_CHANGE_ARCHIVE : BOBBIN_CHANGE_UNARCHIVE);
  undo->opens = archived;
  _bobbin_window_offer_undo (self, undo, text);
}

static void
restore_cb (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);
  g_autoptr(BobbinThread) thread = ref_target (self, parameter);
  g_autofree char *title = NULL;
  g_autofree char *text = NULL;
  BobbinUndo *undo;

  if (thread == NULL || (bobbin_thread_get_deleted_us (thread) == 0 && !bobbin_thread_get_archived (thread)))
    return;

  if (bobbin_thread_get_deleted_us (thread) != 0)
    {
      undo = bobbin_undo_new_for (thread, BOBBIN_CHANGE_RESTORE);
      bobbin_library_bin_thread (self->library, thread, FALSE);
    }
  else
    {
      undo = bobbin_undo_new_for (thread, BOBBIN_CHANGE_UNARCHIVE);
      bobbin_library_archive_thread (self->library, thread, FALSE);
    }
  bobbin_window_open_thread (self, thread);
  title = dup_shown_title (thread);
  /* Translators: %s is the title of a conversation. */
  text = g_strdup_printf (_("“%s” restored"), title);
  _bobbin_window_offer_undo (self, undo, text);
}

/* Many */

static char *
dup_changed_text (const BobbinThreadChanged *changed)
{
  guint n = changed->ids->len;

  switch (changed->kind)
    {
    case BOBBIN_CHANGE_PIN:
      return g_strdup_printf (ngettext ("%u conversation pinned", "%u conversations pinned", n), n);
    case BOBBIN_CHANGE_UNPIN:
      return g_strdup_printf (ngettext ("%u conversation unpinned", "%u conversations unpinned", n), n);
    case BOBBIN_CHANGE_ARCHIVE:
      return g_strdup_printf (ngettext ("%u conversation archived", "%u conversations archived", n), n);
    case BOBBIN_CHANGE_UNARCHIVE:
      return g_strdup_printf (ngettext ("%u conversation unarchived", "%u conversations unarchived", n), n);
    case BOBBIN_CHANGE_MARK_READ:
      return g_strdup_printf (ngettext ("%u conversation marked as read", "%u conversations marked as read", n), n);
    case BOBBIN_CHANGE_MARK_UNREAD:
      return g_strdup_printf (ngettext ("%u conversation marked as unread", "%u conversations marked as unread", n), n);
    case BOBBIN_CHANGE_RESTORE:
      return g_strdup_printf (ngettext ("%u conversation restored", "%u conversations restored", n), n);
    case BOBBIN_CHANGE_ADD_LABEL:
    case BOBBIN_CHANGE_REMOVE_LABEL:
      return g_strdup_printf (ngettext ("Labels of %u conversation changed", "Labels of %u conversations changed", n), n);
    case BOBBIN_CHANGE_BIN:
    case BOBBIN_N_CHANGES:
    default:
      break;
    }

  if (changed->n_kept > 0)
    {
      g_autofree char *deleted = g_strdup_printf (ngettext ("%u conversation deleted", "%u conversations deleted", n), n);

      /* Translators: %1$s is “12 conversations deleted”, %2$u the number of those that services do not delete. */
      return g_strdup_printf (ngettext ("%1$s; a service keeps its copy of %2$u", "%1$s; services keep their copies of %2$u",
                                        changed->n_kept), deleted, changed->n_kept);
    }
  if (changed->n_remote > 0)
    return g_strdup_printf (ngettext ("%u conversation deleted, here and on the server",
                                      "%u conversations deleted, here and on the server", n), n);

  return g_strdup_printf (ngettext ("%u conversation deleted", "%u conversations deleted", n), n);
}

typedef struct
{
  BobbinWindow *window; /* owned */
  BobbinUndo   *undo;   /* owned */
  guint         n_left; /* changes that are not done yet */
} Changing;

static void
changed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Changing *changing = user_data;
  g_autoptr(BobbinWindow) self = NULL;
  g_autoptr(GError) error = NULL;
  BobbinThreadChanged *changed = bobbin_library_change_threads_finish (BOBBIN_LIBRARY (source), result, &error);
  g_autoptr(BobbinUndo) undo = NULL;
  g_autofree char *text = NULL;

  if (changed == NULL)
    failed (changing->window, error);
  else
    g_ptr_array_add (changing->undo->changes, changed);
  if (--changing->n_left > 0)
    return;

  self = g_steal_pointer (&changing->window);
  undo = g_steal_pointer (&changing->undo);
  g_free (changing);
  if (undo->changes->len == 0 || g_cancellable_is_cancelled (self->cancellable))
    return;

  text = dup_changed_text (g_ptr_array_index (undo->changes, 0));
  _bobbin_window_offer_undo (self, g_steal_pointer (&undo), text);
}

void
bobbin_window_change_threads (BobbinWindow           *self,
                              const BobbinThreadPick *pick,
                              BobbinThreadChangeKind  kind,
                              gboolean                keep_remote)
{
  Changing *changing;

  g_return_if_fail (BOBBIN_IS_WINDOW (self));

  changing = g_new0 (Changing, 1);
  changing->window = g_object_ref (self);
  changing->undo = bobbin_undo_new ();
  changing->n_left = 1;
  bobbin_library_change_threads_async (self->library, pick, kind, 0, keep_remote, NULL, changed_cb, changing);
}

void
bobbin_window_set_labels (BobbinWindow           *self,
                          const BobbinThreadPick *pick,
                          GArray                 *added,
                          GArray                 *removed)
{
  Changing *changing;

  g_return_if_fail (BOBBIN_IS_WINDOW (self));

  if (added->len + removed->len == 0)
    return;

  changing = g_new0 (Changing, 1);
  changing->window = g_object_ref (self);
  changing->undo = bobbin_undo_new ();
  changing->n_left = added->len + removed->len;
  for (guint i = 0; i < added->len; i++)
    bobbin_library_change_threads_async (self->library, pick, BOBBIN_CHANGE_ADD_LABEL, g_array_index (added, gint64, i), FALSE, NULL,
                                         changed_cb, changing);
  for (guint i = 0; i < removed->len; i++)
    bobbin_library_change_threads_async (self->library, pick, BOBBIN_CHANGE_REMOVE_LABEL, g_array_index (removed, gint64, i), FALSE,
                                         NULL, changed_cb, changing);
}

void
bobbin_window_label_deleted (BobbinWindow *self,
                             BobbinLabel  *label,
                             GArray       *holders)
{
  BobbinUndo *undo;
  g_autofree char *text = NULL;

  g_return_if_fail (BOBBIN_IS_WINDOW (self));

  undo = bobbin_undo_new ();
  undo->label = g_object_ref (label);
  undo->holders = g_array_ref (holders);
  /* Translators: %s is the name of a label. */
  text = g_strdup_printf (_("Label “%s” deleted"), bobbin_label_get_name (label));
  _bobbin_window_offer_undo (self, undo, text);
}

/* (id, title before): tells that a conversation has another title now. */
static void
renamed_cb (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);
  g_autoptr(BobbinThread) thread = NULL;
  const char *id, *title;
  BobbinUndo *undo;

  g_variant_get (parameter, "(&s&s)", &id, &title);
  thread = _bobbin_window_ref_thread (self, id);
  if (thread == NULL || *title == '\0')
    return;

  undo = bobbin_undo_new ();
  undo->thread = g_object_ref (thread);
  undo->title = g_strdup (title);
  _bobbin_window_offer_undo (self, undo, _("Conversation renamed"));
}

/* Whether all that are picked, as far as they are loaded, have it. */
static gboolean
all_have (BobbinWindow *self,
          gboolean    (*has) (BobbinThread *thread))
{
  GListModel *model = bobbin_sidebar_get_model (self->sidebar);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr(GObject) item = g_list_model_get_item (model, i);

      if (BOBBIN_IS_THREAD (item) && bobbin_sidebar_is_picked (self->sidebar, BOBBIN_THREAD (item)) && !has (BOBBIN_THREAD (item)))
        return FALSE;
    }

  return TRUE;
}

static void
purge_answer_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(BobbinWindow) self = BOBBIN_WINDOW (user_data);
  g_autoptr(GError) error = NULL;
  gssize n = bobbin_library_purge_finish (BOBBIN_LIBRARY (source), result, &error);
  g_autofree char *text = NULL;

  if (n < 0)
    {
      failed (self, error);
      return;
    }

  text = g_strdup_printf (ngettext ("%u conversation deleted for good", "%u conversations deleted for good", (gulong) n), (guint) n);
  bobbin_window_toast (self, text);
}

typedef struct
{
  BobbinWindow     *window; /* owned */
  BobbinThreadPick *pick;   /* owned; NULL: all */
} Purge;

static void
purge_free (gpointer  data,
            GClosure *closure)
{
  Purge *purge = data;

  g_object_unref (purge->window);
  bobbin_thread_pick_free (purge->pick);
  g_free (purge);
}

static void
purge_response_cb (AdwMessageDialog *dialog,
                   const char       *response,
                   Purge            *purge)
{
  BobbinWindow *self = purge->window;

  if (!g_str_equal (response, "delete"))
    return;

  if (self->thread != NULL && bobbin_thread_get_deleted_us (self->thread) != 0)
    _bobbin_window_close_thread (self);
  bobbin_sidebar_set_picking (self->sidebar, FALSE);
  bobbin_library_purge_async (self->library, purge->pick, self->cancellable, purge_answer_cb, g_object_ref (self));
}

/* The one thing that cannot be taken back is asked about. */
static void
confirm_purge (BobbinWindow     *self,
               BobbinThreadPick *pick)
{
  GtkWidget *dialog = bobbin_fit_dialog (GTK_WINDOW (self), pick != NULL ? _("Delete for Good?") : _("Empty the Bin?"),
                                         _("These conversations, their files and what was found in them by searching "
                                           "are removed from this computer. This cannot be undone."));
  Purge *purge = g_new0 (Purge, 1);

  purge->window = g_object_ref (self);
  purge->pick = pick;
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "delete", _("_Delete"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "delete", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (purge_response_cb), purge, purge_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
empty_bin_cb (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  confirm_purge (BOBBIN_WINDOW (widget), NULL);
}

static void
purge_thread_cb (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);
  g_autoptr(BobbinThread) thread = ref_target (self, parameter);
  gint64 id;

  if (thread == NULL || bobbin_thread_get_deleted_us (thread) == 0)
    return;

  id = bobbin_thread_get_id (thread);
  confirm_purge (self, bobbin_thread_pick_new (&id, 1));
}

/* The kind of change a button of the bar asks for; BOBBIN_N_CHANGES: it is none. */
static BobbinThreadChangeKind
kind_of (BobbinWindow *self,
         const char   *what)
{
  if (g_str_equal (what, "archive"))
    return BOBBIN_CHANGE_ARCHIVE;
  if (g_str_equal (what, "unarchive"))
    return BOBBIN_CHANGE_UNARCHIVE;
  if (g_str_equal (what, "restore"))
    return BOBBIN_CHANGE_RESTORE;
  if (g_str_equal (what, "pin"))
    return all_have (self, bobbin_thread_get_pinned) ? BOBBIN_CHANGE_UNPIN : BOBBIN_CHANGE_PIN;
  if (g_str_equal (what, "read"))
    return all_have (self, bobbin_thread_get_unread) ? BOBBIN_CHANGE_MARK_READ : BOBBIN_CHANGE_MARK_UNREAD;
  if (g_str_equal (what, "bin"))
    return BOBBIN_CHANGE_BIN;

  return BOBBIN_N_CHANGES;
}

static void
change_selected_cb (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);
  const char *what = g_variant_get_string (parameter, NULL);
  g_autoptr(BobbinThreadPick) pick = NULL;
  BobbinThreadChangeKind kind;
  gboolean leaves;

  if (bobbin_sidebar_get_n_picked (self->sidebar) == 0)
    return;

  pick = bobbin_sidebar_dup_pick (self->sidebar);
  if (g_str_equal (what, "label"))
    {
      bobbin_labels_dialog_present (self, self->library, pick);
      return;
    }
  if (g_str_equal (what, "export"))
    {
      bobbin_transfer_export (GTK_WINDOW (self), self->library, NULL, pick);
      return;
    }
  if (g_str_equal (what, "purge"))
    {
      confirm_purge (self, g_steal_pointer (&pick));
      return;
    }

  kind = kind_of (self, what);
  g_return_if_fail (kind != BOBBIN_N_CHANGES);
  leaves = kind == BOBBIN_CHANGE_BIN || kind == BOBBIN_CHANGE_ARCHIVE;
  if (leaves && self->thread != NULL && bobbin_sidebar_is_picked (self->sidebar, self->thread))
    _bobbin_window_close_thread (self);
  bobbin_sidebar_set_picking (self->sidebar, FALSE);
  bobbin_window_change_threads (self, pick, kind, FALSE);
  bobbin_sidebar_focus_list (self->sidebar);
}

static void
export_listed_cb (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);
  g_autoptr(BobbinThreadPick) pick = bobbin_sidebar_dup_listed (self->sidebar);

  bobbin_transfer_export (GTK_WINDOW (self), self->library, NULL, pick);
}

static void
select_cb (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);

  _bobbin_window_show_list (self);
  bobbin_sidebar_set_picking (self->sidebar, TRUE);
}

static void
select_thread_cb (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);
  g_autoptr(BobbinThread) thread = ref_target (self, parameter);

  if (thread != NULL)
    bobbin_sidebar_pick (self->sidebar, thread);
}

/* Labels, expiry, cleaning up */

static void
label_thread_cb (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);
  g_autoptr(BobbinThread) thread = ref_target (self, parameter);
  g_autoptr(BobbinThreadPick) pick = NULL;
  gint64 id;

  if (thread == NULL)
    return;

  id = bobbin_thread_get_id (thread);
  pick = bobbin_thread_pick_new (&id, 1);
  bobbin_labels_dialog_present (self, self->library, pick);
}

static void
edit_labels_cb (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  bobbin_labels_dialog_present (BOBBIN_WINDOW (widget), BOBBIN_WINDOW (widget)->library, NULL);
}

/* Only a message makes a server count anew (nebelus.md, section 6), and only the person sends one: it is prepared. */
static void
keep_alive_cb (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);
  g_autoptr(BobbinThread) thread = ref_target (self, parameter);

  if (thread == NULL)
    return;

  bobbin_window_open_thread (self, thread);
  bobbin_conversation_grab_composer (self->conversation);
  bobbin_window_toast (self, _("Send a message, and the service keeps this conversation for its full time again"));
}

static void
clean_up_cb (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);

  /* As it would be done by itself, where it is. */
  bobbin_clean_up_present (self, self->library, (guint) g_settings_get_int (self->settings, "retention-days"));
}

static const struct
{
  const char                  *name;
  const char                  *type; /* (nullable) of the parameter */
  GtkWidgetActionActivateFunc  activate;
} actions[] = {
  { "win.thread-renamed", "(ss)", renamed_cb },
  { "win.pin-thread", "s", pin_cb },
  { "win.mark-thread-unread", "s", mark_unread_cb },
  { "win.archive-thread", "s", archive_cb },
  { "win.delete-thread", "s", delete_cb },
  { "win.restore-thread", "s", restore_cb },
  { "win.purge-thread", "s", purge_thread_cb },
  { "win.label-thread", "s", label_thread_cb },
  { "win.keep-thread-alive", "s", keep_alive_cb },
  { "win.select-thread", "s", select_thread_cb },
  { "win.select-conversations", NULL, select_cb },
  { "win.change-selected", "s", change_selected_cb },
  { "win.export-listed", NULL, export_listed_cb },
  { "win.edit-labels", NULL, edit_labels_cb },
  { "win.empty-bin", NULL, empty_bin_cb },
  { "win.clean-up", NULL, clean_up_cb },
  { "win.undo", NULL, undo_cb },
  { "win.undo-step", "u", undo_step_cb },
};

void
_bobbin_window_class_init_organise (GtkWidgetClass *widget_class)
{
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, actions[i].type, actions[i].activate);
}
