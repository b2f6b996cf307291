#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-links.h"

#include <glib/gi18n.h>
#include <string.h>

#define URI_MAX 2048 /* bytes; a longer address is text */

static const char *const schemes[] = { "https://", "http://", "mailto:" };

/* The length of the scheme [text, text + length) starts with; 0: none of ours. */
static gsize
scheme_length (const char *text,
               gsize       length)
{
  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    {
      gsize n = strlen (schemes[i]);

      if (length > n && g_ascii_strncasecmp (text, schemes[i], n) == 0)
        return n;
    }

  return 0;
}

gboolean
bobbin_links_is_safe (const char *uri)
{
  if (uri == NULL || strlen (uri) > URI_MAX || scheme_length (uri, strlen (uri)) == 0)
    return FALSE;
  for (const char *p = uri; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p) || *p == ' ')
      return FALSE;

  return g_uri_is_valid (uri, G_URI_FLAGS_PARSE_RELAXED, NULL);
}

static gboolean
ends_address (char c)
{
  return g_ascii_isspace (c) || g_ascii_iscntrl (c) || c == '<' || c == '>' || c == '"' || c == '`';
}

/* Without what belongs to the sentence around it: a full stop, a bracket that was opened before. */
static gsize
trim_end (const char *text,
          gsize       start,
          gsize       end)
{
  while (end > start)
    {
      char c = text[end - 1];

      if (c == ')' || c == ']')
        {
          char open = c == ')' ? '(' : '[';
          int balance = 0;

          for (gsize i = start; i < end; i++)
            balance += text[i] == open ? 1 : text[i] == c ? -1 : 0;
          if (balance >= 0)
            break;
        }
      else if (strchr (".,;:!?'*_", c) == NULL)
        {
          break;
        }
      end--;
    }

  return end;
}

void
bobbin_links_scan (const char *text,
                   gsize       from,
                   gsize       to,
                   GArray     *links)
{
  gsize i = from;

  while (i < to)
    {
      const char *colon = memchr (text + i, ':', to - i);
      gsize start;
      gsize end;

      if (colon == NULL)
        return;

      start = colon - text;
      while (start > i && colon - text - start < 6 && g_ascii_isalpha (text[start - 1]))
        start--;
      i = colon - text + 1;
      if (scheme_length (text + start, to - start) == 0)
        continue;

      end = i;
      while (end < to && !ends_address (text[end]))
        end++;
      i = end;
      end = trim_end (text, start, end);
      if (scheme_length (text + start, end - start) > 0 && end - start <= URI_MAX)
        {
          BobbinTextLink link = { start, end };

          g_array_append_val (links, link);
        }
    }
}

/* Opening */

static void
open_clicked_cb (GtkWidget *button,
                 gpointer   user_data)
{
  GtkRoot *root = gtk_widget_get_root (button);
  GtkWidget *popover = gtk_widget_get_ancestor (button, GTK_TYPE_POPOVER);

  gtk_show_uri (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, user_data, GDK_CURRENT_TIME);
  gtk_popover_popdown (GTK_POPOVER (popover));
}

static void
copy_clicked_cb (GtkWidget *button,
                 gpointer   user_data)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (button), user_data);
  gtk_popover_popdown (GTK_POPOVER (gtk_widget_get_ancestor (button, GTK_TYPE_POPOVER)));
}

static gboolean
unparent_cb (gpointer user_data)
{
  if (gtk_widget_get_parent (user_data) != NULL)
    gtk_widget_unparent (user_data);

  return G_SOURCE_REMOVE;
}

static void
closed_cb (GtkWidget *popover)
{
  /* not within its own signal */
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, unparent_cb, g_object_ref (popover), g_object_unref);
}

static void
add_button (GtkWidget  *box,
            const char *label,
            GCallback   callback,
            const char *uri)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  g_signal_connect_data (button, "clicked", callback, g_strdup (uri), (GClosureNotify) (void (*) (void)) g_free, 0);
  gtk_box_append (GTK_BOX (box), button);
}

void
bobbin_links_popup (GtkWidget          *parent,
                    const GdkRectangle *rect,
                    const char         *uri)
{
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *label = gtk_label_new (uri);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_CHAR);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 44);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_direction (label, GTK_TEXT_DIR_LTR);
  gtk_widget_set_halign (buttons, GTK_ALIGN_END);
  add_button (buttons, _("Copy Address"), G_CALLBACK (copy_clicked_cb), uri);
  if (bobbin_links_is_safe (uri))
    add_button (buttons, _("Open"), G_CALLBACK (open_clicked_cb), uri);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), buttons);
  gtk_widget_add_css_class (box, "link-popover");

  gtk_popover_set_child (GTK_POPOVER (popover), box);
  gtk_popover_set_pointing_to (GTK_POPOVER (popover), rect);
  gtk_accessible_update_property (GTK_ACCESSIBLE (popover), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Address"), -1);
  gtk_widget_set_parent (popover, parent);
  g_signal_connect (popover, "closed", G_CALLBACK (closed_cb), NULL);
  gtk_popover_popup (GTK_POPOVER (popover));
}
