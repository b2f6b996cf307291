/* Files (entities.md, sections 4.6 and 12): only pictures reach the model and are uploaded; small text goes into the message itself.
 * Downloads come as Base64, for the host of a signed address may be out of reach. */
#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/entities/bobbin-entities-private.h"

#include "model/bobbin-attachment.h"
#include "transport/bobbin-multipart.h"
#include "util/bobbin-json.h"
#include "util/bobbin-text.h"

#include <string.h>

#define MAX_TEXT (64 * 1024)

/* Section 4.6: the extension decides, and the part's type must be this. */
static const struct { const char *end; const char *type; } pictures[] = {
  { ".png", "image/png" }, { ".jpg", "image/jpeg" }, { ".jpeg", "image/jpeg" }, { ".gif", "image/gif" },
};

typedef struct
{
  /* owned */
  BobbinEntitiesBackend     *backend;
  GPtrArray                 *attachments;
  GPtrArray                 *ids;     /* of char * */
  GString                   *text;
  GCancellable              *cancellable;
  BobbinFailure             *failure;
  /* borrowed */
  BobbinEntitiesProgressFunc progress;
  gpointer                   progress_data;
  guint                      next;
} Upload;

static void next_file (GTask *task);

static void
upload_free (gpointer data)
{
  Upload *upload = data;

  g_clear_object (&upload->backend);
  g_clear_object (&upload->cancellable);
  g_ptr_array_unref (upload->attachments);
  g_clear_pointer (&upload->ids, g_ptr_array_unref);
  if (upload->text != NULL)
    g_string_free (upload->text, TRUE);
  bobbin_failure_free (upload->failure);
  g_free (upload);
}

static BobbinAttachment *
get_current (Upload *upload)
{
  return upload->attachments->pdata[upload->next];
}

/* (nullable) */
static const char *
get_picture_type (BobbinAttachment *attachment)
{
  g_autofree char *name = g_ascii_strdown (bobbin_attachment_get_name (attachment), -1);

  for (gsize i = 0; i < G_N_ELEMENTS (pictures); i++)
    if (g_str_has_suffix (name, pictures[i].end))
      return pictures[i].type;

  return NULL;
}

/* @task: (transfer full), as everywhere below; takes @failure. */
static void
fail (GTask         *task,
      BobbinFailure *failure)
{
  g_autoptr(GTask) owned G_GNUC_UNUSED = task;
  Upload *upload = g_task_get_task_data (task);

  failure->certainty = BOBBIN_CERTAINTY_UNSENT;
  upload->failure = failure;
  g_task_return_pointer (task, NULL, NULL);
}

static void
done_with_file (GTask *task)
{
  Upload *upload = g_task_get_task_data (task);
  gint64 size = bobbin_attachment_get_size (get_current (upload));

  upload->progress (get_current (upload), size, size, upload->progress_data);
  upload->next++;
  next_file (task);
}

static void
uploaded_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  GTask *task = user_data;
  Upload *upload = g_task_get_task_data (task);
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);
  g_autofree char *id = root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? bobbin_json_dup_text (json_node_get_object (root), "id") : NULL;

  if (id != NULL && *id != '\0')
    {
      _bobbin_entities_set_file (upload->backend, bobbin_attachment_get_sha256 (get_current (upload)), id);
      g_ptr_array_add (upload->ids, g_steal_pointer (&id));
      done_with_file (task);
    }
  else if (failure != NULL)
    fail (task, g_steal_pointer (&failure));
  else if (root != NULL)
    fail (task, bobbin_failure_new (BOBBIN_ERROR_PROTOCOL, BOBBIN_CERTAINTY_UNSENT, "The server did not say where it keeps the file"));
  else
    {
      g_task_return_pointer (task, NULL, NULL);
      g_object_unref (task);
    }
}

static void
progress_cb (gint64   done_bytes,
             gint64   total_bytes,
             gpointer user_data)
{
  Upload *upload = g_task_get_task_data (G_TASK (user_data));

  if (upload->next < upload->attachments->len && done_bytes < total_bytes)
    upload->progress (get_current (upload), done_bytes, total_bytes, upload->progress_data);
}

static void
send_picture (GTask      *task,
              const char *type)
{
  static const char *const fields[] = { "purpose", "vision", NULL };
  Upload *upload = g_task_get_task_data (task);
  g_autofree char *content_type = NULL;
  g_autoptr(BobbinBodyStream) body = bobbin_multipart_new (fields, "file", get_current (upload), type, &content_type);
  g_autoptr(BobbinHttpRequest) request = _bobbin_entities_make_request (upload->backend, "POST", "/v1/uploads");

  bobbin_http_request_set_body (request, content_type, G_INPUT_STREAM (body), bobbin_body_stream_get_length (body));
  bobbin_http_request_set_progress (request, progress_cb, task);
  bobbin_json_api_send_async (&_bobbin_entities_api, G_OBJECT (upload->backend), _bobbin_entities_get_http (upload->backend), request,
                              upload->cancellable, uploaded_cb, task);
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  GTask *task = user_data;
  Upload *upload = g_task_get_task_data (task);
  g_autofree char *content = NULL;
  g_autoptr(GError) error = NULL;
  gsize length = 0;

  if (!g_file_load_contents_finish (G_FILE (source), result, &content, &length, NULL, &error))
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          g_task_return_pointer (task, NULL, NULL);
          g_object_unref (task);
          return;
        }
      fail (task, bobbin_failure_new (BOBBIN_ERROR_FILE, BOBBIN_CERTAINTY_UNSENT, bobbin_attachment_get_name (get_current (upload))));
      return;
    }
  if (length > MAX_TEXT || !g_utf8_validate_len (content, length, NULL))
    {
      fail (task, bobbin_failure_new (BOBBIN_ERROR_NOT_SUPPORTED, BOBBIN_CERTAINTY_UNSENT,
                                      "This server takes png, jpeg and gif pictures, and text of up to 64 KiB"));
      return;
    }
  g_string_append_printf (upload->text, "\n\n%s:\n```\n%s%s```", bobbin_attachment_get_name (get_current (upload)), content,
                          g_str_has_suffix (content, "\n") ? "" : "\n");
  done_with_file (task);
}

static void
next_file (GTask *task)
{
  Upload *upload = g_task_get_task_data (task);
  const char *type;
  const char *known;
  g_autoptr(GFile) file = NULL;

  if (upload->next >= upload->attachments->len)
    {
      g_task_return_pointer (task, g_steal_pointer (&upload->ids), (GDestroyNotify) g_ptr_array_unref);
      g_object_unref (task);
      return;
    }

  type = get_picture_type (get_current (upload));
  known = type != NULL ? _bobbin_entities_get_file (upload->backend, bobbin_attachment_get_sha256 (get_current (upload))) : NULL;
  if (known != NULL)
    {
      g_ptr_array_add (upload->ids, g_strdup (known));
      done_with_file (task);
    }
  else if (type != NULL)
    send_picture (task, type);
  else if (bobbin_attachment_get_size (get_current (upload)) > MAX_TEXT)
    fail (task, bobbin_failure_new (BOBBIN_ERROR_TOO_LARGE, BOBBIN_CERTAINTY_UNSENT,
                                    "This server takes png, jpeg and gif pictures, and text of up to 64 KiB"));
  else
    {
      file = g_file_new_for_path (bobbin_attachment_get_path (get_current (upload)));
      g_file_load_contents_async (file, upload->cancellable, read_cb, task);
    }
}

void
_bobbin_entities_upload_async (BobbinEntitiesBackend     *self,
                               GPtrArray                 *attachments,
                               BobbinEntitiesProgressFunc progress,
                               gpointer                   progress_data,
                               GCancellable              *cancellable,
                               GAsyncReadyCallback        callback,
                               gpointer                   user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  Upload *upload = g_new0 (Upload, 1);

  upload->backend = g_object_ref (self);
  upload->attachments = g_ptr_array_ref (attachments);
  upload->ids = g_ptr_array_new_with_free_func (g_free);
  upload->text = g_string_new (NULL);
  upload->progress = progress;
  upload->progress_data = progress_data;
  upload->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  g_task_set_source_tag (task, _bobbin_entities_upload_async);
  g_task_set_task_data (task, upload, upload_free);
  next_file (task);
}

GPtrArray *
_bobbin_entities_upload_finish (GAsyncResult   *result,
                                char          **ret_text,
                                BobbinFailure **ret_failure)
{
  Upload *upload = g_task_get_task_data (G_TASK (result));
  GPtrArray *ids = g_task_propagate_pointer (G_TASK (result), NULL);

  *ret_text = ids != NULL ? g_strdup (upload->text->str) : NULL;
  *ret_failure = ids == NULL ? g_steal_pointer (&upload->failure) : NULL;

  return ids;
}

/* Downloads */

typedef struct
{
  char *name;         /* (nullable) */
  char *content_type; /* (nullable) */
  gsize max_bytes;
} Download;

static void
download_free (gpointer data)
{
  Download *download = data;

  g_free (download->name);
  g_free (download->content_type);
  g_free (download);
}

static void
content_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Download *download = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_propagate (result, &error);
  const char *base64 = root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? bobbin_json_get_string (json_node_get_object (root), "base64") : NULL;
  g_autofree guchar *bytes = NULL;
  gsize length = 0;

  if (root == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (base64 == NULL)
    {
      g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL, "The server sent no file");
      return;
    }
  bytes = g_base64_decode (base64, &length);
  if (length > download->max_bytes)
    {
      g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_TOO_LARGE, "The file is larger than this program takes");
      return;
    }
  if (download->content_type == NULL)
    {
      g_autofree char *type = g_content_type_guess (download->name, bytes, MIN (length, 4096), NULL);

      download->content_type = g_content_type_get_mime_type (type);
    }
  g_task_return_pointer (task, g_bytes_new_take (g_steal_pointer (&bytes), length), (GDestroyNotify) g_bytes_unref);
}

static void
files_download_async (BobbinDownloader   *downloader,
                      const char         *file,
                      gsize               max_bytes,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            user_data)
{
  BobbinEntitiesBackend *self = BOBBIN_ENTITIES_BACKEND (downloader);
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);
  g_autoptr(JsonObject) object = bobbin_json_parse_object (file, -1, NULL);
  g_autofree char *file_id = object != NULL ? bobbin_json_dup_text (object, "file_id") : NULL;
  g_autofree char *path = NULL;
  Download *download = g_new0 (Download, 1);
  const char *name;

  g_task_set_source_tag (task, files_download_async);
  g_task_set_task_data (task, download, download_free);
  download->max_bytes = max_bytes;
  if (file_id == NULL || *file_id == '\0')
    {
      g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_NOT_FOUND, "The file has no id on the server");
      return;
    }

  name = bobbin_json_get_string (object, "name");
  download->name = name != NULL ? bobbin_text_clean_name (name) : NULL;
  path = _bobbin_entities_path ("files", file_id, "base64", NULL);
  _bobbin_entities_call (self, "GET", path, NULL, cancellable, content_cb, g_steal_pointer (&task));
}

static GBytes *
files_download_finish (BobbinDownloader *downloader,
                       GAsyncResult     *result,
                       char            **ret_name,
                       char            **ret_content_type,
                       GError          **error)
{
  Download *download = g_task_get_task_data (G_TASK (result));
  GBytes *bytes = g_task_propagate_pointer (G_TASK (result), error);

  if (bytes != NULL && ret_name != NULL)
    *ret_name = g_steal_pointer (&download->name);
  if (bytes != NULL && ret_content_type != NULL)
    *ret_content_type = g_steal_pointer (&download->content_type);

  return bytes;
}

static void
files_describe_async (BobbinDownloader   *downloader,
                      const char         *file_id,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            user_data)
{
  GTask *task = g_task_new (downloader, NULL, callback, user_data);
  g_autofree char *path = _bobbin_entities_path ("files", file_id, NULL);

  g_task_set_source_tag (task, files_describe_async);
  _bobbin_entities_call (BOBBIN_ENTITIES_BACKEND (downloader), "GET", path, NULL, cancellable, bobbin_json_api_name_cb, task);
}

static char *
files_describe_finish (BobbinDownloader *downloader,
                       GAsyncResult     *result,
                       GError          **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
_bobbin_entities_downloader_iface_init (BobbinDownloaderInterface *iface)
{
  iface->describe_async = files_describe_async;
  iface->describe_finish = files_describe_finish;
  iface->download_async = files_download_async;
  iface->download_finish = files_download_finish;
}
