#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "dialogs/bobbin-labels-dialog.h"

#include "app/bobbin-fit.h"
#include "app/bobbin-label-text.h"
#include "dialogs/bobbin-label-editor.h"
#include "model/bobbin-thread.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* Of those that were picked: none has it, some have, all have. */
typedef enum
{
  HAD_NONE,
  HAD_SOME,
  HAD_ALL,
} Had;

typedef struct
{
  GtkWindow        *window;   /* borrowed: it owns this */
  BobbinWindow     *parent;   /* owned */
  BobbinLibrary    *library;  /* owned */
  BobbinThreadPick *pick;     /* owned (nullable) */
  GHashTable       *chosen;   /* gint64 → Had: what is set now; SOME: left as it is */
  GtkListBox       *list;
} Dialog;

static void
dialog_free (gpointer data)
{
  Dialog *self = data;

  g_signal_handlers_disconnect_by_data (bobbin_library_get_labels (self->library), self);
  g_object_unref (self->parent);
  g_object_unref (self->library);
  bobbin_thread_pick_free (self->pick);
  g_hash_table_unref (self->chosen);
  g_free (self);
}

static Had
had (Dialog      *self,
     BobbinLabel *label)
{
  guint n = 0;
  guint n_known = 0;

  /* What is not loaded cannot be looked at. */
  if (self->pick->all)
    return HAD_SOME;

  for (guint i = 0; i < self->pick->ids->len; i++)
    {
      BobbinThread *thread = bobbin_library_find_loaded (self->library, g_array_index (self->pick->ids, gint64, i));

      n_known += thread != NULL;
      n += thread != NULL && bobbin_thread_has_label (thread, bobbin_label_get_id (label));
    }

  return n == 0 ? HAD_NONE : n == n_known && n_known == self->pick->ids->len ? HAD_ALL : HAD_SOME;
}

static void
choose (Dialog *self,
        gint64  label_id,
        Had     state)
{
  g_hash_table_insert (self->chosen, g_memdup2 (&label_id, sizeof label_id), GINT_TO_POINTER ((int) state));
}

static BobbinLabel *
label_of (gpointer widget)
{
  return g_object_get_data (G_OBJECT (widget), "label");
}

static void
toggled_cb (GtkCheckButton *check,
            Dialog         *self)
{
  gtk_check_button_set_inconsistent (check, FALSE);
  choose (self, bobbin_label_get_id (label_of (check)), gtk_check_button_get_active (check) ? HAD_ALL : HAD_NONE);
}

typedef struct
{
  GtkWindow   *window; /* weak: the dialog may be closed before */
  Dialog      *dialog;
  BobbinLabel *label;  /* owned (nullable) */
} Editing;

static void
editing_free (gpointer data)
{
  Editing *editing = data;

  g_clear_weak_pointer (&editing->window);
  g_clear_object (&editing->label);
  g_free (editing);
}

typedef struct
{
  BobbinWindow *parent; /* owned */
  BobbinLabel  *label;  /* owned */
} Deleting;

static void
label_deleted_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autofree Deleting *deleting = user_data;
  g_autoptr(BobbinWindow) parent = deleting->parent;
  g_autoptr(BobbinLabel) label = deleting->label;
  g_autoptr(GArray) holders = bobbin_library_delete_label_finish (BOBBIN_LIBRARY (source), result, NULL);

  if (holders != NULL)
    bobbin_window_label_deleted (parent, label, holders);
}

static void
edited_cb (const char       *name,
           BobbinLabelColor  color,
           gboolean          deleted,
           gpointer          user_data)
{
  Editing *editing = user_data;
  Dialog *self = editing->dialog;

  if (editing->window == NULL)
    return;

  if (editing->label == NULL)
    {
      g_autoptr(BobbinLabel) label = bobbin_label_new (0, name, color);

      /* Who makes one here wants to give it. */
      if (self->pick != NULL)
        choose (self, bobbin_label_get_id (label), HAD_ALL);
      bobbin_library_add_label (self->library, label, NULL);
    }
  else if (deleted)
    {
      Deleting *deleting = g_new0 (Deleting, 1);

      deleting->parent = g_object_ref (self->parent);
      deleting->label = g_object_ref (editing->label);
      bobbin_library_delete_label_async (self->library, editing->label, NULL, label_deleted_cb, deleting);
    }
  else
    {
      bobbin_library_change_label (self->library, editing->label, name, color);
    }
}

static void
edit (Dialog      *self,
      BobbinLabel *label)
{
  Editing *editing = g_new0 (Editing, 1);

  g_set_weak_pointer (&editing->window, self->window);
  editing->dialog = self;
  editing->label = label != NULL ? g_object_ref (label) : NULL;
  bobbin_label_editor_present (self->window, label, edited_cb, editing, editing_free);
}

static void
edit_cb (GtkButton *button,
         Dialog    *self)
{
  edit (self, label_of (button));
}

static void
activated_cb (GtkListBox    *list,
              GtkListBoxRow *row,
              Dialog        *self)
{
  if (label_of (row) == NULL)
    edit (self, NULL);
}

static GtkWidget *
make_row (Dialog      *self,
          BobbinLabel *label)
{
  AdwActionRow *row = ADW_ACTION_ROW (adw_action_row_new ());
  g_autofree char *title = g_markup_escape_text (bobbin_label_get_name (label), -1);
  /* Translators: %s is the name of a label. */
  g_autofree char *edit_label = g_strdup_printf (_("Edit “%s”"), bobbin_label_get_name (label));
  gint64 id = bobbin_label_get_id (label);
  GtkWidget *button = gtk_button_new_from_icon_name ("bobbin-edit-symbolic");

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (row, 1);
  g_object_set_data_full (G_OBJECT (row), "label", g_object_ref (label), g_object_unref);
  adw_action_row_add_prefix (row, bobbin_label_dot_new (bobbin_label_get_color (label)));
  if (self->pick != NULL)
    {
      GtkWidget *check = gtk_check_button_new ();
      gpointer state;

      if (!g_hash_table_lookup_extended (self->chosen, &id, NULL, &state))
        state = GINT_TO_POINTER ((int) had (self, label));
      g_object_set_data_full (G_OBJECT (check), "label", g_object_ref (label), g_object_unref);
      gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, bobbin_label_get_name (label), -1);
      gtk_check_button_set_active (GTK_CHECK_BUTTON (check), GPOINTER_TO_INT (state) == HAD_ALL);
      gtk_check_button_set_inconsistent (GTK_CHECK_BUTTON (check), GPOINTER_TO_INT (state) == HAD_SOME);
      g_signal_connect (check, "toggled", G_CALLBACK (toggled_cb), self);
      adw_action_row_add_prefix (row, check);
      adw_action_row_set_activatable_widget (row, check);
    }

  g_object_set_data_full (G_OBJECT (button), "label", g_object_ref (label), g_object_unref);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _("Edit Label"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, edit_label, -1);
  g_signal_connect (button, "clicked", G_CALLBACK (edit_cb), self);
  adw_action_row_add_suffix (row, button);

  return GTK_WIDGET (row);
}

static void
fill (Dialog *self)
{
  GListModel *labels = bobbin_library_get_labels (self->library);
  AdwActionRow *new_row = ADW_ACTION_ROW (adw_action_row_new ());
  GtkListBoxRow *old;

  while ((old = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (old));
  for (guint i = 0; i < g_list_model_get_n_items (labels); i++)
    {
      g_autoptr(BobbinLabel) label = g_list_model_get_item (labels, i);

      gtk_list_box_append (self->list, make_row (self, label));
    }
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (new_row), _("New Label…"));
  adw_action_row_add_prefix (new_row, gtk_image_new_from_icon_name ("bobbin-new-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (new_row), TRUE);
  gtk_list_box_append (self->list, GTK_WIDGET (new_row));
}

static void
labels_changed_cb (GListModel *labels,
                   guint       position,
                   guint       removed,
                   guint       added,
                   Dialog     *self)
{
  fill (self);
}

static void
apply_cb (GtkButton *button,
          Dialog    *self)
{
  g_autoptr(GArray) added = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr(GArray) removed = g_array_new (FALSE, FALSE, sizeof (gint64));
  GHashTableIter iter;
  gpointer id, state;

  g_hash_table_iter_init (&iter, self->chosen);
  while (g_hash_table_iter_next (&iter, &id, &state))
    {
      BobbinLabel *label = bobbin_library_find_label (self->library, *(gint64 *) id);

      if (label == NULL || (int) had (self, label) == GPOINTER_TO_INT (state))
        continue;
      if (GPOINTER_TO_INT (state) == HAD_ALL)
        g_array_append_vals (added, id, 1);
      else
        g_array_append_vals (removed, id, 1);
    }
  bobbin_window_set_labels (self->parent, self->pick, added, removed);
  gtk_window_close (self->window);
}

static GtkWidget *
make_header (Dialog *self)
{
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *cancel = gtk_button_new_with_mnemonic (_("_Cancel"));
  GtkWidget *apply = gtk_button_new_with_mnemonic (_("_Apply"));
  GtkWidget *title;

  if (self->pick == NULL)
    {
      g_object_ref_sink (cancel);
      g_object_ref_sink (apply);
      g_object_unref (cancel);
      g_object_unref (apply);
      return header;
    }

  title = adw_window_title_new (_("Labels"), NULL);
  bobbin_fit_title (ADW_WINDOW_TITLE (title));
  adw_header_bar_set_title_widget (ADW_HEADER_BAR (header), title);
  adw_header_bar_set_show_end_title_buttons (ADW_HEADER_BAR (header), FALSE);
  g_signal_connect_object (cancel, "clicked", G_CALLBACK (gtk_window_close), self->window, G_CONNECT_SWAPPED);
  g_signal_connect (apply, "clicked", G_CALLBACK (apply_cb), self);
  gtk_widget_add_css_class (apply, "suggested-action");
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), cancel);
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), apply);

  return header;
}

static gboolean
escape_cb (GtkWidget *widget,
           GVariant  *args,
           gpointer   user_data)
{
  gtk_window_close (GTK_WINDOW (widget));

  return TRUE;
}

void
bobbin_labels_dialog_present (BobbinWindow           *parent,
                              BobbinLibrary          *library,
                              const BobbinThreadPick *pick)
{
  Dialog *self = g_new0 (Dialog, 1);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *clamp = adw_clamp_new ();
  GtkWidget *list = gtk_list_box_new ();
  GtkEventController *keys = gtk_shortcut_controller_new ();

  self->window = g_object_new (ADW_TYPE_WINDOW, "title", _("Labels"), "modal", TRUE, "transient-for", parent, "default-width", 380,
                               "default-height", 440, "width-request", 300, "height-request", 260, NULL);
  self->parent = g_object_ref (parent);
  self->library = g_object_ref (library);
  self->pick = pick != NULL ? bobbin_thread_pick_copy (pick) : NULL;
  self->chosen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->list = GTK_LIST_BOX (list);

  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_widget_set_valign (list, GTK_ALIGN_START);
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Labels"), -1);
  g_signal_connect (list, "row-activated", G_CALLBACK (activated_cb), self);
  gtk_widget_set_margin_top (clamp, 12);
  gtk_widget_set_margin_bottom (clamp, 12);
  gtk_widget_set_margin_start (clamp, 12);
  gtk_widget_set_margin_end (clamp, 12);
  adw_clamp_set_child (ADW_CLAMP (clamp), list);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), clamp);
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_box_append (GTK_BOX (box), make_header (self));
  gtk_box_append (GTK_BOX (box), scroller);
  adw_window_set_content (ADW_WINDOW (self->window), box);

  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys),
                                        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0),
                                                          gtk_callback_action_new (escape_cb, NULL, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self->window), keys);
  g_signal_connect (bobbin_library_get_labels (library), "items-changed", G_CALLBACK (labels_changed_cb), self);
  g_object_set_data_full (G_OBJECT (self->window), "dialog", self, dialog_free);
  fill (self);
  gtk_window_present (self->window);
}
