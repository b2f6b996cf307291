#define G_LOG_DOMAIN "bobbin-model"
#include "config.h"
#include "model/bobbin-rule.h"

#include "model/bobbin-model-private.h"
#include "util/bobbin-id.h"
#include "util/bobbin-json.h"

#include <string.h>

struct _BobbinRule
{
  GObject parent_instance;

  gint64  id;
  gint64  account_id;
  char   *agent_id;
  char   *tool;
  char   *arguments;
  gint64  created_us;
  gint64  last_used_us;
  guint   n_uses;
};

enum
{
  PROP_ID = 1,
  PROP_ACCOUNT_ID,
  PROP_AGENT_ID,
  PROP_TOOL,
  PROP_ARGUMENTS,
  PROP_CREATED_US,
  PROP_N_USES,
  PROP_LAST_USED_US,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (BobbinRule, bobbin_rule, G_TYPE_OBJECT)

/* One form for what says the same */

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void append_canonical (GString *out, JsonNode *node, guint depth);

static void
append_object (GString    *out,
               JsonObject *object,
               guint       depth)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new ();
  JsonObjectIter iter;
  const char *name;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, NULL))
    g_ptr_array_add (names, (gpointer) name);
  g_ptr_array_sort (names, compare_names);
  g_string_append_c (out, '{');
  for (guint i = 0; i < names->len; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      bobbin_json_append_string (out, names->pdata[i]);
      g_string_append_c (out, ':');
      append_canonical (out, json_object_get_member (object, names->pdata[i]), depth + 1);
    }
  g_string_append_c (out, '}');
}

/* As deep as what was parsed, which is bounded. */
static void
append_canonical (GString  *out,
                  JsonNode *node,
                  guint     depth)
{
  if (JSON_NODE_HOLDS_OBJECT (node) && depth < BOBBIN_JSON_MAX_DEPTH)
    {
      append_object (out, json_node_get_object (node), depth);
    }
  else if (JSON_NODE_HOLDS_ARRAY (node) && depth < BOBBIN_JSON_MAX_DEPTH)
    {
      JsonArray *array = json_node_get_array (node);

      g_string_append_c (out, '[');
      for (guint i = 0; i < json_array_get_length (array); i++)
        {
          if (i > 0)
            g_string_append_c (out, ',');
          append_canonical (out, json_array_get_element (array, i), depth + 1);
        }
      g_string_append_c (out, ']');
    }
  else
    {
      g_autofree char *text = bobbin_json_to_text (node, FALSE);

      g_string_append (out, text);
    }
}

char *
bobbin_rule_dup_canonical (JsonNode *arguments)
{
  GString *out = g_string_new (NULL);

  if (arguments == NULL || JSON_NODE_HOLDS_NULL (arguments))
    g_string_append (out, "{}");
  else
    append_canonical (out, arguments, 0);

  return g_string_free (out, FALSE);
}

/* Object */

static void
bobbin_rule_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  BobbinRule *self = BOBBIN_RULE (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_int64 (value, self->id);
      break;
    case PROP_ACCOUNT_ID:
      g_value_set_int64 (value, self->account_id);
      break;
    case PROP_AGENT_ID:
      g_value_set_string (value, self->agent_id);
      break;
    case PROP_TOOL:
      g_value_set_string (value, self->tool);
      break;
    case PROP_ARGUMENTS:
      g_value_set_string (value, self->arguments);
      break;
    case PROP_CREATED_US:
      g_value_set_int64 (value, self->created_us);
      break;
    case PROP_N_USES:
      g_value_set_uint (value, self->n_uses);
      break;
    case PROP_LAST_USED_US:
      g_value_set_int64 (value, self->last_used_us);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_rule_set_property (GObject      *object,
                          guint         prop_id,
                          const GValue *value,
                          GParamSpec   *pspec)
{
  BobbinRule *self = BOBBIN_RULE (object);

  switch (prop_id)
    {
    case PROP_ID:
      self->id = g_value_get_int64 (value);
      break;
    case PROP_ACCOUNT_ID:
      self->account_id = g_value_get_int64 (value);
      break;
    case PROP_AGENT_ID:
      self->agent_id = g_value_dup_string (value);
      break;
    case PROP_TOOL:
      self->tool = g_value_dup_string (value);
      break;
    case PROP_ARGUMENTS:
      self->arguments = g_value_dup_string (value);
      break;
    case PROP_CREATED_US:
      self->created_us = g_value_get_int64 (value);
      break;
    case PROP_N_USES:
      bobbin_rule_set_uses (self, g_value_get_uint (value), self->last_used_us);
      break;
    case PROP_LAST_USED_US:
      bobbin_rule_set_uses (self, self->n_uses, g_value_get_int64 (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_rule_finalize (GObject *object)
{
  BobbinRule *self = BOBBIN_RULE (object);

  g_free (self->agent_id);
  g_free (self->tool);
  g_free (self->arguments);

  G_OBJECT_CLASS (bobbin_rule_parent_class)->finalize (object);
}

static void
bobbin_rule_class_init (BobbinRuleClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bobbin_rule_get_property;
  object_class->set_property = bobbin_rule_set_property;
  object_class->finalize = bobbin_rule_finalize;

  props[PROP_ID] = g_param_spec_int64 ("id", NULL, NULL, G_MININT64, G_MAXINT64, 0, BOBBIN_PARAM_CONSTRUCT_ONLY);
  props[PROP_ACCOUNT_ID] =
    g_param_spec_int64 ("account-id", NULL, NULL, G_MININT64, G_MAXINT64, 0, BOBBIN_PARAM_CONSTRUCT_ONLY);
  props[PROP_AGENT_ID] = g_param_spec_string ("agent-id", NULL, NULL, NULL, BOBBIN_PARAM_CONSTRUCT_ONLY);
  props[PROP_TOOL] = g_param_spec_string ("tool", NULL, NULL, "", BOBBIN_PARAM_CONSTRUCT_ONLY);
  props[PROP_ARGUMENTS] = g_param_spec_string ("arguments", NULL, NULL, NULL, BOBBIN_PARAM_CONSTRUCT_ONLY);
  props[PROP_CREATED_US] =
    g_param_spec_int64 ("created-us", NULL, NULL, G_MININT64, G_MAXINT64, 0, BOBBIN_PARAM_CONSTRUCT_ONLY);
  props[PROP_N_USES] = g_param_spec_uint ("n-uses", NULL, NULL, 0, G_MAXUINT, 0, BOBBIN_PARAM_RW);
  props[PROP_LAST_USED_US] =
    g_param_spec_int64 ("last-used-us", NULL, NULL, G_MININT64, G_MAXINT64, 0, BOBBIN_PARAM_RW);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
bobbin_rule_init (BobbinRule *self)
{
}

BobbinRule *
bobbin_rule_new (gint64      id,
                 gint64      account_id,
                 const char *agent_id,
                 const char *tool,
                 const char *arguments,
                 gint64      created_us)
{
  g_autoptr(JsonNode) node = arguments != NULL ? bobbin_json_parse (arguments, -1, NULL) : NULL;
  g_autofree char *canonical = node != NULL ? bobbin_rule_dup_canonical (node) : NULL;

  /* what cannot be read covers nothing; never everything */
  if (arguments != NULL && canonical == NULL)
    canonical = g_strdup (arguments);

  return g_object_new (BOBBIN_TYPE_RULE,
                       "id", id != 0 ? id : bobbin_id_new (),
                       "account-id", account_id,
                       "agent-id", agent_id,
                       "tool", tool,
                       "arguments", canonical,
                       "created-us", created_us,
                       NULL);
}

gint64
bobbin_rule_get_id (BobbinRule *self)
{
  g_return_val_if_fail (BOBBIN_IS_RULE (self), 0);

  return self->id;
}

gint64
bobbin_rule_get_account_id (BobbinRule *self)
{
  g_return_val_if_fail (BOBBIN_IS_RULE (self), 0);

  return self->account_id;
}

const char *
bobbin_rule_get_agent_id (BobbinRule *self)
{
  g_return_val_if_fail (BOBBIN_IS_RULE (self), NULL);

  return self->agent_id;
}

const char *
bobbin_rule_get_tool (BobbinRule *self)
{
  g_return_val_if_fail (BOBBIN_IS_RULE (self), NULL);

  return self->tool;
}

const char *
bobbin_rule_get_arguments (BobbinRule *self)
{
  g_return_val_if_fail (BOBBIN_IS_RULE (self), NULL);

  return self->arguments;
}

gint64
bobbin_rule_get_created_us (BobbinRule *self)
{
  g_return_val_if_fail (BOBBIN_IS_RULE (self), 0);

  return self->created_us;
}

guint
bobbin_rule_get_n_uses (BobbinRule *self)
{
  g_return_val_if_fail (BOBBIN_IS_RULE (self), 0);

  return self->n_uses;
}

gint64
bobbin_rule_get_last_used_us (BobbinRule *self)
{
  g_return_val_if_fail (BOBBIN_IS_RULE (self), 0);

  return self->last_used_us;
}

void
bobbin_rule_set_uses (BobbinRule *self,
                      guint       n_uses,
                      gint64      last_used_us)
{
  g_return_if_fail (BOBBIN_IS_RULE (self));

  if (self->n_uses != n_uses)
    {
      self->n_uses = n_uses;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_USES]);
    }
  if (self->last_used_us != last_used_us)
    {
      self->last_used_us = last_used_us;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LAST_USED_US]);
    }
}

gboolean
bobbin_rule_covers (BobbinRule *self,
                    gint64      account_id,
                    const char *agent_id,
                    const char *tool,
                    JsonNode   *arguments)
{
  g_autofree char *canonical = NULL;

  g_return_val_if_fail (BOBBIN_IS_RULE (self), FALSE);

  if (self->account_id != account_id || g_strcmp0 (self->agent_id, agent_id) != 0 || *self->tool == '\0' ||
      g_strcmp0 (self->tool, tool) != 0)
    return FALSE;
  if (self->arguments == NULL)
    return bobbin_rule_may_cover_any (tool);

  canonical = bobbin_rule_dup_canonical (arguments);
  return strcmp (canonical, self->arguments) == 0;
}

gboolean
bobbin_rule_may_cover_any (const char *tool)
{
  static const char *const words[] = {
    "delete", "remove", "drop", "destroy", "purge", "erase", "wipe", "truncate", "clear", "reset", "kill", "terminate", "shutdown",
    "revoke", "cancel", "overwrite", "pay", "transfer", "purchase", "buy", "order", "refund", "charge", "withdraw", "send", "mail",
    "post", "publish", "tweet", "reply", "exec", "execute", "run", "shell", "bash", "command", "sudo", "eval", "script", "sql", "query",
    "deploy", "grant", "write", "upload", "install",
  };
  g_autofree char *lower = g_utf8_strdown (tool, -1);

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strstr (lower, words[i]) != NULL)
      return FALSE;

  return TRUE;
}
