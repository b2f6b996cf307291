/* The files of the fake server. */
#include "config.h"
#include "fake-backend.h"

#include "util/bobbin-json.h"

#include <string.h>

void
fake_backend_go_on (FakeBackend *self)
{
  g_autoptr(GTask) task = g_steal_pointer (&self->download);

  g_assert_nonnull (task);
  if (g_task_return_error_if_cancelled (task))
    return;
  if (self->file != NULL)
    g_task_return_pointer (task, g_bytes_new (self->file, strlen (self->file)), (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_NOT_FOUND, "no such file");
}

static void
fake_download_async (BobbinDownloader   *downloader,
                     const char         *file,
                     gsize               max_bytes,
                     GCancellable       *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer            user_data)
{
  FakeBackend *self = FAKE_BACKEND (downloader);
  g_autoptr(JsonObject) object = bobbin_json_parse_object (file, -1, NULL);

  g_assert_null (self->download);
  g_string_append_printf (self->changes, "fetch %s;", bobbin_json_get_string (object, "file_id"));
  self->download = g_task_new (self, cancellable, callback, user_data);
  if (!self->slow)
    fake_backend_go_on (self);
}

static GBytes *
fake_download_finish (BobbinDownloader  *downloader,
                      GAsyncResult      *result,
                      char             **ret_name,
                      char             **ret_content_type,
                      GError           **error)
{
  GBytes *bytes = g_task_propagate_pointer (G_TASK (result), error);

  if (bytes != NULL)
    {
      *ret_name = g_strdup ("told.txt");
      *ret_content_type = g_strdup ("text/plain");
    }

  return bytes;
}

static void
fake_describe_async (BobbinDownloader   *downloader,
                     const char         *file_id,
                     GCancellable       *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer            user_data)
{
  FakeBackend *self = FAKE_BACKEND (downloader);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_string_append_printf (self->changes, "name %s;", file_id);
  if (self->file != NULL)
    g_task_return_pointer (task, g_strconcat (file_id, ".txt", NULL), g_free);
  else
    g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_NOT_FOUND, "no such file");
}

static char *
fake_describe_finish (BobbinDownloader *downloader,
                      GAsyncResult     *result,
                      GError          **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
_fake_downloader_iface_init (BobbinDownloaderInterface *iface)
{
  iface->download_async = fake_download_async;
  iface->download_finish = fake_download_finish;
  iface->describe_async = fake_describe_async;
  iface->describe_finish = fake_describe_finish;
}
