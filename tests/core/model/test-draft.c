#include "config.h"

#include "model-asserts.h"
#include "model/bobbin-attachment.h"
#include "model/bobbin-draft.h"

static void
test_text (void)
{
  g_autoptr(BobbinDraft) draft = bobbin_draft_new (5);
  guint changed = 0;
  guint text = 0;
  guint cursor = 0;

  count_signal (draft, "changed", &changed);
  count_signal (draft, "notify::text", &text);
  count_signal (draft, "notify::cursor", &cursor);
  g_assert_cmpint (bobbin_draft_get_thread_id (draft), ==, 5);
  g_assert_cmpstr (bobbin_draft_get_text (draft), ==, "");
  g_assert_true (bobbin_draft_is_empty (draft));

  bobbin_draft_set_text (draft, "hé", 2);
  bobbin_draft_set_text (draft, "hé", 2);
  g_assert_cmpuint (changed, ==, 1);
  g_assert_false (bobbin_draft_is_empty (draft));
  bobbin_draft_set_text (draft, "hé", 0);
  g_assert_cmpuint (changed, ==, 2);
  g_assert_cmpuint (text, ==, 1);
  g_assert_cmpuint (cursor, ==, 2);
  bobbin_draft_set_text (draft, " \n\t\u00a0", 0);
  g_assert_true (bobbin_draft_is_empty (draft));
  bobbin_draft_set_text (draft, NULL, 0);
  g_assert_cmpstr (bobbin_draft_get_text (draft), ==, "");
}

static void
test_attachments (void)
{
  g_autoptr(BobbinDraft) draft = bobbin_draft_new (5);
  g_autoptr(BobbinAttachment) one = bobbin_attachment_new (0, "one", NULL, 1000, NULL, NULL);
  g_autoptr(BobbinAttachment) two = bobbin_attachment_new (0, "two", NULL, 24, NULL, NULL);
  guint changed = 0;

  count_signal (draft, "changed", &changed);
  bobbin_draft_add_attachment (draft, one);
  bobbin_draft_add_attachment (draft, two);
  g_assert_cmpint (bobbin_draft_get_total_size (draft), ==, 1024);
  g_assert_false (bobbin_draft_is_empty (draft));
  bobbin_draft_remove_attachment (draft, one);
  bobbin_draft_remove_attachment (draft, one);
  g_assert_cmpuint (changed, ==, 3);
  g_assert_cmpint (bobbin_draft_get_total_size (draft), ==, 24);
}

static void
test_clear (void)
{
  g_autoptr(BobbinDraft) draft = bobbin_draft_new (5);
  g_autoptr(BobbinAttachment) file = bobbin_attachment_new (0, "one", NULL, 1, NULL, NULL);
  guint changed = 0;

  bobbin_draft_set_text (draft, "x", 1);
  bobbin_draft_add_attachment (draft, file);
  count_signal (draft, "changed", &changed);
  bobbin_draft_clear (draft);
  g_assert_cmpuint (changed, ==, 1);
  g_assert_true (bobbin_draft_is_empty (draft));
  bobbin_draft_clear (draft);
  g_assert_cmpuint (changed, ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/draft/text", test_text);
  g_test_add_func ("/draft/attachments", test_attachments);
  g_test_add_func ("/draft/clear", test_clear);

  return g_test_run ();
}
