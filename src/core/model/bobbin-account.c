#define G_LOG_DOMAIN "bobbin-model"
#include "config.h"
#include "model/bobbin-account.h"

#include "model/bobbin-model-private.h"
#include "util/bobbin-id.h"
#include "util/bobbin-json.h"

G_DEFINE_ENUM_TYPE (BobbinService, bobbin_service,
                    G_DEFINE_ENUM_VALUE (BOBBIN_SERVICE_DEMO, "demo"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_SERVICE_NEBELUS, "nebelus"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_SERVICE_AGENTFLOW, "agentflow"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_SERVICE_ENTITIES, "entities"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_SERVICE_ASSISTANTS, "assistants"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_SERVICE_AIBTC, "aibtc"))

G_DEFINE_ENUM_TYPE (BobbinTransport, bobbin_transport,
                    G_DEFINE_ENUM_VALUE (BOBBIN_TRANSPORT_AUTO, "auto"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_TRANSPORT_WS, "ws"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_TRANSPORT_SSE, "sse"))

static const char *const service_nicks[BOBBIN_N_SERVICES] = {
  [BOBBIN_SERVICE_DEMO] = "demo",
  [BOBBIN_SERVICE_NEBELUS] = "nebelus",
  [BOBBIN_SERVICE_AGENTFLOW] = "agentflow",
  [BOBBIN_SERVICE_ENTITIES] = "entities",
  [BOBBIN_SERVICE_ASSISTANTS] = "assistants",
  [BOBBIN_SERVICE_AIBTC] = "aibtc",
};

static const char *const transport_nicks[BOBBIN_TRANSPORT_SSE + 1] = {
  [BOBBIN_TRANSPORT_AUTO] = "auto",
  [BOBBIN_TRANSPORT_WS] = "ws",
  [BOBBIN_TRANSPORT_SSE] = "sse",
};

const char *
bobbin_service_get_nick (BobbinService service)
{
  g_return_val_if_fail ((guint) service < BOBBIN_N_SERVICES, service_nicks[0]);

  return service_nicks[service];
}

gboolean
bobbin_service_from_nick (const char *nick,
                          BobbinService *ret_service)
{
  int index = bobbin_find_nick (service_nicks, BOBBIN_N_SERVICES, nick);

  if (index < 0)
    return FALSE;

  *ret_service = (BobbinService) index;
  return TRUE;
}

const char *
bobbin_transport_get_nick (BobbinTransport transport)
{
  g_return_val_if_fail ((guint) transport < (BOBBIN_TRANSPORT_SSE + 1), transport_nicks[0]);

  return transport_nicks[transport];
}

gboolean
bobbin_transport_from_nick (const char *nick,
                            BobbinTransport *ret_transport)
{
  int index = bobbin_find_nick (transport_nicks, (BOBBIN_TRANSPORT_SSE + 1), nick);

  if (index < 0)
    return FALSE;

  *ret_transport = (BobbinTransport) index;
  return TRUE;
}

const char *
bobbin_service_get_label (BobbinService service)
{
  static const char *const labels[BOBBIN_N_SERVICES] = {
    [BOBBIN_SERVICE_DEMO] = "Demo Agent",
    [BOBBIN_SERVICE_NEBELUS] = "Nebelus",
    [BOBBIN_SERVICE_AGENTFLOW] = "AgentFlow",
    [BOBBIN_SERVICE_ENTITIES] = "Entities",
    [BOBBIN_SERVICE_ASSISTANTS] = "Assistants",
    [BOBBIN_SERVICE_AIBTC] = "aibtc",
  };

  g_return_val_if_fail ((guint) service < BOBBIN_N_SERVICES, NULL);

  return labels[service];
}

struct _BobbinAccount
{
  GObject parent_instance;

  gint64 id;
  BobbinService service;
  char *name;
  char *base_url;
  char *agent_id;
  BobbinTransport transport;
  gboolean allow_plain;
  char *pinned_certificate;
  int position;
  char *options;
  gboolean needs_key;
  gboolean key_refused;
  gint64   key_expires_us;
};

G_DEFINE_FINAL_TYPE (BobbinAccount, bobbin_account, G_TYPE_OBJECT)

enum
{
  PROP_ID = 1,
  PROP_SERVICE,
  PROP_NAME,
  PROP_BASE_URL,
  PROP_AGENT_ID,
  PROP_TRANSPORT,
  PROP_ALLOW_PLAIN,
  PROP_PINNED_CERTIFICATE,
  PROP_POSITION,
  PROP_OPTIONS,
  PROP_NEEDS_KEY,
  PROP_KEY_REFUSED,
  PROP_KEY_EXPIRES_US,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void
bobbin_account_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  BobbinAccount *self = BOBBIN_ACCOUNT (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_int64 (value, self->id);
      break;
    case PROP_SERVICE:
      g_value_set_enum (value, self->service);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_BASE_URL:
      g_value_set_string (value, self->base_url);
      break;
    case PROP_AGENT_ID:
      g_value_set_string (value, self->agent_id);
      break;
    case PROP_TRANSPORT:
      g_value_set_enum (value, self->transport);
      break;
    case PROP_ALLOW_PLAIN:
      g_value_set_boolean (value, self->allow_plain);
      break;
    case PROP_PINNED_CERTIFICATE:
      g_value_set_string (value, self->pinned_certificate);
      break;
    case PROP_POSITION:
      g_value_set_int (value, self->position);
      break;
    case PROP_OPTIONS:
      g_value_set_string (value, self->options);
      break;
    case PROP_NEEDS_KEY:
      g_value_set_boolean (value, self->needs_key);
      break;
    case PROP_KEY_REFUSED:
      g_value_set_boolean (value, self->key_refused);
      break;
    case PROP_KEY_EXPIRES_US:
      g_value_set_int64 (value, self->key_expires_us);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_account_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  BobbinAccount *self = BOBBIN_ACCOUNT (object);

  switch (prop_id)
    {
    case PROP_ID:
      self->id = g_value_get_int64 (value);
      break;
    case PROP_SERVICE:
      self->service = g_value_get_enum (value);
      break;
    case PROP_NAME:
      bobbin_account_set_name (self, g_value_get_string (value));
      break;
    case PROP_BASE_URL:
      bobbin_account_set_base_url (self, g_value_get_string (value));
      break;
    case PROP_AGENT_ID:
      bobbin_account_set_agent_id (self, g_value_get_string (value));
      break;
    case PROP_TRANSPORT:
      bobbin_account_set_transport (self, g_value_get_enum (value));
      break;
    case PROP_ALLOW_PLAIN:
      bobbin_account_set_allow_plain (self, g_value_get_boolean (value));
      break;
    case PROP_PINNED_CERTIFICATE:
      bobbin_account_set_pinned_certificate (self, g_value_get_string (value));
      break;
    case PROP_POSITION:
      bobbin_account_set_position (self, g_value_get_int (value));
      break;
    case PROP_OPTIONS:
      bobbin_account_set_options (self, g_value_get_string (value));
      break;
    case PROP_NEEDS_KEY:
      bobbin_account_set_needs_key (self, g_value_get_boolean (value));
      break;
    case PROP_KEY_REFUSED:
      bobbin_account_set_key_refused (self, g_value_get_boolean (value));
      break;
    case PROP_KEY_EXPIRES_US:
      bobbin_account_set_key_expires_us (self, g_value_get_int64 (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_account_constructed (GObject *object)
{
  BobbinAccount *self = BOBBIN_ACCOUNT (object);

  G_OBJECT_CLASS (bobbin_account_parent_class)->constructed (object);

  if (self->id == 0)
    self->id = bobbin_id_new ();
}

static void
bobbin_account_finalize (GObject *object)
{
  BobbinAccount *self = BOBBIN_ACCOUNT (object);

  g_free (self->name);
  g_free (self->base_url);
  g_free (self->agent_id);
  g_free (self->pinned_certificate);
  g_free (self->options);

  G_OBJECT_CLASS (bobbin_account_parent_class)->finalize (object);
}

static void
bobbin_account_class_init (BobbinAccountClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bobbin_account_get_property;
  object_class->set_property = bobbin_account_set_property;
  object_class->constructed = bobbin_account_constructed;
  object_class->finalize = bobbin_account_finalize;

  props[PROP_ID] =
    g_param_spec_int64 ("id", NULL, NULL, G_MININT64, G_MAXINT64, 0, BOBBIN_PARAM_CONSTRUCT_ONLY);

  props[PROP_SERVICE] =
    g_param_spec_enum ("service", NULL, NULL, BOBBIN_TYPE_SERVICE, BOBBIN_SERVICE_NEBELUS,
                       BOBBIN_PARAM_CONSTRUCT_ONLY);

  props[PROP_NAME] =
    g_param_spec_string ("name", NULL, NULL, "", BOBBIN_PARAM_CONSTRUCT);

  props[PROP_BASE_URL] =
    g_param_spec_string ("base-url", NULL, NULL, "", BOBBIN_PARAM_CONSTRUCT);

  props[PROP_AGENT_ID] =
    g_param_spec_string ("agent-id", NULL, NULL, NULL, BOBBIN_PARAM_RW);

  props[PROP_TRANSPORT] =
    g_param_spec_enum ("transport", NULL, NULL, BOBBIN_TYPE_TRANSPORT, BOBBIN_TRANSPORT_AUTO,
                       BOBBIN_PARAM_RW);

  props[PROP_ALLOW_PLAIN] =
    g_param_spec_boolean ("allow-plain", NULL, NULL, FALSE, BOBBIN_PARAM_RW);

  props[PROP_PINNED_CERTIFICATE] =
    g_param_spec_string ("pinned-certificate", NULL, NULL, NULL, BOBBIN_PARAM_RW);

  props[PROP_POSITION] =
    g_param_spec_int ("position", NULL, NULL, G_MININT, G_MAXINT, 0, BOBBIN_PARAM_RW);

  props[PROP_OPTIONS] =
    g_param_spec_string ("options", NULL, NULL, "{}", BOBBIN_PARAM_CONSTRUCT);

  props[PROP_NEEDS_KEY] =
    g_param_spec_boolean ("needs-key", NULL, NULL, FALSE, BOBBIN_PARAM_RW);

  props[PROP_KEY_REFUSED] =
    g_param_spec_boolean ("key-refused", NULL, NULL, FALSE, BOBBIN_PARAM_RW);

  props[PROP_KEY_EXPIRES_US] =
    g_param_spec_int64 ("key-expires-us", NULL, NULL, 0, G_MAXINT64, 0, BOBBIN_PARAM_RW);

  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
bobbin_account_init (BobbinAccount *self)
{
}

gint64
bobbin_account_get_id (BobbinAccount *self)
{
  g_return_val_if_fail (BOBBIN_IS_ACCOUNT (self), 0);

  return self->id;
}

BobbinService
bobbin_account_get_service (BobbinAccount *self)
{
  g_return_val_if_fail (BOBBIN_IS_ACCOUNT (self), BOBBIN_SERVICE_NEBELUS);

  return self->service;
}

const char *
bobbin_account_get_name (BobbinAccount *self)
{
  g_return_val_if_fail (BOBBIN_IS_ACCOUNT (self), NULL);

  return self->name;
}

void
bobbin_account_set_name (BobbinAccount *self,
                         const char    *name)
{
  g_return_if_fail (BOBBIN_IS_ACCOUNT (self));

  if (bobbin_replace_string (&self->name, name))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NAME]);
}

const char *
bobbin_account_get_base_url (BobbinAccount *self)
{
  g_return_val_if_fail (BOBBIN_IS_ACCOUNT (self), NULL);

  return self->base_url;
}

void
bobbin_account_set_base_url (BobbinAccount *self,
                             const char    *base_url)
{
  g_return_if_fail (BOBBIN_IS_ACCOUNT (self));

  if (bobbin_replace_string (&self->base_url, base_url))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BASE_URL]);
}

const char *
bobbin_account_get_agent_id (BobbinAccount *self)
{
  g_return_val_if_fail (BOBBIN_IS_ACCOUNT (self), NULL);

  return self->agent_id;
}

void
bobbin_account_set_agent_id (BobbinAccount *self,
                             const char    *agent_id)
{
  g_return_if_fail (BOBBIN_IS_ACCOUNT (self));

  if (bobbin_replace_string (&self->agent_id, agent_id))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_AGENT_ID]);
}

BobbinTransport
bobbin_account_get_transport (BobbinAccount *self)
{
  g_return_val_if_fail (BOBBIN_IS_ACCOUNT (self), BOBBIN_TRANSPORT_AUTO);

  return self->transport;
}

void
bobbin_account_set_transport (BobbinAccount   *self,
                              BobbinTransport  transport)
{
  g_return_if_fail (BOBBIN_IS_ACCOUNT (self));

  if (self->transport == transport)
    return;

  self->transport = transport;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TRANSPORT]);
}

gboolean
bobbin_account_get_allow_plain (BobbinAccount *self)
{
  g_return_val_if_fail (BOBBIN_IS_ACCOUNT (self), FALSE);

  return self->allow_plain;
}

void
bobbin_account_set_allow_plain (BobbinAccount *self,
                                gboolean       allow_plain)
{
  g_return_if_fail (BOBBIN_IS_ACCOUNT (self));

  if (self->allow_plain == allow_plain)
    return;

  self->allow_plain = allow_plain;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ALLOW_PLAIN]);
}

const char *
bobbin_account_get_pinned_certificate (BobbinAccount *self)
{
  g_return_val_if_fail (BOBBIN_IS_ACCOUNT (self), NULL);

  return self->pinned_certificate;
}

void
bobbin_account_set_pinned_certificate (BobbinAccount *self,
                                       const char    *pinned_certificate)
{
  g_return_if_fail (BOBBIN_IS_ACCOUNT (self));

  if (bobbin_replace_string (&self->pinned_certificate, pinned_certificate))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PINNED_CERTIFICATE]);
}

int
bobbin_account_get_position (BobbinAccount *self)
{
  g_return_val_if_fail (BOBBIN_IS_ACCOUNT (self), 0);

  return self->position;
}

void
bobbin_account_set_position (BobbinAccount *self,
                             int            position)
{
  g_return_if_fail (BOBBIN_IS_ACCOUNT (self));

  if (self->position == position)
    return;

  self->position = position;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_POSITION]);
}

const char *
bobbin_account_get_options (BobbinAccount *self)
{
  g_return_val_if_fail (BOBBIN_IS_ACCOUNT (self), NULL);

  return self->options;
}

void
bobbin_account_set_options (BobbinAccount *self,
                            const char    *options)
{
  g_return_if_fail (BOBBIN_IS_ACCOUNT (self));

  if (bobbin_replace_string (&self->options, options != NULL ? options : "{}"))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_OPTIONS]);
}

gboolean
bobbin_account_get_needs_key (BobbinAccount *self)
{
  g_return_val_if_fail (BOBBIN_IS_ACCOUNT (self), FALSE);

  return self->needs_key;
}

void
bobbin_account_set_needs_key (BobbinAccount *self,
                              gboolean       needs_key)
{
  g_return_if_fail (BOBBIN_IS_ACCOUNT (self));

  if (!needs_key)
    bobbin_account_set_key_refused (self, FALSE);
  if (self->needs_key == needs_key)
    return;

  self->needs_key = needs_key;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NEEDS_KEY]);
}

gboolean
bobbin_account_get_key_refused (BobbinAccount *self)
{
  g_return_val_if_fail (BOBBIN_IS_ACCOUNT (self), FALSE);

  return self->key_refused;
}

void
bobbin_account_set_key_refused (BobbinAccount *self,
                                gboolean       key_refused)
{
  g_return_if_fail (BOBBIN_IS_ACCOUNT (self));

  if (self->key_refused == key_refused)
    return;

  self->key_refused = key_refused;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_KEY_REFUSED]);
}

gint64
bobbin_account_get_key_expires_us (BobbinAccount *self)
{
  g_return_val_if_fail (BOBBIN_IS_ACCOUNT (self), 0);

  return self->key_expires_us;
}

void
bobbin_account_set_key_expires_us (BobbinAccount *self,
                                   gint64         key_expires_us)
{
  g_return_if_fail (BOBBIN_IS_ACCOUNT (self));

  if (self->key_expires_us == key_expires_us)
    return;

  self->key_expires_us = key_expires_us;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_KEY_EXPIRES_US]);
}

BobbinAccount *
bobbin_account_new (gint64        id,
                    BobbinService service,
                    const char   *name,
                    const char   *base_url)
{
  return g_object_new (BOBBIN_TYPE_ACCOUNT,
                       "id", id,
                       "service", service,
                       "name", name,
                       "base-url", base_url,
                       NULL);
}

char *
bobbin_account_dup_option (BobbinAccount *self,
                           const char    *key)
{
  g_autoptr(JsonObject) options = NULL;

  g_return_val_if_fail (BOBBIN_IS_ACCOUNT (self), NULL);

  options = bobbin_json_parse_object (self->options, -1, NULL);

  return options != NULL ? bobbin_json_dup_text (options, key) : NULL;
}

void
bobbin_account_set_option (BobbinAccount *self,
                           const char    *key,
                           const char    *value)
{
  g_autoptr(JsonObject) known = NULL;
  g_autoptr(JsonNode) root = NULL;
  g_autofree char *text = NULL;

  g_return_if_fail (BOBBIN_IS_ACCOUNT (self));

  /* Options may come with somebody's backup: read carefully first, and then as something that can be changed. */
  known = bobbin_json_parse_object (self->options, -1, NULL);
  root = known != NULL ? json_from_string (self->options, NULL) : NULL;
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_clear_pointer (&root, json_node_unref);
      root = json_node_init_object (json_node_alloc (), NULL);
      json_node_take_object (root, json_object_new ());
    }
  if (value != NULL)
    json_object_set_string_member (json_node_get_object (root), key, value);
  else
    json_object_remove_member (json_node_get_object (root), key);
  text = bobbin_json_to_text (root, FALSE);
  bobbin_account_set_options (self, text);
}
