#define G_LOG_DOMAIN "bobbin-cli"
#include "config.h"
#include "cli/bobbin-cli-private.h"
#include "cli/bobbin-cli-transcript.h"

#include "model/bobbin-block.h"
#include "model/bobbin-message.h"
#include "model/bobbin-thread.h"
#include "util/bobbin-id.h"
#include "util/bobbin-json.h"
#include "util/bobbin-text.h"
#include "util/bobbin-time.h"

#include <glib/gi18n.h>

static const char html_head[] =
  "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n<title>%s</title>\n"
  "<style>body{max-width:48em;margin:2em auto;font-family:sans-serif}p,pre{white-space:pre-wrap;overflow-wrap:anywhere}</style>\n"
  "</head>\n<body>\n<h1>%s</h1>\n";

static char *
dup_author (BobbinMessage *message)
{
  const char *agent = bobbin_message_get_agent_name (message);

  switch (bobbin_message_get_role (message))
    {
    case BOBBIN_ROLE_USER:
      return g_strdup (_("You"));
    case BOBBIN_ROLE_ASSISTANT:
      if (agent == NULL)
        agent = bobbin_message_get_agent_id (message);
      return agent != NULL ? bobbin_text_clean_name (agent) : g_strdup (_("Agent"));
    case BOBBIN_ROLE_SYSTEM:
      return g_strdup (_("System"));
    case BOBBIN_ROLE_TOOL:
      return g_strdup (_("Tool"));
    case BOBBIN_ROLE_NOTICE:
      return g_strdup (_("Note"));
    case BOBBIN_N_ROLES:
    default:
      g_assert_not_reached ();
    }
}

/* What a reader should know about how a message ended; NULL when it ended well. */
static const char *
delivery_words (BobbinMessage *message)
{
  switch (bobbin_message_get_delivery (message))
    {
    case BOBBIN_DELIVERY_QUEUED:
      return _("not sent yet");
    case BOBBIN_DELIVERY_STOPPED:
      return _("stopped");
    case BOBBIN_DELIVERY_INTERRUPTED:
      return _("interrupted");
    case BOBBIN_DELIVERY_FAILED:
      return _("failed");
    case BOBBIN_DELIVERY_SENDING:
    case BOBBIN_DELIVERY_ACCEPTED:
    case BOBBIN_DELIVERY_ANSWERING:
    case BOBBIN_DELIVERY_COMPLETE:
    case BOBBIN_N_DELIVERIES:
    default:
      return NULL;
    }
}

static void
append_heading (GString        *out,
                BobbinMessage  *message,
                BobbinCliFormat format)
{
  g_autoptr(GDateTime) created = g_date_time_new_from_unix_utc (bobbin_message_get_created_us (message) / G_USEC_PER_SEC);
  g_autofree char *time = created != NULL ? g_date_time_format (created, "%Y-%m-%d %H:%M") : g_strdup ("");
  g_autofree char *author = dup_author (message);
  const char *state = delivery_words (message);
  g_autofree char *line = g_strdup_printf ("%s · %s%s%s", author, time, state != NULL ? " · " : "", state != NULL ? state : "");
  g_autofree char *escaped = g_markup_escape_text (line, -1);

  switch (format)
    {
    case BOBBIN_CLI_MARKDOWN:
      g_string_append_printf (out, "## %s\n\n", line);
      break;
    case BOBBIN_CLI_HTML:
      g_string_append_printf (out, "<h2>%s</h2>\n", escaped);
      break;
    case BOBBIN_CLI_PLAIN:
    default:
      g_string_append_printf (out, "[%s]\n", line);
    }
}

char *
bobbin_cli_thread_to_text (BobbinThread   *thread,
                           GPtrArray      *messages,
                           BobbinCliFormat format)
{
  g_autoptr(GString) out = g_string_new (NULL);
  const char *named = bobbin_thread_get_title (thread);
  g_autofree char *title = bobbin_text_clean_name (named != NULL ? named : _("New Conversation"));
  g_autofree char *escaped = g_markup_escape_text (title, -1);

  if (format == BOBBIN_CLI_HTML)
    g_string_append_printf (out, html_head, escaped, escaped);
  else
    g_string_append_printf (out, "%s%s\n\n", format == BOBBIN_CLI_MARKDOWN ? "# " : "", title);

  for (guint i = 0; i < messages->len; i++)
    {
      append_heading (out, messages->pdata[i], format);
      for (guint n = 0; n < bobbin_message_get_n_blocks (messages->pdata[i]); n++)
        {
          g_autofree char *text = bobbin_cli_block_to_text (bobbin_message_get_block (messages->pdata[i], n), format);

          if (*text != '\0')
            g_string_append_printf (out, format == BOBBIN_CLI_HTML ? "%s\n" : "%s\n\n", text);
        }
    }
  if (format == BOBBIN_CLI_HTML)
    g_string_append (out, "</body>\n</html>\n");
  else
    g_string_truncate (out, out->len - 1);

  return g_string_free (g_steal_pointer (&out), FALSE);
}

static void
set_time (JsonObject *object,
          const char *member,
          gint64      us)
{
  g_autofree char *text = us != 0 ? bobbin_time_to_iso (us) : NULL;

  bobbin_cli_set_string (object, member, text);
}

static JsonObject *
failure_to_json (const BobbinFailure *failure)
{
  JsonObject *object = json_object_new ();

  bobbin_cli_set_string (object, "code", bobbin_error_code_nick (failure->code));
  bobbin_cli_set_string (object, "message", failure->detail);

  return object;
}

static JsonObject *
message_to_json (BobbinMessage *message)
{
  JsonObject *object = json_object_new ();
  JsonObject *usage = json_object_new ();
  JsonArray *content = json_array_new ();
  g_autofree char *id = bobbin_id_to_string (bobbin_message_get_id (message));
  const BobbinFailure *failure = bobbin_message_get_failure (message);

  bobbin_cli_set_string (object, "message", id);
  bobbin_cli_set_string (object, "server_id", bobbin_message_get_server_id (message));
  bobbin_cli_set_string (object, "role", bobbin_role_get_nick (bobbin_message_get_role (message)));
  set_time (object, "timestamp", bobbin_message_get_created_us (message));
  set_time (object, "finished", bobbin_message_get_finished_us (message));
  bobbin_cli_set_string (object, "state", bobbin_delivery_get_nick (bobbin_message_get_delivery (message)));
  bobbin_cli_set_string (object, "agent", bobbin_message_get_agent_id (message));
  bobbin_cli_set_string (object, "agent_name", bobbin_message_get_agent_name (message));
  bobbin_cli_set_string (object, "model", bobbin_message_get_model (message));
  bobbin_cli_set_string (object, "stop_reason", bobbin_message_get_stop_reason (message));
  for (guint i = 0; i < bobbin_message_get_n_blocks (message); i++)
    {
      JsonObject *block = json_object_new ();

      bobbin_cli_fill_block (block, bobbin_message_get_block (message, i));
      json_array_add_object_element (content, block);
    }
  json_object_set_array_member (object, "content", content);
  bobbin_cli_set_usage (usage, message);
  if (json_object_get_size (usage) > 0)
    json_object_set_object_member (object, "usage", g_steal_pointer (&usage));
  g_clear_pointer (&usage, json_object_unref);
  if (failure != NULL)
    json_object_set_object_member (object, "failure", failure_to_json (failure));

  return object;
}

char *
bobbin_cli_thread_to_json (BobbinThread *thread,
                           const char   *account,
                           GPtrArray    *messages,
                           gint64        now_us)
{
  g_autoptr(JsonObject) object = json_object_new ();
  g_autofree char *id = bobbin_id_to_string (bobbin_thread_get_id (thread));
  JsonArray *array = json_array_new ();

  bobbin_cli_set_string (object, "thread", id);
  bobbin_cli_set_string (object, "server_id", bobbin_thread_get_server_id (thread));
  bobbin_cli_set_string (object, "account", account);
  bobbin_cli_set_string (object, "agent", bobbin_thread_get_agent_id (thread));
  bobbin_cli_set_string (object, "title", bobbin_thread_get_title (thread));
  set_time (object, "created", bobbin_thread_get_created_us (thread));
  set_time (object, "last_used", bobbin_thread_get_last_used_us (thread));
  set_time (object, "expires", bobbin_thread_get_expires_us (thread));
  for (guint i = 0; i < messages->len; i++)
    json_array_add_object_element (array, message_to_json (messages->pdata[i]));
  json_object_set_array_member (object, "messages", array);
  set_time (object, "exported_at", now_us);

  return bobbin_json_object_to_text (object, TRUE);
}
