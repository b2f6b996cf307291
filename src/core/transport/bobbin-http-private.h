/* Shared by the files of transport/ only. */
#pragma once

#include "transport/bobbin-http.h"
#include "util/bobbin-error.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* The policy of one account at one time, kept by each exchange that started under it. */
typedef struct
{
  gatomicrefcount ref_count;
  SoupSession    *session;   /* for https and wss, through the proxy where there is one */
  SoupSession    *direct;    /* for what is spoken in clear: never through a proxy */
  gboolean        allow_plain;
  char           *pin;       /* (nullable): SHA-256, lower case hex without colons */
  gboolean        spoke_http; /* the server has sent the head of an answer at least once */
} BobbinHttpPolicy;

BobbinHttpPolicy *_bobbin_http_policy_new   (gboolean allow_plain, const char *pin) G_GNUC_WARN_UNUSED_RESULT;
BobbinHttpPolicy *_bobbin_http_ref_policy   (BobbinHttp *self);
void              _bobbin_http_policy_unref (BobbinHttpPolicy *policy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinHttpPolicy, _bobbin_http_policy_unref)

/* What a connection attempt taught, filled in by signals of its SoupMessage. */
typedef struct
{
  BobbinHttpPolicy    *policy;
  GCancellable        *abort;             /* cancelled by us: time limit, forbidden peer */
  GError              *abort_error;       /* (nullable): why */
  char                *refused_fingerprint;
  GTlsCertificateFlags refused_flags;
  char                *tls_summary;
  gboolean             connected;         /* the head of the request is being written */
  guint64              body_written;
} BobbinExchange;

void     _bobbin_exchange_clear (BobbinExchange *exchange);
/* Checks the address, then watches @message: certificates, peer, progress. @exchange must outlive the message's activity. */
gboolean _bobbin_exchange_begin (BobbinExchange *exchange, BobbinHttp *http, SoupMessage *message, GError **error);
void     _bobbin_exchange_end   (BobbinExchange *exchange, SoupMessage *message);
SoupSession *_bobbin_exchange_get_session (BobbinExchange *exchange, SoupMessage *message);
void     _bobbin_exchange_abort (BobbinExchange *exchange, BobbinErrorCode code, const char *why);
/* Whether @certificate, which did not verify, is the pinned one; if not it is noted. */
gboolean _bobbin_exchange_judge (BobbinExchange *exchange, GTlsCertificate *certificate, GTlsCertificateFlags flags);
void     _bobbin_exchange_note_tls (BobbinExchange *exchange, GIOStream *connection);
/* Turns what libsoup and GIO say into BOBBIN_ERROR; cancellation by the caller stays what it is. */
GError  *_bobbin_exchange_map_error (BobbinExchange *exchange, GUri *uri, const GError *raw);
/* The server hung up before its answer was whole: what a lost connection is, whatever libsoup made of the half. */
GError  *_bobbin_exchange_cut_error (GUri *uri);
gint64   _bobbin_message_get_retry_after_ms (SoupMessage *message, BobbinClock *clock);

G_END_DECLS
