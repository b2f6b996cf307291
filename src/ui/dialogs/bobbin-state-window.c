#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "dialogs/bobbin-state-window.h"

#include "backend/bobbin-abilities.h"
#include "backend/bobbin-backend.h"
#include "dialogs/bobbin-state-page.h"
#include "model/bobbin-thread.h"
#include "session/bobbin-state-editor.h"

#include <adwaita.h>
#include <glib/gi18n.h>

gboolean
bobbin_state_window_is_useful (BobbinBackend *backend,
                               BobbinThread  *thread)
{
  return backend != NULL && bobbin_thread_get_server_id (thread) != NULL && BOBBIN_IS_THREAD_STATE (backend) &&
         (bobbin_backend_can (backend, BOBBIN_CAN_STATE) || bobbin_backend_can (backend, BOBBIN_CAN_METADATA));
}

static void
copy_cb (GtkButton *button,
         GtkLabel  *label)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (button)), gtk_label_get_text (label));
}

/* The id as the server knows it. */
static GtkWidget *
make_id (const char *id)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (id);
  GtkWidget *button = gtk_button_new_from_icon_name ("bobbin-copy-symbolic");

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (label, "monospace");
  gtk_widget_add_css_class (label, "dim-label");
  gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LABEL, _("ID on the server"), -1);
  gtk_widget_set_tooltip_text (button, _("Copy ID"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Copy ID"), -1);
  gtk_widget_add_css_class (button, "flat");
  g_signal_connect_object (button, "clicked", G_CALLBACK (copy_cb), label, 0);
  gtk_box_append (GTK_BOX (row), label);
  gtk_box_append (GTK_BOX (row), button);
  gtk_widget_set_margin_start (row, 12);
  gtk_widget_set_margin_end (row, 12);
  gtk_widget_set_margin_bottom (row, 12);

  return row;
}

static void
add_page (AdwViewStack          *stack,
          BobbinBackend         *backend,
          const char            *id,
          BobbinThreadStateKind  what)
{
  g_autoptr(BobbinStateEditor) editor = bobbin_state_editor_new (BOBBIN_THREAD_STATE (backend), id, what);
  gboolean is_state = what == BOBBIN_THREAD_STATE_STATE;

  adw_view_stack_add_titled (stack, bobbin_state_page_new (editor), is_state ? "state" : "metadata", is_state ? _("State") : _("Metadata"));
}

static GtkWidget *
make_header (AdwViewStack *stack,
             const char   *title,
             const char   *subtitle,
             gboolean      several)
{
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *switcher;

  if (!several)
    {
      adw_header_bar_set_title_widget (ADW_HEADER_BAR (header), adw_window_title_new (title, subtitle));
      return header;
    }

  switcher = adw_view_switcher_new ();
  adw_view_switcher_set_stack (ADW_VIEW_SWITCHER (switcher), stack);
  adw_view_switcher_set_policy (ADW_VIEW_SWITCHER (switcher), ADW_VIEW_SWITCHER_POLICY_WIDE);
  adw_header_bar_set_title_widget (ADW_HEADER_BAR (header), switcher);

  return header;
}

static GtkWindow *
make_window (GtkWindow    *parent,
             const char   *title,
             const char   *subtitle,
             const char   *id,
             AdwViewStack *stack,
             gboolean      several)
{
  GtkWidget *window = adw_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkEventController *shortcuts = gtk_shortcut_controller_new ();

  gtk_widget_set_vexpand (GTK_WIDGET (stack), TRUE);
  gtk_box_append (GTK_BOX (box), make_header (stack, title, subtitle, several));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (stack));
  gtk_box_append (GTK_BOX (box), make_id (id));

  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (shortcuts),
                                        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0),
                                                          gtk_named_action_new ("window.close")));
  gtk_widget_add_controller (window, GTK_EVENT_CONTROLLER (shortcuts));
  adw_window_set_content (ADW_WINDOW (window), box);
  gtk_window_set_title (GTK_WINDOW (window), title);
  gtk_window_set_default_size (GTK_WINDOW (window), 560, 620);
  gtk_widget_set_size_request (window, 340, 320);
  gtk_window_set_transient_for (GTK_WINDOW (window), parent);
  gtk_window_set_modal (GTK_WINDOW (window), TRUE);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (window), TRUE);

  return GTK_WINDOW (window);
}

GtkWindow *
bobbin_state_window_new (GtkWindow     *parent,
                         BobbinBackend *backend,
                         BobbinThread  *thread)
{
  AdwViewStack *stack = ADW_VIEW_STACK (adw_view_stack_new ());
  const char *id = bobbin_thread_get_server_id (thread);
  const char *title = bobbin_thread_get_title (thread);
  gboolean has_state = bobbin_backend_can (backend, BOBBIN_CAN_STATE);
  gboolean has_metadata = bobbin_backend_can (backend, BOBBIN_CAN_METADATA);

  if (has_state)
    add_page (stack, backend, id, BOBBIN_THREAD_STATE_STATE);
  if (has_metadata)
    add_page (stack, backend, id, BOBBIN_THREAD_STATE_METADATA);

  return make_window (parent, _("State & Metadata"), title != NULL ? title : "", id, stack, has_state && has_metadata);
}

GtkWindow *
bobbin_state_window_new_for_message (GtkWindow     *parent,
                                     BobbinBackend *backend,
                                     BobbinThread  *thread,
                                     const char    *message_id)
{
  AdwViewStack *stack = ADW_VIEW_STACK (adw_view_stack_new ());
  g_autofree char *id = g_strdup_printf ("%s\n%s", bobbin_thread_get_server_id (thread), message_id);

  add_page (stack, backend, id, BOBBIN_THREAD_STATE_MESSAGE);

  return make_window (parent, _("Metadata of a Message"), "", message_id, stack, FALSE);
}
