#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-private.h"

#include <string.h>

#define SNIPPET_CHARS 160
#define NAME_CHARS    120
#define SUFFIX_CHARS  16

/* Characters that reorder what stands around them: harmless in a text, misleading in a name or a list. */
static gboolean
is_bidi_control (gunichar c)
{
  return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static gboolean
is_unprintable (gunichar c)
{
  return g_unichar_iscntrl (c) || is_bidi_control (c) || c == 0x2028 || c == 0x2029 || c == 0xfeff;
}

/* Marks of Markdown that say nothing in a list of threads. */
static gboolean
is_mark (gunichar c)
{
  return c == '*' || c == '`' || c == '#' || c == '>' || c == '|' || c == '_' || c == '~';
}

static char *
clean_line (const char *line,
            const char *end)
{
  g_autoptr(GString) out = g_string_new (NULL);
  gboolean space = FALSE, words = FALSE;
  guint n_chars = 0;

  for (const char *p = line; p < end && n_chars < SNIPPET_CHARS; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isspace (c))
        {
          space = out->len > 0;
          continue;
        }
      if (is_unprintable (c) || (is_mark (c) && (c != '_' || out->len == 0)))
        continue;
      if (space)
        g_string_append_c (out, ' ');
      space = FALSE;
      words |= g_unichar_isgraph (c) && !g_unichar_ispunct (c);
      g_string_append_unichar (out, c);
      n_chars++;
    }

  return words ? g_string_free (g_steal_pointer (&out), FALSE) : NULL;
}

char *
_bobbin_text_snippet (const char *text)
{
  const char *end = text != NULL ? text + strlen (text) : NULL;

  /* Backwards, a line at a time: a long answer costs what its end costs. */
  while (end != NULL && end > text)
    {
      const char *newline = g_strrstr_len (text, end - text, "\n");
      const char *line = newline != NULL ? newline + 1 : text;
      char *clean = clean_line (line, end);

      if (clean != NULL)
        return clean;
      end = newline;
    }

  return NULL;
}

static char *
shorten_name (const char *name)
{
  const char *dot = strrchr (name, '.');
  glong length = g_utf8_strlen (name, -1);
  glong suffix = dot != NULL ? g_utf8_strlen (dot, -1) : 0;
  g_autofree char *head = NULL;

  if (length <= NAME_CHARS)
    return g_strdup (name);
  if (suffix > SUFFIX_CHARS)
    suffix = 0;
  head = g_utf8_substring (name, 0, NAME_CHARS - suffix);

  return g_strconcat (head, suffix > 0 ? dot : NULL, NULL);
}

char *
_bobbin_text_file_name (const char *name)
{
  g_autofree char *valid = g_utf8_make_valid (name != NULL ? name : "", -1);
  g_autoptr(GString) out = g_string_new (NULL);

  /* What lies before the last slash or backslash is somebody's folder. */
  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '/' || c == '\\')
        {
          if (p[1] != '\0')
            g_string_truncate (out, 0);
        }
      else if (!is_unprintable (c))
        g_string_append_unichar (out, c);
    }
  g_strstrip (out->str);
  if (*out->str == '\0' || strcmp (out->str, ".") == 0 || strcmp (out->str, "..") == 0)
    return g_strdup ("file");

  return shorten_name (out->str);
}
