#include "config.h"
#include "export-fixture.h"

gboolean
export_to (BobbinStore         *store,
           gint64               thread_id,
           BobbinExportFormat   format,
           const char          *path,
           BobbinExportSum     *ret_sum,
           GCancellable        *cancellable,
           GError             **error)
{
  Answer answer = { NULL };
  g_autoptr(GAsyncResult) result = NULL;

  bobbin_export_async (store, thread_id, format, path, NULL, NULL, cancellable, answer_cb, &answer);
  result = answer_wait (&answer);

  return bobbin_export_finish (store, result, ret_sum, error);
}

gboolean
import_from (BobbinStore      *store,
             const char       *path,
             gboolean          restore,
             BobbinImportSum  *ret_sum,
             GError          **error)
{
  Answer answer = { NULL };
  g_autoptr(GAsyncResult) result = NULL;

  bobbin_import_async (store, path, 0, restore, NULL, NULL, NULL, answer_cb, &answer);
  result = answer_wait (&answer);

  return bobbin_import_finish (store, result, ret_sum, error);
}

gboolean
back_up_to (BobbinStore  *store,
            const char   *path,
            GError      **error)
{
  Answer answer = { NULL };
  g_autoptr(GAsyncResult) result = NULL;

  bobbin_backup_async (store, path, NULL, NULL, NULL, answer_cb, &answer);
  result = answer_wait (&answer);

  return bobbin_backup_finish (store, result, NULL, error);
}

gboolean
import_text (BobbinStore      *store,
             const char       *dir,
             const char       *text,
             BobbinImportSum  *ret_sum,
             GError          **error)
{
  g_autofree char *path = g_build_filename (dir, "given.json", NULL);

  fixture_write (dir, "given.json", text, -1);

  return import_from (store, path, FALSE, ret_sum, error);
}

static BobbinBlock *
add (BobbinMessage    *message,
     BobbinBlockKind   kind,
     BobbinBlockState  state,
     const char       *name,
     const char       *text,
     const char       *data,
     const char       *result)
{
  g_autoptr(BobbinBlock) block = bobbin_block_new (bobbin_id_new (), kind);

  bobbin_block_set_state (block, state);
  bobbin_block_set_name (block, name);
  if (text != NULL)
    bobbin_block_set_text (block, text);
  bobbin_block_set_data (block, data);
  bobbin_block_set_result (block, result);
  bobbin_message_add_block (message, block);

  return block;
}

static BobbinMessage *
make_answer (BobbinStore *store)
{
  g_autofree char *opening = g_strnfill (120, '[');
  g_autofree char *closing = g_strnfill (120, ']');
  g_autofree char *deep = g_strconcat (opening, "1", closing, NULL);
  g_autoptr(BobbinMessage) answer = bobbin_message_new (bobbin_id_new (), BOBBIN_ROLE_ASSISTANT, g_get_real_time ());
  g_autoptr(BobbinAttachment) picture = fixture_import (store, "sunset & <sea>.png", "\x89PNG\r\n\x1a\nnot really");
  g_autoptr(BobbinAttachment) table = fixture_import (store, "a.csv", "a,b\n1,2\n");
  g_autoptr(BobbinFailure) failure = bobbin_failure_new (BOBBIN_ERROR_SERVER, BOBBIN_CERTAINTY_ACCEPTED, "It broke");
  BobbinUsage usage = { 12, 34, 46, 1234.5, 7.25, 0.5, "EUR", TRUE };
  BobbinBlock *block;

  failure->http_status = 502;
  failure->retry_after_ms = 3000;
  bobbin_message_set_delivery (answer, BOBBIN_DELIVERY_FAILED);
  bobbin_message_set_failure (answer, failure);
  bobbin_message_set_usage (answer, &usage);
  bobbin_message_set_server_id (answer, "m1\nm2");
  bobbin_message_set_agent_id (answer, "agent-1");
  bobbin_message_set_agent_name (answer, "Ada");
  bobbin_message_set_model (answer, "model-1");
  bobbin_message_set_stop_reason (answer, "error");
  bobbin_message_set_finished_us (answer, bobbin_message_get_created_us (answer) + 5);
  add (answer, BOBBIN_BLOCK_THINKING, BOBBIN_BLOCK_DONE, NULL, "Hm.\n\nWell.", NULL, NULL);
  add (answer, BOBBIN_BLOCK_TEXT, BOBBIN_BLOCK_DONE, NULL,
       "# Head\n\n<script>alert(1)</script>\n\n**bold** \u202eevil\u202c \"quoted\" \\ 漢字 🎉\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n$x^2$ "
       "[link](javascript:alert(2)) ![p](https://example.org/p.png)\n\n```c\nint x < 1;\n```\n", NULL, NULL);
  block = add (answer, BOBBIN_BLOCK_TOOL_CALL, BOBBIN_BLOCK_ERROR, "get_weather", NULL, "{\"place\":\"Leeds\",\"n\":1.50}", "null");
  bobbin_block_set_call_id (block, "call-1");
  bobbin_block_set_started_us (block, 1700000000000001);
  bobbin_block_set_finished_us (block, 1700000000000002);
  add (answer, BOBBIN_BLOCK_TABLE, BOBBIN_BLOCK_DONE, NULL, NULL, "{\"headers\":[\"a\",\"<b>\"],\"rows\":[[1,\"x|y\"]]}", NULL);
  add (answer, BOBBIN_BLOCK_CHART, BOBBIN_BLOCK_DONE, NULL, NULL,
       "{\"type\":\"bar\",\"title\":\"T\",\"labels\":[\"p\",\"q\"],\"datasets\":[{\"label\":\"s\",\"data\":[1,2]}]}", NULL);
  add (answer, BOBBIN_BLOCK_CODE, BOBBIN_BLOCK_DONE, "py`th\non", "a ``` b & <c>\n", NULL, NULL);
  add (answer, BOBBIN_BLOCK_JSON, BOBBIN_BLOCK_DONE, NULL, NULL, " { \"spaced\" : [ 1e3 , 2 ], \"spaced\": 1 } ", NULL);
  add (answer, BOBBIN_BLOCK_JSON, BOBBIN_BLOCK_DONE, NULL, NULL, deep, NULL);
  add (answer, BOBBIN_BLOCK_UNKNOWN, BOBBIN_BLOCK_DONE, "hologram", NULL, "not json at all", NULL);
  block = add (answer, BOBBIN_BLOCK_IMAGE, BOBBIN_BLOCK_DONE, NULL, NULL, NULL, NULL);
  bobbin_block_set_attachment (block, picture);
  block = add (answer, BOBBIN_BLOCK_FILE, BOBBIN_BLOCK_DONE, NULL, NULL, NULL, NULL);
  bobbin_block_set_attachment (block, table);
  add (answer, BOBBIN_BLOCK_FILE, BOBBIN_BLOCK_DONE, NULL, NULL, "{\"file_id\":\"f1\"}", NULL);
  add (answer, BOBBIN_BLOCK_APPROVAL, BOBBIN_BLOCK_DONE, "node", "May I?", "{\"tools\":[]}", "[{\"type\":\"approve\"}]");
  add (answer, BOBBIN_BLOCK_SOURCES, BOBBIN_BLOCK_DONE, NULL, NULL, "{\"sources\":[{\"title\":\"Grit\",\"quote\":\"q\"}]}", NULL);
  add (answer, BOBBIN_BLOCK_NOTICE, BOBBIN_BLOCK_DONE, BOBBIN_NOTICE_CUT_OFF, NULL, NULL, NULL);

  return g_steal_pointer (&answer);
}

BobbinThread *
fill_thread (BobbinStore   *store,
             BobbinAccount *account)
{
  BobbinThread *thread = fixture_add_thread (store, account, "Harbour <b>&</b> \"sea\"", 1700000000000000);
  g_autoptr(BobbinMessage) first = fixture_make_message (BOBBIN_ROLE_USER, "first <i>try</i>\nsecond line");
  g_autoptr(BobbinMessage) lost = fixture_make_message (BOBBIN_ROLE_ASSISTANT, "an answer that is hidden");
  g_autoptr(BobbinMessage) again = fixture_make_message (BOBBIN_ROLE_USER, "second try");
  g_autoptr(BobbinMessage) answer = make_answer (store);
  g_autoptr(GAsyncResult) result = NULL;

  bobbin_thread_set_server_id (thread, "server-thread-1");
  bobbin_thread_set_agent_name (thread, "Ada");
  bobbin_thread_set_pinned (thread, TRUE);
  bobbin_thread_set_metadata (thread, "{\"a\":1.0}");
  result = WAIT (bobbin_store_save_thread_async, store, thread);
  g_assert_true (bobbin_store_finish (store, result, NULL));
  fixture_save_message (store, thread, first);
  fixture_save_message (store, thread, lost);
  bobbin_message_set_version (again, bobbin_message_get_id (first), 2, 2);
  fixture_save_message (store, thread, again);
  fixture_save_message (store, thread, answer);

  return thread;
}

BobbinMessageRun *
read_all (BobbinStore *store,
          gint64       thread_id)
{
  g_autoptr(GAsyncResult) result = WAIT (bobbin_store_read_messages_async, store, thread_id, 0);
  g_autoptr(GError) error = NULL;
  BobbinMessageRun *run = bobbin_store_read_messages_finish (store, result, &error);

  g_assert_no_error (error);
  g_assert_cmpint (run->next_id, ==, 0);

  return run;
}

char *
read_text (const char *path)
{
  g_autoptr(GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);

  return text;
}

void
assert_same_file (BobbinAttachment *a,
                  BobbinAttachment *b)
{
  g_autofree char *bytes = NULL;
  g_autofree char *sum = NULL;
  gsize length;

  g_assert_true ((a == NULL) == (b == NULL));
  if (a == NULL)
    return;

  g_assert_cmpstr (bobbin_attachment_get_name (a), ==, bobbin_attachment_get_name (b));
  g_assert_cmpstr (bobbin_attachment_get_content_type (a), ==, bobbin_attachment_get_content_type (b));
  g_assert_cmpstr (bobbin_attachment_get_sha256 (a), ==, bobbin_attachment_get_sha256 (b));
  g_assert_true (g_file_get_contents (bobbin_attachment_get_path (b), &bytes, &length, NULL));
  sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) bytes, length);
  g_assert_cmpstr (sum, ==, bobbin_attachment_get_sha256 (a));
}

void
assert_same_content (BobbinMessage *a,
                     BobbinMessage *b)
{
  g_assert_cmpuint (bobbin_message_get_n_blocks (a), ==, bobbin_message_get_n_blocks (b));
  for (guint i = 0; i < bobbin_message_get_n_blocks (a); i++)
    {
      BobbinBlock *p = bobbin_message_get_block (a, i);
      BobbinBlock *q = bobbin_message_get_block (b, i);

      g_assert_cmpint (bobbin_block_get_kind (p), ==, bobbin_block_get_kind (q));
      g_assert_cmpint (bobbin_block_get_state (p), ==, bobbin_block_get_state (q));
      g_assert_cmpstr (bobbin_block_get_text (p), ==, bobbin_block_get_text (q));
      g_assert_cmpstr (bobbin_block_get_name (p), ==, bobbin_block_get_name (q));
      g_assert_cmpstr (bobbin_block_get_call_id (p), ==, bobbin_block_get_call_id (q));
      g_assert_cmpstr (bobbin_block_get_data (p), ==, bobbin_block_get_data (q));
      g_assert_cmpstr (bobbin_block_get_result (p), ==, bobbin_block_get_result (q));
      g_assert_cmpint (bobbin_block_get_started_us (p), ==, bobbin_block_get_started_us (q));
      g_assert_cmpint (bobbin_block_get_finished_us (p), ==, bobbin_block_get_finished_us (q));
      assert_same_file (bobbin_block_get_attachment (p), bobbin_block_get_attachment (q));
    }
}
