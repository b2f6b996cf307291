#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-message-details.h"

#include "bobbin-words.h"
#include "model/bobbin-message.h"
#include "util/bobbin-id.h"

#include <glib/gi18n.h>
#include <string.h>

static void
add_row (GtkGrid    *grid,
         int        *row,
         const char *name,
         char       *value)
{
  GtkWidget *label;
  GtkWidget *text;

  if (value != NULL && *value != '\0')
    {
      label = gtk_label_new (name);
      gtk_label_set_xalign (GTK_LABEL (label), 1);
      gtk_widget_add_css_class (label, "dim-label");
      gtk_grid_attach (grid, label, 0, *row, 1, 1);

      text = gtk_label_new (value);
      gtk_label_set_xalign (GTK_LABEL (text), 0);
      gtk_label_set_selectable (GTK_LABEL (text), TRUE);
      gtk_label_set_ellipsize (GTK_LABEL (text), PANGO_ELLIPSIZE_MIDDLE);
      gtk_label_set_max_width_chars (GTK_LABEL (text), 36);
      gtk_accessible_update_relation (GTK_ACCESSIBLE (text), GTK_ACCESSIBLE_RELATION_LABELLED_BY, label, NULL, -1);
      gtk_grid_attach (grid, text, 1, *row, 1, 1);
      (*row)++;
    }
  g_free (value);
}

static void
copy_cb (GtkWidget  *button,
         const char *text)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (button), text);
}

/* An id, raw, with a button that copies it. */
static void
add_id (GtkGrid    *grid,
        int        *row,
        const char *name,
        const char *copy,
        char       *id)
{
  g_autofree char *owned = id;
  GtkWidget *button;

  if (id == NULL || *id == '\0')
    return;

  add_row (grid, row, name, g_strdelimit (g_strdup (id), "\n", ' '));
  button = gtk_button_new_from_icon_name ("bobbin-copy-symbolic");
  gtk_widget_set_tooltip_text (button, copy);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, copy, -1);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "small-icon");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_signal_connect_data (button, "clicked", G_CALLBACK (copy_cb), g_steal_pointer (&owned), (GClosureNotify) (void (*) (void)) g_free, 0);
  gtk_grid_attach (grid, button, 2, *row - 1, 1, 1);
}

static void
metadata_cb (GtkWidget  *button,
             const char *id)
{
  GtkWidget *popover = gtk_widget_get_ancestor (button, GTK_TYPE_POPOVER);

  gtk_widget_activate_action (button, "win.show-message-metadata", "s", id);
  gtk_popover_popdown (GTK_POPOVER (popover));
}

/* Of the first row of the server: an answer may have several. */
void
bobbin_message_details_add_metadata (GtkWidget     *popover,
                                     BobbinMessage *message)
{
  GtkGrid *grid;
  GtkWidget *button;
  char *id;

  g_return_if_fail (GTK_IS_POPOVER (popover));

  if (bobbin_message_get_server_id (message) == NULL)
    return;

  grid = GTK_GRID (gtk_popover_get_child (GTK_POPOVER (popover)));
  button = gtk_button_new_with_mnemonic (_("_Metadata…"));
  id = g_strndup (bobbin_message_get_server_id (message), strcspn (bobbin_message_get_server_id (message), "\n"));
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_widget_set_margin_top (button, 6);
  g_signal_connect_data (button, "clicked", G_CALLBACK (metadata_cb), id, (GClosureNotify) (void (*) (void)) g_free, 0);
  gtk_grid_attach (grid, button, 1, 99, 2, 1); /* above the sum of the conversation */
}

static char *
time_words (gint64 time_us)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (time_us / G_USEC_PER_SEC);
  g_autoptr(GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  return local != NULL && time_us > 0 ? g_date_time_format (local, "%c") : NULL;
}

static char *
count_words (gint64 count)
{
  return count >= 0 ? g_strdup_printf ("%'" G_GINT64_FORMAT, count) : NULL;
}

static void
add_usage (GtkGrid           *grid,
           int               *row,
           const BobbinUsage *usage)
{
  add_row (grid, row, _("Tokens in"), count_words (usage->input_tokens));
  add_row (grid, row, _("Tokens out"), count_words (usage->output_tokens));
  add_row (grid, row, _("Tokens in all"), count_words (usage->total_tokens));
  if (usage->cost >= 0)
    add_row (grid, row, _("Cost"), g_strdup_printf ("%.6g %s", usage->cost, usage->currency));
  if (usage->unit_billed)
    /* Translators: how the service charges for an answer: a price for the answer as a whole, not for its tokens. */
    add_row (grid, row, _("Billing"), g_strdup (_("Unit billed")));
  if (usage->total_ms >= 0)
    add_row (grid, row, _("Time, as told by the server"), g_strdup_printf (_("%.1f s"), usage->total_ms / 1000));
}

static char *
dup_transport (const char *transport)
{
  if (g_strcmp0 (transport, "ws") == 0)
    return g_strdup ("WebSocket");
  if (g_strcmp0 (transport, "sse") == 0)
    return g_strdup ("SSE");
  if (g_strcmp0 (transport, "http") == 0)
    return g_strdup ("HTTP");

  return g_strdup (transport);
}

/* What is a version here is one more message there. */
static void
add_versions (GtkGrid       *grid,
              int           *row,
              BobbinMessage *message)
{
  GtkWidget *note = gtk_label_new (_("Versions are kept on this computer. The service was sent each of them, one after the other, "
                                     "and may take all of them into account when it answers."));

  add_row (grid, row, _("Version"),
           g_strdup_printf (_("%1$u of %2$u"), bobbin_message_get_version (message), bobbin_message_get_n_versions (message)));
  gtk_label_set_xalign (GTK_LABEL (note), 0);
  gtk_label_set_wrap (GTK_LABEL (note), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (note), 36);
  gtk_widget_add_css_class (note, "caption");
  gtk_widget_add_css_class (note, "dim-label");
  gtk_grid_attach (grid, note, 1, (*row)++, 1, 1);
}

static GtkWidget *
make_grid (BobbinMessage *message,
           const char    *transport)
{
  GtkWidget *grid = gtk_grid_new ();
  gint64 created = bobbin_message_get_created_us (message);
  gint64 finished = bobbin_message_get_finished_us (message);
  int row = 0;

  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 4);
  gtk_widget_add_css_class (grid, "message-details");

  add_row (GTK_GRID (grid), &row, _("From"), bobbin_words_author (message));
  add_row (GTK_GRID (grid), &row, _("Agent ID"), g_strdup (bobbin_message_get_agent_id (message)));
  add_row (GTK_GRID (grid), &row, _("Model"), g_strdup (bobbin_message_get_model (message)));
  add_row (GTK_GRID (grid), &row, _("Written"), time_words (created));
  if (finished > created)
    add_row (GTK_GRID (grid), &row, _("Took"), bobbin_words_duration (finished - created));
  add_usage (GTK_GRID (grid), &row, bobbin_message_get_usage (message));
  add_row (GTK_GRID (grid), &row, _("Connection"), dup_transport (transport));
  add_row (GTK_GRID (grid), &row, _("Ended by"), g_strdup (bobbin_message_get_stop_reason (message)));
  if (bobbin_message_get_n_versions (message) > 1)
    add_versions (GTK_GRID (grid), &row, message);
  add_id (GTK_GRID (grid), &row, _("ID here"), _("Copy ID"), bobbin_id_to_string (bobbin_message_get_id (message)));
  add_id (GTK_GRID (grid), &row, _("ID on the server"), _("Copy ID on the Server"), g_strdup (bobbin_message_get_server_id (message)));

  return grid;
}

static gboolean
unparent_cb (gpointer user_data)
{
  gtk_widget_unparent (user_data);

  return G_SOURCE_REMOVE;
}

static void
closed_cb (GtkWidget *popover)
{
  /* not within its own signal */
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, unparent_cb, g_object_ref (popover), g_object_unref);
}

/* The keyboard begins at what can be pressed, not with a caret in a text that nobody is to write in. */
static void
focus_button (GtkWidget *grid)
{
  for (GtkWidget *child = gtk_widget_get_first_child (grid); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_BUTTON (child) && gtk_widget_grab_focus (child))
      return;
}

GtkWidget *
bobbin_message_details_popup (BobbinMessage *message,
                              const char    *transport,
                              GtkWidget     *parent)
{
  GtkWidget *popover = gtk_popover_new ();

  gtk_popover_set_child (GTK_POPOVER (popover), make_grid (message, transport));
  gtk_widget_set_parent (popover, parent);
  g_signal_connect (popover, "closed", G_CALLBACK (closed_cb), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (popover), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Details"), -1);
  focus_button (gtk_popover_get_child (GTK_POPOVER (popover)));
  gtk_popover_popup (GTK_POPOVER (popover));

  return popover;
}

void
bobbin_message_details_add_sum (GtkWidget            *popover,
                                const BobbinUsageSum *sum)
{
  GtkGrid *grid;
  GtkWidget *title;
  int row = 100; /* below all others */

  g_return_if_fail (GTK_IS_POPOVER (popover));

  if (sum->n_answers == 0 || (sum->total_tokens == 0 && sum->n_costs == 0))
    return;

  grid = GTK_GRID (gtk_popover_get_child (GTK_POPOVER (popover)));
  title = gtk_label_new (_("Whole Conversation"));
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_add_css_class (title, "heading");
  gtk_widget_set_margin_top (title, 8);
  gtk_grid_attach (grid, title, 0, row++, 2, 1);
  add_row (grid, &row, _("Answers"), count_words (sum->n_answers));
  add_row (grid, &row, _("Tokens in"), count_words (sum->input_tokens));
  add_row (grid, &row, _("Tokens out"), count_words (sum->output_tokens));
  add_row (grid, &row, _("Tokens in all"), count_words (sum->total_tokens));
  for (guint i = 0; i < sum->n_costs; i++)
    add_row (grid, &row, _("Cost"), g_strdup_printf ("%.6g %s", sum->costs[i].cost, sum->costs[i].currency));
}
