/* What lies below HTTP, one layer at a time, for the connection doctor: name, TCP, TLS. Same certificates, same errors as
 * BobbinHttp. Main thread only. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  BOBBIN_PROBE_DNS,
  BOBBIN_PROBE_TCP,
  BOBBIN_PROBE_TLS, /* on the connection of TCP */
} BobbinProbeLayer;

#define BOBBIN_TYPE_PROBE (bobbin_probe_get_type ())
G_DECLARE_FINAL_TYPE (BobbinProbe, bobbin_probe, BOBBIN, PROBE, GObject)

/* @pinned_certificate: (nullable): as in bobbin_http_configure(). */
BobbinProbe *bobbin_probe_new         (GUri *uri, const char *pinned_certificate) G_GNUC_WARN_UNUSED_RESULT;
/* Whether a proxy stands in between, so that this computer's own look-ups and connections say nothing. */
gboolean     bobbin_probe_has_proxy   (BobbinProbe *self);
/* Whether the host is given as a number, so that there is nothing to look up. */
gboolean     bobbin_probe_is_literal  (BobbinProbe *self);
void         bobbin_probe_run_async   (BobbinProbe *self, BobbinProbeLayer layer, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
/* @ret_detail: (transfer full): addresses, peer, or TLS version and cipher. */
gboolean     bobbin_probe_run_finish  (BobbinProbe *self, GAsyncResult *result, char **ret_detail, GError **error);
/* (nullable): SHA-256 in hex of the certificate that was refused. */
const char  *bobbin_probe_get_refused_certificate (BobbinProbe *self);

G_END_DECLS
