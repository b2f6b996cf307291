/* Looking at the words: what changed, and of lines that are too long what is seen, a slice at a time while nothing else is to do. */
#define G_LOG_DOMAIN "bobbin-composer"

#include "config.h"

#include "bobbin-speller-private.h"

#include "bobbin-word-finder.h"

#include <string.h>

#define SLICE_WORDS     64
#define MAX_WORD_CHARS  64
#define MAX_LINE_CHARS  4000 /* GTK looks for words in all of a line each time: of a longer one, only what is seen is checked */
#define PART_CHARS      4000 /* so much of it */

gboolean
_bobbin_speller_is_working (BobbinSpeller *self)
{
  return self->enabled && self->dictionary != NULL && self->view != NULL;
}

/* Words */

static gboolean
is_space (gunichar c,
          gpointer user_data)
{
  return g_unichar_isspace (c);
}

/* Whether anything between the blanks around the word says that it is not prose. */
static gboolean
is_in_technical_run (const GtkTextIter *start,
                     const GtkTextIter *end)
{
  GtkTextIter from = *start;
  GtkTextIter to = *end;
  guint dots = 0;

  if (gtk_text_iter_backward_find_char (&from, is_space, NULL, NULL))
    gtk_text_iter_forward_char (&from);
  else
    gtk_text_buffer_get_start_iter (gtk_text_iter_get_buffer (start), &from);
  if (!g_unichar_isspace (gtk_text_iter_get_char (&to)) && !gtk_text_iter_is_end (&to))
    gtk_text_iter_forward_find_char (&to, is_space, NULL, NULL);

  for (; gtk_text_iter_compare (&from, &to) < 0; gtk_text_iter_forward_char (&from))
    {
      gunichar c = gtk_text_iter_get_char (&from);
      GtkTextIter next = from;

      if (bobbin_word_is_technical (c))
        return TRUE;
      /* example.org, not the end of a sentence */
      gtk_text_iter_forward_char (&next);
      dots += c == '.' && g_unichar_isalnum (gtk_text_iter_get_char (&next));
    }

  return dots > 0;
}

/* Between fences, and lines that are indented as code. */
static gboolean
is_in_code (const GtkTextIter *at)
{
  GtkTextIter line = *at;
  GtkTextIter fence;
  gboolean inside = FALSE;

  gtk_text_iter_set_line_offset (&line, 0);
  gtk_text_buffer_get_start_iter (gtk_text_iter_get_buffer (at), &fence);
  while (gtk_text_iter_forward_search (&fence, "```", GTK_TEXT_SEARCH_TEXT_ONLY, &fence, NULL, &line))
    {
      inside ^= gtk_text_iter_starts_line (&fence);
      gtk_text_iter_forward_chars (&fence, 3);
    }

  return inside;
}

static void
check_word (BobbinSpeller     *self,
            const GtkTextIter *start,
            const GtkTextIter *end)
{
  g_autofree char *word = gtk_text_buffer_get_text (self->buffer, start, end, FALSE);

  /* Chinese and Japanese have no words that a dictionary of this kind knows; foo() is code. */
  if (g_unichar_iswide (gtk_text_iter_get_char (start)) || gtk_text_iter_get_char (end) == '(')
    return;
  if (g_utf8_strlen (word, -1) > MAX_WORD_CHARS || bobbin_dictionary_knows (self->dictionary, word)
      || is_in_technical_run (start, end) || is_in_code (start))
    return;

  gtk_text_buffer_apply_tag (self->buffer, self->tag, start, end);
}

void
_bobbin_speller_get_cursor (BobbinSpeller *self,
                            GtkTextIter   *cursor)
{
  gtk_text_buffer_get_iter_at_mark (self->buffer, cursor, gtk_text_buffer_get_insert (self->buffer));
}

/* A tag that is taken from where it is not still costs a new layout of the lines. */
static void
clear (BobbinSpeller     *self,
       const GtkTextIter *from,
       const GtkTextIter *to)
{
  GtkTextIter at = *from;

  if (gtk_text_iter_has_tag (&at, self->tag)
      || (gtk_text_iter_forward_to_tag_toggle (&at, self->tag) && gtk_text_iter_compare (&at, to) < 0))
    gtk_text_buffer_remove_tag (self->buffer, self->tag, from, to);
}

/* Of a new iterator: GTK counts wrong from one that was there before a tag was set. */
static gboolean
is_too_long (const GtkTextIter *at)
{
  GtkTextIter line;

  gtk_text_buffer_get_iter_at_line (gtk_text_iter_get_buffer (at), &line, gtk_text_iter_get_line (at));

  return gtk_text_iter_get_chars_in_line (&line) > MAX_LINE_CHARS;
}

/* Whole words: a change in the middle of one makes it another. */
static void
widen (GtkTextIter *from,
       GtkTextIter *to)
{
  if (is_too_long (from))
    gtk_text_iter_backward_chars (from, MIN (MAX_WORD_CHARS, gtk_text_iter_get_line_offset (from)));
  else if (gtk_text_iter_inside_word (from) || gtk_text_iter_ends_word (from))
    gtk_text_iter_backward_word_start (from);
  if (is_too_long (to))
    gtk_text_iter_forward_chars (to, MAX_WORD_CHARS);
  else if (gtk_text_iter_inside_word (to))
    gtk_text_iter_forward_word_end (to);
}

/* Of the line of @at, what is around the middle of what is seen, or the cursor. FALSE: it is out of sight. */
static gboolean
get_part (BobbinSpeller     *self,
          const GtkTextIter *at,
          GtkTextIter       *from,
          GtkTextIter       *until)
{
  int line = gtk_text_iter_get_line (at);
  GtkTextIter middle;
  GdkRectangle seen;
  int n_chars, first;

  gtk_text_view_get_visible_rect (self->view, &seen);
  if (!gtk_widget_get_mapped (GTK_WIDGET (self->view)) || seen.height <= 1 ||
      !gtk_text_view_get_iter_at_location (self->view, &middle, seen.x + seen.width / 2, seen.y + seen.height / 2) ||
      gtk_text_iter_get_line (&middle) != line)
    _bobbin_speller_get_cursor (self, &middle);
  if (gtk_text_iter_get_line (&middle) != line)
    return FALSE;

  gtk_text_buffer_get_iter_at_line (self->buffer, from, line);
  *until = *from;
  n_chars = gtk_text_iter_get_chars_in_line (from);
  first = CLAMP (gtk_text_iter_get_line_offset (&middle) - PART_CHARS / 2, 0, MAX (n_chars - PART_CHARS, 0));
  gtk_text_iter_forward_chars (from, first);
  gtk_text_iter_forward_chars (until, MIN (first + PART_CHARS, n_chars));

  return TRUE;
}

/* Of a line that is too long, the words between the two as far as they are in the part of it that is seen. */
static void
check_part (BobbinSpeller     *self,
            const GtkTextIter *at,
            const GtkTextIter *to)
{
  GtkTextIter from, until, cursor;
  g_autofree char *text = NULL;
  g_autoptr(GArray) spans = NULL;

  self->partly = TRUE;
  if (!get_part (self, at, &from, &until) || is_in_code (at))
    return;

  _bobbin_speller_get_cursor (self, &cursor);
  text = gtk_text_buffer_get_slice (self->buffer, &from, &until, TRUE);
  spans = bobbin_word_finder_find (text, !gtk_text_iter_starts_line (&from), !gtk_text_iter_ends_line (&until));
  for (guint i = 0; i < spans->len; i++)
    {
      const BobbinWordSpan *span = &g_array_index (spans, BobbinWordSpan, i);
      GtkTextIter start = from, end = from;
      g_autofree char *word = NULL;

      gtk_text_iter_forward_chars (&start, (int) span->start);
      gtk_text_iter_forward_chars (&end, (int) span->end);
      if (gtk_text_iter_compare (&start, at) < 0 || gtk_text_iter_compare (&end, to) > 0 || span->end - span->start > MAX_WORD_CHARS)
        continue;
      if (gtk_text_iter_equal (&end, &cursor) && gtk_widget_has_focus (GTK_WIDGET (self->view)))
        {
          self->skipped = TRUE;
          gtk_text_buffer_move_mark (self->buffer, self->skipped_at, &end);
          continue;
        }
      word = gtk_text_buffer_get_text (self->buffer, &start, &end, FALSE);
      if (!bobbin_dictionary_knows (self->dictionary, word))
        gtk_text_buffer_apply_tag (self->buffer, self->tag, &start, &end);
    }
}

static gboolean
check_cb (gpointer user_data)
{
  BobbinSpeller *self = user_data;
  GtkTextIter at, to, cursor;
  guint n = 0;

  gtk_text_buffer_get_iter_at_mark (self->buffer, &at, self->from);
  gtk_text_buffer_get_iter_at_mark (self->buffer, &to, self->to);
  widen (&at, &to);
  _bobbin_speller_get_cursor (self, &cursor);
  while (n < SLICE_WORDS && gtk_text_iter_compare (&at, &to) < 0)
    {
      GtkTextIter start, end = at;

      if (is_too_long (&at))
        {
          if (!gtk_text_iter_forward_line (&end) || gtk_text_iter_compare (&end, &to) > 0)
            end = to;
          clear (self, &at, &end);
          check_part (self, &at, &end);
          /* Tags make iterators old. */
          gtk_text_buffer_get_iter_at_offset (self->buffer, &at, gtk_text_iter_get_offset (&end));
          continue;
        }
      /* It is FALSE at the end of the text, too. */
      if (!gtk_text_iter_forward_word_end (&end) && !gtk_text_iter_ends_word (&end))
        {
          clear (self, &at, &to);
          at = to;
          break;
        }
      clear (self, &at, &end);
      start = end;
      gtk_text_iter_backward_word_start (&start);
      if (gtk_text_iter_compare (&start, &to) >= 0)
        {
          at = to;
          break;
        }
      if (is_too_long (&start))
        {
          at = start;
          continue;
        }
      /* Who is at its end may be about to go on. */
      if (gtk_text_iter_equal (&end, &cursor) && gtk_widget_has_focus (GTK_WIDGET (self->view)))
        {
          self->skipped = TRUE;
          gtk_text_buffer_move_mark (self->buffer, self->skipped_at, &end);
        }
      else
        check_word (self, &start, &end);
      at = end;
      n++;
    }

  gtk_text_buffer_move_mark (self->buffer, self->from, &at);
  if (gtk_text_iter_compare (&at, &to) < 0)
    return G_SOURCE_CONTINUE;

  self->idle_id = 0;
  return G_SOURCE_REMOVE;
}

void
_bobbin_speller_schedule (BobbinSpeller *self)
{
  if (_bobbin_speller_is_working (self) && !self->composing && self->idle_id == 0)
    self->idle_id = g_idle_add_full (G_PRIORITY_LOW, check_cb, self, NULL);
}

/* Adds to what is still to be checked; there is one range, so what lies between two changes is looked at again. */
static void
want (BobbinSpeller     *self,
      const GtkTextIter *from,
      const GtkTextIter *to)
{
  GtkTextIter begin, end;

  gtk_text_buffer_get_iter_at_mark (self->buffer, &begin, self->from);
  gtk_text_buffer_get_iter_at_mark (self->buffer, &end, self->to);
  if (self->idle_id == 0 && !self->composing)
    {
      begin = *from;
      end = *to;
    }
  if (gtk_text_iter_compare (from, &begin) < 0)
    begin = *from;
  if (gtk_text_iter_compare (to, &end) > 0)
    end = *to;
  gtk_text_buffer_move_mark (self->buffer, self->from, &begin);
  gtk_text_buffer_move_mark (self->buffer, self->to, &end);
  _bobbin_speller_schedule (self);
}

/* What comes into sight of a line that is too long. */
static void
scrolled_cb (BobbinSpeller *self)
{
  GtkTextIter middle, from, until;
  GdkRectangle seen;

  if (!_bobbin_speller_is_working (self) || !self->partly)
    return;

  gtk_text_view_get_visible_rect (self->view, &seen);
  gtk_text_view_get_iter_at_location (self->view, &middle, seen.x + seen.width / 2, seen.y + seen.height / 2);
  if (is_too_long (&middle) && get_part (self, &middle, &from, &until))
    want (self, &from, &until);
}

static void
scroller_changed_cb (BobbinSpeller *self)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->view));

  if (adjustment != NULL)
    g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (scrolled_cb), self, G_CONNECT_SWAPPED);
}

void
_bobbin_speller_check_all (BobbinSpeller *self)
{
  GtkTextIter start, end;

  self->partly = FALSE;
  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  gtk_text_buffer_remove_tag (self->buffer, self->tag, &start, &end);
  g_clear_handle_id (&self->idle_id, g_source_remove);
  if (_bobbin_speller_is_working (self))
    want (self, &start, &end);
}

static void
inserted_cb (BobbinSpeller *self,
             GtkTextIter   *at,
             const char    *text,
             int            length)
{
  GtkTextIter from = *at;

  if (!_bobbin_speller_is_working (self))
    return;

  gtk_text_iter_backward_chars (&from, (int) g_utf8_strlen (text, length));
  want (self, &from, at);
}

static void
deleted_cb (BobbinSpeller *self,
            GtkTextIter   *start,
            GtkTextIter   *end)
{
  if (_bobbin_speller_is_working (self))
    want (self, start, end);
}

/* Whoever takes the cursor elsewhere is done with the word. */
static void
cursor_moved_cb (BobbinSpeller *self)
{
  GtkTextIter cursor, start, end;

  if (!_bobbin_speller_is_working (self) || !self->skipped)
    return;

  _bobbin_speller_get_cursor (self, &cursor);
  gtk_text_buffer_get_iter_at_mark (self->buffer, &end, self->skipped_at);
  if (gtk_text_iter_equal (&cursor, &end))
    return;

  self->skipped = FALSE;
  start = end;
  if (is_too_long (&end))
    gtk_text_iter_backward_chars (&start, MIN (MAX_WORD_CHARS, gtk_text_iter_get_line_offset (&end)));
  else
    gtk_text_iter_backward_word_start (&start);
  want (self, &start, &end);
}

void
_bobbin_speller_watch_buffer (BobbinSpeller *self)
{
  g_signal_connect_object (self->view, "notify::vadjustment", G_CALLBACK (scroller_changed_cb), self, G_CONNECT_SWAPPED);
  scroller_changed_cb (self);
  g_signal_connect_object (self->buffer, "insert-text", G_CALLBACK (inserted_cb), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (self->buffer, "delete-range", G_CALLBACK (deleted_cb), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (self->buffer, "notify::cursor-position", G_CALLBACK (cursor_moved_cb), self, G_CONNECT_SWAPPED);
}
