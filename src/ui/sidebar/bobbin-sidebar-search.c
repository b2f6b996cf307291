#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "sidebar/bobbin-sidebar-private.h"

#include <glib/gi18n.h>

#define MAX_HITS 60

gboolean
_bobbin_sidebar_is_searching (BobbinSidebar *self)
{
  return self->search_entry != NULL && *gtk_editable_get_text (GTK_EDITABLE (self->search_entry)) != '\0';
}

/* Conversations whose title already matched are listed above; a hit within one still tells
 * where. */
static void
show_hits (BobbinSidebar *self,
           GPtrArray     *hits)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < hits->len; i++)
    {
      const BobbinSearchHit *hit = g_ptr_array_index (hits, i);

      if (hit->message_id == 0)
        continue;
      if (items->len == 0)
        g_ptr_array_add (items, bobbin_thread_group_new (_("In Messages")));
      g_ptr_array_add (items, bobbin_search_result_new (hit));
    }

  g_list_store_splice (self->results, 0, g_list_model_get_n_items (G_LIST_MODEL (self->results)),
                       items->pdata, items->len);
}

static void
searched_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(BobbinSidebar) self = BOBBIN_SIDEBAR (user_data);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) hits = bobbin_store_search_finish (BOBBIN_STORE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->search);
  if (hits != NULL && _bobbin_sidebar_is_searching (self))
    show_hits (self, hits);
  else if (error != NULL)
    g_warning ("Searching failed: %s", error->message);
  _bobbin_sidebar_update_empty (self);
}

static void
cancel_search (BobbinSidebar *self)
{
  if (self->search != NULL)
    g_cancellable_cancel (self->search);
  g_clear_object (&self->search);
}

static void
search_changed_cb (GtkSearchEntry *entry,
                   BobbinSidebar  *self)
{
  const char *query = gtk_editable_get_text (GTK_EDITABLE (entry));

  cancel_search (self);
  if (*query == '\0')
    g_list_store_remove_all (self->results);
  else
    {
      /* Ahead of the filter: while it runs, an empty list is not yet "No Results". */
      self->search = g_cancellable_new ();
      bobbin_store_search_async (bobbin_library_get_store (self->library), query, MAX_HITS, self->search,
                                 searched_cb, g_object_ref (self));
      bobbin_library_search_remote (self->library, query);
    }

  bobbin_thread_groups_set_query (self->groups, query);
  _bobbin_sidebar_sync_selection (self);
  _bobbin_sidebar_update_empty (self);
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
  if (!on)
    bobbin_sidebar_focus_list (self);
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
