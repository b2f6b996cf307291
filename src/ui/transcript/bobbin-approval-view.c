#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-approval-view.h"

#include "bobbin-approval-tool.h"
#include "backend/bobbin-channel.h"
#include "model/bobbin-block.h"
#include "model/bobbin-message.h"
#include "model/bobbin-rule.h"
#include "util/bobbin-id.h"
#include "util/bobbin-json.h"

#include <glib/gi18n.h>

struct _BobbinApprovalView
{
  GtkWidget        parent_instance;
  /* template children */
  GtkWidget       *box;
  GtkImage        *icon;
  GtkLabel        *title;
  GtkLabel        *question;
  GtkWidget       *tools;
  GtkLabel        *note;
  GtkWidget       *remember_box;
  GtkCheckButton  *remember;
  GtkWidget       *scope_box;
  GtkCheckButton  *exact;
  GtkCheckButton  *any;
  GtkWidget       *revoke;
  GtkWidget       *buttons;
  GtkButton       *reject;
  GtkButton       *approve;
  /* owned */
  BobbinMessage   *message;
  BobbinBlock     *block;
  BobbinViewState *state;
  GPtrArray       *rows;   /* of BobbinApprovalTool, children of tools */
  GArray          *rules;  /* of gint64: those that decided it */
};

G_DEFINE_FINAL_TYPE (BobbinApprovalView, bobbin_approval_view, GTK_TYPE_WIDGET)

static gboolean
is_waiting (BobbinApprovalView *self)
{
  return bobbin_block_get_result (self->block) == NULL && bobbin_block_get_state (self->block) != BOBBIN_BLOCK_DONE;
}

/* All arguments are JSON objects, as far as they were edited. */
static gboolean
is_valid (BobbinApprovalView *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    if (!bobbin_approval_tool_is_valid (g_ptr_array_index (self->rows, i)))
      return FALSE;

  return TRUE;
}

static void
actions_update (BobbinApprovalView *self)
{
  gboolean waiting = is_waiting (self);
  gboolean changed = FALSE;

  for (guint i = 0; i < self->rows->len; i++)
    changed |= bobbin_approval_tool_get_edited (g_ptr_array_index (self->rows, i)) != NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "approval.approve", waiting && is_valid (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "approval.reject", waiting);
  gtk_button_set_label (self->approve, changed ? _("Approve With Changes") : _("Approve"));
  /* what was changed by hand would not be changed next time */
  gtk_widget_set_sensitive (self->remember_box, !changed);
}

/* A rule can be made where every tool has a name; for any arguments where no name says that it does harm. */
static void
update_remember (BobbinApprovalView *self)
{
  gboolean named = self->rows->len > 0 && g_str_equal (bobbin_block_get_answer_form (self->block), BOBBIN_APPROVAL_TOOLS);
  gboolean any = TRUE;

  for (guint i = 0; i < self->rows->len; i++)
    {
      const char *name = bobbin_approval_tool_get_name (g_ptr_array_index (self->rows, i));

      named &= name != NULL && *name != '\0';
      any &= name != NULL && bobbin_rule_may_cover_any (name);
    }
  gtk_widget_set_visible (self->remember_box, named && is_waiting (self));
  gtk_widget_set_visible (GTK_WIDGET (self->any), any);
  if (!any)
    gtk_check_button_set_active (self->exact, TRUE);
}

static void
remember_toggled_cb (BobbinApprovalView *self)
{
  gtk_widget_set_visible (self->scope_box, gtk_check_button_get_active (self->remember));
}

static void
remember (BobbinApprovalView *self)
{
  gboolean any = gtk_check_button_get_active (self->any);

  if (!gtk_check_button_get_active (self->remember) || !gtk_widget_get_sensitive (self->remember_box) ||
      !gtk_widget_get_visible (self->remember_box))
    return;

  for (guint i = 0; i < self->rows->len; i++)
    {
      BobbinApprovalTool *tool = g_ptr_array_index (self->rows, i);

      if (!bobbin_approval_tool_is_left_out (tool))
        gtk_widget_activate_action (GTK_WIDGET (self), "transcript.remember-approval", "(ss)",
                                    bobbin_approval_tool_get_name (tool),
                                    any ? "" : bobbin_approval_tool_get_arguments (tool));
    }
}

static void
add_decision (GVariantBuilder    *builder,
              BobbinDecisionType  type,
              const char         *arguments)
{
  g_variant_builder_add (builder, "(is)", (int) type, arguments != NULL ? arguments : "");
}

static void
decide (BobbinApprovalView *self,
        gboolean            approved)
{
  g_auto(GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(is)"));

  if (!is_waiting (self) || (approved && !is_valid (self)))
    return;

  for (guint i = 0; i < self->rows->len; i++)
    {
      BobbinApprovalTool *tool = g_ptr_array_index (self->rows, i);
      const char *edited = bobbin_approval_tool_get_edited (tool);

      if (!approved || bobbin_approval_tool_is_left_out (tool))
        add_decision (&builder, BOBBIN_DECISION_REJECT, NULL);
      else if (edited != NULL)
        add_decision (&builder, BOBBIN_DECISION_EDIT, edited);
      else
        add_decision (&builder, BOBBIN_DECISION_APPROVE, NULL);
    }
  if (approved)
    remember (self);
  if (self->rows->len == 0)
    add_decision (&builder, approved ? BOBBIN_DECISION_APPROVE : BOBBIN_DECISION_REJECT, NULL);

  gtk_widget_activate_action (GTK_WIDGET (self), "transcript.decide", "(xxa(is))",
                              bobbin_message_get_id (self->message), bobbin_block_get_id (self->block), &builder);
}

static void
decide_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  decide (BOBBIN_APPROVAL_VIEW (widget), g_str_equal (name, "approval.approve"));
}

static void
revoke_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  BobbinApprovalView *self = BOBBIN_APPROVAL_VIEW (widget);

  for (guint i = 0; i < self->rules->len; i++)
    gtk_widget_activate_action (widget, "transcript.revoke-rule", "x", g_array_index (self->rules, gint64, i));
  gtk_button_set_label (GTK_BUTTON (self->revoke), _("You Will Be Asked Again"));
  gtk_widget_action_set_enabled (widget, "approval.revoke", FALSE);
}

static JsonArray *
dup_tools (BobbinApprovalView *self)
{
  const char *data = bobbin_block_get_data (self->block);
  g_autoptr(JsonObject) object = data != NULL ? bobbin_json_parse_object (data, -1, NULL) : NULL;
  JsonArray *tools = object != NULL ? bobbin_json_get_array (object, "tools") : NULL;

  return tools != NULL ? json_array_ref (tools) : NULL;
}

static void
fill_tools (BobbinApprovalView *self)
{
  g_autoptr(JsonArray) tools = dup_tools (self);
  guint n_tools = tools != NULL ? json_array_get_length (tools) : 0;
  gint64 id = bobbin_block_get_id (self->block);
  GtkWidget *child;

  g_ptr_array_set_size (self->rows, 0);
  while ((child = gtk_widget_get_first_child (self->tools)) != NULL)
    gtk_box_remove (GTK_BOX (self->tools), child);

  for (guint i = 0; i < n_tools; i++)
    {
      GtkWidget *row = bobbin_approval_tool_new (json_array_get_element (tools, i), self->state, id, i,
                                                 is_waiting (self), n_tools > 1);

      g_signal_connect_object (row, "changed", G_CALLBACK (actions_update), self, G_CONNECT_SWAPPED);
      gtk_box_append (GTK_BOX (self->tools), row);
      g_ptr_array_add (self->rows, row);
    }
  gtk_widget_set_visible (self->tools, n_tools > 0);
}

/* What was decided, from the decisions kept in the block: an array of objects with a type, or approved. */
static char *
dup_outcome (BobbinApprovalView *self,
             gboolean           *ret_approved)
{
  const char *result = bobbin_block_get_result (self->block);
  g_autoptr(JsonNode) node = result != NULL ? bobbin_json_parse (result, -1, NULL) : NULL;
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint n_approved = 0;
  guint n_edited = 0;
  const char *over = NULL;
  guint n = array != NULL ? json_array_get_length (array) : 0;

  g_array_set_size (self->rules, 0);
  for (guint i = 0; i < n; i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (element) ? json_node_get_object (element) : NULL;
      const char *type = object != NULL ? bobbin_json_get_string (object, "type") : NULL;

      const char *rule = object != NULL ? bobbin_json_get_string (object, "rule") : NULL;
      gint64 id;

      if (rule != NULL && bobbin_id_parse (rule, &id))
        g_array_append_val (self->rules, id);
      if (g_strcmp0 (type, "stopped") == 0)
        over = _("Stopped");
      else if (g_strcmp0 (type, "refused") == 0)
        over = _("The agent did not take your decision");
      n_edited += g_strcmp0 (type, "edit") == 0;
      n_approved += g_strcmp0 (type, "approve") == 0 || g_strcmp0 (type, "edit") == 0 ||
                    (type == NULL && object != NULL && bobbin_json_get_bool (object, "approved", FALSE));
    }

  *ret_approved = n_approved > 0 || self->rules->len > 0;
  if (n == 0)
    return g_strdup (_("Decided"));
  if (over != NULL)
    return g_strdup (over);
  if (self->rules->len > 0)
    return g_strdup (_("Approved without asking, as you wished"));
  if (n_approved == 0)
    return g_strdup (_("You rejected this"));
  if (n_approved < n)
    return g_strdup_printf (_("You approved %1$u of %2$u"), n_approved, n);

  return g_strdup (n_edited > 0 ? _("You approved this with changes") : _("You approved this"));
}

static void
update (BobbinApprovalView *self)
{
  gboolean waiting = is_waiting (self);
  const char *question = bobbin_block_get_text (self->block);
  gboolean expired = bobbin_block_get_state (self->block) == BOBBIN_BLOCK_EXPIRED;
  gboolean approved = FALSE;
  g_autofree char *outcome = waiting ? NULL : dup_outcome (self, &approved);

  gtk_image_set_from_icon_name (self->icon, waiting ? "bobbin-question-symbolic" : approved ? "bobbin-check-symbolic"
                                                                                            : "bobbin-skip-symbolic");
  gtk_label_set_label (self->title, waiting ? _("The agent asks for your approval") : outcome);
  gtk_label_set_label (self->question, question);
  gtk_widget_set_visible (GTK_WIDGET (self->question), *question != '\0');
  gtk_label_set_label (self->note, _("This may have expired: the connection was lost while it waited. "
                                     "You can still answer; the agent may no longer take it."));
  gtk_widget_set_visible (GTK_WIDGET (self->note), waiting && expired);
  gtk_widget_set_visible (self->buttons, waiting);
  gtk_widget_set_visible (self->revoke, !waiting && self->rules->len > 0);
  if (waiting)
    gtk_widget_add_css_class (GTK_WIDGET (self), "waiting");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "waiting");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  gtk_label_get_label (self->title), -1);
  fill_tools (self);
  update_remember (self);
  actions_update (self);
}

static void
bobbin_approval_view_dispose (GObject *object)
{
  BobbinApprovalView *self = BOBBIN_APPROVAL_VIEW (object);

  if (self->rows != NULL)
    g_ptr_array_set_size (self->rows, 0);
  gtk_widget_dispose_template (GTK_WIDGET (self), BOBBIN_TYPE_APPROVAL_VIEW);

  G_OBJECT_CLASS (bobbin_approval_view_parent_class)->dispose (object);
}

static void
bobbin_approval_view_finalize (GObject *object)
{
  BobbinApprovalView *self = BOBBIN_APPROVAL_VIEW (object);

  g_clear_object (&self->message);
  g_clear_object (&self->block);
  g_clear_pointer (&self->state, bobbin_view_state_unref);
  g_ptr_array_unref (self->rows);
  g_array_unref (self->rules);

  G_OBJECT_CLASS (bobbin_approval_view_parent_class)->finalize (object);
}

static void
bobbin_approval_view_class_init (BobbinApprovalViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bobbin_approval_view_dispose;
  object_class->finalize = bobbin_approval_view_finalize;

  gtk_widget_class_set_css_name (widget_class, "approval");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, BOBBIN_APP_PATH "/ui/bobbin-approval-view.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinApprovalView, box);
  gtk_widget_class_bind_template_child (widget_class, BobbinApprovalView, icon);
  gtk_widget_class_bind_template_child (widget_class, BobbinApprovalView, title);
  gtk_widget_class_bind_template_child (widget_class, BobbinApprovalView, question);
  gtk_widget_class_bind_template_child (widget_class, BobbinApprovalView, tools);
  gtk_widget_class_bind_template_child (widget_class, BobbinApprovalView, note);
  gtk_widget_class_bind_template_child (widget_class, BobbinApprovalView, remember_box);
  gtk_widget_class_bind_template_child (widget_class, BobbinApprovalView, remember);
  gtk_widget_class_bind_template_child (widget_class, BobbinApprovalView, scope_box);
  gtk_widget_class_bind_template_child (widget_class, BobbinApprovalView, exact);
  gtk_widget_class_bind_template_child (widget_class, BobbinApprovalView, any);
  gtk_widget_class_bind_template_child (widget_class, BobbinApprovalView, revoke);
  gtk_widget_class_bind_template_child (widget_class, BobbinApprovalView, buttons);
  gtk_widget_class_bind_template_child (widget_class, BobbinApprovalView, reject);
  gtk_widget_class_bind_template_child (widget_class, BobbinApprovalView, approve);
  gtk_widget_class_install_action (widget_class, "approval.approve", NULL, decide_action);
  gtk_widget_class_install_action (widget_class, "approval.reject", NULL, decide_action);
  gtk_widget_class_install_action (widget_class, "approval.revoke", NULL, revoke_action);
  gtk_widget_class_bind_template_callback (widget_class, remember_toggled_cb);
}

static void
bobbin_approval_view_init (BobbinApprovalView *self)
{
  self->rows = g_ptr_array_new ();
  self->rules = g_array_new (FALSE, FALSE, sizeof (gint64));
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
bobbin_approval_view_new (BobbinMessage   *message,
                          BobbinBlock     *block,
                          BobbinViewState *state)
{
  BobbinApprovalView *self = g_object_new (BOBBIN_TYPE_APPROVAL_VIEW, NULL);

  self->message = g_object_ref (message);
  self->block = g_object_ref (block);
  self->state = bobbin_view_state_ref (state);
  g_signal_connect_object (block, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (block, "appended", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (block, "text-replaced", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);

  return GTK_WIDGET (self);
}
