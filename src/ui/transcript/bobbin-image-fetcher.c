#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-image-fetcher.h"

#include "transport/bobbin-http.h"
#include "util/bobbin-error.h"

#define HOSTS_KEY  "image-hosts"
#define CACHE_MAX  (48 * 1024 * 1024) /* bytes */

struct _BobbinImageFetcher
{
  GObject     parent_instance;
  /* owned */
  BobbinHttp *http;
  GSettings  *settings;  /* (nullable) */
  GHashTable *cache;     /* uri → GBytes */
  gsize       cached;    /* bytes */
};

G_DEFINE_FINAL_TYPE (BobbinImageFetcher, bobbin_image_fetcher, G_TYPE_OBJECT)

typedef struct
{
  char              *uri;
  BobbinHttpRequest *request;
} Fetch;

static void
fetch_free (gpointer data)
{
  Fetch *fetch = data;

  g_free (fetch->uri);
  g_clear_object (&fetch->request);
  g_free (fetch);
}

static GQuark
fetcher_quark (void)
{
  return g_quark_from_static_string ("bobbin-image-fetcher");
}

static void
bobbin_image_fetcher_finalize (GObject *object)
{
  BobbinImageFetcher *self = BOBBIN_IMAGE_FETCHER (object);

  g_clear_object (&self->http);
  g_clear_object (&self->settings);
  g_hash_table_unref (self->cache);

  G_OBJECT_CLASS (bobbin_image_fetcher_parent_class)->finalize (object);
}

static void
bobbin_image_fetcher_class_init (BobbinImageFetcherClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bobbin_image_fetcher_finalize;
}

static void
bobbin_image_fetcher_init (BobbinImageFetcher *self)
{
  self->cache = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
}

BobbinImageFetcher *
bobbin_image_fetcher_new (BobbinClock *clock,
                          GSettings   *settings)
{
  BobbinImageFetcher *self = g_object_new (BOBBIN_TYPE_IMAGE_FETCHER, NULL);

  self->http = bobbin_http_new (clock);
  g_set_object (&self->settings, settings);

  return self;
}

void
bobbin_image_fetcher_pin (BobbinImageFetcher *self,
                          const char         *certificate)
{
  g_return_if_fail (BOBBIN_IS_IMAGE_FETCHER (self));

  bobbin_http_configure (self->http, FALSE, certificate);
}

void
bobbin_image_fetcher_attach (BobbinImageFetcher *self,
                             GtkWidget          *widget)
{
  g_object_set_qdata_full (G_OBJECT (widget), fetcher_quark (), g_object_ref (self), g_object_unref);
}

BobbinImageFetcher *
bobbin_image_fetcher_find (GtkWidget *widget)
{
  for (; widget != NULL; widget = gtk_widget_get_parent (widget))
    {
      BobbinImageFetcher *found = g_object_get_qdata (G_OBJECT (widget), fetcher_quark ());

      if (found != NULL)
        return found;
    }

  return NULL;
}

char *
bobbin_image_fetcher_dup_host (const char *uri)
{
  g_autoptr(GUri) parsed = g_uri_parse (uri, G_URI_FLAGS_NONE, NULL);

  if (parsed == NULL || g_ascii_strcasecmp (g_uri_get_scheme (parsed), "https") != 0 || g_uri_get_host (parsed) == NULL ||
      *g_uri_get_host (parsed) == '\0' || g_uri_get_userinfo (parsed) != NULL)
    return NULL;

  return g_ascii_strdown (g_uri_get_host (parsed), -1);
}

gboolean
bobbin_image_fetcher_is_remembered (BobbinImageFetcher *self,
                                    const char         *host)
{
  g_auto(GStrv) hosts = NULL;

  g_return_val_if_fail (BOBBIN_IS_IMAGE_FETCHER (self), FALSE);

  if (self->settings == NULL || host == NULL)
    return FALSE;
  hosts = g_settings_get_strv (self->settings, HOSTS_KEY);

  return g_strv_contains ((const char *const *) hosts, host);
}

void
bobbin_image_fetcher_remember (BobbinImageFetcher *self,
                               const char         *host)
{
  g_autoptr(GStrvBuilder) builder = NULL;
  g_auto(GStrv) hosts = NULL;
  g_auto(GStrv) more = NULL;

  g_return_if_fail (BOBBIN_IS_IMAGE_FETCHER (self));

  if (self->settings == NULL || bobbin_image_fetcher_is_remembered (self, host))
    return;
  hosts = g_settings_get_strv (self->settings, HOSTS_KEY);
  builder = g_strv_builder_new ();
  g_strv_builder_addv (builder, (const char **) hosts);
  g_strv_builder_add (builder, host);
  more = g_strv_builder_end (builder);
  g_settings_set_strv (self->settings, HOSTS_KEY, (const char *const *) more);
}

GBytes *
bobbin_image_fetcher_peek (BobbinImageFetcher *self,
                           const char         *uri)
{
  g_return_val_if_fail (BOBBIN_IS_IMAGE_FETCHER (self), NULL);

  return g_hash_table_lookup (self->cache, uri);
}

static void
keep (BobbinImageFetcher *self,
      const char         *uri,
      GBytes             *bytes)
{
  if (self->cached + g_bytes_get_size (bytes) > CACHE_MAX)
    {
      g_hash_table_remove_all (self->cache);
      self->cached = 0;
    }
  self->cached += g_bytes_get_size (bytes);
  g_hash_table_replace (self->cache, g_strdup (uri), g_bytes_ref (bytes));
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  BobbinImageFetcher *self = g_task_get_source_object (task);
  Fetch *fetch = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = bobbin_http_call_finish (BOBBIN_HTTP (source), result, &error);
  guint status = bobbin_http_request_get_status (fetch->request);

  if (bytes == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
    }
  else if (status < 200 || status > 299)
    {
      g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_SERVER, "status %u", status);
    }
  else
    {
      keep (self, fetch->uri, bytes);
      g_task_return_pointer (task, g_steal_pointer (&bytes), (GDestroyNotify) g_bytes_unref);
    }
}

void
bobbin_image_fetcher_load_async (BobbinImageFetcher  *self,
                                 const char          *uri,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autofree char *host = NULL;
  GBytes *kept;
  Fetch *fetch;

  g_return_if_fail (BOBBIN_IS_IMAGE_FETCHER (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bobbin_image_fetcher_load_async);
  kept = bobbin_image_fetcher_peek (self, uri);
  host = bobbin_image_fetcher_dup_host (uri);
  if (kept != NULL)
    {
      g_task_return_pointer (task, g_bytes_ref (kept), (GDestroyNotify) g_bytes_unref);
      return;
    }
  if (host == NULL)
    {
      g_task_return_new_error (task, BOBBIN_ERROR, BOBBIN_ERROR_INSECURE, "images are loaded by https only");
      return;
    }

  fetch = g_new0 (Fetch, 1);
  fetch->uri = g_strdup (uri);
  fetch->request = bobbin_http_request_new ("GET", uri);
  bobbin_http_request_set_header (fetch->request, "Accept", "image/*");
  g_task_set_task_data (task, fetch, fetch_free);
  bobbin_http_call_async (self->http, fetch->request, BOBBIN_IMAGE_BYTES_MAX, cancellable, loaded_cb, g_object_ref (task));
}

GBytes *
bobbin_image_fetcher_load_finish (BobbinImageFetcher  *self,
                                  GAsyncResult        *result,
                                  GError             **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
