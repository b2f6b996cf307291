#define G_LOG_DOMAIN "bobbin-model"
#include "config.h"
#include "model/bobbin-thread.h"

#include "model/bobbin-model-private.h"
#include "model/bobbin-thread-private.h"
#include "util/bobbin-id.h"

G_DEFINE_ENUM_TYPE (BobbinTitleOrigin, bobbin_title_origin,
                    G_DEFINE_ENUM_VALUE (BOBBIN_TITLE_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_TITLE_DERIVED, "derived"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_TITLE_SERVER, "server"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_TITLE_KEPT, "kept"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_TITLE_USER, "user"))

G_DEFINE_ENUM_TYPE (BobbinActivity, bobbin_activity,
                    G_DEFINE_ENUM_VALUE (BOBBIN_ACTIVITY_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_ACTIVITY_EXPIRES_SOON, "expires-soon"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_ACTIVITY_UNREAD, "unread"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_ACTIVITY_DRAFT, "draft"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_ACTIVITY_QUEUED, "queued"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_ACTIVITY_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_ACTIVITY_NEEDS_KEY, "needs-key"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_ACTIVITY_ANSWERING, "answering"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_ACTIVITY_APPROVAL, "approval"))

G_DEFINE_FINAL_TYPE (BobbinThread, bobbin_thread, G_TYPE_OBJECT)

enum
{
  PROP_ID = 1,
  PROP_ACCOUNT_ID,
  PROP_SERVER_ID,
  PROP_AGENT_ID,
  PROP_AGENT_NAME,
  PROP_TITLE,
  PROP_TITLE_ORIGIN,
  PROP_CREATED_US,
  PROP_LAST_USED_US,
  PROP_EXPIRES_US,
  PROP_SNIPPET,
  PROP_PINNED,
  PROP_ARCHIVED,
  PROP_DELETED_US,
  PROP_UNREAD,
  PROP_DRAFT,
  PROP_EXPIRES_SOON,
  PROP_STORED_ACTIVITY,
  PROP_LIVE_ACTIVITY,
  PROP_ACTIVITY,
  PROP_METADATA,
  PROP_LABELS,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

/* To be called after every change of what the activity is made of. */
static void
update_activity (BobbinThread *self)
{
  BobbinActivity activity = bobbin_thread_get_activity (self);

  if (self->shown_activity == activity)
    return;

  self->shown_activity = activity;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ACTIVITY]);
}

static void
bobbin_thread_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  BobbinThread *self = BOBBIN_THREAD (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_int64 (value, self->id);
      break;
    case PROP_ACCOUNT_ID:
      g_value_set_int64 (value, self->account_id);
      break;
    case PROP_SERVER_ID:
      g_value_set_string (value, self->server_id);
      break;
    case PROP_AGENT_ID:
      g_value_set_string (value, self->agent_id);
      break;
    case PROP_AGENT_NAME:
      g_value_set_string (value, self->agent_name);
      break;
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_TITLE_ORIGIN:
      g_value_set_enum (value, self->title_origin);
      break;
    case PROP_CREATED_US:
      g_value_set_int64 (value, self->created_us);
      break;
    case PROP_LAST_USED_US:
      g_value_set_int64 (value, self->last_used_us);
      break;
    case PROP_EXPIRES_US:
      g_value_set_int64 (value, self->expires_us);
      break;
    case PROP_SNIPPET:
      g_value_set_string (value, self->snippet);
      break;
    case PROP_PINNED:
      g_value_set_boolean (value, self->pinned);
      break;
    case PROP_ARCHIVED:
      g_value_set_boolean (value, self->archived);
      break;
    case PROP_DELETED_US:
      g_value_set_int64 (value, self->deleted_us);
      break;
    case PROP_UNREAD:
      g_value_set_boolean (value, self->unread);
      break;
    case PROP_DRAFT:
      g_value_set_string (value, self->draft);
      break;
    case PROP_EXPIRES_SOON:
      g_value_set_boolean (value, self->expires_soon);
      break;
    case PROP_STORED_ACTIVITY:
      g_value_set_enum (value, self->stored_activity);
      break;
    case PROP_LIVE_ACTIVITY:
      g_value_set_enum (value, self->live_activity);
      break;
    case PROP_ACTIVITY:
      g_value_set_enum (value, bobbin_thread_get_activity (self));
      break;
    case PROP_METADATA:
      g_value_set_string (value, self->metadata);
      break;
    case PROP_LABELS:
      g_value_set_boxed (value, self->labels);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_thread_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  BobbinThread *self = BOBBIN_THREAD (object);

  switch (prop_id)
    {
    case PROP_ID:
      self->id = g_value_get_int64 (value);
      break;
    case PROP_ACCOUNT_ID:
      self->account_id = g_value_get_int64 (value);
      break;
    case PROP_SERVER_ID:
      bobbin_thread_set_server_id (self, g_value_get_string (value));
      break;
    case PROP_AGENT_ID:
      bobbin_thread_set_agent_id (self, g_value_get_string (value));
      break;
    case PROP_AGENT_NAME:
      bobbin_thread_set_agent_name (self, g_value_get_string (value));
      break;
    case PROP_CREATED_US:
      bobbin_thread_set_created_us (self, g_value_get_int64 (value));
      break;
    case PROP_LAST_USED_US:
      bobbin_thread_set_last_used_us (self, g_value_get_int64 (value));
      break;
    case PROP_EXPIRES_US:
      bobbin_thread_set_expires_us (self, g_value_get_int64 (value));
      break;
    case PROP_SNIPPET:
      bobbin_thread_set_snippet (self, g_value_get_string (value));
      break;
    case PROP_PINNED:
      bobbin_thread_set_pinned (self, g_value_get_boolean (value));
      break;
    case PROP_ARCHIVED:
      bobbin_thread_set_archived (self, g_value_get_boolean (value));
      break;
    case PROP_DELETED_US:
      bobbin_thread_set_deleted_us (self, g_value_get_int64 (value));
      break;
    case PROP_UNREAD:
      bobbin_thread_set_unread (self, g_value_get_boolean (value));
      break;
    case PROP_DRAFT:
      bobbin_thread_set_draft (self, g_value_get_string (value));
      break;
    case PROP_EXPIRES_SOON:
      bobbin_thread_set_expires_soon (self, g_value_get_boolean (value));
      break;
    case PROP_STORED_ACTIVITY:
      bobbin_thread_set_stored_activity (self, g_value_get_enum (value));
      break;
    case PROP_LIVE_ACTIVITY:
      bobbin_thread_set_live_activity (self, g_value_get_enum (value));
      break;
    case PROP_METADATA:
      bobbin_thread_set_metadata (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_thread_constructed (GObject *object)
{
  BobbinThread *self = BOBBIN_THREAD (object);

  G_OBJECT_CLASS (bobbin_thread_parent_class)->constructed (object);

  if (self->id == 0)
    self->id = bobbin_id_new ();
}

static void
bobbin_thread_finalize (GObject *object)
{
  BobbinThread *self = BOBBIN_THREAD (object);

  g_free (self->server_id);
  g_free (self->agent_id);
  g_free (self->agent_name);
  g_free (self->title);
  g_free (self->snippet);
  g_free (self->draft);
  g_free (self->metadata);
  g_clear_pointer (&self->labels, g_array_unref);

  G_OBJECT_CLASS (bobbin_thread_parent_class)->finalize (object);
}

static void
bobbin_thread_class_init (BobbinThreadClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bobbin_thread_get_property;
  object_class->set_property = bobbin_thread_set_property;
  object_class->constructed = bobbin_thread_constructed;
  object_class->finalize = bobbin_thread_finalize;

  props[PROP_ID] =
    g_param_spec_int64 ("id", NULL, NULL, G_MININT64, G_MAXINT64, 0, BOBBIN_PARAM_CONSTRUCT_ONLY);
  props[PROP_ACCOUNT_ID] =
    g_param_spec_int64 ("account-id", NULL, NULL, G_MININT64, G_MAXINT64, 0,
                        BOBBIN_PARAM_CONSTRUCT_ONLY);
  props[PROP_SERVER_ID] =
    g_param_spec_string ("server-id", NULL, NULL, NULL, BOBBIN_PARAM_RW);
  props[PROP_AGENT_ID] =
    g_param_spec_string ("agent-id", NULL, NULL, NULL, BOBBIN_PARAM_RW);
  props[PROP_AGENT_NAME] =
    g_param_spec_string ("agent-name", NULL, NULL, NULL, BOBBIN_PARAM_RW);
  props[PROP_TITLE] =
    g_param_spec_string ("title", NULL, NULL, NULL, BOBBIN_PARAM_RO);
  props[PROP_TITLE_ORIGIN] =
    g_param_spec_enum ("title-origin", NULL, NULL, BOBBIN_TYPE_TITLE_ORIGIN, BOBBIN_TITLE_NONE,
                       BOBBIN_PARAM_RO);
  props[PROP_CREATED_US] =
    g_param_spec_int64 ("created-us", NULL, NULL, G_MININT64, G_MAXINT64, 0, BOBBIN_PARAM_RW);
  props[PROP_LAST_USED_US] =
    g_param_spec_int64 ("last-used-us", NULL, NULL, G_MININT64, G_MAXINT64, 0, BOBBIN_PARAM_RW);
  props[PROP_EXPIRES_US] =
    g_param_spec_int64 ("expires-us", NULL, NULL, G_MININT64, G_MAXINT64, 0, BOBBIN_PARAM_RW);
  props[PROP_SNIPPET] =
    g_param_spec_string ("snippet", NULL, NULL, NULL, BOBBIN_PARAM_RW);
  props[PROP_PINNED] =
    g_param_spec_boolean ("pinned", NULL, NULL, FALSE, BOBBIN_PARAM_RW);
  props[PROP_ARCHIVED] =
    g_param_spec_boolean ("archived", NULL, NULL, FALSE, BOBBIN_PARAM_RW);
  props[PROP_DELETED_US] =
    g_param_spec_int64 ("deleted-us", NULL, NULL, G_MININT64, G_MAXINT64, 0, BOBBIN_PARAM_RW);
  props[PROP_UNREAD] =
    g_param_spec_boolean ("unread", NULL, NULL, FALSE, BOBBIN_PARAM_RW);
  props[PROP_DRAFT] =
    g_param_spec_string ("draft", NULL, NULL, NULL, BOBBIN_PARAM_RW);
  props[PROP_EXPIRES_SOON] =
    g_param_spec_boolean ("expires-soon", NULL, NULL, FALSE, BOBBIN_PARAM_RW);
  props[PROP_STORED_ACTIVITY] =
    g_param_spec_enum ("stored-activity", NULL, NULL, BOBBIN_TYPE_ACTIVITY, BOBBIN_ACTIVITY_NONE,
                       BOBBIN_PARAM_RW);
  props[PROP_LIVE_ACTIVITY] =
    g_param_spec_enum ("live-activity", NULL, NULL, BOBBIN_TYPE_ACTIVITY, BOBBIN_ACTIVITY_NONE,
                       BOBBIN_PARAM_RW);
  props[PROP_ACTIVITY] =
    g_param_spec_enum ("activity", NULL, NULL, BOBBIN_TYPE_ACTIVITY, BOBBIN_ACTIVITY_NONE,
                       BOBBIN_PARAM_RO);
  props[PROP_METADATA] =
    g_param_spec_string ("metadata", NULL, NULL, "{}", BOBBIN_PARAM_CONSTRUCT);
  props[PROP_LABELS] =
    g_param_spec_boxed ("labels", NULL, NULL, G_TYPE_ARRAY, BOBBIN_PARAM_RO);

  g_object_class_install_properties (object_class, N_PROPS, props);
}

void
_bobbin_thread_notify_labels (BobbinThread *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LABELS]);
}

static void
bobbin_thread_init (BobbinThread *self)
{
}

gint64
bobbin_thread_get_id (BobbinThread *self)
{
  g_return_val_if_fail (BOBBIN_IS_THREAD (self), 0);

  return self->id;
}

gint64
bobbin_thread_get_account_id (BobbinThread *self)
{
  g_return_val_if_fail (BOBBIN_IS_THREAD (self), 0);

  return self->account_id;
}

const char *
bobbin_thread_get_server_id (BobbinThread *self)
{
  g_return_val_if_fail (BOBBIN_IS_THREAD (self), NULL);

  return self->server_id;
}

void
bobbin_thread_set_server_id (BobbinThread *self,
                             const char   *server_id)
{
  g_return_if_fail (BOBBIN_IS_THREAD (self));

  if (bobbin_replace_string (&self->server_id, server_id))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SERVER_ID]);
}

const char *
bobbin_thread_get_agent_id (BobbinThread *self)
{
  g_return_val_if_fail (BOBBIN_IS_THREAD (self), NULL);

  return self->agent_id;
}

void
bobbin_thread_set_agent_id (BobbinThread *self,
                            const char   *agent_id)
{
  g_return_if_fail (BOBBIN_IS_THREAD (self));

  if (bobbin_replace_string (&self->agent_id, agent_id))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_AGENT_ID]);
}

const char *
bobbin_thread_get_agent_name (BobbinThread *self)
{
  g_return_val_if_fail (BOBBIN_IS_THREAD (self), NULL);

  return self->agent_name;
}

void
bobbin_thread_set_agent_name (BobbinThread *self,
                              const char   *agent_name)
{
  g_return_if_fail (BOBBIN_IS_THREAD (self));

  if (bobbin_replace_name (&self->agent_name, agent_name))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_AGENT_NAME]);
}

const char *
bobbin_thread_get_title (BobbinThread *self)
{
  g_return_val_if_fail (BOBBIN_IS_THREAD (self), NULL);

  return self->title;
}

BobbinTitleOrigin
bobbin_thread_get_title_origin (BobbinThread *self)
{
  g_return_val_if_fail (BOBBIN_IS_THREAD (self), BOBBIN_TITLE_NONE);

  return self->title_origin;
}

gint64
bobbin_thread_get_created_us (BobbinThread *self)
{
  g_return_val_if_fail (BOBBIN_IS_THREAD (self), 0);

  return self->created_us;
}

void
bobbin_thread_set_created_us (BobbinThread *self,
                              gint64        created_us)
{
  g_return_if_fail (BOBBIN_IS_THREAD (self));

  if (self->created_us == created_us)
    return;

  self->created_us = created_us;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CREATED_US]);
}

gint64
bobbin_thread_get_last_used_us (BobbinThread *self)
{
  g_return_val_if_fail (BOBBIN_IS_THREAD (self), 0);

  return self->last_used_us;
}

void
bobbin_thread_set_last_used_us (BobbinThread *self,
                                gint64        last_used_us)
{
  g_return_if_fail (BOBBIN_IS_THREAD (self));

  if (self->last_used_us == last_used_us)
    return;

  self->last_used_us = last_used_us;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LAST_USED_US]);
}

gint64
bobbin_thread_get_expires_us (BobbinThread *self)
{
  g_return_val_if_fail (BOBBIN_IS_THREAD (self), 0);

  return self->expires_us;
}

void
bobbin_thread_set_expires_us (BobbinThread *self,
                              gint64        expires_us)
{
  g_return_if_fail (BOBBIN_IS_THREAD (self));

  if (self->expires_us == expires_us)
    return;

  self->expires_us = expires_us;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_EXPIRES_US]);
}

const char *
bobbin_thread_get_snippet (BobbinThread *self)
{
  g_return_val_if_fail (BOBBIN_IS_THREAD (self), NULL);

  return self->snippet;
}

void
bobbin_thread_set_snippet (BobbinThread *self,
                           const char   *snippet)
{
  g_return_if_fail (BOBBIN_IS_THREAD (self));

  if (bobbin_replace_string (&self->snippet, snippet))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SNIPPET]);
}

gboolean
bobbin_thread_get_pinned (BobbinThread *self)
{
  g_return_val_if_fail (BOBBIN_IS_THREAD (self), FALSE);

  return self->pinned;
}

void
bobbin_thread_set_pinned (BobbinThread *self,
                          gboolean      pinned)
{
  g_return_if_fail (BOBBIN_IS_THREAD (self));

  if (self->pinned == pinned)
    return;

  self->pinned = pinned;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PINNED]);
}

gboolean
bobbin_thread_get_archived (BobbinThread *self)
{
  g_return_val_if_fail (BOBBIN_IS_THREAD (self), FALSE);

  return self->archived;
}

void
bobbin_thread_set_archived (BobbinThread *self,
                            gboolean      archived)
{
  g_return_if_fail (BOBBIN_IS_THREAD (self));

  if (self->archived == archived)
    return;

  self->archived = archived;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ARCHIVED]);
}

gint64
bobbin_thread_get_deleted_us (BobbinThread *self)
{
  g_return_val_if_fail (BOBBIN_IS_THREAD (self), 0);

  return self->deleted_us;
}

void
bobbin_thread_set_deleted_us (BobbinThread *self,
                              gint64        deleted_us)
{
  g_return_if_fail (BOBBIN_IS_THREAD (self));

  if (self->deleted_us == deleted_us)
    return;

  self->deleted_us = deleted_us;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_DELETED_US]);
}

gboolean
bobbin_thread_get_unread (BobbinThread *self)
{
  g_return_val_if_fail (BOBBIN_IS_THREAD (self), FALSE);

  return self->unread;
}

void
bobbin_thread_set_unread (BobbinThread *self,
                          gboolean      unread)
{
  g_return_if_fail (BOBBIN_IS_THREAD (self));

  if (self->unread == unread)
    return;

  self->unread = unread;
  update_activity (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_UNREAD]);
}

const char *
bobbin_thread_get_draft (BobbinThread *self)
{
  g_return_val_if_fail (BOBBIN_IS_THREAD (self), NULL);

  return self->draft;
}

void
bobbin_thread_set_draft (BobbinThread *self,
                         const char   *draft)
{
  g_return_if_fail (BOBBIN_IS_THREAD (self));

  if (!bobbin_replace_string (&self->draft, draft))
    return;

  update_activity (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_DRAFT]);
}

gboolean
bobbin_thread_get_expires_soon (BobbinThread *self)
{
  g_return_val_if_fail (BOBBIN_IS_THREAD (self), FALSE);

  return self->expires_soon;
}

void
bobbin_thread_set_expires_soon (BobbinThread *self,
                                gboolean      expires_soon)
{
  g_return_if_fail (BOBBIN_IS_THREAD (self));

  if (self->expires_soon == expires_soon)
    return;

  self->expires_soon = expires_soon;
  update_activity (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_EXPIRES_SOON]);
}

BobbinActivity
bobbin_thread_get_stored_activity (BobbinThread *self)
{
  g_return_val_if_fail (BOBBIN_IS_THREAD (self), BOBBIN_ACTIVITY_NONE);

  return self->stored_activity;
}

void
bobbin_thread_set_stored_activity (BobbinThread   *self,
                                   BobbinActivity  stored_activity)
{
  g_return_if_fail (BOBBIN_IS_THREAD (self));

  if (self->stored_activity == stored_activity)
    return;

  self->stored_activity = stored_activity;
  update_activity (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STORED_ACTIVITY]);
}

BobbinActivity
bobbin_thread_get_live_activity (BobbinThread *self)
{
  g_return_val_if_fail (BOBBIN_IS_THREAD (self), BOBBIN_ACTIVITY_NONE);

  return self->live_activity;
}

void
bobbin_thread_set_live_activity (BobbinThread   *self,
                                 BobbinActivity  live_activity)
{
  g_return_if_fail (BOBBIN_IS_THREAD (self));

  if (self->live_activity == live_activity)
    return;

  self->live_activity = live_activity;
  update_activity (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LIVE_ACTIVITY]);
}

const char *
bobbin_thread_get_metadata (BobbinThread *self)
{
  g_return_val_if_fail (BOBBIN_IS_THREAD (self), NULL);

  return self->metadata;
}

void
bobbin_thread_set_metadata (BobbinThread *self,
                            const char   *metadata)
{
  g_return_if_fail (BOBBIN_IS_THREAD (self));

  if (bobbin_replace_string (&self->metadata, metadata != NULL ? metadata : "{}"))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_METADATA]);
}

BobbinThread *
bobbin_thread_new (gint64 id,
                   gint64 account_id)
{
  return g_object_new (BOBBIN_TYPE_THREAD,
                       "id", id,
                       "account-id", account_id,
                       NULL);
}

gboolean
bobbin_thread_set_title (BobbinThread     *self,
                         const char       *title,
                         BobbinTitleOrigin origin)
{
  g_autofree char *clean = NULL;

  g_return_val_if_fail (BOBBIN_IS_THREAD (self), FALSE);

  if (origin < self->title_origin)
    return FALSE;
  clean = title != NULL ? bobbin_text_clean_name (title) : NULL;
  if (origin == BOBBIN_TITLE_SERVER && (clean == NULL || *clean == '\0'))
    return FALSE;
  if (self->title_origin != origin)
    {
      self->title_origin = origin;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TITLE_ORIGIN]);
    }
  if (!bobbin_replace_string (&self->title, clean))
    return FALSE;

  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TITLE]);
  return TRUE;
}

void
bobbin_thread_keep_title (BobbinThread *self)
{
  g_return_if_fail (BOBBIN_IS_THREAD (self));

  if (self->title != NULL && *self->title != '\0')
    bobbin_thread_set_title (self, self->title, MAX (self->title_origin, BOBBIN_TITLE_KEPT));
}

BobbinActivity
bobbin_thread_get_activity (BobbinThread *self)
{
  BobbinActivity activity;

  g_return_val_if_fail (BOBBIN_IS_THREAD (self), BOBBIN_ACTIVITY_NONE);

  activity = MAX (self->stored_activity, self->live_activity);
  if (self->draft != NULL)
    activity = MAX (activity, BOBBIN_ACTIVITY_DRAFT);
  if (self->unread)
    activity = MAX (activity, BOBBIN_ACTIVITY_UNREAD);
  if (self->expires_soon)
    activity = MAX (activity, BOBBIN_ACTIVITY_EXPIRES_SOON);

  return activity;
}

const BobbinReadingPosition *
bobbin_thread_get_reading_position (BobbinThread *self)
{
  g_return_val_if_fail (BOBBIN_IS_THREAD (self), NULL);

  return &self->reading_position;
}

void
bobbin_thread_set_reading_position (BobbinThread                *self,
                                    const BobbinReadingPosition *position)
{
  g_return_if_fail (BOBBIN_IS_THREAD (self));
  g_return_if_fail (position != NULL);

  self->reading_position = *position;
}
