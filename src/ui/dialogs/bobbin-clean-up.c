#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "dialogs/bobbin-clean-up.h"

#include "app/bobbin-fit.h"
#include "app/bobbin-time-text.h"
#include "dialogs/bobbin-clean-up-row.h"
#include "model/bobbin-account.h"
#include "util/bobbin-clock.h"
#include "util/bobbin-text.h"

#include <glib/gi18n.h>

#define PAGE         100
#define MAX_ROWS     2000 /* listed; more are counted */
#define MIN_DAYS     7
#define MAX_DAYS     3650
#define DEFAULT_DAYS 180
#define DAY_US       (24 * 60 * 60 * (gint64) G_USEC_PER_SEC)

typedef struct
{
  GtkWindow       *window;   /* borrowed: it owns this */
  BobbinWindow    *parent;   /* owned */
  BobbinLibrary   *library;  /* owned */
  GListStore      *rows;     /* owned, of BobbinCleanUpRow */
  GHashTable      *kept;     /* owned, set of gint64: those that stay */
  GCancellable    *reading;  /* owned (nullable) */
  BobbinThreadQuery query;
  guint            first_days; /* what is asked for first */
  guint            n_all;
  gint64           size;
  gboolean         complete; /* all that go are listed */

  GtkSpinButton   *days;
  GtkSwitch       *on_server; /* (nullable): no account deletes */
  GtkWidget       *stack;
  GtkLabel        *summary;
  GtkWidget       *remove;
  GtkWidget       *failures;
  GtkListBox      *failure_list;
} CleanUp;

static void
clean_up_free (gpointer data)
{
  CleanUp *self = data;

  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_object_unref (self->parent);
  g_object_unref (self->library);
  g_object_unref (self->rows);
  g_hash_table_unref (self->kept);
  g_free (self);
}

/* Results come to a window that may be gone. */
static CleanUp *
get_self (GtkWindow *window)
{
  return g_object_get_data (G_OBJECT (window), "clean-up");
}

static void
update_summary (CleanUp *self)
{
  guint n_kept = g_hash_table_size (self->kept);
  guint n = self->n_all > n_kept ? self->n_all - n_kept : 0;
  g_autofree char *size = bobbin_text_size (self->size);
  g_autofree char *count = NULL;
  g_autofree char *text = NULL;

  count = g_strdup_printf (ngettext ("%u conversation", "%u conversations", n), n);
  if (self->complete)
    /* Translators: “12 conversations, 3.4 MB”. */
    text = g_strdup_printf (C_("how many and how much", "%1$s, %2$s"), count, size);
  else
    /* Translators: “12 conversations, more than 3.4 MB”. */
    text = g_strdup_printf (_("%1$s, more than %2$s"), count, size);
  gtk_label_set_label (self->summary, text);
  gtk_widget_set_sensitive (self->remove, n > 0);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), self->n_all > 0 ? "list" : "none");
}

static void read_page (CleanUp *self);

static void
page_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GtkWindow) window = GTK_WINDOW (user_data);
  g_autoptr(GPtrArray) page = bobbin_store_list_sizes_finish (BOBBIN_STORE (source), result, NULL);
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  CleanUp *self = get_self (window);

  if (page == NULL || self == NULL || self->reading == NULL)
    return;

  for (guint i = 0; i < page->len; i++)
    {
      const BobbinThreadRoom *size = g_ptr_array_index (page, i);
      BobbinAccount *account = bobbin_library_find_account (self->library, size->account_id);

      self->size += size->size;
      self->query.before_used_us = size->last_used_us;
      self->query.before_id = size->id;
      g_ptr_array_add (rows, bobbin_clean_up_row_new (size, account != NULL ? bobbin_account_get_name (account) : ""));
    }
  g_list_store_splice (self->rows, g_list_model_get_n_items (G_LIST_MODEL (self->rows)), 0, rows->pdata, rows->len);
  self->complete = page->len < PAGE;
  if (!self->complete && g_list_model_get_n_items (G_LIST_MODEL (self->rows)) < MAX_ROWS)
    read_page (self);
  update_summary (self);
}

static void
read_page (CleanUp *self)
{
  bobbin_store_list_sizes_async (bobbin_library_get_store (self->library), &self->query, self->reading, page_cb,
                                 g_object_ref (self->window));
}

static void
counted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GtkWindow) window = GTK_WINDOW (user_data);
  CleanUp *self = get_self (window);
  guint n;

  if (!bobbin_store_count_threads_finish (BOBBIN_STORE (source), result, &n, NULL) || self == NULL)
    return;

  self->n_all = n;
  update_summary (self);
}

static void
read_all (CleanUp *self)
{
  gint64 now_us = bobbin_clock_now_us (bobbin_library_get_clock (self->library));

  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  self->reading = g_cancellable_new ();
  self->query = (BobbinThreadQuery) { .folder = BOBBIN_FOLDER_ACTIVE, .unused = TRUE, .limit = PAGE };
  self->query.below_used_us = now_us - gtk_spin_button_get_value_as_int (self->days) * DAY_US;
  self->size = 0;
  self->n_all = 0;
  self->complete = FALSE;
  g_hash_table_remove_all (self->kept);
  g_list_store_remove_all (self->rows);
  bobbin_store_count_threads_async (bobbin_library_get_store (self->library), &self->query, self->reading, counted_cb,
                                    g_object_ref (self->window));
  read_page (self);
}

static void
kept_cb (BobbinCleanUpRow *row,
         gboolean          kept,
         gpointer          user_data)
{
  CleanUp *self = user_data;
  const BobbinThreadRoom *size = bobbin_clean_up_row_get_size (row);

  if (kept)
    g_hash_table_add (self->kept, g_memdup2 (&size->id, sizeof size->id));
  else
    g_hash_table_remove (self->kept, &size->id);
  self->size += kept ? -size->size : size->size;
  update_summary (self);
}

static void
remove_cb (GtkButton *button,
           CleanUp   *self)
{
  g_autoptr(BobbinThreadPick) pick = bobbin_thread_pick_new (NULL, 0);
  GHashTableIter iter;
  gpointer id;

  pick->all = TRUE;
  pick->query = self->query;
  g_hash_table_iter_init (&iter, self->kept);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    g_array_append_vals (pick->ids, id, 1);
  bobbin_window_change_threads (self->parent, pick, BOBBIN_CHANGE_BIN,
                                self->on_server == NULL || !gtk_switch_get_active (self->on_server));
  gtk_window_close (self->window);
}

/* What servers would not delete */

static void
failures_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GtkWindow) window = GTK_WINDOW (user_data);
  g_autoptr(GPtrArray) failed = bobbin_store_list_remote_changes_finish (BOBBIN_STORE (source), result, NULL);
  CleanUp *self = get_self (window);
  GtkListBoxRow *old;

  if (self == NULL || failed == NULL)
    return;

  while ((old = gtk_list_box_get_row_at_index (self->failure_list, 0)) != NULL)
    gtk_list_box_remove (self->failure_list, GTK_WIDGET (old));
  for (guint i = 0; i < failed->len; i++)
    {
      const BobbinRemoteChange *change = g_ptr_array_index (failed, i);
      GtkWidget *row = adw_action_row_new ();
      g_autofree char *title =
        g_markup_escape_text (change->thread_title != NULL ? change->thread_title : change->server_id, -1);
      g_autofree char *reason = g_markup_escape_text (change->failure, -1);

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), reason);
      gtk_list_box_append (self->failure_list, row);
    }
  gtk_widget_set_visible (self->failures, failed->len > 0);
}

static void
read_failures (CleanUp *self)
{
  bobbin_store_list_remote_changes_async (bobbin_library_get_store (self->library), TRUE, PAGE, NULL, failures_cb,
                                          g_object_ref (self->window));
}

static void
retry_cb (GtkButton *button,
          CleanUp   *self)
{
  bobbin_library_retry_remote (self->library, TRUE);
  read_failures (self);
}

static void
dismiss_cb (GtkButton *button,
            CleanUp   *self)
{
  bobbin_library_retry_remote (self->library, FALSE);
  read_failures (self);
}

static GtkWidget *
make_failures (CleanUp *self)
{
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *retry = gtk_button_new_with_mnemonic (_("_Try Again"));
  GtkWidget *dismiss = gtk_button_new_with_mnemonic (_("_Let Be"));

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _("Still on the Server"));
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), _("What the servers would not change."));
  g_signal_connect (retry, "clicked", G_CALLBACK (retry_cb), self);
  g_signal_connect (dismiss, "clicked", G_CALLBACK (dismiss_cb), self);
  gtk_box_append (GTK_BOX (buttons), retry);
  gtk_box_append (GTK_BOX (buttons), dismiss);
  gtk_widget_set_margin_top (buttons, 6);
  self->failure_list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->failure_list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->failure_list), "boxed-list");
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), GTK_WIDGET (self->failure_list));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), buttons);
  gtk_widget_set_visible (group, FALSE);
  self->failures = group;

  return group;
}

/* Parts */

static void
add_choices (CleanUp             *self,
             AdwPreferencesGroup *group)
{
  GListModel *accounts = bobbin_library_get_accounts (self->library);
  GtkWidget *days = adw_action_row_new ();
  GtkWidget *spin = gtk_spin_button_new_with_range (MIN_DAYS, MAX_DAYS, 1);
  GtkWidget *server;
  gboolean deletes = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr(BobbinAccount) account = g_list_model_get_item (accounts, i);

      deletes = deletes || bobbin_library_account_deletes (self->library, account);
    }

  self->days = GTK_SPIN_BUTTON (spin);
  gtk_spin_button_set_value (self->days, self->first_days);
  gtk_widget_set_valign (spin, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (spin), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Days Without Use"), -1);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (days), _("Days Without Use"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (days), spin);
  adw_preferences_group_add (group, days);
  g_signal_connect_swapped (spin, "value-changed", G_CALLBACK (read_all), self);

  server = adw_action_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (server), _("Also on the Server"));
  adw_preferences_group_add (group, server);
  if (!deletes)
    {
      adw_action_row_set_subtitle (ADW_ACTION_ROW (server), _("Your services keep their copies; they cannot be deleted from here."));
      gtk_widget_set_sensitive (server, FALSE);
      return;
    }

  adw_action_row_set_subtitle (ADW_ACTION_ROW (server), _("Where the service deletes. Other services keep their copies."));
  self->on_server = GTK_SWITCH (gtk_switch_new ());
  gtk_switch_set_active (self->on_server, TRUE);
  gtk_widget_set_valign (GTK_WIDGET (self->on_server), GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->on_server), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Also on the Server"), -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (server), GTK_WIDGET (self->on_server));
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (server), GTK_WIDGET (self->on_server));
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *list_item,
          CleanUp                  *self)
{
  gtk_list_item_set_activatable (list_item, FALSE);
  gtk_list_item_set_selectable (list_item, FALSE);
  gtk_list_item_set_child (list_item, bobbin_clean_up_row_widget_new ());
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *list_item,
         CleanUp                  *self)
{
  BobbinCleanUpRow *row = gtk_list_item_get_item (list_item);
  gint64 id = bobbin_clean_up_row_get_size (row)->id;

  bobbin_clean_up_row_bind (row, gtk_list_item_get_child (list_item), g_hash_table_contains (self->kept, &id),
                            bobbin_clock_now_us (bobbin_library_get_clock (self->library)), kept_cb, self);
}

static void
unbind_cb (GtkSignalListItemFactory *factory,
           GtkListItem              *list_item,
           CleanUp                  *self)
{
  bobbin_clean_up_row_unbind (gtk_list_item_get_child (list_item));
}

static GtkWidget *
make_list (CleanUp *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkNoSelection *model = gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->rows)));
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *list;

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), self);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), self);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), self);
  list = gtk_list_view_new (GTK_SELECTION_MODEL (model), factory);
  gtk_list_view_set_show_separators (GTK_LIST_VIEW (list), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Conversations That Go"), -1);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), list);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scroller), 140);
  gtk_widget_add_css_class (scroller, "card");
  gtk_widget_add_css_class (scroller, "clean-up-list");
  gtk_widget_set_vexpand (scroller, TRUE);

  return scroller;
}

static GtkWidget *
make_content (CleanUp *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *none = adw_status_page_new ();

  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group),
                                         _("Conversations that were not used for so long go to the bin. Pinned and archived ones stay, "
                                           "and those with a draft."));
  add_choices (self, ADW_PREFERENCES_GROUP (group));
  gtk_box_append (GTK_BOX (box), group);

  self->stack = gtk_stack_new ();
  g_object_set (none, "title", _("Nothing to Clean Up"), "icon-name", "bobbin-check-symbolic", NULL);
  gtk_widget_add_css_class (none, "compact");
  gtk_stack_add_named (GTK_STACK (self->stack), none, "none");
  gtk_stack_add_named (GTK_STACK (self->stack), make_list (self), "list");
  gtk_widget_set_vexpand (self->stack, TRUE);
  gtk_box_append (GTK_BOX (box), self->stack);
  gtk_box_append (GTK_BOX (box), make_failures (self));
  gtk_widget_set_margin_top (box, 12);
  gtk_widget_set_margin_bottom (box, 12);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);

  return box;
}

/* Below what scrolls: what would be done is in sight in a low window, too. */
static GtkWidget *
make_bar (CleanUp *self)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *clamp = adw_clamp_new ();

  self->summary = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->summary, 0);
  gtk_label_set_wrap (self->summary, TRUE);
  gtk_widget_set_hexpand (GTK_WIDGET (self->summary), TRUE);
  self->remove = gtk_button_new_with_mnemonic (_("_Move to Bin"));
  bobbin_fit_button (GTK_BUTTON (self->remove));
  gtk_widget_add_css_class (self->remove, "destructive-action");
  gtk_widget_set_valign (self->remove, GTK_ALIGN_CENTER);
  g_signal_connect (self->remove, "clicked", G_CALLBACK (remove_cb), self);
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->summary));
  gtk_box_append (GTK_BOX (bar), self->remove);
  gtk_widget_set_margin_top (bar, 12);
  gtk_widget_set_margin_bottom (bar, 12);
  gtk_widget_set_margin_start (bar, 12);
  gtk_widget_set_margin_end (bar, 12);
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 620);
  adw_clamp_set_child (ADW_CLAMP (clamp), bar);

  return clamp;
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
bobbin_clean_up_present (BobbinWindow  *parent,
                         BobbinLibrary *library,
                         guint          days)
{
  CleanUp *self = g_new0 (CleanUp, 1);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *clamp = adw_clamp_new ();
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkEventController *keys = gtk_shortcut_controller_new ();

  self->window = g_object_new (ADW_TYPE_WINDOW, "title", _("Clean Up"), "modal", TRUE, "transient-for", parent, "default-width", 560,
                               "default-height", 620, "width-request", 320, "height-request", 290, NULL);
  self->parent = g_object_ref (parent);
  self->library = g_object_ref (library);
  self->first_days = days != 0 ? days : DEFAULT_DAYS;
  self->rows = g_list_store_new (BOBBIN_TYPE_CLEAN_UP_ROW);
  self->kept = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_object_set_data_full (G_OBJECT (self->window), "clean-up", self, clean_up_free);

  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 620);
  adw_clamp_set_child (ADW_CLAMP (clamp), make_content (self));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), clamp);
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), scroller);
  gtk_box_append (GTK_BOX (box), make_bar (self));
  adw_window_set_content (ADW_WINDOW (self->window), box);
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys),
                                        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0),
                                                          gtk_callback_action_new (escape_cb, NULL, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self->window), keys);

  read_all (self);
  read_failures (self);
  update_summary (self);
  gtk_window_present (self->window);
}
