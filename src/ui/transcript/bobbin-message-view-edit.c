/* A prompt written anew in its place, and the way between its versions. The message's id is the key of what is typed in the view
 * state: blocks have ids of their own. */
#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-message-view-private.h"

#include "bobbin-message-editor.h"
#include "model/bobbin-message.h"

#include <glib/gi18n.h>

static void
done_cb (BobbinMessageView *self,
         const char        *text)
{
  gint64 id = bobbin_message_get_id (self->message);
  g_autofree char *sent = g_strdup (text);

  bobbin_view_state_clear_edits (self->state, id);
  _bobbin_message_view_update_editor (self);
  gtk_widget_grab_focus (GTK_WIDGET (self));
  /* what cannot be sent now is not lost: by the action, or here when it is not to be had */
  if (sent != NULL && !gtk_widget_activate_action (GTK_WIDGET (self), "transcript.resend", "(xs)", id, sent))
    bobbin_message_view_edit_text (self, sent);
}

/* It is there as long as the view state has a text for it. */
void
_bobbin_message_view_update_editor (BobbinMessageView *self)
{
  gint64 id = bobbin_message_get_id (self->message);
  gboolean editing = bobbin_view_state_get_edit (self->state, id, 0) != NULL;

  if (editing == (self->editor != NULL))
    return;

  gtk_widget_set_visible (self->body_frame, !editing && self->views->len > 0);
  if (self->slot != NULL) /* what can be done with the message would be taken for what can be done with the text */
    gtk_widget_set_visible (self->slot, !editing);
  g_clear_pointer (&self->editor, gtk_widget_unparent);
  if (!editing)
    return;

  self->editor = bobbin_message_editor_new (self->state, id);
  g_signal_connect_object (self->editor, "done", G_CALLBACK (done_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_insert_after (self->editor, GTK_WIDGET (self), self->body_frame);
}

void
_bobbin_message_view_edit (BobbinMessageView *self)
{
  gint64 id = bobbin_message_get_id (self->message);
  g_autofree char *text = bobbin_message_dup_text (self->message);

  if (self->editor == NULL)
    bobbin_view_state_set_edit (self->state, id, 0, text);
  _bobbin_message_view_update_editor (self);
  gtk_widget_grab_focus (self->editor);
}

void
bobbin_message_view_edit_text (BobbinMessageView *self,
                               const char        *text)
{
  g_return_if_fail (BOBBIN_IS_MESSAGE_VIEW (self));

  bobbin_view_state_set_edit (self->state, bobbin_message_get_id (self->message), 0, text);
  _bobbin_message_view_update_editor (self);
  gtk_widget_grab_focus (self->editor);
}

static void
add_step (GtkWidget  *box,
          const char *icon,
          const char *label,
          gint64      id,
          int         step,
          gboolean    possible)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "small-icon");
  if (possible)
    {
      gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "(xi)", id, step);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "transcript.show-version");
    }
  else
    {
      gtk_widget_set_sensitive (button, FALSE);
    }
  gtk_box_append (GTK_BOX (box), button);
}

/* "2 of 3" below a prompt that has others. */
void
_bobbin_message_view_update_versions (BobbinMessageView *self)
{
  guint n = bobbin_message_get_n_versions (self->message);
  guint version = bobbin_message_get_version (self->message);
  gint64 id = bobbin_message_get_id (self->message);
  g_autofree char *text = NULL;
  GtkWidget *label;

  g_clear_pointer (&self->versions, gtk_widget_unparent);
  if (n < 2 || self->slot == NULL)
    return;

  /* Translators: which of the versions of a message is shown: “2 of 3” */
  text = g_strdup_printf (_("%1$u of %2$u"), version, n);
  self->versions = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class (self->versions, "message-versions");
  gtk_widget_set_halign (self->versions, gtk_widget_get_halign (self->slot));
  add_step (self->versions, "bobbin-back-symbolic", _("Previous Version"), id, -1, version > 1);
  label = gtk_label_new (text);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, "numeric");
  gtk_box_append (GTK_BOX (self->versions), label);
  add_step (self->versions, "bobbin-next-symbolic", _("Next Version"), id, 1, version < n);
  gtk_widget_insert_before (self->versions, GTK_WIDGET (self), self->slot);
}
