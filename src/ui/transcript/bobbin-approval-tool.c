#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-approval-tool.h"

#include "bobbin-json-problem.h"
#include "bobbin-json-view.h"
#include "util/bobbin-json.h"

#include <glib/gi18n.h>

struct _BobbinApprovalTool
{
  GtkWidget        parent_instance;
  /* template children */
  GtkWidget       *box;
  GtkLabel        *name_label;
  GtkCheckButton  *leave_out;
  GtkToggleButton *edit;
  GtkWidget       *place;
  GtkLabel        *problem;
  /* owned */
  BobbinViewState *state;
  char            *name;       /* (nullable) */
  char            *arguments;  /* indented JSON, as it was asked */
  gint64           block_id;
  guint            index;
  gboolean         valid;
};

enum { SIGNAL_CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BobbinApprovalTool, bobbin_approval_tool, GTK_TYPE_WIDGET)

static void
changed_cb (BobbinApprovalTool *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* The place is underlined, and told to assistive tools as invalid. */
static void
mark_problem (BobbinApprovalTool      *self,
              const BobbinJsonProblem *problem)
{
  GtkWidget *view = gtk_widget_get_first_child (self->place);
  GtkTextBuffer *buffer;
  GtkTextIter start;
  GtkTextIter end;

  if (view == NULL || !GTK_IS_TEXT_VIEW (view))
    return;

  buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  gtk_text_buffer_remove_tag_by_name (buffer, "problem", &start, &end);
  gtk_accessible_update_state (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_STATE_INVALID,
                               problem != NULL ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
  if (problem == NULL || problem->mistake == BOBBIN_JSON_FINE)
    return;

  gtk_text_buffer_get_iter_at_line (buffer, &start, (int) problem->line - 1);
  for (guint i = 1; i < problem->column && !gtk_text_iter_ends_line (&start); i++)
    gtk_text_iter_forward_char (&start);
  end = start;
  if (!gtk_text_iter_forward_char (&end))
    gtk_text_iter_backward_char (&start);
  gtk_text_buffer_apply_tag_by_name (buffer, "problem", &start, &end);
}

/* Only an object can be sent instead of the arguments that were asked. */
static void
validate (BobbinApprovalTool *self)
{
  const char *text = bobbin_approval_tool_get_edited (self);
  BobbinJsonProblem problem = { BOBBIN_JSON_FINE, 0, 1, 1 };
  g_autoptr(BobbinJsonIndex) json = text != NULL ? bobbin_json_index_new (text, -1, &problem) : NULL;
  g_autofree char *words = NULL;

  self->valid = text == NULL || (json != NULL && bobbin_json_index_is (json, 0, BOBBIN_JSON_OBJECT));
  if (problem.mistake != BOBBIN_JSON_FINE)
    words = bobbin_json_problem_dup_words (&problem);
  else if (!self->valid)
    words = g_strdup (_("The arguments must be an object, in curly brackets."));
  mark_problem (self, self->valid ? NULL : &problem);
  gtk_label_set_label (self->problem, words != NULL ? words : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), !self->valid);
}

static void
buffer_changed_cb (GtkTextBuffer      *buffer,
                   BobbinApprovalTool *self)
{
  GtkTextIter start;
  GtkTextIter end;
  g_autofree char *text = NULL;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  text = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  bobbin_view_state_set_edit (self->state, self->block_id, self->index, text);
  validate (self);
  changed_cb (self);
}

static GtkWidget *
make_editor (BobbinApprovalTool *self)
{
  GtkWidget *view = gtk_text_view_new ();
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  const char *edited = bobbin_view_state_get_edit (self->state, self->block_id, self->index);

  gtk_text_view_set_monospace (GTK_TEXT_VIEW (view), TRUE);
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (view), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_buffer_create_tag (buffer, "problem", "underline", PANGO_UNDERLINE_ERROR, NULL);
  gtk_text_buffer_set_text (buffer, edited != NULL ? edited : self->arguments, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Arguments as JSON"), -1);
  g_signal_connect_object (buffer, "changed", G_CALLBACK (buffer_changed_cb), self, 0);

  return view;
}

static void
show_arguments (BobbinApprovalTool *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->place)) != NULL)
    gtk_box_remove (GTK_BOX (self->place), child);

  if (gtk_toggle_button_get_active (self->edit))
    {
      child = make_editor (self);
    }
  else
    {
      const char *edited = bobbin_view_state_get_edit (self->state, self->block_id, self->index);

      child = bobbin_json_view_new (_("Arguments"), edited != NULL ? edited : self->arguments);
    }
  gtk_box_append (GTK_BOX (self->place), child);
  validate (self);
}

static void
edit_toggled_cb (BobbinApprovalTool *self)
{
  show_arguments (self);
  if (gtk_toggle_button_get_active (self->edit))
    gtk_widget_grab_focus (gtk_widget_get_first_child (self->place));
}

static void
bobbin_approval_tool_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), BOBBIN_TYPE_APPROVAL_TOOL);

  G_OBJECT_CLASS (bobbin_approval_tool_parent_class)->dispose (object);
}

static void
bobbin_approval_tool_finalize (GObject *object)
{
  BobbinApprovalTool *self = BOBBIN_APPROVAL_TOOL (object);

  g_clear_pointer (&self->state, bobbin_view_state_unref);
  g_free (self->name);
  g_free (self->arguments);

  G_OBJECT_CLASS (bobbin_approval_tool_parent_class)->finalize (object);
}

static void
bobbin_approval_tool_class_init (BobbinApprovalToolClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bobbin_approval_tool_dispose;
  object_class->finalize = bobbin_approval_tool_finalize;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, BOBBIN_APP_PATH "/ui/bobbin-approval-tool.ui");
  gtk_widget_class_bind_template_child (widget_class, BobbinApprovalTool, box);
  gtk_widget_class_bind_template_child (widget_class, BobbinApprovalTool, name_label);
  gtk_widget_class_bind_template_child (widget_class, BobbinApprovalTool, leave_out);
  gtk_widget_class_bind_template_child (widget_class, BobbinApprovalTool, edit);
  gtk_widget_class_bind_template_child (widget_class, BobbinApprovalTool, place);
  gtk_widget_class_bind_template_child (widget_class, BobbinApprovalTool, problem);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, edit_toggled_cb);

  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bobbin_approval_tool_init (BobbinApprovalTool *self)
{
  self->valid = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
bobbin_approval_tool_new (JsonNode        *tool,
                          BobbinViewState *state,
                          gint64           block_id,
                          guint            index,
                          gboolean         can_edit,
                          gboolean         can_leave_out)
{
  BobbinApprovalTool *self = g_object_new (BOBBIN_TYPE_APPROVAL_TOOL, NULL);
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (tool) ? json_node_get_object (tool) : NULL;
  const char *name = object != NULL ? bobbin_json_get_string (object, "name") : NULL;
  JsonNode *args = object != NULL ? bobbin_json_get_node (object, "args") : NULL;

  self->state = bobbin_view_state_ref (state);
  self->block_id = block_id;
  self->index = index;
  self->name = g_strdup (name);
  self->arguments = args != NULL ? bobbin_json_to_text (args, TRUE) : g_strdup ("{}");
  gtk_label_set_label (self->name_label, name != NULL ? name : _("Tool"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  gtk_label_get_label (self->name_label), -1);
  gtk_widget_set_visible (GTK_WIDGET (self->leave_out), can_edit && can_leave_out);
  gtk_widget_set_visible (GTK_WIDGET (self->edit), can_edit && (args == NULL || JSON_NODE_HOLDS_OBJECT (args)));
  gtk_toggle_button_set_active (self->edit, can_edit && bobbin_approval_tool_get_edited (self) != NULL);
  show_arguments (self);
  validate (self);

  return GTK_WIDGET (self);
}

const char *
bobbin_approval_tool_get_edited (BobbinApprovalTool *self)
{
  const char *edited;

  g_return_val_if_fail (BOBBIN_IS_APPROVAL_TOOL (self), NULL);

  edited = bobbin_view_state_get_edit (self->state, self->block_id, self->index);
  return g_strcmp0 (edited, self->arguments) != 0 ? edited : NULL;
}

gboolean
bobbin_approval_tool_is_valid (BobbinApprovalTool *self)
{
  g_return_val_if_fail (BOBBIN_IS_APPROVAL_TOOL (self), FALSE);

  return self->valid;
}

gboolean
bobbin_approval_tool_is_left_out (BobbinApprovalTool *self)
{
  g_return_val_if_fail (BOBBIN_IS_APPROVAL_TOOL (self), FALSE);

  return gtk_check_button_get_active (self->leave_out);
}

const char *
bobbin_approval_tool_get_name (BobbinApprovalTool *self)
{
  g_return_val_if_fail (BOBBIN_IS_APPROVAL_TOOL (self), NULL);

  return self->name;
}

const char *
bobbin_approval_tool_get_arguments (BobbinApprovalTool *self)
{
  g_return_val_if_fail (BOBBIN_IS_APPROVAL_TOOL (self), NULL);

  return self->arguments;
}
