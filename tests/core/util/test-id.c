#include "config.h"

#include "util/bobbin-id.h"

#include <string.h>

static void
test_rising (void)
{
  gint64 last = 0;

  for (int i = 0; i < 10000; i++)
    {
      gint64 id = bobbin_id_new ();

      g_assert_cmpint (id, >, last);
      last = id;
    }
  /* Milliseconds above 20 random bits. */
  g_assert_cmpint (ABS ((last >> 20) - g_get_real_time () / 1000), <, 10000);
}

static gpointer
make_ids (gpointer data)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (int i = 0; i < 1000; i++)
    {
      gint64 id = bobbin_id_new ();

      g_array_append_val (ids, id);
    }

  return ids;
}

static void
test_threads (void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_int64_hash, g_int64_equal);
  GThread *threads[4];
  GArray *ids[4];

  for (int i = 0; i < 4; i++)
    threads[i] = g_thread_new (NULL, make_ids, NULL);
  for (int i = 0; i < 4; i++)
    {
      ids[i] = g_thread_join (threads[i]);
      for (guint n = 0; n < ids[i]->len; n++)
        g_assert_true (g_hash_table_add (seen, &g_array_index (ids[i], gint64, n)));
    }
  for (int i = 0; i < 4; i++)
    g_array_unref (ids[i]);
}

static void
test_text (void)
{
  const gint64 cases[] = { 0, 1, 31, 32, 1234567890123456789, G_MAXINT64 };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = bobbin_id_to_string (cases[i]);
      g_autofree char *upper = g_ascii_strup (text, -1);
      gint64 id = -1;

      g_assert_cmpuint (strlen (text), ==, BOBBIN_ID_STRING_LENGTH);
      g_assert_true (bobbin_id_parse (text, &id));
      g_assert_cmpint (id, ==, cases[i]);
      g_assert_true (bobbin_id_parse (upper, &id));
      g_assert_cmpint (id, ==, cases[i]);
    }
}

static void
test_sorts (void)
{
  g_autofree char *small = bobbin_id_to_string (1000);
  g_autofree char *large = bobbin_id_to_string (G_GINT64_CONSTANT (1) << 40);

  g_assert_cmpint (strcmp (small, large), <, 0);
}

static void
test_refused (void)
{
  const char *const cases[] = { NULL, "", "0", "00000000000001", "000000000000", "000000000000u", "000000000000 ", "zzzzzzzzzzzzz",
                                "8000000000000", "00000000000é" };
  gint64 id = 42;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_false (bobbin_id_parse (cases[i], &id));
  g_assert_cmpint (id, ==, 42);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/id/rising", test_rising);
  g_test_add_func ("/id/threads", test_threads);
  g_test_add_func ("/id/text", test_text);
  g_test_add_func ("/id/sorts", test_sorts);
  g_test_add_func ("/id/refused", test_refused);

  return g_test_run ();
}
