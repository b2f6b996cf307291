/* Full-text search. What a person types is never read as a query language: it is split into words and "phrases", each of which
 * goes to the index as a quoted string, the word still being typed as a prefix. Three ways are tried until there are enough
 * hits: whole words, best first; runs of three letters, newest first, for parts of words, code and scripts without spaces; and
 * reading, newest first and for a bounded time, where a term is shorter than three letters and not a word (two Chinese
 * characters, an operator). A term the index could not be asked for is checked against the text of each hit. */
#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-private.h"

#include <string.h>

#define MAX_TERMS      16
#define MAX_TERM_CHARS 200
#define GRAM_CHARS     3
#define LEAD_CHARS     48   /* shown before the first match */
#define EXCERPT_CHARS  200
#define BUDGET_US      (800 * 1000) /* for each way */
#define MARK_OPEN      0xe000
#define MARK_CLOSE     0xe001

typedef struct
{
  char    *text;
  glong    n_chars;
  gboolean prefix;
  gboolean word;    /* has a letter or digit: the word index knows it */
} Term;

typedef struct
{
  char  *query;
  guint  limit;
} SearchArgs;

typedef struct
{
  BobbinStoreDb *db;
  GPtrArray     *terms;  /* of Term */
  GPtrArray     *hits;   /* of BobbinSearchHit */
  GHashTable    *seen;   /* messages, and threads found by title as minus their id */
  guint          limit;
} Search;

/* One way to find documents: the query, and which terms it takes care of itself. */
typedef struct
{
  const char *sql;
  const char *find;  /* of a document: thread, message or 0, time, title; nothing when its thread is in the bin */
  gboolean  (*asks) (const Term *term);
} Way;

#define MATCH(table, order) \
  "SELECT rowid, highlight(" table ", 0, char(1), char(2)) FROM " table " WHERE " table " MATCH ? ORDER BY " order " LIMIT ?"

static const char find_title_sql[] = "SELECT id, 0, created_us, title FROM threads WHERE id = ? AND deleted_us = 0";
static const char find_body_sql[] =
  "SELECT m.thread_id, m.id, m.created_us, t.title FROM blocks b JOIN messages m ON m.id = b.message_id"
  " JOIN threads t ON t.id = m.thread_id WHERE b.id = ? AND t.deleted_us = 0";

void
bobbin_search_hit_free (BobbinSearchHit *self)
{
  g_free (self->title);
  g_free (self->excerpt);
  g_free (self);
}

static void
term_free (Term *term)
{
  g_free (term->text);
  g_free (term);
}

static void
add_term (GPtrArray  *terms,
          const char *start,
          const char *end,
          gboolean    prefix)
{
  Term *term;

  while (end > start && end[-1] == '*' && end - start > 1)
    {
      prefix = TRUE;
      end--;
    }
  if (end == start || terms->len >= MAX_TERMS)
    return;

  term = g_new0 (Term, 1);
  term->text = g_strndup (start, (gsize) (end - start));
  g_strstrip (term->text);
  term->n_chars = g_utf8_strlen (term->text, -1);
  if (term->n_chars > MAX_TERM_CHARS)
    {
      *g_utf8_offset_to_pointer (term->text, MAX_TERM_CHARS) = '\0';
      term->n_chars = MAX_TERM_CHARS;
    }
  term->prefix = prefix;
  for (const char *p = term->text; *p != '\0' && !term->word; p = g_utf8_next_char (p))
    term->word = g_unichar_isalnum (g_utf8_get_char (p));

  if (term->n_chars > 0)
    g_ptr_array_add (terms, term);
  else
    term_free (term);
}

static GPtrArray *
parse (const char *query)
{
  GPtrArray *terms = g_ptr_array_new_with_free_func ((GDestroyNotify) term_free);
  const char *p = query;

  while (*p != '\0')
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
          while (*p != '\0' && *p != '"')
            p++;
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

static gboolean
is_for_words (const Term *term)
{
  return term->word;
}

static gboolean
is_for_grams (const Term *term)
{
  return term->n_chars >= GRAM_CHARS;
}

static gboolean
is_for_reading (const Term *term)
{
  return FALSE;
}

/* By words and by letters: titles, then bodies. */
static const Way ways[2][2] = {
  { { MATCH ("title_words", "rank"), find_title_sql, is_for_words },
    { MATCH ("body_words", "rank"), find_body_sql, is_for_words } },
  { { MATCH ("title_grams", "rowid DESC"), find_title_sql, is_for_grams },
    { MATCH ("body_grams", "rowid DESC"), find_body_sql, is_for_grams } },
};

static const Way reading[2] = {
  { "SELECT id, title FROM threads WHERE instr(title, ?) > 0 ORDER BY id DESC LIMIT ?", find_title_sql, is_for_reading },
  { "SELECT id, body FROM blocks WHERE body IS NOT NULL AND instr(body, ?) > 0 ORDER BY id DESC LIMIT ?", find_body_sql,
    is_for_reading },
};

/* (nullable) the terms the index can be asked for, as strings: nothing in them is syntax */
static char *
build_match (GPtrArray *terms,
             gboolean (*usable) (const Term *term),
             gboolean   prefixes)
{
  g_autoptr(GString) match = g_string_new (NULL);

  for (guint i = 0; i < terms->len; i++)
    {
      const Term *term = g_ptr_array_index (terms, i);

      if (!usable (term))
        continue;
      g_string_append (match, match->len > 0 ? " AND \"" : "\"");
      for (const char *p = term->text; *p != '\0'; p++)
        {
          if (*p == '"')
            g_string_append_c (match, '"');
          g_string_append_c (match, *p);
        }
      g_string_append (match, term->prefix && prefixes ? "\" *" : "\"");
    }

  return match->len > 0 ? g_string_free (g_steal_pointer (&match), FALSE) : NULL;
}

static gboolean
contains (const char *text,
          const char *term)
{
  g_autofree char *lower = NULL;
  g_autofree char *upper = NULL;
  g_autofree char *folded_text = NULL;
  g_autofree char *folded_term = NULL;

  if (strstr (text, term) != NULL)
    return TRUE;

  lower = g_utf8_strdown (term, -1);
  upper = g_utf8_strup (term, -1);
  if (strcmp (lower, upper) == 0)
    return FALSE; /* a script without case */

  folded_text = g_utf8_casefold (text, -1);
  folded_term = g_utf8_casefold (term, -1);

  return strstr (folded_text, folded_term) != NULL;
}

/* Takes the marks of highlight() (and any like them in the text itself) out again. */
static char *
unmark (const char *text)
{
  char *plain = g_strdup (text);
  char *to = plain;

  for (const char *p = plain; *p != '\0'; p++)
    if (*p != '\1' && *p != '\2')
      *to++ = *p;
  *to = '\0';

  return plain;
}

static gboolean
passes (Search     *search,
        const char *text,
        gboolean  (*asked) (const Term *term))
{
  g_autofree char *plain = NULL;

  for (guint i = 0; i < search->terms->len; i++)
    {
      const Term *term = g_ptr_array_index (search->terms, i);

      if (asked (term))
        continue;
      if (plain == NULL)
        plain = unmark (text);
      if (!contains (plain, term->text))
        return FALSE;
    }

  return TRUE;
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

/* The line with the first match, in one piece, marks in pairs. */
static char *
make_excerpt (const char *text)
{
  g_autoptr(GString) out = g_string_new (NULL);
  const char *match = strchr (text, '\1');
  gboolean cut = FALSE, open = FALSE, space = FALSE;
  int n_chars = 0;
  const char *p;

  p = excerpt_start (text, match != NULL ? match : text, &cut);
  if (cut)
    g_string_append (out, "…");
  for (; *p != '\0' && *p != '\n' && n_chars < EXCERPT_CHARS; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == 1 || c == 2)
        {
          if (open != (c == 1))
            g_string_append_unichar (out, c == 1 ? MARK_OPEN : MARK_CLOSE);
          open = c == 1;
          continue;
        }
      if (c == MARK_OPEN || c == MARK_CLOSE || (g_unichar_iscntrl (c) && !g_unichar_isspace (c)))
        continue;
      if (!g_unichar_isspace (c) || !space)
        g_string_append_unichar (out, g_unichar_isspace (c) ? ' ' : c);
      space = g_unichar_isspace (c);
      n_chars++;
    }
  if (open)
    g_string_append_unichar (out, MARK_CLOSE);
  if (*p != '\0' && *p != '\n')
    g_string_append (out, "…");

  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* Adds the hit on a document unless its message is there already or its thread is in the bin. */
static gboolean
add_hit (Search      *search,
         const Way   *way,
         gint64       id,
         const char  *text,
         GError     **error)
{
  sqlite3_stmt *statement = bobbin_db_query (search->db, error, way->find, DB_INT (id));
  int more = _bobbin_db_step (search->db, statement, error);
  BobbinSearchHit *hit;
  gint64 key;

  if (more <= 0)
    return more == 0;

  hit = g_new0 (BobbinSearchHit, 1);
  hit->thread_id = sqlite3_column_int64 (statement, 0);
  hit->message_id = sqlite3_column_int64 (statement, 1);
  hit->created_us = sqlite3_column_int64 (statement, 2);
  hit->title = _bobbin_db_dup_text (statement, 3);
  sqlite3_reset (statement);
  key = hit->message_id != 0 ? hit->message_id : -hit->thread_id;
  if (!g_hash_table_add (search->seen, g_memdup2 (&key, sizeof key)))
    {
      bobbin_search_hit_free (hit);
      return TRUE;
    }
  hit->excerpt = make_excerpt (text);
  g_ptr_array_add (search->hits, hit);

  return TRUE;
}

/* Takes hits until there are enough or the time for it is over. */
static gboolean
collect (Search      *search,
         const Way   *way,
         const char  *match,
         GError     **error)
{
  BobbinStoreDb *db = search->db;
  g_autoptr(GError) local = NULL;
  sqlite3_stmt *statement;
  int more = 0;

  if (match == NULL || search->hits->len >= search->limit)
    return TRUE;

  db->deadline_us = g_get_monotonic_time () + BUDGET_US;
  /* More rows than hits: several blocks may belong to one message. */
  statement = bobbin_db_query (db, &local, way->sql, DB_TEXT (match), DB_INT (4 * (gint64) search->limit + 64));
  while (search->hits->len < search->limit && (more = _bobbin_db_step (db, statement, &local)) > 0)
    {
      g_autofree char *text = _bobbin_db_dup_text (statement, 1);

      if (text == NULL || !passes (search, text, way->asks))
        continue;
      if (!add_hit (search, way, sqlite3_column_int64 (statement, 0), text, &local))
        break;
    }
  if (statement != NULL)
    sqlite3_reset (statement);
  if (local == NULL)
    return TRUE;
  /* Out of time, not cancelled: what was found is the answer. */
  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED) && !g_cancellable_is_cancelled (db->cancellable))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* (nullable) the term that only reading can find: no index knows any, and one is not a plain word */
static const char *
find_short_term (GPtrArray *terms)
{
  const char *found = NULL;

  for (guint i = 0; i < terms->len; i++)
    {
      const Term *term = g_ptr_array_index (terms, i);

      if (is_for_grams (term))
        return NULL;
      if (found == NULL && (!term->word || !g_str_is_ascii (term->text)))
        found = term->text;
    }

  return found;
}

static gboolean
search_all (Search  *search,
            GError **error)
{
  g_autofree char *words = build_match (search->terms, is_for_words, TRUE);
  g_autofree char *grams = build_match (search->terms, is_for_grams, FALSE);
  const char *term = find_short_term (search->terms);

  return collect (search, &ways[0][0], words, error) && collect (search, &ways[0][1], words, error) &&
         collect (search, &ways[1][0], grams, error) && collect (search, &ways[1][1], grams, error) &&
         collect (search, &reading[0], term, error) && collect (search, &reading[1], term, error);
}

static gboolean
search_run (BobbinStoreDb  *db,
            gpointer        data,
            gpointer       *ret_result,
            GError        **error)
{
  const SearchArgs *args = data;
  g_autoptr(GPtrArray) terms = parse (args->query);
  g_autoptr(GPtrArray) hits = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_search_hit_free);
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  Search search = { .db = db, .terms = terms, .hits = hits, .seen = seen, .limit = args->limit };

  if (!search_all (&search, error))
    return FALSE;

  *ret_result = g_steal_pointer (&hits);
  return TRUE;
}

static void
search_args_free (SearchArgs *args)
{
  g_free (args->query);
  g_free (args);
}

static const BobbinStoreOpInfo search_info =
  { "search", BOBBIN_STORE_READ, NULL, search_run, (GDestroyNotify) search_args_free, (GDestroyNotify) g_ptr_array_unref };

void
bobbin_store_search_async (BobbinStore         *self,
                           const char          *query,
                           guint                limit,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  SearchArgs *args;

  g_return_if_fail (BOBBIN_IS_STORE (self));
  g_return_if_fail (query != NULL);

  args = g_new0 (SearchArgs, 1);
  args->query = g_utf8_make_valid (query, -1);
  args->limit = limit;
  _bobbin_store_submit (self, bobbin_store_search_async, &search_info, args, cancellable, callback, user_data);
}

GPtrArray *
bobbin_store_search_finish (BobbinStore   *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  return _bobbin_store_take (self, result, bobbin_store_search_async, error);
}
