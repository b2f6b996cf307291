#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "window/bobbin-window-private.h"

#include "app/bobbin-fit.h"
#include "backend/bobbin-backend.h"
#include "dialogs/bobbin-agent-dialog.h"
#include "dialogs/bobbin-open-dialog.h"
#include "dialogs/bobbin-print.h"
#include "dialogs/bobbin-rename-dialog.h"
#include "dialogs/bobbin-transfer.h"
#include "model/bobbin-account.h"
#include "model/bobbin-agent.h"
#include "model/bobbin-thread.h"
#include "session/bobbin-session.h"
#include "util/bobbin-id.h"
#include "window/bobbin-shortcuts.h"

#include <glib/gi18n.h>

static void
new_conversation_cb (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  bobbin_window_new_conversation (BOBBIN_WINDOW (widget), NULL, NULL, NULL);
}

static void
new_conversation_with_cb (GtkWidget  *widget,
                          const char *action_name,
                          GVariant   *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);
  BobbinAccount *account;
  const char *account_id;
  const char *agent_id;
  gint64 id;

  g_variant_get (parameter, "(&s&s)", &account_id, &agent_id);
  if (!bobbin_id_parse (account_id, &id))
    return;

  account = bobbin_library_find_account (self->library, id);
  if (account != NULL)
    bobbin_window_new_conversation (self, account, *agent_id != '\0' ? agent_id : NULL, NULL);
}

static void
open_by_id_cb (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  bobbin_open_dialog_present (BOBBIN_WINDOW (widget), BOBBIN_WINDOW (widget)->library);
}

static void
search_cb (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);

  if (!adw_leaflet_get_folded (self->leaflet) && !self->sidebar_visible)
    {
      self->sidebar_visible = TRUE;
      _bobbin_window_update_panes (self);
    }
  adw_leaflet_set_visible_child (self->leaflet, GTK_WIDGET (self->sidebar));
  bobbin_sidebar_start_search (self->sidebar);
}

static void
show_list_cb (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  _bobbin_window_show_list (BOBBIN_WINDOW (widget));
}

static void
show_folder_cb (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);
  const char *folder = g_variant_get_string (parameter, NULL);

  bobbin_sidebar_show (self->sidebar, folder);
  _bobbin_window_show_list (self);
}

static void
toggle_sidebar_cb (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);

  if (adw_leaflet_get_folded (self->leaflet))
    {
      if (adw_leaflet_get_visible_child (self->leaflet) == GTK_WIDGET (self->sidebar) && self->thread != NULL)
        _bobbin_window_show_conversation (self);
      else
        _bobbin_window_show_list (self);
      return;
    }

  self->sidebar_visible = !self->sidebar_visible;
  /* The keyboard must not stay in what is hidden. */
  if (!self->sidebar_visible && !bobbin_conversation_grab_composer (self->conversation))
    gtk_widget_child_focus (GTK_WIDGET (self->conversation), GTK_DIR_TAB_FORWARD);
  _bobbin_window_update_panes (self);
}

/* The list, the transcript, the composer, the outline, and round again. */
static void
step_pane (BobbinWindow *self,
           int           by)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));
  gboolean in_sidebar = focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->sidebar));
  gboolean listed = adw_leaflet_get_folded (self->leaflet) || self->sidebar_visible;

  if (!in_sidebar && bobbin_conversation_step_pane (self->conversation, by, FALSE))
    return;
  if (!in_sidebar && listed)
    {
      _bobbin_window_show_list (self);
      return;
    }
  if (self->thread != NULL)
    _bobbin_window_show_conversation (self);
  if (!bobbin_conversation_step_pane (self->conversation, by, TRUE))
    gtk_widget_child_focus (GTK_WIDGET (self->conversation), GTK_DIR_TAB_FORWARD);
}

static void
next_pane_cb (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  step_pane (BOBBIN_WINDOW (widget), 1);
}

static void
previous_pane_cb (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  step_pane (BOBBIN_WINDOW (widget), -1);
}

static void
step (BobbinWindow *self,
      int           by)
{
  g_autoptr(BobbinThread) next = bobbin_sidebar_ref_neighbour (self->sidebar, self->thread, by);

  if (next != NULL)
    bobbin_window_open_thread (self, next);
}

static void
next_conversation_cb (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  step (BOBBIN_WINDOW (widget), 1);
}

static void
previous_conversation_cb (GtkWidget  *widget,
                          const char *action_name,
                          GVariant   *parameter)
{
  step (BOBBIN_WINDOW (widget), -1);
}

static void
focus_composer_cb (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);

  if (self->thread == NULL)
    return;

  _bobbin_window_show_conversation (self);
  bobbin_conversation_grab_composer (self->conversation);
}

static void
conversation_menu_cb (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  bobbin_conversation_popup_menu (BOBBIN_WINDOW (widget)->conversation);
}

static void
rename_cb (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);
  g_autoptr(BobbinThread) thread = _bobbin_window_ref_thread (self, g_variant_get_string (parameter, NULL));

  if (thread != NULL)
    bobbin_rename_dialog_present (GTK_WINDOW (self), self->library, thread);
}

static void
copy_id_cb (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);
  g_autoptr(BobbinThread) thread = _bobbin_window_ref_thread (self, g_variant_get_string (parameter, NULL));
  g_autofree char *id = NULL;

  if (thread == NULL)
    return;

  /* The server's id is what others know; ours until there is one. */
  id = g_strdup (bobbin_thread_get_server_id (thread));
  if (id == NULL)
    id = bobbin_id_to_string (bobbin_thread_get_id (thread));
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), id);
  bobbin_window_toast (self, _("Conversation ID copied"));
}

static void
open_in_window_cb (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);
  g_autoptr(BobbinThread) thread = _bobbin_window_ref_thread (self, g_variant_get_string (parameter, NULL));
  GtkWidget *window;

  if (thread == NULL)
    return;

  window = bobbin_window_new (gtk_window_get_application (GTK_WINDOW (self)), self->library, self->settings);
  bobbin_window_open_thread (BOBBIN_WINDOW (window), thread);
  gtk_window_present (GTK_WINDOW (window));
}

static void
export_cb (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);
  g_autoptr(BobbinThread) thread = _bobbin_window_ref_thread (self, g_variant_get_string (parameter, NULL));

  if (thread != NULL)
    bobbin_transfer_export (GTK_WINDOW (self), self->library, thread, NULL);
}

static void
save_as_pdf_cb (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);
  g_autoptr(BobbinThread) thread = _bobbin_window_ref_thread (self, g_variant_get_string (parameter, NULL));

  if (thread != NULL)
    bobbin_print_thread_to_pdf (GTK_WINDOW (self), bobbin_library_get_store (self->library), thread);
}

static void
print_cb (GtkWidget  *widget,
          const char *action_name,
          GVariant   *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);
  g_autoptr(BobbinThread) thread = _bobbin_window_ref_thread (self, g_variant_get_string (parameter, NULL));

  if (thread != NULL)
    bobbin_print_thread (GTK_WINDOW (self), bobbin_library_get_store (self->library), thread);
}

static void
import_cb (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  bobbin_transfer_import (GTK_WINDOW (widget), BOBBIN_WINDOW (widget)->library);
}

static void
start_over_cb (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);
  BobbinSession *session = bobbin_conversation_get_session (self->conversation);

  if (session != NULL)
    bobbin_session_start_over (session);
}

static void
change_agent_cb (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);
  g_autoptr(BobbinThread) thread = _bobbin_window_ref_thread (self, g_variant_get_string (parameter, NULL));
  g_autoptr(BobbinSession) session = NULL;
  BobbinAccount *account;

  if (thread == NULL)
    return;

  account = bobbin_library_find_account (self->library, bobbin_thread_get_account_id (thread));
  if (account == NULL
      || (bobbin_registry_get_capabilities (bobbin_account_get_service (account)) & BOBBIN_CAN_CHANGE_AGENT) == 0)
    return;

  session = bobbin_library_get_session (self->library, thread);
  bobbin_agent_dialog_present (GTK_WINDOW (self), session, self->agents);
}

static void
edit_account_cb (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  BobbinAccount *account = bobbin_window_get_account (BOBBIN_WINDOW (widget));
  g_autofree char *id = NULL;

  if (account == NULL)
    return;

  id = bobbin_id_to_string (bobbin_account_get_id (account));
  gtk_widget_activate_action (widget, "app.edit-account", "s", id);
}

static void
dismiss_notice_cb (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  _bobbin_window_dismiss_notice (BOBBIN_WINDOW (widget));
}

static void
help_cb (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  GtkWidget *window = bobbin_shortcuts_new_window ();

  gtk_window_set_transient_for (GTK_WINDOW (window), GTK_WINDOW (widget));
  gtk_window_present (GTK_WINDOW (window));
}

static const struct
{
  const char                  *name;
  const char                  *type; /* (nullable) of the parameter */
  GtkWidgetActionActivateFunc  activate;
} actions[] = {
  { "win.new-conversation", NULL, new_conversation_cb },
  { "win.new-conversation-with", "(ss)", new_conversation_with_cb },
  { "win.open-thread-by-id", NULL, open_by_id_cb },
  { "win.search", NULL, search_cb },
  { "win.show-list", NULL, show_list_cb },
  { "win.show-folder", "s", show_folder_cb },
  { "win.toggle-sidebar", NULL, toggle_sidebar_cb },
  { "win.next-pane", NULL, next_pane_cb },
  { "win.previous-pane", NULL, previous_pane_cb },
  { "win.next-conversation", NULL, next_conversation_cb },
  { "win.previous-conversation", NULL, previous_conversation_cb },
  { "win.focus-composer", NULL, focus_composer_cb },
  { "win.conversation-menu", NULL, conversation_menu_cb },
  { "win.rename-thread", "s", rename_cb },
  { "win.copy-thread-id", "s", copy_id_cb },
  { "win.open-thread-in-window", "s", open_in_window_cb },
  { "win.export-thread", "s", export_cb },
  { "win.save-thread-as-pdf", "s", save_as_pdf_cb },
  { "win.print-thread", "s", print_cb },
  { "win.import", NULL, import_cb },
  { "win.change-agent", "s", change_agent_cb },
  { "win.start-over", "s", start_over_cb },
  { "win.edit-current-account", NULL, edit_account_cb },
  { "win.dismiss-notice", NULL, dismiss_notice_cb },
  { "win.show-help-overlay", NULL, help_cb },
};

void
_bobbin_window_class_init_actions (GtkWidgetClass *widget_class)
{
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, actions[i].type, actions[i].activate);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F6, GDK_SHIFT_MASK, "win.previous-pane", NULL);
  _bobbin_window_class_init_palette (widget_class);
  _bobbin_window_class_init_organise (widget_class);
  _bobbin_window_class_init_history (widget_class);
  _bobbin_window_class_init_remote (widget_class);
}

void
_bobbin_window_actions_update (BobbinWindow *self)
{
  static const char *const need_account[] = {
    "win.new-conversation", "win.new-conversation-with", "win.open-thread-by-id", "win.search", "win.show-folder",
    "win.toggle-sidebar", "win.next-pane", "win.previous-pane", "win.next-conversation", "win.previous-conversation",
    "win.select-conversations", "win.edit-labels", "win.clean-up",
  };
  static const char *const need_thread[] = { "win.focus-composer", "win.conversation-menu", "win.start-over",
                                             "win.attach-files", "win.stop-answer", "win.show-thread-state",
                                             "win.add-message" };
  gboolean folded = adw_leaflet_get_folded (self->leaflet);
  gboolean on_list = adw_leaflet_get_visible_child (self->leaflet) == GTK_WIDGET (self->sidebar);

  for (guint i = 0; i < G_N_ELEMENTS (need_account); i++)
    _bobbin_window_set_enabled (self, need_account[i], !self->welcoming);
  for (guint i = 0; i < G_N_ELEMENTS (need_thread); i++)
    _bobbin_window_set_enabled (self, need_thread[i], self->thread != NULL);
  _bobbin_window_set_enabled (self, "win.show-list", !self->welcoming && folded && !on_list);
  _bobbin_window_set_enabled (self, "win.go-back", !self->welcoming && ((folded && !on_list) || _bobbin_window_can_travel (self, -1)));
  _bobbin_window_set_enabled (self, "win.go-forward", !self->welcoming && _bobbin_window_can_travel (self, 1));
  _bobbin_window_set_enabled (self, "win.undo", self->undos->len > 0);
  _bobbin_window_update_travel (self);
}

static void
append_start (GMenu         *section,
              const char    *label,
              BobbinAccount *account,
              const char    *agent_id)
{
  g_autoptr(GMenuItem) item = g_menu_item_new (label, NULL);
  g_autofree char *id = bobbin_id_to_string (bobbin_account_get_id (account));

  g_menu_item_set_action_and_target (item, "win.new-conversation-with", "(ss)", id, agent_id);
  g_menu_append_item (section, item);
}

/* Agents in a section of their account, accounts without known agents together in @plain. */
static void
append_account (BobbinWindow  *self,
                GMenu         *menu,
                GMenu         *plain,
                BobbinAccount *account)
{
  g_autoptr(GMenu) section = g_menu_new ();
  const char *name = bobbin_account_get_name (account);

  for (guint i = 0; self->agents != NULL && i < self->agents->len; i++)
    {
      BobbinAgent *agent = g_ptr_array_index (self->agents, i);

      if (bobbin_agent_get_account_id (agent) == bobbin_account_get_id (account))
        append_start (section, bobbin_agent_get_name (agent), account, bobbin_agent_get_agent_id (agent));
    }

  if (g_menu_model_get_n_items (G_MENU_MODEL (section)) == 0)
    append_start (plain, name, account, "");
  else
    g_menu_append_section (menu, name, G_MENU_MODEL (section));
}

static void
build_new_menu (BobbinWindow *self)
{
  GListModel *accounts = bobbin_library_get_accounts (self->library);
  g_autoptr(GMenu) menu = g_menu_new ();
  g_autoptr(GMenu) plain = g_menu_new ();
  g_autoptr(GMenu) others = g_menu_new ();

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr(BobbinAccount) account = g_list_model_get_item (accounts, i);

      append_account (self, menu, plain, account);
    }
  if (g_menu_model_get_n_items (G_MENU_MODEL (plain)) > 0)
    g_menu_append_section (menu, NULL, G_MENU_MODEL (plain));
  g_menu_append (others, _("_Open Conversation by ID…"), "win.open-thread-by-id");
  g_menu_append (others, _("_Add Account…"), "app.add-account");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (others));

  bobbin_sidebar_set_new_menu (self->sidebar, G_MENU_MODEL (menu));
}

static void
agents_listed_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(BobbinWindow) self = BOBBIN_WINDOW (user_data);
  g_autoptr(GPtrArray) agents = bobbin_store_list_agents_finish (BOBBIN_STORE (source), result, NULL);

  if (agents == NULL || g_cancellable_is_cancelled (self->cancellable))
    return;

  g_clear_pointer (&self->agents, g_ptr_array_unref);
  self->agents = g_steal_pointer (&agents);
  build_new_menu (self);
}

/* Built at once from what is known, and again when the store has told the agents it saw. */
void
_bobbin_window_update_new_menu (BobbinWindow *self)
{
  build_new_menu (self);
  bobbin_store_list_agents_async (bobbin_library_get_store (self->library), 0, self->cancellable,
                                  agents_listed_cb, g_object_ref (self));
}
