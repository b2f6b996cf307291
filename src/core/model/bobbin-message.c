#define G_LOG_DOMAIN "bobbin-model"
#include "config.h"
#include "model/bobbin-message.h"

#include "model/bobbin-block.h"
#include "model/bobbin-model-private.h"
#include "util/bobbin-error.h"
#include "util/bobbin-id.h"

#include <string.h>

G_DEFINE_ENUM_TYPE (BobbinRole, bobbin_role,
                    G_DEFINE_ENUM_VALUE (BOBBIN_ROLE_USER, "user"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_ROLE_ASSISTANT, "assistant"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_ROLE_SYSTEM, "system"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_ROLE_TOOL, "tool"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_ROLE_NOTICE, "notice"))

G_DEFINE_ENUM_TYPE (BobbinDelivery, bobbin_delivery,
                    G_DEFINE_ENUM_VALUE (BOBBIN_DELIVERY_QUEUED, "queued"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_DELIVERY_SENDING, "sending"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_DELIVERY_ACCEPTED, "accepted"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_DELIVERY_ANSWERING, "answering"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_DELIVERY_COMPLETE, "complete"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_DELIVERY_STOPPED, "stopped"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_DELIVERY_INTERRUPTED, "interrupted"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_DELIVERY_FAILED, "failed"))

static const char *const role_nicks[BOBBIN_N_ROLES] = {
  [BOBBIN_ROLE_USER] = "user",
  [BOBBIN_ROLE_ASSISTANT] = "assistant",
  [BOBBIN_ROLE_SYSTEM] = "system",
  [BOBBIN_ROLE_TOOL] = "tool",
  [BOBBIN_ROLE_NOTICE] = "notice",
};

static const char *const delivery_nicks[BOBBIN_N_DELIVERIES] = {
  [BOBBIN_DELIVERY_QUEUED] = "queued",
  [BOBBIN_DELIVERY_SENDING] = "sending",
  [BOBBIN_DELIVERY_ACCEPTED] = "accepted",
  [BOBBIN_DELIVERY_ANSWERING] = "answering",
  [BOBBIN_DELIVERY_COMPLETE] = "complete",
  [BOBBIN_DELIVERY_STOPPED] = "stopped",
  [BOBBIN_DELIVERY_INTERRUPTED] = "interrupted",
  [BOBBIN_DELIVERY_FAILED] = "failed",
};

const char *
bobbin_role_get_nick (BobbinRole role)
{
  g_return_val_if_fail ((guint) role < BOBBIN_N_ROLES, role_nicks[0]);

  return role_nicks[role];
}

gboolean
bobbin_role_from_nick (const char *nick,
                       BobbinRole *ret_role)
{
  int index = bobbin_find_nick (role_nicks, BOBBIN_N_ROLES, nick);

  if (index < 0)
    return FALSE;

  *ret_role = (BobbinRole) index;
  return TRUE;
}

const char *
bobbin_delivery_get_nick (BobbinDelivery delivery)
{
  g_return_val_if_fail ((guint) delivery < BOBBIN_N_DELIVERIES, delivery_nicks[0]);

  return delivery_nicks[delivery];
}

gboolean
bobbin_delivery_from_nick (const char *nick,
                           BobbinDelivery *ret_delivery)
{
  int index = bobbin_find_nick (delivery_nicks, BOBBIN_N_DELIVERIES, nick);

  if (index < 0)
    return FALSE;

  *ret_delivery = (BobbinDelivery) index;
  return TRUE;
}

struct _BobbinMessage
{
  GObject parent_instance;

  gint64 id;
  BobbinRole role;
  BobbinDelivery delivery;
  char *server_id;
  gint64 created_us;
  gint64 finished_us;
  char *agent_id;
  char *agent_name;
  char *model;
  char *stop_reason;
  GListStore *blocks;        /* of BobbinBlock, in order */
  BobbinFailure *failure;
  BobbinUsage usage;
  guint usage_revision;
  gint64 version_of;
  guint version;
  guint n_versions;
};

G_DEFINE_FINAL_TYPE (BobbinMessage, bobbin_message, G_TYPE_OBJECT)

enum
{
  PROP_ID = 1,
  PROP_ROLE,
  PROP_DELIVERY,
  PROP_SERVER_ID,
  PROP_CREATED_US,
  PROP_FINISHED_US,
  PROP_AGENT_ID,
  PROP_AGENT_NAME,
  PROP_MODEL,
  PROP_STOP_REASON,
  PROP_FAILURE,
  PROP_BLOCKS,
  PROP_USAGE_REVISION,
  PROP_VERSION,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void
bobbin_message_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  BobbinMessage *self = BOBBIN_MESSAGE (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_int64 (value, self->id);
      break;
    case PROP_ROLE:
      g_value_set_enum (value, self->role);
      break;
    case PROP_DELIVERY:
      g_value_set_enum (value, self->delivery);
      break;
    case PROP_SERVER_ID:
      g_value_set_string (value, self->server_id);
      break;
    case PROP_CREATED_US:
      g_value_set_int64 (value, self->created_us);
      break;
    case PROP_FINISHED_US:
      g_value_set_int64 (value, self->finished_us);
      break;
    case PROP_AGENT_ID:
      g_value_set_string (value, self->agent_id);
      break;
    case PROP_AGENT_NAME:
      g_value_set_string (value, self->agent_name);
      break;
    case PROP_MODEL:
      g_value_set_string (value, self->model);
      break;
    case PROP_STOP_REASON:
      g_value_set_string (value, self->stop_reason);
      break;
    case PROP_FAILURE:
      g_value_set_boxed (value, self->failure);
      break;
    case PROP_BLOCKS:
      g_value_set_object (value, self->blocks);
      break;
    case PROP_USAGE_REVISION:
      g_value_set_uint (value, self->usage_revision);
      break;
    case PROP_VERSION:
      g_value_set_uint (value, self->version);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_message_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  BobbinMessage *self = BOBBIN_MESSAGE (object);

  switch (prop_id)
    {
    case PROP_ID:
      self->id = g_value_get_int64 (value);
      break;
    case PROP_ROLE:
      self->role = g_value_get_enum (value);
      break;
    case PROP_DELIVERY:
      bobbin_message_set_delivery (self, g_value_get_enum (value));
      break;
    case PROP_SERVER_ID:
      bobbin_message_set_server_id (self, g_value_get_string (value));
      break;
    case PROP_CREATED_US:
      self->created_us = g_value_get_int64 (value);
      break;
    case PROP_FINISHED_US:
      bobbin_message_set_finished_us (self, g_value_get_int64 (value));
      break;
    case PROP_AGENT_ID:
      bobbin_message_set_agent_id (self, g_value_get_string (value));
      break;
    case PROP_AGENT_NAME:
      bobbin_message_set_agent_name (self, g_value_get_string (value));
      break;
    case PROP_MODEL:
      bobbin_message_set_model (self, g_value_get_string (value));
      break;
    case PROP_STOP_REASON:
      bobbin_message_set_stop_reason (self, g_value_get_string (value));
      break;
    case PROP_FAILURE:
      bobbin_message_set_failure (self, g_value_get_boxed (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_message_constructed (GObject *object)
{
  BobbinMessage *self = BOBBIN_MESSAGE (object);

  G_OBJECT_CLASS (bobbin_message_parent_class)->constructed (object);

  if (self->id == 0)
    self->id = bobbin_id_new ();
}

static void
bobbin_message_finalize (GObject *object)
{
  BobbinMessage *self = BOBBIN_MESSAGE (object);

  g_free (self->server_id);
  g_free (self->agent_id);
  g_free (self->agent_name);
  g_free (self->model);
  g_free (self->stop_reason);
  g_clear_object (&self->blocks);
  bobbin_failure_free (self->failure);

  G_OBJECT_CLASS (bobbin_message_parent_class)->finalize (object);
}

static void
bobbin_message_class_init (BobbinMessageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bobbin_message_get_property;
  object_class->set_property = bobbin_message_set_property;
  object_class->constructed = bobbin_message_constructed;
  object_class->finalize = bobbin_message_finalize;

  props[PROP_ID] =
    g_param_spec_int64 ("id", NULL, NULL, G_MININT64, G_MAXINT64, 0, BOBBIN_PARAM_CONSTRUCT_ONLY);

  props[PROP_ROLE] =
    g_param_spec_enum ("role", NULL, NULL, BOBBIN_TYPE_ROLE, BOBBIN_ROLE_USER,
                       BOBBIN_PARAM_CONSTRUCT_ONLY);

  props[PROP_DELIVERY] =
    g_param_spec_enum ("delivery", NULL, NULL, BOBBIN_TYPE_DELIVERY, BOBBIN_DELIVERY_COMPLETE,
                       BOBBIN_PARAM_RW);

  props[PROP_SERVER_ID] =
    g_param_spec_string ("server-id", NULL, NULL, NULL, BOBBIN_PARAM_RW);

  props[PROP_CREATED_US] =
    g_param_spec_int64 ("created-us", NULL, NULL, G_MININT64, G_MAXINT64, 0,
                        BOBBIN_PARAM_CONSTRUCT_ONLY);

  props[PROP_FINISHED_US] =
    g_param_spec_int64 ("finished-us", NULL, NULL, G_MININT64, G_MAXINT64, 0, BOBBIN_PARAM_RW);

  props[PROP_AGENT_ID] =
    g_param_spec_string ("agent-id", NULL, NULL, NULL, BOBBIN_PARAM_RW);

  props[PROP_AGENT_NAME] =
    g_param_spec_string ("agent-name", NULL, NULL, NULL, BOBBIN_PARAM_RW);

  props[PROP_MODEL] =
    g_param_spec_string ("model", NULL, NULL, NULL, BOBBIN_PARAM_RW);

  props[PROP_STOP_REASON] =
    g_param_spec_string ("stop-reason", NULL, NULL, NULL, BOBBIN_PARAM_RW);

  props[PROP_FAILURE] =
    g_param_spec_boxed ("failure", NULL, NULL, BOBBIN_TYPE_FAILURE, BOBBIN_PARAM_RW);
  props[PROP_BLOCKS] =
    g_param_spec_object ("blocks", NULL, NULL, G_TYPE_LIST_MODEL, BOBBIN_PARAM_RO);
  props[PROP_USAGE_REVISION] =
    g_param_spec_uint ("usage-revision", NULL, NULL, 0, G_MAXUINT, 0, BOBBIN_PARAM_RO);
  props[PROP_VERSION] = g_param_spec_uint ("version", NULL, NULL, 0, G_MAXUINT, 0, BOBBIN_PARAM_RO);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
bobbin_message_init (BobbinMessage *self)
{
  const BobbinUsage unknown = BOBBIN_USAGE_INIT;

  self->blocks = g_list_store_new (BOBBIN_TYPE_BLOCK);
  self->usage = unknown;
}

gint64
bobbin_message_get_id (BobbinMessage *self)
{
  g_return_val_if_fail (BOBBIN_IS_MESSAGE (self), 0);

  return self->id;
}

BobbinRole
bobbin_message_get_role (BobbinMessage *self)
{
  g_return_val_if_fail (BOBBIN_IS_MESSAGE (self), BOBBIN_ROLE_USER);

  return self->role;
}

BobbinDelivery
bobbin_message_get_delivery (BobbinMessage *self)
{
  g_return_val_if_fail (BOBBIN_IS_MESSAGE (self), BOBBIN_DELIVERY_COMPLETE);

  return self->delivery;
}

void
bobbin_message_set_delivery (BobbinMessage  *self,
                             BobbinDelivery  delivery)
{
  g_return_if_fail (BOBBIN_IS_MESSAGE (self));

  if (self->delivery == delivery)
    return;

  self->delivery = delivery;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_DELIVERY]);
}

const char *
bobbin_message_get_server_id (BobbinMessage *self)
{
  g_return_val_if_fail (BOBBIN_IS_MESSAGE (self), NULL);

  return self->server_id;
}

void
bobbin_message_set_server_id (BobbinMessage *self,
                              const char    *server_id)
{
  g_return_if_fail (BOBBIN_IS_MESSAGE (self));

  if (bobbin_replace_string (&self->server_id, server_id))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SERVER_ID]);
}

gboolean
bobbin_message_has_server_id (BobbinMessage *self,
                              const char    *row_id)
{
  const char *rest;
  gsize length;

  g_return_val_if_fail (BOBBIN_IS_MESSAGE (self), FALSE);

  if (self->server_id == NULL || row_id == NULL || *row_id == '\0')
    return FALSE;

  length = strlen (row_id);
  for (rest = self->server_id; rest != NULL; rest = strchr (rest, '\n'))
    {
      if (*rest == '\n')
        rest++;
      if (strncmp (rest, row_id, length) == 0 && (rest[length] == '\0' || rest[length] == '\n'))
        return TRUE;
    }

  return FALSE;
}

void
bobbin_message_add_server_id (BobbinMessage *self,
                              const char    *row_id)
{
  g_autofree char *all = NULL;

  g_return_if_fail (BOBBIN_IS_MESSAGE (self));

  if (row_id == NULL || *row_id == '\0' || bobbin_message_has_server_id (self, row_id))
    return;

  all = self->server_id != NULL ? g_strconcat (self->server_id, BOBBIN_SERVER_ID_SEPARATOR, row_id, NULL) : g_strdup (row_id);
  bobbin_message_set_server_id (self, all);
}

gint64
bobbin_message_get_created_us (BobbinMessage *self)
{
  g_return_val_if_fail (BOBBIN_IS_MESSAGE (self), 0);

  return self->created_us;
}

gint64
bobbin_message_get_finished_us (BobbinMessage *self)
{
  g_return_val_if_fail (BOBBIN_IS_MESSAGE (self), 0);

  return self->finished_us;
}

void
bobbin_message_set_finished_us (BobbinMessage *self,
                                gint64         finished_us)
{
  g_return_if_fail (BOBBIN_IS_MESSAGE (self));

  if (self->finished_us == finished_us)
    return;

  self->finished_us = finished_us;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FINISHED_US]);
}

const char *
bobbin_message_get_agent_id (BobbinMessage *self)
{
  g_return_val_if_fail (BOBBIN_IS_MESSAGE (self), NULL);

  return self->agent_id;
}

void
bobbin_message_set_agent_id (BobbinMessage *self,
                             const char    *agent_id)
{
  g_return_if_fail (BOBBIN_IS_MESSAGE (self));

  if (bobbin_replace_string (&self->agent_id, agent_id))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_AGENT_ID]);
}

const char *
bobbin_message_get_agent_name (BobbinMessage *self)
{
  g_return_val_if_fail (BOBBIN_IS_MESSAGE (self), NULL);

  return self->agent_name;
}

void
bobbin_message_set_agent_name (BobbinMessage *self,
                               const char    *agent_name)
{
  g_return_if_fail (BOBBIN_IS_MESSAGE (self));

  if (bobbin_replace_name (&self->agent_name, agent_name))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_AGENT_NAME]);
}

const char *
bobbin_message_get_model (BobbinMessage *self)
{
  g_return_val_if_fail (BOBBIN_IS_MESSAGE (self), NULL);

  return self->model;
}

void
bobbin_message_set_model (BobbinMessage *self,
                          const char    *model)
{
  g_return_if_fail (BOBBIN_IS_MESSAGE (self));

  if (bobbin_replace_name (&self->model, model))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_MODEL]);
}

const char *
bobbin_message_get_stop_reason (BobbinMessage *self)
{
  g_return_val_if_fail (BOBBIN_IS_MESSAGE (self), NULL);

  return self->stop_reason;
}

void
bobbin_message_set_stop_reason (BobbinMessage *self,
                                const char    *stop_reason)
{
  g_return_if_fail (BOBBIN_IS_MESSAGE (self));

  if (bobbin_replace_string (&self->stop_reason, stop_reason))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STOP_REASON]);
}

BobbinMessage *
bobbin_message_new (gint64     id,
                    BobbinRole role,
                    gint64     created_us)
{
  return g_object_new (BOBBIN_TYPE_MESSAGE,
                       "id", id,
                       "role", role,
                       "created-us", created_us,
                       NULL);
}

const BobbinFailure *
bobbin_message_get_failure (BobbinMessage *self)
{
  g_return_val_if_fail (BOBBIN_IS_MESSAGE (self), NULL);

  return self->failure;
}

void
bobbin_message_set_failure (BobbinMessage       *self,
                            const BobbinFailure *failure)
{
  BobbinFailure *copy;

  g_return_if_fail (BOBBIN_IS_MESSAGE (self));

  if (self->failure == failure)
    return;

  copy = bobbin_failure_copy (failure);
  bobbin_failure_free (self->failure);
  self->failure = copy;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FAILURE]);
}

const BobbinUsage *
bobbin_message_get_usage (BobbinMessage *self)
{
  g_return_val_if_fail (BOBBIN_IS_MESSAGE (self), NULL);

  return &self->usage;
}

void
bobbin_message_set_usage (BobbinMessage     *self,
                          const BobbinUsage *usage)
{
  g_return_if_fail (BOBBIN_IS_MESSAGE (self));
  g_return_if_fail (usage != NULL);

  self->usage = *usage;
  self->usage_revision++;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_USAGE_REVISION]);
}

GListModel *
bobbin_message_get_blocks (BobbinMessage *self)
{
  g_return_val_if_fail (BOBBIN_IS_MESSAGE (self), NULL);

  return G_LIST_MODEL (self->blocks);
}

guint
bobbin_message_get_n_blocks (BobbinMessage *self)
{
  g_return_val_if_fail (BOBBIN_IS_MESSAGE (self), 0);

  return g_list_model_get_n_items (G_LIST_MODEL (self->blocks));
}

BobbinBlock *
bobbin_message_get_block (BobbinMessage *self,
                          guint          position)
{
  g_autoptr(BobbinBlock) block = NULL;

  g_return_val_if_fail (BOBBIN_IS_MESSAGE (self), NULL);

  block = g_list_model_get_item (G_LIST_MODEL (self->blocks), position);

  return block; /* the store keeps its reference */
}

void
bobbin_message_add_block (BobbinMessage *self,
                          BobbinBlock   *block)
{
  g_return_if_fail (BOBBIN_IS_MESSAGE (self));
  g_return_if_fail (BOBBIN_IS_BLOCK (block));

  g_list_store_append (self->blocks, block);
}

void
bobbin_message_remove_blocks (BobbinMessage *self)
{
  g_return_if_fail (BOBBIN_IS_MESSAGE (self));

  g_list_store_remove_all (self->blocks);
}

char *
bobbin_message_dup_text (BobbinMessage *self)
{
  g_autoptr(GString) text = g_string_new (NULL);
  guint n_blocks;

  g_return_val_if_fail (BOBBIN_IS_MESSAGE (self), NULL);

  n_blocks = bobbin_message_get_n_blocks (self);
  for (guint i = 0; i < n_blocks; i++)
    {
      BobbinBlock *block = bobbin_message_get_block (self, i);

      if (bobbin_block_get_kind (block) != BOBBIN_BLOCK_TEXT || bobbin_block_get_length (block) == 0)
        continue;
      if (text->len > 0)
        g_string_append (text, "\n\n");
      g_string_append (text, bobbin_block_get_text (block));
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

gint64
bobbin_message_get_version_of (BobbinMessage *self)
{
  g_return_val_if_fail (BOBBIN_IS_MESSAGE (self), 0);

  return self->version_of;
}

guint
bobbin_message_get_version (BobbinMessage *self)
{
  g_return_val_if_fail (BOBBIN_IS_MESSAGE (self), 0);

  return self->version;
}

guint
bobbin_message_get_n_versions (BobbinMessage *self)
{
  g_return_val_if_fail (BOBBIN_IS_MESSAGE (self), 0);

  return self->n_versions;
}

void
bobbin_message_set_version (BobbinMessage *self,
                            gint64 version_of,
                            guint version,
                            guint n_versions)
{
  g_return_if_fail (BOBBIN_IS_MESSAGE (self));

  if (self->version_of == version_of && self->version == version && self->n_versions == n_versions)
    return;

  self->version_of = version_of;
  self->version = version;
  self->n_versions = n_versions;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_VERSION]);
}
