#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "app/bobbin-start-window.h"

#include "util/bobbin-error.h"

#include <glib/gi18n.h>

struct _BobbinStartWindow
{
  AdwApplicationWindow parent_instance;

  AdwStatusPage *page; /* child */
};

G_DEFINE_FINAL_TYPE (BobbinStartWindow, bobbin_start_window, ADW_TYPE_APPLICATION_WINDOW)

static void
bobbin_start_window_class_init (BobbinStartWindowClass *klass)
{
}

static void
bobbin_start_window_init (BobbinStartWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *page = adw_status_page_new ();

  gtk_widget_add_css_class (header, "flat");
  adw_header_bar_set_title_widget (ADW_HEADER_BAR (header), adw_window_title_new ("", ""));
  gtk_widget_set_vexpand (page, TRUE);
  self->page = ADW_STATUS_PAGE (page);
  gtk_box_append (GTK_BOX (box), header);
  gtk_box_append (GTK_BOX (box), page);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (self), box);
  gtk_window_set_title (GTK_WINDOW (self), "Bobbin");
  gtk_window_set_default_size (GTK_WINDOW (self), 640, 480);
  gtk_widget_set_size_request (GTK_WIDGET (self), 360, 294);
}

GtkWidget *
bobbin_start_window_new (GtkApplication *application)
{
  return g_object_new (BOBBIN_TYPE_START_WINDOW, "application", application, NULL);
}

void
bobbin_start_window_show_busy (BobbinStartWindow *self)
{
  GtkWidget *spinner = gtk_spinner_new ();

  g_return_if_fail (BOBBIN_IS_START_WINDOW (self));

  gtk_widget_set_size_request (spinner, 32, 32);
  gtk_widget_set_halign (spinner, GTK_ALIGN_CENTER);
  gtk_spinner_start (GTK_SPINNER (spinner));
  adw_status_page_set_icon_name (self->page, NULL);
  adw_status_page_set_title (self->page, _("Opening Your Conversations…"));
  adw_status_page_set_description (self->page, _("After a crash or an update this can take a moment."));
  adw_status_page_set_child (self->page, spinner);
}

static GtkWidget *
make_button (const char *label,
             const char *action,
             gboolean    suggested)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_widget_add_css_class (button, "pill");
  if (suggested)
    gtk_widget_add_css_class (button, "suggested-action");

  return button;
}

void
bobbin_start_window_show_failed (BobbinStartWindow *self,
                                 const GError      *error,
                                 const char        *data_dir)
{
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  g_autofree char *escaped = NULL;
  g_autofree char *folder = g_markup_escape_text (data_dir, -1);
  g_autofree char *text = NULL;
  gboolean newer = g_error_matches (error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED);

  g_return_if_fail (BOBBIN_IS_START_WINDOW (self));

  escaped = g_markup_escape_text (error->message, -1);
  if (newer)
    text = g_strdup (_("Your conversations were written by a newer version of Bobbin. "
                       "Update Bobbin and start it again. Nothing was changed."));
  else
    /* Translators: the first is the path of a folder, the second what the system says (in
     * English). */
    text = g_strdup_printf (_("Check that the folder “%1$s” can be written and that the disk is not full.\n\n%2$s"),
                            folder, escaped);

  if (!newer)
    gtk_box_append (GTK_BOX (buttons), make_button (_("_Try Again"), "app.open-again", TRUE));
  gtk_box_append (GTK_BOX (buttons), make_button (_("_Quit"), "app.quit", newer));
  gtk_widget_set_halign (buttons, GTK_ALIGN_CENTER);

  adw_status_page_set_icon_name (self->page, "bobbin-warning-symbolic");
  adw_status_page_set_title (self->page, _("Your Conversations Cannot Be Opened"));
  adw_status_page_set_description (self->page, text);
  adw_status_page_set_child (self->page, buttons);
}
