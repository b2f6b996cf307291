/* Text is folded into bytes that can be compared: lower case letters without their marks, one kind of space. Most text is ASCII,
 * which keeps its offsets; only where other letters are among matches is it noted where each byte came from. */
#define G_LOG_DOMAIN "bobbin-util"
#include "config.h"
#include "util/bobbin-needle.h"

#include <string.h>

#define DECOMPOSED_MAX 18 /* characters one character can come apart into */
#define KEEP_MAX       (256 * 1024)

struct _BobbinNeedle
{
  GString *folded;
  GString *hay;     /* folded text, kept for the next one */
};

static gboolean
is_mark (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  return type == G_UNICODE_NON_SPACING_MARK || type == G_UNICODE_ENCLOSING_MARK || c == 0x200d || c == 0xfe0f || c == 0xad;
}

/* (nullable): letters with a stroke or of two, which Unicode does not take apart. */
static const char *
plain_letters (gunichar c)
{
  switch (c)
    {
    case 0xc6:   /* Æ */
    case 0xe6:
      return "ae";
    case 0xd8:   /* Ø */
    case 0xf8:
      return "o";
    case 0xdf:   /* ß */
    case 0x1e9e:
      return "ss";
    case 0x110:  /* Đ */
    case 0x111:
      return "d";
    case 0x126:  /* Ħ */
    case 0x127:
      return "h";
    case 0x131:  /* ı */
      return "i";
    case 0x141:  /* Ł */
    case 0x142:
      return "l";
    case 0x152:  /* Œ */
    case 0x153:
      return "oe";
    default:
      return NULL;
    }
}

static void
append_char (GString  *out,
             gunichar  c)
{
  if (c < 0x80)
    g_string_append_c (out, g_ascii_isspace ((char) c) ? ' ' : g_ascii_tolower ((char) c));
  else if (plain_letters (c) != NULL)
    g_string_append (out, plain_letters (c));
  else if (g_unichar_isspace (c))
    g_string_append_c (out, ' ');
  else if (!is_mark (c))
    g_string_append_unichar (out, g_unichar_tolower (c));
}

void
bobbin_needle_fold_char (GString  *out,
                         gunichar  c)
{
  gunichar parts[DECOMPOSED_MAX];
  gsize n;

  /* Han and kana have neither case nor accents worth the time */
  if (c >= 0x3100 && c < 0xa000)
    {
      g_string_append_unichar (out, c);
      return;
    }

  n = g_unichar_fully_decompose (c, TRUE, parts, DECOMPOSED_MAX);
  for (gsize i = 0; i < n; i++)
    append_char (out, parts[i]);
}

/* Bytes of whole characters, of those that bobbin_needle_fold_char() leaves alone, that begin here. */
static gsize
han_run (const char *p,
         const char *end)
{
  const guchar *b = (const guchar *) p;
  gsize room = (gsize) (end - p);
  gsize n = 0;

  for (; n + 3 <= room; n += 3)
    {
      gunichar c = (gunichar) (b[n] & 0x0f) << 12 | (gunichar) (b[n + 1] & 0x3f) << 6 | (b[n + 2] & 0x3f);

      if ((b[n] & 0xf0) != 0xe0 || (b[n + 1] & 0xc0) != 0x80 || (b[n + 2] & 0xc0) != 0x80 || c < 0x3100 || c >= 0xa000)
        break;
    }

  return n;
}

static char
fold_ascii_char (guchar b)
{
  return (char) (b >= 'A' && b <= 'Z' ? b + 32 : b == '\n' || b == '\t' || b == '\r' || b == 0 ? ' ' : b);
}

#define EACH(byte) (G_GUINT64_CONSTANT (0x0101010101010101) * (byte))

/* Eight letters at a time. FALSE: they are not all ASCII, or there are lines that end, which is left to others. */
static gboolean
fold_eight (char       *to,
            const char *from)
{
  guint64 letters;
  guint64 upper;

  memcpy (&letters, from, sizeof letters);
  if (((letters | (letters - EACH (' '))) & EACH (0x80)) != 0)
    return FALSE;

  upper = (letters + EACH (0x80 - 'A')) & ~(letters + EACH (0x7f - 'Z')) & EACH (0x80);
  letters |= upper >> 2;
  memcpy (to, &letters, sizeof letters);

  return TRUE;
}

/* Bytes of the ASCII that begins here, folded to @to, which has room for all. */
static gsize
fold_ascii (char       *to,
            const char *from,
            const char *end)
{
  const char *p = from;

  while (p < end && (guchar) *p < 0x80)
    {
      if (end - p >= 8 && fold_eight (to, p))
        {
          p += 8;
          to += 8;
          continue;
        }
      *to++ = fold_ascii_char ((guchar) *p++);
    }

  return (gsize) (p - from);
}

/* TRUE when every byte is where it was. @origins (nullable): of guint, for each byte of @out where in @text it came from. */
static gboolean
fold (GString    *out,
      const char *text,
      gsize       length,
      GArray     *origins)
{
  const char *end = text + length;
  gboolean plain = TRUE;

  g_string_set_size (out, 0);
  for (const char *p = text; p < end;)
    {
      guint origin = (guint) (p - text);
      const char *start = p;
      gsize before = out->len;
      gsize n_han = han_run (p, end);
      gunichar c;

      if (n_han > 0)
        {
          g_string_append_len (out, p, (gssize) n_han);
          for (guint i = 0; origins != NULL && i < n_han; i++)
            {
              guint first = origin + i - i % 3;

              g_array_append_val (origins, first);
            }
          p += n_han;
          continue;
        }
      if ((guchar) *p < 0x80)
        {
          const char *run = p;
          gsize n_ascii;

          g_string_set_size (out, before + (gsize) (end - p));
          n_ascii = fold_ascii (out->str + before, p, end);
          g_string_truncate (out, before + n_ascii);
          p += n_ascii;
          for (; origins != NULL && run < p; run++, origin++)
            g_array_append_val (origins, origin);
          continue;
        }

      c = g_utf8_get_char_validated (p, end - p);
      if (c == (gunichar) -1 || c == (gunichar) -2)
        c = 0xfffd, p++;
      else
        p = g_utf8_next_char (p);
      bobbin_needle_fold_char (out, c);
      plain = plain && out->len - before == (gsize) (p - start) && memcmp (out->str + before, start, out->len - before) == 0;
      while (origins != NULL && origins->len < out->len)
        g_array_append_val (origins, origin);
    }

  return plain;
}

BobbinNeedle *
bobbin_needle_new (const char *text)
{
  g_autoptr(GString) folded = g_string_new (NULL);
  BobbinNeedle *self;

  g_return_val_if_fail (text != NULL, NULL);

  fold (folded, text, strlen (text), NULL);
  if (folded->len == 0)
    return NULL;

  self = g_new0 (BobbinNeedle, 1);
  self->folded = g_steal_pointer (&folded);
  self->hay = g_string_new (NULL);

  return self;
}

void
bobbin_needle_free (BobbinNeedle *self)
{
  if (self == NULL)
    return;

  g_string_free (self->folded, TRUE);
  g_string_free (self->hay, TRUE);
  g_free (self);
}

/* A single long text does not keep its room. */
static void
trim (BobbinNeedle *self)
{
  if (self->hay->allocated_len <= KEEP_MAX)
    return;

  g_string_free (self->hay, TRUE);
  self->hay = g_string_new (NULL);
}

guint
bobbin_needle_count (BobbinNeedle *self,
                     const char   *text,
                     gsize         length)
{
  guint n = 0;

  fold (self->hay, text, length, NULL);
  for (const char *p = self->hay->str; (p = strstr (p, self->folded->str)) != NULL; p += self->folded->len)
    n++;
  trim (self);

  return n;
}

guint
bobbin_needle_find (BobbinNeedle *self,
                    const char   *text,
                    gsize         length,
                    guint         max,
                    GArray       *ranges)
{
  g_autoptr(GArray) origins = NULL;
  guint n = 0;

  if (!fold (self->hay, text, length, NULL) && strstr (self->hay->str, self->folded->str) != NULL)
    {
      origins = g_array_new (FALSE, FALSE, sizeof (guint));
      fold (self->hay, text, length, origins);
    }
  for (const char *p = self->hay->str; n < max && (p = strstr (p, self->folded->str)) != NULL; p += self->folded->len, n++)
    {
      gsize at = (gsize) (p - self->hay->str);
      gsize end = at + self->folded->len;
      BobbinRange range = { at, end };

      if (origins != NULL)
        {
          range.start = g_array_index (origins, guint, at);
          range.end = end < origins->len ? g_array_index (origins, guint, end) : length;
          /* part of what one character came apart into was meant: the character */
          if (range.end <= range.start)
            range.end = (gsize) (g_utf8_next_char (text + range.start) - text);
        }
      g_array_append_val (ranges, range);
    }
  trim (self);

  return n;
}
