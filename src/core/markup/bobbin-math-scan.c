#define G_LOG_DOMAIN "bobbin-markup"

#include "config.h"

#include "bobbin-math-scan.h"

#include "bobbin-math-match.h"

#include <string.h>

#define TICKS_MAX  80 /* backticks that open a code span at most */
#define CODE_INDENT 4 /* columns */

/* One line, without what makes it part of a quote or an item. */
typedef struct
{
  gsize    start;
  gsize    text;    /* first byte that is neither blank nor a mark */
  gsize    next;    /* start of the next line, or the end of all */
  guint    quotes;  /* marks of a quote before it */
  guint    indent;  /* columns of blanks before the text, after the quotes */
  guint    content; /* columns up to the content, when it begins an item; else 0 */
  gboolean whole;   /* its end is there */
} Line;

typedef struct
{
  const char *text;
  gsize       end;
  gboolean    final;
  GArray     *spans;
  guint       list_indent;          /* columns; 0: in no list */
  gsize       no_ticks[TICKS_MAX];  /* up to where no run of that length closes */
  gsize       settled;              /* G_MAXSIZE while nothing is open */
} Scan;

static gsize
skip_blanks (const Scan *scan,
             gsize       at,
             guint      *columns)
{
  for (; at < scan->end && (scan->text[at] == ' ' || scan->text[at] == '\t'); at++)
    *columns += scan->text[at] == '\t' ? 4 - *columns % 4 : 1;

  return at;
}

/* The length of "- " or "12. " at @at, without its blank; 0: none. */
static gsize
marker_at (const Scan *scan,
           gsize       at)
{
  gsize i = at;

  if (i < scan->end && strchr ("-*+", scan->text[i]) != NULL && scan->text[i] != '\0')
    i++;
  else
    {
      while (i < scan->end && i < at + 9 && g_ascii_isdigit (scan->text[i]))
        i++;
      if (i == at || i >= scan->end || (scan->text[i] != '.' && scan->text[i] != ')'))
        return 0;
      i++;
    }

  return i < scan->end && (scan->text[i] == ' ' || scan->text[i] == '\t') ? i - at : 0;
}

static void
read_line (const Scan *scan,
           gsize       at,
           Line       *ret_line)
{
  Line line = { .start = at };
  const char *stop = memchr (scan->text + at, '\n', scan->end - at);
  gsize length;

  line.whole = stop != NULL || scan->final;
  line.next = stop != NULL ? (gsize) (stop - scan->text) + 1 : scan->end;
  at = skip_blanks (scan, at, &line.indent);
  while (at < line.next && scan->text[at] == '>')
    {
      line.quotes++;
      line.indent = 0;
      at++;
      if (at < line.next && scan->text[at] == ' ')
        at++;
      at = skip_blanks (scan, at, &line.indent);
    }
  length = marker_at (scan, at);
  if (length > 0)
    {
      line.content = line.indent + (guint) length;
      at = skip_blanks (scan, at + length, &line.content);
    }
  line.text = MIN (at, line.next);
  *ret_line = line;
}

static gboolean
is_blank_line (const Scan *scan,
               const Line *line)
{
  return line->whole && line->content == 0 &&
         (line->text >= line->next || scan->text[line->text] == '\n' || scan->text[line->text] == '\r');
}

/* How many backticks or tildes make the fence that @line begins with; 0: none. With backticks it is none while a further one may
 * come in its line. */
static guint
fence_of (const Scan *scan,
          const Line *line)
{
  char mark = line->text < line->next ? scan->text[line->text] : '\0';
  gsize at = line->text;

  if ((mark != '`' && mark != '~') || (mark == '`' && !line->whole))
    return 0;
  while (at < line->next && scan->text[at] == mark)
    at++;
  if (at - line->text < 3 || (mark == '`' && memchr (scan->text + at, '`', line->next - at) != NULL))
    return 0;

  return (guint) (at - line->text);
}

/* Past the fenced code that @open begins. */
static gsize
skip_fence (const Scan *scan,
            const Line *open)
{
  guint fence = fence_of (scan, open);
  guint inside = open->content > 0 ? open->content : MIN (open->indent, scan->list_indent);
  Line line;

  for (gsize at = open->next; at < scan->end; at = line.next)
    {
      gsize stop;

      read_line (scan, at, &line);
      if (line.quotes < open->quotes || (line.indent < inside && !is_blank_line (scan, &line)))
        return line.start;
      if (line.content > 0 || scan->text[line.text] != scan->text[open->text])
        continue;
      for (stop = line.text; stop < line.next && scan->text[stop] == scan->text[open->text]; stop++)
        ;
      if (stop - line.text < fence)
        continue;
      while (stop < line.next && g_ascii_isspace (scan->text[stop]))
        stop++;
      if (stop >= line.next)
        return line.next;
    }

  return scan->end;
}

/* What may be a fence, now or once its line is whole, ends what is before it either way. */
static gboolean
looks_fenced (const Scan *scan,
              const Line *line)
{
  const char *text = scan->text + line->text;

  return line->next - line->text >= 3 && (memcmp (text, "```", 3) == 0 || memcmp (text, "~~~", 3) == 0);
}

/* Where what begins at @at ends: a blank line or a fence. */
static gsize
find_hard_end (const Scan *scan,
               gsize       at)
{
  Line line;

  read_line (scan, at, &line);
  while (line.next < scan->end)
    {
      read_line (scan, line.next, &line);
      if (is_blank_line (scan, &line) || looks_fenced (scan, &line))
        return line.start;
    }

  return scan->end;
}

/* The same, or an item, a heading or a row before it. */
static gsize
find_soft_end (const Scan *scan,
               gsize       at,
               gsize       hard_end)
{
  Line line;

  read_line (scan, at, &line);
  if (line.text < line.next && (scan->text[line.text] == '|' || scan->text[line.text] == '#'))
    return MIN (line.next, hard_end);
  while (line.next < hard_end)
    {
      read_line (scan, line.next, &line);
      if (line.content > 0 || (line.text < line.next && strchr ("#|", scan->text[line.text]) != NULL))
        return line.start;
    }

  return hard_end;
}

static void
leave_open (Scan *scan,
            gsize at)
{
  scan->settled = MIN (scan->settled, at);
}

/* Past the code span that begins at @at, or past its backticks when nothing closes it. */
static gsize
skip_code_span (Scan                  *scan,
                const BobbinMathReach *reach,
                gsize                  at)
{
  gsize i = at;
  gsize length;

  while (i < reach->soft_end && scan->text[i] == '`')
    i++;
  length = i - at;
  if (length < TICKS_MAX && scan->no_ticks[length] >= reach->soft_end)
    return i;

  for (gsize next = i; length < TICKS_MAX && next < reach->soft_end; next++)
    {
      const char *tick = memchr (scan->text + next, '`', reach->soft_end - next);
      gsize run;

      if (tick == NULL)
        break;
      run = next = (gsize) (tick - scan->text);
      while (next < reach->soft_end && scan->text[next] == '`')
        next++;
      if (next >= scan->end && !scan->final)
        break;
      if (next - run == length)
        return next;
    }

  if (reach->soft_end >= scan->end && !scan->final)
    leave_open (scan, at);
  else if (length < TICKS_MAX)
    scan->no_ticks[length] = reach->soft_end;

  return i;
}

/* Past the address in "](address)", "<scheme:address>" or "scheme://address" when there is one at @at, else @at. */
static gsize
skip_address (const BobbinMathReach *reach,
              gsize                  at)
{
  const char *text = reach->text + at;
  gsize length = reach->soft_end - at;
  guint depth = 0;
  gsize i = at;

  if (length > 2 && text[0] == ']' && text[1] == '(' && text[2] != '$' && text[2] != '\\')
    i += 2;
  else if (length > 2 && memcmp (text, "://", 3) == 0)
    i += 3;
  else
    return at;

  for (; i < reach->soft_end && !g_ascii_isspace (reach->text[i]) && reach->text[i] != '>'; i++)
    {
      if (reach->text[i] == '(')
        depth++;
      else if (reach->text[i] == ')' && depth-- == 0)
        break;
    }

  return i;
}

/* Past the delimiter or escape at @at, which begins no formula. */
static gsize
skip_sign (const Scan            *scan,
           const BobbinMathReach *reach,
           gsize                  at)
{
  if (scan->text[at] == '\\')
    return at + 1 < reach->soft_end && scan->text[at + 1] != '\n' ? at + 2 : at + 1;
  while (at < reach->soft_end && scan->text[at] == '$')
    at++;

  return at;
}

/* From @at to the soft end, or past the formula that reaches beyond it. */
static gsize
scan_inlines (Scan            *scan,
              BobbinMathReach *reach,
              gsize            at)
{
  while (at < reach->soft_end && scan->settled == G_MAXSIZE)
    {
      char c = scan->text[at];
      gsize next = skip_address (reach, at);
      BobbinMathSpan span;

      if (next > at)
        {
          at = next;
        }
      else if (c == '`')
        {
          at = skip_code_span (scan, reach, at);
        }
      else if (c != '$' && c != '\\')
        {
          at++;
        }
      else
        {
          BobbinMathMatch match = _bobbin_math_match (reach, at, &span);

          if (match == BOBBIN_MATH_OPEN)
            leave_open (scan, at);
          else if (match == BOBBIN_MATH_FOUND)
            g_array_append_val (scan->spans, span);
          at = match == BOBBIN_MATH_FOUND ? span.end : skip_sign (scan, reach, at);
        }
    }

  return at;
}

/* What begins at the line at @at, up to a blank line or a fence. */
static gsize
scan_paragraph (Scan *scan,
                gsize at)
{
  BobbinMathReach reach = { scan->text, at, at, find_hard_end (scan, at), scan->end, scan->final };
  Line line;

  memset (scan->no_ticks, 0, sizeof scan->no_ticks);
  while (at < reach.hard_end && scan->settled == G_MAXSIZE)
    {
      if (at == reach.soft_end)
        {
          read_line (scan, at, &line);
          if (line.content > 0)
            scan->list_indent = line.content;
        }
      reach.soft_end = find_soft_end (scan, at, reach.hard_end);
      at = scan_inlines (scan, &reach, at);
    }

  return MAX (at, reach.hard_end);
}

gsize
bobbin_math_scan (const char *text,
                  gsize       start,
                  gsize       end,
                  gboolean    final,
                  GArray     *spans)
{
  Scan scan = { .text = text, .end = end, .final = final, .spans = spans, .settled = G_MAXSIZE };
  gboolean in_code = FALSE;
  gboolean after_blank = TRUE;
  Line line;

  g_return_val_if_fail (text != NULL || start >= end, start);

  for (gsize at = start; at < end && scan.settled == G_MAXSIZE;)
    {
      read_line (&scan, at, &line);
      at = line.next;
      if (is_blank_line (&scan, &line))
        {
          after_blank = TRUE;
          continue;
        }
      if (line.content == 0 && line.indent < scan.list_indent && after_blank)
        scan.list_indent = line.indent < 2 ? 0 : line.indent;
      in_code = (after_blank || in_code) && line.indent >= scan.list_indent + CODE_INDENT;
      after_blank = FALSE;
      if (in_code)
        continue;

      if (fence_of (&scan, &line) > 0)
        {
          at = skip_fence (&scan, &line);
          after_blank = TRUE;
          continue;
        }
      at = scan_paragraph (&scan, line.start);
    }

  return MIN (scan.settled, end);
}

/* Past blanks, and past marks of a quote, @quotes of them at most. */
static gsize
skip_marks (const char *text,
            gsize       at,
            gsize       end,
            guint       quotes)
{
  for (; at < end && (text[at] == ' ' || text[at] == '\t' || (text[at] == '>' && quotes > 0)); at++)
    if (text[at] == '>')
      quotes--;

  return at;
}

char *
bobbin_math_span_dup_tex (const char           *text,
                          const BobbinMathSpan *span)
{
  GString *tex;
  guint quotes = 0;
  gsize line = span->start;

  g_return_val_if_fail (span->tex_start <= span->tex_end, NULL);

  /* the line it begins in may be very long, and matters to its other lines only */
  if (memchr (text + span->tex_start, '\n', span->tex_end - span->tex_start) == NULL)
    return g_strndup (text + span->tex_start, span->tex_end - span->tex_start);

  while (line > 0 && text[line - 1] != '\n')
    line--;
  for (gsize stop = skip_marks (text, line, span->start, G_MAXUINT); line < stop; line++)
    if (text[line] == '>')
      quotes++;

  tex = g_string_sized_new (span->tex_end - span->tex_start);
  for (gsize i = span->tex_start; i < span->tex_end;)
    {
      g_string_append_c (tex, text[i]);
      i = text[i] == '\n' ? skip_marks (text, i + 1, span->tex_end, quotes) : i + 1;
    }

  return g_string_free (tex, FALSE);
}
