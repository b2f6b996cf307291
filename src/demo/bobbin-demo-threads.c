#define G_LOG_DOMAIN "bobbin-demo"
#include "config.h"
#include "demo/bobbin-demo-server-private.h"

#include "util/bobbin-error.h"
#include "util/bobbin-json.h"

#include <string.h>

void
bobbin_demo_thread_free (BobbinDemoThread *self)
{
  g_free (self->id);
  g_free (self->title);
  g_free (self->expired);
  g_ptr_array_unref (self->history);
  g_free (self);
}

gboolean
bobbin_demo_is_expiry (const char *how)
{
  static const char *const words[] = { "loud", "4004", "404", "silent", NULL };

  return how != NULL && g_strv_contains (words, how);
}

void
bobbin_demo_fault_free (BobbinDemoFault *self)
{
  if (self == NULL)
    return;

  g_free (self->retry_after);
  g_free (self->text);
  g_free (self);
}

BobbinDemoFault *
bobbin_demo_fault_copy (const BobbinDemoFault *self)
{
  BobbinDemoFault *copy = g_memdup2 (self, sizeof *self);

  copy->retry_after = g_strdup (self->retry_after);
  copy->text = g_strdup (self->text);

  return copy;
}

/* (nullable): the array of steps as text. */
static char *
dup_steps (JsonObject *object,
           const char *member)
{
  JsonNode *node = bobbin_json_get_node (object, member);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? bobbin_json_to_text (node, FALSE) : NULL;
}

static gboolean
read_type (JsonObject      *object,
           BobbinDemoFault *fault)
{
  static const struct { const char *member; BobbinDemoFaultType type; } types[] = {
    { "say", BOBBIN_DEMO_FAULT_SAY },         { "script", BOBBIN_DEMO_FAULT_SCRIPT }, { "refuse", BOBBIN_DEMO_FAULT_REFUSE },
    { "connect", BOBBIN_DEMO_FAULT_CONNECT }, { "hang", BOBBIN_DEMO_FAULT_HANG },     { "drop", BOBBIN_DEMO_FAULT_DROP },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      if (!json_object_has_member (object, types[i].member))
        continue;
      fault->type = types[i].type;
      if (fault->type == BOBBIN_DEMO_FAULT_SAY)
        fault->text = g_strdup (bobbin_json_get_string (object, "say"));
      else if (fault->type == BOBBIN_DEMO_FAULT_SCRIPT || fault->type == BOBBIN_DEMO_FAULT_CONNECT)
        fault->text = dup_steps (object, types[i].member);
      else if (fault->type == BOBBIN_DEMO_FAULT_REFUSE)
        {
          fault->status = (guint) CLAMP (bobbin_json_get_int (object, "refuse", 0), 0, 599);
          fault->retry_after = bobbin_json_dup_text (object, "retry_after");
          fault->text = g_strdup (bobbin_json_get_string (object, "body"));
          return fault->status >= 300;
        }
      else
        return bobbin_json_get_bool (object, types[i].member, FALSE);
      return fault->text != NULL;
    }

  return FALSE;
}

BobbinDemoFault *
bobbin_demo_fault_parse (JsonObject *object,
                         GError    **error)
{
  BobbinDemoFault *fault = g_new0 (BobbinDemoFault, 1);
  const char *on = bobbin_json_get_string (object, "on");

  fault->times = (guint) CLAMP (bobbin_json_get_int (object, "times", 1), 0, G_MAXINT);
  fault->on = g_strcmp0 (on, "ws") == 0 ? BOBBIN_DEMO_LINK_WS : g_strcmp0 (on, "sse") == 0 ? BOBBIN_DEMO_LINK_SSE : -1;
  if (!read_type (object, fault))
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID, "Not a fault the demo server knows");
      bobbin_demo_fault_free (fault);
      return NULL;
    }

  return fault;
}
