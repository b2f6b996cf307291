#include "config.h"
#include "app/bobbin-notification-text.h"

#include "model/bobbin-block.h"
#include "model/bobbin-thread.h"

#include <string.h>

static BobbinThread *
make_thread (const char *title,
             const char *snippet)
{
  BobbinThread *thread = bobbin_thread_new (1, 1);

  bobbin_thread_set_title (thread, title, BOBBIN_TITLE_USER);
  bobbin_thread_set_snippet (thread, snippet);

  return thread;
}

static BobbinBlock *
make_approval (const char *question,
               const char *data)
{
  BobbinBlock *block = bobbin_block_new (2, BOBBIN_BLOCK_APPROVAL);

  bobbin_block_set_text (block, question);
  bobbin_block_set_data (block, data);

  return block;
}

static void
test_answer (void)
{
  g_autoptr(BobbinThread) thread = make_thread ("Invoices", "Three are overdue.");
  g_autoptr(BobbinThread) untitled = bobbin_thread_new (2, 1);
  g_autoptr(BobbinNotificationText) shown = bobbin_notification_text_answer (thread, TRUE);
  g_autoptr(BobbinNotificationText) hidden = bobbin_notification_text_answer (thread, FALSE);
  g_autoptr(BobbinNotificationText) bare = bobbin_notification_text_answer (untitled, TRUE);

  g_assert_cmpstr (shown->title, ==, "Invoices");
  g_assert_cmpstr (shown->body, ==, "Three are overdue.");
  g_assert_false (shown->decidable);
  g_assert_null (strstr (hidden->title, "Invoices"));
  g_assert_null (hidden->body);
  g_assert_cmpstr (bare->title, ==, "New Conversation");
  g_assert_cmpstr (bare->body, ==, "The answer is ready");
}

static void
test_long (void)
{
  g_autofree char *many = g_strnfill (10000, 'x');
  g_autoptr(BobbinThread) thread = make_thread (many, many);
  g_autoptr(BobbinNotificationText) text = bobbin_notification_text_answer (thread, TRUE);

  g_assert_cmpint (g_utf8_strlen (text->title, -1), <=, 80);
  g_assert_cmpint (g_utf8_strlen (text->body, -1), <=, 240);
}

static void
test_approval (void)
{
  g_autoptr(BobbinThread) thread = make_thread ("Invoices", NULL);
  g_autoptr(BobbinBlock) approval =
    make_approval ("Send the\nreminder?", "{\"tools\":[{\"name\":\"send_mail\",\"args\":{\"to\":\"a@b\"}},{\"name\":\"log\"}]}");
  g_autoptr(BobbinNotificationText) shown = bobbin_notification_text_approval (thread, approval, TRUE);
  g_autoptr(BobbinNotificationText) hidden = bobbin_notification_text_approval (thread, approval, FALSE);

  g_assert_cmpstr (shown->body, ==, "Send the reminder?\nsend_mail {\"to\":\"a@b\"}\nlog");
  g_assert_true (shown->decidable);
  /* What cannot be read is not approved. */
  g_assert_false (hidden->decidable);
  g_assert_null (strstr (hidden->title, "Invoices"));
}

/* Whatever the server sent. */
static void
test_rough (void)
{
  g_autofree char *many = g_strnfill (1000, 'x');
  g_autofree char *long_args = g_strdup_printf ("{\"tools\":[{\"name\":\"rm\",\"args\":{\"path\":\"%s\"}}]}", many);
  const struct { const char *question; const char *data; gboolean decidable; } rows[] = {
    { "", NULL, FALSE }, /* nothing says what it is about */
    { "Go on?", NULL, TRUE },
    { "", "{\"tools\":[null,7,{\"name\":3}]}", TRUE },
    { "", long_args, FALSE }, /* the end of it would not be seen */
    { many, NULL, FALSE },
    { "Words?", "{\"answer\":\"text\"}", FALSE },
    { "What does it say?", "{\"answer\":\"outputs\",\"tools\":[{\"id\":\"1\",\"name\":\"x\"}]}", FALSE },
  };
  g_autoptr(BobbinThread) thread = make_thread ("T", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(BobbinBlock) approval = make_approval (rows[i].question, rows[i].data);
      g_autoptr(BobbinNotificationText) text = bobbin_notification_text_approval (thread, approval, TRUE);

      g_test_message ("row %u: %s", i, text->body);
      g_assert_cmpint (text->decidable, ==, rows[i].decidable);
      g_assert_cmpint (g_utf8_strlen (text->body, -1), <=, 500);
    }
}

static void
test_failure (void)
{
  g_autoptr(BobbinThread) thread = make_thread ("Invoices", NULL);
  g_autoptr(BobbinFailure) failure = bobbin_failure_new (BOBBIN_ERROR_AUTH, BOBBIN_CERTAINTY_UNSENT, NULL);
  g_autoptr(BobbinNotificationText) unsent = bobbin_notification_text_failure (thread, FALSE, failure, TRUE);
  g_autoptr(BobbinNotificationText) hidden = bobbin_notification_text_failure (thread, TRUE, failure, FALSE);
  g_autoptr(GError) error = g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_NETWORK, "gone");
  g_autoptr(BobbinNotificationText) undecided = bobbin_notification_text_undecided (error);

  g_assert_true (g_str_has_prefix (unsent->body, "The message was not sent. "));
  g_assert_cmpuint (strlen (unsent->body), >, 40);
  g_assert_cmpstr (hidden->title, ==, "An answer failed");
  g_assert_null (hidden->body);
  g_assert_nonnull (undecided->body);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/notification-text/answer", test_answer);
  g_test_add_func ("/notification-text/long", test_long);
  g_test_add_func ("/notification-text/approval", test_approval);
  g_test_add_func ("/notification-text/rough", test_rough);
  g_test_add_func ("/notification-text/failure", test_failure);

  return g_test_run ();
}
