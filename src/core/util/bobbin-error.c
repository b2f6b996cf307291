#define G_LOG_DOMAIN "bobbin-util"
#include "config.h"
#include "util/bobbin-error.h"

G_DEFINE_QUARK (bobbin-error-quark, bobbin_error)
G_DEFINE_BOXED_TYPE (BobbinFailure, bobbin_failure, bobbin_failure_copy, bobbin_failure_free)

/* Nicks are stored in the database and printed by --json: append only. */
static const char *const nicks[BOBBIN_N_ERRORS] = {
  [BOBBIN_ERROR_FAILED] = "failed",
  [BOBBIN_ERROR_AUTH] = "auth",
  [BOBBIN_ERROR_FORBIDDEN] = "forbidden",
  [BOBBIN_ERROR_NOT_FOUND] = "not-found",
  [BOBBIN_ERROR_NETWORK] = "network",
  [BOBBIN_ERROR_TIMED_OUT] = "timed-out",
  [BOBBIN_ERROR_TLS] = "tls",
  [BOBBIN_ERROR_RATE_LIMITED] = "rate-limited",
  [BOBBIN_ERROR_BUSY] = "busy",
  [BOBBIN_ERROR_CREDITS] = "credits",
  [BOBBIN_ERROR_INACTIVE] = "inactive",
  [BOBBIN_ERROR_PROTOCOL] = "protocol",
  [BOBBIN_ERROR_SERVER] = "server",
  [BOBBIN_ERROR_TOO_LARGE] = "too-large",
  [BOBBIN_ERROR_NOT_SUPPORTED] = "not-supported",
  [BOBBIN_ERROR_INSECURE] = "insecure",
  [BOBBIN_ERROR_INVALID] = "invalid",
  [BOBBIN_ERROR_FILE] = "file",
  [BOBBIN_ERROR_STORE] = "store",
  [BOBBIN_ERROR_SECRET] = "secret",
  [BOBBIN_ERROR_INTERRUPTED] = "interrupted",
  [BOBBIN_ERROR_REPLY_TOO_LARGE] = "reply-too-large",
};

const char *
bobbin_error_code_nick (BobbinErrorCode code)
{
  g_return_val_if_fail ((guint) code < BOBBIN_N_ERRORS, nicks[BOBBIN_ERROR_FAILED]);

  return nicks[code];
}

BobbinFailure *
bobbin_failure_new (BobbinErrorCode code,
                    BobbinCertainty certainty,
                    const char     *detail)
{
  BobbinFailure *self = g_new0 (BobbinFailure, 1);

  self->code = code;
  self->certainty = certainty;
  self->retry_after_ms = -1;
  self->detail = detail != NULL ? g_utf8_make_valid (detail, -1) : NULL;

  return self;
}

static BobbinErrorCode
code_from_error (const GError *error)
{
  static const struct { int from; BobbinErrorCode to; } io[] = {
    { G_IO_ERROR_TIMED_OUT, BOBBIN_ERROR_TIMED_OUT },
    { G_IO_ERROR_NOT_FOUND, BOBBIN_ERROR_FILE },
    { G_IO_ERROR_IS_DIRECTORY, BOBBIN_ERROR_FILE },
    { G_IO_ERROR_NOT_REGULAR_FILE, BOBBIN_ERROR_FILE },
    { G_IO_ERROR_PERMISSION_DENIED, BOBBIN_ERROR_FILE },
    { G_IO_ERROR_NO_SPACE, BOBBIN_ERROR_STORE },
    { G_IO_ERROR_READ_ONLY, BOBBIN_ERROR_STORE },
    { G_IO_ERROR_HOST_NOT_FOUND, BOBBIN_ERROR_NETWORK },
    { G_IO_ERROR_HOST_UNREACHABLE, BOBBIN_ERROR_NETWORK },
    { G_IO_ERROR_NETWORK_UNREACHABLE, BOBBIN_ERROR_NETWORK },
    { G_IO_ERROR_CONNECTION_REFUSED, BOBBIN_ERROR_NETWORK },
    { G_IO_ERROR_CONNECTION_CLOSED, BOBBIN_ERROR_NETWORK },
    { G_IO_ERROR_NOT_CONNECTED, BOBBIN_ERROR_NETWORK },
    { G_IO_ERROR_PARTIAL_INPUT, BOBBIN_ERROR_NETWORK },
    { G_IO_ERROR_PROXY_FAILED, BOBBIN_ERROR_NETWORK },
    { G_IO_ERROR_PROXY_AUTH_FAILED, BOBBIN_ERROR_NETWORK },
    { G_IO_ERROR_PROXY_NEED_AUTH, BOBBIN_ERROR_NETWORK },
    { G_IO_ERROR_PROXY_NOT_ALLOWED, BOBBIN_ERROR_NETWORK },
    { G_IO_ERROR_MESSAGE_TOO_LARGE, BOBBIN_ERROR_TOO_LARGE },
    { G_IO_ERROR_NOT_SUPPORTED, BOBBIN_ERROR_NOT_SUPPORTED },
  };

  if (error->domain == BOBBIN_ERROR)
    return (BobbinErrorCode) error->code;
  if (error->domain == G_TLS_ERROR)
    return BOBBIN_ERROR_TLS;
  if (error->domain == G_RESOLVER_ERROR)
    return BOBBIN_ERROR_NETWORK;
  if (error->domain == G_IO_ERROR)
    for (gsize i = 0; i < G_N_ELEMENTS (io); i++)
      if (io[i].from == error->code)
        return io[i].to;

  return BOBBIN_ERROR_FAILED;
}

BobbinFailure *
bobbin_failure_new_from_error (const GError   *error,
                               BobbinCertainty certainty)
{
  g_return_val_if_fail (error != NULL, NULL);

  return bobbin_failure_new (code_from_error (error), certainty, error->message);
}

BobbinFailure *
bobbin_failure_copy (const BobbinFailure *self)
{
  BobbinFailure *copy;

  if (self == NULL)
    return NULL;

  copy = g_memdup2 (self, sizeof *self);
  copy->detail = g_strdup (self->detail);

  return copy;
}

void
bobbin_failure_free (BobbinFailure *self)
{
  if (self == NULL)
    return;

  g_free (self->detail);
  g_free (self);
}

GError *
bobbin_failure_to_error (const BobbinFailure *self)
{
  return g_error_new_literal (BOBBIN_ERROR, (int) self->code,
                              self->detail != NULL ? self->detail : bobbin_error_code_nick (self->code));
}

gboolean
bobbin_failure_is_transient (const BobbinFailure *self)
{
  switch (self->code)
    {
    case BOBBIN_ERROR_NETWORK:
    case BOBBIN_ERROR_TIMED_OUT:
    case BOBBIN_ERROR_RATE_LIMITED:
    case BOBBIN_ERROR_BUSY:
    case BOBBIN_ERROR_INTERRUPTED:
    case BOBBIN_ERROR_REPLY_TOO_LARGE:
      return TRUE;
    case BOBBIN_ERROR_SERVER:
      return self->certainty == BOBBIN_CERTAINTY_UNSENT;
    case BOBBIN_ERROR_FAILED:
    case BOBBIN_ERROR_AUTH:
    case BOBBIN_ERROR_FORBIDDEN:
    case BOBBIN_ERROR_NOT_FOUND:
    case BOBBIN_ERROR_TLS:
    case BOBBIN_ERROR_CREDITS:
    case BOBBIN_ERROR_INACTIVE:
    case BOBBIN_ERROR_PROTOCOL:
    case BOBBIN_ERROR_TOO_LARGE:
    case BOBBIN_ERROR_NOT_SUPPORTED:
    case BOBBIN_ERROR_INSECURE:
    case BOBBIN_ERROR_INVALID:
    case BOBBIN_ERROR_FILE:
    case BOBBIN_ERROR_STORE:
    case BOBBIN_ERROR_SECRET:
    case BOBBIN_N_ERRORS:
      return FALSE;
    default:
      g_assert_not_reached ();
    }
}
