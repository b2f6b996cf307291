#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "model/bobbin-thread.h"
#include "sidebar/bobbin-sidebar-private.h"

#include <glib/gi18n.h>

#define PAGE_HITS 50
#define AGAIN_MS  400 /* conversations that arrive from a server come several at once */

gboolean
_bobbin_sidebar_is_searching (BobbinSidebar *self)
{
  return self->search_entry != NULL && *gtk_editable_get_text (GTK_EDITABLE (self->search_entry)) != '\0';
}

/* (nullable): the conversation when it is loaded: its row says more, and has a menu. */
static BobbinThread *
ref_loaded (BobbinSidebar *self,
            gint64         thread_id)
{
  GListModel *threads = bobbin_library_get_threads (self->library);

  for (guint i = 0; i < g_list_model_get_n_items (threads); i++)
    {
      g_autoptr(BobbinThread) thread = g_list_model_get_item (threads, i);

      if (bobbin_thread_get_id (thread) == thread_id)
        return g_steal_pointer (&thread);
    }

  return NULL;
}

static GObject *
make_item (BobbinSidebar         *self,
           const BobbinSearchHit *hit)
{
  BobbinThread *thread = hit->message_id == 0 ? ref_loaded (self, hit->thread_id) : NULL;

  return thread != NULL ? G_OBJECT (thread) : G_OBJECT (bobbin_search_result_new (hit));
}

static void
add_heading (GPtrArray  *items,
             const char *label)
{
  g_ptr_array_add (items, bobbin_thread_group_new (label));
}

/* Titles, then what was said. A page goes on under the heading of the last. */
static void
show_hits (BobbinSidebar *self,
           GPtrArray     *hits,
           gboolean       first)
{
  guint n_before = first ? 0 : g_list_model_get_n_items (G_LIST_MODEL (self->results));
  g_autoptr(GObject) last = n_before > 0 ? g_list_model_get_item (G_LIST_MODEL (self->results), n_before - 1) : NULL;
  gboolean in_messages = BOBBIN_IS_SEARCH_RESULT (last) && bobbin_search_result_get_message_id (BOBBIN_SEARCH_RESULT (last)) != 0;
  gboolean in_titles = last != NULL && !in_messages;
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < hits->len; i++)
    {
      const BobbinSearchHit *hit = g_ptr_array_index (hits, i);

      if (hit->message_id == 0 && !in_titles)
        {
          add_heading (items, _("In Titles"));
          in_titles = TRUE;
        }
      else if (hit->message_id != 0 && !in_messages)
        {
          add_heading (items, _("In Messages"));
          in_messages = TRUE;
        }
      self->n_hits++;
      g_ptr_array_add (items, make_item (self, hit));
    }

  g_list_store_splice (self->results, n_before, g_list_model_get_n_items (G_LIST_MODEL (self->results)) - n_before,
                       items->pdata, items->len);
}

/* How much there is; said politely to who does not see the list. */
static void
show_count (BobbinSidebar *self,
            gboolean       more,
            gboolean       incomplete)
{
  guint n = self->n_hits + bobbin_thread_groups_get_n_threads (self->groups);
  g_autofree char *count = NULL;
  g_autofree char *text = NULL;

  if (more)
    /* Translators: so many results are in the list, and there are others */
    count = g_strdup_printf (ngettext ("More than %u result", "More than %u results", n), n);
  else
    count = g_strdup_printf (ngettext ("%u result", "%u results", n), n);
  if (incomplete)
    /* Translators: the number of results; after an update of the program the index is made anew */
    text = g_strdup_printf (_("%s. Older messages are still being prepared for searching."), count);

  gtk_label_set_label (self->found_label, text != NULL ? text : count);
  gtk_widget_set_visible (GTK_WIDGET (self->found_label), n > 0 || incomplete);
}

/* The page a search is for. */
typedef struct
{
  BobbinSidebar *sidebar;
  guint          offset;
} Page;

static void
page_free (Page *page)
{
  g_object_unref (page->sidebar);
  g_free (page);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Page, page_free)

static void
searched_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(Page) page = user_data;
  BobbinSidebar *self = page->sidebar;
  g_autoptr(GError) error = NULL;
  g_autoptr(BobbinSearchPage) found = bobbin_store_search_finish (BOBBIN_STORE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->search);
  if (found != NULL && _bobbin_sidebar_is_searching (self))
    {
      gboolean more = found->more || page->offset + found->hits->len < found->n_found;

      if (page->offset == 0)
        self->n_hits = 0;
      self->next_offset = more && found->hits->len == PAGE_HITS ? page->offset + PAGE_HITS : 0;
      show_hits (self, found->hits, page->offset == 0);
      show_count (self, self->next_offset != 0, found->incomplete);
    }
  else if (error != NULL)
    g_warning ("Searching failed: %s", error->message);
  _bobbin_sidebar_update_empty (self);
}

static void
cancel_search (BobbinSidebar *self)
{
  g_clear_handle_id (&self->again_id, g_source_remove);
  if (self->search != NULL)
    g_cancellable_cancel (self->search);
  g_clear_object (&self->search);
  self->next_offset = 0;
}

static void
ask (BobbinSidebar *self,
     guint          offset)
{
  BobbinSearchQuery query = { .text = gtk_editable_get_text (GTK_EDITABLE (self->search_entry)), .offset = offset, .limit = PAGE_HITS };
  Page *page = g_new0 (Page, 1);

  cancel_search (self);
  bobbin_search_filters_fill (self->filters, &query);
  page->sidebar = g_object_ref (self);
  page->offset = offset;
  self->n_known = g_list_model_get_n_items (bobbin_library_get_threads (self->library));
  self->search = g_cancellable_new ();
  bobbin_store_search_async (bobbin_library_get_store (self->library), &query, self->search, searched_cb, page);
}

void
_bobbin_sidebar_find_more (BobbinSidebar *self)
{
  if (self->next_offset != 0 && self->search == NULL)
    ask (self, self->next_offset);
}

/* The list gives way to what is found. Among what is archived or deleted, one looks for a title or a last line. */
static void
filter_groups (BobbinSidebar *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));
  BobbinSearchQuery query = { NULL };

  bobbin_search_filters_fill (self->filters, &query);
  bobbin_thread_groups_set_account (self->groups, query.account_id);
  bobbin_thread_groups_set_query (self->groups, text);
  _bobbin_sidebar_set_hidden (self, *text != '\0' && (self->folder == BOBBIN_FOLDER_ACTIVE ||
                                                      bobbin_search_filters_is_active (self->filters)));
}

static void
search (BobbinSidebar *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));

  if (*text != '\0')
    {
      /* Ahead of the filter: while it runs, an empty list is not yet "No Results". */
      ask (self, 0);
    }
  else
    {
      cancel_search (self);
      g_list_store_remove_all (self->results);
      self->n_hits = 0;
      gtk_widget_set_visible (GTK_WIDGET (self->found_label), FALSE);
    }

  filter_groups (self);
  _bobbin_sidebar_sync_selection (self);
  _bobbin_sidebar_update_empty (self);
}

static void
search_changed_cb (GtkSearchEntry *entry,
                   BobbinSidebar  *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (entry));

  bobbin_row_selection_set_picking (self->selection, FALSE);
  if (*text != '\0')
    bobbin_library_search_remote (self->library, text);
  search (self);
}

static gboolean
again_cb (gpointer user_data)
{
  BobbinSidebar *self = user_data;

  self->again_id = 0;
  if (_bobbin_sidebar_is_searching (self) && self->search == NULL)
    ask (self, 0);

  return G_SOURCE_REMOVE;
}

/* Servers that search, too, add what they found to the conversations. */
static void
threads_changed_cb (GListModel    *threads,
                    guint          position,
                    guint          removed,
                    guint          added,
                    BobbinSidebar *self)
{
  if (g_list_model_get_n_items (threads) > self->n_known && _bobbin_sidebar_is_searching (self) && self->again_id == 0 &&
      self->n_hits <= PAGE_HITS)
    self->again_id = g_timeout_add (AGAIN_MS, again_cb, self);
}

static void
search_activate_cb (GtkSearchEntry *entry,
                    BobbinSidebar  *self)
{
  guint first = _bobbin_sidebar_skip_headings (self, 0, 1);

  if (first != G_MAXUINT)
    g_signal_emit_by_name (self->list, "activate", first);
}

static gboolean
search_key_cb (GtkEventControllerKey *controller,
               guint                  keyval,
               guint                  keycode,
               GdkModifierType        modifiers,
               BobbinSidebar         *self)
{
  if (keyval != GDK_KEY_Down && keyval != GDK_KEY_KP_Down)
    return FALSE;

  bobbin_sidebar_focus_list (self);

  return TRUE;
}

static void
mode_changed_cb (GtkSearchBar  *bar,
                 GParamSpec    *pspec,
                 BobbinSidebar *self)
{
  gboolean on = gtk_search_bar_get_search_mode (bar);

  gtk_toggle_button_set_active (self->search_button, on);
  gtk_widget_set_visible (self->search_head, on);
  _bobbin_sidebar_set_searching (self, on);
  if (!on)
    bobbin_sidebar_focus_list (self);
}

static void
make_search_head (BobbinSidebar *self)
{
  self->filters = BOBBIN_SEARCH_FILTERS (bobbin_search_filters_new (self->library));
  g_signal_connect_swapped (self->filters, "changed", G_CALLBACK (search), self);
  self->found_label = g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_STATUS, "xalign", 0.0, "wrap", TRUE,
                                    "visible", FALSE, "css-classes", (const char *[]) { "found", NULL }, NULL);
  self->search_head = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "visible", FALSE,
                                    "css-classes", (const char *[]) { "search-head", NULL }, NULL);
  gtk_box_append (GTK_BOX (self->search_head), GTK_WIDGET (self->filters));
  gtk_box_append (GTK_BOX (self->search_head), GTK_WIDGET (self->found_label));
  gtk_box_insert_child_after (self->box, self->search_head, GTK_WIDGET (self->search_bar));
}

static void
make_search_bar (BobbinSidebar *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->search_entry = GTK_SEARCH_ENTRY (gtk_search_entry_new ());
  gtk_widget_set_hexpand (GTK_WIDGET (self->search_entry), TRUE);
  g_object_set (self->search_entry, "placeholder-text", _("Search"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search_entry),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Search Conversations"), -1);
  g_signal_connect (self->search_entry, "search-changed", G_CALLBACK (search_changed_cb), self);
  g_signal_connect (self->search_entry, "activate", G_CALLBACK (search_activate_cb), self);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (search_key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->search_entry), keys);

  self->search_bar = GTK_SEARCH_BAR (gtk_search_bar_new ());
  gtk_search_bar_set_child (self->search_bar, GTK_WIDGET (self->search_entry));
  gtk_search_bar_connect_entry (self->search_bar, GTK_EDITABLE (self->search_entry));
  g_signal_connect (self->search_bar, "notify::search-mode-enabled", G_CALLBACK (mode_changed_cb), self);
  gtk_box_insert_child_after (self->box, GTK_WIDGET (self->search_bar), GTK_WIDGET (self->header));
  make_search_head (self);
  g_signal_connect_object (bobbin_library_get_threads (self->library), "items-changed", G_CALLBACK (threads_changed_cb), self, 0);
}

static void
search_toggled_cb (GtkToggleButton *button,
                   BobbinSidebar   *self)
{
  if (gtk_toggle_button_get_active (button))
    bobbin_sidebar_start_search (self);
  else
    bobbin_sidebar_stop_search (self);
}

void
_bobbin_sidebar_init_search (BobbinSidebar *self)
{
  g_signal_connect (self->search_button, "toggled", G_CALLBACK (search_toggled_cb), self);
}

void
bobbin_sidebar_start_search (BobbinSidebar *self)
{
  g_return_if_fail (BOBBIN_IS_SIDEBAR (self));

  if (self->search_bar == NULL)
    make_search_bar (self);

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

void
bobbin_sidebar_stop_search (BobbinSidebar *self)
{
  g_return_if_fail (BOBBIN_IS_SIDEBAR (self));

  if (self->search_bar != NULL)
    gtk_search_bar_set_search_mode (self->search_bar, FALSE);
}

void
_bobbin_sidebar_focus_search (BobbinSidebar *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

void
bobbin_sidebar_search (BobbinSidebar *self,
                       const char    *text)
{
  g_return_if_fail (BOBBIN_IS_SIDEBAR (self));

  bobbin_sidebar_start_search (self);
  bobbin_search_filters_reset (self->filters);
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), text);
  gtk_editable_set_position (GTK_EDITABLE (self->search_entry), -1);
}
