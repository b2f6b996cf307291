#include "config.h"

#include "model/bobbin-attachment.h"

static void
test_attachment (void)
{
  g_autoptr(BobbinAttachment) image = bobbin_attachment_new (0, "a.png", "image/png", 12, "ab", "/p/ab");
  g_autoptr(BobbinAttachment) plain = bobbin_attachment_new (9, "a", NULL, 0, NULL, NULL);
  g_autoptr(BobbinAttachment) trick = bobbin_attachment_new (9, "photo\u202egpj.exe\n", NULL, 0, NULL, NULL);

  g_assert_cmpint (bobbin_attachment_get_id (image), !=, 0);
  g_assert_cmpint (bobbin_attachment_get_id (plain), ==, 9);
  g_assert_cmpstr (bobbin_attachment_get_name (image), ==, "a.png");
  g_assert_cmpstr (bobbin_attachment_get_content_type (image), ==, "image/png");
  g_assert_cmpint (bobbin_attachment_get_size (image), ==, 12);
  g_assert_cmpstr (bobbin_attachment_get_sha256 (image), ==, "ab");
  g_assert_cmpstr (bobbin_attachment_get_path (image), ==, "/p/ab");
  g_assert_true (bobbin_attachment_is_image (image));
  g_assert_false (bobbin_attachment_is_image (plain));
  g_assert_cmpstr (bobbin_attachment_get_name (trick), ==, "photo\u202egpj.exe\n");
  g_assert_cmpstr (bobbin_attachment_get_shown_name (trick), ==, "photogpj.exe");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/attachment/attachment", test_attachment);

  return g_test_run ();
}
