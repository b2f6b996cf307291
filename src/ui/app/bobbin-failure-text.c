#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "app/bobbin-failure-text.h"

#include "util/bobbin-redact.h"
#include "util/bobbin-text.h"

#include <glib/gi18n.h>

/* Longest piece of a server's words that is shown in one line, in characters. */
#define MAX_DETAIL_CHARS 300

/* One row a code. The sentence says what happened, then what to do. */
static const struct
{
  const char         *sentence;
  BobbinFailureAction action;
} texts[BOBBIN_N_ERRORS] = {
  [BOBBIN_ERROR_FAILED] = {
    N_("Something went wrong. Try again."), BOBBIN_FAILURE_ACTION_TRY_AGAIN },
  [BOBBIN_ERROR_AUTH] = {
    N_("The server did not accept the key. Check the key of this account."), BOBBIN_FAILURE_ACTION_EDIT_ACCOUNT },
  [BOBBIN_ERROR_FORBIDDEN] = {
    N_("The key is not allowed to use this agent. Use another key, or ask the owner for access."),
    BOBBIN_FAILURE_ACTION_EDIT_ACCOUNT },
  [BOBBIN_ERROR_NOT_FOUND] = {
    N_("The server does not know this agent or conversation. Check the agent ID and the address."),
    BOBBIN_FAILURE_ACTION_EDIT_ACCOUNT },
  [BOBBIN_ERROR_NETWORK] = {
    N_("The server cannot be reached. Check the network connection and the address."),
    BOBBIN_FAILURE_ACTION_TRY_AGAIN },
  [BOBBIN_ERROR_TIMED_OUT] = {
    N_("The server did not answer in time. Try again."), BOBBIN_FAILURE_ACTION_TRY_AGAIN },
  [BOBBIN_ERROR_TLS] = {
    N_("The server’s certificate cannot be trusted, so nothing was sent. Check the address, "
       "or ask whoever runs the server."),
    BOBBIN_FAILURE_ACTION_EDIT_ACCOUNT },
  [BOBBIN_ERROR_RATE_LIMITED] = {
    N_("Too many messages in a short time. Wait a moment and try again."), BOBBIN_FAILURE_ACTION_TRY_AGAIN },
  [BOBBIN_ERROR_BUSY] = {
    N_("The agent is still answering in this conversation. Wait until it is done."), BOBBIN_FAILURE_ACTION_TRY_AGAIN },
  [BOBBIN_ERROR_CREDITS] = {
    N_("This account has no credit left. Top it up with the service, then try again."),
    BOBBIN_FAILURE_ACTION_TRY_AGAIN },
  [BOBBIN_ERROR_INACTIVE] = {
    N_("The agent is switched off. Choose another agent, or ask its owner to switch it on."),
    BOBBIN_FAILURE_ACTION_EDIT_ACCOUNT },
  [BOBBIN_ERROR_PROTOCOL] = {
    N_("The server answers in a way that is not understood. Check that the address belongs to "
       "this kind of service."),
    BOBBIN_FAILURE_ACTION_EDIT_ACCOUNT },
  [BOBBIN_ERROR_SERVER] = {
    N_("The server reports a fault of its own. Try again later."), BOBBIN_FAILURE_ACTION_TRY_AGAIN },
  [BOBBIN_ERROR_TOO_LARGE] = {
    N_("This is larger than the service accepts. Shorten it, or attach fewer or smaller files."),
    BOBBIN_FAILURE_ACTION_NONE },
  [BOBBIN_ERROR_NOT_SUPPORTED] = {
    N_("This service cannot do that."), BOBBIN_FAILURE_ACTION_NONE },
  [BOBBIN_ERROR_INSECURE] = {
    N_("The address is not encrypted, so nothing was sent. Use an address that begins with https."),
    BOBBIN_FAILURE_ACTION_EDIT_ACCOUNT },
  [BOBBIN_ERROR_INVALID] = {
    N_("This cannot be used as it is. Check what was entered."), BOBBIN_FAILURE_ACTION_NONE },
  [BOBBIN_ERROR_FILE] = {
    N_("The file cannot be read. Check that it is still there and is an ordinary file."), BOBBIN_FAILURE_ACTION_NONE },
  [BOBBIN_ERROR_STORE] = {
    N_("The conversation cannot be saved to the disk. Check that there is free space and that "
       "your home folder can be written."),
    BOBBIN_FAILURE_ACTION_TRY_AGAIN },
  [BOBBIN_ERROR_SECRET] = {
    N_("The keyring did not give the key of this account. Unlock the keyring and try again, or enter the key once more."),
    BOBBIN_FAILURE_ACTION_TRY_AGAIN },
  [BOBBIN_ERROR_INTERRUPTED] = {
    N_("The connection was cut in the middle. What had arrived is kept; whether the rest was done is not known."),
    BOBBIN_FAILURE_ACTION_TRY_AGAIN },
  [BOBBIN_ERROR_REPLY_TOO_LARGE] = {
    N_("The server sent a message that is too large, so it was not taken. What had arrived is kept. "
       "Ask for a shorter answer, or for it in parts."),
    BOBBIN_FAILURE_ACTION_TRY_AGAIN },
};

static const char *const action_labels[BOBBIN_N_FAILURE_ACTIONS] = {
  [BOBBIN_FAILURE_ACTION_TRY_AGAIN] = N_("Try Again"),
  [BOBBIN_FAILURE_ACTION_EDIT_ACCOUNT] = N_("Edit Account"),
  [BOBBIN_FAILURE_ACTION_START_OVER] = N_("Start Over"),
};

/* A code from a newer part of the program is a plain failure, never an abort: this runs on what
 * servers cause. */
static BobbinErrorCode
known_code (const BobbinFailure *failure)
{
  if ((guint) failure->code >= BOBBIN_N_ERRORS || texts[failure->code].sentence == NULL)
    return BOBBIN_ERROR_FAILED;

  return failure->code;
}

static char *
dup_wait_sentence (gint64 wait_ms)
{
  guint seconds = (guint) CLAMP (wait_ms / 1000 + (wait_ms % 1000 > 0), 1, G_MAXINT);
  guint minutes = (seconds + 59) / 60;

  if (seconds < 120)
    /* Translators: %u is a number of seconds, always in digits. */
    return g_strdup_printf (ngettext ("The server asks to wait %u second before the next message.",
                                      "The server asks to wait %u seconds before the next message.", seconds),
                            seconds);

  /* Translators: %u is a number of minutes, always in digits. */
  return g_strdup_printf (ngettext ("The server asks to wait %u minute before the next message.",
                                    "The server asks to wait %u minutes before the next message.", minutes),
                          minutes);
}

char *
bobbin_failure_dup_sentence (const BobbinFailure *failure)
{
  BobbinErrorCode code;

  g_return_val_if_fail (failure != NULL, NULL);

  code = known_code (failure);
  if (code == BOBBIN_ERROR_RATE_LIMITED && failure->retry_after_ms > 0)
    return dup_wait_sentence (failure->retry_after_ms);

  /* A turn had begun, so the server was there and the address is right. */
  if (failure->certainty == BOBBIN_CERTAINTY_ACCEPTED
      && (code == BOBBIN_ERROR_NETWORK || code == BOBBIN_ERROR_TIMED_OUT))
    return g_strdup (_("The connection was lost in the middle of the answer. What had arrived is kept."));

  return g_strdup (_(texts[code].sentence));
}

char *
bobbin_failure_dup_file_sentence (const BobbinFailure *failure,
                                  const char          *file_name)
{
  g_autofree char *sentence = NULL;
  g_autofree char *name = file_name != NULL ? bobbin_text_clean_name (file_name) : NULL;

  g_return_val_if_fail (failure != NULL, NULL);

  if (name == NULL || *name == '\0')
    return bobbin_failure_dup_sentence (failure);

  /* Isolated, so that a name written from right to left does not turn the sentence around. */
  if (failure->code == BOBBIN_ERROR_TOO_LARGE)
    /* Translators: %s is the name of a file. */
    return g_strdup_printf (_("“\u2068%s\u2069” is larger than the service accepts, alone or with the other files."), name);
  if (failure->code == BOBBIN_ERROR_FILE)
    /* Translators: %s is the name of a file. */
    return g_strdup_printf (_("“\u2068%s\u2069” cannot be read. Check that it is still there and is an ordinary file."),
                            name);

  sentence = bobbin_failure_dup_sentence (failure);
  /* Translators: the first is the name of a file, the second a sentence that says why it was not
   * attached. */
  return g_strdup_printf (_("“\u2068%1$s\u2069” was not attached. %2$s"), name, sentence);
}

char *
bobbin_error_dup_sentence (const GError *error)
{
  g_autoptr(BobbinFailure) failure = NULL;

  g_return_val_if_fail (error != NULL, NULL);

  failure = bobbin_failure_new_from_error (error, BOBBIN_CERTAINTY_UNKNOWN);

  return bobbin_failure_dup_sentence (failure);
}

char *
bobbin_failure_dup_detail (const BobbinFailure *failure)
{
  GString *line;

  g_return_val_if_fail (failure != NULL, NULL);

  line = g_string_new (NULL);
  if (failure->http_status != 0)
    g_string_append_printf (line, "HTTP %u", failure->http_status);
  if (failure->close_code != 0)
    {
      if (line->len > 0)
        g_string_append (line, " · ");
      /* Translators: %u is a number the server gave when it closed the connection. */
      g_string_append_printf (line, _("close code %u"), failure->close_code);
    }

  if (failure->detail != NULL && *failure->detail != '\0')
    {
      g_autofree char *redacted = bobbin_redact (failure->detail);
      g_autofree char *clean = bobbin_text_clean_name (redacted);
      g_autofree char *words = bobbin_text_truncate (clean, MAX_DETAIL_CHARS);

      if (*words != '\0')
        g_string_append_printf (line, "%s%s", line->len > 0 ? " · " : "", words);
    }

  if (line->len == 0)
    {
      g_string_free (line, TRUE);
      return NULL;
    }

  return g_string_free (line, FALSE);
}

/* Whether the details are about what the server answered; else they are the system's words for what the sentence says. */
static gboolean
is_answer (const BobbinFailure *failure)
{
  switch (known_code (failure))
    {
    case BOBBIN_ERROR_NETWORK:
    case BOBBIN_ERROR_TIMED_OUT:
    case BOBBIN_ERROR_INTERRUPTED:
      return failure->http_status != 0 || (failure->close_code != 0 && failure->close_code != 1006);
    case BOBBIN_ERROR_TLS:
    case BOBBIN_ERROR_INSECURE:
    case BOBBIN_ERROR_FILE:
    case BOBBIN_ERROR_STORE:
    case BOBBIN_ERROR_SECRET:
      return FALSE;
    case BOBBIN_ERROR_FAILED:
    case BOBBIN_ERROR_AUTH:
    case BOBBIN_ERROR_FORBIDDEN:
    case BOBBIN_ERROR_NOT_FOUND:
    case BOBBIN_ERROR_RATE_LIMITED:
    case BOBBIN_ERROR_BUSY:
    case BOBBIN_ERROR_CREDITS:
    case BOBBIN_ERROR_INACTIVE:
    case BOBBIN_ERROR_PROTOCOL:
    case BOBBIN_ERROR_SERVER:
    case BOBBIN_ERROR_TOO_LARGE:
    case BOBBIN_ERROR_NOT_SUPPORTED:
    case BOBBIN_ERROR_INVALID:
    case BOBBIN_ERROR_REPLY_TOO_LARGE:
    case BOBBIN_N_ERRORS:
    default:
      return TRUE;
    }
}

char *
bobbin_failure_dup_answer (const BobbinFailure *failure)
{
  g_return_val_if_fail (failure != NULL, NULL);

  return is_answer (failure) ? bobbin_failure_dup_detail (failure) : NULL;
}

BobbinFailureAction
bobbin_failure_get_action (const BobbinFailure *failure)
{
  g_return_val_if_fail (failure != NULL, BOBBIN_FAILURE_ACTION_NONE);

  return texts[known_code (failure)].action;
}

const char *
bobbin_failure_action_get_label (BobbinFailureAction action)
{
  g_return_val_if_fail ((guint) action < BOBBIN_N_FAILURE_ACTIONS, NULL);

  return action_labels[action] != NULL ? _(action_labels[action]) : NULL;
}
