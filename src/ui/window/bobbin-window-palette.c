/* The window's actions as others reach them: which can be done now, and doing one by its name, as the palette does. */
#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "window/bobbin-window-private.h"

#include "session/bobbin-session.h"
#include "window/bobbin-palette.h"

#include <string.h>

gboolean
bobbin_window_shows_thread (BobbinWindow *self,
                            BobbinThread *thread)
{
  g_return_val_if_fail (BOBBIN_IS_WINDOW (self), FALSE);

  return thread != NULL && thread == self->thread && !self->welcoming
         && (!adw_leaflet_get_folded (self->leaflet)
             || adw_leaflet_get_visible_child (self->leaflet) == GTK_WIDGET (self->conversation));
}

static void
palette_cb (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  gtk_window_present (GTK_WINDOW (bobbin_palette_new (BOBBIN_WINDOW (widget), BOBBIN_WINDOW (widget)->library)));
}

static void
attach_cb (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  BobbinWindow *self = BOBBIN_WINDOW (widget);

  _bobbin_window_show_conversation (self);
  if (bobbin_conversation_grab_composer (self->conversation))
    gtk_widget_activate_action (gtk_window_get_focus (GTK_WINDOW (self)), "composer.attach", NULL);
}

static void
stop_cb (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  BobbinSession *session = bobbin_conversation_get_session (BOBBIN_WINDOW (widget)->conversation);

  if (session != NULL)
    bobbin_session_stop (session);
}

void
_bobbin_window_class_init_palette (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.command-palette", NULL, palette_cb);
  gtk_widget_class_install_action (widget_class, "win.attach-files", NULL, attach_cb);
  gtk_widget_class_install_action (widget_class, "win.stop-answer", NULL, stop_cb);
}

void
_bobbin_window_set_enabled (BobbinWindow *self,
                            const char   *name,
                            gboolean      enabled)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), name, enabled);
  if (enabled)
    g_hash_table_remove (self->disabled, name);
  else
    g_hash_table_add (self->disabled, (gpointer) name);
}

/* Those of the conversation, and those that are given one, "" for the one that is open. */
static gboolean
needs_thread (const char *name,
              GVariant   *target)
{
  return g_str_has_prefix (name, "conversation.")
         || (target != NULL && g_variant_is_of_type (target, G_VARIANT_TYPE_STRING)
             && *g_variant_get_string (target, NULL) == '\0');
}

gboolean
bobbin_window_can_activate (BobbinWindow *self,
                            const char   *detailed)
{
  GActionGroup *application = G_ACTION_GROUP (gtk_window_get_application (GTK_WINDOW (self)));
  g_autofree char *name = NULL;
  g_autoptr(GVariant) target = NULL;

  g_return_val_if_fail (BOBBIN_IS_WINDOW (self), FALSE);

  if (!g_action_parse_detailed_name (detailed, &name, &target, NULL) || g_hash_table_contains (self->disabled, name))
    return FALSE;
  if (g_str_has_prefix (name, "app."))
    return application != NULL && g_action_group_get_action_enabled (application, name + strlen ("app."));

  return self->thread != NULL || !needs_thread (name, target);
}

gboolean
bobbin_window_activate_detailed (BobbinWindow *self,
                                 const char   *detailed)
{
  g_autofree char *name = NULL;
  g_autoptr(GVariant) target = NULL;
  GtkWidget *focus;
  GtkWidget *otherwise;

  g_return_val_if_fail (BOBBIN_IS_WINDOW (self), FALSE);

  if (!g_action_parse_detailed_name (detailed, &name, &target, NULL))
    return FALSE;

  focus = gtk_window_get_focus (GTK_WINDOW (self));
  otherwise = self->welcoming ? GTK_WIDGET (self) : GTK_WIDGET (self->conversation);

  return (focus != NULL && gtk_widget_activate_action_variant (focus, name, target))
         || gtk_widget_activate_action_variant (otherwise, name, target);
}
