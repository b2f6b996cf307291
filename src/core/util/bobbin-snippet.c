#define G_LOG_DOMAIN "bobbin-util"
#include "config.h"
#include "util/bobbin-snippet.h"

#include <string.h>

#define MAX_CHARS 160

typedef struct
{
  const char *start; /* NULL: none */
  const char *end;
} Piece;

/* The text is gone through once, a line at a time; the last piece of each kind stays. */
typedef struct
{
  Piece    prose;    /* a paragraph, or the item of a list */
  Piece    heading;
  Piece    other;    /* the first line of a piece of code or of a table */
  char     fence;    /* within code or mathematics, with what it ends; 0: without */
  gsize    n_fence;
  gboolean in_prose;
  gboolean in_other;
  gboolean in_note;  /* a footnote, or the address of a link */
} Scan;

static gboolean
is_blank (const char *p,
          const char *end)
{
  while (p < end && g_ascii_isspace (*p))
    p++;

  return p == end;
}

static gsize
count_run (const char *p,
           const char *end,
           char        c)
{
  const char *start = p;

  while (p < end && *p == c)
    p++;

  return (gsize) (p - start);
}

/* Characters that reorder what stands around them: harmless in a text, misleading in a list. */
static gboolean
is_unprintable (gunichar c)
{
  return g_unichar_iscntrl (c) || c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069) || c == 0x2028 || c == 0x2029 || c == 0xfeff;
}

static gboolean
says_something (gunichar c)
{
  return g_unichar_isalnum (c) || c == '?' || c == '!' || g_unichar_type (c) == G_UNICODE_OTHER_SYMBOL;
}

static gboolean
has_words (const char *p,
           const char *end)
{
  for (; p < end; p = g_utf8_next_char (p))
    if (says_something (g_utf8_get_char (p)))
      return TRUE;

  return FALSE;
}

/* Behind the marker of a list item at @p; @p itself without one. */
static const char *
skip_item (const char *p,
           const char *end)
{
  const char *marker = p;

  if (p < end && strchr ("-*+", *p) != NULL)
    {
      p++;
    }
  else
    {
      while (p < end && g_ascii_isdigit (*p) && p - marker < 9)
        p++;
      if (p == marker || p == end || (*p != '.' && *p != ')'))
        return marker;
      p++;
    }
  if (p == end || (*p != ' ' && *p != '\t'))
    return marker;
  if (end - p >= 5 && p[1] == '[' && strchr (" xX", p[2]) != NULL && p[3] == ']' && p[4] == ' ')
    p += 4;

  return p;
}

/* Behind the blanks and the marks of a quotation at the beginning of a line. */
static const char *
skip_quote (const char *p,
            const char *end)
{
  while (p < end && (*p == '>' || *p == ' ' || *p == '\t' || *p == '\r'))
    p++;

  return p;
}

/* Cleaning */

/* The words of "[words](address)" and "![words](address)" at @p, or nothing for "[^1]". Returns where to go on; @p: it is no
 * link. The words are gone through as what follows, up to @ret_close, from which on @ret_after is to be gone to. */
static const char *
enter_link (const char  *p,
            const char  *end,
            const char **ret_close,
            const char **ret_after)
{
  const char *words = *p == '!' ? p + 1 : p;
  const char *close;
  const char *after;

  if (words == end || *words != '[')
    return p;
  close = memchr (words, ']', (gsize) (end - words));
  if (close == NULL)
    return p;
  if (words[1] == '^')
    return close + 1;
  if (close + 1 == end || close[1] != '(')
    return p;
  after = memchr (close, ')', (gsize) (end - close));
  if (after == NULL)
    return p;

  *ret_close = close;
  *ret_after = after + 1;
  return words + 1;
}

static gboolean
is_around_blanks (const char *start,
                  const char *p,
                  const char *end)
{
  return p > start && g_ascii_isspace (p[-1]) && p + 1 < end && g_ascii_isspace (p[1]);
}

/* A mark of Markdown at @p that says nothing; a star between blanks and a line within a name are meant as they are. */
static gsize
count_mark (const char *start,
            const char *p,
            const char *end)
{
  gsize n = count_run (p, end, *p);

  switch (*p)
    {
    case '`':
      return n;
    case '*':
      return n == 1 && is_around_blanks (start, p, end) ? 0 : n;
    case '_':
      return p == start || g_ascii_isspace (p[-1]) || p + n == end || !g_ascii_isalnum (p[n]) ? n : 0;
    case '~':
      return n == 2 ? n : 0;
    case '\\':
      return p + 1 < end && g_ascii_ispunct (p[1]) ? 1 : 0;
    default:
      return 0;
    }
}

/* What stands at @p in Markdown and is not to be read. Returns where to go on; @p: it is to be read. */
static const char *
skip_marks (const Piece  *piece,
            const char   *p,
            const char  **close,
            const char  **after)
{
  if (p == *close)
    return *after;
  if (*p == '[' || *p == '!')
    return enter_link (p, piece->end, close, after);

  return p + count_mark (piece->start, p, piece->end);
}

/* (nullable) (transfer full): @piece in one line; NULL when no words are left. @plain: it is no Markdown, but for the bars of a
 * table. */
static char *
clean (const Piece *piece,
       gboolean     plain)
{
  g_autoptr(GString) out = g_string_new (NULL);
  const char *p = piece->start;
  const char *end = piece->end;
  const char *close = NULL;
  const char *after = NULL;
  gboolean is_row = plain && *p == '|';
  gboolean space = FALSE;

  for (guint n_chars = 0; p < end && n_chars < MAX_CHARS;)
    {
      const char *words = plain ? p : skip_marks (piece, p, &close, &after);
      gboolean escape = words == p + 1 && *p == '\\';
      gunichar c;

      if (words != p && !escape)
        {
          p = words;
          continue;
        }
      p = words;
      c = g_utf8_get_char (p);
      p = g_utf8_next_char (p);
      if (g_unichar_isspace (c) || (is_row && c == '|'))
        {
          space = out->len > 0;
          if (c == '\n')
            p = skip_quote (p, end);
          continue;
        }
      if (is_unprintable (c))
        continue;
      if (space && n_chars + 1 == MAX_CHARS)
        break;
      if (space)
        g_string_append_c (out, ' ');
      n_chars += 1 + (space != FALSE);
      space = FALSE;
      g_string_append_unichar (out, c);
    }

  return has_words (out->str, out->str + out->len) ? g_string_free (g_steal_pointer (&out), FALSE) : NULL;
}

/* Going through */

static void
note_other (Scan       *scan,
            const char *p,
            const char *end)
{
  scan->in_prose = FALSE;
  if (scan->in_other || !has_words (p, end))
    return;

  scan->other = (Piece) { p, end };
  scan->in_other = TRUE;
}

/* TRUE: the line belongs to code or to mathematics that stands apart. */
static gboolean
take_fenced (Scan       *scan,
             const char *p,
             const char *end)
{
  gsize n = p < end ? count_run (p, end, *p) : 0;

  if (scan->fence != '\0')
    {
      if (p < end && *p == scan->fence && n >= scan->n_fence && is_blank (p + n, end))
        scan->fence = '\0';
      else
        note_other (scan, p, end);
      return TRUE;
    }
  if (p == end || !(((*p == '`' || *p == '~') && n >= 3) || (*p == '$' && n == 2 && is_blank (p + n, end))))
    return FALSE;

  scan->fence = *p;
  scan->n_fence = n;
  scan->in_prose = scan->in_other = FALSE;
  return TRUE;
}

/* "[1]: address", "[^1]: words", and what stands below, set in. */
static gboolean
take_note (Scan       *scan,
           const char *p,
           const char *end,
           gsize       indent)
{
  const char *close = p < end && *p == '[' ? memchr (p, ']', (gsize) (end - p)) : NULL;

  if (close != NULL && close + 1 < end && close[1] == ':')
    scan->in_note = TRUE;
  else if (!scan->in_note || indent < 2)
    scan->in_note = FALSE;

  scan->in_prose &= !scan->in_note;
  return scan->in_note;
}

static void
take_prose (Scan       *scan,
            const char *p,
            const char *end)
{
  const char *item = skip_item (p, end);
  gsize n_hash = count_run (p, end, '#');

  if (n_hash >= 1 && n_hash <= 6 && p + n_hash < end && p[n_hash] == ' ')
    {
      scan->heading = (Piece) { p + n_hash, end };
      scan->in_prose = FALSE;
    }
  else if (!has_words (p, end))
    {
      scan->in_prose = FALSE;
    }
  else if (scan->in_prose && item == p)
    {
      scan->prose.end = end;
    }
  else
    {
      scan->prose = (Piece) { item, end };
      scan->in_prose = TRUE;
    }
}

static void
take_line (Scan       *scan,
           const char *line,
           const char *end)
{
  const char *p = skip_quote (line, end);

  if (take_fenced (scan, p, end))
    return;
  if (is_blank (p, end))
    {
      scan->in_prose = scan->in_other = FALSE;
      return;
    }
  if (*p == '|')
    {
      note_other (scan, p, end);
      return;
    }
  scan->in_other = FALSE;
  if (!take_note (scan, p, end, (gsize) (p - line)))
    take_prose (scan, p, end);
}

char *
bobbin_snippet_new (const char *text)
{
  const char *end = text != NULL ? text + strlen (text) : NULL;
  Scan scan = { .fence = '\0' };
  const Piece *const pieces[] = { &scan.prose, &scan.heading, &scan.other };

  for (const char *line = text; line != NULL && line < end;)
    {
      const char *newline = memchr (line, '\n', (gsize) (end - line));
      const char *line_end = newline != NULL ? newline : end;

      take_line (&scan, line, line_end);
      line = newline != NULL ? newline + 1 : end;
    }

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      char *words = pieces[i]->start != NULL ? clean (pieces[i], pieces[i] == &scan.other) : NULL;

      if (words != NULL)
        return words;
    }

  return NULL;
}
