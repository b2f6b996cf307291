/* gallery [mixed N | blocks [WHICH]]: shows messages of every kind in the transcript's column, for pictures and for trying things out. */
#include "config.h"

#include "messages.h"
#include "ui/transcript/bobbin-column.h"

#include <adwaita.h>
#include <stdlib.h>

static GListStore *messages;

static void
activate_cb (GtkApplication *application)
{
  GtkWidget *window = adw_application_window_new (application);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *column = bobbin_column_new ();
  const char *size = g_getenv ("GALLERY_SIZE");
  int width = 900;
  int height = 1000;

  if (size != NULL)
    sscanf (size, "%dx%d", &width, &height);
  bobbin_column_set_model (BOBBIN_COLUMN (column), G_LIST_MODEL (messages));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), column);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), scrolled);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), box);
  gtk_window_set_title (GTK_WINDOW (window), "Gallery");
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_present (GTK_WINDOW (window));
}

/* A file of Markdown as an answer. */
static GListStore *
messages_file (const char *path)
{
  GListStore *store = g_list_store_new (BOBBIN_TYPE_MESSAGE);
  g_autofree char *text = NULL;

  if (g_file_get_contents (path, &text, NULL, NULL))
    {
      g_autoptr(BobbinMessage) message = messages_text (BOBBIN_ROLE_ASSISTANT, text, MESSAGES_NOON);

      g_list_store_append (store, message);
    }

  return store;
}

int
main (int argc, char **argv)
{
  g_autoptr(AdwApplication) application = NULL;
  int status;

  gtk_init ();
  if (g_getenv ("GALLERY_RTL") != NULL)
    gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);

  if (argc > 1 && g_str_equal (argv[1], "blocks"))
    messages = messages_blocks (argv[2]);
  else if (argc > 2 && g_str_equal (argv[1], "file"))
    messages = messages_file (argv[2]);
  else if (argc > 2)
    messages = messages_mixed ((guint) atoi (argv[2]));
  else
    messages = messages_gallery ();
  application = adw_application_new (BOBBIN_APP_ID, G_APPLICATION_NON_UNIQUE);
  g_signal_connect (application, "activate", G_CALLBACK (activate_cb), NULL);
  status = g_application_run (G_APPLICATION (application), 1, argv);
  g_object_unref (messages);

  return status;
}
