#define G_LOG_DOMAIN "bobbin-test"
#include "config.h"
#include "store-fixture.h"

#include "util/bobbin-folder.h"

char *
fixture_make_dir (void)
{
  g_autoptr(GError) error = NULL;
  char *dir = g_dir_make_tmp ("bobbin-store-XXXXXX", &error);

  g_assert_no_error (error);
  return dir;
}

void
fixture_remove_dir (const char *dir)
{
  g_assert_true (bobbin_folder_remove (dir));
}

char *
fixture_read (const char *dir,
              const char *name,
              gsize      *ret_length)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autoptr(GError) error = NULL;
  char *data = NULL;

  g_file_get_contents (path, &data, ret_length, &error);
  g_assert_no_error (error);

  return data;
}

void
fixture_write (const char *dir,
               const char *name,
               const char *data,
               gssize      length)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autoptr(GError) error = NULL;

  g_file_set_contents (path, data, length, &error);
  g_assert_no_error (error);
}

gboolean
fixture_contains (const char *data,
                  gsize       length,
                  const char *text)
{
  gsize n = strlen (text);

  for (gsize i = 0; i + n <= length; i++)
    if (memcmp (data + i, text, n) == 0)
      return TRUE;

  return FALSE;
}

void
answer_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Answer *answer = user_data;

  answer->result = g_object_ref (result);
}

GAsyncResult *
answer_wait (Answer *answer)
{
  while (answer->result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return answer->result;
}

BobbinStore *
fixture_try_open (const char         *data_dir,
                  BobbinStoreReport **ret_report,
                  GError            **error)
{
  BobbinStore *store = bobbin_sqlite_store_new (data_dir);
  g_autoptr(GAsyncResult) result = WAIT (bobbin_store_open_async, store);
  g_autoptr(BobbinStoreReport) report = bobbin_store_open_finish (store, result, error);

  if (report == NULL)
    {
      bobbin_store_close (store);
      g_object_unref (store);
      return NULL;
    }
  if (ret_report != NULL)
    *ret_report = g_steal_pointer (&report);

  return store;
}

BobbinStore *
fixture_open (const char         *data_dir,
              BobbinStoreReport **ret_report)
{
  g_autoptr(GError) error = NULL;
  BobbinStore *store = fixture_try_open (data_dir, ret_report, &error);

  g_assert_no_error (error);
  return store;
}

void
fixture_close (BobbinStore *store)
{
  bobbin_store_close (store);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (store);
}

static void
finish_ok (BobbinStore  *store,
           GAsyncResult *taken)
{
  g_autoptr(GAsyncResult) result = taken;
  g_autoptr(GError) error = NULL;
  gboolean ok = bobbin_store_finish (store, result, &error);

  g_assert_no_error (error);
  g_assert_true (ok);
}

void
fixture_flush (BobbinStore *store)
{
  finish_ok (store, WAIT (bobbin_store_flush_async, store));
}

BobbinAccount *
fixture_add_account (BobbinStore *store,
                     const char  *name)
{
  BobbinAccount *account = bobbin_account_new (0, BOBBIN_SERVICE_NEBELUS, name, "https://example.org");

  finish_ok (store, WAIT (bobbin_store_save_account_async, store, account));
  return account;
}

BobbinThread *
fixture_add_thread (BobbinStore   *store,
                    BobbinAccount *account,
                    const char    *title,
                    gint64         used_us)
{
  BobbinThread *thread = bobbin_thread_new (0, bobbin_account_get_id (account));

  bobbin_thread_set_title (thread, title, BOBBIN_TITLE_DERIVED);
  bobbin_thread_set_created_us (thread, used_us);
  bobbin_thread_set_last_used_us (thread, used_us);
  finish_ok (store, WAIT (bobbin_store_save_thread_async, store, thread));

  return thread;
}

BobbinMessage *
fixture_make_message (BobbinRole  role,
                      const char *text)
{
  BobbinMessage *message = bobbin_message_new (0, role, 1700000000000000);
  g_autoptr(BobbinBlock) block = bobbin_block_new (0, BOBBIN_BLOCK_TEXT);

  bobbin_message_set_delivery (message, BOBBIN_DELIVERY_COMPLETE);
  bobbin_block_set_text (block, text);
  bobbin_block_set_state (block, BOBBIN_BLOCK_DONE);
  bobbin_message_add_block (message, block);

  return message;
}

void
fixture_save_message (BobbinStore   *store,
                      BobbinThread  *thread,
                      BobbinMessage *message)
{
  finish_ok (store, WAIT (bobbin_store_save_message_async, store, bobbin_thread_get_id (thread), message));
}

BobbinMessage *
fixture_add_message (BobbinStore  *store,
                     BobbinThread *thread,
                     BobbinRole    role,
                     const char   *text)
{
  BobbinMessage *message = fixture_make_message (role, text);

  fixture_save_message (store, thread, message);
  return message;
}

BobbinThread *
fixture_load_thread (BobbinStore *store,
                     gint64       id)
{
  g_autoptr(GAsyncResult) result = WAIT (bobbin_store_load_thread_async, store, id);
  g_autoptr(GError) error = NULL;
  BobbinThread *thread = bobbin_store_load_thread_finish (store, result, &error);

  g_assert_no_error (error);
  return thread;
}

GPtrArray *
fixture_list_messages (BobbinStore *store,
                       gint64       thread_id)
{
  g_autoptr(GAsyncResult) result = WAIT (bobbin_store_list_messages_async, store, thread_id, 0, 1000);
  g_autoptr(GError) error = NULL;
  GPtrArray *messages = bobbin_store_list_messages_finish (store, result, &error);

  g_assert_no_error (error);
  return messages;
}

GPtrArray *
fixture_list_threads (BobbinStore  *store,
                      BobbinFolder  folder,
                      gint64        account_id)
{
  const BobbinThreadQuery query = { .folder = folder, .account_id = account_id, .limit = 1000 };
  g_autoptr(GAsyncResult) result = WAIT (bobbin_store_list_threads_async, store, &query);
  g_autoptr(GError) error = NULL;
  GPtrArray *threads = bobbin_store_list_threads_finish (store, result, &error);

  g_assert_no_error (error);
  return threads;
}

BobbinSearchPage *
fixture_search_page (BobbinStore             *store,
                     const BobbinSearchQuery *query)
{
  g_autoptr(GAsyncResult) result = WAIT (bobbin_store_search_async, store, query);
  g_autoptr(GError) error = NULL;
  BobbinSearchPage *page = bobbin_store_search_finish (store, result, &error);

  g_assert_no_error (error);

  return page;
}

GPtrArray *
fixture_search (BobbinStore *store,
                const char  *query)
{
  const BobbinSearchQuery asked = { .text = query, .limit = 20 };
  g_autoptr(BobbinSearchPage) page = fixture_search_page (store, &asked);

  return g_ptr_array_ref (page->hits);
}

void
fixture_index (BobbinStore *store)
{
  gboolean more = TRUE;

  while (more)
    {
      g_autoptr(GAsyncResult) result = WAIT (bobbin_store_index_async, store);
      g_autoptr(GError) error = NULL;

      bobbin_store_index_finish (store, result, &more, &error);
      g_assert_no_error (error);
    }
}

BobbinAttachment *
fixture_import (BobbinStore *store,
                const char  *name,
                const char  *data)
{
  g_autoptr(GBytes) bytes = g_bytes_new (data, strlen (data));
  g_autoptr(GAsyncResult) result = WAIT (bobbin_store_import_bytes_async, store, bytes, name, NULL);
  g_autoptr(GError) error = NULL;
  BobbinAttachment *attachment = bobbin_store_import_finish (store, result, &error);

  g_assert_no_error (error);
  return attachment;
}

gint64
fixture_query (const char *dir,
               const char *sql)
{
  g_autofree char *path = g_build_filename (dir, "bobbin.db", NULL);
  sqlite3 *handle = NULL;
  sqlite3_stmt *statement = NULL;
  gint64 value;

  g_assert_cmpint (sqlite3_open_v2 (path, &handle, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (handle, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  value = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  sqlite3_close (handle);

  return value;
}

static gboolean
sql_run (BobbinStoreDb  *db,
         gpointer        args,
         gpointer       *ret_result,
         GError        **error)
{
  return _bobbin_db_script (db, args, error);
}

static void
submit_sql_async (BobbinStore         *store,
                  const char          *sql,
                  GCancellable        *cancellable,
                  GAsyncReadyCallback  callback,
                  gpointer             user_data)
{
  static const BobbinStoreOpInfo info = { "sql", BOBBIN_STORE_RAW, NULL, sql_run, g_free, NULL };

  _bobbin_store_submit (store, submit_sql_async, &info, g_strdup (sql), cancellable, callback, user_data);
}

void
fixture_run_sql (BobbinStore *store,
                 const char  *sql)
{
  finish_ok (store, WAIT (submit_sql_async, store, sql));
}

void
assert_index_is_true (BobbinStore *store)
{
  /* Rank 1: compare with the content, not only within the index. */
  for (guint i = 0; _bobbin_schema_index_names[i] != NULL; i++)
    {
      const char *name = _bobbin_schema_index_names[i];
      g_autofree char *sql = g_strdup_printf ("INSERT INTO %s (%s, rank) VALUES ('integrity-check', 1)", name, name);

      fixture_run_sql (store, sql);
    }
}

void
assert_same_account (BobbinAccount *a,
                     BobbinAccount *b)
{
  g_assert_cmpint (bobbin_account_get_id (a), ==, bobbin_account_get_id (b));
  g_assert_cmpint (bobbin_account_get_service (a), ==, bobbin_account_get_service (b));
  g_assert_cmpstr (bobbin_account_get_name (a), ==, bobbin_account_get_name (b));
  g_assert_cmpstr (bobbin_account_get_base_url (a), ==, bobbin_account_get_base_url (b));
  g_assert_cmpstr (bobbin_account_get_agent_id (a), ==, bobbin_account_get_agent_id (b));
  g_assert_cmpint (bobbin_account_get_transport (a), ==, bobbin_account_get_transport (b));
  g_assert_cmpint (bobbin_account_get_allow_plain (a), ==, bobbin_account_get_allow_plain (b));
  g_assert_cmpstr (bobbin_account_get_pinned_certificate (a), ==, bobbin_account_get_pinned_certificate (b));
  g_assert_cmpint (bobbin_account_get_position (a), ==, bobbin_account_get_position (b));
  g_assert_cmpstr (bobbin_account_get_options (a), ==, bobbin_account_get_options (b));
}

void
assert_same_thread (BobbinThread *a,
                    BobbinThread *b)
{
  const BobbinReadingPosition *p = bobbin_thread_get_reading_position (a);
  const BobbinReadingPosition *q = bobbin_thread_get_reading_position (b);

  g_assert_cmpint (bobbin_thread_get_id (a), ==, bobbin_thread_get_id (b));
  g_assert_cmpint (bobbin_thread_get_account_id (a), ==, bobbin_thread_get_account_id (b));
  g_assert_cmpstr (bobbin_thread_get_server_id (a), ==, bobbin_thread_get_server_id (b));
  g_assert_cmpstr (bobbin_thread_get_agent_id (a), ==, bobbin_thread_get_agent_id (b));
  g_assert_cmpstr (bobbin_thread_get_agent_name (a), ==, bobbin_thread_get_agent_name (b));
  g_assert_cmpstr (bobbin_thread_get_title (a), ==, bobbin_thread_get_title (b));
  g_assert_cmpint (bobbin_thread_get_title_origin (a), ==, bobbin_thread_get_title_origin (b));
  g_assert_cmpint (bobbin_thread_get_created_us (a), ==, bobbin_thread_get_created_us (b));
  g_assert_cmpint (bobbin_thread_get_last_used_us (a), ==, bobbin_thread_get_last_used_us (b));
  g_assert_cmpint (bobbin_thread_get_expires_us (a), ==, bobbin_thread_get_expires_us (b));
  g_assert_cmpstr (bobbin_thread_get_snippet (a), ==, bobbin_thread_get_snippet (b));
  g_assert_cmpint (bobbin_thread_get_pinned (a), ==, bobbin_thread_get_pinned (b));
  g_assert_cmpint (bobbin_thread_get_archived (a), ==, bobbin_thread_get_archived (b));
  g_assert_cmpint (bobbin_thread_get_deleted_us (a), ==, bobbin_thread_get_deleted_us (b));
  g_assert_cmpint (bobbin_thread_get_unread (a), ==, bobbin_thread_get_unread (b));
  g_assert_cmpint (bobbin_thread_get_stored_activity (a), ==, bobbin_thread_get_stored_activity (b));
  g_assert_cmpstr (bobbin_thread_get_metadata (a), ==, bobbin_thread_get_metadata (b));
  g_assert_cmpint (p->message_id, ==, q->message_id);
  g_assert_cmpint (p->block_id, ==, q->block_id);
  g_assert_cmpint (p->offset, ==, q->offset);
  g_assert_cmpint (p->pixels, ==, q->pixels);
}

static void
assert_same_block (BobbinBlock *a,
                   BobbinBlock *b)
{
  BobbinAttachment *p = bobbin_block_get_attachment (a);
  BobbinAttachment *q = bobbin_block_get_attachment (b);

  g_assert_cmpint (bobbin_block_get_id (a), ==, bobbin_block_get_id (b));
  g_assert_cmpint (bobbin_block_get_kind (a), ==, bobbin_block_get_kind (b));
  g_assert_cmpint (bobbin_block_get_state (a), ==, bobbin_block_get_state (b));
  g_assert_cmpstr (bobbin_block_get_text (a), ==, bobbin_block_get_text (b));
  g_assert_cmpstr (bobbin_block_get_name (a), ==, bobbin_block_get_name (b));
  g_assert_cmpstr (bobbin_block_get_call_id (a), ==, bobbin_block_get_call_id (b));
  g_assert_cmpstr (bobbin_block_get_data (a), ==, bobbin_block_get_data (b));
  g_assert_cmpstr (bobbin_block_get_result (a), ==, bobbin_block_get_result (b));
  g_assert_cmpint (bobbin_block_get_started_us (a), ==, bobbin_block_get_started_us (b));
  g_assert_cmpint (bobbin_block_get_finished_us (a), ==, bobbin_block_get_finished_us (b));
  g_assert_true ((p == NULL) == (q == NULL));
  if (p != NULL)
    {
      g_assert_cmpint (bobbin_attachment_get_id (p), ==, bobbin_attachment_get_id (q));
      g_assert_cmpstr (bobbin_attachment_get_name (p), ==, bobbin_attachment_get_name (q));
      g_assert_cmpstr (bobbin_attachment_get_content_type (p), ==, bobbin_attachment_get_content_type (q));
      g_assert_cmpint (bobbin_attachment_get_size (p), ==, bobbin_attachment_get_size (q));
      g_assert_cmpstr (bobbin_attachment_get_sha256 (p), ==, bobbin_attachment_get_sha256 (q));
      g_assert_cmpstr (bobbin_attachment_get_path (p), ==, bobbin_attachment_get_path (q));
    }
}

static void
assert_same_failure (const BobbinFailure *a,
                     const BobbinFailure *b)
{
  g_assert_true ((a == NULL) == (b == NULL));
  if (a == NULL)
    return;

  g_assert_cmpint (a->code, ==, b->code);
  g_assert_cmpint (a->certainty, ==, b->certainty);
  g_assert_cmpint (a->http_status, ==, b->http_status);
  g_assert_cmpint (a->close_code, ==, b->close_code);
  g_assert_cmpint (a->retry_after_ms, ==, b->retry_after_ms);
  g_assert_cmpstr (a->detail, ==, b->detail);
}

void
assert_same_message (BobbinMessage *a,
                     BobbinMessage *b)
{
  const BobbinUsage *p = bobbin_message_get_usage (a);
  const BobbinUsage *q = bobbin_message_get_usage (b);

  g_assert_cmpint (bobbin_message_get_id (a), ==, bobbin_message_get_id (b));
  g_assert_cmpint (bobbin_message_get_role (a), ==, bobbin_message_get_role (b));
  g_assert_cmpint (bobbin_message_get_delivery (a), ==, bobbin_message_get_delivery (b));
  g_assert_cmpstr (bobbin_message_get_server_id (a), ==, bobbin_message_get_server_id (b));
  g_assert_cmpint (bobbin_message_get_created_us (a), ==, bobbin_message_get_created_us (b));
  g_assert_cmpint (bobbin_message_get_finished_us (a), ==, bobbin_message_get_finished_us (b));
  g_assert_cmpstr (bobbin_message_get_agent_id (a), ==, bobbin_message_get_agent_id (b));
  g_assert_cmpstr (bobbin_message_get_agent_name (a), ==, bobbin_message_get_agent_name (b));
  g_assert_cmpstr (bobbin_message_get_model (a), ==, bobbin_message_get_model (b));
  g_assert_cmpstr (bobbin_message_get_stop_reason (a), ==, bobbin_message_get_stop_reason (b));
  assert_same_failure (bobbin_message_get_failure (a), bobbin_message_get_failure (b));
  g_assert_cmpint (p->input_tokens, ==, q->input_tokens);
  g_assert_cmpint (p->output_tokens, ==, q->output_tokens);
  g_assert_cmpint (p->total_tokens, ==, q->total_tokens);
  g_assert_cmpfloat (p->total_ms, ==, q->total_ms);
  g_assert_cmpfloat (p->provider_ms, ==, q->provider_ms);
  g_assert_cmpfloat (p->cost, ==, q->cost);
  g_assert_cmpstr (p->currency, ==, q->currency);
  g_assert_cmpint (p->unit_billed, ==, q->unit_billed);
  g_assert_cmpuint (bobbin_message_get_n_blocks (a), ==, bobbin_message_get_n_blocks (b));
  for (guint i = 0; i < bobbin_message_get_n_blocks (a); i++)
    assert_same_block (bobbin_message_get_block (a, i), bobbin_message_get_block (b, i));
}
