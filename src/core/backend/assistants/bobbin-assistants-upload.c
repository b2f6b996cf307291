/* The files of a turn go ahead of its message (assistants.md, sections 4.5 and 11): pictures for the model to see, everything else
 * for the tools its assistant has. */
#define G_LOG_DOMAIN "bobbin-backend"
#include "config.h"
#include "backend/assistants/bobbin-assistants-private.h"

#include "model/bobbin-attachment.h"
#include "transport/bobbin-multipart.h"
#include "util/bobbin-json.h"
#include "wire/bobbin-assistants-encoder.h"

#include <string.h>

typedef struct
{
  /* owned */
  BobbinAssistantsBackend *backend;
  char                    *assistant_id;
  GPtrArray               *attachments;
  GCancellable            *cancellable;
  GArray                  *files;    /* of BobbinAssistantsFile: the result */
  BobbinFailure           *failure;  /* or this */
  /* borrowed */
  const BobbinAssistantsUploadHandlers *handlers;
  gpointer                 handlers_data;
  guint                    next;     /* attachment */
  gboolean                 no_vision; /* this one is sent for the tools: the server knows no other purpose */
} Upload;

static void next_file (GTask *task);

static void
file_clear (gpointer data)
{
  g_free ((char *) ((BobbinAssistantsFile *) data)->file_id);
}

static void
upload_free (gpointer data)
{
  Upload *upload = data;

  g_clear_object (&upload->backend);
  g_clear_object (&upload->cancellable);
  g_clear_pointer (&upload->files, g_array_unref);
  g_ptr_array_unref (upload->attachments);
  bobbin_failure_free (upload->failure);
  g_free (upload->assistant_id);
  g_free (upload);
}

static BobbinAttachment *
get_current (Upload *upload)
{
  return upload->attachments->pdata[upload->next];
}

/* png, jpeg, gif and webp are what models see. */
static gboolean
is_picture (BobbinAttachment *attachment)
{
  static const char *const types[] = { "image/png", "image/jpeg", "image/gif", "image/webp" };
  const char *type = bobbin_attachment_get_content_type (attachment);

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_strcmp0 (type, types[i]) == 0)
      return TRUE;

  return FALSE;
}

/* Data and archives are for code, text and documents for search; whichever of the two there is takes what is left. */
static gboolean
is_data (BobbinAttachment *attachment)
{
  static const char *const ends[] = { ".csv", ".tsv", ".xlsx", ".xls", ".zip", ".tar", ".gz", ".json", ".xml", ".parquet", ".png",
                                      ".jpg", ".jpeg", ".gif", ".webp" };
  g_autofree char *name = g_ascii_strdown (bobbin_attachment_get_name (attachment), -1);

  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    if (g_str_has_suffix (name, ends[i]))
      return TRUE;

  return FALSE;
}

/* @failure: (transfer full). @task: (transfer full), as everywhere below. */
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
take_file (GTask      *task,
           const char *file_id)
{
  Upload *upload = g_task_get_task_data (task);
  BobbinAttachment *attachment = get_current (upload);
  int tools = _bobbin_assistants_get_tools (upload->backend, upload->assistant_id);
  BobbinAssistantsFile file = { g_strdup (file_id), is_picture (attachment), FALSE, FALSE };

  if (!file.is_image)
    {
      file.code = (tools & 2) != 0 && (is_data (attachment) || (tools & 1) == 0);
      file.search = (tools & 1) != 0 && !file.code;
    }
  g_array_append_val (upload->files, file);
  if (upload->handlers != NULL)
    upload->handlers->progress (attachment, bobbin_attachment_get_size (attachment), bobbin_attachment_get_size (attachment),
                                upload->handlers_data);
  upload->next++;
  upload->no_vision = FALSE;
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
  BobbinAttachment *attachment = get_current (upload);
  g_autofree char *file_id = NULL;

  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    file_id = bobbin_json_dup_text (json_node_get_object (root), "id");
  if (file_id != NULL && *file_id != '\0')
    {
      _bobbin_assistants_set_file (upload->backend, bobbin_attachment_get_sha256 (attachment), is_picture (attachment), file_id);
      take_file (task, file_id);
    }
  else if (failure != NULL && failure->http_status == 400 && is_picture (attachment) && !upload->no_vision)
    {
      /* Foreign servers may lack the purpose "vision": once more for "assistants". */
      upload->no_vision = TRUE;
      next_file (task);
    }
  else if (failure != NULL)
    {
      fail (task, g_steal_pointer (&failure));
    }
  else if (root != NULL)
    {
      fail (task, bobbin_failure_new (BOBBIN_ERROR_PROTOCOL, BOBBIN_CERTAINTY_UNSENT, "The server did not say where it keeps the file"));
    }
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
  GTask *task = user_data;
  Upload *upload = g_task_get_task_data (task);

  /* Of the whole body; the last word is take_file()'s. */
  if (upload->handlers != NULL && upload->next < upload->attachments->len && done_bytes < total_bytes)
    upload->handlers->progress (get_current (upload), done_bytes, total_bytes, upload->handlers_data);
}

static void
send_file (GTask *task)
{
  Upload *upload = g_task_get_task_data (task);
  BobbinAttachment *attachment = get_current (upload);
  gboolean vision = is_picture (attachment) && !upload->no_vision &&
                    !_bobbin_assistants_lacks (upload->backend, BOBBIN_ASSISTANTS_LACKS_VISION);
  const char *const fields[] = { "purpose", vision ? "vision" : "assistants", NULL };
  g_autofree char *content_type = NULL;
  g_autoptr(BobbinBodyStream) body = bobbin_multipart_new (fields, "file", attachment, NULL, &content_type);
  g_autoptr(BobbinHttpRequest) request = _bobbin_assistants_make_request (upload->backend, "POST", "/files");

  if (upload->no_vision)
    _bobbin_assistants_found_lack (upload->backend, BOBBIN_ASSISTANTS_LACKS_VISION);
  bobbin_http_request_set_body (request, content_type, G_INPUT_STREAM (body), bobbin_body_stream_get_length (body));
  bobbin_http_request_set_progress (request, progress_cb, task);
  bobbin_json_api_send_async (&_bobbin_assistants_api, G_OBJECT (upload->backend), _bobbin_assistants_get_http (upload->backend),
                              request, upload->cancellable, uploaded_cb, task);
}

static void
assistant_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  GTask *task = user_data;
  Upload *upload = g_task_get_task_data (task);
  g_autoptr(BobbinFailure) failure = NULL;
  g_autoptr(JsonNode) root = bobbin_json_api_call_finish (result, &failure);

  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    _bobbin_assistants_set_tools (upload->backend, json_node_get_object (root));
  if (root != NULL && _bobbin_assistants_get_tools (upload->backend, upload->assistant_id) >= 0)
    next_file (task);
  else if (root != NULL || failure != NULL)
    fail (task, failure != NULL ? g_steal_pointer (&failure)
                                : bobbin_failure_new (BOBBIN_ERROR_PROTOCOL, BOBBIN_CERTAINTY_UNSENT,
                                                      "The server does not say which tools the assistant has"));
  else
    {
      g_task_return_pointer (task, NULL, NULL);
      g_object_unref (task);
    }
}

static void
next_file (GTask *task)
{
  Upload *upload = g_task_get_task_data (task);
  BobbinAttachment *attachment;
  const char *known;
  int tools = _bobbin_assistants_get_tools (upload->backend, upload->assistant_id);

  if (upload->next >= upload->attachments->len)
    {
      g_task_return_pointer (task, g_steal_pointer (&upload->files), (GDestroyNotify) g_array_unref);
      g_object_unref (task);
      return;
    }

  attachment = get_current (upload);
  if (!is_picture (attachment) && tools < 0)
    {
      g_autofree char *path = _bobbin_assistants_path ("assistants", upload->assistant_id, NULL);

      _bobbin_assistants_call (upload->backend, "GET", path, NULL, upload->cancellable, assistant_cb, task);
      return;
    }
  if (!is_picture (attachment) && tools == 0)
    {
      fail (task, bobbin_failure_new (BOBBIN_ERROR_NOT_SUPPORTED, BOBBIN_CERTAINTY_UNSENT,
                                      "This assistant has no tool that reads files: it takes pictures only"));
      return;
    }

  known = _bobbin_assistants_get_file (upload->backend, bobbin_attachment_get_sha256 (attachment), is_picture (attachment));
  if (known != NULL)
    take_file (task, known);
  else
    send_file (task);
}

void
_bobbin_assistants_upload_async (BobbinAssistantsBackend              *backend,
                                 const char                           *assistant_id,
                                 GPtrArray                            *attachments,
                                 const BobbinAssistantsUploadHandlers *handlers,
                                 gpointer                              handlers_data,
                                 GCancellable                         *cancellable,
                                 GAsyncReadyCallback                   callback,
                                 gpointer                              user_data)
{
  GTask *task = g_task_new (backend, NULL, callback, user_data);
  Upload *upload = g_new0 (Upload, 1);

  upload->backend = g_object_ref (backend);
  upload->assistant_id = g_strdup (assistant_id);
  upload->attachments = g_ptr_array_ref (attachments);
  upload->handlers = handlers;
  upload->handlers_data = handlers_data;
  upload->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  upload->files = g_array_new (FALSE, TRUE, sizeof (BobbinAssistantsFile));
  g_array_set_clear_func (upload->files, file_clear);
  g_task_set_source_tag (task, _bobbin_assistants_upload_async);
  g_task_set_task_data (task, upload, upload_free);
  next_file (task);
}

GArray *
_bobbin_assistants_upload_finish (GAsyncResult   *result,
                                  BobbinFailure **ret_failure)
{
  Upload *upload;
  GArray *files;

  g_return_val_if_fail (g_async_result_is_tagged (result, _bobbin_assistants_upload_async), NULL);

  upload = g_task_get_task_data (G_TASK (result));
  files = g_task_propagate_pointer (G_TASK (result), NULL);
  *ret_failure = files == NULL ? g_steal_pointer (&upload->failure) : NULL;

  return files;
}
