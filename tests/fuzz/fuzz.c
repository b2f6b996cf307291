#include "config.h"
#include "fuzz.h"

#include <string.h>

const FuzzTarget fuzz_targets[] = {
  { "sse", fuzz_sse },
  { "ndjson", fuzz_ndjson },
  { "frames", fuzz_frames },
  { "refusals", fuzz_refusals },
  { "nebelus", fuzz_nebelus },
  { "agentflow", fuzz_agentflow },
  { "assistants", fuzz_assistants },
  { "entities", fuzz_entities },
  { "aibtc", fuzz_aibtc },
  { "histories", fuzz_histories },
  { "json", fuzz_json },
  { "json-stream", fuzz_json_stream },
  { "json-schema", fuzz_json_schema },
  { "data", fuzz_data },
  { "markup", fuzz_markup },
  { "math", fuzz_math },
  { "import", fuzz_import },
  { "image", fuzz_image },
  { "links", fuzz_links },
  { "words", fuzz_words },
  { "search", fuzz_search },
  { NULL }
};

const FuzzTarget *
fuzz_target_find (const char *name)
{
  for (const FuzzTarget *target = fuzz_targets; target->name != NULL; target++)
    if (g_strcmp0 (target->name, name) == 0)
      return target;

  return NULL;
}

/* What is said for a log is no part of the test's own output. */
static void
log_cb (const char     *domain,
        GLogLevelFlags  level,
        const char     *message,
        gpointer        user_data)
{
  if (level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING))
    g_log_default_handler (domain, level, message, user_data);
}

void
fuzz_set_up (void)
{
  g_log_set_default_handler (log_cb, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING);
}

void
fuzz_read_input (FuzzInput    *self,
                 const guint8 *data,
                 gsize         length)
{
  gsize raw[FUZZ_MAX_CUTS];

  memset (self, 0, sizeof *self);
  if (length > 0)
    {
      self->mode = data[0] >> 3;
      self->n_cuts = data[0] & FUZZ_MAX_CUTS;
      data++;
      length--;
    }
  self->n_cuts = MIN (self->n_cuts, (guint) (length / 2));
  for (guint i = 0; i < self->n_cuts; i++, data += 2, length -= 2)
    raw[i] = (gsize) data[0] << 8 | data[1];
  for (guint i = 0; i < self->n_cuts; i++)
    {
      guint at = i;
      gsize cut = raw[i] % (length + 1);

      for (; at > 0 && self->cuts[at - 1] > cut; at--)
        self->cuts[at] = self->cuts[at - 1];
      self->cuts[at] = cut;
    }
  self->bytes = (const char *) data;
  self->length = length;
}

void
fuzz_feed (const FuzzInput *self,
           gboolean         in_pieces,
           FuzzFeed         feed,
           gpointer         data)
{
  gsize from = 0;

  for (guint i = 0; i <= self->n_cuts; i++)
    {
      gsize to = in_pieces && i < self->n_cuts ? self->cuts[i] : self->length;
      g_autofree char *piece = to > from ? g_memdup2 (self->bytes + from, to - from) : NULL;

      if (piece != NULL)
        feed (data, piece, to - from);
      from = to;
    }
}

char *
fuzz_dup_text (const FuzzInput *self)
{
  g_autofree char *text = g_strndup (self->bytes != NULL ? self->bytes : "", self->length);

  return g_utf8_make_valid (text, -1);
}

void
fuzz_check_valid (const char *text)
{
  g_assert_true (text == NULL || g_utf8_validate (text, -1, NULL));
}
