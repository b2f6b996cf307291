/* Full-text search (bobbin-store-index.h). Titles come first. Messages are looked for in up to three ways until a page is full:
 * whole words and beginnings, best first; runs of three letters, newest first, for parts of words and code; and reading, newest
 * first, where what was typed is neither (an operator). Each way has its time: for words that are nearly everywhere, order by
 * worth gives way to order by age, which needs not look at all of them. A message counts once, with its best block.
 *
 * Worth is what FTS5 says (bm25), lessened with age to half. Among all that match, age is told by the number of the doc; among
 * the best, by the time of the message. */
#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-index.h"

#include "model/bobbin-message.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_TITLES   8            /* when not only they are asked for: what was said is seen below them */
#define CANDIDATES   64
#define BUDGET_US    (250 * 1000) /* for each way */
#define HALF_LIFE_US ((double) 60 * G_TIME_SPAN_DAY)

typedef struct
{
  char              *text;
  char              *agent;  /* (nullable) */
  char              *roles;  /* (nullable): nicks, each between commas */
  BobbinSearchQuery  query;  /* the rest */
} SearchArgs;

typedef struct
{
  gint64            thread_id;
  gint64            message_id;
  gint64            block_id;
  gint64            time_us;
  double            score;     /* less is better */
  BobbinSearchParts part;
  BobbinRole        role;
  /* owned, nullable */
  char             *title;
  char             *agent;
  char             *plain;     /* what the index has where it is not the text of the block */
} Found;

typedef struct
{
  BobbinStoreDb    *db;
  const SearchArgs *args;
  GPtrArray        *terms;    /* of BobbinSearchTerm */
  GArray           *found;    /* of Found, best first */
  GHashTable       *seen;     /* messages, and threads found by title as minus their id */
  guint             want;     /* so many are enough */
  gboolean          more;     /* something was not looked at */
  gint64            now_us;
} Search;

#define LABEL(label, thread) \
  " AND (" label " = 0 OR EXISTS (SELECT 1 FROM thread_labels l WHERE l.thread_id = " thread " AND l.label_id = " label "))"
#define OF_DOC \
  "d.block_id, d.message_id, d.part, m.thread_id, m.role, m.created_us, d.plain, t.title, m.agent_name"
#define JOINS(id) \
  " CROSS JOIN docs d ON d.id = " id " CROSS JOIN messages m ON m.id = d.message_id CROSS JOIN threads t ON t.id = m.thread_id"
/* What every message has to pass; parameters 4 to 11. */
#define FILTERS \
  " AND t.deleted_us = 0 AND (?4 = 0 OR t.account_id = ?4)" \
  " AND (?5 IS NULL OR ?5 IN (ifnull (m.agent_id, t.agent_id), ifnull (m.agent_name, t.agent_name)))" \
  " AND (?6 IS NULL OR instr (?6, ',' || m.role || ',') > 0) AND (d.part & ?7) <> 0" \
  " AND m.created_us >= ?8 AND (?9 = 0 OR m.created_us < ?9)" \
  " AND (?10 = 0 OR EXISTS (SELECT 1 FROM blocks a WHERE a.message_id = m.id AND a.kind IN ('image', 'file')))" \
  LABEL ("?11", "t.id")
#define SCORE "bm25 (body_words) * (0.5 + 0.5 * body_words.rowid / ?2)"

/* The best of all that match; whether one is in the bin is known only then. For when nothing is filtered. */
static const char best_sql[] =
  "SELECT " OF_DOC ", s.score, NULL, t.deleted_us = 0 AND ?10 = 0 AND ?11 = 0"
  " FROM (SELECT rowid AS id, " SCORE " AS score FROM body_words WHERE body_words MATCH ?1 ORDER BY score LIMIT ?3) s"
  JOINS ("s.id") " ORDER BY s.score";
static const char best_filtered_sql[] =
  "SELECT " OF_DOC ", " SCORE " AS score, NULL, 1 FROM body_words" JOINS ("body_words.rowid")
  " WHERE body_words MATCH ?1" FILTERS " ORDER BY score LIMIT ?3";
static const char newest_sql[] =
  "SELECT " OF_DOC ", 0, NULL, 1 FROM body_words" JOINS ("body_words.rowid")
  " WHERE body_words MATCH ?1" FILTERS " ORDER BY body_words.rowid DESC";
static const char grams_sql[] =
  "SELECT " OF_DOC ", 0, b.text, 1 FROM body_grams" JOINS ("body_grams.rowid")
  " CROSS JOIN blocks b ON b.id = d.block_id WHERE body_grams MATCH ?1" FILTERS " ORDER BY body_grams.rowid DESC";
static const char reading_sql[] =
  "SELECT " OF_DOC ", 0, b.text, 1 FROM docs d CROSS JOIN blocks b ON b.id = d.block_id"
  " CROSS JOIN messages m ON m.id = d.message_id CROSS JOIN threads t ON t.id = m.thread_id"
  " WHERE instr (ifnull (d.plain, b.text), ?1) > 0" FILTERS " ORDER BY d.id DESC";

#define OF_TITLE "t.id, t.last_used_us, t.title"
#define TITLE_FILTERS \
  " AND t.deleted_us = 0 AND (?3 = 0 OR t.account_id = ?3) AND (?4 IS NULL OR ?4 IN (t.agent_id, t.agent_name))" \
  " AND t.last_used_us >= ?5 AND (?6 = 0 OR t.created_us < ?6)" LABEL ("?7", "t.id")

static const char title_words_sql[] =
  "SELECT " OF_TITLE ", round (bm25 (title_words), 1) AS score FROM title_words CROSS JOIN threads t ON t.id = title_words.rowid"
  " WHERE title_words MATCH ?1" TITLE_FILTERS " ORDER BY score, t.last_used_us DESC LIMIT ?2";
static const char title_grams_sql[] =
  "SELECT " OF_TITLE ", 0 FROM title_grams CROSS JOIN threads t ON t.id = title_grams.rowid"
  " WHERE title_grams MATCH ?1" TITLE_FILTERS " ORDER BY title_grams.rowid DESC LIMIT ?2";
static const char title_reading_sql[] =
  "SELECT " OF_TITLE ", 0 FROM threads t WHERE instr (t.title, ?1) > 0" TITLE_FILTERS " ORDER BY t.last_used_us DESC LIMIT ?2";

static const char last_sql[] = "SELECT max (id) FROM docs";
static const char waiting_sql[] = "SELECT count (*) FROM (SELECT 1 FROM docs WHERE part = 0 LIMIT 1)";
static const char text_sql[] = "SELECT text FROM blocks WHERE id = ?";

/* Columns of the rows above. */
enum { COL_BLOCK, COL_MESSAGE, COL_PART, COL_THREAD, COL_ROLE, COL_TIME, COL_PLAIN, COL_TITLE, COL_AGENT, COL_SCORE, COL_TEXT, COL_SHOWN };

static void
found_clear (Found *found)
{
  g_free (found->title);
  g_free (found->agent);
  g_free (found->plain);
}

void
bobbin_search_hit_free (BobbinSearchHit *self)
{
  g_free (self->title);
  g_free (self->excerpt);
  g_free (self->agent);
  g_free (self);
}

void
bobbin_search_page_free (BobbinSearchPage *self)
{
  g_ptr_array_unref (self->hits);
  g_free (self);
}

static gboolean
has_enough (Search *search)
{
  return search->found->len >= search->want;
}

/* FALSE with @error unless it is only that the time for one way was over. */
static gboolean
settle (Search    *search,
        GError    *local,
        gboolean  *ret_late,
        GError   **error)
{
  if (ret_late != NULL)
    *ret_late = FALSE;
  if (local == NULL)
    return TRUE;
  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED) && !g_cancellable_is_cancelled (search->db->cancellable))
    {
      if (ret_late != NULL)
        *ret_late = TRUE;
      search->more = TRUE;
      g_error_free (local);
      return TRUE;
    }

  g_propagate_error (error, local);
  return FALSE;
}

static double
weigh (Search *search,
       double  score,
       gint64  time_us)
{
  double age = (double) MAX (search->now_us - time_us, 0) / HALF_LIFE_US;

  return score * (0.5 + 0.5 * exp2 (-age));
}

/* Takes the strings of @found. */
static void
add_found (Search *search,
           Found  *found)
{
  gint64 key = found->message_id != 0 ? found->message_id : -found->thread_id;

  if (g_hash_table_add (search->seen, g_memdup2 (&key, sizeof key)))
    g_array_append_vals (search->found, found, 1);
  else
    found_clear (found);
}

static int
compare_found (gconstpointer a,
               gconstpointer b)
{
  const Found *first = a, *second = b;

  if (first->score != second->score)
    return first->score < second->score ? -1 : 1;

  return first->time_us > second->time_us ? -1 : first->time_us < second->time_us ? 1 : 0;
}

/* What a way found, in its own order: it comes after what was found before. */
static void
sort_from (Search *search,
           guint   from)
{
  Found *found = (Found *) (gpointer) search->found->data;

  if (search->found->len > from + 1)
    qsort (found + from, search->found->len - from, sizeof (Found), compare_found);
}

static sqlite3_stmt *
ask (Search      *search,
     const char  *sql,
     const char  *match,
     gint64       second,
     gint64       limit,
     GError     **error)
{
  const SearchArgs *args = search->args;
  const BobbinSearchQuery *query = &args->query;

  search->db->deadline_us = g_get_monotonic_time () + BUDGET_US;

  return bobbin_db_query (search->db, error, sql, DB_TEXT (match), DB_INT (second), DB_INT (limit), DB_INT (query->account_id),
                          DB_TEXT (args->agent), DB_TEXT (args->roles), DB_INT (query->parts), DB_INT (query->from_us),
                          DB_INT (query->until_us), DB_INT (query->with_files), DB_INT (query->label_id));
}

static void
read_found (Search       *search,
            sqlite3_stmt *statement)
{
  Found found = { .block_id = sqlite3_column_int64 (statement, COL_BLOCK), .message_id = sqlite3_column_int64 (statement, COL_MESSAGE),
                  .part = (BobbinSearchParts) sqlite3_column_int (statement, COL_PART),
                  .thread_id = sqlite3_column_int64 (statement, COL_THREAD), .time_us = sqlite3_column_int64 (statement, COL_TIME) };

  if (!bobbin_role_from_nick ((const char *) sqlite3_column_text (statement, COL_ROLE), &found.role))
    found.role = BOBBIN_ROLE_ASSISTANT;
  found.score = weigh (search, sqlite3_column_double (statement, COL_SCORE), found.time_us);
  found.title = _bobbin_db_dup_text (statement, COL_TITLE);
  found.agent = _bobbin_db_dup_text (statement, COL_AGENT);
  found.plain = _bobbin_db_dup_text (statement, COL_PLAIN);
  add_found (search, &found);
}

/* A row that has its text with it is looked at: the index knows neither order nor what it was not asked for. */
static gboolean
is_confirmed (Search       *search,
              sqlite3_stmt *statement)
{
  int at = sqlite3_column_type (statement, COL_PLAIN) != SQLITE_NULL ? COL_PLAIN : COL_TEXT;

  if (sqlite3_column_type (statement, COL_TEXT) == SQLITE_NULL)
    return TRUE;

  return _bobbin_excerpt_matches (search->terms, (const char *) sqlite3_column_text (statement, at),
                                  (gsize) sqlite3_column_bytes (statement, at));
}

/* Of an order by words: the terms that are no words. */
static gboolean
has_wordless (Search *search)
{
  for (guint i = 0; i < search->terms->len; i++)
    if (*((BobbinSearchTerm *) g_ptr_array_index (search->terms, i))->words == '\0')
      return TRUE;

  return FALSE;
}

/* (nullable): what of the block was found. */
static char *
dup_text (Search      *search,
          gint64       block_id,
          const char  *plain,
          GError     **error)
{
  sqlite3_stmt *statement;
  char *text = NULL;

  if (plain != NULL)
    return g_strdup (plain);

  statement = bobbin_db_query (search->db, error, text_sql, DB_INT (block_id));
  if (_bobbin_db_step (search->db, statement, error) > 0)
    {
      text = _bobbin_db_dup_text (statement, 0);
      sqlite3_reset (statement);
    }

  return text;
}

static gboolean
wordless_match (Search       *search,
                sqlite3_stmt *statement,
                GError      **error)
{
  g_autofree char *text = dup_text (search, sqlite3_column_int64 (statement, COL_BLOCK),
                                    (const char *) sqlite3_column_text (statement, COL_PLAIN), error);

  for (guint i = 0; text != NULL && i < search->terms->len; i++)
    {
      const BobbinSearchTerm *term = g_ptr_array_index (search->terms, i);

      if (*term->words == '\0' && term->needle != NULL && bobbin_needle_count (term->needle, text, strlen (text)) == 0)
        return FALSE;
    }

  return text != NULL;
}

/* Takes rows until there are @enough or no more. @ret_n: how many were seen. */
static gboolean
take_rows (Search        *search,
           sqlite3_stmt  *statement,
           guint          enough,
           gint64        *ret_n,
           gboolean      *ret_late,
           GError       **error)
{
  gboolean wordless = has_wordless (search);
  GError *local = NULL;
  int more = 0;

  *ret_n = 0;
  while (search->found->len < enough && (more = _bobbin_db_step (search->db, statement, &local)) > 0)
    {
      (*ret_n)++;
      if (sqlite3_column_int (statement, COL_SHOWN) == 0 || !is_confirmed (search, statement))
        continue;
      if (wordless && sqlite3_column_type (statement, COL_TEXT) == SQLITE_NULL && !wordless_match (search, statement, &local))
        {
          if (local != NULL)
            break;
          continue;
        }
      read_found (search, statement);
    }
  if (more > 0 && local == NULL)
    search->more = TRUE;
  sqlite3_reset (statement);

  return settle (search, local, ret_late, error);
}

static gboolean
run_way (Search      *search,
         const char  *sql,
         const char  *match,
         gint64       second,
         gint64       limit,
         guint        enough,
         gint64      *ret_n,
         gboolean    *ret_late,
         GError     **error)
{
  g_autoptr(GError) local = NULL;
  sqlite3_stmt *statement = ask (search, sql, match, second, limit, &local);

  if (statement == NULL)
    {
      *ret_n = 0;
      return settle (search, g_steal_pointer (&local), ret_late, error);
    }

  return take_rows (search, statement, enough, ret_n, ret_late, error);
}

static gboolean
is_filtered (const SearchArgs *args)
{
  const BobbinSearchQuery *query = &args->query;

  return query->account_id != 0 || args->agent != NULL || args->roles != NULL || query->from_us != 0 || query->until_us != 0 ||
         query->with_files || query->label_id != 0 || (query->parts & BOBBIN_SEARCH_BODIES) != BOBBIN_SEARCH_BODIES;
}

static gboolean
collect_newest (Search      *search,
                const char  *sql,
                const char  *match,
                GError     **error)
{
  gint64 n;

  return match == NULL || has_enough (search) || run_way (search, sql, match, 0, 0, search->want + 1, &n, NULL, error);
}

static gboolean
collect_best (Search      *search,
              const char  *match,
              GError     **error)
{
  gint64 limit = MAX (CANDIDATES, (gint64) search->want * 5 / 4);
  guint from = search->found->len;
  gboolean late = FALSE;
  gint64 last, n;

  if (match == NULL)
    return TRUE;
  if (_bobbin_query_is_vague (search->terms))
    return collect_newest (search, newest_sql, match, error);
  if (!_bobbin_db_get_int (search->db, bobbin_db_query (search->db, error, last_sql), 1, &last, error))
    return FALSE;

  if (!is_filtered (search->args))
    {
      if (!run_way (search, best_sql, match, MAX (last, 1), limit, G_MAXUINT, &n, &late, error))
        return FALSE;
      search->more |= n == limit;
      /* What was best is in the bin, or all of one message: look further. */
      if (!late && (n < limit || has_enough (search)))
        {
          sort_from (search, from);
          return TRUE;
        }
    }
  if (!late && !run_way (search, best_filtered_sql, match, MAX (last, 1), limit, G_MAXUINT, &n, &late, error))
    return FALSE;
  search->more |= n == limit;
  sort_from (search, from);

  return !late || collect_newest (search, newest_sql, match, error);
}

static gboolean
collect_titles (Search      *search,
                const char  *sql,
                const char  *match,
                GError     **error)
{
  const SearchArgs *args = search->args;
  gboolean only = (args->query.parts & BOBBIN_SEARCH_BODIES) == 0;
  guint max = only ? search->want + 1 : MAX_TITLES;
  guint from = search->found->len;
  GError *local = NULL;
  sqlite3_stmt *statement;
  int more = 0;

  if (match == NULL || from >= max)
    return TRUE;

  search->db->deadline_us = g_get_monotonic_time () + BUDGET_US;
  statement = bobbin_db_query (search->db, &local, sql, DB_TEXT (match), DB_INT (4 * (gint64) max), DB_INT (args->query.account_id),
                               DB_TEXT (args->agent), DB_INT (args->query.from_us), DB_INT (args->query.until_us),
                               DB_INT (args->query.label_id));
  while (search->found->len < max && (more = _bobbin_db_step (search->db, statement, &local)) > 0)
    {
      Found found = { .thread_id = sqlite3_column_int64 (statement, 0), .time_us = sqlite3_column_int64 (statement, 1),
                      .part = BOBBIN_SEARCH_TITLES };
      const char *title = (const char *) sqlite3_column_text (statement, 2);

      if (title == NULL || (sql != title_words_sql &&
                            !_bobbin_excerpt_matches (search->terms, title, (gsize) sqlite3_column_bytes (statement, 2))))
        continue;
      found.score = weigh (search, sqlite3_column_double (statement, 3), found.time_us);
      found.title = _bobbin_db_dup_text (statement, 2);
      add_found (search, &found);
    }
  if (statement != NULL)
    sqlite3_reset (statement);
  search->more |= more > 0 && only;
  sort_from (search, from);

  return settle (search, local, NULL, error);
}

static gboolean
search_all (Search  *search,
            GError **error)
{
  const SearchArgs *args = search->args;
  g_autofree char *words = _bobbin_query_words (search->terms);
  g_autofree char *grams = _bobbin_query_grams (search->terms);
  const BobbinSearchTerm *unindexed = _bobbin_query_unindexed (search->terms);
  const char *reading = unindexed != NULL ? unindexed->text : NULL;

  /* A title was said by nobody and has no files. */
  if ((args->query.parts & BOBBIN_SEARCH_TITLES) != 0 && args->roles == NULL && !args->query.with_files &&
      (!collect_titles (search, title_words_sql, words, error) || !collect_titles (search, title_grams_sql, grams, error) ||
       !collect_titles (search, title_reading_sql, reading, error)))
    return FALSE;
  if ((args->query.parts & BOBBIN_SEARCH_BODIES) == 0)
    return TRUE;

  return collect_best (search, words, error) && collect_newest (search, grams_sql, grams, error) &&
         collect_newest (search, reading_sql, reading, error);
}

static gboolean
add_hit (Search     *search,
         Found      *found,
         GPtrArray  *hits,
         GError    **error)
{
  gboolean is_title = found->message_id == 0;
  gboolean is_prose = is_title || (found->part & (BOBBIN_SEARCH_TEXT | BOBBIN_SEARCH_THINKING)) != 0;
  g_autoptr(GError) local = NULL;
  g_autofree char *text = is_title ? g_strdup (found->title) : dup_text (search, found->block_id, found->plain, &local);
  BobbinSearchHit *hit;

  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  hit = g_new0 (BobbinSearchHit, 1);
  hit->thread_id = found->thread_id;
  hit->message_id = found->message_id;
  hit->block_id = found->block_id;
  hit->created_us = found->time_us;
  hit->part = found->part;
  hit->role = found->role;
  hit->title = g_steal_pointer (&found->title);
  hit->agent = g_steal_pointer (&found->agent);
  hit->excerpt = _bobbin_excerpt_new (search->terms, text != NULL ? text : "", text != NULL ? strlen (text) : 0, is_prose,
                                      &hit->nth);
  g_ptr_array_add (hits, hit);

  return TRUE;
}

static gboolean
make_page (Search            *search,
           BobbinSearchPage  *page,
           GError           **error)
{
  const BobbinSearchQuery *query = &search->args->query;
  guint end = (guint) MIN ((guint64) query->offset + query->limit, search->found->len);
  gint64 waiting;

  search->db->deadline_us = 0;
  page->n_found = search->found->len;
  page->more = search->more;
  for (guint i = query->offset; i < end; i++)
    if (!add_hit (search, &g_array_index (search->found, Found, i), page->hits, error))
      return FALSE;
  if (!_bobbin_db_get_int (search->db, bobbin_db_query (search->db, error, waiting_sql), 0, &waiting, error))
    return FALSE;
  page->incomplete = waiting != 0;

  return TRUE;
}

static gboolean
search_run (BobbinStoreDb  *db,
            gpointer        data,
            gpointer       *ret_result,
            GError        **error)
{
  const SearchArgs *args = data;
  g_autoptr(GPtrArray) terms = _bobbin_query_parse (args->text);
  g_autoptr(GArray) found = g_array_new (FALSE, FALSE, sizeof (Found));
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr(BobbinSearchPage) page = g_new0 (BobbinSearchPage, 1);
  Search search = { .db = db, .args = args, .terms = terms, .found = found, .seen = seen, .now_us = g_get_real_time (),
                    .want = (guint) MIN ((guint64) args->query.offset + args->query.limit, G_MAXINT) };

  g_array_set_clear_func (found, (GDestroyNotify) found_clear);
  page->hits = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_search_hit_free);
  if (!search_all (&search, error) || !make_page (&search, page, error))
    return FALSE;

  *ret_result = g_steal_pointer (&page);
  return TRUE;
}

static void
search_args_free (SearchArgs *args)
{
  g_free (args->text);
  g_free (args->agent);
  g_free (args->roles);
  g_free (args);
}

static const BobbinStoreOpInfo search_info =
  { "search", BOBBIN_STORE_READ, NULL, search_run, (GDestroyNotify) search_args_free, (GDestroyNotify) bobbin_search_page_free };

static char *
dup_roles (guint roles)
{
  GString *nicks;

  if (roles == 0)
    return NULL;

  nicks = g_string_new (",");
  for (guint role = 0; role < BOBBIN_N_ROLES; role++)
    if ((roles & (1u << role)) != 0)
      g_string_append_printf (nicks, "%s,", bobbin_role_get_nick ((BobbinRole) role));

  return g_string_free (nicks, FALSE);
}

void
bobbin_store_search_async (BobbinStore             *self,
                           const BobbinSearchQuery *query,
                           GCancellable            *cancellable,
                           GAsyncReadyCallback      callback,
                           gpointer                 user_data)
{
  SearchArgs *args;

  g_return_if_fail (BOBBIN_IS_STORE (self));
  g_return_if_fail (query != NULL && query->text != NULL);

  args = g_new0 (SearchArgs, 1);
  args->query = *query;
  args->query.text = args->query.agent = NULL;
  if (args->query.parts == 0)
    args->query.parts = BOBBIN_SEARCH_ALL;
  args->text = g_utf8_make_valid (query->text, -1);
  args->agent = g_strdup (query->agent);
  args->roles = dup_roles (query->roles);
  _bobbin_store_submit (self, bobbin_store_search_async, &search_info, args, cancellable, callback, user_data);
}

BobbinSearchPage *
bobbin_store_search_finish (BobbinStore   *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  return _bobbin_store_take (self, result, bobbin_store_search_async, error);
}
