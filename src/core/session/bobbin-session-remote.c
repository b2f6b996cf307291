/* What the person does with what lies on the server: files of a message are fetched and kept, cited ones get their names, messages are
 * added and deleted there. */
#define G_LOG_DOMAIN "bobbin-session"
#include "config.h"
#include "session/bobbin-session-private.h"

#include "backend/bobbin-abilities.h"
#include "util/bobbin-json.h"

#include <string.h>

#define MAX_FILE (100 * 1024 * 1024)
#define MAX_SOURCES 20 /* of one answer that are asked for their names */

/* One of them at a time for each call. */
typedef struct
{
  BobbinMessage *message;     /* (nullable) owned */
  BobbinBlock   *block;       /* (nullable) owned */
  GCancellable  *cancellable; /* owned */
  char          *file;        /* JSON of a file */
  char          *name;        /* of a file that was fetched */
  GBytes        *bytes;       /* (nullable) */
  GStrv          ids;         /* of the rows to be deleted */
  guint          next;
  guint          role;        /* of a message to be added */
  char          *text;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  g_clear_object (&work->message);
  g_clear_object (&work->block);
  g_object_unref (work->cancellable);
  g_clear_pointer (&work->bytes, g_bytes_unref);
  g_free (work->file);
  g_free (work->name);
  g_strfreev (work->ids);
  g_free (work->text);
  g_free (work);
}

static GTask *
task_new (BobbinSession       *self,
          gpointer             tag,
          BobbinMessage       *message,
          BobbinBlock         *block,
          GCancellable        *cancellable,
          GAsyncReadyCallback  callback,
          gpointer             user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  Work *work = g_new0 (Work, 1);

  work->message = message != NULL ? g_object_ref (message) : NULL;
  work->block = block != NULL ? g_object_ref (block) : NULL;
  work->cancellable = cancellable != NULL ? g_object_ref (cancellable) : g_cancellable_new ();
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, work, work_free);

  return task;
}

/* FALSE: the task was returned. */
static gboolean
have_key (GTask        *task,
          GObject      *library,
          GAsyncResult *result)
{
  BobbinSession *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;

  if (!_bobbin_library_need_key_finish (BOBBIN_LIBRARY (library), result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return FALSE;
    }
  if (self->closed)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Closed");
      return FALSE;
    }

  return TRUE;
}

/* @task: (transfer full), given to @callback. FALSE: there is no server to ask. */
static void
need_key (GTask               *task,
          GAsyncReadyCallback  callback)
{
  BobbinSession *self = g_task_get_source_object (task);
  Work *work = g_task_get_task_data (task);

  _bobbin_library_need_key_async (self->library, self->account, work->cancellable, callback, task);
}

static gboolean
is_reachable (BobbinSession      *self,
              BobbinCapabilities  what)
{
  return !self->closed && self->library != NULL && self->backend != NULL && bobbin_backend_can (self->backend, what);
}

static void
refuse (GTask *task)
{
  g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED, "This service does not offer that");
}

/* Files */

/* (nullable): of a file of the server, without an address on the web. */
static JsonObject *
parse_file (BobbinBlock *block)
{
  const char *data = bobbin_block_get_data (block);
  g_autoptr(JsonObject) object = data != NULL ? bobbin_json_parse_object (data, -1, NULL) : NULL;

  if (object == NULL || bobbin_json_get_string (object, "url") != NULL ||
      (bobbin_json_get_node (object, "file_id") == NULL && bobbin_json_get_string (object, "path") == NULL &&
       bobbin_json_get_string (object, "data_base64") == NULL))
    return NULL;

  return g_steal_pointer (&object);
}

static gboolean
can_download (BobbinSession *self)
{
  return is_reachable (self, BOBBIN_CAN_DOWNLOAD) && BOBBIN_IS_DOWNLOADER (self->backend);
}

gboolean
bobbin_session_can_fetch (BobbinSession *self,
                          BobbinBlock   *block)
{
  g_autoptr(JsonObject) file = NULL;

  g_return_val_if_fail (BOBBIN_IS_SESSION (self), FALSE);
  g_return_val_if_fail (BOBBIN_IS_BLOCK (block), FALSE);

  if (bobbin_block_get_attachment (block) != NULL || !can_download (self))
    return FALSE;
  file = parse_file (block);

  return file != NULL;
}

static void
end_fetch (Work *work)
{
  bobbin_block_set_progress (work->block, -1);
}

static void
imported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinSession *self = g_task_get_source_object (task);
  Work *work = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(BobbinAttachment) attachment = bobbin_store_import_finish (BOBBIN_STORE (source), result, &error);

  end_fetch (work);
  if (attachment == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  bobbin_block_set_attachment (work->block, attachment);
  if (!self->closed)
    _bobbin_session_save_block (self, work->message, work->block, NULL);
  g_task_return_boolean (task, TRUE);
}

/* What it says it is does not count where its bytes and its name say something else. */
static char *
dup_type (Work       *work,
          const char *told)
{
  gsize size;
  const guchar *data = g_bytes_get_data (work->bytes, &size);
  gboolean uncertain = FALSE;
  g_autofree char *guessed = g_content_type_guess (work->name, data, MIN (size, 4096), &uncertain);

  return uncertain && told != NULL ? g_strdup (told) : g_content_type_get_mime_type (guessed);
}

static void
downloaded_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinSession *self = g_task_get_source_object (task);
  Work *work = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autofree char *told = NULL;
  g_autofree char *type = NULL;

  work->bytes = bobbin_downloader_download_finish (BOBBIN_DOWNLOADER (source), result, &work->name, &told, &error);
  if (work->bytes == NULL)
    {
      if (work->block != NULL)
        end_fetch (work);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (work->block == NULL)
    {
      g_task_return_pointer (task, g_bytes_ref (work->bytes), (GDestroyNotify) g_bytes_unref);
      return;
    }

  if (work->name == NULL && bobbin_block_get_name (work->block) != NULL)
    work->name = g_strdup (bobbin_block_get_name (work->block));
  type = dup_type (work, told);
  bobbin_store_import_bytes_async (self->store, work->bytes, work->name != NULL ? work->name : "file",
                                   type != NULL ? type : "application/octet-stream", NULL, imported_cb, g_steal_pointer (&task));
}

static void
download_key_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinSession *self = g_task_get_source_object (task);
  Work *work = g_task_get_task_data (task);

  if (!have_key (task, source, result))
    {
      if (work->block != NULL)
        end_fetch (work);
      return;
    }
  bobbin_downloader_download_async (BOBBIN_DOWNLOADER (self->backend), work->file, MAX_FILE, work->cancellable, downloaded_cb,
                                    g_steal_pointer (&task));
}

void
bobbin_session_fetch_file_async (BobbinSession      *self,
                                 BobbinMessage      *message,
                                 BobbinBlock        *block,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(JsonObject) file = NULL;
  Work *work;

  g_return_if_fail (BOBBIN_IS_SESSION (self));
  g_return_if_fail (BOBBIN_IS_MESSAGE (message));
  g_return_if_fail (BOBBIN_IS_BLOCK (block));

  task = task_new (self, bobbin_session_fetch_file_async, message, block, cancellable, callback, user_data);
  work = g_task_get_task_data (task);
  file = parse_file (block);
  if (file == NULL || !can_download (self))
    {
      refuse (task);
      return;
    }
  if (bobbin_block_get_progress (block) >= 0 || bobbin_block_get_attachment (block) != NULL)
    {
      g_task_return_boolean (task, TRUE); /* it is on its way, or here */
      return;
    }

  if (bobbin_json_get_string (file, "name") == NULL && bobbin_block_get_name (block) != NULL)
    json_object_set_string_member (file, "name", bobbin_block_get_name (block));
  work->file = bobbin_json_object_to_text (file, FALSE);
  bobbin_block_set_progress (block, 0);
  need_key (g_steal_pointer (&task), download_key_cb);
}

gboolean
bobbin_session_fetch_file_finish (BobbinSession  *self,
                                  GAsyncResult   *result,
                                  GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
bobbin_session_fetch_source_async (BobbinSession      *self,
                                   const char         *file_id,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(JsonObject) file = NULL;
  Work *work;

  g_return_if_fail (BOBBIN_IS_SESSION (self));
  g_return_if_fail (file_id != NULL);

  task = task_new (self, bobbin_session_fetch_source_async, NULL, NULL, cancellable, callback, user_data);
  work = g_task_get_task_data (task);
  if (!can_download (self))
    {
      refuse (task);
      return;
    }

  file = json_object_new ();
  json_object_set_string_member (file, "file_id", file_id);
  work->file = bobbin_json_object_to_text (file, FALSE);
  need_key (g_steal_pointer (&task), download_key_cb);
}

GBytes *
bobbin_session_fetch_source_finish (BobbinSession  *self,
                                    GAsyncResult   *result,
                                    char          **ret_name,
                                    GError        **error)
{
  GBytes *bytes;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  bytes = g_task_propagate_pointer (G_TASK (result), error);
  if (bytes != NULL)
    *ret_name = g_steal_pointer (&((Work *) g_task_get_task_data (G_TASK (result)))->name);

  return bytes;
}

/* Names of cited files */

/* (nullable): the id of a source that is known by nothing else. */
static const char *
get_nameless (JsonNode *source)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (source) ? json_node_get_object (source) : NULL;
  const char *id = object != NULL ? bobbin_json_get_string (object, "file_id") : NULL;
  const char *title = object != NULL ? bobbin_json_get_string (object, "title") : NULL;
  const char *url = object != NULL ? bobbin_json_get_string (object, "url") : NULL;

  if (id == NULL || *id == '\0' || (url != NULL && *url != '\0') || (title != NULL && *title != '\0' && !g_str_equal (title, id)))
    return NULL;

  return id;
}

static JsonArray *
get_sources (JsonObject *object)
{
  return object != NULL ? bobbin_json_get_array (object, "sources") : NULL;
}

static JsonObject *
parse_sources (BobbinBlock *block)
{
  const char *data = bobbin_block_get_data (block);

  return data != NULL ? bobbin_json_parse_object (data, -1, NULL) : NULL;
}

/* The ids that are asked for, each once. */
static GStrv
list_nameless (BobbinBlock *block)
{
  g_autoptr(JsonObject) object = parse_sources (block);
  JsonArray *sources = get_sources (object);
  g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; sources != NULL && i < json_array_get_length (sources) && ids->len < MAX_SOURCES; i++)
    {
      const char *id = get_nameless (json_array_get_element (sources, i));

      if (id != NULL && !g_ptr_array_find_with_equal_func (ids, id, g_str_equal, NULL))
        g_ptr_array_add (ids, g_strdup (id));
    }
  if (ids->len == 0)
    return NULL;
  g_ptr_array_add (ids, NULL);

  return (GStrv) g_ptr_array_free (g_steal_pointer (&ids), FALSE);
}

static void
set_source_name (BobbinBlock *block,
                 const char  *id,
                 const char  *name)
{
  g_autoptr(JsonObject) object = parse_sources (block);
  JsonArray *sources = get_sources (object);
  g_autofree char *text = NULL;

  for (guint i = 0; sources != NULL && i < json_array_get_length (sources); i++)
    {
      JsonNode *node = json_array_get_element (sources, i);

      if (g_strcmp0 (get_nameless (node), id) == 0)
        json_object_set_string_member (json_node_get_object (node), "title", name);
    }
  if (object == NULL)
    return;
  text = bobbin_json_object_to_text (object, FALSE);
  bobbin_block_set_data (block, text);
}

static void ask_name (GTask *task);

static void
described_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinSession *self = g_task_get_source_object (task);
  Work *work = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autofree char *name = bobbin_downloader_describe_finish (BOBBIN_DOWNLOADER (source), result, &error);

  if (name != NULL && !self->closed)
    {
      set_source_name (work->block, work->ids[work->next], name);
      _bobbin_session_save_block (self, work->message, work->block, NULL);
    }
  else if (error != NULL)
    {
      g_debug ("a cited file stays without a name: %s", error->message);
    }
  work->next++;
  ask_name (g_steal_pointer (&task));
}

/* @task: (transfer full) */
static void
ask_name (GTask *task)
{
  BobbinSession *self = g_task_get_source_object (task);
  Work *work = g_task_get_task_data (task);

  if (work->ids[work->next] == NULL || self->closed)
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
      return;
    }
  bobbin_downloader_describe_async (BOBBIN_DOWNLOADER (self->backend), work->ids[work->next], work->cancellable, described_cb, task);
}

static void
name_key_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);

  if (have_key (task, source, result))
    ask_name (g_steal_pointer (&task));
}

/* Once for each block while the program runs: what has no name then has none. */
static GQuark
asked_quark (void)
{
  return g_quark_from_static_string ("bobbin-session-asked-names");
}

void
bobbin_session_name_sources (BobbinSession *self,
                             BobbinMessage *message,
                             BobbinBlock   *block)
{
  g_auto(GStrv) ids = NULL;
  GTask *task;

  g_return_if_fail (BOBBIN_IS_SESSION (self));
  g_return_if_fail (BOBBIN_IS_BLOCK (block));

  if (!can_download (self) || bobbin_block_get_state (block) == BOBBIN_BLOCK_OPEN ||
      g_object_get_qdata (G_OBJECT (block), asked_quark ()) != NULL)
    return;
  ids = list_nameless (block);
  if (ids == NULL)
    return;

  g_object_set_qdata (G_OBJECT (block), asked_quark (), GINT_TO_POINTER (TRUE));
  task = task_new (self, bobbin_session_name_sources, message, block, NULL, NULL, NULL);
  ((Work *) g_task_get_task_data (task))->ids = g_steal_pointer (&ids);
  need_key (task, name_key_cb);
}

/* Messages */

static gboolean
can_edit (BobbinSession *self)
{
  return is_reachable (self, BOBBIN_CAN_EDIT_HISTORY) && BOBBIN_IS_HISTORY (self->backend) &&
         bobbin_thread_get_server_id (self->thread) != NULL;
}

gboolean
bobbin_session_can_add_message (BobbinSession *self)
{
  g_return_val_if_fail (BOBBIN_IS_SESSION (self), FALSE);

  return can_edit (self);
}

gboolean
bobbin_session_deletes_on_server (BobbinSession *self,
                                  BobbinMessage *message)
{
  g_return_val_if_fail (BOBBIN_IS_SESSION (self), FALSE);
  g_return_val_if_fail (BOBBIN_IS_MESSAGE (message), FALSE);

  return can_edit (self) && bobbin_message_get_server_id (message) != NULL;
}

static void delete_next (GTask *task);

static void
deleted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Work *work = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  /* That it is not there is what was wished for. */
  if (!bobbin_history_delete_finish (BOBBIN_HISTORY (source), result, &error) &&
      !g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_FOUND))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  work->next++;
  delete_next (g_steal_pointer (&task));
}

/* One row of the server after the other, then ours. @task: (transfer full) */
static void
delete_next (GTask *task)
{
  BobbinSession *self = g_task_get_source_object (task);
  Work *work = g_task_get_task_data (task);

  if (work->ids[work->next] == NULL || self->closed)
    {
      bobbin_session_delete_message (self, work->message);
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
      return;
    }
  bobbin_history_delete_async (BOBBIN_HISTORY (self->backend), bobbin_thread_get_server_id (self->thread), work->ids[work->next],
                               work->cancellable, deleted_cb, task);
}

static void
delete_key_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);

  if (have_key (task, source, result))
    delete_next (g_steal_pointer (&task));
}

void
bobbin_session_delete_on_server_async (BobbinSession      *self,
                                       BobbinMessage      *message,
                                       GCancellable       *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (BOBBIN_IS_SESSION (self));
  g_return_if_fail (BOBBIN_IS_MESSAGE (message));

  task = task_new (self, bobbin_session_delete_on_server_async, message, NULL, cancellable, callback, user_data);
  if (!bobbin_session_deletes_on_server (self, message))
    {
      refuse (task);
      return;
    }
  if (self->run != NULL && (self->run->prompt == message || self->run->cause == message || self->run->answer == message))
    {
      g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_BUSY, "The answer is still being written");
      return;
    }

  ((Work *) g_task_get_task_data (task))->ids = g_strsplit (bobbin_message_get_server_id (message), "\n", -1);
  need_key (g_steal_pointer (&task), delete_key_cb);
}

gboolean
bobbin_session_delete_on_server_finish (BobbinSession  *self,
                                        GAsyncResult   *result,
                                        GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
added_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinSession *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;

  if (!bobbin_history_add_finish (BOBBIN_HISTORY (source), result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  /* It comes from where it is now, with the id it has there. */
  _bobbin_session_read_again (self);
  g_task_return_boolean (task, TRUE);
}

static void
add_key_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinSession *self = g_task_get_source_object (task);
  Work *work = g_task_get_task_data (task);

  if (have_key (task, source, result))
    bobbin_history_add_async (BOBBIN_HISTORY (self->backend), bobbin_thread_get_server_id (self->thread), work->role, work->text,
                              work->cancellable, added_cb, g_steal_pointer (&task));
}

void
bobbin_session_add_message_async (BobbinSession      *self,
                                  guint               role,
                                  const char         *text,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  Work *work;

  g_return_if_fail (BOBBIN_IS_SESSION (self));
  g_return_if_fail (text != NULL && *text != '\0');

  task = task_new (self, bobbin_session_add_message_async, NULL, NULL, cancellable, callback, user_data);
  work = g_task_get_task_data (task);
  if (!can_edit (self))
    {
      refuse (task);
      return;
    }
  if (self->run != NULL)
    {
      g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_BUSY, "The answer is still being written");
      return;
    }

  work->role = role;
  work->text = g_strdup (text);
  need_key (g_steal_pointer (&task), add_key_cb);
}

gboolean
bobbin_session_add_message_finish (BobbinSession  *self,
                                   GAsyncResult   *result,
                                   GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Uploads */

/* A message that was given up before it was sent: what went ahead of it is of no use there. */
void
_bobbin_session_drop_uploads (BobbinSession *self,
                              BobbinMessage *prompt)
{
  g_autoptr(GPtrArray) attachments = g_ptr_array_new ();

  if (self->backend == NULL || !bobbin_backend_can (self->backend, BOBBIN_CAN_UPLOAD))
    return;

  for (guint i = 0; i < bobbin_message_get_n_blocks (prompt); i++)
    {
      BobbinAttachment *attachment = bobbin_block_get_attachment (bobbin_message_get_block (prompt, i));

      if (attachment != NULL)
        g_ptr_array_add (attachments, attachment);
    }
  bobbin_backend_drop_uploads (self->backend, attachments);
}
