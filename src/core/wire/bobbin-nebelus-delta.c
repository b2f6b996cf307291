#define G_LOG_DOMAIN "bobbin-wire"
#include "config.h"
#include "wire/bobbin-nebelus-delta.h"

#include <string.h>

typedef struct
{
  const char *p;
  const char *end;
} Cursor;

/* A string as it stands in the JSON, without its quotes. */
typedef struct
{
  const char *start;
  gsize       length;
  gboolean    has_escapes;
} Raw;

static void
skip_space (Cursor *c)
{
  while (c->p < c->end && (*c->p == ' ' || *c->p == '\t' || *c->p == '\n' || *c->p == '\r'))
    c->p++;
}

static gboolean
take (Cursor *c,
      char    wanted)
{
  skip_space (c);
  if (c->p >= c->end || *c->p != wanted)
    return FALSE;
  c->p++;

  return TRUE;
}

static gboolean
scan_string (Cursor *c,
             Raw    *ret_raw)
{
  const char *p;

  if (!take (c, '"'))
    return FALSE;

  ret_raw->start = c->p;
  ret_raw->has_escapes = FALSE;
  for (p = c->p; p < c->end && *p != '"'; p++)
    {
      if ((guchar) *p < 0x20)
        return FALSE;
      if (*p == '\\')
        {
          ret_raw->has_escapes = TRUE;
          p++;
        }
    }
  if (p >= c->end)
    return FALSE;
  ret_raw->length = (gsize) (p - ret_raw->start);
  c->p = p + 1;

  return TRUE;
}

static gboolean
raw_is (const Raw  *raw,
        const char *text)
{
  return !raw->has_escapes && raw->length == strlen (text) && memcmp (raw->start, text, raw->length) == 0;
}

static gboolean
scan_index (Cursor *c,
            gint   *ret_index)
{
  const char *start;
  gint value = 0;

  skip_space (c);
  start = c->p;
  while (c->p < c->end && g_ascii_isdigit (*c->p) && c->p - start < 6)
    value = value * 10 + (*c->p++ - '0');
  if (c->p == start || (*start == '0' && c->p - start > 1))
    return FALSE;
  /* 1.0, 1e3 and longer numbers are for the slow path. */
  if (c->p < c->end && *c->p != ',' && *c->p != '}' && *c->p != ' ' && *c->p != '\n' && *c->p != '\r'
      && *c->p != '\t')
    return FALSE;
  *ret_index = value;

  return TRUE;
}

/* Returns: the four hex digits at @p, or -1. */
static int
hex4 (const char *p,
      const char *end)
{
  int value = 0;

  if (end - p < 4)
    return -1;
  for (int i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (p[i]);

      if (digit < 0)
        return -1;
      value = value << 4 | digit;
    }

  return value;
}

/* The character of the \u escape whose digits start at *@p, which moves behind it; 0 when it is none to be
 * accepted here. */
static gunichar
scan_unicode (const char **p,
              const char  *end)
{
  int high = hex4 (*p, end);
  int low;

  if (high <= 0 || (high >= 0xdc00 && high < 0xe000))
    return 0;
  *p += 4;
  if (high < 0xd800 || high >= 0xe000)
    return (gunichar) high;
  if (end - *p < 6 || (*p)[0] != '\\' || (*p)[1] != 'u')
    return 0;
  low = hex4 (*p + 2, end);
  if (low < 0xdc00 || low >= 0xe000)
    return 0;
  *p += 6;

  return 0x10000 + (((gunichar) high - 0xd800) << 10) + ((gunichar) low - 0xdc00);
}

/* Writes what the string means to @out, which has room for raw->length bytes. No escape grows.
 * Returns: the end, NULL for an escape that is not accepted here. */
static char *
unescape (const Raw *raw,
          char      *out)
{
  static const char from[] = "\"\\/nrtbf";
  static const char to[] = "\"\\/\n\r\t\b\f";
  const char *p = raw->start;
  const char *end = raw->start + raw->length;

  while (p < end)
    {
      const char *found;
      gunichar u;

      if (*p != '\\')
        {
          *out++ = *p++;
          continue;
        }
      p++;
      if (p < end && *p == 'u')
        {
          p++;
          u = scan_unicode (&p, end);
          if (u == 0)
            return NULL;
          out += g_unichar_to_utf8 (u, out);
          continue;
        }
      found = p < end ? memchr (from, *p, sizeof from - 1) : NULL;
      if (found == NULL)
        return NULL;
      *out++ = to[found - from];
      p++;
    }

  return out;
}

static gboolean
set_text (const Raw          *raw,
          BobbinNebelusDelta *delta)
{
  char *text;
  char *end;

  if (!g_utf8_validate_len (raw->start, raw->length, NULL))
    return FALSE;

  text = g_malloc (raw->length + 1);
  if (raw->has_escapes)
    end = unescape (raw, text);
  else
    {
      memcpy (text, raw->start, raw->length);
      end = text + raw->length;
    }
  if (end == NULL)
    {
      g_free (text);
      return FALSE;
    }
  *end = '\0';
  delta->text = text;
  delta->length = (gsize) (end - text);

  return TRUE;
}

typedef struct
{
  Raw      type;
  Raw      state;
  Raw      text;
  gboolean has_type;
  gboolean has_state;
  gboolean has_index;
  gboolean has_data;
  gboolean says_thinking; /* the member of the text */
  gint     index;
} Block;

/* {"text":"…"} or {"thinking":"…"}, nothing else in it. */
static gboolean
scan_inner (Cursor *c,
            Block  *block)
{
  Raw key;

  if (!take (c, '{') || !scan_string (c, &key) || !take (c, ':') || !scan_string (c, &block->text) || !take (c, '}'))
    return FALSE;

  block->says_thinking = raw_is (&key, "thinking");

  return block->says_thinking || raw_is (&key, "text");
}

static gboolean
scan_member (Cursor    *c,
             const Raw *key,
             Block     *block)
{
  if (raw_is (key, "data") && !block->has_data)
    return block->has_data = scan_inner (c, block);
  if (raw_is (key, "state") && !block->has_state)
    return block->has_state = scan_string (c, &block->state);
  if (raw_is (key, "index") && !block->has_index)
    return block->has_index = scan_index (c, &block->index);
  if (raw_is (key, "content_type") && !block->has_type)
    return block->has_type = scan_string (c, &block->type);

  return FALSE;
}

static gboolean
scan_block (Cursor *c,
            Block  *block)
{
  if (!take (c, '{'))
    return FALSE;
  do
    {
      Raw key;

      if (!scan_string (c, &key) || !take (c, ':') || !scan_member (c, &key, block))
        return FALSE;
    }
  while (take (c, ','));

  return take (c, '}');
}

static gboolean
at_end (Cursor *c)
{
  skip_space (c);

  return c->p == c->end;
}

static gboolean
accept (const Block        *block,
        BobbinNebelusDelta *ret_delta)
{
  BobbinNebelusDelta delta = { FALSE, -1, NULL, 0 };

  if (!block->has_data || !block->has_state || !raw_is (&block->state, "delta"))
    return FALSE;
  if (block->has_type && raw_is (&block->type, "thinking"))
    delta.thinking = TRUE;
  else if (block->has_type && !raw_is (&block->type, "text"))
    return FALSE;
  if (block->says_thinking && !delta.thinking)
    return FALSE;
  if (block->has_index)
    delta.index = block->index;
  if (!set_text (&block->text, &delta))
    return FALSE;
  *ret_delta = delta;

  return TRUE;
}

gboolean
bobbin_nebelus_scan_delta_data (const char         *data,
                                gsize               length,
                                BobbinNebelusDelta *ret_delta)
{
  Cursor c = { data, data + length };
  Block block = { 0 };

  return scan_block (&c, &block) && at_end (&c) && accept (&block, ret_delta);
}

gboolean
bobbin_nebelus_scan_delta_frame (const char         *frame,
                                 gsize               length,
                                 BobbinNebelusDelta *ret_delta)
{
  Cursor c = { frame, frame + length };
  Block block = { 0 };
  gboolean has_event = FALSE;
  gboolean has_block = FALSE;

  if (!take (&c, '{'))
    return FALSE;
  do
    {
      Raw key, name;

      if (!scan_string (&c, &key) || !take (&c, ':'))
        return FALSE;
      if (raw_is (&key, "event") && !has_event)
        has_event = scan_string (&c, &name) && raw_is (&name, "content_block");
      else if (raw_is (&key, "data") && !has_block)
        has_block = scan_block (&c, &block);
      else
        return FALSE;
      if (!has_event && !has_block)
        return FALSE;
    }
  while (take (&c, ','));

  return has_event && has_block && take (&c, '}') && at_end (&c) && accept (&block, ret_delta);
}
