/* An approval the person gave for good: from now on this tool of this agent may run without asking, either with exactly these
 * arguments or with any. Made only by the person, shown in the preferences with how often it was used, and revocable. Immutable but
 * for the count. */
#pragma once

#include "bobbin-types.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_RULE (bobbin_rule_get_type ())
G_DECLARE_FINAL_TYPE (BobbinRule, bobbin_rule, BOBBIN, RULE, GObject)

/* Properties: "id", "account-id", "agent-id" (nullable), "tool", "arguments" (nullable: any), "created-us" (all construct-only),
 * "n-uses", "last-used-us" (0: never).
 * @arguments: JSON text, kept in one form (members sorted) so that it is compared by what it says. */
BobbinRule *bobbin_rule_new              (gint64 id, gint64 account_id, const char *agent_id, const char *tool, const char *arguments,
                                          gint64 created_us) G_GNUC_WARN_UNUSED_RESULT;
gint64      bobbin_rule_get_id           (BobbinRule *self);
gint64      bobbin_rule_get_account_id   (BobbinRule *self);
const char *bobbin_rule_get_agent_id     (BobbinRule *self); /* (nullable): of services without agents */
const char *bobbin_rule_get_tool         (BobbinRule *self);
const char *bobbin_rule_get_arguments    (BobbinRule *self); /* (nullable): any */
gint64      bobbin_rule_get_created_us   (BobbinRule *self);
guint       bobbin_rule_get_n_uses       (BobbinRule *self);
gint64      bobbin_rule_get_last_used_us (BobbinRule *self);
void        bobbin_rule_set_uses         (BobbinRule *self, guint n_uses, gint64 last_used_us);
/* Whether it allows the call: same account, same agent, same tool, arguments as the rule says. @arguments (nullable): none. */
gboolean    bobbin_rule_covers           (BobbinRule *self, gint64 account_id, const char *agent_id, const char *tool, JsonNode *arguments);

/* Whether a rule for any arguments may be offered: not for tools whose name says that they destroy, send, pay or run something,
 * where other arguments are another thing altogether. */
gboolean    bobbin_rule_may_cover_any    (const char *tool);
/* (transfer full): the JSON with its members sorted, without white space. NULL gives "{}". */
char       *bobbin_rule_dup_canonical    (JsonNode *arguments) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
