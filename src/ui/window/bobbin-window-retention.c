/* What the person wants to be put away by itself: at the start, conversations that were not used for so many days go to the bin. They
 * can be taken back as if it had been done by hand, and stay on servers. */
#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "window/bobbin-window-private.h"

#include "model/bobbin-thread.h"
#include "util/bobbin-clock.h"
#include "util/bobbin-id.h"

#include <glib/gi18n.h>

#define DAY_US (24 * 60 * 60 * (gint64) G_USEC_PER_SEC)

static void
retired_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(BobbinWindow) self = BOBBIN_WINDOW (user_data);
  g_autoptr(GError) error = NULL;
  BobbinThreadChanged *changed = bobbin_library_change_threads_finish (BOBBIN_LIBRARY (source), result, &error);
  g_autoptr(BobbinUndo) undo = NULL;
  g_autofree char *text = NULL;
  guint n;

  if (changed == NULL)
    {
      g_warning ("Unused conversations stay where they are: %s", error->message);
      return;
    }

  undo = bobbin_undo_new ();
  g_ptr_array_add (undo->changes, changed);
  n = changed->ids->len;
  if (n == 0 || g_cancellable_is_cancelled (self->cancellable))
    return;

  text = g_strdup_printf (ngettext ("%u unused conversation moved to the bin", "%u unused conversations moved to the bin", n), n);
  _bobbin_window_offer_undo (self, g_steal_pointer (&undo), text);
}

void
bobbin_window_retire_unused (BobbinWindow *self)
{
  g_autoptr(BobbinThreadPick) pick = NULL;
  g_autofree char *open = NULL;
  gint64 id;
  int days;

  g_return_if_fail (BOBBIN_IS_WINDOW (self));

  days = g_settings_get_int (self->settings, "retention-days");
  if (days <= 0)
    return;

  pick = bobbin_thread_pick_new (NULL, 0);
  pick->all = TRUE;
  pick->query = (BobbinThreadQuery) { .folder = BOBBIN_FOLDER_ACTIVE, .unused = TRUE };
  pick->query.below_used_us = bobbin_clock_now_us (bobbin_library_get_clock (self->library)) - days * DAY_US;
  /* What is open, or is about to be, is in use. */
  open = g_settings_get_string (self->settings, "selected-thread");
  if (bobbin_id_parse (open, &id))
    g_array_append_val (pick->ids, id);
  if (self->thread != NULL)
    {
      id = bobbin_thread_get_id (self->thread);
      g_array_append_val (pick->ids, id);
    }
  bobbin_library_change_threads_async (self->library, pick, BOBBIN_CHANGE_BIN, 0, TRUE, NULL, retired_cb, g_object_ref (self));
}
