#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-words.h"

#include "model/bobbin-block.h"
#include "model/bobbin-message.h"
#include "session/bobbin-session.h"
#include "ui/app/bobbin-failure-text.h"
#include "util/bobbin-error.h"
#include "util/bobbin-json.h"
#include "util/bobbin-text.h"

#include <glib/gi18n.h>
#include <langinfo.h>
#include <string.h>

static GDateTime *
local_time (gint64 time_us)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (time_us / G_USEC_PER_SEC);

  return utc != NULL ? g_date_time_to_local (utc) : g_date_time_new_from_unix_utc (0);
}

char *
bobbin_words_time (gint64 time_us)
{
  g_autoptr(GDateTime) time = local_time (time_us);
  const char *format = nl_langinfo (T_FMT);
  gboolean twelve = strstr (format, "%r") != NULL || strstr (format, "%p") != NULL || strstr (format, "%I") != NULL;
  char *text = g_date_time_format (time, twelve ? "%-I:%M %p" : "%H:%M");

  return text != NULL ? text : g_strdup ("");
}

gboolean
bobbin_words_same_day (gint64 a_us,
                       gint64 b_us)
{
  g_autoptr(GDateTime) a = local_time (a_us);
  g_autoptr(GDateTime) b = local_time (b_us);

  return g_date_time_get_year (a) == g_date_time_get_year (b) &&
         g_date_time_get_day_of_year (a) == g_date_time_get_day_of_year (b);
}

char *
bobbin_words_day (gint64 time_us,
                  gint64 now_us)
{
  g_autoptr(GDateTime) time = local_time (time_us);
  g_autoptr(GDateTime) now = local_time (now_us);
  char *text;

  if (bobbin_words_same_day (time_us, now_us))
    return g_strdup (_("Today"));
  if (time_us < now_us && bobbin_words_same_day (time_us, now_us - G_TIME_SPAN_DAY))
    return g_strdup (_("Yesterday"));

  if (time_us < now_us && now_us - time_us < 6 * G_TIME_SPAN_DAY)
    text = g_date_time_format (time, "%A");
  else if (g_date_time_get_year (time) == g_date_time_get_year (now))
    /* Translators: a day of this year, for g_date_time_format() */
    text = g_date_time_format (time, _("%A, %-e %B"));
  else
    /* Translators: a day of another year, for g_date_time_format() */
    text = g_date_time_format (time, _("%-e %B %Y"));

  return text != NULL ? text : g_strdup ("");
}

char *
bobbin_words_duration (gint64 duration_us)
{
  gint64 seconds = MAX (duration_us, 0) / G_USEC_PER_SEC;

  if (seconds < 60)
    /* Translators: a duration in seconds */
    return g_strdup_printf (_("%d s"), (int) MAX (seconds, 1));

  /* Translators: a duration in minutes and seconds */
  return g_strdup_printf (_("%1$d min %2$d s"), (int) MIN (seconds / 60, G_MAXINT), (int) (seconds % 60));
}

char *
bobbin_words_author (BobbinMessage *message)
{
  const char *agent = bobbin_message_get_agent_name (message);

  switch (bobbin_message_get_role (message))
    {
    case BOBBIN_ROLE_USER:
      return g_strdup (_("You"));
    case BOBBIN_ROLE_ASSISTANT:
    case BOBBIN_ROLE_TOOL:
      return g_strdup (agent != NULL && *agent != '\0' ? agent : _("Agent"));
    case BOBBIN_ROLE_SYSTEM:
      return g_strdup (_("System"));
    case BOBBIN_ROLE_NOTICE:
    case BOBBIN_N_ROLES:
    default:
      return g_strdup (_("Notice"));
    }
}

static const char *
delivery_word (BobbinMessage  *message,
               BobbinActivity  activity)
{
  switch (bobbin_message_get_delivery (message))
    {
    case BOBBIN_DELIVERY_QUEUED:
      return activity == BOBBIN_ACTIVITY_NEEDS_KEY ? _("needs a key") : activity == BOBBIN_ACTIVITY_FAILED ? _("not sent") : _("queued");
    case BOBBIN_DELIVERY_SENDING:
      return _("sending");
    case BOBBIN_DELIVERY_ANSWERING:
      return bobbin_message_get_role (message) == BOBBIN_ROLE_USER ? NULL : _("answering");
    case BOBBIN_DELIVERY_STOPPED:
      return _("stopped");
    case BOBBIN_DELIVERY_INTERRUPTED:
      return _("interrupted");
    case BOBBIN_DELIVERY_FAILED:
      return _("failed");
    case BOBBIN_DELIVERY_ACCEPTED:
    case BOBBIN_DELIVERY_COMPLETE:
    case BOBBIN_N_DELIVERIES:
    default:
      return NULL;
    }
}

char *
bobbin_words_message (BobbinMessage  *message,
                      BobbinActivity  activity)
{
  g_autofree char *author = bobbin_words_author (message);
  g_autofree char *time = bobbin_words_time (bobbin_message_get_created_us (message));
  const char *word = delivery_word (message, activity);

  if (word != NULL)
    /* Translators: who wrote a message, when, and its state: "Ledger, 14:05, answering" */
    return g_strdup_printf (_("%1$s, %2$s, %3$s"), author, time, word);

  /* Translators: who wrote a message and when: "You, 14:05" */
  return g_strdup_printf (_("%1$s, %2$s"), author, time);
}

char *
bobbin_words_delivery (BobbinMessage  *message,
                       BobbinActivity  activity)
{
  const BobbinFailure *failure = bobbin_message_get_failure (message);
  gboolean user = bobbin_message_get_role (message) == BOBBIN_ROLE_USER;

  switch (bobbin_message_get_delivery (message))
    {
    case BOBBIN_DELIVERY_QUEUED:
      if (activity == BOBBIN_ACTIVITY_NEEDS_KEY)
        return g_strdup (_("Needs a key"));
      return g_strdup (activity == BOBBIN_ACTIVITY_FAILED ? _("Not sent") : _("Queued"));
    case BOBBIN_DELIVERY_SENDING:
      return g_strdup (_("Sending…"));
    case BOBBIN_DELIVERY_STOPPED:
      return g_strdup (user ? _("Stopped") : _("You stopped this answer."));
    case BOBBIN_DELIVERY_INTERRUPTED:
      if (failure != NULL && failure->code != BOBBIN_ERROR_INTERRUPTED)
        return bobbin_failure_dup_sentence (failure);
      return g_strdup (user ? _("Interrupted before an answer came.")
                            : _("Interrupted. What arrived until then is kept."));
    case BOBBIN_DELIVERY_FAILED:
      return failure != NULL ? bobbin_failure_dup_sentence (failure) : g_strdup (_("This did not work."));
    case BOBBIN_DELIVERY_ACCEPTED:
    case BOBBIN_DELIVERY_ANSWERING:
    case BOBBIN_DELIVERY_COMPLETE:
    case BOBBIN_N_DELIVERIES:
    default:
      return NULL;
    }
}

char *
bobbin_words_answer (BobbinMessage *message)
{
  const BobbinFailure *failure = bobbin_message_get_failure (message);
  BobbinDelivery delivery = bobbin_message_get_delivery (message);

  if (failure == NULL || (delivery != BOBBIN_DELIVERY_FAILED && delivery != BOBBIN_DELIVERY_INTERRUPTED))
    return NULL;

  return bobbin_failure_dup_answer (failure);
}

char *
bobbin_words_certainty (BobbinMessage *message)
{
  const BobbinFailure *failure = bobbin_message_get_failure (message);
  BobbinDelivery delivery = bobbin_message_get_delivery (message);

  if (delivery != BOBBIN_DELIVERY_FAILED && delivery != BOBBIN_DELIVERY_INTERRUPTED)
    return NULL;
  if (failure == NULL)
    return NULL;

  switch (failure->certainty)
    {
    case BOBBIN_CERTAINTY_UNKNOWN:
      return g_strdup (_("It is not known whether the agent received your message: sending it again may repeat what it did."));
    case BOBBIN_CERTAINTY_ACCEPTED:
      return g_strdup (_("The agent had started on your message: sending it again may repeat what it did."));
    case BOBBIN_CERTAINTY_UNSENT:
    case BOBBIN_CERTAINTY_REFUSED:
    default:
      return NULL;
    }
}

static char *
new_thread_words (BobbinBlock *block)
{
  const char *data = bobbin_block_get_data (block);
  g_autoptr(JsonObject) object = data != NULL ? bobbin_json_parse_object (data, -1, NULL) : NULL;
  const char *reason = object != NULL ? bobbin_json_get_string (object, "reason") : NULL;

  if (g_strcmp0 (reason, "expired") == 0)
    return g_strdup (_("The conversation had expired on the server. It goes on in a new one: the agent does not know what is above."));
  if (g_strcmp0 (reason, "gone") == 0)
    return g_strdup (_("The server no longer has this conversation. It goes on in a new one: the agent does not know what is above."));
  if (g_strcmp0 (reason, "changed") == 0)
    return g_strdup (_("The server went on in another conversation: the agent may not know what is above."));

  return g_strdup (_("A new conversation starts here: the agent does not know what is above."));
}

static char *
gone_words (BobbinBlock *block)
{
  const char *data = bobbin_block_get_data (block);
  g_autoptr(JsonObject) object = data != NULL ? bobbin_json_parse_object (data, -1, NULL) : NULL;
  guint count = object != NULL ? (guint) CLAMP (bobbin_json_get_int (object, "count", 1), 1, G_MAXINT) : 1;

  return g_strdup_printf (ngettext ("The message above was deleted on the server. This copy stays.",
                                    "The %u messages above were deleted on the server. This copy stays.", count), count);
}

static char *
client_tool_words (BobbinBlock *block)
{
  const char *data = bobbin_block_get_data (block);
  g_autoptr(JsonObject) object = data != NULL ? bobbin_json_parse_object (data, -1, NULL) : NULL;
  g_autofree char *name = bobbin_text_clean_name (object != NULL && bobbin_json_get_string (object, "name") != NULL
                                                  ? bobbin_json_get_string (object, "name") : "");

  /* Translators: %s is the name of a tool, as its maker calls it */
  return g_strdup_printf (_("The agent asked this program to run the tool “%s”. Bobbin runs no tools, so nothing was done."), name);
}

char *
bobbin_words_notice (BobbinBlock *block)
{
  const char *name = bobbin_block_get_name (block);
  const char *text = bobbin_block_get_text (block);

  if (g_strcmp0 (name, BOBBIN_NOTICE_NEW_THREAD) == 0)
    return new_thread_words (block);
  if (g_strcmp0 (name, BOBBIN_NOTICE_CONTEXT_SENT) == 0)
    return g_strdup (_("The earlier conversation was sent along with the next message."));
  if (g_strcmp0 (name, BOBBIN_NOTICE_INTERRUPTED) == 0)
    return g_strdup (_("The connection was interrupted here."));
  if (g_strcmp0 (name, BOBBIN_NOTICE_AGENT_CHANGED) == 0)
    return g_strdup (_("The agent was changed here."));
  if (g_strcmp0 (name, BOBBIN_NOTICE_CUT_OFF) == 0)
    return g_strdup (_("The answer was cut off here: the server ended it before it was complete."));
  if (g_strcmp0 (name, BOBBIN_NOTICE_GONE) == 0)
    return gone_words (block);
  if (g_strcmp0 (name, BOBBIN_NOTICE_CLIENT_TOOL) == 0)
    return client_tool_words (block);
  if (g_strcmp0 (name, BOBBIN_NOTICE_UNREADABLE) == 0)
    return g_strdup (_("Part of what the server sent could not be read and was left out. Ask again if something is missing."));

  return g_strdup (*text != '\0' ? text : _("Notice"));
}
