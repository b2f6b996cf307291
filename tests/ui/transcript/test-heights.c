/* Heights against the plain sum. */
#include "config.h"

#include "ui/transcript/bobbin-heights.h"

static void
test_empty (void)
{
  g_autoptr(BobbinHeights) heights = bobbin_heights_new (100);

  g_assert_cmpfloat (bobbin_heights_get_total (heights), ==, 0);
  g_assert_cmpuint (bobbin_heights_find (heights, 50), ==, 0);
}

static void
test_guess (void)
{
  g_autoptr(BobbinHeights) heights = bobbin_heights_new (100);

  bobbin_heights_splice (heights, 0, 0, 3);
  g_assert_cmpfloat (bobbin_heights_get_total (heights), ==, 300);
  bobbin_heights_set (heights, 1, 50);
  g_assert_cmpfloat (bobbin_heights_get_total (heights), ==, 150);
  g_assert_cmpfloat (bobbin_heights_get_top (heights, 2), ==, 100);
  bobbin_heights_set (heights, 0, 70);
  g_assert_cmpfloat (bobbin_heights_get (heights, 2), ==, 60);
  g_assert_cmpuint (bobbin_heights_find (heights, 69), ==, 0);
  g_assert_cmpuint (bobbin_heights_find (heights, 70), ==, 1);
  g_assert_cmpuint (bobbin_heights_find (heights, 9999), ==, 2);
  g_assert_cmpuint (bobbin_heights_find (heights, -5), ==, 0);
}

static void
test_random (void)
{
  g_autoptr(BobbinHeights) heights = bobbin_heights_new (10);
  g_autoptr(GArray) plain = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint round = 0; round < 300; round++)
    {
      guint position = (guint) g_test_rand_int_range (0, (gint32) plain->len + 1);
      guint n_removed = (guint) g_test_rand_int_range (0, (gint32) MIN (plain->len - position, 5) + 1);
      guint n_added = (guint) g_test_rand_int_range (0, 7);
      double sum = 0;

      bobbin_heights_splice (heights, position, n_removed, n_added);
      if (n_removed > 0)
        g_array_remove_range (plain, position, n_removed);
      for (guint i = 0; i < n_added; i++)
        {
          double height = g_test_rand_int_range (1, 1000);

          g_array_insert_val (plain, position + i, height);
          bobbin_heights_set (heights, position + i, height);
        }
      for (guint i = 0; i < plain->len; i++)
        {
          g_assert_cmpfloat_with_epsilon (bobbin_heights_get_top (heights, i), sum, 0.001);
          g_assert_cmpuint (bobbin_heights_find (heights, sum), ==, i);
          sum += g_array_index (plain, double, i);
        }
      g_assert_cmpfloat_with_epsilon (bobbin_heights_get_total (heights), sum, 0.001);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/transcript/heights/empty", test_empty);
  g_test_add_func ("/transcript/heights/guess", test_guess);
  g_test_add_func ("/transcript/heights/random", test_random);

  return g_test_run ();
}
