#define G_LOG_DOMAIN "bobbin-util"
#include "config.h"
#include "util/bobbin-fuzzy.h"

#include <string.h>

#define MAX_WORDS 8
#define MAX_CHARS 256 /* of a line; what is longer is compared as far */

/* What a match of one word is worth. */
#define AT_START    100
#define INSIDE      60
#define INITIALS    40
#define WHOLE_BONUS 20
#define JUMP_COST   6
#define LATE_COST   20 /* at most, for how far behind it stands */

typedef struct
{
  gunichar chars[MAX_CHARS];
  gboolean starts[MAX_CHARS]; /* a word begins here */
  guint    n;
} Line;

struct _BobbinFuzzy
{
  Line  query;
  guint words[MAX_WORDS];   /* where each begins */
  guint lengths[MAX_WORDS];
  guint n_words;
  Line  line;               /* of the text that is scored */
};

static void
push (Line     *line,
      gunichar  c)
{
  gboolean letter = g_unichar_isalnum (c);

  if (line->n == MAX_CHARS)
    return;

  line->starts[line->n] = letter && (line->n == 0 || !g_unichar_isalnum (line->chars[line->n - 1]));
  line->chars[line->n++] = c;
}

static void
fold (Line       *line,
      const char *text)
{
  g_autofree char *decomposed = NULL;
  g_autofree char *folded = NULL;
  const char *p;

  line->n = 0;
  for (p = text; *p != '\0' && (guchar) *p < 0x80; p++)
    push (line, (gunichar) g_ascii_tolower (*p));
  if (*p == '\0')
    return;

  line->n = 0;
  decomposed = g_utf8_normalize (text, -1, G_NORMALIZE_NFKD);
  if (decomposed == NULL)
    return;
  folded = g_utf8_casefold (decomposed, -1);
  for (p = folded; *p != '\0'; p = g_utf8_next_char (p))
    if (!g_unichar_ismark (g_utf8_get_char (p)))
      push (line, g_utf8_get_char (p));
}

BobbinFuzzy *
bobbin_fuzzy_new (const char *query)
{
  BobbinFuzzy *self = g_new0 (BobbinFuzzy, 1);
  guint i = 0;

  fold (&self->query, query);
  while (i < self->query.n && self->n_words < MAX_WORDS)
    {
      guint begin;

      while (i < self->query.n && g_unichar_isspace (self->query.chars[i]))
        i++;
      begin = i;
      while (i < self->query.n && !g_unichar_isspace (self->query.chars[i]))
        i++;
      if (i > begin)
        {
          self->words[self->n_words] = begin;
          self->lengths[self->n_words++] = i - begin;
        }
    }

  return self;
}

void
bobbin_fuzzy_free (BobbinFuzzy *self)
{
  g_free (self);
}

gboolean
bobbin_fuzzy_is_empty (BobbinFuzzy *self)
{
  return self->n_words == 0;
}

static guint
late (guint position)
{
  return MIN (position / 2, LATE_COST);
}

static guint
score_run (const Line     *line,
           const gunichar *word,
           guint           length)
{
  guint best = 0;

  for (guint i = 0; i + length <= line->n; i++)
    {
      guint end = i + length;
      guint score;

      if (memcmp (line->chars + i, word, length * sizeof *word) != 0)
        continue;
      score = (line->starts[i] ? AT_START : INSIDE) - late (i);
      if (line->starts[i] && (end == line->n || !g_unichar_isalnum (line->chars[end])))
        score += WHOLE_BONUS;
      best = MAX (best, score);
    }

  return best;
}

/* From @begin on, where a word begins with the first letter: each next one goes on there or begins a later word. */
static guint
score_initials_from (const Line     *line,
                     guint           begin,
                     const gunichar *word,
                     guint           length)
{
  guint at = begin + 1;
  guint cost = late (begin);

  for (guint k = 1; k < length; k++)
    {
      if (at < line->n && line->chars[at] == word[k])
        {
          at++;
          continue;
        }
      while (at < line->n && !(line->starts[at] && line->chars[at] == word[k]))
        at++;
      if (at == line->n)
        return 0;
      at++;
      cost += JUMP_COST;
    }

  return cost < INITIALS ? INITIALS - cost : 1;
}

static guint
score_initials (const Line     *line,
                const gunichar *word,
                guint           length)
{
  guint best = 0;

  for (guint i = 0; i < line->n; i++)
    if (line->starts[i] && line->chars[i] == word[0])
      best = MAX (best, score_initials_from (line, i, word, length));

  return best;
}

guint
bobbin_fuzzy_score (BobbinFuzzy *self,
                    const char  *text)
{
  guint sum = 0;

  if (self->n_words == 0)
    return 1;

  fold (&self->line, text);
  for (guint i = 0; i < self->n_words; i++)
    {
      const gunichar *word = self->query.chars + self->words[i];
      guint score = score_run (&self->line, word, self->lengths[i]);

      if (score == 0)
        score = score_initials (&self->line, word, self->lengths[i]);
      if (score == 0)
        return 0;
      sum += score;
    }

  /* Of two alike the shorter is more of what was typed. */
  return sum * 8 / self->n_words + (MAX_CHARS - self->line.n) / 8;
}
