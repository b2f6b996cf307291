#define G_LOG_DOMAIN "bobbin-wire"
#include "config.h"
#include "wire/bobbin-agentflow-encoder.h"

#include "util/bobbin-json.h"

static void
append (GString    *out,
        const char *before,
        const char *value)
{
  g_string_append (out, before);
  bobbin_json_append_string (out, value);
}

/* Section 10: image, audio or video by the type, else document. */
static const char *
block_type (const char *content_type)
{
  static const char *const types[] = { "image", "audio", "video" };

  for (guint i = 0; content_type != NULL && i < G_N_ELEMENTS (types); i++)
    {
      g_autofree char *prefix = g_strconcat (types[i], "/", NULL);

      if (g_str_has_prefix (content_type, prefix))
        return types[i];
    }

  return "document";
}

static void
append_file (GString                   *out,
             const BobbinAgentflowFile *file)
{
  append (out, "{\"type\":", block_type (file->content_type));
  append (out, ",\"media\":{\"kind\":\"file_id\",\"file_id\":", file->file_id);
  append (out, ",\"mime_type\":", file->content_type);
  append (out, ",\"filename\":", file->name);
  g_string_append (out, "}}");
}

/* Section 3: the content is always an array; a plain string is refused. */
static void
append_message (GString                   *out,
                const char                *role,
                const char                *text,
                const char                *message_id,
                const BobbinAgentflowFile *files,
                guint                      n_files)
{
  append (out, "{\"role\":", role);
  if (message_id != NULL)
    append (out, ",\"message_id\":", message_id);
  append (out, ",\"content\":[{\"type\":\"text\",\"text\":", text);
  g_string_append_c (out, '}');
  for (guint i = 0; i < n_files; i++)
    {
      g_string_append_c (out, ',');
      append_file (out, &files[i]);
    }
  g_string_append (out, "]}");
}

char *
bobbin_agentflow_encode_run (const BobbinAgentflowRun *run)
{
  g_autoptr(GString) out = g_string_new ("{\"messages\":[");

  append_message (out, "user", run->text, run->message_id, run->files, run->n_files);
  g_string_append (out, "],\"config\":{");
  if (run->thread_id != NULL)
    append (out, "\"thread_id\":", run->thread_id);
  g_string_append_c (out, '}');
  if (run->at_end)
    g_string_append (out, ",\"initial_state\":{\"current_node\":\"__end__\"}");
  append (out, ",\"response_granularity\":", run->granularity == BOBBIN_AGENTFLOW_FULL ? "full" : "low");
  g_string_append_c (out, '}');

  return g_string_free (g_steal_pointer (&out), FALSE);
}

char *
bobbin_agentflow_encode_addition (const char *role,
                                  const char *text,
                                  const char *message_id)
{
  g_autoptr(GString) out = g_string_new ("{\"messages\":[");

  append_message (out, role, text, message_id, NULL, 0);
  g_string_append (out, "],\"config\":{}}");

  return g_string_free (g_steal_pointer (&out), FALSE);
}

char *
bobbin_agentflow_encode_state (const char *state)
{
  return g_strconcat ("{\"state\":", state, ",\"config\":{}}", NULL);
}

char *
bobbin_agentflow_encode_stop (const char *thread_id)
{
  g_autoptr(GString) out = g_string_new ("{");

  append (out, "\"thread_id\":", thread_id);
  g_string_append (out, ",\"config\":{}}");

  return g_string_free (g_steal_pointer (&out), FALSE);
}
