/* Files and messages that lie on the server: fetched, named, added, deleted; uploads that are given up. */
#include "config.h"
#include "session-fixture.h"

#define REMOTE (BOBBIN_CAN_READ_HISTORY | BOBBIN_CAN_EDIT_HISTORY | BOBBIN_CAN_DOWNLOAD | BOBBIN_CAN_UPLOAD | BOBBIN_CAN_ATTACH | \
                BOBBIN_CAN_CANCEL)

static void
set_up (Fixture      *self,
        gconstpointer on_disk)
{
  fixture_set_up (self, on_disk);
  self->backend->capabilities |= REMOTE;
  self->backend->file = "content";
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* An answer with one block of @kind. */
static BobbinBlock *
have_answer (Fixture         *self,
             BobbinBlockKind  kind,
             const char      *data)
{
  BobbinMessage *answer;

  fixture_ask (self, "Hello");
  fake_turn_started (fixture_channel (self), "a1");
  fake_block (fixture_channel (self), kind, BOBBIN_PHASE_COMPLETE, "f", "chart.txt", NULL, data);
  fake_stopped (fixture_channel (self), NULL);
  fixture_settle (self);
  answer = fixture_last (self);

  return bobbin_message_get_block (answer, 0);
}

static gboolean
fetch (Fixture       *self,
       BobbinBlock   *block,
       GCancellable  *cancellable,
       GError       **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  bobbin_session_fetch_file_async (self->session, fixture_last (self), block, cancellable, done_cb, &result);
  while (result == NULL)
    fixture_settle (self);

  return bobbin_session_fetch_file_finish (self->session, result, error);
}

static void
test_fetch (Fixture      *self,
            gconstpointer on_disk)
{
  BobbinBlock *block = have_answer (self, BOBBIN_BLOCK_FILE, "{\"file_id\":\"f1\"}");
  g_autoptr(GError) error = NULL;

  g_assert_true (bobbin_session_can_fetch (self->session, block));
  g_assert_true (fetch (self, block, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (self->backend->changes->str, ==, "fetch f1;");
  g_assert_cmpint (bobbin_attachment_get_size (bobbin_block_get_attachment (block)), ==, 7);
  g_assert_cmpfloat (bobbin_block_get_progress (block), ==, -1);
  g_assert_false (bobbin_session_can_fetch (self->session, block));
  fixture_settle (self);

  /* kept */
  fixture_restart (self, FALSE);
  block = bobbin_message_get_block (fixture_last (self), 0);
  g_assert_cmpstr (bobbin_attachment_get_name (bobbin_block_get_attachment (block)), ==, "told.txt");
}

static void
test_fetch_fails (Fixture      *self,
                  gconstpointer on_disk)
{
  BobbinBlock *block = have_answer (self, BOBBIN_BLOCK_FILE, "{\"file_id\":\"f1\"}");
  g_autoptr(GError) error = NULL;

  self->backend->file = NULL;
  g_assert_false (fetch (self, block, NULL, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_FOUND);
  g_assert_cmpfloat (bobbin_block_get_progress (block), ==, -1);
  g_clear_error (&error);
  self->backend->file = "content";
  g_assert_true (fetch (self, block, NULL, &error));
  g_assert_no_error (error);
}

static void
test_fetch_cancelled (Fixture      *self,
                      gconstpointer on_disk)
{
  BobbinBlock *block = have_answer (self, BOBBIN_BLOCK_IMAGE, "{\"file_id\":\"f1\"}");
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GAsyncResult) second = NULL;
  g_autoptr(GError) error = NULL;

  self->backend->slow = TRUE;
  bobbin_session_fetch_file_async (self->session, fixture_last (self), block, cancellable, done_cb, &result);
  fixture_settle (self);
  g_assert_cmpfloat (bobbin_block_get_progress (block), ==, 0);
  /* one is enough */
  bobbin_session_fetch_file_async (self->session, fixture_last (self), block, NULL, done_cb, &second);
  fixture_settle (self);
  g_assert_true (bobbin_session_fetch_file_finish (self->session, second, &error));
  g_assert_cmpstr (self->backend->changes->str, ==, "fetch f1;");

  g_cancellable_cancel (cancellable);
  fake_backend_go_on (self->backend);
  fixture_settle (self);
  g_assert_false (bobbin_session_fetch_file_finish (self->session, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpfloat (bobbin_block_get_progress (block), ==, -1);
  g_assert_null (bobbin_block_get_attachment (block));
}

/* What lies on the web, or nowhere, is no file of the server; nor is anything where the service keeps none. */
static void
test_not_fetched (Fixture      *self,
                  gconstpointer on_disk)
{
  BobbinBlock *block = have_answer (self, BOBBIN_BLOCK_IMAGE, "{\"url\":\"https://example.org/a.png\"}");
  g_autoptr(GError) error = NULL;

  g_assert_false (bobbin_session_can_fetch (self->session, block));
  g_assert_false (fetch (self, block, NULL, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED);
  bobbin_block_set_data (block, "{\"file_id\":\"f1\"}");
  g_assert_true (bobbin_session_can_fetch (self->session, block));
  self->backend->capabilities &= ~BOBBIN_CAN_DOWNLOAD;
  g_assert_false (bobbin_session_can_fetch (self->session, block));
  bobbin_block_set_data (block, NULL);
  g_assert_false (bobbin_session_can_fetch (self->session, block));
  g_assert_cmpstr (self->backend->changes->str, ==, "");
}

static void
test_sources (Fixture      *self,
              gconstpointer on_disk)
{
  BobbinBlock *block = have_answer (self, BOBBIN_BLOCK_SOURCES,
                                    "{\"sources\":[{\"title\":\"f1\",\"file_id\":\"f1\"},{\"title\":\"Known\",\"file_id\":\"f2\"},"
                                    "{\"file_id\":\"f3\",\"page\":2},{\"url\":\"https://e.org\",\"file_id\":\"f4\"},{\"file_id\":\"f1\"}]}");
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *name = NULL;

  bobbin_session_name_sources (self->session, fixture_last (self), block);
  fixture_settle (self);
  g_assert_cmpstr (self->backend->changes->str, ==, "name f1;name f3;");
  g_assert_cmpstr (bobbin_block_get_data (block), ==,
                   "{\"sources\":[{\"title\":\"f1.txt\",\"file_id\":\"f1\"},{\"title\":\"Known\",\"file_id\":\"f2\"},"
                   "{\"file_id\":\"f3\",\"page\":2,\"title\":\"f3.txt\"},{\"url\":\"https://e.org\",\"file_id\":\"f4\"},"
                   "{\"file_id\":\"f1\",\"title\":\"f1.txt\"}]}");
  bobbin_session_name_sources (self->session, fixture_last (self), block);
  fixture_settle (self);
  g_assert_cmpstr (self->backend->changes->str, ==, "name f1;name f3;");

  bobbin_session_fetch_source_async (self->session, "f2", NULL, done_cb, &result);
  fixture_settle (self);
  bytes = bobbin_session_fetch_source_finish (self->session, result, &name, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "content", 7);
  g_assert_cmpstr (name, ==, "told.txt");
}

static void
test_delete (Fixture      *self,
             gconstpointer on_disk)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  have_answer (self, BOBBIN_BLOCK_FILE, NULL);
  bobbin_message_set_server_id (fixture_last (self), "a1\na2");
  g_assert_true (bobbin_session_deletes_on_server (self->session, fixture_last (self)));
  bobbin_session_delete_on_server_async (self->session, fixture_last (self), NULL, done_cb, &result);
  fixture_settle (self);
  g_assert_true (bobbin_session_delete_on_server_finish (self->session, result, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (self->backend->changes->str, ==, "remove a1;remove a2;");
  assert_outline (self, "user:complete");
  assert_stored (self, "user:complete");
}

/* It stays here while it is there. */
static void
test_delete_fails (Fixture      *self,
                   gconstpointer on_disk)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GAsyncResult) again = NULL;
  g_autoptr(GError) error = NULL;

  have_answer (self, BOBBIN_BLOCK_FILE, NULL);
  self->backend->change_error = BOBBIN_ERROR_SERVER;
  bobbin_session_delete_on_server_async (self->session, fixture_last (self), NULL, done_cb, &result);
  fixture_settle (self);
  g_assert_false (bobbin_session_delete_on_server_finish (self->session, result, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_SERVER);
  assert_outline (self, "user:complete assistant:complete");

  /* gone there is what was asked for */
  self->backend->change_error = BOBBIN_ERROR_NOT_FOUND;
  bobbin_session_delete_on_server_async (self->session, fixture_last (self), NULL, done_cb, &again);
  fixture_settle (self);
  g_clear_error (&error);
  g_assert_true (bobbin_session_delete_on_server_finish (self->session, again, &error));
  assert_outline (self, "user:complete");
}

static void
test_add (Fixture      *self,
          gconstpointer on_disk)
{
  g_autoptr(GAsyncResult) early = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  BobbinMessage *prompt;

  /* no thread there yet */
  g_assert_false (bobbin_session_can_add_message (self->session));
  bobbin_session_add_message_async (self->session, BOBBIN_ROLE_ASSISTANT, "No", NULL, done_cb, &early);
  fixture_settle (self);
  g_assert_false (bobbin_session_add_message_finish (self->session, early, &error));
  g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED);
  g_clear_error (&error);

  have_answer (self, BOBBIN_BLOCK_FILE, NULL);
  prompt = fixture_message (self, 0);
  fake_row (self->backend, BOBBIN_ROLE_USER, bobbin_message_get_server_id (prompt), "Hello");
  fake_row (self->backend, BOBBIN_ROLE_ASSISTANT, "a1", "");
  bobbin_session_add_message_async (self->session, BOBBIN_ROLE_ASSISTANT, "Added", NULL, done_cb, &result);
  fixture_settle (self);
  g_assert_true (bobbin_session_add_message_finish (self->session, result, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (self->backend->changes->str, ==, "add assistant Added;");
  assert_text (fixture_last (self), "Added");
  g_assert_cmpstr (bobbin_message_get_server_id (fixture_last (self)), ==, "added");
}

static void
attach (Fixture *self)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static ("abc", 3);

  bobbin_session_attach_bytes (self->session, bytes, "a.txt", "text/plain");
  while (bobbin_session_get_n_attaching (self->session) > 0)
    fixture_settle (self);
}

static void
upload (Fixture       *self,
        BobbinMessage *prompt,
        gint64         done_bytes)
{
  BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_UPLOAD);

  for (guint i = 0; i < bobbin_message_get_n_blocks (prompt); i++)
    if (bobbin_block_get_attachment (bobbin_message_get_block (prompt, i)) != NULL)
      event->attachment = g_object_ref (bobbin_block_get_attachment (bobbin_message_get_block (prompt, i)));
  event->done_bytes = done_bytes;
  event->total_bytes = 4;
  fake_emit (fixture_channel (self), event);
}

static BobbinBlock *
find_file (BobbinMessage *prompt)
{
  for (guint i = 0; i < bobbin_message_get_n_blocks (prompt); i++)
    if (bobbin_block_get_attachment (bobbin_message_get_block (prompt, i)) != NULL)
      return bobbin_message_get_block (prompt, i);
  g_assert_not_reached ();
}

/* Cancelled on its way: what is there already goes; accepted, it stays. */
static void
test_upload (Fixture      *self,
             gconstpointer on_disk)
{
  BobbinMessage *prompt;

  attach (self);
  prompt = fixture_ask (self, "Look");
  upload (self, prompt, 1);
  g_assert_cmpfloat (bobbin_block_get_progress (find_file (prompt)), ==, 0.25);
  bobbin_session_stop (self->session);
  fake_stopped (fixture_channel (self), "cancelled");
  fixture_settle (self);
  assert_outline (self, "user:stopped");
  g_assert_cmpfloat (bobbin_block_get_progress (find_file (prompt)), ==, -1);
  g_assert_cmpstr (self->backend->changes->str, ==, "drop a.txt;");

  g_string_truncate (self->backend->changes, 0);
  bobbin_session_retry (self->session, prompt);
  fixture_settle (self);
  upload (self, prompt, 4);
  fake_simple (fixture_channel (self), BOBBIN_EVENT_ACCEPTED, NULL);
  bobbin_session_stop (self->session);
  fake_stopped (fixture_channel (self), "cancelled");
  fixture_settle (self);
  g_assert_cmpstr (self->backend->changes->str, ==, "");
}

/* A message that failed keeps its files there for another try, until it is deleted. */
static void
test_upload_deleted (Fixture      *self,
                     gconstpointer on_disk)
{
  BobbinMessage *prompt;

  attach (self);
  prompt = fixture_ask (self, "Look");
  fake_failed (fixture_channel (self), BOBBIN_ERROR_INVALID, BOBBIN_CERTAINTY_UNSENT, -1);
  fixture_settle (self);
  assert_outline (self, "user:failed");
  g_assert_cmpstr (self->backend->changes->str, ==, "");
  bobbin_session_delete_message (self->session, prompt);
  fixture_settle (self);
  g_assert_cmpstr (self->backend->changes->str, ==, "drop a.txt;");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, disk, func) g_test_add ("/session-remote/" name, Fixture, disk, set_up, func, fixture_tear_down)
  ADD ("fetch", "disk", test_fetch);
  ADD ("fetch-fails", "disk", test_fetch_fails);
  ADD ("fetch-cancelled", NULL, test_fetch_cancelled);
  ADD ("not-fetched", NULL, test_not_fetched);
  ADD ("sources", NULL, test_sources);
  ADD ("delete", NULL, test_delete);
  ADD ("delete-fails", NULL, test_delete_fails);
  ADD ("add", NULL, test_add);
  ADD ("upload", "disk", test_upload);
  ADD ("upload-deleted", "disk", test_upload_deleted);

  return g_test_run ();
}
