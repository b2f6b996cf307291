/* Approvals given for good: kept in memory, so that a card is answered before it is shown, and in the store. */
#define G_LOG_DOMAIN "bobbin-session"
#include "config.h"
#include "session/bobbin-library-private.h"

#include "model/bobbin-rule.h"
#include "util/bobbin-json.h"

GListModel *
bobbin_library_get_rules (BobbinLibrary *self)
{
  g_return_val_if_fail (BOBBIN_IS_LIBRARY (self), NULL);

  return G_LIST_MODEL (self->rules);
}

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(BobbinLibrary) self = user_data;
  g_autoptr(GError) error = NULL;

  if (bobbin_store_finish (BOBBIN_STORE (source), result, &error))
    {
      _bobbin_library_store_worked (self);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_autoptr(BobbinFailure) failure = bobbin_failure_new (BOBBIN_ERROR_STORE, BOBBIN_CERTAINTY_UNSENT, error->message);

      _bobbin_library_store_failed (self, failure);
    }
}

static BobbinRule *
find_same (BobbinLibrary *self,
           BobbinRule    *wanted)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->rules)); i++)
    {
      g_autoptr(BobbinRule) rule = g_list_model_get_item (G_LIST_MODEL (self->rules), i);

      if (bobbin_rule_get_account_id (rule) == bobbin_rule_get_account_id (wanted) &&
          g_strcmp0 (bobbin_rule_get_agent_id (rule), bobbin_rule_get_agent_id (wanted)) == 0 &&
          g_strcmp0 (bobbin_rule_get_tool (rule), bobbin_rule_get_tool (wanted)) == 0 &&
          g_strcmp0 (bobbin_rule_get_arguments (rule), bobbin_rule_get_arguments (wanted)) == 0)
        return rule; /* the list holds it */
    }

  return NULL;
}

void
bobbin_library_add_rule (BobbinLibrary *self,
                         BobbinRule    *rule)
{
  g_return_if_fail (BOBBIN_IS_LIBRARY (self));
  g_return_if_fail (BOBBIN_IS_RULE (rule));

  if (self->closed || find_same (self, rule) != NULL)
    return;

  g_list_store_append (self->rules, rule);
  bobbin_store_save_rule_async (self->store, rule, NULL, saved_cb, g_object_ref (self));
}

void
bobbin_library_revoke_rule (BobbinLibrary *self,
                            BobbinRule    *rule)
{
  guint position;

  g_return_if_fail (BOBBIN_IS_LIBRARY (self));
  g_return_if_fail (BOBBIN_IS_RULE (rule));

  if (self->closed || !g_list_store_find (self->rules, rule, &position))
    return;

  bobbin_store_delete_rule_async (self->store, bobbin_rule_get_id (rule), NULL, saved_cb, g_object_ref (self));
  g_list_store_remove (self->rules, position);
}

BobbinRule *
bobbin_library_find_rule (BobbinLibrary *self,
                          gint64         rule_id)
{
  g_return_val_if_fail (BOBBIN_IS_LIBRARY (self), NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->rules)); i++)
    {
      g_autoptr(BobbinRule) rule = g_list_model_get_item (G_LIST_MODEL (self->rules), i);

      if (bobbin_rule_get_id (rule) == rule_id)
        return rule;
    }

  return NULL;
}

static BobbinRule *
find_cover (BobbinLibrary *self,
            gint64         account_id,
            const char    *agent_id,
            JsonNode      *tool)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (tool) ? json_node_get_object (tool) : NULL;
  const char *name = object != NULL ? bobbin_json_get_string (object, "name") : NULL;
  JsonNode *arguments = object != NULL ? bobbin_json_get_node (object, "args") : NULL;

  for (guint i = 0; name != NULL && i < g_list_model_get_n_items (G_LIST_MODEL (self->rules)); i++)
    {
      g_autoptr(BobbinRule) rule = g_list_model_get_item (G_LIST_MODEL (self->rules), i);

      if (bobbin_rule_covers (rule, account_id, agent_id, name, arguments))
        return rule;
    }

  return NULL;
}

GPtrArray *
_bobbin_library_cover (BobbinLibrary *self,
                       gint64         account_id,
                       const char    *agent_id,
                       const char    *data)
{
  g_autoptr(JsonObject) object = data != NULL ? bobbin_json_parse_object (data, -1, NULL) : NULL;
  JsonArray *tools = object != NULL ? bobbin_json_get_array (object, "tools") : NULL;
  g_autoptr(GPtrArray) rules = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = tools != NULL ? json_array_get_length (tools) : 0;

  for (guint i = 0; i < n; i++)
    {
      BobbinRule *rule = find_cover (self, account_id, agent_id, json_array_get_element (tools, i));

      if (rule == NULL)
        return NULL;
      g_ptr_array_add (rules, g_object_ref (rule));
    }

  return n > 0 ? g_steal_pointer (&rules) : NULL;
}

void
_bobbin_library_rules_used (BobbinLibrary *self,
                            GPtrArray     *rules)
{
  for (guint i = 0; i < rules->len; i++)
    {
      BobbinRule *rule = g_ptr_array_index (rules, i);

      bobbin_rule_set_uses (rule, bobbin_rule_get_n_uses (rule) + 1, bobbin_clock_now_us (self->clock));
      bobbin_store_save_rule_async (self->store, rule, NULL, saved_cb, g_object_ref (self));
    }
}

void
_bobbin_library_forget_account_rules (BobbinLibrary *self,
                                      gint64         account_id)
{
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->rules)); i-- > 0;)
    {
      g_autoptr(BobbinRule) rule = g_list_model_get_item (G_LIST_MODEL (self->rules), i);

      if (bobbin_rule_get_account_id (rule) == account_id)
        g_list_store_remove (self->rules, i);
    }
}

/* Without them every card asks: that is safe, so loading goes on when they cannot be read. */
static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BobbinLibrary) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) rules = bobbin_store_list_rules_finish (BOBBIN_STORE (source), result, &error);

  if (rules == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_message ("The approvals that were remembered could not be read: %s", error->message);
      return;
    }
  if (!self->closed)
    g_list_store_splice (self->rules, 0, 0, rules->pdata, rules->len);
}

void
_bobbin_library_load_rules (BobbinLibrary *self)
{
  bobbin_store_list_rules_async (self->store, self->cancellable, listed_cb, g_object_ref (self));
}
