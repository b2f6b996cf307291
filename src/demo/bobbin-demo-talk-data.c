#define G_LOG_DOMAIN "bobbin-demo"
#include "config.h"
#include "demo/bobbin-demo-talk-private.h"

#include "util/bobbin-json.h"

#include <string.h>

static char *
make_start (BobbinDemoTalk *self)
{
  g_autofree char *thread_id = bobbin_demo_quote (self->thread->id);

  if (bobbin_demo_link_get_kind (self->link) == BOBBIN_DEMO_LINK_SSE)
    return g_strdup_printf ("{\"thread_id\":%s,\"message\":{\"id\":\"am_%u\"},\"model\":\"demo-1\"}", thread_id,
                            self->number);
  if (self->id_changed)
    return g_strdup_printf ("{\"completion_id\":\"run_%u\",\"model\":\"demo-1\",\"agent_message_id\":\"am_%u\","
                            "\"thread_id\":%s}",
                            self->number, self->number, thread_id);

  return g_strdup_printf ("{\"completion_id\":\"run_%u\",\"model\":\"demo-1\",\"agent_message_id\":\"am_%u\"}",
                          self->number, self->number);
}

char *
_bobbin_demo_talk_make_stop (BobbinDemoTalk *self,
                             const char     *reason)
{
  gint64 ms = (g_get_monotonic_time () - self->started_us) / 1000;
  GString *data = g_string_new (NULL);

  g_string_printf (data, "{\"stop_reason\":\"%s\",\"user_message_id\":\"um_%u\",\"agent_message_id\":\"am_%u\","
                   "\"timing\":{\"total_ms\":%" G_GINT64_FORMAT ",\"provider_ms\":%" G_GINT64_FORMAT "}",
                   reason, self->number, self->number, ms, ms * 9 / 10);
  if (self->return_accumulated && self->script != NULL)
    {
      g_string_append (data, ",\"accumulated_content\":");
      bobbin_json_append_string (data, self->script->said->str);
    }
  g_string_append_c (data, '}');

  return g_string_free (data, FALSE);
}

static char *
make_usage (BobbinDemoTalk *self)
{
  guint output = self->script != NULL ? self->script->n_words : 0;
  guint input = self->input_tokens;

  if (bobbin_demo_link_get_kind (self->link) == BOBBIN_DEMO_LINK_SSE)
    return g_strdup_printf ("{\"usage\":{\"input_tokens\":%u,\"output_tokens\":%u,\"total_tokens\":%u},"
                            "\"model\":\"demo-1\"}",
                            input, output, input + output);

  return g_strdup_printf ("{\"input_tokens\":%u,\"output_tokens\":%u,\"total_tokens\":%u,\"model\":\"demo-1\"}",
                          input, output, input + output);
}

static char *
make_cost (BobbinDemoTalk *self)
{
  guint output = self->script != NULL ? self->script->n_words : 0;
  char cost[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (cost, sizeof cost, "%.6f", 0.000002 * self->input_tokens + 0.00001 * output);

  return g_strdup_printf ("{\"cost\":%s,\"currency\":\"EUR\",\"provider_cost_usd\":0.0}", cost);
}

static char *
make_timing (BobbinDemoTalk *self)
{
  gint64 ms = (g_get_monotonic_time () - self->started_us) / 1000;

  return g_strdup_printf ("{\"total_ms\":%" G_GINT64_FORMAT ",\"provider_ms\":%" G_GINT64_FORMAT
                          ",\"server_compute_ms\":1,"
                          "\"provider_calls\":[],\"tool_calls\":[]}", ms, ms * 9 / 10);
}

/* (nullable): none when the thread has a title. */
static char *
make_title (BobbinDemoTalk *self)
{
  g_autofree char *quoted = NULL;

  if (self->thread->title != NULL || self->title == NULL)
    return NULL;
  self->thread->title = g_strdup (self->title);
  quoted = bobbin_demo_quote (self->title);

  return g_strdup_printf ("{\"title\":%s}", quoted);
}

/* (nullable): the data of an event that a script leaves to us; NULL when it is not to be sent. */
char *
_bobbin_demo_talk_make_data (BobbinDemoTalk *self,
                             const char     *name)
{
  if (strcmp (name, "message_start") == 0)
    return make_start (self);
  if (strcmp (name, "message_stop") == 0)
    return _bobbin_demo_talk_make_stop (self, "end_turn");
  if (strcmp (name, "usage_metadata") == 0)
    return make_usage (self);
  if (strcmp (name, "cost_update") == 0)
    return make_cost (self);
  if (strcmp (name, "thread_title") == 0)
    return make_title (self);
  if (strcmp (name, "timing_details") == 0)
    return self->return_timing ? make_timing (self) : NULL;
  if (strcmp (name, "agent_context") == 0 && self->return_context)
    return g_strdup_printf ("{\"model\":\"demo-1\",\"total_tokens\":%u,\"num_messages\":%u,"
                            "\"tool_usage\":{\"total_calls\":0,\"tools_used\":[]}}",
                            self->input_tokens, self->thread->history->len);

  return NULL;
}

static BobbinDemoStepType
step_type_of (JsonObject  *object,
              guint64     *ret_number,
              char       **ret_text)
{
  static const struct { const char *member; BobbinDemoStepType type; } members[] = {
    { "frame", BOBBIN_DEMO_STEP_FRAME }, { "raw", BOBBIN_DEMO_STEP_RAW },     { "half", BOBBIN_DEMO_STEP_HALF },
    { "close", BOBBIN_DEMO_STEP_CLOSE }, { "drop", BOBBIN_DEMO_STEP_DROP },   { "stall", BOBBIN_DEMO_STEP_STALL },
    { "bench", BOBBIN_DEMO_STEP_BENCH }, { "flood", BOBBIN_DEMO_STEP_FLOOD }, { "over", BOBBIN_DEMO_STEP_OVER },
    { "drip", BOBBIN_DEMO_STEP_DRIP },
  };

  *ret_number = 0;
  *ret_text = NULL;
  if (bobbin_json_get_bool (object, "reset", FALSE))
    {
      *ret_number = 1;
      return BOBBIN_DEMO_STEP_DROP;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    if (json_object_has_member (object, members[i].member))
      {
        const char *member = members[i].type == BOBBIN_DEMO_STEP_CLOSE ? "reason" : members[i].member;

        *ret_number = (guint64) MAX (bobbin_json_get_int (object, members[i].member, 0), 0);
        *ret_text = g_strdup (bobbin_json_get_string (object, member));
        if (*ret_text == NULL && members[i].type != BOBBIN_DEMO_STEP_CLOSE)
          *ret_text = g_strdup ("");
        return members[i].type;
      }

  return BOBBIN_DEMO_STEP_WAIT;
}

/* Steps given by a test. Waiting is in real milliseconds there, whatever the speed. */
BobbinDemoScript *
_bobbin_demo_talk_parse_steps (BobbinDemoTalk *self,
                               const char     *steps)
{
  BobbinDemoScript *script = bobbin_demo_script_new ();
  g_autoptr(JsonNode) root = bobbin_json_parse (steps, -1, NULL);
  JsonArray *list = root != NULL && JSON_NODE_HOLDS_ARRAY (root) ? json_node_get_array (root) : NULL;
  guint speed = MAX (_bobbin_demo_server_get_speed (self->server), 1);

  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      JsonNode *node = json_array_get_element (list, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *name = object != NULL ? bobbin_json_get_string (object, "event") : NULL;
      guint delay_ms = object != NULL ? (guint) CLAMP (bobbin_json_get_int (object, "wait_ms", 0), 0, 3600000) : 0;

      delay_ms = delay_ms * BOBBIN_DEMO_SPEED_HUMAN / speed;
      if (name != NULL)
        {
          JsonObject *data = bobbin_json_get_object (object, "data");

          bobbin_demo_script_event (script, delay_ms, g_intern_string (name),
                                    data != NULL ? bobbin_json_object_to_text (data, FALSE)
                                      : _bobbin_demo_talk_make_data (self, name));
        }
      else if (object != NULL)
        {
          guint64 number;
          char *text;
          BobbinDemoStepType type = step_type_of (object, &number, &text);

          bobbin_demo_script_step (script, type, delay_ms, number, text);
        }
    }

  return script;
}
