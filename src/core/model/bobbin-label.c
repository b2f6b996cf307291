#define G_LOG_DOMAIN "bobbin-model"
#include "config.h"
#include "model/bobbin-label.h"

#include "model/bobbin-model-private.h"
#include "util/bobbin-id.h"

G_DEFINE_ENUM_TYPE (BobbinLabelColor, bobbin_label_color,
                    G_DEFINE_ENUM_VALUE (BOBBIN_LABEL_BLUE, "blue"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_LABEL_GREEN, "green"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_LABEL_YELLOW, "yellow"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_LABEL_ORANGE, "orange"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_LABEL_RED, "red"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_LABEL_PURPLE, "purple"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_LABEL_BROWN, "brown"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_LABEL_GRAY, "gray"))

static const char *const nicks[BOBBIN_N_LABEL_COLORS] = {
  [BOBBIN_LABEL_BLUE] = "blue",
  [BOBBIN_LABEL_GREEN] = "green",
  [BOBBIN_LABEL_YELLOW] = "yellow",
  [BOBBIN_LABEL_ORANGE] = "orange",
  [BOBBIN_LABEL_RED] = "red",
  [BOBBIN_LABEL_PURPLE] = "purple",
  [BOBBIN_LABEL_BROWN] = "brown",
  [BOBBIN_LABEL_GRAY] = "gray",
};

BobbinLabelColor
bobbin_label_color_from_nick (const char *nick)
{
  return (BobbinLabelColor) MAX (bobbin_find_nick (nicks, G_N_ELEMENTS (nicks), nick), 0);
}

const char *
bobbin_label_color_get_nick (BobbinLabelColor color)
{
  g_return_val_if_fail ((guint) color < BOBBIN_N_LABEL_COLORS, nicks[0]);

  return nicks[color];
}

struct _BobbinLabel
{
  GObject parent_instance;

  gint64           id;
  char            *name;
  BobbinLabelColor color;
};

enum
{
  PROP_ID = 1,
  PROP_NAME,
  PROP_COLOR,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (BobbinLabel, bobbin_label, G_TYPE_OBJECT)

static void
bobbin_label_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  BobbinLabel *self = BOBBIN_LABEL (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_int64 (value, self->id);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_COLOR:
      g_value_set_enum (value, self->color);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_label_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  BobbinLabel *self = BOBBIN_LABEL (object);

  switch (prop_id)
    {
    case PROP_ID:
      self->id = g_value_get_int64 (value);
      break;
    case PROP_NAME:
      bobbin_label_set_name (self, g_value_get_string (value));
      break;
    case PROP_COLOR:
      bobbin_label_set_color (self, g_value_get_enum (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_label_constructed (GObject *object)
{
  BobbinLabel *self = BOBBIN_LABEL (object);

  G_OBJECT_CLASS (bobbin_label_parent_class)->constructed (object);

  if (self->id == 0)
    self->id = bobbin_id_new ();
  if (self->name == NULL)
    self->name = g_strdup ("");
}

static void
bobbin_label_finalize (GObject *object)
{
  g_free (BOBBIN_LABEL (object)->name);

  G_OBJECT_CLASS (bobbin_label_parent_class)->finalize (object);
}

static void
bobbin_label_class_init (BobbinLabelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bobbin_label_get_property;
  object_class->set_property = bobbin_label_set_property;
  object_class->constructed = bobbin_label_constructed;
  object_class->finalize = bobbin_label_finalize;

  props[PROP_ID] = g_param_spec_int64 ("id", NULL, NULL, G_MININT64, G_MAXINT64, 0, BOBBIN_PARAM_CONSTRUCT_ONLY);
  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, BOBBIN_PARAM_RW);
  props[PROP_COLOR] =
    g_param_spec_enum ("color", NULL, NULL, BOBBIN_TYPE_LABEL_COLOR, BOBBIN_LABEL_BLUE, BOBBIN_PARAM_RW);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
bobbin_label_init (BobbinLabel *self)
{
}

BobbinLabel *
bobbin_label_new (gint64            id,
                  const char       *name,
                  BobbinLabelColor  color)
{
  return g_object_new (BOBBIN_TYPE_LABEL, "id", id, "name", name, "color", color, NULL);
}

gint64
bobbin_label_get_id (BobbinLabel *self)
{
  g_return_val_if_fail (BOBBIN_IS_LABEL (self), 0);

  return self->id;
}

const char *
bobbin_label_get_name (BobbinLabel *self)
{
  g_return_val_if_fail (BOBBIN_IS_LABEL (self), NULL);

  return self->name;
}

void
bobbin_label_set_name (BobbinLabel *self,
                       const char  *name)
{
  g_autofree char *cut = NULL;

  g_return_if_fail (BOBBIN_IS_LABEL (self));

  cut = bobbin_text_truncate (name != NULL ? name : "", BOBBIN_LABEL_NAME_CHARS);
  if (bobbin_replace_name (&self->name, cut))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NAME]);
}

BobbinLabelColor
bobbin_label_get_color (BobbinLabel *self)
{
  g_return_val_if_fail (BOBBIN_IS_LABEL (self), BOBBIN_LABEL_BLUE);

  return self->color;
}

void
bobbin_label_set_color (BobbinLabel      *self,
                        BobbinLabelColor  color)
{
  g_return_if_fail (BOBBIN_IS_LABEL (self));
  g_return_if_fail ((guint) color < BOBBIN_N_LABEL_COLORS);

  if (self->color == color)
    return;

  self->color = color;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_COLOR]);
}
