/* What a message row shows around its blocks: day, name, working, delivery, actions. */
#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-message-view-private.h"

#include "bobbin-copy.h"
#include "bobbin-message-details.h"
#include "bobbin-words.h"
#include "model/bobbin-message.h"
#include "ui/app/bobbin-note.h"

#include <glib/gi18n.h>

#define FLASH_MS 1600

static GtkWidget *
add_label (GtkWidget  *box,
           const char *text,
           const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (box), label);

  return label;
}

static void
update_day (BobbinMessageView *self)
{
  g_autofree char *text = NULL;

  if (!self->show_day)
    {
      g_clear_pointer (&self->day, gtk_widget_unparent);
      return;
    }
  if (self->day != NULL)
    return;

  text = bobbin_words_day (bobbin_message_get_created_us (self->message), g_get_real_time ());
  self->day = gtk_label_new (text);
  gtk_widget_add_css_class (self->day, "day-separator");
  gtk_widget_insert_after (self->day, GTK_WIDGET (self), NULL);
}

static void
update_head (BobbinMessageView *self)
{
  g_autofree char *author = bobbin_words_author (self->message);
  g_autofree char *time = bobbin_words_time (bobbin_message_get_created_us (self->message));
  GtkWidget *name;

  g_clear_pointer (&self->head, gtk_widget_unparent);
  if (!self->show_head)
    return;

  self->head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  gtk_widget_add_css_class (self->head, "message-head");
  name = add_label (self->head, author, "caption-heading");
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  add_label (self->head, time, "caption");
  gtk_widget_add_css_class (gtk_widget_get_last_child (self->head), "dim-label");
  gtk_widget_insert_before (self->head, GTK_WIDGET (self), self->body_frame);
}

/* "Working…" until the first block is there, and again when nothing was heard for a while. */
static void
update_working (BobbinMessageView *self)
{
  gboolean answering = bobbin_message_get_role (self->message) != BOBBIN_ROLE_USER &&
                       bobbin_message_get_delivery (self->message) == BOBBIN_DELIVERY_ANSWERING;
  GtkWidget *spinner;

  g_clear_pointer (&self->working, gtk_widget_unparent);
  if (!answering || (self->views->len > 0 && !self->quiet))
    return;

  self->working = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  gtk_widget_add_css_class (self->working, "message-working");
  spinner = gtk_spinner_new ();
  gtk_spinner_start (GTK_SPINNER (spinner));
  gtk_box_append (GTK_BOX (self->working), spinner);
  add_label (self->working, self->quiet ? _("Still working…") : _("Working…"), "dim-label");
  gtk_widget_insert_after (self->working, GTK_WIDGET (self), self->body_frame);
}

static gboolean
is_bad (BobbinDelivery delivery)
{
  return delivery == BOBBIN_DELIVERY_FAILED || delivery == BOBBIN_DELIVERY_INTERRUPTED;
}

static GtkWidget *
make_button (const char *label,
             const char *action)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_widget_add_css_class (button, "small");

  return button;
}

static void
add_status_text (GtkWidget  *box,
                 const char *text,
                 gboolean    dim)
{
  GtkWidget *label = add_label (box, text, "caption");

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (dim)
    gtk_widget_add_css_class (label, "dim-label");
}

static GtkWidget *
make_status (BobbinMessageView *self,
             const char       *text)
{
  BobbinDelivery delivery = bobbin_message_get_delivery (self->message);
  gboolean user = bobbin_message_get_role (self->message) == BOBBIN_ROLE_USER;
  GtkWidget *status = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *button = NULL;
  g_autofree char *answer = bobbin_words_answer (self->message);
  g_autofree char *certainty = bobbin_words_certainty (self->message);

  gtk_widget_add_css_class (status, "message-status");
  gtk_widget_set_halign (status, user ? GTK_ALIGN_END : GTK_ALIGN_START);
  if (is_bad (delivery))
    {
      gtk_widget_add_css_class (status, "bad");
      gtk_box_append (GTK_BOX (status), gtk_image_new_from_icon_name ("bobbin-warning-symbolic"));
    }
  add_status_text (texts, text, !is_bad (delivery));
  if (answer != NULL)
    add_status_text (texts, answer, TRUE);
  if (certainty != NULL)
    add_status_text (texts, certainty, TRUE);

  if (delivery == BOBBIN_DELIVERY_QUEUED)
    button = make_button (_("Take Back"), "message.take-back");
  else if (is_bad (delivery) || (user && delivery == BOBBIN_DELIVERY_STOPPED))
    button = make_button (_("Retry"), "message.retry");
  gtk_box_append (GTK_BOX (status), bobbin_note_new (texts, button, 8));

  return status;
}

static void
update_status (BobbinMessageView *self)
{
  BobbinDelivery delivery = bobbin_message_get_delivery (self->message);
  gboolean user = bobbin_message_get_role (self->message) == BOBBIN_ROLE_USER;
  g_autofree char *text = bobbin_words_delivery (self->message, self->activity);

  g_clear_pointer (&self->status, gtk_widget_unparent);

  /* what happened to a turn is told once: at the answer where there is one */
  if (user && self->answered && delivery != BOBBIN_DELIVERY_QUEUED && delivery != BOBBIN_DELIVERY_SENDING)
    return;
  if (user && self->is_last && (delivery == BOBBIN_DELIVERY_ACCEPTED || delivery == BOBBIN_DELIVERY_ANSWERING))
    text = g_strdup (_("Waiting for the answer…"));
  if (text == NULL)
    return;

  self->status = make_status (self, text);
  gtk_widget_insert_before (self->status, GTK_WIDGET (self), self->slot);
}

static void
actions_update (BobbinMessageView *self)
{
  BobbinDelivery delivery = bobbin_message_get_delivery (self->message);
  gboolean user = bobbin_message_get_role (self->message) == BOBBIN_ROLE_USER;
  gboolean answering = delivery == BOBBIN_DELIVERY_ANSWERING || delivery == BOBBIN_DELIVERY_SENDING;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "message.take-back", delivery == BOBBIN_DELIVERY_QUEUED);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "message.retry",
                                 is_bad (delivery) || (user && delivery == BOBBIN_DELIVERY_STOPPED));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "message.delete", !answering);
}

void
_bobbin_message_view_update_parts (BobbinMessageView *self)
{
  g_autofree char *name = bobbin_words_message (self->message, self->activity);

  if (self->body_frame == NULL)
    return;

  update_day (self);
  update_head (self);
  update_working (self);
  if (self->slot != NULL)
    {
      update_status (self);
      actions_update (self);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

GtkWidget *
bobbin_message_view_show_details (BobbinMessageView *self,
                                  const char        *transport)
{
  g_return_val_if_fail (BOBBIN_IS_MESSAGE_VIEW (self), NULL);

  if (self->slot == NULL)
    return NULL;

  _bobbin_message_view_ensure_actions (self);
  return bobbin_message_details_popup (self->message, transport,
                                       gtk_widget_get_width (self->details) > 0 ? self->details : self->slot);
}

void
bobbin_message_view_set_neighbours (BobbinMessageView *self,
                                   BobbinMessage    *before,
                                   BobbinMessage    *after)
{
  BobbinRole role;
  gboolean show_day;
  gboolean show_head;
  gboolean answered;

  g_return_if_fail (BOBBIN_IS_MESSAGE_VIEW (self));

  role = bobbin_message_get_role (self->message);
  show_day = before == NULL || !bobbin_words_same_day (bobbin_message_get_created_us (before),
                                                       bobbin_message_get_created_us (self->message));
  show_head = role != BOBBIN_ROLE_USER && role != BOBBIN_ROLE_NOTICE &&
              (before == NULL || show_day || bobbin_message_get_role (before) != role ||
               g_strcmp0 (bobbin_message_get_agent_name (before), bobbin_message_get_agent_name (self->message)) != 0);
  answered = after != NULL && bobbin_message_get_role (after) == BOBBIN_ROLE_ASSISTANT;

  if (self->show_day == show_day && self->show_head == show_head && self->answered == answered &&
      self->is_last == (after == NULL))
    return;

  self->show_day = show_day;
  self->show_head = show_head;
  self->answered = answered;
  self->is_last = after == NULL;
  _bobbin_message_view_update_parts (self);
}

void
bobbin_message_view_set_new (BobbinMessageView *self,
                             gboolean           is_new)
{
  GtkWidget *text;

  g_return_if_fail (BOBBIN_IS_MESSAGE_VIEW (self));

  if (is_new == (self->new_line != NULL))
    return;

  g_clear_pointer (&self->new_line, gtk_widget_unparent);
  if (!is_new)
    return;

  self->new_line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  gtk_widget_add_css_class (self->new_line, "new-line");
  text = gtk_label_new (_("New since you left"));
  gtk_widget_add_css_class (text, "caption-heading");
  gtk_box_append (GTK_BOX (self->new_line), g_object_new (GTK_TYPE_SEPARATOR, "hexpand", TRUE, "valign", GTK_ALIGN_CENTER, NULL));
  gtk_box_append (GTK_BOX (self->new_line), text);
  gtk_box_append (GTK_BOX (self->new_line), g_object_new (GTK_TYPE_SEPARATOR, "hexpand", TRUE, "valign", GTK_ALIGN_CENTER, NULL));
  gtk_widget_insert_after (self->new_line, GTK_WIDGET (self), self->day);
}

static gboolean
flash_over_cb (gpointer user_data)
{
  BobbinMessageView *self = user_data;

  self->flash_id = 0;
  gtk_widget_remove_css_class (GTK_WIDGET (self), "lit");

  return G_SOURCE_REMOVE;
}

void
bobbin_message_view_flash (BobbinMessageView *self)
{
  g_return_if_fail (BOBBIN_IS_MESSAGE_VIEW (self));

  g_clear_handle_id (&self->flash_id, g_source_remove);
  self->flash_id = g_timeout_add (FLASH_MS, flash_over_cb, self);
  gtk_widget_add_css_class (GTK_WIDGET (self), "lit");
}

void
bobbin_message_view_set_quiet (BobbinMessageView *self,
                              gboolean          quiet)
{
  g_return_if_fail (BOBBIN_IS_MESSAGE_VIEW (self));

  if (self->quiet == quiet)
    return;

  self->quiet = quiet;
  update_working (self);
}

void
bobbin_message_view_set_activity (BobbinMessageView *self,
                                  BobbinActivity     activity)
{
  g_return_if_fail (BOBBIN_IS_MESSAGE_VIEW (self));

  if (self->activity == activity)
    return;

  self->activity = activity;
  if (bobbin_message_get_delivery (self->message) == BOBBIN_DELIVERY_QUEUED)
    _bobbin_message_view_update_parts (self);
}

static void
add_icon_button (GtkWidget  *box,
                 const char *icon,
                 const char *label,
                 const char *action)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "small-icon");
  gtk_box_append (GTK_BOX (box), button);
}

/* Most messages are only read: their buttons are made when the pointer or the focus comes. */
void
_bobbin_message_view_ensure_actions (BobbinMessageView *self)
{
  gboolean user = bobbin_message_get_role (self->message) == BOBBIN_ROLE_USER;

  if (self->actions != NULL || self->slot == NULL)
    return;

  self->actions = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 2);
  gtk_widget_add_css_class (self->actions, "message-actions");
  add_icon_button (self->actions, "bobbin-copy-symbolic", _("Copy Message"), "message.copy");
  add_icon_button (self->actions, "bobbin-quote-symbolic", _("Quote in Message"), "message.quote");
  if (user)
    add_icon_button (self->actions, "bobbin-edit-symbolic", _("Edit and Send Again"), "message.edit");
  else
    {
      add_icon_button (self->actions, "bobbin-reload-symbolic", _("Answer Again"), "transcript.regenerate");
      gtk_actionable_set_action_target (GTK_ACTIONABLE (gtk_widget_get_last_child (self->actions)), "x",
                                        bobbin_message_get_id (self->message));
    }
  add_icon_button (self->actions, "bobbin-trash-symbolic",
                   bobbin_view_state_get_deletes (self->state) && bobbin_message_get_server_id (self->message) != NULL ? _("Delete Message…") : _("Delete From This Computer"), "message.delete");
  self->details = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  add_icon_button (self->details, "bobbin-more-symbolic", _("Details"), "message.details");
  gtk_box_append (GTK_BOX (self->actions), self->details);
  if (user)
    {
      g_autofree char *time = bobbin_words_time (bobbin_message_get_created_us (self->message));

      add_label (self->actions, time, "caption");
      gtk_widget_add_css_class (gtk_widget_get_last_child (self->actions), "dim-label");
    }
  gtk_box_append (GTK_BOX (self->slot), self->actions);
}

static void
copy_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  BobbinMessageView *self = BOBBIN_MESSAGE_VIEW (widget);
  g_autoptr(BobbinCopy) copy = bobbin_copy_new ();
  g_autoptr(GdkContentProvider) content = NULL;

  bobbin_copy_add_message (copy, self->message);
  content = bobbin_copy_to_content (copy);
  gdk_clipboard_set_content (gtk_widget_get_clipboard (widget), content);
}

/* For where plain text is pasted and Markdown is meant. */
static void
copy_markdown_action (GtkWidget  *widget,
                      const char *name,
                      GVariant   *parameter)
{
  BobbinMessageView *self = BOBBIN_MESSAGE_VIEW (widget);
  g_autoptr(BobbinCopy) copy = bobbin_copy_new ();

  bobbin_copy_add_message (copy, self->message);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), copy->markdown->str);
}

static void
edit_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  BobbinMessageView *self = BOBBIN_MESSAGE_VIEW (widget);

  if (bobbin_message_get_role (self->message) == BOBBIN_ROLE_USER)
    _bobbin_message_view_edit (self);
}

/* "message.retry" here is "transcript.retry" with the message's id for whoever shows the row. */
static void
intent_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  BobbinMessageView *self = BOBBIN_MESSAGE_VIEW (widget);
  g_autofree char *intent = g_strconcat ("transcript.", name + strlen ("message."), NULL);

  gtk_widget_activate_action (widget, intent, "x", bobbin_message_get_id (self->message));
}

void
_bobbin_message_view_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "message.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "message.copy-markdown", NULL, copy_markdown_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "message.copy-markdown",
                                       NULL);
  gtk_widget_class_install_action (widget_class, "message.edit", NULL, edit_action);
  gtk_widget_class_install_action (widget_class, "message.details", NULL, intent_action);
  gtk_widget_class_install_action (widget_class, "message.quote", NULL, intent_action);
  gtk_widget_class_install_action (widget_class, "message.retry", NULL, intent_action);
  gtk_widget_class_install_action (widget_class, "message.take-back", NULL, intent_action);
  gtk_widget_class_install_action (widget_class, "message.delete", NULL, intent_action);
}
