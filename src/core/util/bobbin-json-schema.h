/* A JSON value against a JSON Schema: the part of it that servers use for the state of a thread (pydantic, draft 2020-12). */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* FALSE with BOBBIN_ERROR_INVALID when @value does not fit @schema; the message names the place ("berth.number") and what was expected.
 * A keyword that is not known accepts. @partial: a value that is merged into a whole, so members of the outermost object may be missing. */
gboolean bobbin_json_schema_check (JsonObject *schema, JsonNode *value, gboolean partial, GError **error);

G_END_DECLS
