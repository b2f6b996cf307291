#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "app/bobbin-label-text.h"

#include <glib/gi18n.h>

/* Of GNOME's palette, each seen on light and on dark. */
static const struct
{
  const char *title;
  const char *hex;
} colors[BOBBIN_N_LABEL_COLORS] = {
  [BOBBIN_LABEL_BLUE] = { NC_("color", "Blue"), "#3584e4" },
  [BOBBIN_LABEL_GREEN] = { NC_("color", "Green"), "#2ec27e" },
  [BOBBIN_LABEL_YELLOW] = { NC_("color", "Yellow"), "#e5a50a" },
  [BOBBIN_LABEL_ORANGE] = { NC_("color", "Orange"), "#ff7800" },
  [BOBBIN_LABEL_RED] = { NC_("color", "Red"), "#e01b24" },
  [BOBBIN_LABEL_PURPLE] = { NC_("color", "Purple"), "#9141ac" },
  [BOBBIN_LABEL_BROWN] = { NC_("color", "Brown"), "#986a44" },
  [BOBBIN_LABEL_GRAY] = { NC_("color", "Gray"), "#77767b" },
};

const char *
bobbin_label_color_get_title (BobbinLabelColor color)
{
  g_return_val_if_fail ((guint) color < BOBBIN_N_LABEL_COLORS, NULL);

  return g_dpgettext2 (NULL, "color", colors[color].title);
}

void
bobbin_label_color_get_rgba (BobbinLabelColor  color,
                             GdkRGBA          *ret_rgba)
{
  g_return_if_fail ((guint) color < BOBBIN_N_LABEL_COLORS);

  gdk_rgba_parse (ret_rgba, colors[color].hex);
}

char *
bobbin_label_dup_markup (BobbinLabel *label)
{
  g_return_val_if_fail (BOBBIN_IS_LABEL (label), NULL);

  return g_markup_printf_escaped ("<span foreground='%s'>●</span>  %s", colors[bobbin_label_get_color (label)].hex,
                                  bobbin_label_get_name (label));
}

GtkWidget *
bobbin_label_dot_new (BobbinLabelColor color)
{
  GtkWidget *dot = g_object_new (GTK_TYPE_BOX, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  gtk_widget_set_size_request (dot, 14, 14);
  gtk_widget_set_valign (dot, GTK_ALIGN_CENTER);
  gtk_widget_set_halign (dot, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (dot, "label-dot");
  gtk_widget_add_css_class (dot, bobbin_label_color_get_nick (color));

  return dot;
}
