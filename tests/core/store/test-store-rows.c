#define G_LOG_DOMAIN "bobbin-test"
#include "config.h"
#include "store/bobbin-store-rows.h"
#include "store/bobbin-store-private.h"

/* The words themselves: changing one breaks every database there is. */
static void
test_words (void)
{
  static const char *const origins[] = { "none", "derived", "server", "kept", "user" };
  static const char *const activities[] = {
    "none", "expires-soon", "unread", "draft", "queued", "failed", "needs-key", "answering", "approval" };
  static const char *const certainties[] = { "unsent", "refused", "unknown", "accepted" };

  for (guint i = 0; i < G_N_ELEMENTS (origins); i++)
    {
      g_assert_cmpstr (bobbin_title_origin_to_disk ((BobbinTitleOrigin) i), ==, origins[i]);
      g_assert_cmpint (bobbin_title_origin_from_disk (origins[i]), ==, i);
    }
  for (guint i = 0; i < G_N_ELEMENTS (activities); i++)
    {
      g_assert_cmpstr (bobbin_activity_to_disk ((BobbinActivity) i), ==, activities[i]);
      g_assert_cmpint (bobbin_activity_from_disk (activities[i]), ==, i);
    }
  for (guint i = 0; i < G_N_ELEMENTS (certainties); i++)
    {
      g_assert_cmpstr (bobbin_certainty_to_disk ((BobbinCertainty) i), ==, certainties[i]);
      g_assert_cmpint (bobbin_certainty_from_disk (certainties[i]), ==, i);
    }
  for (guint i = 0; i < BOBBIN_N_ERRORS; i++)
    g_assert_cmpint (bobbin_error_code_from_disk (bobbin_error_code_nick ((BobbinErrorCode) i)), ==, i);
}

static void
test_nicks (void)
{
  for (guint i = 0; i < BOBBIN_N_SERVICES; i++)
    {
      BobbinService service;

      g_assert_true (bobbin_service_from_nick (bobbin_service_get_nick ((BobbinService) i), &service));
      g_assert_cmpint (service, ==, i);
    }
  for (guint i = 0; i < BOBBIN_N_DELIVERIES; i++)
    {
      BobbinDelivery delivery;

      g_assert_true (bobbin_delivery_from_nick (bobbin_delivery_get_nick ((BobbinDelivery) i), &delivery));
      g_assert_cmpint (delivery, ==, i);
    }
  for (guint i = 0; i < BOBBIN_N_BLOCK_KINDS; i++)
    {
      BobbinBlockKind kind;

      g_assert_true (bobbin_block_kind_from_nick (bobbin_block_kind_get_nick ((BobbinBlockKind) i), &kind));
      g_assert_cmpint (kind, ==, i);
    }
}

static void
test_unknown_words (void)
{
  g_assert_cmpint (bobbin_title_origin_from_disk ("x"), ==, BOBBIN_TITLE_NONE);
  g_assert_cmpint (bobbin_activity_from_disk (NULL), ==, BOBBIN_ACTIVITY_NONE);
  /* Never one that allows sending again. */
  g_assert_cmpint (bobbin_certainty_from_disk ("x"), ==, BOBBIN_CERTAINTY_UNKNOWN);
  g_assert_cmpint (bobbin_certainty_from_disk (NULL), ==, BOBBIN_CERTAINTY_UNKNOWN);
  g_assert_cmpint (bobbin_error_code_from_disk ("x"), ==, BOBBIN_ERROR_FAILED);
  g_assert_cmpint (bobbin_error_code_from_disk (NULL), ==, BOBBIN_ERROR_FAILED);
}

static void
test_file_name (void)
{
  static const struct { const char *name, *clean; } rows[] = {
    { NULL, "file" }, { "", "file" }, { ".", "file" }, { "..", "file" }, { "/", "file" }, { "a.txt", "a.txt" },
    { "/etc/passwd", "passwd" }, { "..\\..\\evil.exe", "evil.exe" }, { "dir/", "dir" }, { "a\nb\x01.txt", "ab.txt" },
    { "pic\xe2\x80\xae" "gpj.exe", "picgpj.exe" }, { "bad\xff.txt", "bad\xef\xbf\xbd.txt" }, { "  x  ", "x" }, { "写真.png", "写真.png" },
  };
  g_autofree char *filler = g_strnfill (300, 'n');
  g_autofree char *long_name = g_strconcat (filler, ".tar.gz", NULL);
  g_autofree char *bounded = _bobbin_text_file_name (long_name);
  g_autofree char *no_suffix = g_strconcat ("a.", filler, NULL);
  g_autofree char *cut = _bobbin_text_file_name (no_suffix);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *clean = _bobbin_text_file_name (rows[i].name);

      g_assert_cmpstr (clean, ==, rows[i].clean);
    }
  g_assert_cmpuint (strlen (bounded), ==, 120);
  g_assert_true (g_str_has_suffix (bounded, ".gz"));
  g_assert_cmpuint (strlen (cut), ==, 120);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/rows/words", test_words);
  g_test_add_func ("/store/rows/nicks", test_nicks);
  g_test_add_func ("/store/rows/unknown-words", test_unknown_words);
  g_test_add_func ("/store/text/file-name", test_file_name);

  return g_test_run ();
}
