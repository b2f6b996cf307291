/* The one error domain of the core, and the facts of a failure that a person can act on.
 *
 * SoupStatus, GIOError, JSON and SQLite errors become these once, at the boundary. Messages are
 * English, for logs and as detail; the interface maps domain and code to a translated sentence.
 * A BobbinFailure is what a message or a session keeps of a GError: the code, and how sure we are
 * that the server never started a turn for it. */
#pragma once

#include "bobbin-types.h"

G_BEGIN_DECLS

#define BOBBIN_ERROR (bobbin_error_quark ())

typedef enum
{
  BOBBIN_ERROR_FAILED,          /* anything else; the person may retry */
  BOBBIN_ERROR_AUTH,            /* key missing, wrong or expired; after a new key */
  BOBBIN_ERROR_FORBIDDEN,       /* the key lacks the right; not retried */
  BOBBIN_ERROR_NOT_FOUND,       /* agent, thread or path gone; a thread falls back to a new one */
  BOBBIN_ERROR_NETWORK,         /* DNS, TCP, lost connection; retried with backoff */
  BOBBIN_ERROR_TIMED_OUT,       /* no answer in time; retried on the same thread, never a fallback */
  BOBBIN_ERROR_TLS,             /* certificate refused; after the person looked at it */
  BOBBIN_ERROR_RATE_LIMITED,    /* 429, 503 with Retry-After; retried after retry_after_ms */
  BOBBIN_ERROR_BUSY,            /* a turn is running on the thread; retried when it ends */
  BOBBIN_ERROR_CREDITS,         /* no funds; not retried, the draft is kept */
  BOBBIN_ERROR_INACTIVE,        /* the agent is not active; not retried by itself */
  BOBBIN_ERROR_PROTOCOL,        /* the server speaks something else; check the address */
  BOBBIN_ERROR_SERVER,          /* fault on the server; the person may retry */
  BOBBIN_ERROR_TOO_LARGE,       /* above a limit of ours or theirs; not retried unchanged */
  BOBBIN_ERROR_NOT_SUPPORTED,   /* the service has no such ability */
  BOBBIN_ERROR_INSECURE,        /* plain http or ws where it is refused; after the address changed */
  BOBBIN_ERROR_INVALID,         /* what the person gave cannot be used: address, JSON, option */
  BOBBIN_ERROR_FILE,            /* a file that cannot be read, is no file, or changed */
  BOBBIN_ERROR_STORE,           /* database: damaged, full disk, read-only, newer version */
  BOBBIN_ERROR_SECRET,          /* Secret Service absent, locked, dismissed or gone */
  BOBBIN_ERROR_INTERRUPTED,     /* cut in the middle of a turn, or by the end of the program */
  BOBBIN_ERROR_REPLY_TOO_LARGE, /* the server sent more than this program takes; asked for less, it may work */
  BOBBIN_N_ERRORS
} BobbinErrorCode;

GQuark      bobbin_error_quark     (void);
const char *bobbin_error_code_nick (BobbinErrorCode code);

/* What is known about whether the server acted on what was sent (product promise 3). */
typedef enum
{
  BOBBIN_CERTAINTY_UNSENT,   /* no byte of the message was written: may be sent again by itself */
  BOBBIN_CERTAINTY_REFUSED,  /* the server refused before starting a turn: same */
  BOBBIN_CERTAINTY_UNKNOWN,  /* written, then silence: only the person may send it again */
  BOBBIN_CERTAINTY_ACCEPTED, /* a turn was started for it */
} BobbinCertainty;

struct _BobbinFailure
{
  BobbinErrorCode code;
  BobbinCertainty certainty;
  guint           http_status;    /* 0 when none */
  guint           close_code;     /* WebSocket close code, 0 when none */
  gint64          retry_after_ms; /* as told by the server, -1 when it told nothing */
  char           *detail;         /* (nullable) the server's words or ours, plain valid UTF-8, no secret */
};

#define BOBBIN_TYPE_FAILURE (bobbin_failure_get_type ())
GType          bobbin_failure_get_type       (void) G_GNUC_CONST;
BobbinFailure *bobbin_failure_new            (BobbinErrorCode code, BobbinCertainty certainty, const char *detail) G_GNUC_WARN_UNUSED_RESULT;
/* Maps @error to a failure: BOBBIN_ERROR keeps its code, G_IO_ERROR, G_TLS_ERROR and
 * G_RESOLVER_ERROR go through one table; anything else is BOBBIN_ERROR_FAILED. */
BobbinFailure *bobbin_failure_new_from_error (const GError *error, BobbinCertainty certainty) G_GNUC_WARN_UNUSED_RESULT;
BobbinFailure *bobbin_failure_copy           (const BobbinFailure *self) G_GNUC_WARN_UNUSED_RESULT;
void           bobbin_failure_free           (BobbinFailure *self);
GError        *bobbin_failure_to_error       (const BobbinFailure *self) G_GNUC_WARN_UNUSED_RESULT;
/* TRUE for codes after which a later identical attempt may succeed without the person changing anything. */
gboolean       bobbin_failure_is_transient   (const BobbinFailure *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BobbinFailure, bobbin_failure_free)

G_END_DECLS
