/* One connection attempt under a policy: certificates, peer address, progress, and the one table that turns errors of libsoup
 * and GIO into ours. Used by HTTP requests and WebSocket links alike. */
#define G_LOG_DOMAIN "bobbin-transport"
#include "config.h"
#include "transport/bobbin-http-private.h"

#include "transport/bobbin-address.h"
#include "transport/bobbin-contacts.h"
#include "util/bobbin-clock.h"

void
_bobbin_exchange_clear (BobbinExchange *exchange)
{
  g_clear_pointer (&exchange->policy, _bobbin_http_policy_unref);
  g_clear_object (&exchange->abort);
  g_clear_error (&exchange->abort_error);
  g_clear_pointer (&exchange->refused_fingerprint, g_free);
  g_clear_pointer (&exchange->tls_summary, g_free);
}

void
_bobbin_exchange_abort (BobbinExchange *exchange,
                        BobbinErrorCode code,
                        const char     *why)
{
  if (exchange->abort_error == NULL)
    exchange->abort_error = g_error_new_literal (BOBBIN_ERROR, (int) code, why);
  g_cancellable_cancel (exchange->abort);
}

static char *
fingerprint_of (GTlsCertificate *certificate)
{
  g_autoptr(GByteArray) der = NULL;

  g_object_get (certificate, "certificate", &der, NULL);

  return der != NULL ? g_compute_checksum_for_data (G_CHECKSUM_SHA256, der->data, der->len) : NULL;
}

gboolean
_bobbin_exchange_judge (BobbinExchange      *exchange,
                        GTlsCertificate     *certificate,
                        GTlsCertificateFlags flags)
{
  g_autofree char *fingerprint = fingerprint_of (certificate);

  if (fingerprint != NULL && exchange->policy->pin != NULL && g_str_equal (fingerprint, exchange->policy->pin))
    return TRUE;

  g_free (exchange->refused_fingerprint);
  exchange->refused_fingerprint = g_steal_pointer (&fingerprint);
  exchange->refused_flags = flags;
  return FALSE;
}

static gboolean
accept_certificate_cb (SoupMessage         *message,
                       GTlsCertificate     *certificate,
                       GTlsCertificateFlags flags,
                       gpointer             user_data)
{
  return _bobbin_exchange_judge (user_data, certificate, flags);
}

static gboolean
is_plain (GUri *uri)
{
  return g_str_equal (g_uri_get_scheme (uri), "http") || g_str_equal (g_uri_get_scheme (uri), "ws");
}

SoupSession *
_bobbin_exchange_get_session (BobbinExchange *exchange,
                              SoupMessage    *message)
{
  return is_plain (soup_message_get_uri (message)) ? exchange->policy->direct : exchange->policy->session;
}

/* A name that was spelled like a private one may resolve to anywhere: nothing is written before the peer is known. */
static void
check_peer (BobbinExchange *exchange,
            SoupMessage    *message,
            GIOStream      *connection)
{
  g_autoptr(GSocketAddress) remote = NULL;
  GInetAddress *inet;

  if (!is_plain (soup_message_get_uri (message)) || !G_IS_SOCKET_CONNECTION (connection))
    return;
  remote = g_socket_connection_get_remote_address (G_SOCKET_CONNECTION (connection), NULL);
  if (!G_IS_INET_SOCKET_ADDRESS (remote))
    return;

  inet = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (remote));
  if (bobbin_address_inet_is_loopback (inet) ||
      (exchange->policy->allow_plain && bobbin_address_inet_is_private (inet)))
    return;

  _bobbin_exchange_abort (exchange, BOBBIN_ERROR_INSECURE,
                          "The name leads to a public address, where unencrypted connections are refused");
}

void
_bobbin_exchange_note_tls (BobbinExchange *exchange,
                           GIOStream      *connection)
{
  GTlsConnection *tls = G_IS_TLS_CONNECTION (connection) ? G_TLS_CONNECTION (connection) : NULL;
  g_autofree char *cipher = NULL;
  const char *version = NULL;

  if (tls == NULL)
    return;
  switch (g_tls_connection_get_protocol_version (tls))
    {
    case G_TLS_PROTOCOL_VERSION_TLS_1_3:
      version = "TLS 1.3";
      break;
    case G_TLS_PROTOCOL_VERSION_TLS_1_2:
      version = "TLS 1.2";
      break;
    case G_TLS_PROTOCOL_VERSION_UNKNOWN:
    case G_TLS_PROTOCOL_VERSION_SSL_3_0:
    case G_TLS_PROTOCOL_VERSION_TLS_1_0:
    case G_TLS_PROTOCOL_VERSION_TLS_1_1:
    case G_TLS_PROTOCOL_VERSION_DTLS_1_0:
    case G_TLS_PROTOCOL_VERSION_DTLS_1_2:
    default:
      version = "TLS";
      break;
    }
  cipher = g_tls_connection_get_ciphersuite_name (tls);
  g_free (exchange->tls_summary);
  exchange->tls_summary = cipher != NULL ? g_strdup_printf ("%s, %s", version, cipher) : g_strdup (version);
}

static void
network_event_cb (SoupMessage       *message,
                  GSocketClientEvent event,
                  GIOStream         *connection,
                  gpointer           user_data)
{
  BobbinExchange *exchange = user_data;

  if (event == G_SOCKET_CLIENT_CONNECTED)
    check_peer (exchange, message, connection);
  else if (event == G_SOCKET_CLIENT_TLS_HANDSHAKED)
    _bobbin_exchange_note_tls (exchange, connection);
}

static void
starting_cb (SoupMessage *message,
             gpointer     user_data)
{
  ((BobbinExchange *) user_data)->connected = TRUE;
}

static void
got_headers_cb (SoupMessage *message,
                gpointer     user_data)
{
  ((BobbinExchange *) user_data)->policy->spoke_http = TRUE;
}

static void
wrote_body_data_cb (SoupMessage *message,
                    guint        size,
                    gpointer     user_data)
{
  ((BobbinExchange *) user_data)->body_written += size;
}

gboolean
_bobbin_exchange_begin (BobbinExchange *exchange,
                        BobbinHttp     *http,
                        SoupMessage    *message,
                        GError        **error)
{
  exchange->policy = _bobbin_http_ref_policy (http);
  exchange->abort = g_cancellable_new ();
  if (!bobbin_address_check_uri (soup_message_get_uri (message), exchange->policy->allow_plain, error))
    return FALSE;
  bobbin_contacts_note (soup_message_get_uri (message), bobbin_clock_now_us (bobbin_http_get_clock (http)));

  /* nebelus.md, section 9.3: a key never follows a redirect; style.md, section 6: encoded bodies have no bound. */
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_headers_replace (soup_message_get_request_headers (message), "Accept-Encoding", "identity");
  g_signal_connect (message, "accept-certificate", G_CALLBACK (accept_certificate_cb), exchange);
  g_signal_connect (message, "network-event", G_CALLBACK (network_event_cb), exchange);
  g_signal_connect (message, "starting", G_CALLBACK (starting_cb), exchange);
  g_signal_connect (message, "got-headers", G_CALLBACK (got_headers_cb), exchange);
  g_signal_connect (message, "got-informational", G_CALLBACK (got_headers_cb), exchange); /* 101 of a WebSocket */
  g_signal_connect (message, "wrote-body-data", G_CALLBACK (wrote_body_data_cb), exchange);

  return TRUE;
}

void
_bobbin_exchange_end (BobbinExchange *exchange,
                      SoupMessage    *message)
{
  if (message != NULL)
    g_signal_handlers_disconnect_by_data (message, exchange);
}

static const char *
reason_of_flags (GTlsCertificateFlags flags)
{
  static const struct { GTlsCertificateFlags flag; const char *words; } reasons[] = {
    { G_TLS_CERTIFICATE_REVOKED, "it has been revoked" },
    { G_TLS_CERTIFICATE_EXPIRED, "it has expired" },
    { G_TLS_CERTIFICATE_NOT_ACTIVATED, "it is not valid yet: check this computer's clock" },
    { G_TLS_CERTIFICATE_BAD_IDENTITY, "it is for another server name" },
    { G_TLS_CERTIFICATE_INSECURE, "its algorithm is not safe" },
    { G_TLS_CERTIFICATE_UNKNOWN_CA, "nobody this computer trusts has signed it" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (flags & reasons[i].flag)
      return reasons[i].words;

  return "it could not be verified";
}

static GError *
map_tls_error (BobbinExchange *exchange,
               const char     *host,
               const GError   *raw)
{
  if (g_error_matches (raw, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE) || exchange->refused_fingerprint != NULL)
    return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_TLS, "The certificate of %s is refused: %s", host,
                        reason_of_flags (exchange->refused_flags));
  /* A connection that is cut is a network fault, on TLS as on TCP. */
  if (g_error_matches (raw, G_TLS_ERROR, G_TLS_ERROR_EOF))
    return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_NETWORK, "%s closed the connection", host);
  if (g_error_matches (raw, G_TLS_ERROR, G_TLS_ERROR_NOT_TLS))
    return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_TLS, "%s does not speak TLS on this port", host);

  return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_TLS, "No secure connection to %s: %s", host, raw->message);
}

static GError *
map_io_error (GUri         *uri,
              const char   *host,
              const GError *raw)
{
  static const struct { int from; BobbinErrorCode to; const char *words; } table[] = {
    { G_IO_ERROR_CONNECTION_REFUSED, BOBBIN_ERROR_NETWORK, "refuses connections" },
    { G_IO_ERROR_TIMED_OUT, BOBBIN_ERROR_TIMED_OUT, "does not answer" },
    { G_IO_ERROR_HOST_UNREACHABLE, BOBBIN_ERROR_NETWORK, "cannot be reached from here" },
    { G_IO_ERROR_NETWORK_UNREACHABLE, BOBBIN_ERROR_NETWORK, "cannot be reached from here" },
    { G_IO_ERROR_HOST_NOT_FOUND, BOBBIN_ERROR_NETWORK, "was not found" },
    { G_IO_ERROR_CONNECTION_CLOSED, BOBBIN_ERROR_NETWORK, "closed the connection" },
    { G_IO_ERROR_PARTIAL_INPUT, BOBBIN_ERROR_NETWORK, "closed the connection" },
  };
  int port = g_uri_get_port (uri);
  g_autofree char *place = port > 0 ? g_strdup_printf ("%s (port %d)", host, port) : g_strdup (host);

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    if (raw->code == table[i].from)
      return g_error_new (BOBBIN_ERROR, (int) table[i].to, "%s %s", place, table[i].words);

  return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_NETWORK, "The connection to %s failed: %s", place, raw->message);
}

GError *
_bobbin_exchange_cut_error (GUri *uri)
{
  return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_NETWORK, "%s closed the connection in the middle of its answer", g_uri_get_host (uri));
}

GError *
_bobbin_exchange_map_error (BobbinExchange *exchange,
                            GUri           *uri,
                            const GError   *raw)
{
  const char *host = g_uri_get_host (uri);

  if (exchange->abort_error != NULL)
    return g_error_copy (exchange->abort_error);
  if (raw->domain == BOBBIN_ERROR || g_error_matches (raw, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (raw);
  if (raw->domain == G_TLS_ERROR)
    return map_tls_error (exchange, host, raw);
  if (g_error_matches (raw, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND))
    return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_NETWORK, "The name %s was not found", host);
  if (raw->domain == G_RESOLVER_ERROR)
    return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_NETWORK, "The name %s could not be looked up: %s", host, raw->message);
  /* libsoup says the same of a head that was cut and of what never was one: the server's past tells them apart. */
  if (raw->domain == SOUP_SESSION_ERROR && exchange->policy->spoke_http)
    return _bobbin_exchange_cut_error (uri);
  if (raw->domain == SOUP_SESSION_ERROR)
    return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_PROTOCOL, "%s does not speak HTTP here: check the address", host);
  if (raw->domain == G_IO_ERROR)
    return map_io_error (uri, host, raw);

  return g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_NETWORK, "The connection to %s failed: %s", host, raw->message);
}

gint64
_bobbin_message_get_retry_after_ms (SoupMessage *message,
                                    BobbinClock *clock)
{
  const char *value = soup_message_headers_get_one (soup_message_get_response_headers (message), "Retry-After");
  g_autoptr(GDateTime) date = NULL;
  guint64 seconds;

  if (value == NULL)
    return -1;
  if (g_ascii_string_to_unsigned (value, 10, 0, G_MAXUINT32, &seconds, NULL))
    return (gint64) seconds * 1000;

  date = soup_date_time_new_from_http_string (value);
  if (date == NULL)
    return -1;

  return MAX (0, g_date_time_to_unix (date) * 1000 - bobbin_clock_now_us (clock) / 1000);
}
