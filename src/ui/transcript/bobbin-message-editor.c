#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-message-editor.h"

#include <glib/gi18n.h>

#define HEIGHT_MAX 320 /* pixels before it scrolls */

struct _BobbinMessageEditor
{
  GtkWidget        parent_instance;
  /* owned */
  BobbinViewState *state;
  gint64           key;
  /* children */
  GtkWidget       *box;
  GtkTextView     *text;
  GtkWidget       *send;
};

G_DEFINE_FINAL_TYPE (BobbinMessageEditor, bobbin_message_editor, GTK_TYPE_WIDGET)

static guint done_signal;

static char *
dup_text (BobbinMessageEditor *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text);
  GtkTextIter start;
  GtkTextIter end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

static void
changed_cb (BobbinMessageEditor *self)
{
  g_autofree char *text = dup_text (self);

  bobbin_view_state_set_edit (self->state, self->key, 0, text);
  gtk_widget_set_sensitive (self->send, *g_strstrip (text) != '\0');
  gtk_widget_activate_action (GTK_WIDGET (self), "column.show-editor", NULL);
}

static void
finish (BobbinMessageEditor *self,
        gboolean             send)
{
  g_autofree char *text = send ? dup_text (self) : NULL;
  g_autofree char *words = g_strdup (text);

  if (send && *g_strstrip (words) == '\0')
    return;

  g_object_ref (self);
  g_signal_emit (self, done_signal, 0, text);
  g_object_unref (self);
}

static void
send_cb (BobbinMessageEditor *self)
{
  finish (self, TRUE);
}

static void
cancel_cb (BobbinMessageEditor *self)
{
  finish (self, FALSE);
}

static gboolean
key_cb (BobbinMessageEditor *self,
        guint                key,
        guint                code,
        GdkModifierType      modifiers)
{
  if (key == GDK_KEY_Escape)
    finish (self, FALSE);
  else if ((key == GDK_KEY_Return || key == GDK_KEY_KP_Enter) && (modifiers & (GDK_SHIFT_MASK | GDK_ALT_MASK)) == 0)
    finish (self, TRUE);
  else
    return GDK_EVENT_PROPAGATE;

  return GDK_EVENT_STOP;
}

static gboolean
bobbin_message_editor_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (BOBBIN_MESSAGE_EDITOR (widget)->text));
}

static void
bobbin_message_editor_dispose (GObject *object)
{
  BobbinMessageEditor *self = BOBBIN_MESSAGE_EDITOR (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->state, bobbin_view_state_unref);

  G_OBJECT_CLASS (bobbin_message_editor_parent_class)->dispose (object);
}

static void
bobbin_message_editor_class_init (BobbinMessageEditorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bobbin_message_editor_dispose;
  widget_class->grab_focus = bobbin_message_editor_grab_focus;
  gtk_widget_class_set_css_name (widget_class, "messageeditor");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  done_signal = g_signal_new ("done", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                              G_TYPE_STRING);
}

static void
add_text (BobbinMessageEditor *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->text = GTK_TEXT_VIEW (gtk_text_view_new ());
  gtk_text_view_set_wrap_mode (self->text, GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab (self->text, FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->text), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Edit Message"), -1);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->text), keys);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), HEIGHT_MAX);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->text));
  gtk_box_append (GTK_BOX (self->box), scrolled);
}

static void
add_buttons (BobbinMessageEditor *self)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *cancel = gtk_button_new_with_label (_("Cancel"));

  self->send = gtk_button_new_with_label (_("Send Again"));
  gtk_widget_add_css_class (self->send, "suggested-action");
  gtk_widget_set_halign (row, GTK_ALIGN_END);
  gtk_box_append (GTK_BOX (row), cancel);
  gtk_box_append (GTK_BOX (row), self->send);
  gtk_box_append (GTK_BOX (self->box), row);
  g_signal_connect_swapped (cancel, "clicked", G_CALLBACK (cancel_cb), self);
  g_signal_connect_swapped (self->send, "clicked", G_CALLBACK (send_cb), self);
}

static void
bobbin_message_editor_init (BobbinMessageEditor *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  add_text (self);
  add_buttons (self);
}

GtkWidget *
bobbin_message_editor_new (BobbinViewState *state,
                           gint64           key)
{
  BobbinMessageEditor *self = g_object_new (BOBBIN_TYPE_MESSAGE_EDITOR, NULL);
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text);
  const char *text = bobbin_view_state_get_edit (state, key, 0);

  self->state = bobbin_view_state_ref (state);
  self->key = key;
  gtk_text_buffer_set_text (buffer, text != NULL ? text : "", -1);
  g_signal_connect_object (buffer, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}
