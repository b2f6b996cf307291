#define G_LOG_DOMAIN "bobbin-model"
#include "config.h"
#include "model/bobbin-agent.h"

#include "model/bobbin-model-private.h"

struct _BobbinAgent
{
  GObject parent_instance;

  gint64 account_id;
  char *agent_id;
  char *name;
  char *model;
};

G_DEFINE_FINAL_TYPE (BobbinAgent, bobbin_agent, G_TYPE_OBJECT)

enum
{
  PROP_ACCOUNT_ID = 1,
  PROP_AGENT_ID,
  PROP_NAME,
  PROP_MODEL,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void
bobbin_agent_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  BobbinAgent *self = BOBBIN_AGENT (object);

  switch (prop_id)
    {
    case PROP_ACCOUNT_ID:
      g_value_set_int64 (value, self->account_id);
      break;
    case PROP_AGENT_ID:
      g_value_set_string (value, self->agent_id);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_MODEL:
      g_value_set_string (value, self->model);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_agent_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  BobbinAgent *self = BOBBIN_AGENT (object);

  switch (prop_id)
    {
    case PROP_ACCOUNT_ID:
      self->account_id = g_value_get_int64 (value);
      break;
    case PROP_AGENT_ID:
      self->agent_id = g_value_dup_string (value);
      break;
    case PROP_NAME:
      bobbin_replace_name (&self->name, g_value_get_string (value));
      break;
    case PROP_MODEL:
      bobbin_replace_name (&self->model, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_agent_finalize (GObject *object)
{
  BobbinAgent *self = BOBBIN_AGENT (object);

  g_free (self->agent_id);
  g_free (self->name);
  g_free (self->model);

  G_OBJECT_CLASS (bobbin_agent_parent_class)->finalize (object);
}

static void
bobbin_agent_class_init (BobbinAgentClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bobbin_agent_get_property;
  object_class->set_property = bobbin_agent_set_property;
  object_class->finalize = bobbin_agent_finalize;

  props[PROP_ACCOUNT_ID] =
    g_param_spec_int64 ("account-id", NULL, NULL, G_MININT64, G_MAXINT64, 0,
                        BOBBIN_PARAM_CONSTRUCT_ONLY);

  props[PROP_AGENT_ID] =
    g_param_spec_string ("agent-id", NULL, NULL, NULL, BOBBIN_PARAM_CONSTRUCT_ONLY);

  props[PROP_NAME] =
    g_param_spec_string ("name", NULL, NULL, NULL, BOBBIN_PARAM_CONSTRUCT_ONLY);

  props[PROP_MODEL] =
    g_param_spec_string ("model", NULL, NULL, NULL, BOBBIN_PARAM_CONSTRUCT_ONLY);

  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
bobbin_agent_init (BobbinAgent *self)
{
}

gint64
bobbin_agent_get_account_id (BobbinAgent *self)
{
  g_return_val_if_fail (BOBBIN_IS_AGENT (self), 0);

  return self->account_id;
}

const char *
bobbin_agent_get_agent_id (BobbinAgent *self)
{
  g_return_val_if_fail (BOBBIN_IS_AGENT (self), NULL);

  return self->agent_id;
}

const char *
bobbin_agent_get_model (BobbinAgent *self)
{
  g_return_val_if_fail (BOBBIN_IS_AGENT (self), NULL);

  return self->model;
}

const char *
bobbin_agent_get_name (BobbinAgent *self)
{
  g_return_val_if_fail (BOBBIN_IS_AGENT (self), NULL);

  return self->name != NULL && *self->name != '\0' ? self->name : self->agent_id;
}

BobbinAgent *
bobbin_agent_new (gint64      account_id,
                  const char *agent_id,
                  const char *name,
                  const char *model)
{
  return g_object_new (BOBBIN_TYPE_AGENT,
                       "account-id", account_id,
                       "agent-id", agent_id,
                       "name", name,
                       "model", model,
                       NULL);
}
