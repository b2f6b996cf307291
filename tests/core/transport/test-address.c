/* Which addresses are loopback, private, or anywhere. */
#include "config.h"

#include "transport/bobbin-address.h"
#include "util/bobbin-error.h"

static void
test_hosts (void)
{
  static const struct { const char *host; gboolean loopback; gboolean private; } rows[] = {
    { "localhost", TRUE, TRUE }, { "LOCALHOST", TRUE, TRUE }, { "localhost.", TRUE, TRUE }, { "a.localhost", TRUE, TRUE },
    { "127.0.0.1", TRUE, TRUE }, { "127.255.3.4", TRUE, TRUE }, { "::1", TRUE, TRUE }, { "::ffff:127.0.0.1", TRUE, TRUE },
    { "10.0.0.1", FALSE, TRUE }, { "172.16.0.1", FALSE, TRUE }, { "172.31.255.255", FALSE, TRUE }, { "192.168.0.1", FALSE, TRUE },
    { "169.254.1.1", FALSE, TRUE }, { "100.64.0.1", FALSE, TRUE }, { "fd00::1", FALSE, TRUE }, { "fe80::1%eth0", FALSE, TRUE },
    { "::ffff:10.0.0.1", FALSE, TRUE }, { "server.local", FALSE, TRUE }, { "server", FALSE, TRUE }, { "nas.home.arpa", FALSE, TRUE },
    { "8.8.8.8", FALSE, FALSE }, { "172.32.0.1", FALSE, FALSE }, { "100.128.0.1", FALSE, FALSE }, { "2001:db8::1", FALSE, FALSE },
    { "::ffff:8.8.8.8", FALSE, FALSE }, { "128.0.0.1", FALSE, FALSE }, { "0.0.0.0", FALSE, FALSE },
    { "example.org", FALSE, FALSE }, { "localhost.example.org", FALSE, FALSE }, { "127.0.0.1.example.org", FALSE, FALSE },
    { "notlocalhost", FALSE, TRUE }, { "mylocal", FALSE, TRUE }, { "evil.notlocal", FALSE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i].host);
      g_assert_cmpint (bobbin_address_is_loopback (rows[i].host), ==, rows[i].loopback);
      g_assert_cmpint (bobbin_address_is_private (rows[i].host), ==, rows[i].private);
    }
}

static void
test_uris (void)
{
  static const struct { const char *uri; gboolean allow_plain; int code; } rows[] = {
    { "https://example.org", FALSE, -1 }, { "wss://example.org", FALSE, -1 }, { "http://127.0.0.1:1", FALSE, -1 },
    { "ws://[::1]:1", FALSE, -1 }, { "http://example.org", FALSE, BOBBIN_ERROR_INSECURE },
    { "http://example.org", TRUE, BOBBIN_ERROR_INSECURE }, { "ws://10.0.0.1", FALSE, BOBBIN_ERROR_INSECURE },
    { "ws://10.0.0.1", TRUE, -1 }, { "ftp://example.org", FALSE, BOBBIN_ERROR_INVALID }, { "https:", FALSE, BOBBIN_ERROR_INVALID },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GUri) uri = g_uri_parse (rows[i].uri, G_URI_FLAGS_NONE, NULL);
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", rows[i].uri);
      g_assert_cmpint (bobbin_address_check_uri (uri, rows[i].allow_plain, &error), ==, rows[i].code < 0);
      if (rows[i].code >= 0)
        g_assert_error (error, BOBBIN_ERROR, rows[i].code);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/transport/address/hosts", test_hosts);
  g_test_add_func ("/transport/address/uris", test_uris);

  return g_test_run ();
}
