#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-sources-view.h"

#include "bobbin-links.h"
#include "bobbin-message-view.h"
#include "model/bobbin-block.h"
#include "model/bobbin-message.h"
#include "util/bobbin-json.h"
#include "util/bobbin-text.h"

#include <glib/gi18n.h>

#define SOURCES_MAX 100
#define QUOTE_MAX   300 /* characters */

static void
open_cb (GtkWidget  *button,
         const char *uri)
{
  GdkRectangle area = { 0, 0, gtk_widget_get_width (button), gtk_widget_get_height (button) };

  bobbin_links_popup (button, &area, uri);
}

char *
bobbin_sources_dup_title (JsonObject *source)
{
  static const char *const names[] = { "title", "url", "file_id" };
  g_autofree char *page = bobbin_json_dup_text (source, "page");
  g_autofree char *clean = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names) && clean == NULL; i++)
    {
      const char *text = bobbin_json_get_string (source, names[i]);

      if (text != NULL && *text != '\0')
        clean = bobbin_text_clean_name (text);
    }
  if (clean == NULL)
    clean = g_strdup (_("Source without a name"));

  /* Translators: a document and a page in it */
  return page != NULL ? g_strdup_printf (_("%1$s, page %2$s"), clean, page) : g_steal_pointer (&clean);
}

/* A cited file can be fetched and saved. */
static void
fetch_cb (GtkWidget  *button,
          const char *file_id)
{
  gtk_widget_activate_action (button, "transcript.fetch-source", "s", file_id);
}

static GtkWidget *
make_link (GtkWidget  *what,
           const char *name,
           const char *tooltip,
           GCallback   callback,
           const char *target)
{
  GtkWidget *button = gtk_button_new ();

  gtk_button_set_child (GTK_BUTTON (button), what);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "source-link");
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect_data (button, "clicked", callback, g_strdup (target), (GClosureNotify) (void (*) (void)) g_free, 0);

  return button;
}

static void
add_source (GtkGrid    *grid,
            guint       number,
            JsonObject *source,
            gboolean    fetches)
{
  const char *url = bobbin_json_get_string (source, "url");
  const char *file_id = bobbin_json_get_string (source, "file_id");
  g_autofree char *name = NULL;
  const char *quote = bobbin_json_get_string (source, "quote");
  g_autofree char *title = bobbin_sources_dup_title (source);
  g_autofree char *mark = g_strdup_printf ("[%u]", number);
  GtkWidget *label = gtk_label_new (mark);
  GtkWidget *what = gtk_label_new (title);

  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_label_set_xalign (GTK_LABEL (what), 0);
  gtk_label_set_wrap (GTK_LABEL (what), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (what), PANGO_WRAP_WORD_CHAR);
  gtk_grid_attach (grid, label, 0, (int) number * 2, 1, 1);
  name = g_strdup_printf ("%s %s", mark, title);
  if (url != NULL && bobbin_links_is_safe (url))
    what = make_link (what, name, url, G_CALLBACK (open_cb), url);
  else if (fetches && file_id != NULL && *file_id != '\0')
    what = make_link (what, name, _("Save As…"), G_CALLBACK (fetch_cb), file_id);
  gtk_grid_attach (grid, what, 1, (int) number * 2, 1, 1);
  if (quote != NULL && *quote != '\0')
    {
      g_autofree char *line = bobbin_text_one_line (quote);
      g_autofree char *cut = bobbin_text_truncate (line, QUOTE_MAX);
      g_autofree char *quoted = g_strdup_printf (_("“%s”"), cut);
      GtkWidget *text = gtk_label_new (quoted);

      gtk_label_set_xalign (GTK_LABEL (text), 0);
      gtk_label_set_wrap (GTK_LABEL (text), TRUE);
      gtk_label_set_wrap_mode (GTK_LABEL (text), PANGO_WRAP_WORD_CHAR);
      gtk_widget_add_css_class (text, "caption");
      gtk_widget_add_css_class (text, "dim-label");
      gtk_grid_attach (grid, text, 1, (int) number * 2 + 1, 1, 1);
    }
}

static void
update (GtkWidget *box)
{
  BobbinBlock *block = g_object_get_data (G_OBJECT (box), "block");
  gboolean fetches = g_object_get_data (G_OBJECT (box), "fetches") != NULL;
  const char *data = bobbin_block_get_data (block);
  g_autoptr(JsonObject) object = data != NULL ? bobbin_json_parse_object (data, -1, NULL) : NULL;
  JsonArray *sources = object != NULL ? bobbin_json_get_array (object, "sources") : NULL;
  guint n = sources != NULL ? json_array_get_length (sources) : 0;
  GtkWidget *grid = gtk_widget_get_last_child (box);

  gtk_box_remove (GTK_BOX (box), grid);
  grid = gtk_grid_new ();
  gtk_grid_set_column_spacing (GTK_GRID (grid), 8);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 2);
  for (guint i = 0; i < MIN (n, SOURCES_MAX); i++)
    {
      JsonNode *node = json_array_get_element (sources, i);

      if (JSON_NODE_HOLDS_OBJECT (node))
        add_source (GTK_GRID (grid), i + 1, json_node_get_object (node), fetches);
    }
  gtk_box_append (GTK_BOX (box), grid);
  gtk_widget_set_visible (box, n > 0);
}

/* Files that are known by their ids get their names when somebody looks. */
static void
map_cb (GtkWidget   *box,
        BobbinBlock *block)
{
  GtkWidget *row = gtk_widget_get_ancestor (box, BOBBIN_TYPE_MESSAGE_VIEW);

  if (row != NULL)
    gtk_widget_activate_action (row, "transcript.name-sources", "(xx)",
                                bobbin_message_get_id (bobbin_message_view_get_message (BOBBIN_MESSAGE_VIEW (row))),
                                bobbin_block_get_id (block));
}

static void
state_cb (BobbinBlock *block,
          GParamSpec  *pspec,
          GtkWidget   *box)
{
  if (gtk_widget_get_mapped (box))
    map_cb (box, block);
}

GtkWidget *
bobbin_sources_view_new (BobbinBlock     *block,
                         BobbinViewState *state)
{
  GtkWidget *box = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 4, "accessible-role",
                                 GTK_ACCESSIBLE_ROLE_GROUP, NULL);
  GtkWidget *title = gtk_label_new (_("Sources"));

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_add_css_class (title, "caption-heading");
  gtk_widget_add_css_class (title, "dim-label");
  gtk_widget_add_css_class (box, "sources");
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), gtk_grid_new ());
  gtk_accessible_update_property (GTK_ACCESSIBLE (box), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Sources"), -1);
  g_object_set_data_full (G_OBJECT (box), "block", g_object_ref (block), g_object_unref);
  if (bobbin_view_state_get_fetches (state))
    {
      g_object_set_data (G_OBJECT (box), "fetches", GINT_TO_POINTER (TRUE));
      g_signal_connect_object (box, "map", G_CALLBACK (map_cb), block, 0);
      g_signal_connect_object (block, "notify::state", G_CALLBACK (state_cb), box, 0);
    }
  g_signal_connect_object (block, "notify::data", G_CALLBACK (update), box, G_CONNECT_SWAPPED);
  update (box);

  return box;
}
