#define G_LOG_DOMAIN "bobbin-test"
#include "config.h"
#include "store-fixture.h"

#include <string.h>

typedef struct
{
  BobbinStore   *store;
  BobbinAccount *account;
  BobbinThread  *thread;
} Fixture;

static void
set_up (Fixture       *self,
        gconstpointer  data)
{
  self->store = fixture_open (NULL, NULL);
  self->account = fixture_add_account (self->store, "A");
  self->thread = fixture_add_thread (self->store, self->account, "Holiday in Österreich", 1000);
}

static void
tear_down (Fixture       *self,
           gconstpointer  data)
{
  assert_index_is_true (self->store);
  g_clear_object (&self->account);
  g_clear_object (&self->thread);
  fixture_close (self->store);
}

static void
finish (Fixture      *self,
        GAsyncResult *taken)
{
  g_autoptr(GAsyncResult) result = taken;
  g_autoptr(GError) error = NULL;

  bobbin_store_finish (self->store, result, &error);
  g_assert_no_error (error);
}

static guint
count (Fixture    *self,
       const char *query)
{
  g_autoptr(GPtrArray) hits = fixture_search (self->store, query);

  return hits->len;
}

static char *
excerpt (Fixture    *self,
         const char *query)
{
  g_autoptr(GPtrArray) hits = fixture_search (self->store, query);

  g_assert_cmpuint (hits->len, >, 0);
  return g_strdup (((BobbinSearchHit *) g_ptr_array_index (hits, 0))->excerpt);
}

#define OPEN  "\xee\x80\x80"
#define CLOSE "\xee\x80\x81"

static void
test_queries (Fixture       *self,
              gconstpointer  data)
{
  static const struct { const char *query; guint n; } rows[] = {
    { "", 0 }, { "   ", 0 }, { "train", 1 }, { "TRAIN", 1 }, { "tra", 1 }, { "tra ", 1 }, { "rai", 1 }, { "train*", 1 },
    { "\"the train\"", 1 }, { "\"train the\"", 0 }, { "train leaves", 1 }, { "train xyz", 0 }, { "cafe", 1 }, { "café", 1 },
    { "CAFÉ", 1 }, { "osterreich", 1 }, { "holi", 1 }, { "北京", 1 }, { "北京烤", 1 }, { "烤鸭", 1 }, { "鸭 北京", 1 }, { "南京", 0 },
    { "도서관", 1 }, { "서관", 1 }, { "c->x", 1 }, { "->", 1 }, { "c -> ", 1 }, { "parse_json", 1 }, { "se_js", 1 },
    { "приве", 1 }, { "ПРИВЕТ", 1 }, { "b*", 1 }, { "zz", 0 },
  };
  static const char *const texts[] = {
    "When the train leaves the café", "我喜欢北京烤鸭", "도서관에서", "int c->x = parse_json (b);", "привет мир" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(BobbinMessage) message = fixture_add_message (self->store, self->thread, BOBBIN_ROLE_USER, texts[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      guint n = count (self, rows[i].query);

      if (n != rows[i].n)
        g_test_message ("\"%s\": %u", rows[i].query, n);
      g_assert_cmpuint (n, ==, rows[i].n);
    }
}

/* Whatever is typed is an answer, not an error. */
static void
test_never_a_syntax_error (Fixture       *self,
                           gconstpointer  data)
{
  static const char *const queries[] = {
    "\"", "\"\"", "\"\"\"", "'", "*", "**", "a*b", "^a", "a AND", "AND", "OR OR", "NOT", "NEAR(", "NEAR(a b, 3)", "a:b",
    "body:x", "-a", "+", "()", "(", "{}", "a\\", ";--", "%", "_", "\x01", "\x02\x01", "\xff\xfe", "a\nb", "\t", "😀", "😀😀😀",
    "a\"b", "\"a* b\"*", "rank", "body_words", "\xee\x80\x80",
  };
  g_autoptr(BobbinMessage) message = fixture_add_message (self->store, self->thread, BOBBIN_ROLE_USER,
                                                          "a b AND OR NOT (body:x) 😀😀😀 \x01\x02 %_ \xee\x80\x80");
  g_autofree char *long_query = g_strnfill (100000, 'q');
  g_autoptr(GString) many = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    count (self, queries[i]);
  for (guint i = 0; i < 5000; i++)
    g_string_append (many, "w ");
  count (self, many->str);
  count (self, long_query);
  /* Random bytes and random punctuation. */
  for (guint i = 0; i < 300; i++)
    {
      char query[12] = { 0 };

      for (guint j = 0; j < sizeof query - 1; j++)
        query[j] = (char) (i % 2 == 0 ? g_test_rand_int_range (1, 256) : "\"*()^:-+{}, aAND"[g_test_rand_int_range (0, 16)]);
      count (self, query);
    }
}

static void
test_excerpts (Fixture       *self,
               gconstpointer  data)
{
  g_autoptr(GString) text = g_string_new ("first line\n");
  g_autoptr(BobbinMessage) message = NULL;
  g_autofree char *far = NULL;
  g_autofree char *line = NULL;
  g_autofree char *title = NULL;

  for (guint i = 0; i < 500; i++)
    g_string_append (text, "filler ");
  g_string_append (text, "needle and thread\nlast\tline \xee\x80\x80 here\x07");
  message = fixture_add_message (self->store, self->thread, BOBBIN_ROLE_USER, text->str);

  far = excerpt (self, "needle");
  g_assert_true (g_str_has_prefix (far, "…"));
  g_assert_true (g_str_has_suffix (far, OPEN "needle" CLOSE " and thread"));
  g_assert_cmpint (g_utf8_strlen (far, -1), <, 300);
  line = excerpt (self, "here");
  g_assert_cmpstr (line, ==, "last line " OPEN "here" CLOSE);
  title = excerpt (self, "hol");
  g_assert_cmpstr (title, ==, OPEN "Holiday" CLOSE " in Österreich");
}

static void
test_hit (Fixture       *self,
          gconstpointer  data)
{
  g_autoptr(BobbinMessage) message = fixture_add_message (self->store, self->thread, BOBBIN_ROLE_USER, "apple apple apple");
  g_autoptr(BobbinMessage) weaker = fixture_make_message (BOBBIN_ROLE_ASSISTANT, "one apple among many other words that dilute it");
  g_autoptr(BobbinBlock) second = bobbin_block_new (0, BOBBIN_BLOCK_CODE);
  g_autoptr(GPtrArray) hits = NULL;
  BobbinSearchHit *hit;

  bobbin_block_set_text (second, "apple ()");
  bobbin_message_add_block (weaker, second);
  fixture_save_message (self->store, self->thread, weaker);
  hits = fixture_search (self->store, "apple");
  g_assert_cmpuint (hits->len, ==, 2); /* a message counts once */
  hit = g_ptr_array_index (hits, 0);
  g_assert_cmpint (hit->thread_id, ==, bobbin_thread_get_id (self->thread));
  g_assert_cmpstr (hit->title, ==, "Holiday in Österreich");
  g_assert_cmpint (hit->created_us, ==, bobbin_message_get_created_us (message));
  g_clear_pointer (&hits, g_ptr_array_unref);

  hits = fixture_search (self->store, "holiday");
  g_assert_cmpuint (hits->len, ==, 1);
  g_assert_cmpint (((BobbinSearchHit *) g_ptr_array_index (hits, 0))->message_id, ==, 0);
  g_clear_pointer (&hits, g_ptr_array_unref);

  bobbin_thread_set_deleted_us (self->thread, 1);
  finish (self, WAIT (bobbin_store_save_thread_async, self->store, self->thread));
  g_assert_cmpuint (count (self, "apple"), ==, 0);
  g_assert_cmpuint (count (self, "holiday"), ==, 0);
}

static void
test_kinds (Fixture       *self,
            gconstpointer  data)
{
  g_autoptr(BobbinMessage) message = bobbin_message_new (0, BOBBIN_ROLE_ASSISTANT, 1);
  g_autoptr(BobbinAttachment) attachment = fixture_import (self->store, "Bahnkarte.pdf", "x");

  for (guint kind = 0; kind < BOBBIN_N_BLOCK_KINDS; kind++)
    {
      g_autoptr(BobbinBlock) block = bobbin_block_new (0, (BobbinBlockKind) kind);
      g_autofree char *text = g_strdup_printf ("text%u", kind);
      g_autofree char *name = g_strdup_printf ("name%u", kind);
      g_autofree char *args = g_strdup_printf ("{\"q\":\"args%u\"}", kind);
      g_autofree char *result = g_strdup_printf ("result%u", kind);

      bobbin_block_set_text (block, text);
      bobbin_block_set_name (block, name);
      bobbin_block_set_data (block, args);
      bobbin_block_set_result (block, result);
      if (kind == BOBBIN_BLOCK_FILE)
        bobbin_block_set_attachment (block, attachment);
      bobbin_message_add_block (message, block);
    }
  fixture_save_message (self->store, self->thread, message);
  for (guint kind = 0; kind < BOBBIN_N_BLOCK_KINDS; kind++)
    {
      g_autofree char *text = g_strdup_printf ("\"text%u\"", kind);
      g_autofree char *args = g_strdup_printf ("\"args%u\"", kind);
      g_autofree char *result = g_strdup_printf ("\"result%u\"", kind);
      gboolean is_text = kind == BOBBIN_BLOCK_TEXT || kind == BOBBIN_BLOCK_THINKING || kind == BOBBIN_BLOCK_CODE;

      g_assert_cmpuint (count (self, text), ==, is_text || kind == BOBBIN_BLOCK_APPROVAL);
      g_assert_cmpuint (count (self, args), ==, kind == BOBBIN_BLOCK_TOOL_CALL || kind == BOBBIN_BLOCK_APPROVAL);
      g_assert_cmpuint (count (self, result), ==, kind == BOBBIN_BLOCK_TOOL_CALL);
    }
  g_assert_cmpuint (count (self, "bahnkarte"), ==, 1);
  g_assert_cmpuint (count (self, "karte.p"), ==, 1);
  g_assert_cmpuint (count (self, "name2"), ==, 1);
}

/* The index follows every way a row can change, and sees streamed text when the block is saved whole. */
static void
test_follows (Fixture       *self,
              gconstpointer  data)
{
  g_autoptr(BobbinMessage) message = fixture_add_message (self->store, self->thread, BOBBIN_ROLE_ASSISTANT, "alpha");
  BobbinBlock *block = bobbin_message_get_block (message, 0);

  finish (self, WAIT (bobbin_store_append_text_async, self->store, bobbin_block_get_id (block), 5, " bravo", 6));
  g_assert_cmpuint (count (self, "bravo"), ==, 0);
  assert_index_is_true (self->store);
  bobbin_block_append (block, " bravo", -1);
  finish (self, WAIT (bobbin_store_save_block_async, self->store, bobbin_message_get_id (message), 0, block));
  g_assert_cmpuint (count (self, "bravo"), ==, 1);
  bobbin_block_set_text (block, "charlie");
  fixture_save_message (self->store, self->thread, message);
  g_assert_cmpuint (count (self, "alpha"), ==, 0);
  g_assert_cmpuint (count (self, "charlie"), ==, 1);
  assert_index_is_true (self->store);
  bobbin_block_set_text (block, "");
  fixture_save_message (self->store, self->thread, message);
  g_assert_cmpuint (count (self, "charlie"), ==, 0);
  bobbin_message_remove_blocks (message);
  fixture_save_message (self->store, self->thread, message);
  assert_index_is_true (self->store);

  bobbin_thread_set_title (self->thread, "Renamed", BOBBIN_TITLE_USER);
  finish (self, WAIT (bobbin_store_save_thread_async, self->store, self->thread));
  g_assert_cmpuint (count (self, "holiday"), ==, 0);
  g_assert_cmpuint (count (self, "renamed"), ==, 1);
  finish (self, WAIT (bobbin_store_delete_thread_async, self->store, bobbin_thread_get_id (self->thread)));
  g_assert_cmpuint (count (self, "renamed"), ==, 0);
}

static void
test_limit_and_cancel (Fixture       *self,
                       gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  Answer answer = { NULL };

  for (guint i = 0; i < 60; i++)
    {
      g_autoptr(BobbinMessage) message = fixture_add_message (self->store, self->thread, BOBBIN_ROLE_USER, "same 漢");
    }
  g_assert_cmpuint (count (self, "same"), ==, 20);
  g_assert_cmpuint (count (self, "漢"), ==, 20);
  bobbin_store_search_async (self->store, "same", 5, cancellable, answer_cb, &answer);
  g_cancellable_cancel (cancellable);
  result = answer_wait (&answer);
  g_assert_null (bobbin_store_search_finish (self->store, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

#define ADD(path, test) g_test_add ("/store/search/" path, Fixture, NULL, set_up, test, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("queries", test_queries);
  ADD ("never-a-syntax-error", test_never_a_syntax_error);
  ADD ("excerpts", test_excerpts);
  ADD ("hit", test_hit);
  ADD ("kinds", test_kinds);
  ADD ("follows", test_follows);
  ADD ("limit-and-cancel", test_limit_and_cancel);

  return g_test_run ();
}
