/* HTTP as the backends use it: one BobbinHttp an account, one BobbinHttpRequest an exchange.
 *
 * BobbinHttp owns the SoupSession and its policy: certificates are verified (or are the one pinned certificate), nothing goes in
 * clear to where it may not, no redirect is followed, nothing is decompressed, no cookie is kept, no header is logged. Errors
 * are BOBBIN_ERROR once and for all, except G_IO_ERROR_CANCELLED. Main thread only. */
#pragma once

#include "bobbin-types.h"

G_BEGIN_DECLS

#define BOBBIN_HTTP_CONNECT_MS 10000   /* nebelus.md, section 10 */
#define BOBBIN_HTTP_CALL_MS    30000   /* silence in a plain call */
#define BOBBIN_HTTP_STREAM_MS  600000  /* silence in a stream */

#define BOBBIN_TYPE_HTTP_REQUEST (bobbin_http_request_get_type ())
G_DECLARE_FINAL_TYPE (BobbinHttpRequest, bobbin_http_request, BOBBIN, HTTP_REQUEST, GObject)

/* @url is absolute. The silence limit starts as BOBBIN_HTTP_CALL_MS. */
BobbinHttpRequest *bobbin_http_request_new               (const char *method, const char *url) G_GNUC_WARN_UNUSED_RESULT;
void               bobbin_http_request_set_header        (BobbinHttpRequest *self, const char *name, const char *value);
/* @length bytes, known ahead; read as it is sent, closed afterwards. */
void               bobbin_http_request_set_body          (BobbinHttpRequest *self, const char *content_type, GInputStream *body, gint64 length);
void               bobbin_http_request_set_body_bytes    (BobbinHttpRequest *self, const char *content_type, GBytes *body);
void               bobbin_http_request_set_silence_limit (BobbinHttpRequest *self, guint silence_ms);

/* @func is called with the bytes of the body given to the connection so far, and how many there are in all. */
void               bobbin_http_request_set_progress      (BobbinHttpRequest *self, GFileProgressCallback func, gpointer user_data);

/* What became of it; valid as soon as known, also after an error. */
guint              bobbin_http_request_get_status        (BobbinHttpRequest *self); /* 0: no answer */
const char        *bobbin_http_request_get_reason        (BobbinHttpRequest *self); /* (nullable) */
const char        *bobbin_http_request_get_answer_header (BobbinHttpRequest *self, const char *name); /* (nullable) */
const char        *bobbin_http_request_get_answer_type   (BobbinHttpRequest *self); /* (nullable) media type, lower case, no parameters */
gint64             bobbin_http_request_get_retry_after_ms (BobbinHttpRequest *self); /* -1: told nothing */
/* Whether a byte of the body, or of a request without one, may have reached the server. */
gboolean           bobbin_http_request_get_sent          (BobbinHttpRequest *self);
/* (nullable): SHA-256 in hex of the certificate that was refused. */
const char        *bobbin_http_request_get_refused_certificate (BobbinHttpRequest *self);
/* (nullable): "TLS 1.3" and cipher, for the doctor. */
const char        *bobbin_http_request_get_tls_summary   (BobbinHttpRequest *self);

#define BOBBIN_TYPE_HTTP (bobbin_http_get_type ())
G_DECLARE_FINAL_TYPE (BobbinHttp, bobbin_http, BOBBIN, HTTP, GObject)

BobbinHttp *bobbin_http_new       (BobbinClock *clock) G_GNUC_WARN_UNUSED_RESULT;
/* @pinned_certificate: (nullable): SHA-256 in hex, colons allowed. Exchanges under way keep the old policy. */
void        bobbin_http_configure (BobbinHttp *self, gboolean allow_plain, const char *pinned_certificate);
BobbinClock *bobbin_http_get_clock (BobbinHttp *self);

/* Sends and waits for the head of the answer, whatever its status; 3xx is BOBBIN_ERROR_PROTOCOL. */
void        bobbin_http_send_async  (BobbinHttp *self, BobbinHttpRequest *request, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean    bobbin_http_send_finish (BobbinHttp *self, GAsyncResult *result, GError **error);
/* Reads some of the answer's body into @buffer, which stays valid until the callback. 0 at its end, -1 on error. */
void        bobbin_http_read_async  (BobbinHttp *self, BobbinHttpRequest *request, void *buffer, gsize size, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gssize      bobbin_http_read_finish (BobbinHttp *self, GAsyncResult *result, GError **error);
/* Sends and reads the whole body, of at most @max_bytes, else BOBBIN_ERROR_TOO_LARGE. */
void        bobbin_http_call_async  (BobbinHttp *self, BobbinHttpRequest *request, gsize max_bytes, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GBytes     *bobbin_http_call_finish (BobbinHttp *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Reads what is left of the body of @request, whose head has come; limits as bobbin_http_call_async(), same finish. */
void        bobbin_http_drain_async (BobbinHttp *self, BobbinHttpRequest *request, gsize max_bytes, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* Gives up the answer: the connection closes. Reads under way must be cancelled first. */
void        bobbin_http_request_close (BobbinHttpRequest *self);

G_END_DECLS
