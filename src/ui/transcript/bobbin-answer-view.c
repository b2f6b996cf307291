#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-answer-view.h"

#include "backend/bobbin-channel.h"
#include "model/bobbin-block.h"
#include "model/bobbin-message.h"
#include "util/bobbin-json.h"
#include "util/bobbin-text.h"
#include "ui/app/bobbin-button-bar.h"
#include "ui/app/bobbin-fit.h"

#include <glib/gi18n.h>

#define MAX_ARGUMENTS 600 /* characters shown of what a tool is called with */

struct _BobbinAnswerView
{
  GtkWidget      parent_instance;
  /* owned */
  BobbinMessage *message;
  BobbinBlock   *block;
  GPtrArray     *entries;   /* of GtkTextView, inside of box: one a tool, or one in all */
  /* children */
  GtkWidget     *box;
  GtkWidget     *form;      /* what is there to fill in */
  GtkLabel      *title;
  GtkLabel      *note;
  GtkWidget     *again;     /* a button: answers what was put away */

  gboolean       reopened;
};

G_DEFINE_FINAL_TYPE (BobbinAnswerView, bobbin_answer_view, GTK_TYPE_WIDGET)

static gboolean
is_pause (BobbinAnswerView *self)
{
  return g_str_equal (bobbin_block_get_answer_form (self->block), BOBBIN_APPROVAL_TEXT);
}

static gboolean
was_left (BobbinAnswerView *self)
{
  const char *result = bobbin_block_get_result (self->block);

  return result != NULL && strstr (result, "\"leave\"") != NULL;
}

/* Nobody answered it, and nobody will. */
static gboolean
is_over (BobbinAnswerView *self)
{
  const char *result = bobbin_block_get_result (self->block);

  return bobbin_block_get_state (self->block) == BOBBIN_BLOCK_EXPIRED &&
         (result == NULL || g_str_equal (result, "[{\"type\":\"stopped\"}]") ||
          g_str_equal (result, "[{\"type\":\"refused\"}]"));
}

static gboolean
is_waiting (BobbinAnswerView *self)
{
  if (is_pause (self))
    return bobbin_block_get_state (self->block) == BOBBIN_BLOCK_OPEN || (self->reopened && was_left (self));

  return bobbin_block_get_result (self->block) == NULL && bobbin_block_get_state (self->block) != BOBBIN_BLOCK_DONE;
}

static char *
dup_entry (GtkTextView *entry)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (entry);
  GtkTextIter start;
  GtkTextIter end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);

  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

/* Titles */

static char *
pause_title (BobbinAnswerView *self)
{
  const char *node = bobbin_block_get_name (self->block);
  g_autofree char *name = node != NULL ? bobbin_text_clean_name (node) : NULL;

  if (name == NULL || *name == '\0')
    return g_strdup (_("The agent paused"));

  /* Translators: %s is a step of the agent, as its maker calls it */
  return g_strdup_printf (_("The agent paused at “%s”"), name);
}

static char *
dup_reason (BobbinAnswerView *self)
{
  const char *data = bobbin_block_get_data (self->block);
  g_autoptr(JsonObject) object = data != NULL ? bobbin_json_parse_object (data, -1, NULL) : NULL;
  const char *text = bobbin_block_get_text (self->block);
  JsonNode *details = object != NULL ? bobbin_json_get_node (object, "details") : NULL;
  g_autofree char *json = NULL;

  if (*text != '\0')
    return bobbin_text_truncate (text, MAX_ARGUMENTS);
  if (details != NULL && JSON_NODE_HOLDS_VALUE (details) && json_node_get_value_type (details) == G_TYPE_STRING)
    return bobbin_text_truncate (json_node_get_string (details), MAX_ARGUMENTS);
  if (details != NULL)
    {
      json = bobbin_json_to_text (details, TRUE);
      return bobbin_text_truncate (json, MAX_ARGUMENTS);
    }
  if (object != NULL && bobbin_json_get_string (object, "reason") != NULL)
    return bobbin_text_truncate (bobbin_json_get_string (object, "reason"), MAX_ARGUMENTS);

  return NULL;
}

static const char *
note_words (BobbinAnswerView *self)
{
  if (is_waiting (self))
    return NULL;
  if (was_left (self))
    return _("Left paused. Any message goes on from here.");
  if (is_over (self))
    return is_pause (self) ? _("Answered elsewhere, or no longer waiting.") : _("No longer waiting.");

  return is_pause (self) ? _("You answered.") : _("You gave the results.");
}

static void
update (BobbinAnswerView *self)
{
  gboolean waiting = is_waiting (self);
  const char *note = note_words (self);

  if (waiting)
    gtk_widget_add_css_class (GTK_WIDGET (self), "waiting");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "waiting");
  gtk_widget_set_visible (self->form, waiting);
  gtk_widget_set_visible (GTK_WIDGET (self->note), note != NULL);
  gtk_label_set_text (self->note, note != NULL ? note : "");
  gtk_widget_set_visible (self->again, !waiting && is_pause (self) && was_left (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "answer.send", waiting);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "answer.decline", waiting);
}

/* Actions */

static void
send_pause (BobbinAnswerView *self,
            const char       *text)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "transcript.answer-pause", "(xxms)", bobbin_message_get_id (self->message),
                              bobbin_block_get_id (self->block), text);
}

static void
send_outputs (BobbinAnswerView *self,
              gboolean          given)
{
  g_auto(GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(is)"));

  for (guint i = 0; i < self->entries->len; i++)
    {
      g_autofree char *output = dup_entry (self->entries->pdata[i]);

      g_variant_builder_add (&builder, "(is)", given ? BOBBIN_DECISION_OUTPUT : BOBBIN_DECISION_REJECT, given ? output : "");
    }
  gtk_widget_activate_action (GTK_WIDGET (self), "transcript.decide", "(xxa(is))", bobbin_message_get_id (self->message),
                              bobbin_block_get_id (self->block), &builder);
}

static void
send_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  BobbinAnswerView *self = BOBBIN_ANSWER_VIEW (widget);
  g_autofree char *text = NULL;

  if (!is_pause (self))
    {
      send_outputs (self, TRUE);
      return;
    }

  /* There is no "go on" but a word (agentflow.md, section 8). It is read by the agent, so it is not translated. */
  text = g_strstrip (dup_entry (self->entries->pdata[0]));
  send_pause (self, *text != '\0' ? text : "Continue");
}

static void
decline_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  BobbinAnswerView *self = BOBBIN_ANSWER_VIEW (widget);

  if (!is_pause (self))
    {
      send_outputs (self, FALSE);
      return;
    }

  if (was_left (self))
    {
      self->reopened = FALSE;
      update (self);
    }
  else
    {
      send_pause (self, NULL);
    }
}

static void
again_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  BobbinAnswerView *self = BOBBIN_ANSWER_VIEW (widget);

  self->reopened = TRUE;
  update (self);
  gtk_widget_grab_focus (self->entries->pdata[0]);
}

/* Building */

static GtkWidget *
label_new (const char *text,
           const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);

  return label;
}

static void
add_entry (BobbinAnswerView *self,
           const char       *name)
{
  GtkWidget *entry = gtk_text_view_new ();
  GtkWidget *frame = gtk_scrolled_window_new ();

  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (entry), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (entry), FALSE);
  gtk_text_view_set_top_margin (GTK_TEXT_VIEW (entry), 6);
  gtk_text_view_set_bottom_margin (GTK_TEXT_VIEW (entry), 6);
  gtk_text_view_set_left_margin (GTK_TEXT_VIEW (entry), 8);
  gtk_text_view_set_right_margin (GTK_TEXT_VIEW (entry), 8);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (frame), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (frame), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (frame), 160);
  gtk_widget_add_css_class (frame, "answer-entry");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (frame), entry);
  gtk_box_append (GTK_BOX (self->form), frame);
  g_ptr_array_add (self->entries, entry);
}

static void
add_tool (BobbinAnswerView *self,
          JsonObject       *tool)
{
  const char *known = bobbin_json_get_string (tool, "name");
  g_autofree char *name = bobbin_text_clean_name (known != NULL ? known : _("Tool"));
  JsonNode *args = bobbin_json_get_node (tool, "args");
  g_autofree char *json = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *accessible = g_strdup_printf (_("Result of “%s”"), name);

  if (args != NULL && JSON_NODE_HOLDS_VALUE (args) && json_node_get_value_type (args) == G_TYPE_STRING)
    json = json_node_dup_string (args);
  else if (args != NULL)
    json = bobbin_json_to_text (args, TRUE);
  shown = bobbin_text_truncate (json != NULL ? json : "", MAX_ARGUMENTS);
  gtk_box_append (GTK_BOX (self->form), label_new (name, "heading"));
  if (*shown != '\0')
    {
      GtkWidget *code = label_new (shown, "monospace");

      gtk_widget_set_direction (code, GTK_TEXT_DIR_LTR); /* code reads from left to right everywhere */
      gtk_box_append (GTK_BOX (self->form), code);
    }
  add_entry (self, accessible);
}

static void
add_tools (BobbinAnswerView *self)
{
  const char *data = bobbin_block_get_data (self->block);
  g_autoptr(JsonObject) object = data != NULL ? bobbin_json_parse_object (data, -1, NULL) : NULL;
  JsonArray *tools = object != NULL ? bobbin_json_get_array (object, "tools") : NULL;

  for (guint i = 0; tools != NULL && i < json_array_get_length (tools); i++)
    if (JSON_NODE_HOLDS_OBJECT (json_array_get_element (tools, i)))
      add_tool (self, json_node_get_object (json_array_get_element (tools, i)));
}

static GtkWidget *
button_new (const char *label,
            const char *action,
            const char *css_class)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  bobbin_fit_button (GTK_BUTTON (button));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  if (css_class != NULL)
    gtk_widget_add_css_class (button, css_class);

  return button;
}

static void
build (BobbinAnswerView *self)
{
  BobbinButtonBar *buttons = BOBBIN_BUTTON_BAR (bobbin_button_bar_new ());
  g_autofree char *title = is_pause (self) ? pause_title (self) : g_strdup (_("The agent asks for the results of tools"));
  g_autofree char *reason = dup_reason (self);

  gtk_label_set_text (self->title, title);
  if (reason != NULL)
    gtk_box_insert_child_after (GTK_BOX (self->box), label_new (reason, NULL), GTK_WIDGET (self->title));
  if (is_pause (self))
    add_entry (self, _("Your answer"));
  else
    add_tools (self);

  bobbin_button_bar_append (buttons, button_new (is_pause (self) ? _("Leave Paused") : _("Not Available"), "answer.decline", NULL));
  bobbin_button_bar_append (buttons, button_new (is_pause (self) ? _("Continue") : _("Send Results"), "answer.send", "suggested-action"));
  gtk_box_append (GTK_BOX (self->form), GTK_WIDGET (buttons));
}

static void
changed_cb (BobbinAnswerView *self)
{
  self->reopened = FALSE;
  update (self);
}

static void
bobbin_answer_view_dispose (GObject *object)
{
  BobbinAnswerView *self = BOBBIN_ANSWER_VIEW (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);

  G_OBJECT_CLASS (bobbin_answer_view_parent_class)->dispose (object);
}

static void
bobbin_answer_view_finalize (GObject *object)
{
  BobbinAnswerView *self = BOBBIN_ANSWER_VIEW (object);

  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_clear_object (&self->message);
  g_clear_object (&self->block);

  G_OBJECT_CLASS (bobbin_answer_view_parent_class)->finalize (object);
}

static void
bobbin_answer_view_class_init (BobbinAnswerViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bobbin_answer_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = bobbin_answer_view_finalize;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_css_name (widget_class, "answer");
  gtk_widget_class_install_action (widget_class, "answer.send", NULL, send_action);
  gtk_widget_class_install_action (widget_class, "answer.decline", NULL, decline_action);
  gtk_widget_class_install_action (widget_class, "answer.again", NULL, again_action);
}

static void
bobbin_answer_view_init (BobbinAnswerView *self)
{
  self->entries = g_ptr_array_new ();
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  self->title = GTK_LABEL (label_new ("", "heading"));
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->title));
  self->form = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_box_append (GTK_BOX (self->box), self->form);
  self->note = GTK_LABEL (label_new ("", "dim-label"));
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->note));
  self->again = button_new (_("Answer…"), "answer.again", NULL);
  gtk_widget_set_halign (self->again, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (self->box), self->again);
}

GtkWidget *
bobbin_answer_view_new (BobbinMessage *message,
                        BobbinBlock   *block)
{
  BobbinAnswerView *self = g_object_new (BOBBIN_TYPE_ANSWER_VIEW, NULL);

  self->message = g_object_ref (message);
  self->block = g_object_ref (block);
  build (self);
  g_signal_connect_object (block, "notify::state", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (block, "notify::result", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  update (self);

  return GTK_WIDGET (self);
}
