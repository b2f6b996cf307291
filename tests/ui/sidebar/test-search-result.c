#include "config.h"
#include "sidebar/bobbin-search-result.h"

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
      BobbinSearchHit hit = { 7, 8, NULL, (char *) rows[i].excerpt, 9 };
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
      g_assert_cmpint (bobbin_search_result_get_created_us (result), ==, 9);
      g_assert_finalize_object (result);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/search-result/table", test_table);

  return g_test_run ();
}
