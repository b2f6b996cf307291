#define G_LOG_DOMAIN "bobbin-wire"
#include "config.h"
#include "wire/bobbin-json-scanner.h"

#define MAX_SKIPPED_DEPTH 8

gboolean
bobbin_json_take_string (BobbinJsonCursor *c,
                         BobbinJsonRaw    *ret_raw)
{
  const char *p;

  if (!bobbin_json_take (c, '"'))
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

gboolean
bobbin_json_take_index (BobbinJsonCursor *c,
                        gint             *ret_index)
{
  const char *start;
  gint value = 0;

  bobbin_json_skip_space (c);
  start = c->p;
  while (c->p < c->end && g_ascii_isdigit (*c->p) && c->p - start < 6)
    value = value * 10 + (*c->p++ - '0');
  if (c->p == start || (*start == '0' && c->p - start > 1))
    return FALSE;
  /* 1.0, 1e3 and longer numbers are for the slow path. */
  if (c->p < c->end && *c->p != ',' && *c->p != '}' && *c->p != ' ' && *c->p != '\n' && *c->p != '\r' &&
      *c->p != '\t')
    return FALSE;
  *ret_index = value;

  return TRUE;
}

gboolean
bobbin_json_take_key (BobbinJsonCursor *c,
                      BobbinJsonRaw    *ret_raw)
{
  return bobbin_json_take_string (c, ret_raw) && bobbin_json_take (c, ':');
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
unescape (const BobbinJsonRaw *raw,
          char                *out)
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

char *
bobbin_json_raw_dup (const BobbinJsonRaw *raw,
                     gsize               *ret_length)
{
  char *text;
  char *end;

  if (!g_utf8_validate_len (raw->start, raw->length, NULL))
    return NULL;

  text = g_malloc (raw->length + 1);
  if (raw->has_escapes)
    {
      end = unescape (raw, text);
    }
  else
    {
      memcpy (text, raw->start, raw->length);
      end = text + raw->length;
    }
  if (end == NULL)
    {
      g_free (text);
      return NULL;
    }
  *end = '\0';
  *ret_length = (gsize) (end - text);

  return text;
}

gboolean
bobbin_json_take_word (BobbinJsonCursor *c,
                       const char       *word)
{
  gsize length = strlen (word);

  bobbin_json_skip_space (c);
  if ((gsize) (c->end - c->p) < length || memcmp (c->p, word, length) != 0)
    return FALSE;
  c->p += length;

  return TRUE;
}

static gboolean
skip_digits (BobbinJsonCursor *c)
{
  const char *start = c->p;

  while (c->p < c->end && g_ascii_isdigit (*c->p))
    c->p++;

  return c->p > start;
}

static gboolean
skip_number (BobbinJsonCursor *c)
{
  const char *start;

  if (c->p < c->end && *c->p == '-')
    c->p++;
  start = c->p;
  if (!skip_digits (c) || (*start == '0' && c->p - start > 1))
    return FALSE;
  if (c->p < c->end && *c->p == '.')
    {
      c->p++;
      if (!skip_digits (c))
        return FALSE;
    }
  if (c->p < c->end && (*c->p == 'e' || *c->p == 'E'))
    {
      c->p++;
      if (c->p < c->end && (*c->p == '+' || *c->p == '-'))
        c->p++;
      return skip_digits (c);
    }

  return TRUE;
}

/* With escapes it is for the slow path: they may be wrong, and what is skipped is hardly ever so. */
static gboolean
skip_string (BobbinJsonCursor *c)
{
  BobbinJsonRaw raw;

  return bobbin_json_take_string (c, &raw) && !raw.has_escapes && g_utf8_validate_len (raw.start, raw.length, NULL);
}

static gboolean
skip_value (BobbinJsonCursor *c,
            guint             depth)
{
  gboolean is_object;
  char close;

  bobbin_json_skip_space (c);
  if (c->p >= c->end)
    return FALSE;
  if (*c->p == '"')
    return skip_string (c);
  if (*c->p != '{' && *c->p != '[')
    return bobbin_json_take_word (c, "null") || bobbin_json_take_word (c, "true") || bobbin_json_take_word (c, "false") ||
           skip_number (c);
  if (depth == 0)
    return FALSE;

  is_object = *c->p++ == '{';
  close = is_object ? '}' : ']';
  if (bobbin_json_take (c, close))
    return TRUE;
  do
    {
      if (is_object && (!skip_string (c) || !bobbin_json_take (c, ':')))
        return FALSE;
      if (!skip_value (c, depth - 1))
        return FALSE;
    }
  while (bobbin_json_take (c, ','));

  return bobbin_json_take (c, close);
}

gboolean
bobbin_json_skip_value (BobbinJsonCursor *c)
{
  return skip_value (c, MAX_SKIPPED_DEPTH);
}
