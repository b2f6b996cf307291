#define G_LOG_DOMAIN "bobbin-export"
#include "config.h"
#include "export/bobbin-export-text.h"

#include "model/bobbin-attachment.h"
#include "model/bobbin-block.h"
#include "model/bobbin-chart.h"
#include "model/bobbin-thread.h"
#include "util/bobbin-json.h"
#include "util/bobbin-text.h"

#include <glib/gi18n.h>
#include <string.h>

/* In a name of a file in the folder of an export, characters. */
#define MAX_NAME 80

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

char *
bobbin_export_dup_heading (BobbinMessage *message)
{
  g_autoptr(GDateTime) created = g_date_time_new_from_unix_utc (bobbin_message_get_created_us (message) / G_USEC_PER_SEC);
  g_autofree char *time = created != NULL ? g_date_time_format (created, "%Y-%m-%d %H:%M") : g_strdup ("");
  g_autofree char *author = dup_author (message);
  const char *state = delivery_words (message);

  return g_strdup_printf ("%s · %s%s%s", author, time, state != NULL ? " · " : "", state != NULL ? state : "");
}

const char *
bobbin_export_notice_words (BobbinBlock *block)
{
  static const struct { const char *name; const char *words; } notices[] = {
    { BOBBIN_NOTICE_NEW_THREAD, N_("The conversation goes on in a new thread of the server: the agent does not know what was said before.") },
    { BOBBIN_NOTICE_CONTEXT_SENT, N_("The earlier conversation was sent along.") },
    { BOBBIN_NOTICE_INTERRUPTED, N_("The answer was interrupted.") },
    { BOBBIN_NOTICE_AGENT_CHANGED, N_("The agent was changed.") },
    { BOBBIN_NOTICE_CUT_OFF, N_("The answer was cut off: the server ended it before it was complete.") },
    { BOBBIN_NOTICE_GONE, N_("What stands above was deleted on the server; this copy stays.") },
    { BOBBIN_NOTICE_CLIENT_TOOL, N_("The agent asked this program to run a tool; it runs none, so nothing was done.") },
    { BOBBIN_NOTICE_UNREADABLE, N_("Part of what the server sent could not be read and was left out: ask again if something is missing.") },
  };
  const char *name = bobbin_block_get_name (block);

  for (gsize i = 0; i < G_N_ELEMENTS (notices); i++)
    if (g_strcmp0 (notices[i].name, name) == 0)
      return _(notices[i].words);

  return name != NULL ? name : "";
}

char *
bobbin_export_dup_tool_title (BobbinBlock *block)
{
  const char *called = bobbin_block_get_name (block);
  g_autofree char *name = bobbin_text_clean_name (called != NULL ? called : "");

  return g_strdup_printf (bobbin_block_get_state (block) == BOBBIN_BLOCK_ERROR ? _("Tool %s (failed)") : _("Tool %s"), name);
}

char *
bobbin_export_dup_question (BobbinBlock *block)
{
  const char *text = bobbin_block_get_text (block);

  return *text != '\0' ? g_strdup_printf (_("Approval: %s"), text) : g_strdup (_("Approval"));
}

BobbinTable *
bobbin_export_block_to_table (BobbinBlock *block)
{
  const char *data = bobbin_block_get_data (block);
  g_autoptr(BobbinJsonIndex) index = data != NULL ? bobbin_json_index_new (data, -1, NULL) : NULL;
  g_autoptr(BobbinChart) chart = NULL;

  if (index == NULL)
    return NULL;
  if (bobbin_block_get_kind (block) == BOBBIN_BLOCK_TABLE)
    return bobbin_table_new_from_json (index);

  chart = bobbin_chart_new_from_json (index);
  return chart != NULL ? bobbin_chart_to_table (chart) : NULL;
}

char *
bobbin_export_dup_json (const char *text,
                        gboolean   *ret_is_json)
{
  g_autoptr(JsonNode) node = NULL;

  if (text == NULL || *text == '\0')
    return NULL;

  node = bobbin_json_parse (text, -1, NULL);
  if (ret_is_json != NULL)
    *ret_is_json = node != NULL;

  return node != NULL ? bobbin_json_to_text (node, TRUE) : g_strdup (text);
}

static void
append_source (GString  *out,
               JsonNode *node,
               guint     number)
{
  static const char *const names[] = { "title", "url", "file_id" };
  JsonObject *source = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *name = NULL;

  for (gsize n = 0; source != NULL && name == NULL && n < G_N_ELEMENTS (names); n++)
    name = bobbin_json_get_string (source, names[n]);
  g_string_append_printf (out, "%s[%u] %s", number > 1 ? "\n" : "", number, name != NULL ? name : "");
  if (source != NULL && bobbin_json_get_string (source, "quote") != NULL)
    g_string_append_printf (out, ": “%s”", bobbin_json_get_string (source, "quote"));
}

char *
bobbin_export_dup_sources (BobbinBlock *block)
{
  const char *data = bobbin_block_get_data (block);
  g_autoptr(JsonObject) object = data != NULL ? bobbin_json_parse_object (data, -1, NULL) : NULL;
  JsonArray *sources = object != NULL ? bobbin_json_get_array (object, "sources") : NULL;
  g_autoptr(GString) out = g_string_new (NULL);

  for (guint i = 0; sources != NULL && i < json_array_get_length (sources); i++)
    append_source (out, json_array_get_element (sources, i), i + 1);

  return g_string_free (g_steal_pointer (&out), FALSE);
}

char *
bobbin_export_dup_file_name (BobbinAttachment *attachment)
{
  const char *name = bobbin_attachment_get_shown_name (attachment);
  g_autoptr(GString) safe = g_string_new (NULL);
  g_autofree char *cut = NULL;

  for (const char *p = name != NULL ? name : ""; *p != '\0'; p = g_utf8_next_char (p))
    if (strchr ("/\\:*?\"<>|", *p) != NULL)
      g_string_append_c (safe, '_');
    else
      g_string_append_len (safe, p, g_utf8_next_char (p) - p);
  /* The end has the extension. */
  cut = g_utf8_strlen (safe->str, -1) > MAX_NAME
          ? g_strdup (g_utf8_offset_to_pointer (safe->str, g_utf8_strlen (safe->str, -1) - MAX_NAME))
          : g_strdup (safe->str);

  return g_strdup_printf ("%.12s-%s", bobbin_attachment_get_sha256 (attachment), cut);
}

char *
bobbin_export_dup_title (BobbinThread *thread)
{
  const char *title = bobbin_thread_get_title (thread);

  return bobbin_text_clean_name (title != NULL && *title != '\0' ? title : _("New Conversation"));
}
