/* Files of an AgentFlow server (agentflow.md, section 10). */
#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/agentflow/bobbin-agentflow-private.h"

#include "model/bobbin-attachment.h"
#include "transport/bobbin-multipart.h"
#include "util/bobbin-json.h"
#include "wire/bobbin-agentflow-blocks.h"
#include "wire/bobbin-agentflow-errors.h"

#include <string.h>

/* Uploads */

typedef struct
{
  BobbinAttachment *attachment; /* owned */
  BobbinFailure    *failure;
} Upload;

static void
upload_free (gpointer data)
{
  Upload *upload = data;

  g_object_unref (upload->attachment);
  bobbin_failure_free (upload->failure);
  g_free (upload);
}

const char *
_bobbin_agentflow_get_file_id (BobbinAgentflowBackend *self,
                               BobbinAttachment       *attachment)
{
  return g_hash_table_lookup (self->file_ids, bobbin_attachment_get_sha256 (attachment));
}

/* The message itself was not sent, whatever became of its file. */
static void
name_failure (Upload        *upload,
              BobbinFailure *failure)
{
  g_autofree char *detail = g_strdup_printf ("“%s” could not be uploaded: %s", bobbin_attachment_get_name (upload->attachment),
                                             failure->detail != NULL ? failure->detail : bobbin_error_code_nick (failure->code));

  failure->certainty = BOBBIN_CERTAINTY_UNSENT;
  g_free (failure->detail);
  failure->detail = g_steal_pointer (&detail);
  upload->failure = failure;
}

static void
uploaded_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinAgentflowBackend *self = BOBBIN_AGENTFLOW_BACKEND (source);
  Upload *upload = g_task_get_task_data (task);
  BobbinFailure *failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);
  JsonNode *data = root != NULL ? _bobbin_agentflow_get_data (root) : NULL;
  g_autofree char *id = data != NULL && JSON_NODE_HOLDS_OBJECT (data)
                        ? bobbin_agentflow_dup_id (json_node_get_object (data), "file_id") : NULL;

  if (root != NULL && id == NULL)
    failure = bobbin_failure_new (BOBBIN_ERROR_PROTOCOL, BOBBIN_CERTAINTY_UNSENT, "the server gave it no id");
  if (failure != NULL)
    name_failure (upload, failure);
  if (id == NULL)
    {
      g_task_return_boolean (task, FALSE);
      return;
    }

  g_hash_table_insert (self->file_ids, g_strdup (bobbin_attachment_get_sha256 (upload->attachment)), g_steal_pointer (&id));
  g_task_return_boolean (task, TRUE);
}

void
_bobbin_agentflow_upload_async (BobbinAgentflowBackend *self,
                                BobbinAttachment       *attachment,
                                GFileProgressCallback   progress,
                                gpointer                progress_data,
                                GCancellable           *cancellable,
                                GAsyncReadyCallback     callback,
                                gpointer                user_data)
{
  g_autoptr(BobbinHttpRequest) request = _bobbin_agentflow_request_new (self, "POST", "/v1/files/upload");
  g_autofree char *type = NULL;
  g_autoptr(BobbinBodyStream) body = bobbin_multipart_new (NULL, "file", attachment, NULL, &type);
  GTask *task = g_task_new (self, NULL, callback, user_data);
  Upload *upload = g_new0 (Upload, 1);

  upload->attachment = g_object_ref (attachment);
  g_task_set_source_tag (task, _bobbin_agentflow_upload_async);
  g_task_set_task_data (task, upload, upload_free);
  bobbin_http_request_set_body (request, type, G_INPUT_STREAM (body), bobbin_body_stream_get_length (body));
  bobbin_http_request_set_silence_limit (request, BOBBIN_AGENTFLOW_UPLOAD_MS);
  bobbin_http_request_set_progress (request, progress, progress_data);
  bobbin_json_api_send_async (&_bobbin_agentflow_api, G_OBJECT (self), self->http, request, cancellable, uploaded_cb, task);
}

gboolean
_bobbin_agentflow_upload_finish (BobbinAgentflowBackend *self,
                                 GAsyncResult           *result,
                                 BobbinFailure         **ret_failure)
{
  Upload *upload = g_task_get_task_data (G_TASK (result));
  gboolean uploaded = g_task_propagate_boolean (G_TASK (result), NULL);

  *ret_failure = uploaded ? NULL : g_steal_pointer (&upload->failure);

  return uploaded;
}

/* Downloads */

typedef struct
{
  BobbinHttpRequest *request; /* (nullable) */
  char              *name;
  char              *content_type;
} Download;

static void
download_free (gpointer data)
{
  Download *download = data;

  g_clear_object (&download->request);
  g_free (download->name);
  g_free (download->content_type);
  g_free (download);
}

static void
downloaded_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Download *download = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr(GBytes) body = bobbin_http_call_finish (BOBBIN_HTTP (source), result, &error);
  guint status = bobbin_http_request_get_status (download->request);

  if (body == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (status >= 300)
    {
      gsize size;
      const char *text = g_bytes_get_data (body, &size);
      g_autoptr(BobbinFailure) failure = bobbin_agentflow_failure_from_http (status, text, size, -1);

      g_task_return_error (task, bobbin_failure_to_error (failure));
      return;
    }

  if (bobbin_http_request_get_answer_type (download->request) != NULL)
    {
      g_free (download->content_type);
      download->content_type = g_strdup (bobbin_http_request_get_answer_type (download->request));
    }
  g_task_return_pointer (task, g_steal_pointer (&body), (GDestroyNotify) g_bytes_unref);
}

static void
return_inline (GTask      *task,
               const char *base64,
               gsize       max_bytes)
{
  gsize length = 0;
  guchar *bytes = strlen (base64) / 4 * 3 <= max_bytes ? g_base64_decode (base64, &length) : NULL;

  if (length == 0)
    {
      g_free (bytes);
      g_task_return_new_error (task, BOBBIN_ERROR, bytes == NULL ? BOBBIN_ERROR_REPLY_TOO_LARGE : BOBBIN_ERROR_PROTOCOL,
                               "The content of the file is not usable");
      return;
    }

  g_task_return_pointer (task, g_bytes_new_take (bytes, length), (GDestroyNotify) g_bytes_unref);
}

static void
agentflow_download_async (BobbinDownloader    *downloader,
                          const char          *file,
                          gsize                max_bytes,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  BobbinAgentflowBackend *self = BOBBIN_AGENTFLOW_BACKEND (downloader);
  g_autoptr(JsonObject) object = bobbin_json_parse_object (file, -1, NULL);
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);
  Download *download = g_new0 (Download, 1);
  const char *base64 = object != NULL ? bobbin_json_get_string (object, "data_base64") : NULL;
  const char *id = object != NULL ? bobbin_json_get_string (object, "file_id") : NULL;
  const char *place = object != NULL ? bobbin_json_get_string (object, "path") : NULL;
  g_autofree char *escaped = id != NULL ? g_uri_escape_string (id, NULL, FALSE) : NULL;
  g_autofree char *path = escaped != NULL ? g_strconcat ("/v1/files/", escaped, NULL) : g_strdup (place);

  g_task_set_source_tag (task, agentflow_download_async);
  g_task_set_task_data (task, download, download_free);
  if (object != NULL)
    {
      download->name = g_strdup (bobbin_json_get_string (object, "name"));
      download->content_type = g_strdup (bobbin_json_get_string (object, "content_type"));
    }
  if (base64 != NULL)
    {
      return_inline (task, base64, max_bytes);
      return;
    }
  if (path == NULL || *path != '/' || path[1] == '/')
    {
      g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_INVALID, "The message does not say where its file lies");
      return;
    }

  download->request = _bobbin_agentflow_request_new (self, "GET", path);
  bobbin_http_request_set_header (download->request, "Accept", "*/*");
  bobbin_http_call_async (self->http, download->request, max_bytes, cancellable, downloaded_cb, g_steal_pointer (&task));
}

static GBytes *
agentflow_download_finish (BobbinDownloader  *downloader,
                           GAsyncResult      *result,
                           char             **ret_name,
                           char             **ret_content_type,
                           GError           **error)
{
  Download *download = g_task_get_task_data (G_TASK (result));
  GBytes *bytes = g_task_propagate_pointer (G_TASK (result), error);

  if (bytes != NULL)
    {
      *ret_name = g_steal_pointer (&download->name);
      *ret_content_type = g_steal_pointer (&download->content_type);
    }

  return bytes;
}

static void
agentflow_describe_async (BobbinDownloader   *downloader,
                          const char         *file_id,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data)
{
  GTask *task = g_task_new (downloader, NULL, callback, user_data);
  g_autofree char *id = g_uri_escape_string (file_id, NULL, FALSE);

  g_task_set_source_tag (task, agentflow_describe_async);
  _bobbin_agentflow_call_async (BOBBIN_AGENTFLOW_BACKEND (downloader), "GET", g_strconcat ("/v1/files/", id, "/info", NULL), NULL,
                                cancellable, bobbin_json_api_name_cb, task);
}

static char *
agentflow_describe_finish (BobbinDownloader *downloader,
                           GAsyncResult     *result,
                           GError          **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
_bobbin_agentflow_downloader_iface_init (BobbinDownloaderInterface *iface)
{
  iface->describe_async = agentflow_describe_async;
  iface->describe_finish = agentflow_describe_finish;
  iface->download_async = agentflow_download_async;
  iface->download_finish = agentflow_download_finish;
}
