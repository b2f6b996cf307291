/* The draft: saved as it is typed, files and their limits, what the reader saw. */
#include "config.h"
#include "session-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

static const char *
draft_text (Fixture *self)
{
  return bobbin_draft_get_text (bobbin_session_get_draft (self->session));
}

static guint
n_attachments (Fixture *self)
{
  return g_list_model_get_n_items (bobbin_draft_get_attachments (bobbin_session_get_draft (self->session)));
}

static void
keep_result_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* What a process killed now would find at its next start. */
static void
assert_kept (Fixture    *self,
             const char *text)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(BobbinDraft) draft = NULL;
  g_autoptr(GError) error = NULL;

  bobbin_store_load_draft_async (self->store, bobbin_thread_get_id (self->thread), NULL, keep_result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  draft = bobbin_store_load_draft_finish (self->store, result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (bobbin_draft_get_text (draft), ==, text);
}

static void
test_saved (Fixture       *self,
            gconstpointer  on_disk)
{
  g_assert_cmpuint (g_list_model_get_n_items (bobbin_library_get_threads (self->library)), ==, 0);
  fixture_type (self, "H");
  /* What is typed first is kept at once. */
  fixture_advance (self, 1);
  g_assert_cmpstr (bobbin_thread_get_draft (self->thread), ==, "H");
  assert_kept (self, "H");
  fixture_advance (self, 100);
  fixture_type (self, "Hello");
  fixture_advance (self, 100);
  assert_kept (self, "H");
  fixture_type (self, "Hello wor");
  /* Typing on does not put it off. */
  fixture_advance (self, 100);
  g_assert_cmpuint (g_list_model_get_n_items (bobbin_library_get_threads (self->library)), ==, 1);
  fixture_restart (self, TRUE);
  g_assert_cmpstr (draft_text (self), ==, "Hello wor");
  g_assert_cmpint (bobbin_draft_get_cursor (bobbin_session_get_draft (self->session)), ==, 9);
  g_assert_cmpstr (bobbin_thread_get_draft (self->thread), ==, "Hello wor");

  fixture_type (self, "");
  fixture_advance (self, 300);
  g_assert_null (bobbin_thread_get_draft (self->thread));
  fixture_restart (self, TRUE);
  g_assert_cmpstr (draft_text (self), ==, "");
}

static void
test_no_trace (Fixture       *self,
               gconstpointer  data)
{
  BobbinReadingPosition position = { 1, 2, 3, 4 };

  /* Looked at and left: nothing is kept. */
  fixture_type (self, " ");
  fixture_advance (self, 300);
  bobbin_session_set_reading_position (self->session, &position);
  bobbin_session_mark_read (self->session);
  bobbin_session_set_agent (self->session, "agent-2", "Other");
  fixture_advance (self, 2000);
  g_assert_cmpuint (g_list_model_get_n_items (bobbin_library_get_threads (self->library)), ==, 0);
}

static void
test_typed_before_loaded (Fixture       *self,
                          gconstpointer  on_disk)
{
  fixture_type (self, "stored ");
  fixture_advance (self, 300);
  g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  fixture_settle (self);

  fixture_open_session (self);
  fixture_type (self, "typed");
  fixture_advance (self, 300);
  g_assert_cmpstr (draft_text (self), ==, "stored typed");
  fixture_restart (self, TRUE);
  g_assert_cmpstr (draft_text (self), ==, "stored typed");
}

static void
test_sent_before_loaded (Fixture       *self,
                         gconstpointer  on_disk)
{
  g_autoptr(GError) error = NULL;

  fixture_type (self, "stored");
  fixture_advance (self, 300);
  g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  fixture_settle (self);

  fixture_open_session (self);
  fixture_type (self, "quick");
  g_assert_true (bobbin_session_send (self->session, &error));
  fixture_settle (self);
  g_assert_cmpstr (draft_text (self), ==, "stored");
  fixture_restart (self, TRUE);
  assert_outline (self, "user:queued");
  assert_text (fixture_last (self), "quick");
  g_assert_cmpstr (draft_text (self), ==, "stored");
}

static void
test_sent_at_once (Fixture       *self,
                   gconstpointer  on_disk)
{
  fixture_type (self, "stored");
  fixture_advance (self, 300);
  fixture_send (self, "stored and sent");
  fixture_type (self, "next");
  fixture_advance (self, 300);
  fixture_restart (self, TRUE);
  assert_outline (self, "user:queued");
  g_assert_cmpstr (draft_text (self), ==, "next");
}

/* Files */

typedef struct
{
  guint           n;
  char           *name;
  BobbinErrorCode code;
} Refused;

static void
refused_cb (BobbinSession *session,
            const char    *name,
            BobbinFailure *failure,
            Refused       *refused)
{
  refused->n++;
  g_free (refused->name);
  refused->name = g_strdup (name);
  refused->code = failure->code;
}

static void
attach (Fixture    *self,
        const char *name,
        gsize       size)
{
  g_autofree char *content = g_strnfill (size, 'x');
  g_autoptr(GBytes) bytes = g_bytes_new (content, size);

  bobbin_session_attach_bytes (self->session, bytes, name, "text/plain");
}

static void
wait_attached (Fixture *self)
{
  while (bobbin_session_get_n_attaching (self->session) > 0)
    g_main_context_iteration (NULL, TRUE);
  fixture_settle (self);
}

static void
test_attach (Fixture       *self,
             gconstpointer  on_disk)
{
  BobbinMessage *prompt;
  BobbinAttachment *attachment;
  g_autoptr(GError) error = NULL;

  attach (self, "a.txt", 3);
  g_assert_cmpuint (bobbin_session_get_n_attaching (self->session), ==, 1);
  g_assert_false (bobbin_session_send (self->session, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID);
  wait_attached (self);
  attach (self, "b.txt", 4);
  wait_attached (self);
  fixture_advance (self, 300);
  fixture_restart (self, TRUE);
  g_assert_cmpuint (n_attachments (self), ==, 2);

  prompt = fixture_send (self, "");
  fake_ready (fixture_channel (self), "t1");
  fixture_settle (self);
  g_assert_cmpuint (n_attachments (self), ==, 0);
  /* Servers choke on a message without words. */
  g_assert_cmpstr (fake_backend_sent (self->backend, 0), ==, "Attached: a.txt, b.txt");
  g_assert_cmpuint (bobbin_message_get_n_blocks (prompt), ==, 2);
  attachment = ((BobbinTurn *) fixture_channel (self)->sent->pdata[0])->attachments->pdata[1];
  g_assert_cmpstr (bobbin_attachment_get_name (attachment), ==, "b.txt");
  g_assert_cmpint (bobbin_attachment_get_size (attachment), ==, 4);
  fake_failed (fixture_channel (self), BOBBIN_ERROR_SERVER, BOBBIN_CERTAINTY_UNKNOWN, -1);
  fixture_settle (self);
  fixture_restart (self, TRUE);
  g_assert_cmpuint (bobbin_message_get_n_blocks (fixture_message (self, 0)), ==, 2);
}

static void
test_limits (Fixture       *self,
             gconstpointer  data)
{
  Refused refused = { 0 };
  g_autoptr(GFile) folder = g_file_new_for_path (g_get_tmp_dir ());
  g_autoptr(GFile) nothing = g_file_new_for_path ("/nonexistent/q3.csv");
  g_autoptr(GFile) nameless = g_file_new_for_uri ("nonsense");
  g_autoptr(GError) error = NULL;

  g_signal_connect (self->session, "attachment-refused", G_CALLBACK (refused_cb), &refused);
  attach (self, "large.txt", 1001);
  g_assert_cmpuint (refused.n, ==, 1);
  g_assert_cmpstr (refused.name, ==, "large.txt");
  g_assert_cmpint (refused.code, ==, BOBBIN_ERROR_TOO_LARGE);

  attach (self, "one.txt", 1000);
  wait_attached (self);
  attach (self, "two.txt", 600);
  wait_attached (self);
  g_assert_cmpuint (refused.n, ==, 2);
  g_assert_cmpstr (refused.name, ==, "two.txt");
  g_assert_cmpuint (n_attachments (self), ==, 1);

  bobbin_session_attach_file (self->session, folder);
  wait_attached (self);
  g_assert_cmpint (refused.code, ==, BOBBIN_ERROR_FILE);
  bobbin_session_attach_file (self->session, nothing);
  wait_attached (self);
  g_assert_cmpuint (refused.n, ==, 4);
  g_assert_cmpstr (refused.name, ==, "q3.csv");
  g_assert_cmpint (refused.code, ==, BOBBIN_ERROR_FILE);

  /* What was dropped or pasted may have no name at all. */
  bobbin_session_attach_file (self->session, nameless);
  wait_attached (self);
  g_assert_cmpuint (refused.n, ==, 5);
  g_assert_cmpstr (refused.name, ==, "nonsense");
  g_assert_cmpint (refused.code, ==, BOBBIN_ERROR_FILE);

  /* A limit that came later: nothing is sent, the file is named, the draft stays. */
  self->backend->limits.file_bytes = 10;
  g_assert_false (bobbin_session_send (self->session, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_TOO_LARGE);
  g_assert_nonnull (strstr (error->message, "one.txt"));
  g_assert_cmpuint (n_attachments (self), ==, 1);
  g_clear_error (&error);
  self->backend->capabilities &= ~(guint) BOBBIN_CAN_ATTACH;
  g_assert_false (bobbin_session_send (self->session, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED);
  attach (self, "three.txt", 1);
  g_assert_cmpuint (refused.n, ==, 6);
  g_assert_cmpint (refused.code, ==, BOBBIN_ERROR_NOT_SUPPORTED);
  g_signal_handlers_disconnect_by_data (self->session, &refused);
  g_free (refused.name);
}

static void
test_unqueue_files (Fixture       *self,
                    gconstpointer  data)
{
  BobbinMessage *prompt;

  attach (self, "a.txt", 3);
  wait_attached (self);
  prompt = fixture_send (self, "look");
  g_assert_cmpuint (n_attachments (self), ==, 0);
  bobbin_session_unqueue (self->session, prompt);
  fixture_settle (self);
  assert_state (self, IDLE);
  g_assert_cmpuint (n_attachments (self), ==, 1);
  g_assert_cmpstr (draft_text (self), ==, "look");
  g_assert_cmpuint (fixture_n_messages (self), ==, 0);
}

static void
test_reading (Fixture       *self,
              gconstpointer  on_disk)
{
  BobbinReadingPosition position = { 11, 12, 13, -14 };
  const BobbinReadingPosition *kept;

  fixture_ask (self, "hello");
  fake_text (fixture_channel (self), "text:0", "Hi.");
  fake_stopped (fixture_channel (self), NULL);
  fixture_settle (self);
  g_assert_true (bobbin_thread_get_unread (self->thread));
  bobbin_session_set_reading_position (self->session, &position);
  position.offset = 99;
  bobbin_session_set_reading_position (self->session, &position);
  fixture_advance (self, 1000);
  fixture_restart (self, TRUE);
  kept = bobbin_thread_get_reading_position (self->thread);
  g_assert_cmpint (kept->message_id, ==, 11);
  g_assert_cmpint (kept->offset, ==, 99);
  g_assert_cmpint (kept->pixels, ==, -14);
  g_assert_true (bobbin_thread_get_unread (self->thread));
  bobbin_session_mark_read (self->session);
  fixture_settle (self);
  fixture_restart (self, TRUE);
  g_assert_false (bobbin_thread_get_unread (self->thread));
}

#define ADD(name, test) g_test_add ("/session/draft/" name, Fixture, NULL, fixture_set_up, test, fixture_tear_down)
#define ADD_ON_DISK(name, test) g_test_add ("/session/draft/" name, Fixture, "disk", fixture_set_up, test, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD_ON_DISK ("saved", test_saved);
  ADD ("no-trace", test_no_trace);
  ADD_ON_DISK ("typed-before-loaded", test_typed_before_loaded);
  ADD_ON_DISK ("sent-before-loaded", test_sent_before_loaded);
  ADD_ON_DISK ("sent-at-once", test_sent_at_once);
  ADD_ON_DISK ("attach", test_attach);
  ADD ("limits", test_limits);
  ADD ("unqueue-files", test_unqueue_files);
  ADD_ON_DISK ("reading", test_reading);

  return g_test_run ();
}
