/* What an address is, as far as safety goes: loopback, private, or anywhere. Pure functions on host names and URLs.
 *
 * product.md, promise 8: plain http and ws go to loopback only; to a private address where the account allows it.
 * A host name cannot be judged by its spelling, so the connection is judged once more when its peer is known. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* 127.0.0.0/8, ::1, localhost and names below it. */
gboolean bobbin_address_is_loopback (const char *host);
/* Loopback, the private, link-local and carrier ranges, and names that only ever mean the local network. */
gboolean bobbin_address_is_private  (const char *host);
gboolean bobbin_address_inet_is_loopback (GInetAddress *address);
gboolean bobbin_address_inet_is_private  (GInetAddress *address);

/* TRUE when @uri is https or wss, or may be spoken to in clear. Else BOBBIN_ERROR_INSECURE, or BOBBIN_ERROR_INVALID for
 * another scheme. */
gboolean bobbin_address_check_uri   (GUri *uri, gboolean allow_plain, GError **error);

G_END_DECLS
