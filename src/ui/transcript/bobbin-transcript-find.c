/* Finding in the conversation: the bar asks, the finder looks through all of the thread, the column marks and goes there. */
#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-transcript-private.h"

#include "model/bobbin-message.h"
#include "session/bobbin-session.h"

#define SELECTED_MAX 200 /* bytes of a selection that are taken as what to look for */

static guint
current_index (BobbinTranscript *self)
{
  return self->found.message_id != 0 ? bobbin_finder_get_index (self->finder, &self->found) : G_MAXUINT;
}

void
_bobbin_transcript_update_marks (BobbinTranscript *self)
{
  g_autoptr(GArray) places = NULL;
  g_autoptr(GArray) messages = NULL;

  if (self->finder == NULL)
    return;

  places = g_array_new (FALSE, FALSE, sizeof (float));
  messages = bobbin_finder_list_messages (self->finder);
  for (guint i = 0; i < messages->len; i++)
    {
      guint position;
      float place;

      if (!bobbin_pager_find (self->pager, g_array_index (messages, gint64, i), &position))
        continue;
      place = (float) bobbin_column_get_place (self->column, position);
      g_array_append_val (places, place);
    }
  bobbin_find_marks_set_places (self->marks, (const float *) (gpointer) places->data, places->len);
}

static void
go_to (BobbinTranscript *self,
       guint             index)
{
  if (!bobbin_finder_get_place (self->finder, index, &self->found))
    return;

  self->finding = TRUE;
  self->found_placed = FALSE;
  bobbin_find_bar_set_count (self->find_bar, index, bobbin_finder_get_n (self->finder), bobbin_finder_get_busy (self->finder));
  _bobbin_transcript_show_found (self);
}

/* To the match that was gone to, once its message is there. Called after each layout. */
void
_bobbin_transcript_show_found (BobbinTranscript *self)
{
  BobbinLocus top = { 0, 0, 0 };
  guint position;

  if (!self->finding || self->session == NULL || !bobbin_pager_find (self->pager, self->found.message_id, &position))
    return;

  if (bobbin_column_show_match (self->column, &self->found))
    {
      self->finding = FALSE;
      self->found_placed = FALSE;
    }
  else if (self->found_placed && !bobbin_column_is_on_its_way (self->column))
    {
      self->finding = FALSE; /* the reader did not wait for it */
    }
  else if (!self->found_placed)
    {
      self->found_placed = TRUE;
      bobbin_column_scroll_to (self->column, position, &top, gtk_widget_get_height (GTK_WIDGET (self->column)) / 3);
    }
}

/* The first match from the reader on, else the last before. Not before all in between was looked through. */
static gboolean
choose (BobbinTranscript *self)
{
  BobbinFindPlace reader = { 0, 0, 0 };
  guint n = bobbin_finder_get_n (self->finder);
  guint position;
  guint index;
  int pixels;

  if (n == 0)
    return FALSE;
  if (!bobbin_column_get_top (self->column, &position, &pixels))
    {
      go_to (self, n - 1);
      return TRUE;
    }

  reader.message_id = bobbin_pager_get_id (self->pager, position);
  index = bobbin_finder_get_index (self->finder, &reader);
  if (index == 0 && bobbin_finder_get_busy (self->finder))
    return FALSE;
  go_to (self, MIN (index, n - 1));
  return TRUE;
}

static void
found_cb (BobbinTranscript *self)
{
  _bobbin_transcript_update_marks (self);
  if (self->found.message_id == 0 && choose (self))
    return;
  bobbin_find_bar_set_count (self->find_bar, current_index (self), bobbin_finder_get_n (self->finder),
                             bobbin_finder_get_busy (self->finder));
}

static void
search_cb (BobbinTranscript *self,
           const char       *text)
{
  if (self->session == NULL || !bobbin_find_bar_get_open (self->find_bar))
    return;

  if (self->finder == NULL)
    {
      self->finder = bobbin_finder_new (self->session);
      g_signal_connect_object (self->finder, "changed", G_CALLBACK (found_cb), self, G_CONNECT_SWAPPED);
    }
  self->found = (BobbinFindPlace) { 0, 0, 0 };
  self->finding = self->found_placed = FALSE;
  bobbin_column_set_search (self->column, *text != '\0' ? text : NULL);
  bobbin_finder_set_text (self->finder, text);
  bobbin_find_bar_set_count (self->find_bar, G_MAXUINT, bobbin_finder_get_n (self->finder),
                             bobbin_finder_get_busy (self->finder));
}

static void
step_cb (BobbinTranscript *self,
         int               step)
{
  guint n = self->finder != NULL ? bobbin_finder_get_n (self->finder) : 0;
  guint index;

  if (n == 0)
    return;

  index = MIN (current_index (self), n - 1);
  go_to (self, step > 0 ? (index + 1) % n : (index + n - 1) % n);
}

static void
closed_cb (BobbinTranscript *self)
{
  guint position;

  if (self->finder != NULL)
    g_signal_handlers_disconnect_by_data (self->finder, self);
  g_clear_object (&self->finder);
  bobbin_column_set_search (self->column, NULL);
  bobbin_find_marks_set_places (self->marks, NULL, 0);
  if (self->session != NULL && self->found.message_id != 0 &&
      bobbin_pager_find (self->pager, self->found.message_id, &position))
    bobbin_column_focus_row (self->column, position);
  gtk_widget_grab_focus (GTK_WIDGET (self->column));
  self->found = (BobbinFindPlace) { 0, 0, 0 };
  self->finding = FALSE;
}

static void
find_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  BobbinTranscript *self = BOBBIN_TRANSCRIPT (widget);
  g_autofree char *selected = bobbin_column_dup_selected_text (self->column);

  if (self->session == NULL)
    return;

  if (selected != NULL && (strlen (selected) > SELECTED_MAX || strchr (selected, '\n') != NULL))
    g_clear_pointer (&selected, g_free);
  bobbin_find_bar_open (self->find_bar, selected);
}

static void
find_step_action (GtkWidget  *widget,
                  const char *name,
                  GVariant   *parameter)
{
  BobbinTranscript *self = BOBBIN_TRANSCRIPT (widget);

  if (bobbin_find_bar_get_open (self->find_bar))
    step_cb (self, g_variant_get_int32 (parameter));
  else
    find_action (widget, name, NULL);
}

void
_bobbin_transcript_install_find (GtkWidgetClass *widget_class)
{
  g_type_ensure (BOBBIN_TYPE_FIND_BAR);
  g_type_ensure (BOBBIN_TYPE_FIND_MARKS);
  gtk_widget_class_bind_template_callback (widget_class, search_cb);
  gtk_widget_class_bind_template_callback (widget_class, step_cb);
  gtk_widget_class_bind_template_callback (widget_class, closed_cb);
  gtk_widget_class_install_action (widget_class, "transcript.find", NULL, find_action);
  gtk_widget_class_install_action (widget_class, "transcript.find-step", "i", find_step_action);
}

void
bobbin_transcript_find (BobbinTranscript *self)
{
  g_return_if_fail (BOBBIN_IS_TRANSCRIPT (self));

  gtk_widget_activate_action (GTK_WIDGET (self), "transcript.find", NULL);
}
