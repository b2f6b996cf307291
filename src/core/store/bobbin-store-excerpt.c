/* The line that is shown of a text in which words were found. */
#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-index.h"

#include <string.h>

#define LEAD_CHARS    48   /* shown before the first match */
#define EXCERPT_CHARS 200
#define MAX_RANGES    400  /* of one term */
#define MARK_OPEN     0xe000
#define MARK_CLOSE    0xe001

typedef struct
{
  gsize start;
  gsize end;
  guint term;
  guint quality;  /* 2: a whole word, 1: the beginning of one, 0: within */
} Match;

gboolean
_bobbin_excerpt_matches (GPtrArray  *terms,
                         const char *text,
                         gsize       length)
{
  for (guint i = 0; i < terms->len; i++)
    {
      const BobbinSearchTerm *term = g_ptr_array_index (terms, i);

      if (term->needle == NULL || bobbin_needle_count (term->needle, text, length) == 0)
        return FALSE;
    }

  return terms->len > 0;
}

static gboolean
is_letter_before (const char *text,
                  gsize       at)
{
  gunichar c;

  if (at == 0)
    return FALSE;

  c = g_utf8_get_char (g_utf8_prev_char (text + at));
  return g_unichar_isalnum (c) && !_bobbin_fold_is_joined (c);
}

static gboolean
is_letter_at (const char *text,
              gsize       length,
              gsize       at)
{
  gunichar c;

  if (at >= length)
    return FALSE;

  c = g_utf8_get_char (text + at);
  return g_unichar_isalnum (c) && !_bobbin_fold_is_joined (c);
}

static void
add_matches (GArray       *matches,
             BobbinNeedle *needle,
             guint         term,
             const char   *text,
             gsize         length)
{
  g_autoptr(GArray) ranges = g_array_new (FALSE, FALSE, sizeof (BobbinRange));

  bobbin_needle_find (needle, text, length, MAX_RANGES, ranges);
  for (guint i = 0; i < ranges->len; i++)
    {
      BobbinRange range = g_array_index (ranges, BobbinRange, i);
      Match match = { range.start, range.end, term, 0 };

      if (!is_letter_before (text, range.start))
        match.quality = is_letter_at (text, length, range.end) ? 1 : 2;
      g_array_append_val (matches, match);
    }
}

static int
compare_matches (gconstpointer a,
                 gconstpointer b)
{
  const Match *first = a, *second = b;

  return first->start < second->start ? -1 : first->start > second->start ? 1 : 0;
}

static GArray *
find_matches (GPtrArray  *terms,
              const char *text,
              gsize       length)
{
  GArray *matches = g_array_new (FALSE, FALSE, sizeof (Match));
  guint n_parts = 0;

  for (guint i = 0; i < terms->len; i++)
    {
      const BobbinSearchTerm *term = g_ptr_array_index (terms, i);
      guint before = matches->len;

      if (term->needle != NULL)
        add_matches (matches, term->needle, i, text, length);
      if (matches->len > before)
        continue;
      for (guint j = 0; j < term->parts->len; j++)
        add_matches (matches, g_ptr_array_index (term->parts, j), terms->len + n_parts++, text, length);
    }
  g_array_sort (matches, compare_matches);

  return matches;
}

static const char *
line_end (const char *text,
          gsize       length,
          gsize       from)
{
  const char *end = memchr (text + from, '\n', length - from);

  return end != NULL ? end : text + length;
}

/* The number of the match that the line to show begins with: most terms, then the best of their places. */
static guint
choose (GArray     *matches,
        const char *text,
        gsize       length)
{
  guint best = 0, best_score = 0;

  for (guint i = 0; i < matches->len;)
    {
      gsize end = (gsize) (line_end (text, length, g_array_index (matches, Match, i).start) - text);
      guint quality[64] = { 0 };
      guint score = 0;
      guint first = i;

      for (; i < matches->len && g_array_index (matches, Match, i).start <= end; i++)
        {
          const Match *match = &g_array_index (matches, Match, i);

          quality[match->term % 64] = MAX (quality[match->term % 64], match->quality + 1);
        }
      for (guint j = 0; j < G_N_ELEMENTS (quality); j++)
        score += quality[j] > 0 ? 16 + quality[j] : 0;
      if (score > best_score)
        {
          best_score = score;
          best = first;
        }
    }

  return best;
}

static const char *
excerpt_start (const char *text,
               const char *match,
               gboolean   *ret_cut)
{
  const char *p = match;

  for (int n = 0; n < LEAD_CHARS && p > text; n++)
    {
      const char *previous = g_utf8_prev_char (p);

      if (*previous == '\n')
        {
          *ret_cut = FALSE;
          return p;
        }
      p = previous;
    }
  *ret_cut = p > text;

  return p;
}

/* Of Markdown: what is told by looks. */
static gboolean
is_decoration (gunichar c)
{
  return c == '*' || c == '`' || c == '#' || c == '>' || c == '|' || c == '~';
}

typedef struct
{
  GString  *out;
  gboolean  open;
  gboolean  space;
  gboolean  prose;
  int       n_chars;
} Writer;

static void
set_open (Writer   *writer,
          gboolean  open)
{
  if (writer->open == open)
    return;

  if (open && writer->space && writer->n_chars > 0)
    g_string_append_c (writer->out, ' ');
  if (open)
    writer->space = FALSE;
  writer->open = open;
  g_string_append_unichar (writer->out, open ? MARK_OPEN : MARK_CLOSE);
}

static void
write_char (Writer   *writer,
            gunichar  c)
{
  if (g_unichar_isspace (c))
    {
      writer->space = TRUE;
      return;
    }
  if (c == MARK_OPEN || c == MARK_CLOSE || g_unichar_iscntrl (c) || (writer->prose && !writer->open && is_decoration (c)))
    return;
  if (writer->space && writer->n_chars > 0)
    g_string_append_c (writer->out, ' ');
  writer->space = FALSE;
  g_string_append_unichar (writer->out, c);
  writer->n_chars++;
}

static guint
count_before (GArray     *matches,
              guint       next,
              const char *text)
{
  const Match *match = next < matches->len ? &g_array_index (matches, Match, next) : NULL;
  g_autofree char *words = match != NULL ? g_strndup (text + match->start, match->end - match->start) : NULL;
  g_autoptr(BobbinNeedle) needle = words != NULL ? bobbin_needle_new (words) : NULL;

  return needle != NULL ? bobbin_needle_count (needle, text, match->start) : 0;
}

/* @next: the first match that is not yet over. */
static gboolean
is_inside (GArray *matches,
           guint  *next,
           gsize   at)
{
  while (*next < matches->len && g_array_index (matches, Match, *next).end <= at)
    (*next)++;
  for (guint i = *next; i < matches->len && g_array_index (matches, Match, i).start <= at; i++)
    if (at < g_array_index (matches, Match, i).end)
      return TRUE;

  return FALSE;
}

char *
_bobbin_excerpt_new (GPtrArray  *terms,
                     const char *text,
                     gsize       length,
                     gboolean    is_prose,
                     guint      *ret_nth)
{
  g_autoptr(GArray) matches = find_matches (terms, text, length);
  g_autoptr(GString) out = g_string_new (NULL);
  Writer writer = { .out = out, .prose = is_prose };
  guint next = matches->len > 0 ? choose (matches, text, length) : 0;
  const char *end = text + length;
  const char *p;
  gboolean cut = FALSE;

  *ret_nth = count_before (matches, next, text);
  p = excerpt_start (text, matches->len > 0 ? text + g_array_index (matches, Match, next).start : text, &cut);
  if (matches->len == 0)
    while (p < end && g_ascii_isspace (*p))
      p++;
  if (cut)
    g_string_append (out, "…");
  for (; p < end && writer.n_chars < EXCERPT_CHARS; p = g_utf8_next_char (p))
    {
      gboolean inside = is_inside (matches, &next, (gsize) (p - text));

      set_open (&writer, inside);
      /* A phrase goes on to the next line. */
      if (*p == '\n' && !inside)
        break;
      write_char (&writer, g_utf8_get_char (p));
    }
  set_open (&writer, FALSE);
  if (p < end && *p != '\n')
    g_string_append (out, "…");

  return g_string_free (g_steal_pointer (&out), FALSE);
}
