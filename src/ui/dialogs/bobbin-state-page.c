#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "dialogs/bobbin-state-page.h"

#include "app/bobbin-button-bar.h"
#include "app/bobbin-failure-text.h"
#include "app/bobbin-fit.h"
#include "transcript/bobbin-json-problem.h"
#include "transcript/bobbin-json-view.h"
#include "util/bobbin-error.h"
#include "util/bobbin-json-index.h"
#include "util/bobbin-json.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define TREE_HEIGHT 20000 /* of which lines are laid out */

struct _BobbinStatePage
{
  GtkWidget parent_instance;

  /* owned */
  BobbinStateEditor *editor;
  GCancellable      *cancellable;
  gboolean           busy;     /* a call of the editor is under way */

  /* borrowed: children */
  GtkWidget     *box;
  GtkStack      *stack;        /* "waiting", "failed", "tree", "text" */
  AdwStatusPage *failed;
  GtkWidget     *tree_place;
  GtkWidget     *tree;         /* (nullable) */
  GtkTextBuffer *buffer;
  GtkWidget     *text_view;
  GtkLabel      *message;      /* what is wrong with the text, or what became of the last change */
  GtkWidget     *looking;      /* the buttons while looking */
  GtkWidget     *editing;      /* and while editing */
};

G_DEFINE_FINAL_TYPE (BobbinStatePage, bobbin_state_page, GTK_TYPE_WIDGET)

static gboolean
is_editing (BobbinStatePage *self)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "text") == 0;
}

static char *
dup_text (BobbinStatePage *self)
{
  GtkTextIter start;
  GtkTextIter end;

  gtk_text_buffer_get_bounds (self->buffer, &start, &end);

  return gtk_text_buffer_get_text (self->buffer, &start, &end, TRUE);
}

static void
say (BobbinStatePage *self,
     const char      *text,
     gboolean         wrong)
{
  gtk_label_set_text (self->message, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message), text != NULL);
  if (wrong)
    gtk_widget_add_css_class (GTK_WIDGET (self->message), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->message), "error");
}

static void
update_actions (BobbinStatePage *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean has_value = bobbin_state_editor_get_value (self->editor) != NULL;
  gboolean editing = is_editing (self);

  gtk_widget_set_visible (self->looking, !editing);
  gtk_widget_set_visible (self->editing, editing);
  gtk_widget_set_sensitive (self->text_view, !self->busy);
  gtk_widget_action_set_enabled (widget, "state.reload", !self->busy);
  gtk_widget_action_set_enabled (widget, "state.edit", !self->busy && has_value);
  gtk_widget_action_set_enabled (widget, "state.clear", !self->busy && has_value && g_strcmp0 (bobbin_state_editor_get_value (self->editor), "{}") != 0);
  gtk_widget_action_set_enabled (widget, "state.undo", !self->busy && bobbin_state_editor_get_can_undo (self->editor));
}

/* Checks the text while it is typed. */
static void
validate (BobbinStatePage *self)
{
  g_autofree char *text = dup_text (self);
  BobbinJsonProblem problem = { BOBBIN_JSON_FINE, 0, 1, 1 };
  g_autoptr(BobbinJsonIndex) json = NULL;
  g_autofree char *words = NULL;
  g_autoptr(GError) error = NULL;
  gboolean fits;

  if (!is_editing (self))
    return;

  json = bobbin_json_index_new (text, -1, &problem);
  fits = bobbin_state_editor_check (self->editor, text, &error);
  /* where it is wrong, before what it should be */
  if (problem.mistake != BOBBIN_JSON_FINE)
    words = bobbin_json_problem_dup_words (&problem);
  say (self, fits ? NULL : words != NULL ? words : error->message, TRUE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "state.save", fits && !self->busy);
}

static void
show_tree (BobbinStatePage *self)
{
  const char *value = bobbin_state_editor_get_value (self->editor);
  const char *title = bobbin_state_editor_get_what (self->editor) == BOBBIN_THREAD_STATE_STATE ? _("State") : _("Metadata");

  if (self->tree != NULL)
    gtk_box_remove (GTK_BOX (self->tree_place), self->tree);
  self->tree = bobbin_json_view_new (title, value);
  bobbin_json_view_set_framed (BOBBIN_JSON_VIEW (self->tree));
  bobbin_json_view_set_visible_range (BOBBIN_JSON_VIEW (self->tree), 0, TREE_HEIGHT);
  gtk_box_append (GTK_BOX (self->tree_place), self->tree);
  gtk_stack_set_visible_child_name (self->stack, "tree");
}

/* What had the keyboard may be gone, or can no longer be used. */
static void
keep_focus (BobbinStatePage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (gtk_widget_get_mapped (GTK_WIDGET (self)) &&
      (focus == NULL || !gtk_widget_get_mapped (focus) || !gtk_widget_is_sensitive (focus)))
    gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
}

static void
show_result (BobbinStatePage *self,
             const GError    *error)
{
  const char *kept = bobbin_state_editor_get_kept (self->editor);
  g_autofree char *text = NULL;

  self->busy = FALSE;
  if (error != NULL)
    text = bobbin_error_dup_sentence (error);
  if (error != NULL && bobbin_state_editor_get_value (self->editor) == NULL)
    {
      adw_status_page_set_description (self->failed, text);
      gtk_stack_set_visible_child_name (self->stack, "failed");
      say (self, NULL, FALSE);
    }
  else if (error != NULL && is_editing (self)) /* what was typed stays */
    {
      say (self, text, TRUE);
    }
  else
    {
      if (error == NULL && kept != NULL)
        text = g_strdup_printf (_("This server cannot remove fields: %s is still there."), kept);
      show_tree (self);
      say (self, text, error != NULL);
    }
  update_actions (self);
  if (is_editing (self))
    gtk_widget_action_set_enabled (GTK_WIDGET (self), "state.save", TRUE);
  keep_focus (self);
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(BobbinStatePage) self = BOBBIN_STATE_PAGE (user_data);
  g_autoptr(GError) error = NULL;

  bobbin_state_editor_finish (BOBBIN_STATE_EDITOR (source), result, &error);
  if (self->box == NULL) /* the window was closed */
    return;
  if (g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_BUSY))
    {
      g_clear_error (&error);
      g_set_error_literal (&error, BOBBIN_ERROR, BOBBIN_ERROR_BUSY,
                           _("The conversation was changed on the server meanwhile. What is there now was read again: look at it, then save once more."));
    }
  show_result (self, error);
}

static void
begin (BobbinStatePage *self)
{
  self->busy = TRUE;
  say (self, NULL, FALSE);
  update_actions (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "state.save", FALSE);
}

static void
reload_cb (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  BobbinStatePage *self = BOBBIN_STATE_PAGE (widget);

  if (bobbin_state_editor_get_value (self->editor) == NULL)
    gtk_stack_set_visible_child_name (self->stack, "waiting");
  begin (self);
  bobbin_state_editor_load_async (self->editor, self->cancellable, done_cb, g_object_ref (self));
}

static void
edit_cb (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  BobbinStatePage *self = BOBBIN_STATE_PAGE (widget);
  g_autoptr(JsonNode) node = bobbin_json_parse (bobbin_state_editor_get_value (self->editor), -1, NULL);
  g_autofree char *text = node != NULL ? bobbin_json_to_text (node, TRUE) : g_strdup ("{}");

  gtk_stack_set_visible_child_name (self->stack, "text");
  gtk_text_buffer_set_text (self->buffer, text, -1);
  gtk_text_buffer_set_modified (self->buffer, FALSE);
  update_actions (self);
  validate (self);
  gtk_widget_grab_focus (self->text_view);
}

static void
cancel_cb (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  BobbinStatePage *self = BOBBIN_STATE_PAGE (widget);

  say (self, NULL, FALSE);
  show_tree (self);
  update_actions (self);
  keep_focus (self);
}

static void
save_cb (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  BobbinStatePage *self = BOBBIN_STATE_PAGE (widget);
  g_autofree char *text = dup_text (self);

  begin (self);
  bobbin_state_editor_set_async (self->editor, text, self->cancellable, done_cb, g_object_ref (self));
}

static void
undo_cb (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  BobbinStatePage *self = BOBBIN_STATE_PAGE (widget);

  begin (self);
  bobbin_state_editor_undo_async (self->editor, self->cancellable, done_cb, g_object_ref (self));
}

/* Clearing: which fields stay */

typedef struct
{
  BobbinStatePage *page;   /* owned */
  GPtrArray       *checks; /* of GtkCheckButton, borrowed from the dialog */
} Clearing;

static void
clearing_free (gpointer  data,
               GClosure *closure)
{
  Clearing *clearing = data;

  g_object_unref (clearing->page);
  g_ptr_array_unref (clearing->checks);
  g_free (clearing);
}

static void
clear_response_cb (AdwMessageDialog *dialog,
                   const char       *response,
                   Clearing         *clearing)
{
  BobbinStatePage *self = clearing->page;
  g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func (g_free);

  if (!g_str_equal (response, "clear") || self->busy || self->box == NULL)
    return;

  for (guint i = 0; i < clearing->checks->len; i++)
    if (gtk_check_button_get_active (clearing->checks->pdata[i]))
      g_ptr_array_add (keep, g_strdup (gtk_check_button_get_label (clearing->checks->pdata[i])));
  g_ptr_array_add (keep, NULL);
  begin (self);
  bobbin_state_editor_clear_async (self->editor, (const char *const *) keep->pdata, self->cancellable, done_cb, g_object_ref (self));
}

static GtkWidget *
make_checks (Clearing   *clearing,
             JsonObject *value)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  g_autoptr(GList) names = json_object_get_members (value);

  for (GList *l = names; l != NULL; l = l->next)
    {
      GtkWidget *check = gtk_check_button_new_with_label (l->data);

      gtk_box_append (GTK_BOX (box), check);
      g_ptr_array_add (clearing->checks, check);
    }
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), box);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), 240);

  return scroller;
}

static void
clear_cb (GtkWidget  *widget,
          const char *action_name,
          GVariant   *parameter)
{
  BobbinStatePage *self = BOBBIN_STATE_PAGE (widget);
  g_autoptr(JsonObject) value = bobbin_json_parse_object (bobbin_state_editor_get_value (self->editor), -1, NULL);
  gboolean is_state = bobbin_state_editor_get_what (self->editor) == BOBBIN_THREAD_STATE_STATE;
  AdwMessageDialog *dialog;
  Clearing *clearing;

  dialog = ADW_MESSAGE_DIALOG (bobbin_fit_dialog (GTK_WINDOW (gtk_widget_get_root (widget)),
                                                  is_state ? _("Clear State?") : _("Clear Metadata?"),
                                                  _("What is chosen here stays. “Undo” writes back what was there.")));
  clearing = g_new0 (Clearing, 1);
  clearing->page = g_object_ref (self);
  clearing->checks = g_ptr_array_new ();
  if (value != NULL)
    adw_message_dialog_set_extra_child (dialog, make_checks (clearing, value));
  adw_message_dialog_add_responses (dialog, "cancel", _("_Cancel"), "clear", _("C_lear"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "clear", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (clear_response_cb), clearing, clearing_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

gboolean
bobbin_state_page_get_changed (BobbinStatePage *self)
{
  return is_editing (self) && gtk_text_buffer_get_modified (self->buffer);
}

/* Making */

static GtkWidget *
make_button (GtkWidget  *bar,
             const char *label,
             const char *action,
             const char *style)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  bobbin_fit_button (GTK_BUTTON (button));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  if (style != NULL)
    gtk_widget_add_css_class (button, style);
  bobbin_button_bar_append (BOBBIN_BUTTON_BAR (bar), button);

  return button;
}

static GtkWidget *
make_bar (BobbinStatePage *self)
{
  GtkWidget *bar = bobbin_button_bar_new ();

  gtk_box_append (GTK_BOX (self->box), bar);

  return bar;
}

static GtkWidget *
make_text (BobbinStatePage *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->text_view = gtk_text_view_new ();
  self->buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->text_view));
  gtk_text_view_set_monospace (GTK_TEXT_VIEW (self->text_view), TRUE);
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (self->text_view), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_top_margin (GTK_TEXT_VIEW (self->text_view), 9);
  gtk_text_view_set_bottom_margin (GTK_TEXT_VIEW (self->text_view), 9);
  gtk_text_view_set_left_margin (GTK_TEXT_VIEW (self->text_view), 9);
  gtk_text_view_set_right_margin (GTK_TEXT_VIEW (self->text_view), 9);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (self->text_view), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->text_view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("JSON"), -1);
  gtk_widget_add_css_class (scroller, "card");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), self->text_view);

  return scroller;
}

static void
make_stack (BobbinStatePage *self)
{
  GtkWidget *spinner = gtk_spinner_new ();
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *retry = gtk_button_new_with_mnemonic (_("_Try Again"));

  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_widget_set_vexpand (GTK_WIDGET (self->stack), TRUE);
  gtk_spinner_set_spinning (GTK_SPINNER (spinner), TRUE);
  gtk_widget_set_halign (spinner, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (spinner, GTK_ALIGN_CENTER);
  gtk_widget_set_size_request (spinner, 32, 32);
  gtk_stack_add_named (self->stack, spinner, "waiting");

  self->failed = ADW_STATUS_PAGE (adw_status_page_new ());
  adw_status_page_set_icon_name (self->failed, "bobbin-warning-symbolic");
  adw_status_page_set_title (self->failed, _("Cannot Be Read"));
  gtk_widget_add_css_class (GTK_WIDGET (self->failed), "compact");
  gtk_widget_add_css_class (retry, "pill");
  gtk_widget_set_halign (retry, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (retry), "state.reload");
  adw_status_page_set_child (self->failed, retry);
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->failed), "failed");

  self->tree_place = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), self->tree_place);
  gtk_stack_add_named (self->stack, scroller, "tree");
  gtk_stack_add_named (self->stack, make_text (self), "text");
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->stack));
}

static void
make_message (BobbinStatePage *self)
{
  self->message = GTK_LABEL (g_object_new (GTK_TYPE_LABEL, "wrap", TRUE, "xalign", 0.f, "visible", FALSE,
                                           "accessible-role", GTK_ACCESSIBLE_ROLE_ALERT, NULL));
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->message));
}

static void
bobbin_state_page_dispose (GObject *object)
{
  BobbinStatePage *self = BOBBIN_STATE_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_pointer (&self->box, gtk_widget_unparent);

  G_OBJECT_CLASS (bobbin_state_page_parent_class)->dispose (object);
}

static void
bobbin_state_page_finalize (GObject *object)
{
  BobbinStatePage *self = BOBBIN_STATE_PAGE (object);

  g_clear_object (&self->editor);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (bobbin_state_page_parent_class)->finalize (object);
}

static void
bobbin_state_page_class_init (BobbinStatePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bobbin_state_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = bobbin_state_page_finalize;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);

  gtk_widget_class_install_action (widget_class, "state.reload", NULL, reload_cb);
  gtk_widget_class_install_action (widget_class, "state.edit", NULL, edit_cb);
  gtk_widget_class_install_action (widget_class, "state.cancel", NULL, cancel_cb);
  gtk_widget_class_install_action (widget_class, "state.save", NULL, save_cb);
  gtk_widget_class_install_action (widget_class, "state.clear", NULL, clear_cb);
  gtk_widget_class_install_action (widget_class, "state.undo", NULL, undo_cb);
}

static void
bobbin_state_page_init (BobbinStatePage *self)
{
  self->cancellable = g_cancellable_new ();
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  gtk_widget_set_margin_top (self->box, 12);
  gtk_widget_set_margin_bottom (self->box, 12);
  gtk_widget_set_margin_start (self->box, 12);
  gtk_widget_set_margin_end (self->box, 12);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  make_stack (self);
  make_message (self);

  self->looking = make_bar (self);
  make_button (self->looking, _("_Reload"), "state.reload", NULL);
  make_button (self->looking, _("_Undo"), "state.undo", NULL);
  make_button (self->looking, _("C_lear…"), "state.clear", NULL);
  make_button (self->looking, _("_Edit"), "state.edit", "suggested-action");
  self->editing = make_bar (self);
  make_button (self->editing, _("_Cancel"), "state.cancel", NULL);
  make_button (self->editing, _("_Save"), "state.save", "suggested-action");
  g_signal_connect_object (self->buffer, "changed", G_CALLBACK (validate), self, G_CONNECT_SWAPPED);
}

GtkWidget *
bobbin_state_page_new (BobbinStateEditor *editor)
{
  BobbinStatePage *self = g_object_new (BOBBIN_TYPE_STATE_PAGE, NULL);

  self->editor = g_object_ref (editor);
  gtk_widget_activate_action (GTK_WIDGET (self), "state.reload", NULL);

  return GTK_WIDGET (self);
}
