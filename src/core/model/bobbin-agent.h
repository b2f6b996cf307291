/* An agent of an account: what one talks with. Immutable. */
#pragma once

#include "bobbin-types.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_AGENT (bobbin_agent_get_type ())
G_DECLARE_FINAL_TYPE (BobbinAgent, bobbin_agent, BOBBIN, AGENT, GObject)

/* Properties, all construct-only: "account-id", "agent-id" (the server's, opaque), "name", "model". */
BobbinAgent *bobbin_agent_new            (gint64 account_id, const char *agent_id, const char *name, const char *model) G_GNUC_WARN_UNUSED_RESULT;
gint64       bobbin_agent_get_account_id (BobbinAgent *self);
const char  *bobbin_agent_get_agent_id   (BobbinAgent *self);
const char  *bobbin_agent_get_name       (BobbinAgent *self); /* the id when the server gave no name */
const char  *bobbin_agent_get_model      (BobbinAgent *self); /* (nullable) */

G_END_DECLS
