/* Files that lie on the server (assistants.md, sections 4.5 and 11): name and type from the File object, then the bytes. */
#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/assistants/bobbin-assistants-private.h"

#include "util/bobbin-json.h"
#include "util/bobbin-text.h"

/* A refusal needs room even where the file may be small. */
#define MAX_REFUSAL (64 * 1024)

typedef struct
{
  char              *file_id;
  char              *name;         /* (nullable) */
  char              *content_type; /* (nullable) */
  GCancellable      *cancellable;
  BobbinHttpRequest *request;
  gsize              max_bytes;
} Download;

static void
download_free (gpointer data)
{
  Download *download = data;

  g_clear_object (&download->cancellable);
  g_clear_object (&download->request);
  g_free (download->file_id);
  g_free (download->name);
  g_free (download->content_type);
  g_free (download);
}

/* What it says it is does not count; the bytes and the name do. */
static void
sniff (Download *download,
       GBytes   *bytes)
{
  gsize size;
  const guchar *data = g_bytes_get_data (bytes, &size);
  gboolean uncertain = FALSE;
  g_autofree char *type = g_content_type_guess (download->name, data, MIN (size, 4096), &uncertain);

  download->content_type = g_content_type_get_mime_type (type);
}

static void
content_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Download *download = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) body = bobbin_http_call_finish (BOBBIN_HTTP (source), result, &error);
  guint status = bobbin_http_request_get_status (download->request);

  if (body == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
    }
  else if (status >= 400)
    {
      gsize size;
      const char *text = g_bytes_get_data (body, &size);
      g_autoptr(BobbinFailure) failure = _bobbin_assistants_read_refusal (download->request, text, size, NULL);

      g_task_return_error (task, bobbin_failure_to_error (failure));
    }
  else if (g_bytes_get_size (body) > download->max_bytes)
    {
      g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_TOO_LARGE, "The file is larger than this program takes");
    }
  else
    {
      sniff (download, body);
      g_task_return_pointer (task, g_steal_pointer (&body), (GDestroyNotify) g_bytes_unref);
    }
}

static void
file_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinAssistantsBackend *self = BOBBIN_ASSISTANTS_BACKEND (g_task_get_source_object (task));
  Download *download = g_task_get_task_data (task);
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);
  JsonObject *file = root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  const char *name = file != NULL ? bobbin_json_get_string (file, "filename") : NULL;
  g_autofree char *path = _bobbin_assistants_path ("files", download->file_id, "content", NULL);

  if (root == NULL && failure == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
      return;
    }
  if (failure != NULL && failure->http_status == 404)
    {
      g_task_return_error (task, bobbin_failure_to_error (failure));
      return;
    }
  if (file != NULL && bobbin_json_get_int (file, "bytes", 0) > (gint64) download->max_bytes)
    {
      g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_TOO_LARGE, "The file is larger than this program takes");
      return;
    }

  if (name != NULL)
    {
      g_autofree char *base = g_path_get_basename (name);

      g_free (download->name);
      download->name = bobbin_text_clean_name (base);
    }
  download->request = _bobbin_assistants_make_request (self, "GET", path);
  bobbin_http_request_set_header (download->request, "Accept", "*/*");
  bobbin_http_call_async (_bobbin_assistants_get_http (self), download->request, MAX (download->max_bytes, MAX_REFUSAL),
                          download->cancellable, content_cb, g_steal_pointer (&task));
}

static void
files_download_async (BobbinDownloader   *downloader,
                      const char         *file,
                      gsize               max_bytes,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (downloader, NULL, callback, user_data);
  g_autoptr(JsonObject) object = bobbin_json_parse_object (file, -1, NULL);
  g_autofree char *file_id = object != NULL ? bobbin_json_dup_text (object, "file_id") : NULL;
  Download *download = g_new0 (Download, 1);
  g_autofree char *path = NULL;

  g_task_set_source_tag (task, files_download_async);
  g_task_set_task_data (task, download, download_free);
  if (file_id == NULL || *file_id == '\0')
    {
      g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_NOT_FOUND, "The file has no id on the server");
      return;
    }

  download->file_id = g_steal_pointer (&file_id);
  download->name = g_strdup (bobbin_json_get_string (object, "name"));
  download->max_bytes = max_bytes;
  download->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  path = _bobbin_assistants_path ("files", download->file_id, NULL);
  _bobbin_assistants_call (BOBBIN_ASSISTANTS_BACKEND (downloader), "GET", path, NULL, cancellable, file_cb, g_steal_pointer (&task));
}

static GBytes *
files_download_finish (BobbinDownloader *downloader,
                       GAsyncResult     *result,
                       char            **ret_name,
                       char            **ret_content_type,
                       GError          **error)
{
  GBytes *bytes = g_task_propagate_pointer (G_TASK (result), error);
  Download *download = g_task_get_task_data (G_TASK (result));

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
  g_autofree char *path = _bobbin_assistants_path ("files", file_id, NULL);

  g_task_set_source_tag (task, files_describe_async);
  _bobbin_assistants_call (BOBBIN_ASSISTANTS_BACKEND (downloader), "GET", path, NULL, cancellable, bobbin_json_api_name_cb, task);
}

static char *
files_describe_finish (BobbinDownloader *downloader,
                       GAsyncResult     *result,
                       GError          **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
_bobbin_assistants_downloader_iface_init (BobbinDownloaderInterface *iface)
{
  iface->describe_async = files_describe_async;
  iface->describe_finish = files_describe_finish;
  iface->download_async = files_download_async;
  iface->download_finish = files_download_finish;
}
