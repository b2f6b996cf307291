/* What a failure the channel told means for the run it came in. */
#define G_LOG_DOMAIN "bobbin-session"
#include "config.h"
#include "session/bobbin-session-private.h"
#include "util/bobbin-text.h"

#include <glib/gi18n.h>
#include <string.h>

/* (nullable) (transfer none): the largest file of @message. */
static BobbinAttachment *
find_largest (BobbinMessage *message)
{
  BobbinAttachment *largest = NULL;

  for (guint i = 0; i < bobbin_message_get_n_blocks (message); i++)
    {
      BobbinAttachment *attachment = bobbin_block_get_attachment (bobbin_message_get_block (message, i));

      if (attachment != NULL &&
          (largest == NULL || bobbin_attachment_get_size (attachment) > bobbin_attachment_get_size (largest)))
        largest = attachment;
    }

  return largest;
}

/* nebelus.md, section 14, point 16: a server that finds it too large rarely says how much is too much, so the limit that is
 * known is named, and the file to begin with. */
static void
name_limits (BobbinSession *self,
             BobbinFailure *failure)
{
  BobbinAttachment *largest = find_largest (self->run->prompt);
  g_autofree char *limits = self->backend != NULL ? bobbin_limits_dup_sentence (bobbin_backend_get_limits (self->backend)) : NULL;
  g_autoptr(GString) detail = g_string_new (failure->detail);

  if (detail->len > 0 && detail->str[detail->len - 1] != '.')
    g_string_append_c (detail, '.');
  if (limits != NULL)
    g_string_append_printf (detail, " %s", limits);
  if (largest != NULL)
    {
      g_autofree char *size = bobbin_text_size (bobbin_attachment_get_size (largest));

      g_string_append_c (detail, ' ');
      /* Translators: the name of a file and its size: “film.mp4” (9.5 MiB) */
      g_string_append_printf (detail, _("The largest file here is “⁨%1$s⁩” (%2$s)."),
                              bobbin_attachment_get_shown_name (largest), size);
    }

  g_free (failure->detail);
  failure->detail = g_strdup (g_strstrip (detail->str));
}

BobbinFailure *
_bobbin_session_dup_failure (BobbinSession *self,
                             BobbinEvent   *event)
{
  BobbinFailure *failure = event->failure != NULL
                           ? bobbin_failure_copy (event->failure)
                           : bobbin_failure_new (BOBBIN_ERROR_NETWORK, BOBBIN_CERTAINTY_UNKNOWN, "The connection was closed");

  if (self->run != NULL && self->run->accepted)
    failure->certainty = BOBBIN_CERTAINTY_ACCEPTED;
  else if (self->run != NULL && !self->run->written && self->run->prompt != NULL)
    failure->certainty = BOBBIN_CERTAINTY_UNSENT;
  if (failure->code == BOBBIN_ERROR_TOO_LARGE && self->run != NULL && self->run->prompt != NULL && !self->run->accepted)
    name_limits (self, failure);

  return failure;
}

gboolean
_bobbin_session_is_unsent (BobbinSession       *self,
                           const BobbinFailure *failure)
{
  return self->run->prompt != NULL && !self->run->accepted &&
         (failure->certainty == BOBBIN_CERTAINTY_UNSENT || failure->certainty == BOBBIN_CERTAINTY_REFUSED);
}

gboolean
_bobbin_session_is_about_message (const BobbinFailure *failure)
{
  switch (failure->code)
    {
    case BOBBIN_ERROR_FAILED:
    case BOBBIN_ERROR_CREDITS:
    case BOBBIN_ERROR_SERVER:
    case BOBBIN_ERROR_TOO_LARGE:
    case BOBBIN_ERROR_NOT_SUPPORTED:
    case BOBBIN_ERROR_INVALID:
    case BOBBIN_ERROR_FILE:
    case BOBBIN_ERROR_STORE:
    case BOBBIN_ERROR_INTERRUPTED:
      return TRUE;
    case BOBBIN_ERROR_AUTH:
    case BOBBIN_ERROR_FORBIDDEN:
    case BOBBIN_ERROR_NOT_FOUND:
    case BOBBIN_ERROR_NETWORK:
    case BOBBIN_ERROR_TIMED_OUT:
    case BOBBIN_ERROR_TLS:
    case BOBBIN_ERROR_RATE_LIMITED:
    case BOBBIN_ERROR_BUSY:
    case BOBBIN_ERROR_INACTIVE:
    case BOBBIN_ERROR_PROTOCOL:
    case BOBBIN_ERROR_INSECURE:
    case BOBBIN_ERROR_SECRET:
    case BOBBIN_ERROR_REPLY_TOO_LARGE:
      return FALSE;
    case BOBBIN_N_ERRORS:
    default:
      return TRUE;
    }
}
