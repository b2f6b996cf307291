/* Which conversations the list shows: a folder, an account, a label, those that expire; and the menu that says so. */
#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "sidebar/bobbin-sidebar-private.h"

#include "app/bobbin-label-text.h"
#include "util/bobbin-id.h"

#include <glib/gi18n.h>
#include <string.h>

static char *
dup_title (BobbinSidebar *self)
{
  BobbinLabel *label = self->label_id != 0 ? bobbin_library_find_label (self->library, self->label_id) : NULL;

  if (label != NULL)
    return g_strdup (bobbin_label_get_name (label));
  if (self->expiring)
    return g_strdup (_("Expiring Soon"));
  if (self->folder == BOBBIN_FOLDER_ARCHIVED)
    return g_strdup (_("Archived"));
  if (self->folder == BOBBIN_FOLDER_BIN)
    return g_strdup (_("Deleted"));

  return g_strdup (_("Conversations"));
}

gboolean
_bobbin_sidebar_is_home (BobbinSidebar *self)
{
  return self->folder == BOBBIN_FOLDER_ACTIVE && self->label_id == 0 && !self->expiring;
}

/* Labels and folders, built when it is opened. */
static void
make_view_menu_cb (GtkMenuButton *button,
                   gpointer       user_data)
{
  BobbinSidebar *self = user_data;
  GListModel *labels = self->library != NULL ? bobbin_library_get_labels (self->library) : NULL;
  g_autoptr(GMenu) menu = g_menu_new ();
  g_autoptr(GMenu) folders = g_menu_new ();
  g_autoptr(GMenu) named = g_menu_new ();
  g_autoptr(GMenu) edit = g_menu_new ();

  g_menu_append (folders, _("_Conversations"), "win.show-folder('active')");
  g_menu_append (folders, _("_Expiring Soon"), "win.show-folder('expiring')");
  g_menu_append (folders, _("_Archived"), "win.show-folder('archive')");
  g_menu_append (folders, _("_Deleted"), "win.show-folder('bin')");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (folders));
  for (guint i = 0; labels != NULL && i < g_list_model_get_n_items (labels); i++)
    {
      g_autoptr(BobbinLabel) label = g_list_model_get_item (labels, i);
      g_autofree char *id = bobbin_id_to_string (bobbin_label_get_id (label));
      g_autofree char *target = g_strconcat ("label:", id, NULL);
      g_autofree char *text = bobbin_label_dup_markup (label);
      g_autoptr(GMenuItem) item = g_menu_item_new (text, NULL);

      g_menu_item_set_attribute (item, "use-markup", "s", "yes");
      g_menu_item_set_action_and_target (item, "win.show-folder", "s", target);
      g_menu_append_item (named, item);
    }
  if (g_menu_model_get_n_items (G_MENU_MODEL (named)) > 0)
    /* Translators: a heading over the labels, in the menu of what the list shows. */
    g_menu_append_section (menu, C_("menu heading", "Labels"), G_MENU_MODEL (named));
  g_menu_append (edit, _("Edit _Labels…"), "win.edit-labels");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (edit));
  gtk_menu_button_set_menu_model (button, G_MENU_MODEL (menu));
}

static void
grew_cb (BobbinThreadView *view,
         BobbinSidebar    *self)
{
  _bobbin_sidebar_update_empty (self);
}

static void
update_title (BobbinSidebar *self)
{
  g_autofree char *title = dup_title (self);
  g_autofree char *label = NULL;

  /* At home the short name of the program: there is little room between the buttons. */
  gtk_label_set_label (self->title, _bobbin_sidebar_is_home (self) ? "Bobbin" : title);
  /* Translators: %s is what the list shows, as “Archived” or the name of a label. */
  label = g_strdup_printf (_("%s, show others"), title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view_button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

void
_bobbin_sidebar_show_view (BobbinSidebar *self)
{
  g_autoptr(BobbinThreadView) view = NULL;
  gboolean home = _bobbin_sidebar_is_home (self);

  bobbin_row_selection_set_picking (self->selection, FALSE);
  view = bobbin_library_ref_view (self->library, self->folder, self->account_id, self->label_id, self->expiring);
  if (self->view != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->view, self);
      bobbin_thread_view_trim (self->view);
    }
  g_set_object (&self->view, view);
  g_signal_connect_object (view, "grew", G_CALLBACK (grew_cb), self, 0);

  update_title (self);
  gtk_widget_set_visible (GTK_WIDGET (self->new_button), home);
  gtk_widget_set_visible (self->folder_back, !home);
  bobbin_thread_groups_set_threads (self->groups, bobbin_thread_view_get_model (view));
  _bobbin_sidebar_update_empty (self);
  _bobbin_sidebar_update_bars (self);
}

/* A label may have another name now, or be gone. */
static void
labels_changed_cb (GListModel    *labels,
                   guint          position,
                   guint          removed,
                   guint          added,
                   BobbinSidebar *self)
{
  if (self->label_id != 0 && bobbin_library_find_label (self->library, self->label_id) == NULL)
    {
      self->label_id = 0;
      _bobbin_sidebar_show_view (self);
    }
  update_title (self);
  _bobbin_sidebar_redraw_rows (self);
}

void
_bobbin_sidebar_init_view (BobbinSidebar *self)
{
  g_signal_connect_object (bobbin_library_get_labels (self->library), "items-changed", G_CALLBACK (labels_changed_cb), self, 0);
  gtk_menu_button_set_create_popup_func (self->view_button, make_view_menu_cb, self, NULL);
}

void
_bobbin_sidebar_set_account (BobbinSidebar *self,
                             gint64         account_id)
{
  if (self->account_id == account_id)
    return;

  self->account_id = account_id;
  _bobbin_sidebar_show_view (self);
}

gint64
bobbin_sidebar_get_account_id (BobbinSidebar *self)
{
  g_return_val_if_fail (BOBBIN_IS_SIDEBAR (self), 0);

  return self->account_id;
}

void
bobbin_sidebar_show (BobbinSidebar *self,
                     const char    *what)
{
  gint64 label_id = 0;

  g_return_if_fail (BOBBIN_IS_SIDEBAR (self));
  g_return_if_fail (self->library != NULL);

  if (g_str_has_prefix (what, "label:") && (!bobbin_id_parse (what + strlen ("label:"), &label_id) ||
                                            bobbin_library_find_label (self->library, label_id) == NULL))
    return;

  self->label_id = label_id;
  self->expiring = g_str_equal (what, "expiring");
  self->folder = g_str_equal (what, "archive") ? BOBBIN_FOLDER_ARCHIVED
                 : g_str_equal (what, "bin")   ? BOBBIN_FOLDER_BIN
                                               : BOBBIN_FOLDER_ACTIVE;
  _bobbin_sidebar_show_view (self);
}

void
bobbin_sidebar_set_folder (BobbinSidebar *self,
                           BobbinFolder   folder)
{
  bobbin_sidebar_show (self, folder == BOBBIN_FOLDER_ARCHIVED ? "archive" : folder == BOBBIN_FOLDER_BIN ? "bin" : "active");
}

BobbinFolder
bobbin_sidebar_get_folder (BobbinSidebar *self)
{
  g_return_val_if_fail (BOBBIN_IS_SIDEBAR (self), BOBBIN_FOLDER_ACTIVE);

  return self->folder;
}
