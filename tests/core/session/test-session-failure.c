/* What a failure means for the message it befell. */
#include "config.h"
#include "session-fixture.h"

static void
attach (Fixture    *self,
        const char *name,
        gsize       size)
{
  g_autofree char *content = g_strnfill (size, 'x');
  g_autoptr(GBytes) bytes = g_bytes_new (content, size);

  bobbin_session_attach_bytes (self->session, bytes, name, "text/plain");
  while (bobbin_session_get_n_attaching (self->session) > 0)
    g_main_context_iteration (NULL, TRUE);
  fixture_settle (self);
}

static void
send_files (Fixture *self)
{
  attach (self, "small.txt", 10);
  attach (self, "large.txt", 900);
  attach (self, "other.txt", 500);
  fixture_ask (self, "Read them");
}

static void
assert_detail (Fixture       *self,
               BobbinMessage *message,
               const char    *format)
{
  g_autofree char *file = g_format_size_full (1000, G_FORMAT_SIZE_IEC_UNITS);
  g_autofree char *whole = g_format_size_full (1500, G_FORMAT_SIZE_IEC_UNITS);
  g_autofree char *size = g_format_size_full (900, G_FORMAT_SIZE_IEC_UNITS);
  g_autoptr(GString) wanted = g_string_new (format);

  g_string_replace (wanted, "{file}", file, 0);
  g_string_replace (wanted, "{message}", whole, 0);
  g_string_replace (wanted, "{large.txt}", "“\u2068large.txt\u2069” ({size})", 0);
  g_string_replace (wanted, "{size}", size, 0);
  g_assert_cmpstr (bobbin_message_get_failure (message)->detail, ==, wanted->str);
}

/* HTTP 413, an error event or a close with 1009: the limit is named and the file to begin with, and nothing goes out again. */
static void
test_too_large (Fixture       *self,
                gconstpointer  how)
{
  send_files (self);
  if (g_strcmp0 (how, "closed") == 0)
    fake_closed (fixture_channel (self), BOBBIN_ERROR_TOO_LARGE, BOBBIN_CERTAINTY_REFUSED);
  else
    fake_failed (fixture_channel (self), BOBBIN_ERROR_TOO_LARGE, BOBBIN_CERTAINTY_REFUSED, -1);
  fixture_settle (self);
  assert_stored (self, "user:failed");
  assert_detail (self, fixture_last (self),
                 "as the test says. The service takes {file} a file and {message} a message. The largest file here is {large.txt}.");
  g_assert_cmpint (bobbin_message_get_failure (fixture_last (self))->certainty, ==, BOBBIN_CERTAINTY_REFUSED);
  fixture_advance (self, 60000);
  g_assert_cmpuint (fake_backend_n_sent (self->backend), ==, 1);
  /* The words outlive the program. */
  fixture_restart (self, TRUE);
  g_assert_nonnull (strstr (bobbin_message_get_failure (fixture_last (self))->detail, "large.txt"));
}

static void
test_too_large_text (Fixture       *self,
                     gconstpointer  data)
{
  fixture_ask (self, "A long story");
  self->backend->limits.message_bytes = 0;
  fake_failed (fixture_channel (self), BOBBIN_ERROR_TOO_LARGE, BOBBIN_CERTAINTY_REFUSED, -1);
  fixture_settle (self);
  assert_detail (self, fixture_last (self), "as the test says. The service takes {file} a file.");
  bobbin_session_retry (self->session, fixture_last (self));
  fixture_settle (self);
  self->backend->limits.file_bytes = 0;
  fake_failed (fixture_channel (self), BOBBIN_ERROR_TOO_LARGE, BOBBIN_CERTAINTY_REFUSED, -1);
  fixture_settle (self);
  assert_detail (self, fixture_last (self), "as the test says.");
}

/* An answer that grows too large is another matter. */
static void
test_too_large_answer (Fixture       *self,
                       gconstpointer  data)
{
  send_files (self);
  fake_turn_started (fixture_channel (self), "am_1");
  fake_text (fixture_channel (self), "text:0", "Well");
  fake_failed (fixture_channel (self), BOBBIN_ERROR_TOO_LARGE, BOBBIN_CERTAINTY_UNKNOWN, -1);
  fixture_settle (self);
  assert_stored (self, "user:failed assistant:failed");
  assert_detail (self, fixture_last (self), "as the test says");
}

/* Each kind of failure before the turn: what becomes of the prompt. */
static void
test_kinds (Fixture       *self,
            gconstpointer  data)
{
  static const struct { BobbinErrorCode code; const char *outline; } rows[] = {
    { BOBBIN_ERROR_CREDITS, "user:failed" },         { BOBBIN_ERROR_INVALID, "user:failed" },
    { BOBBIN_ERROR_NOT_SUPPORTED, "user:failed" },   { BOBBIN_ERROR_SERVER, "user:failed" },
    { BOBBIN_ERROR_FILE, "user:failed" },            { BOBBIN_ERROR_TOO_LARGE, "user:failed" },
    { BOBBIN_ERROR_AUTH, "user:queued" },            { BOBBIN_ERROR_FORBIDDEN, "user:queued" },
    { BOBBIN_ERROR_NETWORK, "user:queued" },         { BOBBIN_ERROR_TIMED_OUT, "user:queued" },
    { BOBBIN_ERROR_TLS, "user:queued" },             { BOBBIN_ERROR_BUSY, "user:queued" },
    { BOBBIN_ERROR_RATE_LIMITED, "user:queued" },    { BOBBIN_ERROR_INACTIVE, "user:queued" },
    { BOBBIN_ERROR_PROTOCOL, "user:queued" },        { BOBBIN_ERROR_REPLY_TOO_LARGE, "user:queued" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      fixture_ask (self, "Hello");
      fake_failed (fixture_channel (self), rows[i].code, BOBBIN_CERTAINTY_REFUSED, -1);
      fixture_settle (self);
      g_test_message ("%s", bobbin_error_code_nick (rows[i].code));
      assert_stored (self, rows[i].outline);
      bobbin_session_stop (self->session);
      bobbin_session_delete_message (self->session, fixture_last (self));
      fixture_settle (self);
    }
}

#define ADD(name, test, data) g_test_add ("/session/failure/" name, Fixture, data, fixture_set_up, test, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("too-large/refused", test_too_large, "refused");
  ADD ("too-large/closed", test_too_large, "closed");
  ADD ("too-large/text", test_too_large_text, NULL);
  ADD ("too-large/answer", test_too_large_answer, NULL);
  ADD ("kinds", test_kinds, NULL);

  return g_test_run ();
}
