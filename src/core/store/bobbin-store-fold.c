/* Text as the full-text tables get it, and as they are asked: letters folded as bobbin-needle.h compares them, so that what the
 * index finds and what finding in one conversation finds are the same, on every version of SQLite.
 *
 * Words. Scripts that put no space between words (Chinese, Japanese, Thai…) and Korean, whose words carry endings, are taken
 * apart into pairs of neighbours: 北京烤鸭 becomes "北京 京烤 烤鸭 鸭". A run of two or more is then a phrase of pairs, a
 * single character the beginning of one, and both are answered without reading any text. A symbol is a word of its own.
 *
 * Grams. For runs of three letters, which find parts of words and code: the same without those scripts. */
#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-index.h"

#include <string.h>

#define MAX_GRAM_BYTES (256 * 1024)

typedef struct { gunichar first; gunichar last; } Range;

static const Range joined[] = {
  { 0x0e01, 0x0edf }, { 0x1000, 0x109f }, { 0x1780, 0x17d3 }, { 0x2e80, 0x2fdf }, { 0x3005, 0x3007 }, { 0x3021, 0x3035 },
  { 0x3041, 0x309f }, { 0x30a1, 0x30fa }, { 0x30fc, 0x30ff }, { 0x3105, 0x318f }, { 0x31a0, 0x31ff }, { 0x3400, 0x4dbf },
  { 0x4e00, 0xa4cf }, { 0xac00, 0xd7a3 }, { 0xf900, 0xfaff }, { 0xff66, 0xff9f }, { 0x20000, 0x3ffff },
};

gboolean
_bobbin_fold_is_joined (gunichar c)
{
  guint low = 0, high = G_N_ELEMENTS (joined);

  if (c < joined[0].first)
    return FALSE;
  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (c > joined[middle].last)
        low = middle + 1;
      else
        high = middle;
    }

  return low < G_N_ELEMENTS (joined) && c >= joined[low].first;
}

/* Symbols that stand for something: emoji, arrows, ✓. */
gboolean
_bobbin_fold_is_symbol (gunichar c)
{
  return c >= 0x80 && g_unichar_type (c) == G_UNICODE_OTHER_SYMBOL;
}

static gboolean
is_jamo (gunichar c)
{
  return c >= 0x1100 && c <= 0x11ff;
}

/* A syllable stays whole: its letters apart would be runs of their own. */
static void
fold_joined (GString  *scratch,
             gunichar  c)
{
  g_string_truncate (scratch, 0);
  if (c >= 0xac00 && c <= 0xd7a3)
    g_string_append_unichar (scratch, c);
  else
    bobbin_needle_fold_char (scratch, c);
}

static void
separate (GString *out)
{
  if (out->len > 0 && out->str[out->len - 1] != ' ')
    g_string_append_c (out, ' ');
}

static void
flush_run (GString  *out,
           GArray   *run,
           gboolean  open)
{
  if (run->len == 0)
    return;

  separate (out);
  for (guint i = 0; i + 1 < run->len; i++)
    {
      g_string_append_unichar (out, g_array_index (run, gunichar, i));
      g_string_append_unichar (out, g_array_index (run, gunichar, i + 1));
      g_string_append_c (out, ' ');
    }
  if (!open || run->len == 1)
    {
      g_string_append_unichar (out, g_array_index (run, gunichar, run->len - 1));
      g_string_append_c (out, ' ');
    }
  g_array_set_size (run, 0);
}

/* Letters of one kind in a row, at once. */
static const char *
append_ascii (GString    *out,
              const char *p,
              const char *end)
{
  const char *start = p;
  gsize at = out->len;

  while (p < end && (guchar) *p < 0x80)
    p++;
  g_string_append_len (out, start, p - start);
  for (gsize i = at; i < out->len; i++)
    {
      char c = out->str[i];

      out->str[i] = g_ascii_isspace (c) || c == '\0' ? ' ' : g_ascii_tolower (c);
    }

  return p;
}

/* (nullable): @text with its Korean letters put together to syllables, when they are apart. */
static char *
compose (const char *text,
         gsize       length)
{
  /* U+1100 to U+11FF are E1 84 to E1 87. */
  for (const char *p = text; (p = memchr (p, 0xe1, length - (gsize) (p - text))) != NULL; p++)
    if ((guchar) p[1] >= 0x84 && (guchar) p[1] <= 0x87)
      return g_utf8_normalize (text, (gssize) length, G_NORMALIZE_NFC);

  return NULL;
}

static GString *
fold (const char *text,
      gsize       length,
      gboolean    words,
      gboolean    open,
      gboolean   *ret_single)
{
  g_autofree char *composed = compose (text, length);
  const char *p = composed != NULL ? composed : text;
  const char *end = composed != NULL ? composed + strlen (composed) : text + length;
  g_autoptr(GArray) run = g_array_new (FALSE, FALSE, sizeof (gunichar));
  g_autoptr(GString) scratch = g_string_new (NULL);
  GString *out = g_string_sized_new (length + 16);

  while (p < end)
    {
      gunichar c;

      if ((guchar) *p < 0x80)
        {
          flush_run (out, run, FALSE);
          p = append_ascii (out, p, end);
          continue;
        }

      c = g_utf8_get_char_validated (p, end - p);
      if (c == (gunichar) -1 || c == (gunichar) -2)
        c = 0xfffd, p++;
      else
        p = g_utf8_next_char (p);
      if (_bobbin_fold_is_joined (c) || is_jamo (c))
        {
          fold_joined (scratch, c);
          for (const char *q = scratch->str; words && *q != '\0'; q = g_utf8_next_char (q))
            {
              gunichar folded = g_utf8_get_char (q);

              g_array_append_val (run, folded);
            }
          if (!words)
            separate (out);
          continue;
        }

      flush_run (out, run, FALSE);
      if (words && _bobbin_fold_is_symbol (c))
        separate (out);
      bobbin_needle_fold_char (out, c);
      if (words && _bobbin_fold_is_symbol (c))
        separate (out);
    }

  if (ret_single != NULL)
    *ret_single = run->len == 1;
  flush_run (out, run, open);

  return out;
}

GString *
_bobbin_fold_words (const char *text,
                    gsize       length)
{
  return fold (text, length, TRUE, FALSE, NULL);
}

GString *
_bobbin_fold_grams (const char *text,
                    gsize       length)
{
  return fold (text, MIN (length, MAX_GRAM_BYTES), FALSE, FALSE, NULL);
}

char *
_bobbin_fold_asked (const char *text,
                    gboolean   *ret_single)
{
  return g_string_free (fold (text, strlen (text), TRUE, TRUE, ret_single), FALSE);
}
