#define G_LOG_DOMAIN "bobbin-model"
#include "config.h"
#include "model/bobbin-attachment.h"

#include "model/bobbin-model-private.h"
#include "util/bobbin-id.h"

struct _BobbinAttachment
{
  GObject parent_instance;

  gint64 id;
  char *name;
  char *shown_name; /* the name as it may be shown */
  char *content_type;
  gint64 size;
  char *sha256;
  char *path;
};

G_DEFINE_FINAL_TYPE (BobbinAttachment, bobbin_attachment, G_TYPE_OBJECT)

enum
{
  PROP_ID = 1,
  PROP_NAME,
  PROP_CONTENT_TYPE,
  PROP_SIZE,
  PROP_SHA256,
  PROP_PATH,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void
bobbin_attachment_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  BobbinAttachment *self = BOBBIN_ATTACHMENT (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_int64 (value, self->id);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_CONTENT_TYPE:
      g_value_set_string (value, self->content_type);
      break;
    case PROP_SIZE:
      g_value_set_int64 (value, self->size);
      break;
    case PROP_SHA256:
      g_value_set_string (value, self->sha256);
      break;
    case PROP_PATH:
      g_value_set_string (value, self->path);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_attachment_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  BobbinAttachment *self = BOBBIN_ATTACHMENT (object);

  switch (prop_id)
    {
    case PROP_ID:
      self->id = g_value_get_int64 (value);
      break;
    case PROP_NAME:
      self->name = g_value_dup_string (value);
      bobbin_replace_name (&self->shown_name, self->name);
      break;
    case PROP_CONTENT_TYPE:
      self->content_type = g_value_dup_string (value);
      break;
    case PROP_SIZE:
      self->size = g_value_get_int64 (value);
      break;
    case PROP_SHA256:
      self->sha256 = g_value_dup_string (value);
      break;
    case PROP_PATH:
      self->path = g_value_dup_string (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_attachment_constructed (GObject *object)
{
  BobbinAttachment *self = BOBBIN_ATTACHMENT (object);

  G_OBJECT_CLASS (bobbin_attachment_parent_class)->constructed (object);

  if (self->id == 0)
    self->id = bobbin_id_new ();
}

static void
bobbin_attachment_finalize (GObject *object)
{
  BobbinAttachment *self = BOBBIN_ATTACHMENT (object);

  g_free (self->name);
  g_free (self->shown_name);
  g_free (self->content_type);
  g_free (self->sha256);
  g_free (self->path);

  G_OBJECT_CLASS (bobbin_attachment_parent_class)->finalize (object);
}

static void
bobbin_attachment_class_init (BobbinAttachmentClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bobbin_attachment_get_property;
  object_class->set_property = bobbin_attachment_set_property;
  object_class->constructed = bobbin_attachment_constructed;
  object_class->finalize = bobbin_attachment_finalize;

  props[PROP_ID] =
    g_param_spec_int64 ("id", NULL, NULL, G_MININT64, G_MAXINT64, 0, BOBBIN_PARAM_CONSTRUCT_ONLY);

  props[PROP_NAME] =
    g_param_spec_string ("name", NULL, NULL, NULL, BOBBIN_PARAM_CONSTRUCT_ONLY);

  props[PROP_CONTENT_TYPE] =
    g_param_spec_string ("content-type", NULL, NULL, NULL, BOBBIN_PARAM_CONSTRUCT_ONLY);

  props[PROP_SIZE] =
    g_param_spec_int64 ("size", NULL, NULL, G_MININT64, G_MAXINT64, 0, BOBBIN_PARAM_CONSTRUCT_ONLY);

  props[PROP_SHA256] =
    g_param_spec_string ("sha256", NULL, NULL, NULL, BOBBIN_PARAM_CONSTRUCT_ONLY);

  props[PROP_PATH] =
    g_param_spec_string ("path", NULL, NULL, NULL, BOBBIN_PARAM_CONSTRUCT_ONLY);

  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
bobbin_attachment_init (BobbinAttachment *self)
{
}

gint64
bobbin_attachment_get_id (BobbinAttachment *self)
{
  g_return_val_if_fail (BOBBIN_IS_ATTACHMENT (self), 0);

  return self->id;
}

const char *
bobbin_attachment_get_name (BobbinAttachment *self)
{
  g_return_val_if_fail (BOBBIN_IS_ATTACHMENT (self), NULL);

  return self->name;
}

const char *
bobbin_attachment_get_shown_name (BobbinAttachment *self)
{
  g_return_val_if_fail (BOBBIN_IS_ATTACHMENT (self), NULL);

  return self->shown_name;
}

const char *
bobbin_attachment_get_content_type (BobbinAttachment *self)
{
  g_return_val_if_fail (BOBBIN_IS_ATTACHMENT (self), NULL);

  return self->content_type;
}

gint64
bobbin_attachment_get_size (BobbinAttachment *self)
{
  g_return_val_if_fail (BOBBIN_IS_ATTACHMENT (self), 0);

  return self->size;
}

const char *
bobbin_attachment_get_sha256 (BobbinAttachment *self)
{
  g_return_val_if_fail (BOBBIN_IS_ATTACHMENT (self), NULL);

  return self->sha256;
}

const char *
bobbin_attachment_get_path (BobbinAttachment *self)
{
  g_return_val_if_fail (BOBBIN_IS_ATTACHMENT (self), NULL);

  return self->path;
}

BobbinAttachment *
bobbin_attachment_new (gint64      id,
                       const char *name,
                       const char *content_type,
                       gint64      size,
                       const char *sha256,
                       const char *path)
{
  return g_object_new (BOBBIN_TYPE_ATTACHMENT,
                       "id", id,
                       "name", name,
                       "content-type", content_type,
                       "size", size,
                       "sha256", sha256,
                       "path", path,
                       NULL);
}

gboolean
bobbin_attachment_is_image (BobbinAttachment *self)
{
  g_return_val_if_fail (BOBBIN_IS_ATTACHMENT (self), FALSE);

  return self->content_type != NULL && g_str_has_prefix (self->content_type, "image/");
}
