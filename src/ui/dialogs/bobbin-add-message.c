#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "dialogs/bobbin-add-message.h"

#include "app/bobbin-failure-text.h"
#include "app/bobbin-fit.h"
#include "backend/bobbin-backend.h"
#include "model/bobbin-message.h"
#include "session/bobbin-session.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

typedef struct
{
  BobbinSession *session; /* owned */
  GtkWindow     *parent;  /* weak pointer */
  GtkDropDown   *roles;   /* borrowed from the dialog */
  GtkTextBuffer *buffer;  /* the same */
  guint          role;    /* of what was sent */
  char          *text;
} Addition;

static void present (GtkWindow *parent, BobbinSession *session, guint role, const char *text, const char *reason);

static void
addition_free (gpointer  data,
               GClosure *closure)
{
  Addition *addition = data;

  g_object_unref (addition->session);
  g_clear_weak_pointer (&addition->parent);
  g_free (addition->text);
  g_free (addition);
}

static char *
dup_text (GtkTextBuffer *buffer)
{
  GtkTextIter start;
  GtkTextIter end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);

  return gtk_text_buffer_get_text (buffer, &start, &end, TRUE);
}

static void
added_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Addition *addition = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *reason = NULL;

  if (!bobbin_session_add_message_finish (BOBBIN_SESSION (source), result, &error) && addition->parent != NULL)
    {
      reason = bobbin_error_dup_sentence (error);
      present (addition->parent, addition->session, addition->role, addition->text, reason);
    }
  addition_free (addition, NULL);
}

static void
response_cb (AdwMessageDialog *dialog,
             const char       *response,
             Addition         *addition)
{
  Addition *sent;

  if (!g_str_equal (response, "add"))
    return;

  sent = g_new0 (Addition, 1);
  sent->session = g_object_ref (addition->session);
  g_set_weak_pointer (&sent->parent, addition->parent);
  sent->role = gtk_drop_down_get_selected (addition->roles);
  sent->text = dup_text (addition->buffer);
  bobbin_session_add_message_async (sent->session, sent->role, sent->text, NULL, added_cb, sent);
}

static void
changed_cb (GtkTextBuffer    *buffer,
            AdwMessageDialog *dialog)
{
  g_autofree char *text = dup_text (buffer);

  adw_message_dialog_set_response_enabled (dialog, "add", text[strspn (text, " \t\r\n")] != '\0');
}

/* In the order of BobbinRole. */
static GtkWidget *
make_roles (BobbinSession *session,
            guint          role)
{
  const char *const names[] = { C_("role of a message", "You"), C_("role of a message", "Agent"), C_("role of a message", "System"), NULL };
  const char *const two[] = { names[0], names[1], NULL };
  gboolean system = bobbin_backend_can (bobbin_session_get_backend (session), BOBBIN_CAN_ADD_SYSTEM);
  GtkWidget *roles = gtk_drop_down_new_from_strings (system ? names : two);

  G_STATIC_ASSERT (BOBBIN_ROLE_USER == 0 && BOBBIN_ROLE_ASSISTANT == 1 && BOBBIN_ROLE_SYSTEM == 2);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (roles), role);
  gtk_accessible_update_property (GTK_ACCESSIBLE (roles), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Said by"), -1);

  return roles;
}

static GtkWidget *
make_text (GtkTextBuffer **ret_buffer,
           const char     *text)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *view = gtk_text_view_new ();

  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (view), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_top_margin (GTK_TEXT_VIEW (view), 9);
  gtk_text_view_set_bottom_margin (GTK_TEXT_VIEW (view), 9);
  gtk_text_view_set_left_margin (GTK_TEXT_VIEW (view), 9);
  gtk_text_view_set_right_margin (GTK_TEXT_VIEW (view), 9);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (view), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Text of the message"), -1);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), view);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scroller), 110);
  gtk_widget_add_css_class (scroller, "card");
  gtk_widget_set_overflow (scroller, GTK_OVERFLOW_HIDDEN);
  *ret_buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  if (text != NULL)
    gtk_text_buffer_set_text (*ret_buffer, text, -1);

  return scroller;
}

/* @text, @reason: (nullable): what was written before and why it was not added. */
static void
present (GtkWindow     *parent,
         BobbinSession *session,
         guint          role,
         const char    *text,
         const char    *reason)
{
  AdwMessageDialog *dialog =
    ADW_MESSAGE_DIALOG (bobbin_fit_dialog (parent, reason == NULL ? _("Add Message") : _("The Message Was Not Added"),
                                           reason == NULL ? _("It goes into the conversation on the server. The agent is not "
                                                              "asked, and takes it into account with its next answer.")
                                                          : reason));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  Addition *addition = g_new0 (Addition, 1);
  GtkWidget *view;

  addition->session = g_object_ref (session);
  g_set_weak_pointer (&addition->parent, parent);
  addition->roles = GTK_DROP_DOWN (make_roles (session, role));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (addition->roles));
  view = make_text (&addition->buffer, text);
  gtk_box_append (GTK_BOX (box), view);

  adw_message_dialog_add_responses (dialog, "cancel", _("_Cancel"), "add", _("_Add"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "add", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_close_response (dialog, "cancel");
  adw_message_dialog_set_extra_child (dialog, box);
  g_signal_connect_object (addition->buffer, "changed", G_CALLBACK (changed_cb), dialog, 0);
  changed_cb (addition->buffer, dialog);
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), addition, addition_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
  gtk_widget_grab_focus (gtk_scrolled_window_get_child (GTK_SCROLLED_WINDOW (view)));
}

void
bobbin_add_message_present (GtkWindow     *parent,
                            BobbinSession *session)
{
  g_return_if_fail (GTK_IS_WINDOW (parent));
  g_return_if_fail (BOBBIN_IS_SESSION (session));

  present (parent, session, BOBBIN_ROLE_USER, NULL, NULL);
}
