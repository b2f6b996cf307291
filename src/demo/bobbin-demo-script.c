#define G_LOG_DOMAIN "bobbin-demo"
#include "config.h"
#include "demo/bobbin-demo-script.h"

#include "demo/bobbin-demo-server.h"
#include "util/bobbin-id.h"
#include "util/bobbin-json.h"

#include <string.h>

static void
step_free (BobbinDemoStep *step)
{
  g_free (step->text);
  g_free (step);
}

BobbinDemoScript *
bobbin_demo_script_new (void)
{
  BobbinDemoScript *self = g_new0 (BobbinDemoScript, 1);

  self->steps = g_ptr_array_new_with_free_func ((GDestroyNotify) step_free);
  self->last = g_ptr_array_new_with_free_func ((GDestroyNotify) step_free);
  self->said = g_string_new (NULL);
  self->word_delay_ms = BOBBIN_DEMO_SPEED_HUMAN;

  return self;
}

void
bobbin_demo_script_free (BobbinDemoScript *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->steps);
  g_ptr_array_unref (self->last);
  g_string_free (self->said, TRUE);
  g_free (self);
}

char *
bobbin_demo_quote (const char *text)
{
  GString *out = g_string_new (NULL);
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  bobbin_json_append_string (out, valid);

  return g_string_free (out, FALSE);
}

static BobbinDemoStep *
add (GPtrArray          *steps,
     BobbinDemoStepType  type,
     guint               delay_ms)
{
  BobbinDemoStep *step = g_new0 (BobbinDemoStep, 1);

  step->type = type;
  step->delay_ms = delay_ms;
  g_ptr_array_add (steps, step);

  return step;
}

void
bobbin_demo_script_event (BobbinDemoScript *self,
                          guint             delay_ms,
                          const char       *name,
                          char             *data)
{
  BobbinDemoStep *step = add (self->steps, BOBBIN_DEMO_STEP_EVENT, delay_ms);

  step->name = name;
  step->text = data;
}

void
bobbin_demo_script_step (BobbinDemoScript   *self,
                         BobbinDemoStepType  type,
                         guint               delay_ms,
                         guint64             number,
                         char               *text)
{
  BobbinDemoStep *step = add (self->steps, type, delay_ms);

  step->number = number;
  step->text = text;
}

void
bobbin_demo_script_last (BobbinDemoScript   *self,
                         BobbinDemoStepType  type,
                         guint               delay_ms,
                         guint64             number,
                         char               *text)
{
  BobbinDemoStep *step = add (self->last, type, delay_ms);

  step->number = number;
  step->text = text;
}

static void
move (GPtrArray **from,
      GPtrArray  *to)
{
  g_ptr_array_extend_and_steal (to, *from);
  *from = g_ptr_array_new_with_free_func ((GDestroyNotify) step_free);
}

void
bobbin_demo_script_finish (BobbinDemoScript *self)
{
  move (&self->last, self->steps);
}

void
bobbin_demo_script_piece (BobbinDemoScript *self,
                          guint             delay_ms,
                          const char       *content_type,
                          const char       *state,
                          int               index,
                          const char       *text)
{
  GString *data = g_string_new (NULL);

  g_string_printf (data, "{\"content_type\":\"%s\",\"state\":\"%s\",\"index\":%d", content_type, state, index);
  if (text != NULL)
    {
      g_string_append_printf (data, ",\"data\":{\"%s\":", content_type);
      bobbin_json_append_string (data, text);
      g_string_append_c (data, '}');
    }
  g_string_append_c (data, '}');
  bobbin_demo_script_event (self, delay_ms, "content_block", g_string_free (data, FALSE));
}

/* Where the next word of @text ends: behind the spaces after it, so that the words joined are the text. */
static gsize
next_word (const char *text)
{
  gsize n = strcspn (text, " \n");

  return n + strspn (text + n, " \n");
}

static void
stream (BobbinDemoScript *self,
        const char       *content_type,
        const char       *text,
        guint             delay_ms)
{
  int index = self->index++;

  bobbin_demo_script_piece (self, 0, content_type, "start", index, NULL);
  while (*text != '\0')
    {
      gsize n = next_word (text);
      g_autofree char *word = g_strndup (text, n);

      bobbin_demo_script_piece (self, delay_ms, content_type, "delta", index, word);
      text += n;
      self->n_words++;
    }
  bobbin_demo_script_piece (self, 0, content_type, "complete", index, NULL);
}

void
bobbin_demo_script_say (BobbinDemoScript *self,
                        const char       *text)
{
  g_string_append (self->said, text);
  stream (self, "text", text, self->word_delay_ms);
}

void
bobbin_demo_script_sayf (BobbinDemoScript *self,
                         const char       *format,
                         ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  bobbin_demo_script_say (self, text);
}

void
bobbin_demo_script_think (BobbinDemoScript *self,
                          const char       *text)
{
  stream (self, "thinking", text, self->word_delay_ms);
}

void
bobbin_demo_script_block (BobbinDemoScript *self,
                          const char       *content_type,
                          const char       *data)
{
  int index = self->index++;

  bobbin_demo_script_event (self, 4 * self->word_delay_ms, "content_block",
                            g_strdup_printf ("{\"content_type\":\"%s\",\"state\":\"complete\",\"index\":%d,"
                                             "\"data\":%s}",
                                             content_type, index, data));
}

void
bobbin_demo_script_tool (BobbinDemoScript *self,
                         const char       *name,
                         const char       *input,
                         guint             run_ms,
                         const char       *output,
                         gboolean          is_error)
{
  g_autofree char *call_id = g_strdup_printf ("call_%" G_GINT64_FORMAT, bobbin_id_new ());
  int index = self->index++;

  bobbin_demo_script_event (self, 4 * self->word_delay_ms, "content_block",
                            g_strdup_printf ("{\"content_type\":\"tool_use\",\"state\":\"start\",\"index\":%d,"
                                             "\"data\":{\"tool_name\":\"%s\",\"tool_call_id\":\"%s\"}}",
                                             index, name, call_id));
  bobbin_demo_script_event (self, 2 * self->word_delay_ms, "content_block",
                            g_strdup_printf ("{\"content_type\":\"tool_use\",\"state\":\"complete\",\"index\":%d,"
                                             "\"data\":{\"tool_name\":\"%s\",\"tool_call_id\":\"%s\",\"input\":%s}}",
                                             index, name, call_id, input));
  index = self->index++;
  bobbin_demo_script_event (self, run_ms, "content_block",
                            g_strdup_printf ("{\"content_type\":\"tool_result\",\"state\":\"complete\",\"index\":%d,"
                                             "\"data\":{\"tool_call_id\":\"%s\",\"name\":\"%s\",\"output\":%s%s}}",
                                             index, call_id, name, output, is_error ? ",\"is_error\":true" : ""));
}

void
bobbin_demo_script_append (BobbinDemoScript *self,
                           BobbinDemoScript *other)
{
  move (&other->steps, self->steps);
  move (&other->last, self->last);
  self->index = MAX (self->index, other->index);
  self->n_words += other->n_words;
  bobbin_demo_script_free (other);
}
