#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-segmenter.h"

#include <string.h>

#define INFO_MAX 64 /* bytes of a language name that are kept */

struct _BobbinSegmenter
{
  /* owned */
  GArray        *segments;    /* of BobbinSegment */
  char          *info;        /* BOBBIN_GRAMMAR_CODE: language of it all */
  BobbinGrammar  grammar;
  gsize          scanned;     /* up to here every line is complete and taken */
  gboolean       mid_line;    /* scanned is within a line: no fence can start there */
  gboolean       in_code;
  gboolean       open;        /* the last segment takes the next line */
  char           fence;       /* of the open code: '`' or '~' */
  gsize          fence_length;
  /* What the unfinished last line added; taken back at the next feed. */
  gboolean       tail_new;
  gboolean       tail_grown;
  gsize          tail_end;    /* end, n_lines and start of the last segment without the tail */
  gsize          tail_start;
  guint          tail_lines;
};

static void
segment_clear (gpointer data)
{
  BobbinSegment *segment = data;

  g_free (segment->info);
}

BobbinSegmenter *
bobbin_segmenter_new (BobbinGrammar  grammar,
                      const char    *info)
{
  BobbinSegmenter *self = g_new0 (BobbinSegmenter, 1);

  self->grammar = grammar;
  self->info = g_strdup (info);
  self->segments = g_array_new (FALSE, TRUE, sizeof (BobbinSegment));
  g_array_set_clear_func (self->segments, segment_clear);
  bobbin_segmenter_reset (self);

  return self;
}

void
bobbin_segmenter_free (BobbinSegmenter *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->segments);
  g_free (self->info);
  g_free (self);
}

static BobbinSegment *
last_segment (BobbinSegmenter *self)
{
  return &g_array_index (self->segments, BobbinSegment, self->segments->len - 1);
}

static void
push_segment (BobbinSegmenter   *self,
              BobbinSegmentKind  kind,
              gboolean           continues,
              gsize              start,
              const char        *info)
{
  BobbinSegment segment = { kind, continues, start, start, 0, g_strdup (info) };

  g_array_append_val (self->segments, segment);
}

void
bobbin_segmenter_reset (BobbinSegmenter *self)
{
  g_array_set_size (self->segments, 0);
  self->scanned = 0;
  self->mid_line = FALSE;
  self->in_code = self->grammar == BOBBIN_GRAMMAR_CODE || self->grammar == BOBBIN_GRAMMAR_BARE;
  self->open = self->in_code;
  self->fence = 0;
  self->fence_length = 0;
  self->tail_new = FALSE;
  self->tail_grown = FALSE;

  if (self->in_code)
    push_segment (self, BOBBIN_SEGMENT_CODE, FALSE, 0, self->info);
}

void
bobbin_segmenter_set_info (BobbinSegmenter *self,
                           const char      *info)
{
  g_free (self->info);
  self->info = g_strdup (info);
}

static gboolean
is_blank (const char *text,
          gsize       from,
          gsize       to)
{
  for (gsize i = from; i < to; i++)
    if (text[i] != ' ' && text[i] != '\t' && text[i] != '\r')
      return FALSE;

  return TRUE;
}

/* Fence characters at the start of the line, after white space: agents indent fences inside lists. */
static gsize
fence_run (const char *text,
           gsize       from,
           gsize       to,
           gsize      *ret_after,
           char       *ret_char)
{
  gsize i = from;
  gsize run = 0;
  char c;

  while (i < to && (text[i] == ' ' || text[i] == '\t'))
    i++;
  c = i < to ? text[i] : 0;
  if (c == '`' || c == '~')
    for (; i < to && text[i] == c; i++)
      run++;

  *ret_after = i;
  *ret_char = c;
  return run;
}

static gboolean
closes_fence (BobbinSegmenter *self,
              const char      *text,
              gsize            from,
              gsize            to)
{
  gsize after;
  char c;
  gsize run;

  if (self->grammar != BOBBIN_GRAMMAR_FENCES || self->mid_line)
    return FALSE;

  run = fence_run (text, from, to, &after, &c);
  return run >= self->fence_length && c == self->fence && is_blank (text, after, to);
}

static gboolean
opens_fence (BobbinSegmenter *self,
             const char      *text,
             gsize            from,
             gsize            to,
             char            *ret_char,
             gsize           *ret_length,
             char           **ret_info)
{
  gsize after;
  gsize end;
  char c;
  gsize run;

  if (self->grammar != BOBBIN_GRAMMAR_FENCES || self->mid_line)
    return FALSE;

  run = fence_run (text, from, to, &after, &c);
  if (run < 3 || (c == '`' && memchr (text + after, '`', to - after) != NULL))
    return FALSE;

  while (after < to && (text[after] == ' ' || text[after] == '\t' || text[after] == '{' || text[after] == '.'))
    after++;
  end = after;
  while (end < to && end - after < INFO_MAX && !g_ascii_isspace (text[end]) && text[end] != '{' && text[end] != '}')
    end++;
  while (end > after && end < to && (text[end] & 0xc0) == 0x80)
    end--; /* not in the middle of a character */

  *ret_char = c;
  *ret_length = run;
  *ret_info = end > after ? g_strndup (text + after, end - after) : NULL;
  return TRUE;
}

/* Whether the unfinished line [from, to) may still turn out to be a fence, or blank. */
static gboolean
must_hold (BobbinSegmenter *self,
           const char      *text,
           gsize            from,
           gsize            to)
{
  gsize after;
  char c;
  gsize run;

  if (self->mid_line)
    return FALSE;
  if (self->grammar != BOBBIN_GRAMMAR_FENCES)
    return !self->in_code && is_blank (text, from, to);

  run = fence_run (text, from, to, &after, &c);
  if (after == to)
    return !self->in_code || (run > 0 && c == self->fence);
  if (run == 0)
    return FALSE;
  if (self->in_code)
    return c == self->fence && run >= self->fence_length && is_blank (text, after, to);

  return run >= 3 && (c == '~' || memchr (text + after, '`', to - after) == NULL);
}

static gboolean
is_full (const BobbinSegment *segment,
         gsize                next_end)
{
  return segment->n_lines > 0 && (segment->end - segment->start > BOBBIN_SEGMENT_SOFT ||
                                  next_end - segment->start > BOBBIN_SEGMENT_MAX);
}

/* Takes [from, to) into the open segment, or into a new one when that is full. */
static void
take_content (BobbinSegmenter *self,
              gsize            from,
              gsize            to)
{
  BobbinSegmentKind kind = self->in_code ? BOBBIN_SEGMENT_CODE : BOBBIN_SEGMENT_PARAGRAPH;
  BobbinSegment *last;

  if (!self->open)
    push_segment (self, kind, FALSE, from, NULL);
  else if (self->mid_line || is_full (last_segment (self), to))
    push_segment (self, kind, TRUE, from, NULL);

  self->open = TRUE;
  last = last_segment (self);
  if (last->n_lines == 0)
    last->start = from;
  last->end = to;
  last->n_lines++;
}

/* Where to cut a line that is too long: after the last white space, else between two characters. */
static gsize
find_cut (const char *text,
          gsize       from)
{
  gsize limit = from + BOBBIN_SEGMENT_MAX;

  for (gsize i = limit; i > from + BOBBIN_SEGMENT_MAX / 2; i--)
    if (text[i - 1] == ' ' || text[i - 1] == '\t')
      return i;
  while ((text[limit] & 0xc0) == 0x80)
    limit--;

  return limit;
}

/* Takes pieces off the front of a line too long for one segment; returns where the rest starts. */
static gsize
take_long (BobbinSegmenter *self,
           const char      *text,
           gsize            from,
           gsize            to)
{
  while (to - from > BOBBIN_SEGMENT_MAX && !must_hold (self, text, from, to))
    {
      gsize cut = find_cut (text, from);

      take_content (self, from, cut);
      self->mid_line = TRUE;
      from = cut;
    }

  return from;
}

static void
take_line (BobbinSegmenter *self,
           const char      *text,
           gsize            from,
           gsize            to)
{
  g_autofree char *info = NULL;

  if (to > from && text[to - 1] == '\r')
    to--;

  if (self->in_code && closes_fence (self, text, from, to))
    {
      self->in_code = FALSE;
      self->open = FALSE;
    }
  else if (!self->in_code && opens_fence (self, text, from, to, &self->fence, &self->fence_length, &info))
    {
      push_segment (self, BOBBIN_SEGMENT_CODE, FALSE, to, info);
      self->in_code = TRUE;
      self->open = TRUE;
    }
  else if (!self->in_code && !self->mid_line && is_blank (text, from, to))
    {
      self->open = FALSE;
    }
  else
    {
      gsize rest = take_long (self, text, from, to);

      if (rest < to || !self->mid_line)
        take_content (self, rest, to);
    }
}

static void
take_back_tail (BobbinSegmenter *self)
{
  if (self->tail_new)
    {
      g_array_set_size (self->segments, self->segments->len - 1);
    }
  else if (self->tail_grown)
    {
      BobbinSegment *last = last_segment (self);

      last->start = self->tail_start;
      last->end = self->tail_end;
      last->n_lines = self->tail_lines;
    }
  self->tail_new = FALSE;
  self->tail_grown = FALSE;
}

static void
show_tail (BobbinSegmenter *self,
           const char      *text,
           gsize            from,
           gsize            to)
{
  guint n_before = self->segments->len;
  gboolean was_open = self->open;

  if (n_before > 0)
    {
      BobbinSegment *last = last_segment (self);

      self->tail_start = last->start;
      self->tail_end = last->end;
      self->tail_lines = last->n_lines;
    }

  take_content (self, from, to);
  self->open = was_open;
  self->tail_new = self->segments->len > n_before;
  self->tail_grown = !self->tail_new;
}

guint
bobbin_segmenter_feed (BobbinSegmenter *self,
                       const char      *text,
                       gsize            length,
                       gboolean         final)
{
  guint first_changed;

  take_back_tail (self);
  first_changed = self->segments->len > 0 ? self->segments->len - 1 : 0;
  if (!self->open)
    first_changed = self->segments->len;

  while (self->scanned < length)
    {
      const char *newline = memchr (text + self->scanned, '\n', length - self->scanned);

      if (newline == NULL)
        break;
      take_line (self, text, self->scanned, newline - text);
      self->scanned = newline - text + 1;
      self->mid_line = FALSE;
    }

  if (self->scanned < length)
    self->scanned = take_long (self, text, self->scanned, length);
  if (self->scanned < length && final)
    {
      take_line (self, text, self->scanned, length);
      self->scanned = length;
      self->mid_line = FALSE;
    }
  else if (self->scanned < length && !must_hold (self, text, self->scanned, length))
    {
      show_tail (self, text, self->scanned, length);
    }

  return MIN (first_changed, self->segments->len);
}

guint
bobbin_segmenter_get_n (BobbinSegmenter *self)
{
  return self->segments->len;
}

const BobbinSegment *
bobbin_segmenter_get (BobbinSegmenter *self,
                      guint            index)
{
  g_return_val_if_fail (index < self->segments->len, NULL);

  return &g_array_index (self->segments, BobbinSegment, index);
}
