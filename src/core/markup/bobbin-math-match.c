#define G_LOG_DOMAIN "bobbin-markup"

#include "config.h"

#include "bobbin-math-match.h"

#include <string.h>

#define LINES_MAX 4   /* lines of a formula between single dollars */
#define TEXT_MAX  256 /* bytes of the argument of \text in which a dollar does not end the formula */

static gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static gboolean
starts (const BobbinMathReach *reach,
        gsize                  at,
        gsize                  end,
        const char            *words)
{
  gsize length = strlen (words);

  return at + length <= end && memcmp (reach->text + at, words, length) == 0;
}

/* Whether more text may come before @limit is final. */
static gboolean
may_grow (const BobbinMathReach *reach,
          gsize                  limit)
{
  return !reach->final && limit >= reach->end;
}

/* Past the argument of \text{…} and its kin at @at, in which dollars have their own meaning; @at when there is none. One that
 * is not closed yet goes up to @limit. */
static gsize
skip_text_argument (const BobbinMathReach *reach,
                    gsize                  at,
                    gsize                  limit)
{
  static const char *const commands[] = { "\\text", "\\mbox", "\\hbox" };
  guint depth = 0;
  gsize i = at;
  gsize stop;

  for (gsize k = 0; k < G_N_ELEMENTS (commands); k++)
    if (starts (reach, at, limit, commands[k]))
      i = at + strlen (commands[k]);
  if (i == at)
    return at;
  while (i < limit && g_ascii_isalpha (reach->text[i]))
    i++;
  if (i >= limit || reach->text[i] != '{')
    return at;

  for (stop = MIN (limit, i + TEXT_MAX); i < stop; i++)
    {
      if (reach->text[i] == '\\')
        i++;
      else if (reach->text[i] == '{')
        depth++;
      else if (reach->text[i] == '}' && --depth == 0)
        return i + 1;
    }

  return stop == limit && may_grow (reach, limit) ? limit : at;
}

/* Looks like words, not like a formula: no sign or digit in it, and two words of letters or more. */
static gboolean
is_prose (const char *text,
          gsize       length)
{
  guint n_words = 0;
  gsize run = 0;

  for (gsize i = 0; i <= length; i++)
    {
      char c = i < length ? text[i] : ' ';

      if (g_ascii_isalpha (c) || (c & 0x80) != 0)
        {
          run++;
          continue;
        }
      if (run > 1)
        n_words++;
      run = 0;
      if (!is_blank (c) && strchr (",.;:!?'\"&", c) == NULL)
        return FALSE;
    }

  return n_words >= 2;
}

static gboolean
is_empty (const char *text,
          gsize       length)
{
  for (gsize i = 0; i < length; i++)
    if (!is_blank (text[i]))
      return FALSE;

  return TRUE;
}

static BobbinMathMatch
found (BobbinMathSpan *ret_span,
       gsize           start,
       gsize           open,
       gsize           at,
       gsize           close,
       gboolean        display)
{
  *ret_span = (BobbinMathSpan) { start, at + close, start + open, at, display };

  return BOBBIN_MATH_FOUND;
}

/* "the $n$th": a letter after the closing dollar is a variable of the shell, unless it makes an ordinal or a plural. */
static BobbinMathMatch
judge_letters (const BobbinMathReach *reach,
               gsize                  at,
               char                   last)
{
  static const char *const endings[] = { "th", "st", "nd", "rd", "s", "te", "ten", "ter", "e", "es" };
  gsize stop = at;

  while (stop < reach->end && stop < at + 4 && g_ascii_isalnum (reach->text[stop]))
    stop++;
  if (stop == reach->end && !reach->final)
    return BOBBIN_MATH_OPEN;
  if (strchr ("/:=-.,\"'", last) != NULL)
    return BOBBIN_MATH_TEXT;
  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    if (strlen (endings[i]) == stop - at && memcmp (endings[i], reach->text + at, stop - at) == 0)
      return BOBBIN_MATH_FOUND;

  return BOBBIN_MATH_TEXT;
}

/* "$4, or US$ 7": letters that belong to the next amount. */
static BobbinMathMatch
judge_currency (const BobbinMathReach *reach,
                gsize                  start,
                gsize                  at)
{
  const char *text = reach->text;
  gsize word = at;

  while (word > start && g_ascii_isupper (text[word - 1]))
    word--;
  if (!g_ascii_isdigit (text[start + 1]) || word == at || at - word > 3 || !is_blank (text[word - 1]) || text[at + 1] != ' ')
    return BOBBIN_MATH_FOUND;
  if (at + 2 >= reach->end)
    return reach->final ? BOBBIN_MATH_FOUND : BOBBIN_MATH_OPEN;

  return g_ascii_isdigit (text[at + 2]) ? BOBBIN_MATH_TEXT : BOBBIN_MATH_FOUND;
}

/* Whether the dollar at @at may close what was opened at @start. */
static BobbinMathMatch
judge_close (const BobbinMathReach *reach,
             gsize                  start,
             gsize                  at)
{
  const char *text = reach->text;
  char next;

  if (is_blank (text[at - 1]) || is_prose (text + start + 1, at - start - 1))
    return BOBBIN_MATH_TEXT;
  if (at + 1 >= reach->end)
    return reach->final ? BOBBIN_MATH_FOUND : BOBBIN_MATH_OPEN;

  next = text[at + 1];
  if (g_ascii_isdigit (next) || next == '{' || (next == '(' && text[start + 1] == '('))
    return BOBBIN_MATH_TEXT;
  if (g_ascii_isalpha (next))
    return judge_letters (reach, at + 1, text[at - 1]);

  return judge_currency (reach, start, at);
}

/* "$20 for you": an amount and then a word cannot become a formula any more. */
static gboolean
is_amount (const char *text,
           gsize       at)
{
  return at > 3 && g_ascii_isdigit (text[0]) && text[at - 3] == ' ' && g_ascii_isalpha (text[at - 2]) &&
         g_ascii_isalpha (text[at - 1]) && g_ascii_isalpha (text[at]);
}

static BobbinMathMatch
match_dollar (const BobbinMathReach *reach,
              gsize                  start,
              BobbinMathSpan        *ret_span)
{
  const char *text = reach->text;
  gsize limit = MIN (reach->soft_end, start + 1 + BOBBIN_MATH_INLINE_MAX);
  guint n_lines = 1;

  for (gsize i = start + 1; i < limit; i++)
    {
      gsize after = text[i] == '\\' ? skip_text_argument (reach, i, limit) : i;

      if (after > i)
        {
          i = after - 1;
        }
      else if (text[i] == '\\')
        {
          if (++i >= limit)
            break;
        }
      else if (text[i] == '$')
        {
          BobbinMathMatch match = judge_close (reach, start, i);

          return match == BOBBIN_MATH_FOUND ? found (ret_span, start, 1, i, 1, FALSE) : match;
        }
      else if (text[i] == '`' || is_amount (text + start + 1, i - start - 1) ||
               (text[i] == '\n' && ++n_lines > LINES_MAX))
        {
          return BOBBIN_MATH_TEXT;
        }
    }

  return may_grow (reach, limit) ? BOBBIN_MATH_OPEN : BOBBIN_MATH_TEXT;
}

/* $`…`$, in which a dollar or a backtick alone means nothing. */
static BobbinMathMatch
match_dollar_tick (const BobbinMathReach *reach,
                   gsize                  start,
                   BobbinMathSpan        *ret_span)
{
  gsize limit = MIN (reach->soft_end, start + 2 + BOBBIN_MATH_INLINE_MAX);

  for (gsize i = start + 2; i < limit; i++)
    {
      if (reach->text[i] != '`')
        continue;
      if (i + 1 >= limit)
        return may_grow (reach, limit) ? BOBBIN_MATH_OPEN : BOBBIN_MATH_TEXT;
      return reach->text[i + 1] == '$' && i > start + 2 ? found (ret_span, start, 2, i, 2, FALSE) : BOBBIN_MATH_TEXT;
    }

  return may_grow (reach, limit) ? BOBBIN_MATH_OPEN : BOBBIN_MATH_TEXT;
}

static BobbinMathMatch
match_double_dollar (const BobbinMathReach *reach,
                     gsize                  start,
                     BobbinMathSpan        *ret_span)
{
  const char *text = reach->text;
  gsize limit = MIN (reach->hard_end, start + 2 + BOBBIN_MATH_DISPLAY_MAX);
  int depth = 0;

  for (gsize i = start + 2; i < limit; i++)
    {
      gsize after = text[i] == '\\' ? skip_text_argument (reach, i, limit) : i;

      if (after > i)
        {
          i = after - 1;
        }
      else if (text[i] == '\\')
        {
          i++;
        }
      else if (text[i] == '{' || text[i] == '}')
        {
          depth += text[i] == '{' ? 1 : -1;
        }
      else if (text[i] == '$')
        {
          gsize content = i - start - 2;

          if (i + 1 >= limit)
            break;
          if (text[i + 1] != '$' && depth > 0)
            continue;
          if (text[i + 1] != '$' || is_empty (text + start + 2, content) || is_prose (text + start + 2, content))
            return BOBBIN_MATH_TEXT;
          if (i + 2 < reach->end && text[i + 2] == '$')
            return BOBBIN_MATH_TEXT; /* "$$ – $$$" is how dear a place is */
          if (i + 2 >= reach->end && !reach->final)
            return BOBBIN_MATH_OPEN;
          return found (ret_span, start, 2, i, 2, TRUE);
        }
    }

  return may_grow (reach, limit) ? BOBBIN_MATH_OPEN : BOBBIN_MATH_TEXT;
}

static BobbinMathMatch
match_any_dollar (const BobbinMathReach *reach,
                  gsize                  start,
                  BobbinMathSpan        *ret_span)
{
  const char *text = reach->text;
  char next;

  if (start + 1 >= reach->soft_end)
    return may_grow (reach, reach->soft_end) ? BOBBIN_MATH_OPEN : BOBBIN_MATH_TEXT;

  next = text[start + 1];
  if (next == '$')
    {
      if (start + 2 >= reach->end)
        return reach->final ? BOBBIN_MATH_TEXT : BOBBIN_MATH_OPEN;
      if (text[start + 2] == '$')
        return BOBBIN_MATH_TEXT;
      return match_double_dollar (reach, start, ret_span);
    }
  if (is_blank (next) || (start > reach->block && g_ascii_isalnum (text[start - 1])))
    return BOBBIN_MATH_TEXT;

  return next == '`' ? match_dollar_tick (reach, start, ret_span) : match_dollar (reach, start, ret_span);
}

/* Brackets with a backslash are also how Markdown writes plain brackets: "see \[1\]", "\[x\] done". What could be either is a
 * formula only when it has the line to itself. */
static BobbinMathMatch
judge_brackets (const BobbinMathReach *reach,
                gsize                  start,
                gsize                  at)
{
  gsize i;

  for (i = start + 2; i < at; i++)
    if (reach->text[i] == '\n' || (!g_ascii_isalnum (reach->text[i]) && strchr (" \t,.;:'!?-&", reach->text[i]) == NULL))
      return BOBBIN_MATH_FOUND;
  for (i = start; i > reach->block && reach->text[i - 1] != '\n'; i--)
    if (!is_blank (reach->text[i - 1]))
      return BOBBIN_MATH_TEXT;
  for (i = at + 2; i < reach->end && reach->text[i] != '\n'; i++)
    if (!is_blank (reach->text[i]))
      return BOBBIN_MATH_TEXT;

  return i >= reach->end && !reach->final ? BOBBIN_MATH_OPEN : BOBBIN_MATH_FOUND;
}

static BobbinMathMatch
match_bracket (const BobbinMathReach *reach,
               gsize                  start,
               BobbinMathSpan        *ret_span)
{
  const char *text = reach->text;
  gboolean display = text[start + 1] == '[';
  gsize limit = display ? MIN (reach->hard_end, start + 2 + BOBBIN_MATH_DISPLAY_MAX)
                        : MIN (reach->soft_end, start + 2 + BOBBIN_MATH_INLINE_MAX);
  BobbinMathMatch match;

  for (gsize i = start + 2; i < limit; i++)
    {
      if (!display && text[i] == '`')
        return BOBBIN_MATH_TEXT;
      if (text[i] != '\\')
        continue;
      if (++i >= limit)
        break;
      if (text[i] == text[start + 1])
        return BOBBIN_MATH_TEXT;
      if (text[i] != (display ? ']' : ')'))
        continue;
      if (is_empty (text + start + 2, i - 1 - start - 2))
        return BOBBIN_MATH_TEXT;
      match = display ? judge_brackets (reach, start, i - 1) : BOBBIN_MATH_FOUND;
      return match == BOBBIN_MATH_FOUND ? found (ret_span, start, 2, i - 1, 2, display) : match;
    }

  return may_grow (reach, limit) ? BOBBIN_MATH_OPEN : BOBBIN_MATH_TEXT;
}

/* The length of "NAME}" at @at, NAME being an environment that is a display by itself; 0 for none. */
static gsize
environment_at (const BobbinMathReach *reach,
                gsize                  at)
{
  static const char *const names[] = {
    "equation}", "equation*}", "align}", "align*}", "gather}", "gather*}", "multline}", "multline*}", "eqnarray}", "eqnarray*}",
    "alignat}", "alignat*}", "displaymath}", "math}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (starts (reach, at, reach->end, names[i]))
      return strlen (names[i]);

  return 0;
}

static BobbinMathMatch
match_environment (const BobbinMathReach *reach,
                   gsize                  start,
                   BobbinMathSpan        *ret_span)
{
  const char *text = reach->text;
  const gsize name = start + strlen ("\\begin{");
  gsize limit = MIN (reach->hard_end, start + BOBBIN_MATH_DISPLAY_MAX);
  gsize length = environment_at (reach, name);

  if (length == 0)
    return reach->end < name + strlen ("displaymath}") && !reach->final ? BOBBIN_MATH_OPEN : BOBBIN_MATH_TEXT;

  for (gsize i = name + length; i < limit; i++)
    {
      if (text[i] != '\\')
        continue;
      if (starts (reach, i, limit, "\\begin{") && environment_at (reach, i + strlen ("\\begin{")) > 0)
        return BOBBIN_MATH_TEXT;
      if (starts (reach, i, limit, "\\end{") && i + 5 + length <= limit && memcmp (text + i + 5, text + name, length) == 0)
        {
          *ret_span = (BobbinMathSpan) { start, i + 5 + length, start, i + 5 + length, TRUE };
          return BOBBIN_MATH_FOUND;
        }
      i++;
    }

  return may_grow (reach, limit) ? BOBBIN_MATH_OPEN : BOBBIN_MATH_TEXT;
}

BobbinMathMatch
_bobbin_math_match (const BobbinMathReach *reach,
                    gsize                  at,
                    BobbinMathSpan        *ret_span)
{
  static const char begin[] = "\\begin{";
  gsize there = MIN (reach->end - at, strlen (begin));

  if (reach->text[at] == '$')
    return match_any_dollar (reach, at, ret_span);
  if (at + 1 >= reach->end)
    return reach->final ? BOBBIN_MATH_TEXT : BOBBIN_MATH_OPEN;
  if (reach->text[at + 1] == '(' || reach->text[at + 1] == '[')
    return match_bracket (reach, at, ret_span);
  if (memcmp (reach->text + at, begin, there) != 0)
    return BOBBIN_MATH_TEXT;
  if (there < strlen (begin))
    return reach->final ? BOBBIN_MATH_TEXT : BOBBIN_MATH_OPEN;

  return match_environment (reach, at, ret_span);
}
