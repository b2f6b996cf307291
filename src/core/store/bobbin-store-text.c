#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-private.h"

#include <string.h>

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
