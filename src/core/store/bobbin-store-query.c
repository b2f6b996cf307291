/* What a person types into a search, taken apart. It is never read as a query language: it is words and "phrases", of which the
 * word still being typed, and one that ends in "*", may go on. For MATCH each becomes quoted strings of letters the index has;
 * there is nothing that could be wrong with it. */
#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-index.h"

#include <string.h>

#define MAX_TERMS      16
#define MAX_TERM_CHARS 200
#define MAX_GRAMS      8    /* of one term; the text is looked at anyway */
#define GRAM_CHARS     3

void
_bobbin_search_term_free (BobbinSearchTerm *term)
{
  g_free (term->text);
  g_free (term->words);
  g_ptr_array_unref (term->grams);
  g_ptr_array_unref (term->parts);
  g_clear_pointer (&term->needle, bobbin_needle_free);
  g_free (term);
}

static gboolean
is_word (gunichar c)
{
  return g_unichar_isalnum (c) || _bobbin_fold_is_symbol (c);
}

/* Every run of three letters, those of one script without the others: as the index has them. */
static void
find_grams (BobbinSearchTerm *term)
{
  g_autoptr(GString) folded = _bobbin_fold_grams (term->text, strlen (term->text));

  g_strstrip (folded->str);
  for (const char *p = folded->str; *p != '\0' && term->grams->len < MAX_GRAMS; p = g_utf8_next_char (p))
    {
      const char *end = p;
      gboolean spaced = FALSE;
      guint n = 0;

      /* Where a script without spaces was left out, what stands around it is not together. */
      for (; n < GRAM_CHARS && *end != '\0'; n++, end = g_utf8_next_char (end))
        spaced = spaced || *end == ' ';
      if (n == GRAM_CHARS && !spaced)
        g_ptr_array_add (term->grams, g_strndup (p, (gsize) (end - p)));
    }
}

static void
find_parts (BobbinSearchTerm *term)
{
  const char *start = NULL;

  for (const char *p = term->text;; p = g_utf8_next_char (p))
    {
      if (*p != '\0' && is_word (g_utf8_get_char (p)))
        {
          if (start == NULL)
            start = p;
          continue;
        }
      if (start != NULL)
        {
          g_autofree char *word = g_strndup (start, (gsize) (p - start));
          BobbinNeedle *needle = bobbin_needle_new (word);

          if (needle != NULL)
            g_ptr_array_add (term->parts, needle);
        }
      start = NULL;
      if (*p == '\0')
        return;
    }
}

static BobbinSearchTerm *
term_new (const char *text,
          gboolean    prefix)
{
  BobbinSearchTerm *term = g_new0 (BobbinSearchTerm, 1);
  gboolean single;
  gboolean word = FALSE;

  term->text = g_strdup (text);
  term->n_chars = g_utf8_strlen (text, -1);
  term->needle = bobbin_needle_new (text);
  term->grams = g_ptr_array_new_with_free_func (g_free);
  term->parts = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_needle_free);
  term->words = _bobbin_fold_asked (text, &single);
  for (const char *p = term->words; *p != '\0' && !word; p = g_utf8_next_char (p))
    word = is_word (g_utf8_get_char (p));
  if (!word)
    *term->words = '\0';
  term->prefix = prefix || single;
  find_grams (term);
  find_parts (term);

  return term;
}

static void
add_term (GPtrArray  *terms,
          const char *start,
          const char *end,
          gboolean    prefix)
{
  g_autofree char *text = NULL;

  while (end > start && end[-1] == '*' && end - start > 1)
    {
      prefix = TRUE;
      end--;
    }
  if (end == start || terms->len >= MAX_TERMS)
    return;

  text = g_strndup (start, (gsize) (end - start));
  g_strstrip (text);
  if (g_utf8_strlen (text, -1) > MAX_TERM_CHARS)
    *g_utf8_offset_to_pointer (text, MAX_TERM_CHARS) = '\0';
  if (*text != '\0')
    g_ptr_array_add (terms, term_new (text, prefix));
}

GPtrArray *
_bobbin_query_parse (const char *query)
{
  GPtrArray *terms = g_ptr_array_new_with_free_func ((GDestroyNotify) _bobbin_search_term_free);
  const char *p = query;

  while (*p != '\0' && terms->len < MAX_TERMS)
    {
      const char *start;

      if (g_unichar_isspace (g_utf8_get_char (p)))
        {
          p = g_utf8_next_char (p);
          continue;
        }
      if (*p == '"')
        {
          start = ++p;
          p += strcspn (p, "\"");
          add_term (terms, start, p, FALSE);
          if (*p == '"')
            p++;
          continue;
        }
      start = p;
      while (*p != '\0' && *p != '"' && !g_unichar_isspace (g_utf8_get_char (p)))
        p = g_utf8_next_char (p);
      /* Nothing after it: the word may not be complete yet. */
      add_term (terms, start, p, *p == '\0');
    }

  return terms;
}

static void
append_quoted (GString    *match,
               const char *text)
{
  g_string_append (match, match->len > 0 ? " AND \"" : "\"");
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '"')
        g_string_append_c (match, '"');
      g_string_append_c (match, *p);
    }
  g_string_append_c (match, '"');
}

static char *
take_match (GString *match)
{
  gboolean empty = match->len == 0;
  char *text = g_string_free (match, FALSE);

  if (empty)
    g_clear_pointer (&text, g_free);

  return text;
}

char *
_bobbin_query_words (GPtrArray *terms)
{
  GString *match = g_string_new (NULL);

  for (guint i = 0; i < terms->len; i++)
    {
      const BobbinSearchTerm *term = g_ptr_array_index (terms, i);

      if (*term->words == '\0')
        continue;
      append_quoted (match, term->words);
      if (term->prefix)
        g_string_append (match, " *");
    }

  return take_match (match);
}

char *
_bobbin_query_grams (GPtrArray *terms)
{
  GString *match = g_string_new (NULL);

  for (guint i = 0; i < terms->len; i++)
    {
      const BobbinSearchTerm *term = g_ptr_array_index (terms, i);

      for (guint j = 0; j < term->grams->len; j++)
        append_quoted (match, g_ptr_array_index (term->grams, j));
    }

  return take_match (match);
}

const BobbinSearchTerm *
_bobbin_query_unindexed (GPtrArray *terms)
{
  const BobbinSearchTerm *found = NULL;

  for (guint i = 0; i < terms->len; i++)
    {
      const BobbinSearchTerm *term = g_ptr_array_index (terms, i);

      if (*term->words != '\0' || term->grams->len > 0)
        return NULL;
      if (found == NULL && term->needle != NULL)
        found = term;
    }

  return found;
}

gboolean
_bobbin_query_is_vague (GPtrArray *terms)
{
  for (guint i = 0; i < terms->len; i++)
    {
      const BobbinSearchTerm *term = g_ptr_array_index (terms, i);

      if (*term->words != '\0' && (!term->prefix || term->n_chars > 1))
        return FALSE;
    }

  return TRUE;
}
