#define G_LOG_DOMAIN "bobbin-wire"
#include "config.h"
#include "wire/bobbin-nebelus-encoder.h"

#include "util/bobbin-json.h"

#include <string.h>

static void
append_string (GString    *out,
               const char *text)
{
  if (g_utf8_validate (text, -1, NULL))
    bobbin_json_append_string (out, text);
  else
    {
      g_autofree char *valid = g_utf8_make_valid (text, -1);

      bobbin_json_append_string (out, valid);
    }
}

char *
bobbin_nebelus_dup_content (const char        *text,
                            const char *const *names,
                            guint              n_names)
{
  GString *out;

  if (text != NULL && text[strspn (text, " \t\r\n")] != '\0')
    return g_strdup (text);

  out = g_string_new ("Attached:");
  for (guint i = 0; i < n_names; i++)
    g_string_append_printf (out, "%s %s", i > 0 ? "," : "", names[i]);

  return g_string_free (out, FALSE);
}

char *
bobbin_nebelus_encode_ws_prefix (const BobbinNebelusChat *chat)
{
  GString *out = g_string_new ("{\"type\":\"chat\",\"content\":");

  append_string (out, chat->text);
  if (chat->return_context)
    g_string_append (out, ",\"return_context\":true");
  if (chat->return_timing)
    g_string_append (out, ",\"return_timing\":true");
  if (chat->return_accumulated)
    g_string_append (out, ",\"return_accumulated\":true");
  if (chat->n_attachments > 0)
    g_string_append (out, ",\"metadata\":{\"attachments\":[");

  return g_string_free (out, FALSE);
}

const char *
bobbin_nebelus_get_ws_suffix (const BobbinNebelusChat *chat)
{
  return chat->n_attachments > 0 ? "]}}" : "}";
}

char *
bobbin_nebelus_encode_sse_prefix (const BobbinNebelusChat *chat)
{
  GString *out = g_string_new ("{");

  /* In the body, not in the URL (nebelus.md, section 4.2), and ahead of the files. */
  if (chat->thread_id != NULL)
    {
      g_string_append (out, "\"thread_id\":");
      append_string (out, chat->thread_id);
      g_string_append_c (out, ',');
    }
  g_string_append (out, "\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":");
  append_string (out, chat->text);
  if (chat->n_attachments > 0)
    g_string_append (out, ",\"metadata\":{\"attachments\":[");

  return g_string_free (out, FALSE);
}

const char *
bobbin_nebelus_get_sse_suffix (const BobbinNebelusChat *chat)
{
  return chat->n_attachments > 0 ? "]}}]}" : "}]}";
}

char *
bobbin_nebelus_encode_attachment_prefix (guint       position,
                                         const char *name,
                                         const char *content_type)
{
  GString *out = g_string_new (position > 0 ? ",{\"name\":" : "{\"name\":");

  append_string (out, name);
  g_string_append (out, ",\"content_type\":");
  append_string (out, content_type != NULL && *content_type != '\0' ? content_type : "application/octet-stream");
  g_string_append (out, ",\"data\":\"");

  return g_string_free (out, FALSE);
}

const char *
bobbin_nebelus_get_attachment_suffix (void)
{
  return "\"}";
}

static guint
count_tools (const char *data)
{
  g_autoptr(JsonObject) object = data != NULL ? bobbin_json_parse_object (data, -1, NULL) : NULL;
  JsonArray *tools = object != NULL ? bobbin_json_get_array (object, "tools") : NULL;

  return tools != NULL ? json_array_get_length (tools) : 0;
}

static const char *const verdict_names[] = {
  [BOBBIN_NEBELUS_APPROVE] = "approve",
  [BOBBIN_NEBELUS_REJECT] = "reject",
  [BOBBIN_NEBELUS_EDIT] = "edit",
};

static void
append_decision (GString                     *out,
                 const BobbinNebelusDecision *decision,
                 gboolean                     with_type,
                 const char                  *node_name)
{
  g_autoptr(JsonObject) arguments = NULL;
  BobbinNebelusVerdict verdict = decision->verdict;

  if (verdict == BOBBIN_NEBELUS_EDIT)
    {
      arguments = decision->arguments != NULL ? bobbin_json_parse_object (decision->arguments, -1, NULL) : NULL;
      if (arguments == NULL)
        verdict = BOBBIN_NEBELUS_REJECT;
    }
  g_string_append_c (out, '{');
  if (with_type)
    {
      g_string_append_printf (out, "\"type\":\"%s\"", verdict_names[verdict]);
      if (verdict == BOBBIN_NEBELUS_EDIT)
        {
          g_autofree char *text = bobbin_json_object_to_text (arguments, FALSE);

          g_string_append (out, ",\"modified_args\":");
          g_string_append (out, text);
        }
    }
  if (node_name != NULL)
    {
      g_string_append (out, with_type ? ",\"node_name\":" : "\"node_name\":");
      append_string (out, node_name);
      g_string_append_printf (out, ",\"approved\":%s", verdict != BOBBIN_NEBELUS_REJECT ? "true" : "false");
    }
  g_string_append_c (out, '}');
}

char *
bobbin_nebelus_encode_resume (const char                  *data,
                              const char                  *node_name,
                              const BobbinNebelusDecision *decisions,
                              guint                        n_decisions)
{
  static const BobbinNebelusDecision rejection = { BOBBIN_NEBELUS_REJECT, NULL };
  static const BobbinNebelusDecision approval = { BOBBIN_NEBELUS_APPROVE, NULL };
  guint n_tools = count_tools (data);
  GString *out = g_string_new ("{\"type\":\"interrupt_resume\",\"decisions\":[");

  if (node_name != NULL && *node_name == '\0')
    node_name = NULL;
  for (guint i = 0; i < MAX (n_tools, 1); i++)
    {
      const BobbinNebelusDecision *decision = &rejection;

      if (i < n_decisions)
        decision = &decisions[i];
      else if (n_decisions == 1)
        decision = decisions[0].verdict == BOBBIN_NEBELUS_EDIT ? &approval : &decisions[0];
      if (i > 0)
        g_string_append_c (out, ',');
      append_decision (out, decision, n_tools > 0 || node_name == NULL, node_name);
    }
  g_string_append (out, "]}");

  return g_string_free (out, FALSE);
}

const char *
bobbin_nebelus_get_cancel (void)
{
  return "{\"type\":\"cancel\"}";
}

const char *
bobbin_nebelus_get_ping (void)
{
  return "{\"type\":\"ping\"}";
}
