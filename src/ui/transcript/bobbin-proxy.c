#define G_LOG_DOMAIN "bobbin-transcript"

#include "config.h"

#include "bobbin-proxy.h"

#include <string.h>

#define TEXT_MAX 8192 /* bytes */

struct _BobbinProxy
{
  GtkWidget parent_instance;
  /* owned */
  char     *text;
  char     *target;
  int       level;
  gsize     key;
};

G_DEFINE_FINAL_TYPE (BobbinProxy, bobbin_proxy, GTK_TYPE_WIDGET)

static void
bobbin_proxy_snapshot (GtkWidget   *widget,
                       GtkSnapshot *snapshot)
{
  /* nothing: its text is drawn by the parent */
}

static void
bobbin_proxy_finalize (GObject *object)
{
  BobbinProxy *self = BOBBIN_PROXY (object);

  g_free (self->text);
  g_free (self->target);

  G_OBJECT_CLASS (bobbin_proxy_parent_class)->finalize (object);
}

static void
bobbin_proxy_class_init (BobbinProxyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->finalize = bobbin_proxy_finalize;
  widget_class->snapshot = bobbin_proxy_snapshot;
  gtk_widget_class_set_css_name (widget_class, "proxy");
  g_signal_new ("activate", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_add_binding_signal (widget_class, GDK_KEY_Return, 0, "activate", NULL);
  gtk_widget_class_add_binding_signal (widget_class, GDK_KEY_KP_Enter, 0, "activate", NULL);
  gtk_widget_class_add_binding_signal (widget_class, GDK_KEY_space, 0, "activate", NULL);
}

static void
bobbin_proxy_init (BobbinProxy *self)
{
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
}

GtkWidget *
bobbin_proxy_new (GtkAccessibleRole role)
{
  return g_object_new (BOBBIN_TYPE_PROXY, "accessible-role", role, "focusable", role == GTK_ACCESSIBLE_ROLE_LINK, NULL);
}

void
bobbin_proxy_set_text (BobbinProxy *self,
                       const char  *text,
                       gsize        length)
{
  g_return_if_fail (BOBBIN_IS_PROXY (self));

  if (length > TEXT_MAX)
    {
      length = TEXT_MAX;
      while ((text[length] & 0xc0) == 0x80)
        length--;
    }
  if (self->text != NULL && strlen (self->text) == length && strncmp (self->text, text, length) == 0)
    return;

  g_free (self->text);
  self->text = g_strndup (text, length);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, self->text, -1);
}

const char *
bobbin_proxy_get_text (BobbinProxy *self)
{
  g_return_val_if_fail (BOBBIN_IS_PROXY (self), NULL);

  return self->text;
}

void
bobbin_proxy_set_level (BobbinProxy *self,
                        int          level)
{
  g_return_if_fail (BOBBIN_IS_PROXY (self));

  if (self->level == level)
    return;

  self->level = level;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LEVEL, level, -1);
}

void
bobbin_proxy_set_target (BobbinProxy *self,
                         const char  *target)
{
  g_return_if_fail (BOBBIN_IS_PROXY (self));

  if (g_strcmp0 (self->target, target) == 0)
    return;

  g_free (self->target);
  self->target = g_strdup (target);
}

const char *
bobbin_proxy_get_target (BobbinProxy *self)
{
  g_return_val_if_fail (BOBBIN_IS_PROXY (self), NULL);

  return self->target;
}

void
bobbin_proxy_set_key (BobbinProxy *self,
                      gsize        key)
{
  g_return_if_fail (BOBBIN_IS_PROXY (self));

  if (self->key == key)
    return;

  self->key = key;
  g_clear_pointer (&self->text, g_free);
}

gsize
bobbin_proxy_get_key (BobbinProxy *self)
{
  g_return_val_if_fail (BOBBIN_IS_PROXY (self), 0);

  return self->key;
}
