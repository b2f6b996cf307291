#include "config.h"
#include "sidebar/bobbin-search-result.h"

#include "model/bobbin-message.h"

#include <string.h>

static void
test_table (void)
{
  static const struct { const char *excerpt; const char *plain; guint n_pairs; guint pairs[4]; } rows[] = {
    { "no match", "no match", 0, { 0 } },
    { "a \356\200\200match\356\200\201 b", "a match b", 1, { 2, 7 } },
    { "\356\200\200é\356\200\201\356\200\200x\356\200\201", "éx", 2, { 0, 2, 2, 3 } },
    { "open \356\200\200end", "open end", 1, { 5, 8 } },
    { "\356\200\201stray \356\200\200\356\200\200x\356\200\201", "stray x", 1, { 6, 7 } },
    { "two\nlines", "two lines", 0, { 0 } },
    { "a\u202e \356\200\200ma\u2066tch\356\200\201\033b\t", "a matchb ", 1, { 2, 7 } },
    { "bad \377 byte", "bad \357\277\275 byte", 0, { 0 } },
    { NULL, "", 0, { 0 } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      BobbinSearchHit hit = { .thread_id = 7, .message_id = 8, .block_id = 6, .excerpt = (char *) rows[i].excerpt, .created_us = 9, .nth = 3 };
      BobbinSearchResult *result = bobbin_search_result_new (&hit);
      guint n_pairs;
      const guint *pairs = bobbin_search_result_get_matches (result, &n_pairs);

      g_assert_cmpstr (bobbin_search_result_get_excerpt (result), ==, rows[i].plain);
      g_assert_cmpuint (n_pairs, ==, rows[i].n_pairs);
      for (guint j = 0; j < 2 * n_pairs; j++)
        g_assert_cmpuint (pairs[j], ==, rows[i].pairs[j]);
      if (n_pairs == 0)
        g_assert_null (bobbin_search_result_dup_match (result));
      else
        {
          g_autofree char *match = bobbin_search_result_dup_match (result);

          g_assert_true (g_str_has_prefix (rows[i].plain + pairs[0], match));
          g_assert_cmpuint (strlen (match), ==, pairs[1] - pairs[0]);
        }
      g_assert_cmpstr (bobbin_search_result_get_title (result), ==, "");
      g_assert_cmpint (bobbin_search_result_get_thread_id (result), ==, 7);
      g_assert_cmpint (bobbin_search_result_get_message_id (result), ==, 8);
      g_assert_cmpint (bobbin_search_result_get_block_id (result), ==, 6);
      g_assert_cmpuint (bobbin_search_result_get_nth (result), ==, 3);
      g_assert_cmpint (bobbin_search_result_get_created_us (result), ==, 9);
      g_assert_finalize_object (result);
    }
}

/* In a narrow list the match is seen, whatever is before it, in any script. */
static void
test_lead (void)
{
  static const struct { const char *excerpt; const char *plain; const char *match; } rows[] = {
    { "a long line of words that says one thing and another before the \356\200\200match\356\200\201 and \356\200\200more\356\200\201",
      "…and another before the match and more", "match" },
    { "很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长\356\200\200北京\356\200\201烤鸭",
      "…很长很长很长很长很长很长很长很长很长很长很长很长很长很长北京烤鸭", "北京" },
    { "short before the \356\200\200match\356\200\201", "short before the match", "match" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const BobbinSearchHit hit = { .message_id = 8, .excerpt = (char *) rows[i].excerpt };
      g_autoptr(BobbinSearchResult) result = bobbin_search_result_new (&hit);
      g_autofree char *match = bobbin_search_result_dup_match (result);

      g_assert_cmpstr (bobbin_search_result_get_excerpt (result), ==, rows[i].plain);
      g_assert_cmpstr (match, ==, rows[i].match);
    }
}

static void
test_source (void)
{
  static const struct { gint64 message_id; guint role; BobbinSearchParts part; const char *agent; const char *source; } rows[] = {
    { 0, BOBBIN_ROLE_USER, BOBBIN_SEARCH_TITLES, NULL, NULL },
    { 1, BOBBIN_ROLE_USER, BOBBIN_SEARCH_TEXT, NULL, "You" },
    { 1, BOBBIN_ROLE_ASSISTANT, BOBBIN_SEARCH_TEXT, "Ada\n\u202e", "Ada" },
    { 1, BOBBIN_ROLE_ASSISTANT, BOBBIN_SEARCH_TEXT, NULL, "Agent" },
    { 1, BOBBIN_ROLE_ASSISTANT, BOBBIN_SEARCH_THINKING, "Ada", "Thinking" },
    { 1, BOBBIN_ROLE_ASSISTANT, BOBBIN_SEARCH_CODE, "Ada", "Code" },
    { 1, BOBBIN_ROLE_ASSISTANT, BOBBIN_SEARCH_TOOLS, "Ada", "Tool" },
    { 1, BOBBIN_ROLE_ASSISTANT, BOBBIN_SEARCH_DATA, "Ada", "Data" },
    { 1, BOBBIN_ROLE_USER, BOBBIN_SEARCH_FILES, NULL, "File" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const BobbinSearchHit hit = { .message_id = rows[i].message_id, .role = rows[i].role, .part = rows[i].part,
                                    .agent = (char *) rows[i].agent };
      g_autoptr(BobbinSearchResult) result = bobbin_search_result_new (&hit);

      g_assert_cmpstr (bobbin_search_result_get_source (result), ==, rows[i].source);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/search-result/table", test_table);
  g_test_add_func ("/search-result/lead", test_lead);
  g_test_add_func ("/search-result/source", test_source);

  return g_test_run ();
}
