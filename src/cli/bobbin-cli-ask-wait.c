#define G_LOG_DOMAIN "bobbin-cli"
#include "config.h"
#include "cli/bobbin-cli-ask-private.h"

#include "model/bobbin-message.h"
#include "util/bobbin-clock.h"

#include <glib/gi18n.h>

/* How long a script waits for a server that cannot be reached, microseconds. The window waits longer: somebody sees its countdown. */
#define TROUBLE_US (3 * G_USEC_PER_SEC)
/* And for one that asked to wait. */
#define ASKED_US (60 * G_USEC_PER_SEC)

/* Waiting for the end */

/* The server was reached and the agent at work when the connection went. */
static gboolean
was_cut_off (BobbinCliAsk   *self,
             BobbinErrorCode code)
{
  BobbinDelivery delivery = bobbin_message_get_delivery (self->prompt);

  return (code == BOBBIN_ERROR_NETWORK || code == BOBBIN_ERROR_TIMED_OUT) &&
         (delivery == BOBBIN_DELIVERY_ANSWERING || delivery == BOBBIN_DELIVERY_INTERRUPTED);
}

static void
give_up (BobbinCliAsk        *self,
         const BobbinFailure *failure,
         BobbinErrorCode      otherwise)
{
  BobbinErrorCode code = failure != NULL ? failure->code : otherwise;
  GError *error = NULL;

  if (code == BOBBIN_ERROR_AUTH && self->key == NULL && bobbin_cli_lacks_keyring (&self->context, &error))
    {
      _bobbin_cli_ask_fail (self, error);
      return;
    }
  if (was_cut_off (self, code))
    {
      const char *detail = failure != NULL ? failure->detail : NULL;

      _bobbin_cli_ask_fail (self, g_error_new_literal (BOBBIN_ERROR, BOBBIN_ERROR_INTERRUPTED,
                                                       detail != NULL ? detail : bobbin_error_code_nick (BOBBIN_ERROR_INTERRUPTED)));
      return;
    }

  _bobbin_cli_ask_fail (self, failure != NULL ? bobbin_failure_to_error (failure)
                              : g_error_new_literal (BOBBIN_ERROR, (int) otherwise, bobbin_error_code_nick (otherwise)));
}

/* TRUE when waiting for the next try takes longer than anybody would. */
static gboolean
is_hopeless (BobbinCliAsk *self)
{
  const BobbinFailure *failure = bobbin_session_get_failure (self->session);
  gint64 now_us = bobbin_clock_monotonic_us (self->context.clock);
  gint64 wait_us = bobbin_session_get_retry_at_us (self->session) - bobbin_clock_now_us (self->context.clock);
  gboolean was_asked = failure != NULL && (failure->code == BOBBIN_ERROR_RATE_LIMITED || failure->code == BOBBIN_ERROR_BUSY);

  if (self->trouble_us == 0)
    self->trouble_us = now_us;

  return now_us - self->trouble_us + wait_us > (was_asked ? ASKED_US : TROUBLE_US);
}

static void
look_at_state (BobbinCliAsk *self)
{
  const BobbinFailure *failure = bobbin_session_get_failure (self->session);

  switch (bobbin_session_get_state (self->session))
    {
    case BOBBIN_SESSION_FAILED:
      give_up (self, failure, BOBBIN_ERROR_FAILED);
      break;
    case BOBBIN_SESSION_OFFLINE:
      give_up (self, failure, BOBBIN_ERROR_NETWORK);
      break;
    case BOBBIN_SESSION_BACKOFF:
      if (is_hopeless (self))
        give_up (self, failure, BOBBIN_ERROR_NETWORK);
      break;
    case BOBBIN_SESSION_APPROVAL:
      _bobbin_cli_ask_look_at_approval (self);
      break;
    case BOBBIN_SESSION_SENDING:
    case BOBBIN_SESSION_STREAMING:
      self->trouble_us = 0;
      break;
    case BOBBIN_SESSION_IDLE:
    case BOBBIN_SESSION_CONNECTING:
    case BOBBIN_SESSION_STOPPING:
    case BOBBIN_SESSION_FALLBACK:
    case BOBBIN_N_SESSION_STATES:
    default:
      break;
    }
}

void
_bobbin_cli_ask_look (BobbinCliAsk *self)
{
  const BobbinFailure *failure = bobbin_message_get_failure (self->prompt);

  switch (bobbin_message_get_delivery (self->prompt))
    {
    case BOBBIN_DELIVERY_COMPLETE:
      self->status = BOBBIN_EXIT_DONE;
      break;
    case BOBBIN_DELIVERY_STOPPED:
      _bobbin_cli_ask_end_early (self, "stopped", _("stopped: what arrived is kept"));
      break;
    case BOBBIN_DELIVERY_INTERRUPTED:
      give_up (self, failure, BOBBIN_ERROR_INTERRUPTED);
      break;
    case BOBBIN_DELIVERY_FAILED:
      give_up (self, failure, BOBBIN_ERROR_FAILED);
      break;
    case BOBBIN_DELIVERY_QUEUED:
      if (failure != NULL && failure->code == BOBBIN_ERROR_STORE)
        give_up (self, failure, BOBBIN_ERROR_STORE);
      else
        look_at_state (self);
      break;
    case BOBBIN_DELIVERY_SENDING:
    case BOBBIN_DELIVERY_ACCEPTED:
    case BOBBIN_DELIVERY_ANSWERING:
      look_at_state (self);
      break;
    case BOBBIN_N_DELIVERIES:
    default:
      break;
    }
}
