#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-private.h"
#include "store/bobbin-store-rows.h"

#include "model/bobbin-draft.h"

typedef struct
{
  gint64            thread_id;
  BobbinMessageRow *message;
} SendArgs;

static const char load_sql[] = "SELECT text, cursor FROM drafts WHERE thread_id = ?";
static const char load_attachments_sql[] =
  "SELECT a.id, a.name, a.content_type, a.size, a.sha256 FROM draft_attachments d JOIN attachments a ON a.id = d.attachment_id"
  " WHERE d.thread_id = ? ORDER BY d.position";
static const char save_sql[] =
  "INSERT INTO drafts (thread_id, text, cursor) VALUES (?, ?, ?)"
  " ON CONFLICT (thread_id) DO UPDATE SET text = excluded.text, cursor = excluded.cursor";
static const char delete_sql[] = "DELETE FROM drafts WHERE thread_id = ?";
static const char release_sql[] =
  "UPDATE attachments SET holder = ?2 WHERE id IN (SELECT attachment_id FROM draft_attachments WHERE thread_id = ?1)";
static const char clear_attachments_sql[] = "DELETE FROM draft_attachments WHERE thread_id = ?";
static const char add_attachment_sql[] =
  "INSERT INTO draft_attachments (thread_id, position, attachment_id) VALUES (?, ?, ?)";

static gboolean
load_attachments (BobbinStoreDb   *db,
                  BobbinDraftRow  *row,
                  GError         **error)
{
  sqlite3_stmt *statement = bobbin_db_query (db, error, load_attachments_sql, DB_INT (row->thread_id));
  int more;

  while ((more = _bobbin_db_step (db, statement, error)) > 0)
    {
      BobbinAttachmentRow *attachment = g_new0 (BobbinAttachmentRow, 1);

      attachment->id = sqlite3_column_int64 (statement, 0);
      attachment->name = _bobbin_db_dup_text (statement, 1);
      attachment->content_type = _bobbin_db_dup_text (statement, 2);
      attachment->size = sqlite3_column_int64 (statement, 3);
      attachment->sha256 = _bobbin_db_dup_text (statement, 4);
      g_ptr_array_add (row->attachments, attachment);
    }

  return more == 0;
}

static gboolean
load_run (BobbinStoreDb  *db,
          gpointer        args,
          gpointer       *ret_result,
          GError        **error)
{
  g_autoptr(BobbinDraftRow) row = g_new0 (BobbinDraftRow, 1);
  sqlite3_stmt *statement;
  int more;

  row->thread_id = *(const gint64 *) args;
  row->attachments = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_attachment_row_free);
  statement = bobbin_db_query (db, error, load_sql, DB_INT (row->thread_id));
  more = _bobbin_db_step (db, statement, error);
  if (more < 0)
    return FALSE;
  if (more > 0)
    {
      row->text = _bobbin_db_dup_text (statement, 0);
      row->cursor = sqlite3_column_int (statement, 1);
      sqlite3_reset (statement);
      if (!load_attachments (db, row, error))
        return FALSE;
    }

  *ret_result = g_steal_pointer (&row);
  return TRUE;
}

static gboolean
is_empty (const BobbinDraftRow *row)
{
  if (row->attachments->len > 0)
    return FALSE;

  for (const char *p = row->text; *p != '\0'; p = g_utf8_next_char (p))
    if (!g_unichar_isspace (g_utf8_get_char (p)))
      return FALSE;

  return TRUE;
}

/* The files stay until this process ends or a message holds them: they may come back into the draft. */
static gboolean
delete_draft (BobbinStoreDb  *db,
              gint64          thread_id,
              GError        **error)
{
  return _bobbin_attachments_release_blocks (db, release_sql, thread_id, db->instance, error) &&
         bobbin_db_do (db, error, delete_sql, DB_INT (thread_id));
}

gboolean
_bobbin_drafts_save (BobbinStoreDb         *db,
                     const BobbinDraftRow  *row,
                     GError               **error)
{
  if (is_empty (row))
    return delete_draft (db, row->thread_id, error);
  if (!bobbin_db_do (db, error, save_sql, DB_INT (row->thread_id), DB_TEXT (row->text), DB_INT (row->cursor)) ||
      !_bobbin_attachments_release_blocks (db, release_sql, row->thread_id, db->instance, error) ||
      !bobbin_db_do (db, error, clear_attachments_sql, DB_INT (row->thread_id)))
    return FALSE;

  for (guint i = 0; i < row->attachments->len; i++)
    {
      const BobbinAttachmentRow *attachment = g_ptr_array_index (row->attachments, i);

      if (!_bobbin_attachments_save (db, attachment, error) ||
          !bobbin_db_do (db, error, add_attachment_sql, DB_INT (row->thread_id), DB_INT (i), DB_INT (attachment->id)))
        return FALSE;
    }

  return TRUE;
}

static gboolean
save_run (BobbinStoreDb  *db,
          gpointer        args,
          gpointer       *ret_result,
          GError        **error)
{
  return _bobbin_drafts_save (db, args, error);
}

static gboolean
send_run (BobbinStoreDb  *db,
          gpointer        data,
          gpointer       *ret_result,
          GError        **error)
{
  const SendArgs *args = data;

  return delete_draft (db, args->thread_id, error) && _bobbin_messages_save (db, args->message, error);
}

static void
send_args_free (SendArgs *args)
{
  bobbin_message_row_free (args->message);
  g_free (args);
}

static const BobbinStoreOpInfo load_info =
  { "load-draft", BOBBIN_STORE_READ, NULL, load_run, g_free, (GDestroyNotify) bobbin_draft_row_free };
static const BobbinStoreOpInfo save_info =
  { "save-draft", BOBBIN_STORE_DURABLE, NULL, save_run, (GDestroyNotify) bobbin_draft_row_free, NULL };
static const BobbinStoreOpInfo send_info =
  { "send-draft", BOBBIN_STORE_DURABLE, NULL, send_run, (GDestroyNotify) send_args_free, NULL };

void
bobbin_store_load_draft_async (BobbinStore         *self,
                               gint64               thread_id,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));

  _bobbin_store_submit (self, bobbin_store_load_draft_async, &load_info, g_memdup2 (&thread_id, sizeof thread_id), cancellable,
                        callback, user_data);
}

BobbinDraft *
bobbin_store_load_draft_finish (BobbinStore   *self,
                                GAsyncResult  *result,
                                GError       **error)
{
  g_autoptr(BobbinDraftRow) row = _bobbin_store_take (self, result, bobbin_store_load_draft_async, error);

  return row != NULL ? bobbin_draft_row_to_model (row, bobbin_store_get_attachments_dir (self)) : NULL;
}

void
bobbin_store_save_draft_async (BobbinStore         *self,
                               BobbinDraft         *draft,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_return_if_fail (BOBBIN_IS_STORE (self));
  g_return_if_fail (BOBBIN_IS_DRAFT (draft));

  _bobbin_store_submit (self, bobbin_store_save_draft_async, &save_info, bobbin_draft_row_new (draft), cancellable, callback,
                        user_data);
}

void
bobbin_store_send_draft_async (BobbinStore         *self,
                               BobbinDraft         *draft,
                               BobbinMessage       *message,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  SendArgs *args;

  g_return_if_fail (BOBBIN_IS_STORE (self));
  g_return_if_fail (BOBBIN_IS_DRAFT (draft));
  g_return_if_fail (BOBBIN_IS_MESSAGE (message));

  args = g_new0 (SendArgs, 1);
  args->thread_id = bobbin_draft_get_thread_id (draft);
  args->message = bobbin_message_row_new (args->thread_id, message, TRUE);
  _bobbin_store_submit (self, bobbin_store_send_draft_async, &send_info, args, cancellable, callback, user_data);
}
