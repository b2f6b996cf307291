#define G_LOG_DOMAIN "bobbin-util"
#include "config.h"
#include "util/bobbin-text.h"

#include <string.h>

#define ELLIPSIS "…"
#define FIRST_STRONG_ISOLATE "\u2068"
#define POP_ISOLATE "\u2069"
#define ZERO_WIDTH_JOINER 0x200d

char *
bobbin_text_make_valid (const char *bytes,
                        gssize      length)
{
  return g_utf8_make_valid (bytes, length);
}

static gboolean
is_regional_indicator (gunichar c)
{
  return c >= 0x1f1e6 && c <= 0x1f1ff;
}

/* Whether @c belongs to the character before it. Pango knows exactly; the core has no Pango, and a title may do with this. */
static gboolean
extends (gunichar previous,
         gunichar c,
         guint    n_indicators)
{
  if (previous == ZERO_WIDTH_JOINER || c == ZERO_WIDTH_JOINER)
    return TRUE;
  if (is_regional_indicator (c))
    return n_indicators % 2 == 1; /* two make a flag */
  if ((c >= 0x1f3fb && c <= 0x1f3ff) || (c >= 0xe0020 && c <= 0xe007f))
    return TRUE; /* colours of skin, tags of flags */

  return g_unichar_ismark (c) || g_unichar_iszerowidth (c);
}

char *
bobbin_text_truncate (const char *text,
                      guint       max)
{
  g_autofree char *valid = bobbin_text_make_valid (text, -1);
  const char *cut = valid;
  const char *p = valid;
  gunichar previous = 0;
  guint n_indicators = 0;
  guint n = 0;

  /* @cut is the last place where one character ends and another begins, with room left for the ellipsis. */
  for (; *p != '\0' && n < max; p = g_utf8_next_char (p), n++)
    {
      gunichar c = g_utf8_get_char (p);

      if (!extends (previous, c, n_indicators))
        cut = p;
      n_indicators = is_regional_indicator (c) ? n_indicators + 1 : 0;
      previous = c;
    }
  if (*p == '\0')
    return g_steal_pointer (&valid);
  if (max == 0)
    return g_strdup ("");

  while (cut > valid && cut[-1] == ' ')
    cut--;

  return g_strdup_printf ("%.*s" ELLIPSIS, (int) (cut - valid), valid);
}

/* Copies @text with white space runs as one space; leaves out what @drop tells. */
static char *
squeeze (const char *text,
         gboolean  (*drop) (gunichar c))
{
  g_autofree char *valid = bobbin_text_make_valid (text, -1);
  g_autoptr(GString) out = g_string_sized_new (strlen (valid));
  gboolean space = FALSE;

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isspace (c) || c == '\v' || c == 0x85 || c == 0x2028 || c == 0x2029)
        {
          space = out->len > 0;
          continue;
        }
      if (drop != NULL && drop (c))
        continue;
      if (space)
        g_string_append_c (out, ' ');
      space = FALSE;
      g_string_append_unichar (out, c);
    }

  return g_string_free (g_steal_pointer (&out), FALSE);
}

char *
bobbin_text_one_line (const char *text)
{
  return squeeze (text, NULL);
}

gboolean
bobbin_text_is_unfit (gunichar c)
{
  return c < 0x20 || (c >= 0x7f && c <= 0x9f) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
         c == 0xfeff || c == 0xe0001;
}

char *
bobbin_text_clean_name (const char *text)
{
  return squeeze (text, bobbin_text_is_unfit);
}

char *
bobbin_text_isolate (const char *text)
{
  g_autofree char *valid = bobbin_text_make_valid (text, -1);

  return g_strconcat (FIRST_STRONG_ISOLATE, valid, POP_ISOLATE, NULL);
}

char *
bobbin_text_size (gint64 bytes)
{
  return g_format_size_full (bytes > 0 ? (guint64) bytes : 0, G_FORMAT_SIZE_IEC_UNITS);
}
