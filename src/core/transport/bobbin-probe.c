#define G_LOG_DOMAIN "bobbin-transport"
#include "config.h"
#include "transport/bobbin-probe.h"

#include "transport/bobbin-contacts.h"
#include "transport/bobbin-http-private.h"

struct _BobbinProbe
{
  GObject            parent_instance;
  /* owned */
  GUri              *uri;
  BobbinExchange     exchange;   /* for its policy and what it notes of certificates */
  GSocketConnection *connection; /* of TCP, until TLS */
  GIOStream         *tls;
};

G_DEFINE_FINAL_TYPE (BobbinProbe, bobbin_probe, G_TYPE_OBJECT)

static void
bobbin_probe_finalize (GObject *object)
{
  BobbinProbe *self = BOBBIN_PROBE (object);

  if (self->tls != NULL)
    g_signal_handlers_disconnect_by_data (self->tls, &self->exchange);
  g_clear_object (&self->tls);
  g_clear_object (&self->connection);
  _bobbin_exchange_clear (&self->exchange);
  g_clear_pointer (&self->uri, g_uri_unref);

  G_OBJECT_CLASS (bobbin_probe_parent_class)->finalize (object);
}

static void
bobbin_probe_class_init (BobbinProbeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bobbin_probe_finalize;
}

static void
bobbin_probe_init (BobbinProbe *self)
{
}

BobbinProbe *
bobbin_probe_new (GUri       *uri,
                  const char *pinned_certificate)
{
  BobbinProbe *self = g_object_new (BOBBIN_TYPE_PROBE, NULL);

  self->uri = g_uri_ref (uri);
  self->exchange.policy = _bobbin_http_policy_new (FALSE, pinned_certificate);

  return self;
}

static gboolean
is_secure (BobbinProbe *self)
{
  const char *scheme = g_uri_get_scheme (self->uri);

  return g_str_equal (scheme, "https") || g_str_equal (scheme, "wss");
}

gboolean
bobbin_probe_has_proxy (BobbinProbe *self)
{
  g_autofree char *url = g_uri_to_string_partial (self->uri, G_URI_HIDE_USERINFO | G_URI_HIDE_QUERY);
  g_auto(GStrv) proxies = NULL;

  /* What is spoken in clear never goes through a proxy (bobbin-http.c). */
  if (!is_secure (self))
    return FALSE;
  proxies = g_proxy_resolver_lookup (g_proxy_resolver_get_default (), url, NULL, NULL);

  return proxies != NULL && proxies[0] != NULL && !g_str_has_prefix (proxies[0], "direct");
}

gboolean
bobbin_probe_is_literal (BobbinProbe *self)
{
  return g_hostname_is_ip_address (g_uri_get_host (self->uri));
}

static guint16
get_port (BobbinProbe *self)
{
  int port = g_uri_get_port (self->uri);

  return port > 0 ? (guint16) port : is_secure (self) ? 443 : 80;
}

static void
return_raw_error (BobbinProbe  *self,
                  GTask        *task,
                  const GError *raw)
{
  g_task_return_error (task, _bobbin_exchange_map_error (&self->exchange, self->uri, raw));
}

static void
resolved_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) detail = g_string_new (NULL);
  GList *addresses = g_resolver_lookup_by_name_finish (G_RESOLVER (source), result, &error);
  guint n = 0;

  if (addresses == NULL)
    {
      return_raw_error (g_task_get_source_object (task), task, error);
      return;
    }
  for (GList *l = addresses; l != NULL && n < 4; l = l->next, n++)
    {
      g_autofree char *text = g_inet_address_to_string (l->data);

      g_string_append_printf (detail, "%s%s", n > 0 ? ", " : "", text);
    }
  g_resolver_free_addresses (addresses);
  g_task_return_pointer (task, g_string_free (g_steal_pointer (&detail), FALSE), g_free);
}

static void
connected_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocketAddress) remote = NULL;
  BobbinProbe *self = g_task_get_source_object (task);

  g_clear_object (&self->connection);
  self->connection = g_socket_client_connect_to_host_finish (G_SOCKET_CLIENT (source), result, &error);
  if (self->connection == NULL)
    {
      return_raw_error (self, task, error);
      return;
    }
  remote = g_socket_connection_get_remote_address (self->connection, NULL);
  g_task_return_pointer (task, remote != NULL ? g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (remote)) : g_strdup (""),
                         g_free);
}

static void
secured_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  g_autoptr(GError) error = NULL;
  BobbinProbe *self = g_task_get_source_object (task);

  if (!g_tls_connection_handshake_finish (G_TLS_CONNECTION (source), result, &error))
    {
      return_raw_error (self, task, error);
      return;
    }
  _bobbin_exchange_note_tls (&self->exchange, G_IO_STREAM (source));
  g_task_return_pointer (task, g_strdup (self->exchange.tls_summary), g_free);
}

static gboolean
accept_certificate_cb (GTlsConnection      *connection,
                       GTlsCertificate     *certificate,
                       GTlsCertificateFlags flags,
                       gpointer             user_data)
{
  return _bobbin_exchange_judge (user_data, certificate, flags);
}

static void
secure (BobbinProbe  *self,
        GTask        *task,
        GCancellable *cancellable)
{
  g_autoptr(GSocketConnectable) identity = g_network_address_new (g_uri_get_host (self->uri), get_port (self));
  g_autoptr(GError) error = NULL;

  g_assert (self->connection != NULL);
  g_clear_object (&self->tls);
  self->tls = g_tls_client_connection_new (G_IO_STREAM (self->connection), identity, &error);
  if (self->tls == NULL)
    {
      return_raw_error (self, task, error);
      g_object_unref (task);
      return;
    }
  g_signal_connect (self->tls, "accept-certificate", G_CALLBACK (accept_certificate_cb), &self->exchange);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (self->tls), G_PRIORITY_DEFAULT, cancellable, secured_cb, task);
}

void
bobbin_probe_run_async (BobbinProbe        *self,
                        BobbinProbeLayer    layer,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  g_autoptr(GResolver) resolver = NULL;
  g_autoptr(GSocketClient) client = NULL;

  g_task_set_source_tag (task, bobbin_probe_run_async);
  if (layer != BOBBIN_PROBE_TLS) /* that one goes on with the connection there is */
    bobbin_contacts_note (self->uri, g_get_real_time ());
  switch (layer)
    {
    case BOBBIN_PROBE_DNS:
      resolver = g_resolver_get_default ();
      g_resolver_lookup_by_name_async (resolver, g_uri_get_host (self->uri), cancellable, resolved_cb, task);
      break;
    case BOBBIN_PROBE_TCP:
      client = g_socket_client_new ();
      g_socket_client_set_enable_proxy (client, FALSE);
      g_socket_client_connect_to_host_async (client, g_uri_get_host (self->uri), get_port (self), cancellable, connected_cb,
                                             task);
      break;
    case BOBBIN_PROBE_TLS:
      secure (self, task, cancellable);
      break;
    default:
      g_assert_not_reached ();
    }
}

gboolean
bobbin_probe_run_finish (BobbinProbe  *self,
                         GAsyncResult *result,
                         char        **ret_detail,
                         GError      **error)
{
  char *detail;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  detail = g_task_propagate_pointer (G_TASK (result), error);
  if (detail == NULL)
    return FALSE;

  *ret_detail = detail;
  return TRUE;
}

const char *
bobbin_probe_get_refused_certificate (BobbinProbe *self)
{
  return self->exchange.refused_fingerprint;
}
