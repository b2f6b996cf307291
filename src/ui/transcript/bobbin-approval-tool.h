/* One tool an approval is about: its name and its arguments, to read or to edit as JSON. Signal "changed". */
#pragma once

#include <gtk/gtk.h>
#include <json-glib/json-glib.h>

#include "ui/transcript/bobbin-view-state.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_APPROVAL_TOOL (bobbin_approval_tool_get_type ())
G_DECLARE_FINAL_TYPE (BobbinApprovalTool, bobbin_approval_tool, BOBBIN, APPROVAL_TOOL, GtkWidget)

/* @tool: {"name", "args"}, as a server sent it. @can_leave_out: one of several, which may be rejected alone. */
GtkWidget  *bobbin_approval_tool_new         (JsonNode *tool, BobbinViewState *state, gint64 block_id, guint index, gboolean can_edit,
                                              gboolean can_leave_out) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): JSON text of the arguments where they were changed. */
const char *bobbin_approval_tool_get_edited  (BobbinApprovalTool *self);
gboolean    bobbin_approval_tool_is_valid    (BobbinApprovalTool *self);
gboolean    bobbin_approval_tool_is_left_out (BobbinApprovalTool *self);

/* (nullable): the server did not name it. */
const char *bobbin_approval_tool_get_name      (BobbinApprovalTool *self);
/* JSON, as it was asked. */
const char *bobbin_approval_tool_get_arguments (BobbinApprovalTool *self);

G_END_DECLS
