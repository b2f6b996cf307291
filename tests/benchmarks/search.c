/* Searching in a large profile, the core's part (run-benchmarks.py has the rest).
 *
 *   search make DIR N          writes a profile of N messages of about 500 bytes, through the store's own code
 *   search measure DIR         prints a JSON object a line: the sizes; then for each question what a first page costs (CPU, ms)
 *                              and the same question for the bare sqlite3 shell, which has the same tables to ask
 *
 * Words are frequent as in a language (Zipf), made of syllables; one message in twenty is Chinese, one in ten has code. */
#define G_LOG_DOMAIN "bobbin-search-bench"
#include "config.h"

#include "model/bobbin-account.h"
#include "model/bobbin-block.h"
#include "model/bobbin-message.h"
#include "model/bobbin-thread.h"
#include "store/bobbin-store-bulk.h"
#include "store/bobbin-store-index.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define N_WORDS      30000
#define TEXT_BYTES   500
#define PER_THREAD   100
#define IN_FLIGHT    500
#define PAGE         50
#define TIMES        7
#define NOW_US       G_GINT64_CONSTANT (1790000000000000)
#define STEP_US      (5 * G_TIME_SPAN_MINUTE)

static const char *const syllables[] = {
  "ba", "ker", "ti", "mon", "der", "li", "sa", "ver", "no", "tra", "pel", "gu", "ris", "ten", "wo", "mar", "chi", "lan", "fo", "ster",
  "qua", "in", "dex", "ol", "pre", "sum", "hy", "dro", "ka", "zen",
};

static char *words[N_WORDS];
static double chances[N_WORDS];
static guint n_pending;

static void
make_words (GRand *random)
{
  double sum = 0;

  for (guint i = 0; i < N_WORDS; i++)
    {
      guint n = (guint) g_rand_int_range (random, 1, 5);
      GString *word = g_string_new (NULL);

      for (guint j = 0; j < n || word->len < 2; j++)
        g_string_append (word, syllables[g_rand_int_range (random, 0, G_N_ELEMENTS (syllables))]);
      /* Most are their own; the frequent ones are short. */
      if (i > 500)
        g_string_append_printf (word, "%c%c", 'a' + (char) (i % 26), 'a' + (char) (i / 26 % 26));
      words[i] = g_string_free (word, FALSE);
      sum += 1 / (double) (i + 3);
      chances[i] = sum;
    }
}

static const char *
pick (GRand *random)
{
  double at = g_rand_double (random) * chances[N_WORDS - 1];
  guint low = 0, high = N_WORDS - 1;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (chances[middle] < at)
        low = middle + 1;
      else
        high = middle;
    }

  return words[low];
}

static void
append_chinese (GString *text,
                GRand   *random)
{
  while (text->len < TEXT_BYTES)
    {
      guint n = (guint) g_rand_int_range (random, 8, 30);

      /* A few hundred characters make most of a text. */
      for (guint i = 0; i < n; i++)
        g_string_append_unichar (text, 0x4e00 + (gunichar) (pow (g_rand_double (random), 3) * 3000));
      g_string_append (text, "。");
    }
}

static char *
make_text (GRand *random,
           guint  n)
{
  GString *text = g_string_new (NULL);

  if (n % 20 == 7)
    append_chinese (text, random);
  while (text->len < TEXT_BYTES)
    {
      g_string_append (text, pick (random));
      g_string_append (text, g_rand_int_range (random, 0, 12) == 0 ? ".\n" : " ");
    }
  if (n % 10 == 3)
    g_string_append_printf (text, "\n%s_%s (self->%s, 0x%08x);", pick (random), pick (random), pick (random), g_rand_int (random));

  return g_string_free (text, FALSE);
}

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  n_pending--;
  if (!bobbin_store_finish (BOBBIN_STORE (source), result, &error))
    g_error ("%s", error->message);
}

static void
wait_below (guint limit)
{
  while (n_pending >= limit && n_pending > 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      slot)
{
  *(GAsyncResult **) slot = g_object_ref (result);
}

static GAsyncResult *
await (GAsyncResult **slot)
{
  while (*slot == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *slot;
}

static BobbinStore *
open_store (const char *dir)
{
  BobbinStore *store = bobbin_sqlite_store_new (dir);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(BobbinStoreReport) report = NULL;

  bobbin_store_open_async (store, NULL, done_cb, &result);
  report = bobbin_store_open_finish (store, await (&result), &error);
  if (report == NULL)
    g_error ("%s", error->message);

  return store;
}

static void
add_message (BobbinStore *store,
             gint64       thread_id,
             GRand       *random,
             guint        n,
             gint64       time_us)
{
  g_autoptr(BobbinMessage) message = bobbin_message_new (0, n % 2 == 0 ? BOBBIN_ROLE_USER : BOBBIN_ROLE_ASSISTANT, time_us);
  g_autoptr(BobbinBlock) block = bobbin_block_new (0, BOBBIN_BLOCK_TEXT);
  g_autofree char *text = make_text (random, n);

  bobbin_block_set_text (block, text);
  bobbin_block_set_state (block, BOBBIN_BLOCK_DONE);
  bobbin_message_add_block (message, block);
  bobbin_message_set_delivery (message, BOBBIN_DELIVERY_COMPLETE);
  bobbin_message_set_finished_us (message, time_us);
  n_pending++;
  bobbin_store_save_message_async (store, thread_id, message, NULL, saved_cb, NULL);
  wait_below (IN_FLIGHT);
}

static int
make (const char *dir,
      guint       n_messages)
{
  g_autoptr(GRand) random = g_rand_new_with_seed (7);
  g_autoptr(BobbinAccount) account = bobbin_account_new (0, BOBBIN_SERVICE_DEMO, "Demo Agent", "http://127.0.0.1/");
  BobbinStore *store = open_store (dir);

  make_words (random);
  n_pending += 2;
  bobbin_store_save_account_async (store, account, NULL, saved_cb, NULL);
  _bobbin_store_begin_bulk_async (store, NULL, saved_cb, NULL);
  for (guint n = 0; n < n_messages; n += PER_THREAD)
    {
      gint64 time_us = NOW_US - (gint64) (n_messages - n) * STEP_US;
      g_autoptr(BobbinThread) thread = bobbin_thread_new (0, bobbin_account_get_id (account));
      g_autofree char *title = g_strdup_printf ("%s %s %s", pick (random), pick (random), pick (random));

      bobbin_thread_set_title (thread, title, BOBBIN_TITLE_DERIVED);
      bobbin_thread_set_created_us (thread, time_us);
      bobbin_thread_set_last_used_us (thread, time_us + PER_THREAD * STEP_US);
      n_pending++;
      bobbin_store_save_thread_async (store, thread, NULL, saved_cb, NULL);
      for (guint i = 0; i < PER_THREAD && n + i < n_messages; i++)
        add_message (store, bobbin_thread_get_id (thread), random, n + i, time_us + (gint64) i * STEP_US);
    }
  n_pending++;
  _bobbin_store_end_bulk_async (store, NULL, saved_cb, NULL);
  wait_below (1);
  bobbin_store_close (store);
  g_object_unref (store);

  return 0;
}

static double
cpu_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);

  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

static guint
search_once (BobbinStore *store,
             const char  *text,
             double      *ret_ms)
{
  const BobbinSearchQuery query = { .text = text, .limit = PAGE };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(BobbinSearchPage) page = NULL;
  double before = cpu_ms ();

  bobbin_store_search_async (store, &query, NULL, done_cb, &result);
  page = bobbin_store_search_finish (store, await (&result), &error);
  if (page == NULL)
    g_error ("%s", error->message);
  *ret_ms = cpu_ms () - before;

  return page->hits->len;
}

static char *
quote_sql (const char *text)
{
  GString *quoted = g_string_new (text);

  g_string_replace (quoted, "'", "''", 0);

  return g_string_free (quoted, FALSE);
}

#define FOUND "SELECT m.thread_id, m.id, m.role, m.created_us, t.title, m.agent_name, b.text FROM "
#define JOINS " JOIN docs d ON d.id = %s.rowid JOIN messages m ON m.id = d.message_id JOIN threads t ON t.id = m.thread_id" \
              " JOIN blocks b ON b.id = d.block_id WHERE %s MATCH '%s' AND t.deleted_us = 0 ORDER BY %s LIMIT %d;"
#define TITLES "SELECT t.id, t.title, t.last_used_us FROM %s JOIN threads t ON t.id = %s.rowid WHERE %s MATCH '%s'" \
               " AND t.deleted_us = 0 ORDER BY %s LIMIT %d;"

/* What somebody would type who knows the tables and asks the same: titles with the words and with the letters, and a page of
 * messages with their text, the best with the words, and where they fill no page, the newest with the letters. */
static char *
make_sql (const char *text,
          guint       n_words)
{
  g_autoptr(GPtrArray) terms = _bobbin_query_parse (text);
  g_autofree char *asked = _bobbin_query_words (terms);
  g_autofree char *grams = _bobbin_query_grams (terms);
  g_autofree char *by_words = quote_sql (asked);
  g_autofree char *by_grams = quote_sql (grams != NULL ? grams : "");
  GString *sql = g_string_new (NULL);

  g_string_append_printf (sql, TITLES FOUND "body_words" JOINS, "title_words", "title_words", "title_words", by_words, "rank", PAGE,
                          "body_words", "body_words", by_words, "rank", PAGE);
  if (grams != NULL)
    g_string_append_printf (sql, TITLES, "title_grams", "title_grams", "title_grams", by_grams,
                            "title_grams.rowid DESC", PAGE);
  if (grams != NULL && n_words < PAGE)
    g_string_append_printf (sql, FOUND "body_grams" JOINS, "body_grams", "body_grams", by_grams, "body_grams.rowid DESC", PAGE);

  return g_string_free (sql, FALSE);
}

static void
print_object (JsonObject *object)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;

  json_node_set_object (node, object);
  text = json_to_string (node, FALSE);
  /* g_print() would write what the locale has no letters for as question marks, and the shell be asked for those. */
  puts (text);
}

/* @n_words: how many messages have it as a word, as far as that fills a page. */
static void
measure (BobbinStore *store,
         const char  *name,
         const char  *text,
         guint        n_words)
{
  g_autoptr(JsonObject) object = json_object_new ();
  g_autofree char *sql = NULL;
  double best = G_MAXDOUBLE;
  guint n = 0;

  for (guint i = 0; i < TIMES; i++)
    {
      double ms;

      n = search_once (store, text, &ms);
      best = MIN (best, ms);
    }
  sql = make_sql (text, MIN (n, n_words));
  json_object_set_string_member (object, "name", name);
  json_object_set_string_member (object, "query", text);
  json_object_set_int_member (object, "hits", n);
  json_object_set_double_member (object, "ms", best);
  json_object_set_string_member (object, "sql", sql);
  print_object (object);
}

static int
measure_all (const char *dir)
{
  g_autoptr(GRand) random = g_rand_new_with_seed (7);
  BobbinStore *store = open_store (dir);
  g_autofree char *two = NULL;
  g_autofree char *phrase = NULL;
  g_autofree char *prefix = NULL;

  make_words (random);
  two = g_strdup_printf ("%s %s ", words[40], words[300]);
  phrase = g_strdup_printf ("\"%s %s\"", words[5], words[9]);
  prefix = g_strndup (words[2000], 4);
  measure (store, "rare", words[20000], 0);
  measure (store, "middling", words[1000], PAGE);
  measure (store, "common", words[20], PAGE);
  measure (store, "most-common", words[0], PAGE);
  measure (store, "two", two, PAGE);
  measure (store, "phrase", phrase, PAGE);
  measure (store, "prefix", prefix, PAGE);
  measure (store, "chinese", "丅丈", 0);
  measure (store, "inside", words[20000] + 2, 0);
  measure (store, "code", "(self->", 0);
  bobbin_store_close (store);
  g_object_unref (store);

  return 0;
}

int
main (int   argc,
      char *argv[])
{
  if (argc == 4 && g_str_equal (argv[1], "make"))
    return make (argv[2], (guint) g_ascii_strtoull (argv[3], NULL, 10));
  if (argc == 3 && g_str_equal (argv[1], "measure"))
    return measure_all (argv[2]);

  g_printerr ("search make DIR N | measure DIR\n");
  return 2;
}
