/* Where the reader is: kept, found again, what is new since, from prompt to prompt, and to a message that was asked for. */
#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-transcript-private.h"

#include "model/bobbin-attachment.h"
#include "model/bobbin-block.h"
#include "model/bobbin-message.h"
#include "model/bobbin-thread.h"
#include "session/bobbin-session.h"
#include "util/bobbin-needle.h"

#include <string.h>

#define PROMPT_TOP 12 /* pixels above a prompt that was walked to */
#define WANTED_TOP 72 /* and above a line that was asked for */
#define LIT_MS     4000 /* how long the words that were asked for stay marked */

/* No more ids will come by themselves. */
static gboolean
knows_all (BobbinTranscript *self)
{
  return bobbin_session_get_loaded (self->session) &&
         (bobbin_pager_get_ready (self->pager) || !bobbin_session_get_has_older (self->session));
}

static guint
n_messages (BobbinTranscript *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->pager));
}

/* Of a message that ends at the very top of the view nobody reads the end. */
static void
tell_reading (BobbinTranscript  *self,
              BobbinMessage     *message,
              const BobbinLocus *locus)
{
  BobbinMessage *next;
  GtkWidget *row;
  guint position;
  double x;
  double y;

  if (bobbin_pager_find (self->pager, bobbin_message_get_id (message), &position) && position + 1 < n_messages (self))
    {
      next = bobbin_pager_peek (self->pager, position + 1);
      row = next != NULL ? GTK_WIDGET (bobbin_column_get_row (self->column, next)) : NULL;
      if (row != NULL && bobbin_message_get_n_blocks (next) > 0 &&
          gtk_widget_translate_coordinates (row, GTK_WIDGET (self->column), 0, 0, &x, &y) && y <= 2 * PROMPT_TOP)
        {
          g_signal_emit_by_name (self, "reading", bobbin_message_get_id (next),
                                 bobbin_block_get_id (bobbin_message_get_block (next, 0)), 0u);
          return;
        }
    }

  g_signal_emit_by_name (self, "reading", bobbin_message_get_id (message), locus->block_id, (guint) locus->offset);
}

/* The newest message counts as seen while the reader is at the end and the window shows it. */
void
_bobbin_transcript_keep_position (BobbinTranscript *self)
{
  BobbinReadingPosition position = { 0, };
  BobbinMessage *message;
  BobbinLocus locus;
  int pixels;

  if (self->session == NULL || self->restoring || self->wanted_id != 0 || !bobbin_session_get_loaded (self->session))
    return;

  position.read_id = bobbin_thread_get_reading_position (bobbin_session_get_thread (self->session))->read_id;
  if (bobbin_column_get_anchor (self->column, &message, &locus, &pixels))
    {
      tell_reading (self, message, &locus);
      position.message_id = bobbin_message_get_id (message);
      position.block_id = locus.block_id;
      position.offset = (int) MIN (locus.offset, G_MAXINT);
      position.pixels = pixels - locus.dy;
    }
  else if (!bobbin_column_get_following (self->column))
    {
      return; /* on the way to a place that is not loaded yet */
    }
  else if (n_messages (self) > 0 && gtk_widget_get_mapped (GTK_WIDGET (self)))
    {
      g_signal_emit_by_name (self, "reading", bobbin_pager_get_id (self->pager, n_messages (self) - 1), (gint64) 0, 0u);
      position.read_id = MAX (position.read_id, bobbin_pager_get_id (self->pager, n_messages (self) - 1));
    }
  bobbin_session_set_reading_position (self->session, &position);
}

/* Goes where the reader was; that need not be loaded. */
void
_bobbin_transcript_restore (BobbinTranscript *self)
{
  const BobbinReadingPosition *position;
  guint index;

  if (!self->restoring || !bobbin_session_get_loaded (self->session))
    return;

  position = bobbin_thread_get_reading_position (bobbin_session_get_thread (self->session));
  if (position->message_id != 0 && bobbin_pager_find (self->pager, position->message_id, &index))
    {
      BobbinLocus locus = { position->block_id, (gsize) MAX (position->offset, 0), 0 };

      self->restoring = FALSE;
      bobbin_column_scroll_to (self->column, index, &locus, position->pixels);
    }
  else if (position->message_id == 0 || knows_all (self))
    {
      self->restoring = FALSE;
    }
}

/* The line above the first message that came since the reader left; what one wrote oneself is not new. */
void
_bobbin_transcript_mark_new (BobbinTranscript *self)
{
  gint64 found = 0;
  guint n = n_messages (self);

  if (self->new_after == 0 || !bobbin_session_get_loaded (self->session) || n == 0)
    return;

  for (guint i = n; i > 0 && bobbin_pager_get_id (self->pager, i - 1) > self->new_after; i--)
    if (!bobbin_pager_is_prompt (self->pager, i - 1))
      found = bobbin_pager_get_id (self->pager, i - 1);
  bobbin_column_set_new_id (self->column, found);
  if (knows_all (self) || bobbin_pager_get_id (self->pager, 0) <= self->new_after)
    self->new_after = 0;
}

/* From prompt to prompt */

/* It was walked to already, and the end of what is before it is seen above. */
static gboolean
is_at_top (BobbinTranscript *self,
           guint             position)
{
  BobbinMessage *message = bobbin_pager_peek (self->pager, position);
  BobbinMessageView *row = message != NULL ? bobbin_column_get_row (self->column, message) : NULL;
  double x;
  double y;

  return row != NULL && gtk_widget_translate_coordinates (GTK_WIDGET (row), GTK_WIDGET (self->column), 0, 0, &x, &y) &&
         y <= PROMPT_TOP + 1;
}

/* The prompt that has the keyboard, as long as it is seen: where one walked to before. */
static gboolean
find_focused (BobbinTranscript *self,
              guint            *ret_position,
              int              *ret_pixels)
{
  GtkWidget *row = gtk_widget_get_focus_child (GTK_WIDGET (self->column));
  double x;
  double y;

  *ret_pixels = 0;
  return row != NULL && gtk_widget_translate_coordinates (row, GTK_WIDGET (self->column), 0, 0, &x, &y) && y >= 0 &&
         y < gtk_widget_get_height (GTK_WIDGET (self->column)) &&
         bobbin_pager_find (self->pager, bobbin_message_get_id (bobbin_message_view_get_message (BOBBIN_MESSAGE_VIEW (row))),
                            ret_position);
}

void
_bobbin_transcript_walk (BobbinTranscript *self,
                         int               step)
{
  BobbinLocus top = { 0, 0, 0 };
  guint n;
  guint position;
  int pixels;

  if (self->session == NULL || (n = n_messages (self)) == 0)
    return;

  if (!find_focused (self, &position, &pixels) && !bobbin_column_get_top (self->column, &position, &pixels))
    {
      position = n;
      pixels = 0;
    }
  /* a prompt whose start is above the view is before the reader */
  if (step < 0 && position < n && pixels < 0)
    position++;
  do
    {
      if (step < 0 ? position == 0 : position + 1 >= n)
        {
          if (step > 0)
            bobbin_column_follow (self->column);
          return;
        }
      position += (guint) step;
    }
  while (!bobbin_pager_is_prompt (self->pager, position) || (step > 0 && is_at_top (self, position)));

  bobbin_column_scroll_to (self->column, position, &top, PROMPT_TOP);
  bobbin_column_focus_row (self->column, position);
}

/* To a message */

static gboolean
has_words (BobbinBlock  *block,
           BobbinNeedle *needle)
{
  BobbinAttachment *attachment = bobbin_block_get_attachment (block);
  const char *const texts[] = { bobbin_block_get_text (block), bobbin_block_get_name (block), bobbin_block_get_data (block),
                                bobbin_block_get_result (block),
                                attachment != NULL ? bobbin_attachment_get_name (attachment) : NULL };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i] != NULL && bobbin_needle_count (needle, texts[i], strlen (texts[i])) > 0)
      return TRUE;

  return FALSE;
}

/* 0: none of them. */
static gint64
find_block (BobbinMessage *message,
            const char    *words)
{
  g_autoptr(BobbinNeedle) needle = bobbin_needle_new (words);

  for (guint i = 0; needle != NULL && i < bobbin_message_get_n_blocks (message); i++)
    if (has_words (bobbin_message_get_block (message, i), needle))
      return bobbin_block_get_id (bobbin_message_get_block (message, i));

  return 0;
}

/* The block with the words that were asked for, or, where they are not together, with the first of them. */
static gint64
choose_words (BobbinTranscript  *self,
              BobbinMessage     *message,
              char             **ret_words)
{
  g_auto(GStrv) words = NULL;
  gint64 block_id = self->wanted_block;

  if (block_id == 0)
    block_id = find_block (message, self->wanted_text);
  if (block_id != 0)
    {
      *ret_words = g_strdup (self->wanted_text);
      return block_id;
    }

  words = g_strsplit (self->wanted_text, " ", -1);
  for (guint i = 0; words[i] != NULL && block_id == 0; i++)
    {
      block_id = *words[i] != '\0' ? find_block (message, words[i]) : 0;
      if (block_id != 0)
        *ret_words = g_strdup (words[i]);
    }

  return block_id;
}

static gboolean
lit_over_cb (gpointer user_data)
{
  BobbinTranscript *self = user_data;

  self->lit_id = 0;
  if (!bobbin_find_bar_get_open (self->find_bar))
    bobbin_column_set_search (self->column, NULL);

  return G_SOURCE_REMOVE;
}

/* Marks the words for a while, unfolding what they are in. Not while something else is looked for. */
static gboolean
light_up (BobbinTranscript *self,
          BobbinMessage    *message)
{
  BobbinFindPlace place = { bobbin_message_get_id (message), 0, self->wanted_nth };
  g_autofree char *words = NULL;

  if (self->wanted_text == NULL || bobbin_find_bar_get_open (self->find_bar))
    return FALSE;
  place.block_id = choose_words (self, message, &words);
  if (place.block_id == 0)
    return FALSE;

  bobbin_column_set_search (self->column, words);
  g_clear_handle_id (&self->lit_id, g_source_remove);
  self->lit_id = g_timeout_add (LIT_MS, lit_over_cb, self);

  return bobbin_column_show_match (self->column, &place);
}

static void
forget_wanted (BobbinTranscript *self)
{
  self->wanted_id = 0;
  self->wanted_block = 0;
  self->wanted_nth = 0;
  self->wanted_locus = (BobbinLocus) { 0, 0, 0 };
  g_clear_pointer (&self->wanted_text, g_free);
}

/* Called after each layout and whenever more is known: there in the end, or given up. */
void
_bobbin_transcript_show_wanted (BobbinTranscript *self)
{
  BobbinMessage *message;
  BobbinMessageView *row;
  BobbinLocus locus = { 0, 0, 0 };
  guint position;

  if (self->wanted_id == 0 || self->session == NULL || !bobbin_session_get_loaded (self->session))
    return;

  self->restoring = FALSE;
  if (!bobbin_pager_find (self->pager, self->wanted_id, &position))
    {
      if (!knows_all (self))
        return;
      if (self->wanted_revealed)
        forget_wanted (self);
      else
        bobbin_session_show_version (self->session, self->wanted_id, 0); /* it may be in another version */
      self->wanted_revealed = TRUE;
      return;
    }

  message = bobbin_pager_peek (self->pager, position);
  row = message != NULL ? bobbin_column_get_row (self->column, message) : NULL;
  if (row == NULL)
    {
      if (!self->wanted_placed)
        bobbin_column_scroll_to (self->column, position, &locus, WANTED_TOP);
      else if (!bobbin_column_is_on_its_way (self->column))
        forget_wanted (self); /* the reader did not wait for it */
      self->wanted_placed = TRUE;
      return;
    }

  if (self->wanted_locus.block_id != 0)
    {
      bobbin_column_scroll_to (self->column, position, &self->wanted_locus, PROMPT_TOP);
    }
  else
    {
      bobbin_message_view_flash (row);
      if (!light_up (self, message))
        bobbin_column_scroll_to (self->column, position, &locus, WANTED_TOP);
    }
  bobbin_column_focus_row (self->column, position);
  gtk_widget_queue_allocate (GTK_WIDGET (self->column)); /* where the keyboard is taken along */
  forget_wanted (self);
}

void
bobbin_transcript_show_message (BobbinTranscript *self,
                                gint64            message_id,
                                const char       *text)
{
  bobbin_transcript_show_match (self, message_id, 0, text, 0);
}

void
bobbin_transcript_show_match (BobbinTranscript *self,
                              gint64            message_id,
                              gint64            block_id,
                              const char       *text,
                              guint             nth)
{
  g_return_if_fail (BOBBIN_IS_TRANSCRIPT (self));

  forget_wanted (self);
  self->wanted_id = message_id;
  self->wanted_block = block_id;
  self->wanted_nth = nth;
  self->wanted_text = g_strdup (text);
  self->wanted_placed = FALSE;
  self->wanted_revealed = FALSE;
  _bobbin_transcript_show_wanted (self);
}

void
bobbin_transcript_show_place (BobbinTranscript *self,
                              gint64            message_id,
                              gint64            block_id,
                              gsize             offset)
{
  g_return_if_fail (BOBBIN_IS_TRANSCRIPT (self));

  forget_wanted (self);
  self->wanted_id = message_id;
  self->wanted_locus = (BobbinLocus) { block_id, offset, 0 };
  self->wanted_placed = FALSE;
  self->wanted_revealed = FALSE;
  _bobbin_transcript_show_wanted (self);
}
