#include "config.h"
#include "model/bobbin-label.h"

#include "model/bobbin-thread.h"

#include <string.h>

static void
count_cb (gpointer    object,
          GParamSpec *pspec,
          guint      *n)
{
  (*n)++;
}

static void
test_label (void)
{
  g_autoptr(BobbinLabel) label = bobbin_label_new (0, "Work\nand \xe2\x80\xae play", BOBBIN_LABEL_PURPLE);
  g_autofree char *long_name = g_strnfill (500, 'x');
  guint n = 0;

  g_assert_cmpint (bobbin_label_get_id (label), !=, 0);
  /* One line, and nothing in it that turns the text around. */
  g_assert_null (strchr (bobbin_label_get_name (label), '\n'));
  g_assert_null (strstr (bobbin_label_get_name (label), "\xe2\x80\xae"));
  g_signal_connect (label, "notify", G_CALLBACK (count_cb), &n);
  bobbin_label_set_name (label, "Play");
  bobbin_label_set_name (label, "Play");
  bobbin_label_set_color (label, BOBBIN_LABEL_GRAY);
  bobbin_label_set_color (label, BOBBIN_LABEL_GRAY);
  g_assert_cmpuint (n, ==, 2);
  bobbin_label_set_name (label, long_name);
  g_assert_cmpint (g_utf8_strlen (bobbin_label_get_name (label), -1), <=, BOBBIN_LABEL_NAME_CHARS);
}

/* What is on disk stays what it means. */
static void
test_colors (void)
{
  static const char *const nicks[] = { "blue", "green", "yellow", "orange", "red", "purple", "brown", "gray" };

  g_assert_cmpuint (G_N_ELEMENTS (nicks), ==, BOBBIN_N_LABEL_COLORS);
  for (guint i = 0; i < BOBBIN_N_LABEL_COLORS; i++)
    {
      g_assert_cmpstr (bobbin_label_color_get_nick ((BobbinLabelColor) i), ==, nicks[i]);
      g_assert_cmpint (bobbin_label_color_from_nick (nicks[i]), ==, (int) i);
    }
  g_assert_cmpint (bobbin_label_color_from_nick ("ultraviolet"), ==, BOBBIN_LABEL_BLUE);
  g_assert_cmpint (bobbin_label_color_from_nick (NULL), ==, BOBBIN_LABEL_BLUE);
}

static void
test_of_thread (void)
{
  g_autoptr(BobbinThread) thread = bobbin_thread_new (0, 1);
  const gint64 ids[] = { 9, 3 };
  guint n_changes = 0;
  guint n;

  g_signal_connect (thread, "notify::labels", G_CALLBACK (count_cb), &n_changes);
  bobbin_thread_set_labels (thread, NULL, 0);
  g_assert_cmpuint (n_changes, ==, 0);
  bobbin_thread_set_labels (thread, ids, 2);
  bobbin_thread_set_labels (thread, ids, 2);
  g_assert_cmpuint (n_changes, ==, 1);
  bobbin_thread_set_label (thread, 5, TRUE);
  bobbin_thread_set_label (thread, 5, TRUE);
  g_assert_cmpuint (n_changes, ==, 2);
  g_assert_cmpint (bobbin_thread_get_labels (thread, &n)[1], ==, 5);
  g_assert_cmpuint (n, ==, 3);
  bobbin_thread_set_label (thread, 3, FALSE);
  bobbin_thread_set_label (thread, 9, FALSE);
  bobbin_thread_set_label (thread, 5, FALSE);
  bobbin_thread_set_label (thread, 4, FALSE);
  g_assert_null (bobbin_thread_get_labels (thread, &n));
  g_assert_cmpuint (n, ==, 0);
  g_assert_cmpuint (n_changes, ==, 5);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/label/label", test_label);
  g_test_add_func ("/label/colors", test_colors);
  g_test_add_func ("/label/of-thread", test_of_thread);

  return g_test_run ();
}
