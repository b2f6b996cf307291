#define G_LOG_DOMAIN "bobbin-cli"
#include "config.h"
#include "cli/bobbin-cli-private.h"
#include "cli/bobbin-cli-transcript.h"

#include "model/bobbin-attachment.h"
#include "model/bobbin-block.h"
#include "model/bobbin-message.h"
#include "session/bobbin-session.h"
#include "util/bobbin-json.h"
#include "util/bobbin-text.h"
#include "util/bobbin-time.h"

#include <glib/gi18n.h>
#include <string.h>

/* A fence longer than any run of back quotes inside. */
static char *
fence (const char *text,
       const char *language)
{
  gsize longest = 2;
  gsize run = 0;
  g_autofree char *ticks = NULL;

  for (const char *p = text; *p != '\0'; p++)
    {
      run = *p == '`' ? run + 1 : 0;
      longest = MAX (longest, run);
    }
  ticks = g_strnfill (longest + 1, '`');

  return g_strdup_printf ("%s%s\n%s%s%s", ticks, language, text, g_str_has_suffix (text, "\n") ? "" : "\n", ticks);
}

static char *
verbatim (const char     *text,
          const char     *language,
          BobbinCliFormat format)
{
  g_autofree char *escaped = NULL;

  switch (format)
    {
    case BOBBIN_CLI_MARKDOWN:
      return fence (text, language);
    case BOBBIN_CLI_HTML:
      escaped = g_markup_escape_text (text, -1);
      return g_strdup_printf ("<pre>%s</pre>", escaped);
    case BOBBIN_CLI_PLAIN:
    default:
      return g_strdup (text);
    }
}

static char *
paragraph (const char     *text,
           BobbinCliFormat format)
{
  g_autofree char *escaped = NULL;

  if (format != BOBBIN_CLI_HTML)
    return g_strdup (text);

  escaped = g_markup_escape_text (text, -1);
  return g_strdup_printf ("<p>%s</p>", escaped);
}

static char *
json_verbatim (const char     *text,
               BobbinCliFormat format)
{
  g_autoptr(JsonNode) node = text != NULL ? bobbin_json_parse (text, -1, NULL) : NULL;
  g_autofree char *pretty = NULL;

  if (text == NULL || *text == '\0')
    return g_strdup ("");

  pretty = node != NULL ? bobbin_json_to_text (node, TRUE) : g_strdup (text);
  return verbatim (pretty, node != NULL ? "json" : "", format);
}

static void
append_row (GString   *out,
            JsonArray *cells)
{
  for (guint i = 0; i < json_array_get_length (cells); i++)
    {
      JsonNode *node = json_array_get_element (cells, i);
      gboolean is_text = JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING;
      g_autofree char *text = is_text ? g_strdup (json_node_get_string (node)) : bobbin_json_to_text (node, FALSE);
      g_autofree char *line = bobbin_text_one_line (text);
      g_auto(GStrv) parts = g_strsplit (line, "|", -1);
      g_autofree char *cell = g_strjoinv ("\\|", parts);

      g_string_append_printf (out, "%s %s ", i == 0 ? "|" : "", cell);
      g_string_append_c (out, '|');
    }
  g_string_append_c (out, '\n');
}

/* nebelus.md, section 5.1: headers and rows, when both are arrays; anything else stays JSON. */
static char *
table_to_text (const char     *data,
               BobbinCliFormat format)
{
  g_autoptr(JsonObject) object = data != NULL ? bobbin_json_parse_object (data, -1, NULL) : NULL;
  JsonArray *headers = bobbin_json_get_array (object, "headers");
  JsonArray *rows = bobbin_json_get_array (object, "rows");
  g_autoptr(GString) out = NULL;

  if (headers == NULL || rows == NULL || format == BOBBIN_CLI_HTML)
    return json_verbatim (data, format);

  out = g_string_new (NULL);
  append_row (out, headers);
  g_string_append_c (out, '|');
  for (guint i = 0; i < json_array_get_length (headers); i++)
    g_string_append (out, " --- |");
  g_string_append_c (out, '\n');
  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      JsonNode *row = json_array_get_element (rows, i);

      if (JSON_NODE_HOLDS_ARRAY (row))
        append_row (out, json_node_get_array (row));
    }
  g_string_truncate (out, out->len - 1);

  return g_string_free (g_steal_pointer (&out), FALSE);
}

static char *
quote (const char     *text,
       BobbinCliFormat format)
{
  g_auto(GStrv) lines = NULL;
  g_autofree char *joined = NULL;

  if (format != BOBBIN_CLI_MARKDOWN || *text == '\0')
    return paragraph (text, format);

  lines = g_strsplit (text, "\n", -1);
  joined = g_strjoinv ("\n> ", lines);
  return g_strconcat ("> ", joined, NULL);
}

static char *
file_to_text (BobbinBlock    *block,
              BobbinCliFormat format)
{
  BobbinAttachment *attachment = bobbin_block_get_attachment (block);
  const char *name = attachment != NULL ? bobbin_attachment_get_name (attachment) : bobbin_block_get_name (block);
  const char *path = attachment != NULL ? bobbin_attachment_get_path (attachment) : NULL;
  g_autofree char *clean = bobbin_text_clean_name (name != NULL ? name : "");
  g_autofree char *text = NULL;

  if (path == NULL)
    return bobbin_block_get_data (block) != NULL ? json_verbatim (bobbin_block_get_data (block), format) : paragraph (clean, format);

  text = format == BOBBIN_CLI_MARKDOWN ? g_strdup_printf ("[%s](<%s>)", clean, path) : g_strdup_printf ("%s: %s", clean, path);
  return paragraph (text, format);
}

static char *
tool_to_text (BobbinBlock    *block,
              BobbinCliFormat format)
{
  g_autofree char *name = bobbin_text_clean_name (bobbin_block_get_name (block) != NULL ? bobbin_block_get_name (block) : "");
  g_autofree char *title = g_strdup_printf (bobbin_block_get_state (block) == BOBBIN_BLOCK_ERROR ? _("Tool %s (failed)") : _("Tool %s"), name);
  g_autofree char *head = paragraph (title, format);
  g_autofree char *arguments = json_verbatim (bobbin_block_get_data (block), format);
  g_autofree char *result = json_verbatim (bobbin_block_get_result (block), format);

  return g_strconcat (head, *arguments != '\0' ? "\n\n" : "", arguments, *result != '\0' ? "\n\n" : "", result, NULL);
}

static char *
approval_to_text (BobbinBlock    *block,
                  BobbinCliFormat format)
{
  const char *text = bobbin_block_get_text (block);
  g_autofree char *question = *text != '\0' ? g_strdup_printf (_("Approval: %s"), text) : g_strdup (_("Approval"));
  g_autofree char *head = paragraph (question, format);
  const char *body = bobbin_block_get_result (block) != NULL ? bobbin_block_get_result (block) : bobbin_block_get_data (block);
  g_autofree char *details = json_verbatim (body, format);

  return body != NULL ? g_strdup_printf ("%s\n\n%s", head, details) : g_steal_pointer (&head);
}

/* "[1] grit.txt: “…”", one a line. */
static char *
sources_to_text (BobbinBlock    *block,
                 BobbinCliFormat format)
{
  const char *data = bobbin_block_get_data (block);
  g_autoptr(JsonObject) object = data != NULL ? bobbin_json_parse_object (data, -1, NULL) : NULL;
  JsonArray *sources = object != NULL ? bobbin_json_get_array (object, "sources") : NULL;
  g_autoptr(GString) out = g_string_new (NULL);

  for (guint i = 0; sources != NULL && i < json_array_get_length (sources); i++)
    {
      static const char *const names[] = { "title", "url", "file_id" };
      JsonNode *node = json_array_get_element (sources, i);
      JsonObject *source = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *name = NULL;

      for (gsize n = 0; source != NULL && name == NULL && n < G_N_ELEMENTS (names); n++)
        name = bobbin_json_get_string (source, names[n]);
      g_string_append_printf (out, "[%u] %s", i + 1, name != NULL ? name : "");
      if (source != NULL && bobbin_json_get_string (source, "quote") != NULL)
        g_string_append_printf (out, ": “%s”", bobbin_json_get_string (source, "quote"));
      g_string_append (out, i + 1 < json_array_get_length (sources) ? "\n" : "");
    }

  return paragraph (out->str, format);
}

static const char *
notice_words (const char *name)
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

  for (gsize i = 0; i < G_N_ELEMENTS (notices); i++)
    if (g_strcmp0 (notices[i].name, name) == 0)
      return _(notices[i].words);

  return name != NULL ? name : "";
}

char *
bobbin_cli_block_to_text (BobbinBlock    *block,
                          BobbinCliFormat format)
{
  const char *name = bobbin_block_get_name (block);

  switch (bobbin_block_get_kind (block))
    {
    case BOBBIN_BLOCK_TEXT:
      return paragraph (bobbin_block_get_text (block), format);
    case BOBBIN_BLOCK_THINKING:
      return quote (bobbin_block_get_text (block), format);
    case BOBBIN_BLOCK_CODE:
      return verbatim (bobbin_block_get_text (block), name != NULL ? name : "", format);
    case BOBBIN_BLOCK_TABLE:
      return table_to_text (bobbin_block_get_data (block), format);
    case BOBBIN_BLOCK_TOOL_CALL:
      return tool_to_text (block, format);
    case BOBBIN_BLOCK_CHART:
    case BOBBIN_BLOCK_JSON:
    case BOBBIN_BLOCK_UNKNOWN:
      return json_verbatim (bobbin_block_get_data (block), format);
    case BOBBIN_BLOCK_SOURCES:
      return sources_to_text (block, format);
    case BOBBIN_BLOCK_IMAGE:
    case BOBBIN_BLOCK_FILE:
      return file_to_text (block, format);
    case BOBBIN_BLOCK_APPROVAL:
      return approval_to_text (block, format);
    case BOBBIN_BLOCK_NOTICE:
      return quote (notice_words (name), format);
    case BOBBIN_N_BLOCK_KINDS:
    default:
      return g_strdup ("");
    }
}

static JsonObject *
attachment_to_json (BobbinAttachment *attachment)
{
  JsonObject *object = json_object_new ();

  bobbin_cli_set_string (object, "name", bobbin_attachment_get_name (attachment));
  bobbin_cli_set_string (object, "content_type", bobbin_attachment_get_content_type (attachment));
  json_object_set_int_member (object, "size", bobbin_attachment_get_size (attachment));
  bobbin_cli_set_string (object, "sha256", bobbin_attachment_get_sha256 (attachment));
  bobbin_cli_set_string (object, "path", bobbin_attachment_get_path (attachment));

  return object;
}

void
bobbin_cli_fill_block (JsonObject  *object,
                       BobbinBlock *block)
{
  BobbinAttachment *attachment = bobbin_block_get_attachment (block);

  bobbin_cli_set_string (object, "kind", bobbin_block_kind_get_nick (bobbin_block_get_kind (block)));
  bobbin_cli_set_string (object, "state", bobbin_block_state_get_nick (bobbin_block_get_state (block)));
  bobbin_cli_set_string (object, "name", bobbin_block_get_name (block));
  bobbin_cli_set_string (object, "call_id", bobbin_block_get_call_id (block));
  if (bobbin_block_get_length (block) > 0)
    bobbin_cli_set_string (object, "text", bobbin_block_get_text (block));
  bobbin_cli_set_json (object, "data", bobbin_block_get_data (block));
  bobbin_cli_set_json (object, "result", bobbin_block_get_result (block));
  if (attachment != NULL)
    json_object_set_object_member (object, "attachment", attachment_to_json (attachment));
}

static void
set_count (JsonObject *object,
           const char *member,
           gint64      count)
{
  if (count >= 0)
    json_object_set_int_member (object, member, count);
}

void
bobbin_cli_set_usage (JsonObject    *object,
                      BobbinMessage *message)
{
  const BobbinUsage *usage = bobbin_message_get_usage (message);

  set_count (object, "input_tokens", usage->input_tokens);
  set_count (object, "output_tokens", usage->output_tokens);
  set_count (object, "total_tokens", usage->total_tokens);
  if (usage->total_ms >= 0)
    json_object_set_double_member (object, "total_ms", usage->total_ms);
  if (usage->cost >= 0)
    json_object_set_double_member (object, "cost", usage->cost);
  if (usage->currency[0] != '\0')
    bobbin_cli_set_string (object, "currency", usage->currency);
  if (usage->unit_billed)
    json_object_set_boolean_member (object, "unit_billed", TRUE);
}
