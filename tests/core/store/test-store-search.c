#define G_LOG_DOMAIN "bobbin-test"
#include "config.h"
#include "store-fixture.h"

#include "model/bobbin-label.h"

#include <stdlib.h>
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
    { "приве", 1 }, { "ПРИВЕТ", 1 }, { "b*", 2 }, { "zz", 0 },
    /* one and two characters, runs that are there and that are not, and mixed with other scripts */
    { "鸭", 1 }, { "我", 1 }, { "喜欢", 1 }, { "欢喜", 0 }, { "喜欢北京烤鸭", 1 }, { "\"北京 烤鸭\"", 0 }, { "北京 烤鸭", 1 },
    { "東京タワー", 1 }, { "タワ", 1 }, { "ﾀﾜｰ", 1 }, { "夜景です", 1 }, { "で", 1 }, { "c语言", 1 }, { "语言", 1 }, { "C语", 1 },
    { "관", 1 }, { "도서관에서 도", 1 },
    /* accents, ligatures, wide letters, ß, Greek and Turkish capitals, letters with points below */
    { "weisse", 1 }, { "WEISSE", 1 }, { "weiße", 1 }, { "ﬁlter", 1 }, { "filter", 1 }, { "ＦＩＬＴＥＲ", 1 }, { "ελλαδα", 1 },
    { "ΕΛΛΆΔΑ", 1 }, { "tieng viet", 1 }, { "Tiếng", 1 }, { "naive", 1 }, { "nthes", 1 }, { "ssenthe", 1 },
    /* right to left, with and without points; a script of vowel signs; one without spaces */
    { "שלום", 1 }, { "שָׁלוֹם", 1 }, { "كتاب", 1 }, { "كِتَاب", 1 }, { "हिन्दी", 1 }, { "भाषा", 1 }, { "ภาษา", 1 }, { "ไทย", 1 }, { "ไท", 1 },
    /* symbols and code */
    { "🚀", 1 }, { "🚀 launch", 1 }, { "→", 1 }, { "parseJson", 1 }, { "jsonval", 1 }, { "std::vec", 1 }, { "0xdead", 1 }, { "a.b", 1 },
    { "\"c->x =\"", 1 }, { "b);", 2 }, { "json -> (b)", 1 }, { "json <- (b)", 0 },
  };
  static const char *const texts[] = {
    "When the train leaves the café", "我喜欢北京烤鸭", "도서관에서", "int c->x = parse_json (b);", "привет мир",
    "東京タワーの夜景ですよ", "学习C语言教程", "Weißenthés in the naïve ﬁlter", "Ελλάδα", "tiếng Việt", "שלום עולם", "الكتاب كتاب جديد",
    "हिन्दी भाषा", "ฉันพูดภาษาไทยได้", "launch🚀 → now", "parseJsonValue std::vector<int> 0xDEADBEEF a.b" };
  guint n_wrong = 0;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(BobbinMessage) message = fixture_add_message (self->store, self->thread, BOBBIN_ROLE_USER, texts[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      guint n = count (self, rows[i].query);

      if (n == rows[i].n)
        continue;
      n_wrong++;
      g_test_message ("\"%s\": %u", rows[i].query, n);
    }
  g_assert_cmpuint (n_wrong, ==, 0);
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
  g_assert_cmpstr (title, ==, OPEN "Hol" CLOSE "iday in Österreich");
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

/* Each kind of block by what is in it, each by its own switch, and never as JSON. */
static void
test_kinds (Fixture       *self,
            gconstpointer  data)
{
  static const struct { BobbinBlockKind kind; const char *text, *name, *data, *result, *query; BobbinSearchParts part; const char *line; } rows[] = {
    { BOBBIN_BLOCK_TEXT, "some **plainly** said", NULL, NULL, NULL, "plainly", BOBBIN_SEARCH_TEXT, "some " OPEN "plainly" CLOSE " said" },
    { BOBBIN_BLOCK_THINKING, "a musing", NULL, NULL, NULL, "musing", BOBBIN_SEARCH_THINKING, "a " OPEN "musing" CLOSE },
    { BOBBIN_BLOCK_CODE, "x = **spell ()", "c", NULL, NULL, "spell", BOBBIN_SEARCH_CODE, "x = **" OPEN "spell" CLOSE " ()" },
    { BOBBIN_BLOCK_TOOL_CALL, "", "weather_now", "{\"place\":\"Reykjavík\"}", "{\"wind\":[3,\"breezy\"],\"gust\":null}", "weather_now",
      BOBBIN_SEARCH_TOOLS, OPEN "weather_now" CLOSE },
    { BOBBIN_BLOCK_TOOL_CALL, "", "t2", "{\"place\":\"Akureyri\"}", "", "akureyri", BOBBIN_SEARCH_TOOLS, "place: " OPEN "Akureyri" CLOSE },
    { BOBBIN_BLOCK_TOOL_CALL, "", "t3", "{}", "{\"wind\":[3,\"gusty\"],\"gust\":null}", "gusty", BOBBIN_SEARCH_TOOLS,
      "wind: 3 · " OPEN "gusty" CLOSE },
    { BOBBIN_BLOCK_TOOL_CALL, "", "t4", "{\"cut\":\"off in the midd", "plain answer, quietly", "quietly", BOBBIN_SEARCH_TOOLS,
      "plain answer, " OPEN "quietly" CLOSE },
    { BOBBIN_BLOCK_TOOL_CALL, "", "t5", "{\"cut\":\"off in the mid", NULL, "\"off in the\"", BOBBIN_SEARCH_TOOLS,
      "cut: " OPEN "off in the" CLOSE " mid" },
    { BOBBIN_BLOCK_TOOL_CALL, "", "t6", "{}", "\"{\\\"inner\\\":\\\"nesting\\\"}\"", "nesting", BOBBIN_SEARCH_TOOLS,
      "inner: " OPEN "nesting" CLOSE },
    { BOBBIN_BLOCK_TABLE, "", NULL, "{\"headers\":[\"City\",\"Rain\"],\"rows\":[[\"Oslo\",12],[\"Tromsø\",40]]}", NULL, "tromso",
      BOBBIN_SEARCH_DATA, OPEN "Tromsø" CLOSE " · 40" },
    { BOBBIN_BLOCK_CHART, "", NULL, "{\"type\":\"bar\",\"data\":{\"labels\":[\"Spring\",\"Monsoon\"],\"datasets\":[{\"label\":\"Yield\","
      "\"data\":[1,2]}]}}", NULL, "monsoon", BOBBIN_SEARCH_DATA, OPEN "Monsoon" CLOSE " · 2" },
    { BOBBIN_BLOCK_JSON, "", NULL, "{\"deep\":{\"deeper\":[{\"treasure\":\"d\\u00e9j\\u00e0 vu\"}]}}", NULL, "deja", BOBBIN_SEARCH_DATA,
      "treasure: " OPEN "déjà" CLOSE " vu" },
    { BOBBIN_BLOCK_JSON, "", NULL, "{\"deep\":{\"keyword\":true}}", NULL, "keyword", BOBBIN_SEARCH_DATA, OPEN "keyword" CLOSE ": true" },
    { BOBBIN_BLOCK_FILE, "", NULL, "{\"file_id\":\"f1\",\"name\":\"Rechnung.pdf\"}", NULL, "rechnung", BOBBIN_SEARCH_FILES,
      OPEN "Rechnung" CLOSE ".pdf" },
    { BOBBIN_BLOCK_APPROVAL, "Really shred it?", NULL, "{\"tools\":[{\"name\":\"shredder\",\"args\":{\"sheets\":9}}],\"run\":\"internal\"}", NULL,
      "shredder", BOBBIN_SEARCH_TOOLS, "name: " OPEN "shredder" CLOSE },
    { BOBBIN_BLOCK_SOURCES, "", NULL, "{\"sources\":[{\"title\":\"A Fine Almanac\",\"url\":\"https://example.org/\"}]}", NULL, "almanac",
      BOBBIN_SEARCH_TEXT, "A Fine " OPEN "Almanac" CLOSE },
    { BOBBIN_BLOCK_UNKNOWN, "", "hologram", "{\"beam\":\"lantern\"}", NULL, "lantern", BOBBIN_SEARCH_DATA, "beam: " OPEN "lantern" CLOSE },
    { BOBBIN_BLOCK_NOTICE, "", "cut-off", "{\"reason\":\"noticeable\"}", NULL, "noticeable", 0, NULL },
  };
  g_autoptr(BobbinMessage) message = bobbin_message_new (0, BOBBIN_ROLE_ASSISTANT, 1);
  g_autoptr(BobbinMessage) with_file = bobbin_message_new (0, BOBBIN_ROLE_USER, 1);
  g_autoptr(BobbinBlock) file = bobbin_block_new (0, BOBBIN_BLOCK_FILE);
  g_autoptr(BobbinAttachment) attachment = fixture_import (self->store, "Bahnkarte.pdf", "x");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(BobbinBlock) block = bobbin_block_new (0, rows[i].kind);

      bobbin_block_set_text (block, rows[i].text);
      bobbin_block_set_name (block, rows[i].name);
      bobbin_block_set_data (block, rows[i].data);
      bobbin_block_set_result (block, rows[i].result);
      bobbin_message_add_block (message, block);
    }
  fixture_save_message (self->store, self->thread, message);
  bobbin_block_set_attachment (file, attachment);
  bobbin_message_add_block (with_file, file);
  fixture_save_message (self->store, self->thread, with_file);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    for (guint bit = 0; bit < 8; bit++)
      {
        BobbinSearchParts part = bit < 7 ? 1u << bit : BOBBIN_SEARCH_ALL;
        const BobbinSearchQuery query = { .text = rows[i].query, .parts = part, .limit = 5 };
        g_autoptr(BobbinSearchPage) page = fixture_search_page (self->store, &query);

        g_test_message ("%s in %x", rows[i].query, part);
        g_assert_cmpuint (page->hits->len, ==, (part & rows[i].part) != 0);
        if (page->hits->len == 0)
          continue;
        g_assert_cmpstr (((BobbinSearchHit *) g_ptr_array_index (page->hits, 0))->excerpt, ==, rows[i].line);
        g_assert_cmpuint (((BobbinSearchHit *) g_ptr_array_index (page->hits, 0))->part, ==, rows[i].part);
      }
  g_assert_cmpuint (count (self, "bahnkarte"), ==, 1);
  g_assert_cmpuint (count (self, "karte.p"), ==, 1);
  g_assert_cmpuint (count (self, "internal"), ==, 0);
  g_assert_cmpuint (count (self, "headers"), ==, 0);
  g_assert_cmpuint (count (self, "datasets"), ==, 0);
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
  const BobbinSearchQuery query = { .text = "same", .limit = 5 };
  Answer answer = { NULL };

  for (guint i = 0; i < 60; i++)
    {
      g_autoptr(BobbinMessage) message = fixture_add_message (self->store, self->thread, BOBBIN_ROLE_USER, "same 漢");
    }
  g_assert_cmpuint (count (self, "same"), ==, 20);
  g_assert_cmpuint (count (self, "漢"), ==, 20);
  bobbin_store_search_async (self->store, &query, cancellable, answer_cb, &answer);
  g_cancellable_cancel (cancellable);
  result = answer_wait (&answer);
  g_assert_null (bobbin_store_search_finish (self->store, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static BobbinMessage *
message_at (BobbinRole  role,
            const char *text,
            gint64      time_us)
{
  BobbinMessage *message = bobbin_message_new (0, role, time_us);
  g_autoptr(BobbinBlock) block = bobbin_block_new (0, BOBBIN_BLOCK_TEXT);

  bobbin_block_set_text (block, text);
  bobbin_message_add_block (message, block);

  return message;
}

static BobbinThread *
add_thread (Fixture       *self,
            BobbinAccount *account,
            const char    *title,
            const char    *agent_id,
            const char    *text,
            gint64         time_us)
{
  BobbinThread *thread = fixture_add_thread (self->store, account, title, time_us);
  g_autoptr(BobbinMessage) question = message_at (BOBBIN_ROLE_USER, text, time_us);
  g_autoptr(BobbinMessage) answer = message_at (BOBBIN_ROLE_ASSISTANT, text, time_us + 1);

  bobbin_thread_set_agent_id (thread, agent_id);
  finish (self, WAIT (bobbin_store_save_thread_async, self->store, thread));
  fixture_save_message (self->store, thread, question);
  fixture_save_message (self->store, thread, answer);

  return thread;
}

static char *
list (Fixture                 *self,
      const BobbinSearchQuery *query)
{
  g_autoptr(BobbinSearchPage) page = fixture_search_page (self->store, query);
  g_autoptr(GString) out = g_string_new (NULL);

  for (guint i = 0; i < page->hits->len; i++)
    {
      const BobbinSearchHit *hit = g_ptr_array_index (page->hits, i);

      g_string_append_printf (out, "%s%s%s", i > 0 ? " " : "", hit->title,
                              hit->message_id == 0 ? "" : hit->role == BOBBIN_ROLE_USER ? "?" : "!");
    }

  return g_string_free (g_steal_pointer (&out), FALSE);
}

#define DAY G_TIME_SPAN_DAY
#define assert_found(expected, ...) assert_found_of ("pear", expected, __VA_ARGS__)
#define assert_found_of(words, expected, ...) G_STMT_START { \
    const BobbinSearchQuery _query = { .text = words, .limit = 50, __VA_ARGS__ }; \
    g_autofree char *_list = list (self, &_query); \
    g_autofree char *_sorted = sort_words (_list); \
    g_autofree char *_expected = sort_words (expected); \
    g_assert_cmpstr (_sorted, ==, _expected); } G_STMT_END

static int
compare_words (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static char *
sort_words (const char *text)
{
  g_auto(GStrv) words = g_strsplit (text, " ", -1);

  qsort (words, g_strv_length (words), sizeof (char *), compare_words);
  return g_strjoinv (" ", words);
}

static void
test_filters (Fixture       *self,
              gconstpointer  data)
{
  g_autoptr(BobbinAccount) other = fixture_add_account (self->store, "B");
  gint64 now = g_get_real_time ();
  g_autoptr(BobbinThread) one = add_thread (self, self->account, "one", "fred", "a pear", now - 30 * DAY);
  g_autoptr(BobbinThread) two = add_thread (self, self->account, "two-pear", "wilma", "a pear", now - 20 * DAY);
  g_autoptr(BobbinThread) three = add_thread (self, other, "three", "wilma", "a pear", now - 10 * DAY);
  g_autoptr(BobbinMessage) message = message_at (BOBBIN_ROLE_USER, "see -> the pear", now - 29 * DAY);
  g_autoptr(BobbinBlock) file = bobbin_block_new (0, BOBBIN_BLOCK_FILE);
  g_autoptr(BobbinAttachment) attachment = fixture_import (self->store, "fruit.txt", "x");
  g_autoptr(BobbinLabel) label = bobbin_label_new (0, "Fruit", BOBBIN_LABEL_RED);
  g_autoptr(GArray) labelled = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 labelled_id = bobbin_thread_get_id (two);

  g_array_append_val (labelled, labelled_id);
  finish (self, WAIT (bobbin_store_save_label_async, self->store, label, labelled));
  bobbin_block_set_attachment (file, attachment);
  bobbin_message_add_block (message, file);
  bobbin_message_set_agent_id (message, "barney");
  bobbin_message_set_agent_name (message, "Barney R.");
  fixture_save_message (self->store, one, message);

  assert_found ("two-pear three! three? two-pear! two-pear? one! one? one?", .offset = 0);
  assert_found ("three! three?", .account_id = bobbin_account_get_id (other));
  assert_found ("two-pear two-pear! two-pear? one! one? one?", .account_id = bobbin_account_get_id (self->account));
  assert_found ("two-pear three! three? two-pear! two-pear?", .agent = "wilma");
  assert_found ("one?", .agent = "barney");
  assert_found ("one?", .agent = "Barney R.");
  assert_found ("", .agent = "nobody");
  assert_found ("three? two-pear? one? one?", .roles = 1 << BOBBIN_ROLE_USER);
  assert_found ("three! two-pear! one!", .roles = 1 << BOBBIN_ROLE_ASSISTANT);
  assert_found ("two-pear three! three? two-pear! two-pear?", .from_us = now - 21 * DAY);
  assert_found ("one! one? one?", .until_us = now - 21 * DAY);
  assert_found ("two-pear two-pear! two-pear?", .from_us = now - 21 * DAY, .until_us = now - 11 * DAY);
  assert_found ("two-pear two-pear! two-pear?", .label_id = bobbin_label_get_id (label));
  assert_found ("two-pear?", .label_id = bobbin_label_get_id (label), .roles = 1 << BOBBIN_ROLE_USER);
  assert_found ("", .label_id = bobbin_label_get_id (label) + 1);
  assert_found ("one?", .with_files = TRUE);
  assert_found ("", .with_files = TRUE, .roles = 1 << BOBBIN_ROLE_ASSISTANT);
  assert_found ("two-pear", .parts = BOBBIN_SEARCH_TITLES);
  assert_found ("two-pear! two-pear?", .parts = BOBBIN_SEARCH_TEXT, .agent = "wilma", .account_id = bobbin_account_get_id (self->account));
  /* A filter holds for every way of finding: parts of words and signs, too. */
  assert_found_of ("\"ear\"", "three! three?", .account_id = bobbin_account_get_id (other));
  assert_found_of ("\"ear\"", "two-pear two-pear! two-pear?", .label_id = bobbin_label_get_id (label));
  assert_found_of ("->", "", .label_id = bobbin_label_get_id (label));
  assert_found_of ("->", "one?", .roles = 1 << BOBBIN_ROLE_USER);
  assert_found_of ("->", "", .account_id = bobbin_account_get_id (other));
}

/* Page after page is the whole list, each hit once, and the number is known at the end. */
static void
test_pages (Fixture       *self,
            gconstpointer  data)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  guint n = 0;

  for (guint i = 0; i < 90; i++)
    {
      /* a third as words, a third within words, a third not at all */
      g_autofree char *text = g_strdup_printf (i % 3 == 0 ? "the apple %u" : i % 3 == 1 ? "pineapple %u" : "nothing %u", i);
      g_autoptr(BobbinMessage) message = fixture_add_message (self->store, self->thread, BOBBIN_ROLE_USER, text);
    }
  for (guint offset = 0;; offset += 7)
    {
      const BobbinSearchQuery query = { .text = "apple", .offset = offset, .limit = 7 };
      g_autoptr(BobbinSearchPage) page = fixture_search_page (self->store, &query);

      for (guint i = 0; i < page->hits->len; i++, n++)
        {
          const BobbinSearchHit *hit = g_ptr_array_index (page->hits, i);

          g_assert_true (g_hash_table_add (seen, g_memdup2 (&hit->message_id, sizeof hit->message_id)));
          g_assert_cmpint (strstr (hit->excerpt, "pine") != NULL, ==, n >= 30);
        }
      g_assert_cmpuint (page->n_found, >=, n);
      if (page->hits->len < 7)
        {
          g_assert_cmpuint (page->n_found, ==, 60);
          g_assert_false (page->more);
          break;
        }
    }
  g_assert_cmpuint (n, ==, 60);
}

/* Of equals the newer comes first; what says it better and is not much older comes before that. */
static void
test_order (Fixture       *self,
            gconstpointer  data)
{
  gint64 now = g_get_real_time ();
  const BobbinSearchQuery query = { .text = "quartz", .limit = 10, .roles = 1 << BOBBIN_ROLE_USER };
  g_autoptr(BobbinThread) old = add_thread (self, self->account, "old", NULL, "a quartz here", now - 700 * DAY);
  g_autoptr(BobbinThread) middle = add_thread (self, self->account, "middle", NULL, "a quartz here", now - 40 * DAY);
  g_autoptr(BobbinThread) better = add_thread (self, self->account, "better", NULL, "quartz quartz quartz", now - 3 * DAY);
  g_autoptr(BobbinThread) fresh = add_thread (self, self->account, "fresh", NULL, "a quartz here", now);
  g_autofree char *order = NULL;

  for (guint i = 0; i < 30; i++)
    {
      g_autoptr(BobbinMessage) message = fixture_add_message (self->store, self->thread, BOBBIN_ROLE_USER, "others have none of it");
    }
  order = list (self, &query);
  g_assert_cmpstr (order, ==, "better? fresh? middle? old?");
}

/* What is in the bin does not stand in the way of what is not. */
static void
test_bin (Fixture       *self,
          gconstpointer  data)
{
  g_autoptr(BobbinThread) bin = fixture_add_thread (self->store, self->account, "bin", 1000);
  g_autoptr(BobbinMessage) kept = fixture_add_message (self->store, self->thread, BOBBIN_ROLE_USER, "one opal among many other words");

  for (guint i = 0; i < 250; i++)
    {
      g_autoptr(BobbinMessage) message = fixture_add_message (self->store, bin, BOBBIN_ROLE_USER, "opal opal");
    }
  bobbin_thread_set_deleted_us (bin, 1);
  finish (self, WAIT (bobbin_store_save_thread_async, self->store, bin));
  g_assert_cmpuint (count (self, "opal"), ==, 1);
}

/* A megabyte of anything, and a long text in which the match is far down. */
static void
test_large (Fixture       *self,
            gconstpointer  data)
{
  static const char *const units[] = { "\"", "a ", "(", "漢", "\"a\" ", "*", "\xff", "NEAR(", "e\xcc\x81" };
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(BobbinMessage) message = NULL;
  g_autofree char *line = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    {
      g_autoptr(GString) query = g_string_new (NULL);

      while (query->len < 1024 * 1024)
        g_string_append (query, units[i]);
      count (self, query->str);
    }
  for (guint i = 0; i < 60000; i++)
    g_string_append_printf (text, "w%u ", i);
  g_string_append (text, "\nthe **faraway** place");
  message = fixture_add_message (self->store, self->thread, BOBBIN_ROLE_USER, text->str);
  line = excerpt (self, "faraway");
  g_assert_cmpstr (line, ==, "the " OPEN "faraway" CLOSE " place");
}

/* The line with most of the words is shown, a whole word before one that only begins like it. */
static void
test_best_line (Fixture       *self,
                gconstpointer  data)
{
  g_autoptr(BobbinMessage) message = fixture_add_message (self->store, self->thread, BOBBIN_ROLE_USER,
                                                          "starting with art\n\n> the *state* of the `art`\nan artist and a state");
  g_autofree char *line = excerpt (self, "state art");
  g_autofree char *apart = excerpt (self, "\"of-the-art\"");

  g_assert_cmpstr (line, ==, "the " OPEN "state" CLOSE " of the " OPEN "art" CLOSE);
  g_assert_cmpstr (apart, ==, OPEN "the" CLOSE " state " OPEN "of" CLOSE " " OPEN "the" CLOSE " " OPEN "art" CLOSE);
}

/* What a migration left is found once it was caught up with, newest first, and changes meanwhile are kept. */
static void
test_waiting (Fixture       *self,
              gconstpointer  data)
{
  const BobbinSearchQuery query = { .text = "ruby", .limit = 10 };
  g_autoptr(BobbinMessage) changed = fixture_add_message (self->store, self->thread, BOBBIN_ROLE_USER, "ruby one");
  g_autoptr(BobbinMessage) gone = fixture_add_message (self->store, self->thread, BOBBIN_ROLE_USER, "ruby two");
  g_autoptr(BobbinMessage) table = fixture_make_message (BOBBIN_ROLE_ASSISTANT, "");
  g_autoptr(BobbinBlock) block = bobbin_block_new (0, BOBBIN_BLOCK_TABLE);
  g_autoptr(BobbinSearchPage) before = NULL;
  g_autoptr(BobbinSearchPage) after = NULL;

  bobbin_block_set_data (block, "[{\"stone\":\"ruby\"}]");
  bobbin_message_add_block (table, block);
  fixture_save_message (self->store, self->thread, table);
  fixture_run_sql (self->store, "UPDATE docs SET part = 0, plain = NULL; INSERT INTO docs (block_id, message_id, part) VALUES (5, 5, 0);"
                                "DELETE FROM body_words_data WHERE id > 10; DELETE FROM body_words_docsize; DELETE FROM body_grams_data WHERE id > 10");
  fixture_run_sql (self->store, "INSERT INTO body_words (body_words) VALUES ('rebuild'); INSERT INTO body_grams (body_grams) VALUES ('rebuild')");
  assert_index_is_true (self->store);

  bobbin_block_set_text (bobbin_message_get_block (changed, 0), "sapphire");
  fixture_save_message (self->store, self->thread, changed);
  finish (self, WAIT (bobbin_store_delete_message_async, self->store, bobbin_message_get_id (gone)));
  before = fixture_search_page (self->store, &query);
  g_assert_cmpuint (before->hits->len, ==, 0);
  g_assert_true (before->incomplete);
  g_assert_cmpuint (count (self, "sapphire"), ==, 1);

  fixture_index (self->store);
  after = fixture_search_page (self->store, &query);
  g_assert_cmpuint (after->hits->len, ==, 1);
  g_assert_false (after->incomplete);
  assert_index_is_true (self->store);
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
  ADD ("filters", test_filters);
  ADD ("pages", test_pages);
  ADD ("order", test_order);
  ADD ("bin", test_bin);
  ADD ("large", test_large);
  ADD ("best-line", test_best_line);
  ADD ("waiting", test_waiting);
  ADD ("limit-and-cancel", test_limit_and_cancel);

  return g_test_run ();
}
