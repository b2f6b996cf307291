/* Half-open inline constructs, by a scan much simpler than the grammar: it only has to guess what the writer is about to close,
 * and where nothing is open. */
#define G_LOG_DOMAIN "bobbin-markup"

#include "config.h"

#include "markup/bobbin-markup-private.h"

#include <string.h>

#define OPEN_MAX  32
#define REACH_ONE 240  /* bytes after which a single mark that nobody closed is taken for text */
#define REACH_TWO 1200
#define BACK_MAX  64   /* bytes looked back for a place between two characters */

typedef struct
{
  char  mark;   /* '*' '_' '~' '[' '!' (image) '(' (address) */
  gsize length;
  gsize at;
} Opener;

typedef struct
{
  Opener open[OPEN_MAX];
  guint  n;
  gsize  code_at;     /* start of a code span that is not closed; G_MAXSIZE: none */
  gsize  code_length;
  gsize  closed_at;   /* the last bracket that closed a pair; G_MAXSIZE: none */
} Scan;

static gsize
run_length (const char *text,
            gsize       at,
            gsize       to)
{
  gsize n = 1;

  while (at + n < to && text[at + n] == text[at])
    n++;

  return n;
}

/* The run of exactly @length backticks in [from, to); @to when there is none. */
static gsize
find_ticks (const char *text,
            gsize       from,
            gsize       to,
            gsize       length)
{
  while (from < to)
    {
      const char *tick = memchr (text + from, '`', to - from);
      gsize n;

      if (tick == NULL)
        return to;
      from = tick - text;
      n = run_length (text, from, to);
      if (n == length)
        return from;
      from += n;
    }

  return to;
}

static gboolean
is_word (char c)
{
  return g_ascii_isalnum (c);
}

static void
scan_push (Scan *scan,
           char  mark,
           gsize length,
           gsize at)
{
  if (scan->n < OPEN_MAX)
    scan->open[scan->n++] = (Opener) { mark, length, at };
}

/* A run of * _ or ~ at @at: closes what is open, or opens. */
static void
scan_emphasis (Scan       *scan,
               const char *text,
               gsize       from,
               gsize       at,
               gsize       length,
               gsize       to)
{
  char mark = text[at];
  char before = at > from ? text[at - 1] : ' ';
  char after = at + length < to ? text[at + length] : ' ';
  gboolean can_open = !g_ascii_isspace (after);
  gboolean can_close = !g_ascii_isspace (before);

  if (mark == '~' && length != 2)
    return;
  if (mark == '_')
    {
      can_open = can_open && !is_word (before);
      can_close = can_close && !is_word (after);
    }
  if (mark == '*' && length == 1 && is_word (before) && is_word (after))
    can_open = FALSE; /* 2*3 */

  for (guint i = scan->n; can_close && i > 0 && length > 0; i--)
    {
      Opener *opener = &scan->open[i - 1];
      gsize n = MIN (opener->length, length);

      if (opener->mark != mark)
        continue;
      opener->length -= n;
      length -= n;
      scan->n = opener->length == 0 ? i - 1 : i;
    }
  if (length > 0 && can_open)
    scan_push (scan, mark, MIN (length, 3), at);
}

static gboolean
scan_close_bracket (Scan *scan)
{
  for (guint i = scan->n; i > 0; i--)
    if (scan->open[i - 1].mark == '[' || scan->open[i - 1].mark == '!')
      {
        scan->n = i - 1;
        return TRUE;
      }

  return FALSE;
}

/* Takes the character at @i; returns where the next one is. */
static gsize
scan_step (Scan       *scan,
           const char *text,
           gsize       from,
           gsize       i,
           gsize       to)
{
  gsize n;

  switch (text[i])
    {
    case '\\':
      return i + 2;
    case '`':
      n = run_length (text, i, to);
      if (find_ticks (text, i + n, to, n) == to)
        {
          scan->code_at = i;
          scan->code_length = n;
          return to;
        }
      return find_ticks (text, i + n, to, n) + n;
    case '*':
    case '_':
    case '~':
      n = run_length (text, i, to);
      scan_emphasis (scan, text, from, i, n, to);
      return i + n;
    case '!':
      if (i + 1 < to && text[i + 1] == '[')
        {
          scan_push (scan, '!', 1, i);
          return i + 2;
        }
      return i + 1;
    case '[':
      scan_push (scan, '[', 1, i);
      return i + 1;
    case ']':
      if (!scan_close_bracket (scan))
        return i + 1;
      scan->closed_at = i;
      if (i + 1 == to && scan->open[scan->n].mark == '!')
        scan->n++; /* its address is still to come */
      if (i + 1 < to && text[i + 1] == '(')
        {
          Opener opened = scan->open[scan->n];
          const char *end = memchr (text + i, ')', to - i);

          if (end != NULL)
            return end - text + 1;
          opened.length = i; /* the address is being written */
          opened.mark = opened.mark == '!' ? '!' : '(';
          scan->open[scan->n++] = opened;
          return to;
        }
      return i + 1;
    default:
      return i + 1;
    }
}

/* Marks at the very end may still grow, and space there keeps a mark from closing. */
static gsize
trim_end (const char *text,
          gsize       from,
          gsize       to)
{
  gsize end = to;

  while (end > from && strchr (" \t\r\n", text[end - 1]) != NULL)
    end--;
  while (end > from && strchr ("*_~`\\", text[end - 1]) != NULL)
    end--;
  while (end > from && strchr (" \t\r\n", text[end - 1]) != NULL)
    end--;

  return end;
}

/* A title that is being written: its quote has to be closed too. */
static const char *
title_quote (const char *text,
             gsize       from,
             gsize       to)
{
  const char *quote = memchr (text + from, '"', to - from);

  if (quote == NULL)
    return "";

  return memchr (quote + 1, '"', text + to - quote - 1) == NULL ? "\"" : "";
}

static gboolean
has_marks (const char *text,
           gsize       from,
           gsize       to)
{
  for (gsize i = from; i < to; i++)
    if (strchr ("*_~`[&\\", text[i]) != NULL && text[i] != '\0')
      return TRUE;

  return FALSE;
}

/* "&am": an entity that is being written is not shown yet. */
static gsize
trim_entity (const char *text,
             gsize       from,
             gsize       to)
{
  gsize i = to;

  while (i > from && to - i < 9 && (g_ascii_isalnum (text[i - 1]) || text[i - 1] == '#'))
    i--;
  if (i > from && text[i - 1] == '&')
    return i - 1;

  return to;
}

static void
append_closer (GString      *suffix,
               const Opener *opener,
               const char   *text,
               gsize         to,
               gsize        *ret_to)
{
  switch (opener->mark)
    {
    case '[':
      if (to - opener->at < REACH_TWO)
        g_string_append (suffix, "]()");
      break;
    case '(':
      if (text[to - 1] == '<')
        *ret_to = to - 1;
      g_string_append_printf (suffix, "%s)", title_quote (text, opener->length, to));
      break;
    case '*':
    case '_':
    case '~':
      if (to - opener->at < (opener->length == 1 ? REACH_ONE : REACH_TWO))
        for (gsize i = 0; i < opener->length; i++)
          g_string_append_c (suffix, opener->mark);
      break;
    default:
      break;
    }
}

char *
_bobbin_markup_inline_close (const char *text,
                             gsize       from,
                             gsize       to,
                             gsize      *ret_to)
{
  Scan scan = { .n = 0, .code_at = G_MAXSIZE, .closed_at = G_MAXSIZE };
  GString *suffix;
  gsize end;

  *ret_to = to;
  if (!has_marks (text, from, to))
    return NULL;

  end = trim_entity (text, from, trim_end (text, from, to));
  for (gsize i = from; i < end;)
    i = scan_step (&scan, text, from, i, end);

  /* an image, a footnote or a bracket that is only begun is not shown yet */
  for (guint i = 0; i < scan.n; i++)
    {
      Opener *opener = &scan.open[i];

      if (opener->mark != '!' && !(opener->mark == '[' && (opener->at + 1 == end || text[opener->at + 1] == '^')))
        continue;
      if (end - opener->at > REACH_TWO)
        continue;
      scan.n = i;
      scan.code_at = G_MAXSIZE;
      end = opener->at;
      break;
    }

  suffix = g_string_new (NULL);
  if (scan.code_at != G_MAXSIZE && end - scan.code_at < REACH_TWO)
    {
      if (scan.code_at + scan.code_length >= end)
        end = scan.code_at;
      else
        for (gsize i = 0; i < scan.code_length; i++)
          g_string_append_c (suffix, '`');
    }
  for (guint i = scan.n; i > 0; i--)
    append_closer (suffix, &scan.open[i - 1], text, end, &end);

  if (suffix->len == 0 && end > from && scan.closed_at == end - 1)
    g_string_append (suffix, "()");
  *ret_to = end;

  return g_string_free (suffix, FALSE);
}

gsize
_bobbin_markup_inline_cut (const char *text,
                           gsize       from,
                           gsize       to,
                           gsize       least)
{
  Scan scan = { .n = 0, .code_at = G_MAXSIZE, .closed_at = G_MAXSIZE };
  gsize balanced = 0;
  gsize space = 0;
  gsize i;

  for (i = from; i < to;)
    {
      gsize next = MIN (scan_step (&scan, text, from, i, to), to);

      if (text[next - 1] == ' ' || text[next - 1] == '\n')
        if (next - from >= least && scan.n == 0 && scan.code_at == G_MAXSIZE)
          balanced = next;
      i = next;
    }
  if (balanced > 0)
    return balanced;

  for (space = to; space > from + least; space--)
    if (text[space - 1] == ' ' || text[space - 1] == '\n')
      return space;

  /* no space at all: between two characters, not before a mark that belongs to the one before */
  for (i = to; i > from + least && to - i < BACK_MAX; i--)
    if ((text[i] & 0xc0) != 0x80 && !g_unichar_ismark (g_utf8_get_char (text + i)))
      return i;
  while ((text[to] & 0xc0) == 0x80)
    to--;

  return to;
}

static gsize
skip_space (const char *text,
            gsize       from,
            gsize       to)
{
  while (from < to && (text[from] == ' ' || text[from] == '\t'))
    from++;

  return from;
}

static gboolean
only_of (const char *text,
         gsize       from,
         gsize       to,
         const char *set)
{
  for (gsize i = from; i < to; i++)
    if (text[i] == '\0' || strchr (set, text[i]) == NULL)
      return FALSE;

  return TRUE;
}

gboolean
_bobbin_markup_must_hold (const char *text,
                          gsize       from,
                          gsize       to)
{
  gsize i = skip_space (text, from, to);
  gsize n;

  /* quotes and items around it */
  while (i < to)
    {
      gsize mark = i;

      if (text[i] == '>')
        {
          i = skip_space (text, i + 1, to);
          continue;
        }
      if (strchr ("-+*", text[i]) != NULL)
        i++;
      else
        while (i < to && i - mark < 9 && g_ascii_isdigit (text[i]))
          i++;
      if (i > mark && g_ascii_isdigit (text[i - 1]))
        {
          if (i == to)
            return TRUE;
          if (text[i] != '.' && text[i] != ')')
            {
              i = mark;
              break;
            }
          i++;
        }
      if (i == mark)
        break;
      if (i < to && text[i] != ' ' && text[i] != '\t')
        {
          i = mark;
          break;
        }
      i = skip_space (text, i, to);
    }

  if (i == to)
    return TRUE;
  if (only_of (text, i, to, "-=*_ \t|:#`~"))
    return TRUE;
  if (text[i] == '[' && to - i <= 4 && only_of (text, i, to, "[] xX\t"))
    return TRUE; /* a task, perhaps */
  if (text[i] == '[' && memchr (text + i, ' ', to - i) == NULL)
    {
      /* a definition, as long as its label or address is being written */
      const char *colon = g_strstr_len (text + i, (gssize) (to - i), "]:");

      if (colon != NULL || memchr (text + i, ']', to - i) == NULL)
        return text[i + 1] == '^' || colon != NULL;
    }

  /* a fence whose language is being written */
  n = text[i] == '`' || text[i] == '~' ? run_length (text, i, to) : 0;
  return n >= 3 && (text[i] == '~' || memchr (text + i + n, '`', to - i - n) == NULL);
}
