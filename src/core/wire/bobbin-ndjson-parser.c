#define G_LOG_DOMAIN "bobbin-wire"
#include "config.h"
#include "wire/bobbin-ndjson-parser.h"

#include "util/bobbin-error.h"

#include <string.h>

#define DEFAULT_MAX_BYTES (16 * 1024 * 1024)

typedef enum
{
  BETWEEN, /* objects; no byte is kept */
  COMMENT, /* to the end of the line */
  GARBAGE, /* to the end of the line or the next brace */
  INSIDE,  /* an object */
} Mode;

/* Every byte of the input is looked at once, at scan; object holds the object so far. */
struct _BobbinNdjsonParser
{
  GString  *input;
  gsize     scan;
  GString  *object;
  char     *valid;       /* the object given out, where it was no valid UTF-8 */
  gsize     max_bytes;
  Mode      mode;
  guint     depth;
  gboolean  in_string;
  gboolean  escaped;
  gboolean  too_large;   /* the object is counted, not kept */
  gboolean  line_start;
  guint     prefix;      /* bytes of "data:" seen at the start of this line */
  gsize     n_garbage;
  gboolean  finished;
  gboolean  taken;       /* the object was given out and is to be cleared */
};

BobbinNdjsonParser *
bobbin_ndjson_parser_new (gsize max_bytes)
{
  BobbinNdjsonParser *self = g_new0 (BobbinNdjsonParser, 1);

  self->input = g_string_sized_new (4096);
  self->object = g_string_sized_new (1024);
  self->max_bytes = max_bytes > 0 ? max_bytes : DEFAULT_MAX_BYTES;
  self->line_start = TRUE;

  return self;
}

void
bobbin_ndjson_parser_free (BobbinNdjsonParser *self)
{
  if (self == NULL)
    return;

  g_string_free (self->input, TRUE);
  g_string_free (self->object, TRUE);
  g_free (self->valid);
  g_free (self);
}

void
bobbin_ndjson_parser_feed (BobbinNdjsonParser *self,
                           const char         *bytes,
                           gsize               length)
{
  g_return_if_fail (self != NULL && !self->finished);

  if (self->scan >= self->input->len - self->scan)
    {
      g_string_erase (self->input, 0, (gssize) self->scan);
      self->scan = 0;
    }
  g_string_append_len (self->input, bytes, (gssize) length);
}

void
bobbin_ndjson_parser_finish (BobbinNdjsonParser *self)
{
  g_return_if_fail (self != NULL);

  self->finished = TRUE;
}

static void
begin_object (BobbinNdjsonParser *self)
{
  g_string_truncate (self->object, 0);
  self->mode = INSIDE;
  self->depth = 0;
  self->in_string = FALSE;
  self->escaped = FALSE;
  self->too_large = FALSE;
  self->line_start = FALSE;
}

static void
end_object (BobbinNdjsonParser *self)
{
  self->mode = BETWEEN;
  self->prefix = 0;
}

typedef enum { MORE, OBJECT, BROKEN, TOO_LARGE, SKIPPED } Outcome;

/* Goes through the bytes between objects. */
static Outcome
scan_between (BobbinNdjsonParser *self)
{
  static const char prefix[] = "data:";

  while (self->scan < self->input->len)
    {
      char c = self->input->str[self->scan];

      if (c == '\n')
        {
          gboolean was_garbage = self->mode == GARBAGE || self->prefix > 0;

          self->scan++;
          self->mode = BETWEEN;
          self->line_start = TRUE;
          self->prefix = 0;
          if (was_garbage)
            return SKIPPED;
          continue;
        }
      if (self->mode == COMMENT)
        {
          self->scan++;
          continue;
        }
      if (c == '{')
        {
          Outcome outcome = self->mode == GARBAGE || self->prefix > 0 ? SKIPPED : OBJECT;

          begin_object (self);
          self->prefix = 0;
          return outcome;
        }
      self->scan++;
      if (self->mode == GARBAGE)
        self->n_garbage++;
      else if (self->prefix < 5 && c == prefix[self->prefix] && (self->line_start || self->prefix > 0))
        {
          self->line_start = FALSE;
          if (++self->prefix == 5)
            self->prefix = 0;
          self->n_garbage = self->prefix;
        }
      else if (c == ':' && self->line_start)
        self->mode = COMMENT;
      else if (self->prefix > 0 || strchr (" \t\r,[]", c) == NULL || c == '\0')
        {
          self->mode = GARBAGE;
          self->n_garbage = self->prefix + 1;
          self->prefix = 0;
        }
    }

  return MORE;
}

/* Where the run of plain bytes from scan ends: what follows has a meaning. */
static gsize
plain_run (BobbinNdjsonParser *self)
{
  const char *text = self->input->str;
  gsize i = self->scan;

  if (self->in_string)
    while (i < self->input->len && text[i] != '"' && text[i] != '\\' && text[i] != '\n')
      i++;
  else
    while (i < self->input->len && text[i] != '"' && text[i] != '{' && text[i] != '}')
      i++;

  return i;
}

static void
keep (BobbinNdjsonParser *self,
      gsize               end)
{
  if (!self->too_large && self->object->len + (end - self->scan) > self->max_bytes)
    {
      self->too_large = TRUE;
      g_string_truncate (self->object, 0);
    }
  if (!self->too_large)
    g_string_append_len (self->object, self->input->str + self->scan, (gssize) (end - self->scan));
  self->scan = end;
}

static Outcome
scan_object (BobbinNdjsonParser *self)
{
  while (self->scan < self->input->len)
    {
      char c;

      if (self->escaped)
        {
          self->escaped = FALSE;
          if (self->input->str[self->scan] != '\n')
            keep (self, self->scan + 1);
          continue;
        }
      keep (self, plain_run (self));
      if (self->scan == self->input->len)
        break;
      c = self->input->str[self->scan];
      if (self->in_string && c == '\n')
        {
          /* Not taken: it is also the end of the line for what comes next. */
          end_object (self);
          return BROKEN;
        }
      keep (self, self->scan + 1);
      if (c == '"')
        self->in_string = !self->in_string;
      else if (c == '\\')
        self->escaped = TRUE;
      else if (c == '{')
        self->depth++;
      else if (--self->depth == 0)
        {
          end_object (self);
          return self->too_large ? TOO_LARGE : OBJECT;
        }
    }

  return MORE;
}

static gboolean
give_object (BobbinNdjsonParser  *self,
             const char         **ret_text,
             gsize               *ret_length)
{
  self->taken = TRUE;
  if (g_utf8_validate_len (self->object->str, self->object->len, NULL))
    {
      *ret_text = self->object->str;
      *ret_length = self->object->len;
    }
  else
    {
      self->valid = g_utf8_make_valid (self->object->str, (gssize) self->object->len);
      *ret_text = self->valid;
      *ret_length = strlen (self->valid);
    }

  return TRUE;
}

static gboolean
report (BobbinNdjsonParser  *self,
        Outcome              outcome,
        GError             **error)
{
  if (outcome == TOO_LARGE)
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_TOO_LARGE,
                 "An object of the stream is larger than %" G_GSIZE_FORMAT " bytes", self->max_bytes);
  else if (outcome == BROKEN)
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL,
                 "A broken object of %" G_GSIZE_FORMAT " bytes in the stream", self->object->len);
  else
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL,
                 "%" G_GSIZE_FORMAT " bytes of the stream are no object", self->n_garbage);
  self->n_garbage = 0;

  return FALSE;
}

/* What is left when the body has ended. */
static gboolean
report_tail (BobbinNdjsonParser  *self,
             GError             **error)
{
  Mode mode = self->mode;

  if (self->prefix > 0)
    mode = GARBAGE;
  self->mode = BETWEEN;
  self->prefix = 0;
  if (mode == INSIDE)
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NETWORK,
                 "The stream was cut %" G_GSIZE_FORMAT " bytes into an object", self->object->len);
  else if (mode == GARBAGE)
    report (self, SKIPPED, error);

  return FALSE;
}

gboolean
bobbin_ndjson_parser_next (BobbinNdjsonParser  *self,
                           const char         **ret_text,
                           gsize               *ret_length,
                           GError             **error)
{
  g_return_val_if_fail (self != NULL && ret_text != NULL && ret_length != NULL, FALSE);

  if (self->taken)
    {
      g_string_truncate (self->object, 0);
      g_clear_pointer (&self->valid, g_free);
      self->taken = FALSE;
    }
  while (self->scan < self->input->len)
    {
      Outcome outcome;

      if (self->mode != INSIDE)
        {
          outcome = scan_between (self);
          if (outcome == SKIPPED)
            return report (self, outcome, error);
          continue;
        }
      outcome = scan_object (self);
      if (outcome == OBJECT)
        return give_object (self, ret_text, ret_length);
      if (outcome != MORE)
        return report (self, outcome, error);
    }

  return self->finished ? report_tail (self, error) : FALSE;
}
