#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "window/bobbin-connection-text.h"

#include "app/bobbin-time-text.h"

#include <glib/gi18n.h>

static char *
dup_failed_state (const BobbinConnectionFacts *facts)
{
  return g_strdup (facts->needs_key ? _("Needs a key") : _("Not connected"));
}

static char *
dup_backoff_state (const BobbinConnectionFacts *facts)
{
  g_autofree char *wait = NULL;

  if (facts->retry_in_us <= 0)
    return g_strdup (_("Reconnecting…"));

  wait = bobbin_time_dup_duration (facts->retry_in_us);
  /* Translators: %s is a duration such as “5 s”. */
  return g_strdup_printf (_("Reconnecting in %s"), wait);
}

char *
bobbin_connection_dup_state (const BobbinConnectionFacts *facts)
{
  switch (facts->state)
    {
    case BOBBIN_SESSION_IDLE:
      if (facts->needs_key)
        return g_strdup (_("Needs a key"));
      /* Translators: an answer was cut off, and the server is asked what became of it. */
      if (facts->reconciling)
        return g_strdup (_("Looking for the answer…"));
      /* Translators: the connection to the server is open. */
      return g_strdup (facts->connected ? _("Live") : "");
    case BOBBIN_SESSION_CONNECTING:
    case BOBBIN_SESSION_FALLBACK:
      return g_strdup (_("Connecting…"));
    case BOBBIN_SESSION_SENDING:
      return g_strdup (_("Sending…"));
    case BOBBIN_SESSION_STREAMING:
      return g_strdup (_("Answering…"));
    case BOBBIN_SESSION_APPROVAL:
      return g_strdup (_("Needs your approval"));
    case BOBBIN_SESSION_STOPPING:
      return g_strdup (_("Stopping…"));
    case BOBBIN_SESSION_BACKOFF:
      return dup_backoff_state (facts);
    case BOBBIN_SESSION_OFFLINE:
      return g_strdup (_("Offline"));
    case BOBBIN_SESSION_FAILED:
      return dup_failed_state (facts);
    case BOBBIN_N_SESSION_STATES:
    default:
      g_return_val_if_reached (g_strdup (""));
    }
}

BobbinBannerKind
bobbin_connection_get_banner (const BobbinConnectionFacts *facts)
{
  if (facts->needs_key)
    return BOBBIN_BANNER_NEEDS_KEY;

  switch (facts->state)
    {
    case BOBBIN_SESSION_FAILED:
      return BOBBIN_BANNER_FAILED;
    case BOBBIN_SESSION_OFFLINE:
      return BOBBIN_BANNER_OFFLINE;
    case BOBBIN_SESSION_BACKOFF:
      return BOBBIN_BANNER_BACKOFF;
    case BOBBIN_SESSION_CONNECTING:
    case BOBBIN_SESSION_FALLBACK:
      if (facts->slow)
        return BOBBIN_BANNER_CONNECTING;
      break;
    case BOBBIN_SESSION_IDLE:
    case BOBBIN_SESSION_SENDING:
    case BOBBIN_SESSION_STREAMING:
    case BOBBIN_SESSION_APPROVAL:
    case BOBBIN_SESSION_STOPPING:
    case BOBBIN_N_SESSION_STATES:
    default:
      break;
    }

  if (facts->can_send_context)
    return BOBBIN_BANNER_CONTEXT;
  if (facts->key_expires_in_us > 0)
    return BOBBIN_BANNER_KEY_EXPIRES;
  if (facts->expires_in_us > 0)
    return BOBBIN_BANNER_EXPIRES;

  return facts->unencrypted ? BOBBIN_BANNER_UNENCRYPTED : BOBBIN_BANNER_NONE;
}

/* It is there, and said how long it takes no messages. */
static gboolean
is_limited (const BobbinConnectionFacts *facts)
{
  return facts->failure != NULL && facts->failure->code == BOBBIN_ERROR_RATE_LIMITED;
}

static char *
dup_backoff_banner (const BobbinConnectionFacts *facts)
{
  g_autofree char *wait = NULL;

  if (facts->retry_in_us <= 0)
    return g_strdup (_("The connection was lost. Connecting again…"));

  wait = bobbin_time_dup_duration (facts->retry_in_us);
  /* Translators: %s is a duration such as “5 s”. */
  return g_strdup_printf (_("The connection was lost. Next try in %s."), wait);
}

static char *
dup_expires_banner (const BobbinConnectionFacts *facts)
{
  g_autofree char *left = bobbin_time_dup_duration (facts->expires_in_us);

  /* Translators: %s is a duration such as “4 days”. */
  return g_strdup_printf (_("The agent forgets this conversation in %s unless you go on with it. "
                            "Your copy stays."), left);
}

/* A key that was tried, and not the want of one, which never reaches the server. */
static gboolean
is_refused_key (const BobbinFailure *failure)
{
  return failure != NULL && failure->code == BOBBIN_ERROR_AUTH
         && (failure->certainty != BOBBIN_CERTAINTY_UNSENT || failure->http_status != 0 || failure->close_code != 0);
}

/* The key may have been refused in another conversation of the account. */
static char *
dup_needs_key_banner (const BobbinConnectionFacts *facts)
{
  g_autoptr(BobbinFailure) refused = NULL;

  if (is_refused_key (facts->failure))
    return bobbin_failure_dup_sentence (facts->failure);
  if (!facts->key_refused)
    return g_strdup (_("This account has no key yet."));

  refused = bobbin_failure_new (BOBBIN_ERROR_AUTH, BOBBIN_CERTAINTY_REFUSED, NULL);
  return bobbin_failure_dup_sentence (refused);
}

static char *
dup_key_banner (const BobbinConnectionFacts *facts)
{
  g_autofree char *left = bobbin_time_dup_duration (facts->key_expires_in_us);

  /* Translators: %s is a duration such as “8 min”. */
  return g_strdup_printf (_("The key of this account expires in %s."), left);
}

/* What happened, and, where the server said so, how long it lasts. */
static char *
dup_failed_banner (const BobbinConnectionFacts *facts)
{
  gboolean told = facts->failure != NULL && (!facts->keyless || facts->failure->code != BOBBIN_ERROR_AUTH);
  g_autofree char *sentence = told ? bobbin_failure_dup_sentence (facts->failure) : g_strdup (_("The connection failed."));
  g_autofree char *wait = NULL;

  if (facts->retry_in_us <= 0)
    return g_steal_pointer (&sentence);

  wait = bobbin_time_dup_duration (facts->retry_in_us);
  /* Translators: the first is a whole sentence, the second a duration such as “5 s”. */
  return g_strdup_printf (_("%1$s It takes messages again in %2$s."), sentence, wait);
}

char *
bobbin_connection_dup_banner (const BobbinConnectionFacts *facts,
                              BobbinBannerKind             kind)
{
  switch (kind)
    {
    case BOBBIN_BANNER_NONE:
      return NULL;
    case BOBBIN_BANNER_UNENCRYPTED:
      return g_strdup (_("The connection is not encrypted: others on the network can read the conversation and the key."));
    case BOBBIN_BANNER_EXPIRES:
      return dup_expires_banner (facts);
    case BOBBIN_BANNER_KEY_EXPIRES:
      return dup_key_banner (facts);
    case BOBBIN_BANNER_CONTEXT:
      return g_strdup (_("The agent does not remember the earlier conversation."));
    case BOBBIN_BANNER_CONNECTING:
      return g_strdup (facts->awaits_key ? _("Waiting for the key of this account. Unlock the keyring if it asks you.")
                                         : _("Connecting to the server…"));
    case BOBBIN_BANNER_BACKOFF:
      return is_limited (facts) ? dup_failed_banner (facts) : dup_backoff_banner (facts);
    case BOBBIN_BANNER_OFFLINE:
      return g_strdup (_("You are offline. Messages you send now go out when the network returns."));
    case BOBBIN_BANNER_NEEDS_KEY:
      return dup_needs_key_banner (facts);
    case BOBBIN_BANNER_FAILED:
      return dup_failed_banner (facts);
    case BOBBIN_N_BANNERS:
    default:
      g_return_val_if_reached (NULL);
    }
}

gboolean
bobbin_connection_counts_down (const BobbinConnectionFacts *facts)
{
  return (facts->state == BOBBIN_SESSION_BACKOFF || facts->state == BOBBIN_SESSION_FAILED) && facts->retry_in_us > 0;
}
