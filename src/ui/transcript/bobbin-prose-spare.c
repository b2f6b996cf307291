/* Widgets of a prose widget that have left the screen wait here for the next one of their kind: making a widget, and finding its
 * style, costs far more than moving one. */
#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-prose-private.h"

#define SPARES_MAX 48

static void
hide (GtkWidget *widget,
      gboolean   hidden)
{
  gtk_widget_set_child_visible (widget, !hidden);
  gtk_accessible_update_state (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_STATE_HIDDEN, hidden, -1);
}

/* (nullable) (transfer none): a child that stands behind all others and is shown again. */
GtkWidget *
_bobbin_prose_take_spare (BobbinProse       *self,
                          GType              type,
                          GtkAccessibleRole  role)
{
  for (guint i = self->spares->len; i > 0; i--)
    {
      GtkWidget *widget = g_ptr_array_index (self->spares, i - 1);

      if (G_OBJECT_TYPE (widget) != type || gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (widget)) != role)
        continue;
      g_ptr_array_remove_index_fast (self->spares, i - 1);
      hide (widget, FALSE);
      return widget;
    }

  return NULL;
}

/* @widget (transfer full): a child nobody needs at present. */
void
_bobbin_prose_put_spare (BobbinProse *self,
                         GtkWidget   *widget)
{
  if (self->spares->len == SPARES_MAX || gtk_widget_get_focus_child (GTK_WIDGET (self)) == widget)
    {
      gtk_widget_unparent (widget);
      return;
    }

  hide (widget, TRUE);
  g_ptr_array_add (self->spares, widget);
}
