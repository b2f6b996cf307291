#define G_LOG_DOMAIN "bobbin-transport"
#include "config.h"
#include "transport/bobbin-address.h"

#include "util/bobbin-error.h"

#include <string.h>

static gboolean
ipv4_is_private (const guint8 *b)
{
  return b[0] == 10 || b[0] == 127 || (b[0] == 172 && (b[1] & 0xf0) == 16) || (b[0] == 192 && b[1] == 168) ||
         (b[0] == 169 && b[1] == 254) || (b[0] == 100 && (b[1] & 0xc0) == 64);
}

/* The IPv4 address inside ::ffff:a.b.c.d, or NULL. */
static const guint8 *
mapped_ipv4 (const guint8 *b)
{
  static const guint8 prefix[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

  return memcmp (b, prefix, sizeof prefix) == 0 ? b + sizeof prefix : NULL;
}

gboolean
bobbin_address_inet_is_loopback (GInetAddress *address)
{
  const guint8 *b = g_inet_address_to_bytes (address);

  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6 && mapped_ipv4 (b) != NULL)
    return mapped_ipv4 (b)[0] == 127;

  return g_inet_address_get_is_loopback (address);
}

gboolean
bobbin_address_inet_is_private (GInetAddress *address)
{
  const guint8 *b = g_inet_address_to_bytes (address);

  if (bobbin_address_inet_is_loopback (address))
    return TRUE;
  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4)
    return ipv4_is_private (b);
  if (mapped_ipv4 (b) != NULL)
    return ipv4_is_private (mapped_ipv4 (b));

  return (b[0] & 0xfe) == 0xfc || (b[0] == 0xfe && (b[1] & 0xc0) == 0x80);
}

static gboolean
name_is_below (const char *host,
               const char *const *domains)
{
  g_autofree char *lower = g_ascii_strdown (host, -1);

  if (g_str_has_suffix (lower, "."))
    lower[strlen (lower) - 1] = '\0';
  for (guint i = 0; domains[i] != NULL; i++)
    if (strcmp (lower, domains[i] + 1) == 0 || g_str_has_suffix (lower, domains[i]))
      return TRUE;

  return FALSE;
}

static GInetAddress *
parse_literal (const char *host)
{
  g_autofree char *bare = g_strdup (host);
  char *zone = strchr (bare, '%');

  /* A zone id (fe80::1%eth0) is no part of the address. */
  if (zone != NULL)
    *zone = '\0';

  return g_inet_address_new_from_string (bare);
}

gboolean
bobbin_address_is_loopback (const char *host)
{
  static const char *const domains[] = { ".localhost", NULL };
  g_autoptr(GInetAddress) address = parse_literal (host);

  return address != NULL ? bobbin_address_inet_is_loopback (address) : name_is_below (host, domains);
}

gboolean
bobbin_address_is_private (const char *host)
{
  static const char *const domains[] = { ".localhost", ".local", ".lan", ".internal", ".home.arpa", NULL };
  g_autoptr(GInetAddress) address = parse_literal (host);

  if (address != NULL)
    return bobbin_address_inet_is_private (address);

  return strchr (host, '.') == NULL || name_is_below (host, domains);
}

gboolean
bobbin_address_check_uri (GUri     *uri,
                          gboolean  allow_plain,
                          GError  **error)
{
  const char *scheme = g_uri_get_scheme (uri);
  const char *host = g_uri_get_host (uri);

  if (host == NULL || *host == '\0')
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID, "The address names no server");
      return FALSE;
    }
  if (g_str_equal (scheme, "https") || g_str_equal (scheme, "wss"))
    return TRUE;
  if (!g_str_equal (scheme, "http") && !g_str_equal (scheme, "ws"))
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID,
                   "An address starts with https://, not with %s:", scheme);
      return FALSE;
    }
  if (bobbin_address_is_loopback (host) || (allow_plain && bobbin_address_is_private (host)))
    return TRUE;

  g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_INSECURE,
               "%s:// would send the key in clear to %s: use %s://", scheme, host,
               g_str_equal (scheme, "ws") ? "wss" : "https");
  return FALSE;
}
