#define G_LOG_DOMAIN "bobbin-wire"
#include "config.h"
#include "wire/bobbin-sse-parser.h"

#include "util/bobbin-error.h"

#include <string.h>

#define DEFAULT_MAX_BYTES (32 * 1024 * 1024)

/* Invariants:
 * 1. buffer[pos .. len) is what was fed and not yet taken; no line end lies in [pos .. scanned).
 * 2. next_lf is the place of the first LF at or behind scanned, or NOT_KNOWN; it spares looking for the
 *    same LF again and again when lines end in CR.
 * 3. Never more than max_bytes and one feed are kept: a longer line is dropped as it comes. */
struct _BobbinSseParser
{
  GString  *buffer;
  gsize     pos;
  gsize     scanned;
  gsize     next_lf;
  gsize     max_bytes;
  /* the block being read */
  GString  *name;
  GString  *data;
  gboolean  has_name;
  gboolean  has_data;
  /* state */
  gboolean  at_start;       /* no line was taken yet: a byte order mark may come */
  gboolean  after_cr;       /* an LF that comes now belongs to the line before */
  gboolean  dropping_line;  /* the rest of a line above the limit */
  gboolean  dropping_block; /* until the next empty line */
  gboolean  finished;
  gboolean  taken;          /* name and data were given out and are to be cleared */
};

#define NOT_KNOWN G_MAXSIZE

BobbinSseParser *
bobbin_sse_parser_new (gsize max_bytes)
{
  BobbinSseParser *self = g_new0 (BobbinSseParser, 1);

  self->buffer = g_string_sized_new (4096);
  self->name = g_string_new (NULL);
  self->data = g_string_new (NULL);
  self->max_bytes = max_bytes > 0 ? max_bytes : DEFAULT_MAX_BYTES;
  self->next_lf = NOT_KNOWN;
  self->at_start = TRUE;

  return self;
}

void
bobbin_sse_parser_free (BobbinSseParser *self)
{
  if (self == NULL)
    return;

  g_string_free (self->buffer, TRUE);
  g_string_free (self->name, TRUE);
  g_string_free (self->data, TRUE);
  g_free (self);
}

void
bobbin_sse_parser_feed (BobbinSseParser *self,
                        const char      *bytes,
                        gsize            length)
{
  g_return_if_fail (self != NULL && !self->finished);

  /* Where no LF was found up to the end, it is to be looked for in what comes now. */
  if (self->next_lf == self->buffer->len || self->next_lf < self->pos)
    self->next_lf = NOT_KNOWN;
  /* Taken bytes go when at least as many as stay, so moving costs no more than feeding did. */
  if (self->pos > 0 && self->pos >= self->buffer->len - self->pos)
    {
      g_string_erase (self->buffer, 0, (gssize) self->pos);
      self->scanned -= self->pos;
      if (self->next_lf != NOT_KNOWN)
        self->next_lf -= self->pos;
      self->pos = 0;
    }
  g_string_append_len (self->buffer, bytes, (gssize) length);
}

void
bobbin_sse_parser_finish (BobbinSseParser *self)
{
  g_return_if_fail (self != NULL);

  self->finished = TRUE;
}

static void
clear_block (BobbinSseParser *self)
{
  g_string_truncate (self->name, 0);
  g_string_truncate (self->data, 0);
  self->has_name = FALSE;
  self->has_data = FALSE;
}

/* Finds the end of the line at pos. Returns: FALSE when it has not come yet. */
static gboolean
find_line_end (BobbinSseParser *self,
               gsize           *ret_end)
{
  const char *text = self->buffer->str;
  gsize len = self->buffer->len;
  const char *cr;

  if (self->next_lf == NOT_KNOWN || self->next_lf < self->scanned)
    {
      const char *lf = memchr (text + self->scanned, '\n', len - self->scanned);

      self->next_lf = lf != NULL ? (gsize) (lf - text) : len;
    }
  cr = memchr (text + self->scanned, '\r', self->next_lf - self->scanned);
  if (cr != NULL)
    {
      *ret_end = (gsize) (cr - text);
      return TRUE;
    }
  if (self->next_lf < len)
    {
      *ret_end = self->next_lf;
      return TRUE;
    }
  self->scanned = len;

  return FALSE;
}

/* Takes the next line out of the buffer, without its end; @ret_line lies in the buffer. */
static gboolean
take_line (BobbinSseParser  *self,
           const char      **ret_line,
           gsize            *ret_length)
{
  gsize end;

  if (self->after_cr && self->pos < self->buffer->len)
    {
      if (self->buffer->str[self->pos] == '\n')
        self->pos++;
      self->after_cr = FALSE;
      self->scanned = MAX (self->scanned, self->pos);
    }
  if (find_line_end (self, &end))
    {
      *ret_line = self->buffer->str + self->pos;
      *ret_length = end - self->pos;
      self->after_cr = self->buffer->str[end] == '\r';
      self->pos = end + 1;
      self->scanned = self->pos;
      return TRUE;
    }
  if (self->finished && self->pos < self->buffer->len)
    {
      *ret_line = self->buffer->str + self->pos;
      *ret_length = self->buffer->len - self->pos;
      self->pos = self->scanned = self->buffer->len;
      return TRUE;
    }

  return FALSE;
}

static void
append_valid (GString    *out,
              const char *text,
              gsize       length)
{
  if (g_utf8_validate_len (text, length, NULL))
    g_string_append_len (out, text, (gssize) length);
  else
    {
      g_autofree char *valid = g_utf8_make_valid (text, (gssize) length);

      g_string_append (out, valid);
    }
}

static gboolean
is_field (const char *line,
          gsize       name_length,
          const char *field)
{
  return name_length == strlen (field) && memcmp (line, field, name_length) == 0;
}

/* Returns: FALSE when the block became larger than the limit. */
static gboolean
read_line (BobbinSseParser *self,
           const char      *line,
           gsize            length)
{
  const char *colon = memchr (line, ':', length);
  gsize name_length = colon != NULL ? (gsize) (colon - line) : length;
  const char *value = colon != NULL ? colon + 1 : line + length;
  gsize value_length = (gsize) (line + length - value);

  if (value_length > 0 && *value == ' ')
    {
      value++;
      value_length--;
    }
  if (is_field (line, name_length, "data"))
    {
      if (self->data->len + value_length > self->max_bytes)
        return FALSE;
      if (self->has_data)
        g_string_append_c (self->data, '\n');
      append_valid (self->data, value, value_length);
      self->has_data = TRUE;
    }
  else if (is_field (line, name_length, "event"))
    {
      g_string_truncate (self->name, 0);
      append_valid (self->name, value, value_length);
      self->has_name = TRUE;
    }

  return TRUE;
}

static void
give_block (BobbinSseParser *self,
            BobbinSseEvent  *ret_event)
{
  ret_event->name = self->has_name && self->name->len > 0 ? self->name->str : NULL;
  ret_event->data = self->data->str;
  ret_event->length = self->data->len;
  self->taken = TRUE;
}

static void
drop_block (BobbinSseParser  *self,
            GError          **error)
{
  clear_block (self);
  self->dropping_block = TRUE;
  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_TOO_LARGE,
               "An event of the stream is larger than %" G_GSIZE_FORMAT " bytes", self->max_bytes);
}

/* What the line starts with besides the line itself. */
static void
skip_mark (BobbinSseParser  *self,
           const char      **line,
           gsize            *length)
{
  if (self->at_start && *length >= 3 && memcmp (*line, "\xef\xbb\xbf", 3) == 0)
    {
      *line += 3;
      *length -= 3;
    }
  self->at_start = FALSE;
}

/* The line above the limit is not kept until its end comes. */
static gboolean
drop_long_line (BobbinSseParser *self)
{
  gboolean first;

  if (self->buffer->len - self->pos <= self->max_bytes && !self->dropping_line)
    return FALSE;

  first = !self->dropping_line;
  self->dropping_line = TRUE;
  self->pos = self->scanned = self->buffer->len;

  return first;
}

gboolean
bobbin_sse_parser_next (BobbinSseParser  *self,
                        BobbinSseEvent   *ret_event,
                        GError          **error)
{
  const char *line;
  gsize length;

  g_return_val_if_fail (self != NULL && ret_event != NULL, FALSE);

  if (self->taken)
    {
      clear_block (self);
      self->taken = FALSE;
    }
  while (take_line (self, &line, &length))
    {
      skip_mark (self, &line, &length);
      if (self->dropping_line)
        self->dropping_line = FALSE; /* this was its end; the block stays dropped */
      else if (length == 0)
        {
          self->dropping_block = FALSE;
          if (self->has_name || self->has_data)
            {
              give_block (self, ret_event);
              return TRUE;
            }
        }
      else if (self->dropping_block)
        continue;
      else if (length > self->max_bytes)
        {
          drop_block (self, error);
          return FALSE;
        }
      else if (line[0] == '{')
        {
          if (self->has_data)
            {
              /* The block before it goes first; this line is read again at the next call. */
              self->pos = self->scanned = (gsize) (line - self->buffer->str);
              self->after_cr = FALSE;
              self->next_lf = NOT_KNOWN;
              give_block (self, ret_event);
              return TRUE;
            }
          append_valid (self->data, line, length);
          self->has_data = TRUE;
          give_block (self, ret_event);
          return TRUE;
        }
      else if (!read_line (self, line, length))
        {
          drop_block (self, error);
          return FALSE;
        }
    }
  if (drop_long_line (self) && !self->dropping_block)
    {
      drop_block (self, error);
      return FALSE;
    }
  if (self->finished && (self->has_name || self->has_data))
    {
      give_block (self, ret_event);
      return TRUE;
    }

  return FALSE;
}
