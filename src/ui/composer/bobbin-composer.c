#define G_LOG_DOMAIN "bobbin-composer"

#include "config.h"

#include "bobbin-composer.h"

struct _BobbinComposer
{
  GtkWidget parent_instance;
  /* owned */
  GObject *session;
  gboolean ctrl_enter_sends;
};

enum { PROP_SESSION = 1, PROP_CTRL_ENTER_SENDS, N_PROPS };

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (BobbinComposer, bobbin_composer, GTK_TYPE_WIDGET)

static void
bobbin_composer_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  BobbinComposer *self = BOBBIN_COMPOSER (object);

  switch (prop_id)
    {
    case PROP_SESSION:
      g_value_set_object (value, self->session);
      break;
    case PROP_CTRL_ENTER_SENDS:
      g_value_set_boolean (value, self->ctrl_enter_sends);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_composer_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  BobbinComposer *self = BOBBIN_COMPOSER (object);

  switch (prop_id)
    {
    case PROP_SESSION:
      bobbin_composer_set_session (self, g_value_get_object (value));
      break;
    case PROP_CTRL_ENTER_SENDS:
      bobbin_composer_set_ctrl_enter_sends (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_composer_dispose (GObject *object)
{
  BobbinComposer *self = BOBBIN_COMPOSER (object);

  g_clear_object (&self->session);

  G_OBJECT_CLASS (bobbin_composer_parent_class)->dispose (object);
}

static void
bobbin_composer_class_init (BobbinComposerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bobbin_composer_get_property;
  object_class->set_property = bobbin_composer_set_property;
  object_class->dispose = bobbin_composer_dispose;

  props[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, G_TYPE_OBJECT,
                                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  props[PROP_CTRL_ENTER_SENDS] =
    g_param_spec_boolean ("ctrl-enter-sends", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
bobbin_composer_init (BobbinComposer *self)
{
}

GtkWidget *
bobbin_composer_new (void)
{
  return g_object_new (BOBBIN_TYPE_COMPOSER, NULL);
}

BobbinSession *
bobbin_composer_get_session (BobbinComposer *self)
{
  g_return_val_if_fail (BOBBIN_IS_COMPOSER (self), NULL);

  return (BobbinSession *) self->session;
}

void
bobbin_composer_set_session (BobbinComposer *self, BobbinSession *session)
{
  g_return_if_fail (BOBBIN_IS_COMPOSER (self));

  if (g_set_object (&self->session, G_OBJECT (session)))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SESSION]);
}

gboolean
bobbin_composer_get_ctrl_enter_sends (BobbinComposer *self)
{
  g_return_val_if_fail (BOBBIN_IS_COMPOSER (self), FALSE);

  return self->ctrl_enter_sends;
}

void
bobbin_composer_set_ctrl_enter_sends (BobbinComposer *self, gboolean ctrl_enter_sends)
{
  g_return_if_fail (BOBBIN_IS_COMPOSER (self));

  if (self->ctrl_enter_sends == ctrl_enter_sends)
    return;

  self->ctrl_enter_sends = ctrl_enter_sends;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CTRL_ENTER_SENDS]);
}

gboolean
bobbin_composer_grab_focus (BobbinComposer *self)
{
  g_return_val_if_fail (BOBBIN_IS_COMPOSER (self), FALSE);

  return gtk_widget_grab_focus (GTK_WIDGET (self));
}

void
bobbin_composer_add_files (BobbinComposer *self, GSList *files)
{
  g_return_if_fail (BOBBIN_IS_COMPOSER (self));
}

void
bobbin_composer_quote (BobbinComposer *self, const char *text)
{
  g_return_if_fail (BOBBIN_IS_COMPOSER (self));
}
