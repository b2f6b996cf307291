#define G_LOG_DOMAIN "bobbin-model"
#include "config.h"
#include "model/bobbin-block.h"

#include "model/bobbin-attachment.h"
#include "model/bobbin-model-private.h"
#include "util/bobbin-id.h"
#include "util/bobbin-json.h"

#include <string.h>

G_DEFINE_ENUM_TYPE (BobbinBlockKind, bobbin_block_kind,
                    G_DEFINE_ENUM_VALUE (BOBBIN_BLOCK_TEXT, "text"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_BLOCK_THINKING, "thinking"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_BLOCK_TOOL_CALL, "tool-call"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_BLOCK_TABLE, "table"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_BLOCK_CHART, "chart"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_BLOCK_CODE, "code"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_BLOCK_JSON, "json"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_BLOCK_IMAGE, "image"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_BLOCK_FILE, "file"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_BLOCK_APPROVAL, "approval"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_BLOCK_NOTICE, "notice"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_BLOCK_SOURCES, "sources"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_BLOCK_UNKNOWN, "unknown"))

G_DEFINE_ENUM_TYPE (BobbinBlockState, bobbin_block_state,
                    G_DEFINE_ENUM_VALUE (BOBBIN_BLOCK_OPEN, "open"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_BLOCK_DONE, "done"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_BLOCK_ERROR, "error"),
                    G_DEFINE_ENUM_VALUE (BOBBIN_BLOCK_EXPIRED, "expired"))

static const char *const block_kind_nicks[BOBBIN_N_BLOCK_KINDS] = {
  [BOBBIN_BLOCK_TEXT] = "text",
  [BOBBIN_BLOCK_THINKING] = "thinking",
  [BOBBIN_BLOCK_TOOL_CALL] = "tool-call",
  [BOBBIN_BLOCK_TABLE] = "table",
  [BOBBIN_BLOCK_CHART] = "chart",
  [BOBBIN_BLOCK_CODE] = "code",
  [BOBBIN_BLOCK_JSON] = "json",
  [BOBBIN_BLOCK_IMAGE] = "image",
  [BOBBIN_BLOCK_FILE] = "file",
  [BOBBIN_BLOCK_APPROVAL] = "approval",
  [BOBBIN_BLOCK_NOTICE] = "notice",
  [BOBBIN_BLOCK_SOURCES] = "sources",
  [BOBBIN_BLOCK_UNKNOWN] = "unknown",
};

static const char *const block_state_nicks[BOBBIN_N_BLOCK_STATES] = {
  [BOBBIN_BLOCK_OPEN] = "open",
  [BOBBIN_BLOCK_DONE] = "done",
  [BOBBIN_BLOCK_ERROR] = "error",
  [BOBBIN_BLOCK_EXPIRED] = "expired",
};

const char *
bobbin_block_kind_get_nick (BobbinBlockKind block_kind)
{
  g_return_val_if_fail ((guint) block_kind < BOBBIN_N_BLOCK_KINDS, block_kind_nicks[0]);

  return block_kind_nicks[block_kind];
}

gboolean
bobbin_block_kind_from_nick (const char *nick,
                             BobbinBlockKind *ret_block_kind)
{
  int index = bobbin_find_nick (block_kind_nicks, BOBBIN_N_BLOCK_KINDS, nick);

  if (index < 0)
    return FALSE;

  *ret_block_kind = (BobbinBlockKind) index;
  return TRUE;
}

const char *
bobbin_block_state_get_nick (BobbinBlockState block_state)
{
  g_return_val_if_fail ((guint) block_state < BOBBIN_N_BLOCK_STATES, block_state_nicks[0]);

  return block_state_nicks[block_state];
}

gboolean
bobbin_block_state_from_nick (const char *nick,
                              BobbinBlockState *ret_block_state)
{
  int index = bobbin_find_nick (block_state_nicks, BOBBIN_N_BLOCK_STATES, nick);

  if (index < 0)
    return FALSE;

  *ret_block_state = (BobbinBlockState) index;
  return TRUE;
}

enum
{
  SIGNAL_APPENDED,
  SIGNAL_TEXT_REPLACED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _BobbinBlock
{
  GObject parent_instance;

  gint64 id;
  BobbinBlockKind kind;
  BobbinBlockState state;
  char *name;
  char *call_id;
  char *data;
  char *result;
  BobbinAttachment *attachment;
  gint64 started_us;
  gint64 finished_us;
  double progress;
  GString *text;
};

G_DEFINE_FINAL_TYPE (BobbinBlock, bobbin_block, G_TYPE_OBJECT)

enum
{
  PROP_ID = 1,
  PROP_KIND,
  PROP_STATE,
  PROP_NAME,
  PROP_CALL_ID,
  PROP_DATA,
  PROP_RESULT,
  PROP_ATTACHMENT,
  PROP_STARTED_US,
  PROP_FINISHED_US,
  PROP_PROGRESS,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void
bobbin_block_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  BobbinBlock *self = BOBBIN_BLOCK (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_int64 (value, self->id);
      break;
    case PROP_KIND:
      g_value_set_enum (value, self->kind);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_CALL_ID:
      g_value_set_string (value, self->call_id);
      break;
    case PROP_DATA:
      g_value_set_string (value, self->data);
      break;
    case PROP_RESULT:
      g_value_set_string (value, self->result);
      break;
    case PROP_ATTACHMENT:
      g_value_set_object (value, self->attachment);
      break;
    case PROP_STARTED_US:
      g_value_set_int64 (value, self->started_us);
      break;
    case PROP_FINISHED_US:
      g_value_set_int64 (value, self->finished_us);
      break;
    case PROP_PROGRESS:
      g_value_set_double (value, self->progress);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_block_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  BobbinBlock *self = BOBBIN_BLOCK (object);

  switch (prop_id)
    {
    case PROP_ID:
      self->id = g_value_get_int64 (value);
      break;
    case PROP_KIND:
      self->kind = g_value_get_enum (value);
      break;
    case PROP_STATE:
      bobbin_block_set_state (self, g_value_get_enum (value));
      break;
    case PROP_NAME:
      bobbin_block_set_name (self, g_value_get_string (value));
      break;
    case PROP_CALL_ID:
      bobbin_block_set_call_id (self, g_value_get_string (value));
      break;
    case PROP_DATA:
      bobbin_block_set_data (self, g_value_get_string (value));
      break;
    case PROP_RESULT:
      bobbin_block_set_result (self, g_value_get_string (value));
      break;
    case PROP_ATTACHMENT:
      bobbin_block_set_attachment (self, g_value_get_object (value));
      break;
    case PROP_STARTED_US:
      bobbin_block_set_started_us (self, g_value_get_int64 (value));
      break;
    case PROP_FINISHED_US:
      bobbin_block_set_finished_us (self, g_value_get_int64 (value));
      break;
    case PROP_PROGRESS:
      bobbin_block_set_progress (self, g_value_get_double (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_block_constructed (GObject *object)
{
  BobbinBlock *self = BOBBIN_BLOCK (object);

  G_OBJECT_CLASS (bobbin_block_parent_class)->constructed (object);

  if (self->id == 0)
    self->id = bobbin_id_new ();
}

static void
bobbin_block_finalize (GObject *object)
{
  BobbinBlock *self = BOBBIN_BLOCK (object);

  g_free (self->name);
  g_free (self->call_id);
  g_free (self->data);
  g_free (self->result);
  g_clear_object (&self->attachment);
  g_string_free (self->text, TRUE);

  G_OBJECT_CLASS (bobbin_block_parent_class)->finalize (object);
}

static void
bobbin_block_class_init (BobbinBlockClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bobbin_block_get_property;
  object_class->set_property = bobbin_block_set_property;
  object_class->constructed = bobbin_block_constructed;
  object_class->finalize = bobbin_block_finalize;

  props[PROP_ID] =
    g_param_spec_int64 ("id", NULL, NULL, G_MININT64, G_MAXINT64, 0, BOBBIN_PARAM_CONSTRUCT_ONLY);

  props[PROP_KIND] =
    g_param_spec_enum ("kind", NULL, NULL, BOBBIN_TYPE_BLOCK_KIND, BOBBIN_BLOCK_TEXT,
                       BOBBIN_PARAM_CONSTRUCT_ONLY);

  props[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, BOBBIN_TYPE_BLOCK_STATE, BOBBIN_BLOCK_OPEN,
                       BOBBIN_PARAM_RW);

  props[PROP_NAME] =
    g_param_spec_string ("name", NULL, NULL, NULL, BOBBIN_PARAM_RW);

  props[PROP_CALL_ID] =
    g_param_spec_string ("call-id", NULL, NULL, NULL, BOBBIN_PARAM_RW);

  props[PROP_DATA] =
    g_param_spec_string ("data", NULL, NULL, NULL, BOBBIN_PARAM_RW);

  props[PROP_RESULT] =
    g_param_spec_string ("result", NULL, NULL, NULL, BOBBIN_PARAM_RW);

  props[PROP_ATTACHMENT] =
    g_param_spec_object ("attachment", NULL, NULL, BOBBIN_TYPE_ATTACHMENT, BOBBIN_PARAM_RW);

  props[PROP_STARTED_US] =
    g_param_spec_int64 ("started-us", NULL, NULL, G_MININT64, G_MAXINT64, 0, BOBBIN_PARAM_RW);

  props[PROP_FINISHED_US] =
    g_param_spec_int64 ("finished-us", NULL, NULL, G_MININT64, G_MAXINT64, 0, BOBBIN_PARAM_RW);

  props[PROP_PROGRESS] =
    g_param_spec_double ("progress", NULL, NULL, -1, 1, -1, BOBBIN_PARAM_RW);

  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[SIGNAL_APPENDED] =
    g_signal_new ("appended", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[SIGNAL_TEXT_REPLACED] =
    g_signal_new ("text-replaced", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
bobbin_block_init (BobbinBlock *self)
{
  self->text = g_string_new (NULL);
  self->progress = -1;
}

gint64
bobbin_block_get_id (BobbinBlock *self)
{
  g_return_val_if_fail (BOBBIN_IS_BLOCK (self), 0);

  return self->id;
}

BobbinBlockKind
bobbin_block_get_kind (BobbinBlock *self)
{
  g_return_val_if_fail (BOBBIN_IS_BLOCK (self), BOBBIN_BLOCK_TEXT);

  return self->kind;
}

BobbinBlockState
bobbin_block_get_state (BobbinBlock *self)
{
  g_return_val_if_fail (BOBBIN_IS_BLOCK (self), BOBBIN_BLOCK_OPEN);

  return self->state;
}

void
bobbin_block_set_state (BobbinBlock      *self,
                        BobbinBlockState  state)
{
  g_return_if_fail (BOBBIN_IS_BLOCK (self));

  if (self->state == state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

const char *
bobbin_block_get_name (BobbinBlock *self)
{
  g_return_val_if_fail (BOBBIN_IS_BLOCK (self), NULL);

  return self->name;
}

void
bobbin_block_set_name (BobbinBlock *self,
                       const char  *name)
{
  g_return_if_fail (BOBBIN_IS_BLOCK (self));

  /* What an approval is called goes back to the server with the decision: as it came. */
  if (self->kind == BOBBIN_BLOCK_APPROVAL ? bobbin_replace_string (&self->name, name) : bobbin_replace_name (&self->name, name))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NAME]);
}

const char *
bobbin_block_get_call_id (BobbinBlock *self)
{
  g_return_val_if_fail (BOBBIN_IS_BLOCK (self), NULL);

  return self->call_id;
}

void
bobbin_block_set_call_id (BobbinBlock *self,
                          const char  *call_id)
{
  g_return_if_fail (BOBBIN_IS_BLOCK (self));

  if (bobbin_replace_string (&self->call_id, call_id))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CALL_ID]);
}

const char *
bobbin_block_get_data (BobbinBlock *self)
{
  g_return_val_if_fail (BOBBIN_IS_BLOCK (self), NULL);

  return self->data;
}

void
bobbin_block_set_data (BobbinBlock *self,
                       const char  *data)
{
  g_return_if_fail (BOBBIN_IS_BLOCK (self));

  if (bobbin_replace_string (&self->data, data))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_DATA]);
}

const char *
bobbin_block_get_result (BobbinBlock *self)
{
  g_return_val_if_fail (BOBBIN_IS_BLOCK (self), NULL);

  return self->result;
}

void
bobbin_block_set_result (BobbinBlock *self,
                         const char  *result)
{
  g_return_if_fail (BOBBIN_IS_BLOCK (self));

  if (bobbin_replace_string (&self->result, result))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RESULT]);
}

BobbinAttachment *
bobbin_block_get_attachment (BobbinBlock *self)
{
  g_return_val_if_fail (BOBBIN_IS_BLOCK (self), NULL);

  return self->attachment;
}

void
bobbin_block_set_attachment (BobbinBlock      *self,
                             BobbinAttachment *attachment)
{
  g_return_if_fail (BOBBIN_IS_BLOCK (self));

  if (g_set_object (&self->attachment, attachment))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ATTACHMENT]);
}

gint64
bobbin_block_get_started_us (BobbinBlock *self)
{
  g_return_val_if_fail (BOBBIN_IS_BLOCK (self), 0);

  return self->started_us;
}

void
bobbin_block_set_started_us (BobbinBlock *self,
                             gint64       started_us)
{
  g_return_if_fail (BOBBIN_IS_BLOCK (self));

  if (self->started_us == started_us)
    return;

  self->started_us = started_us;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STARTED_US]);
}

gint64
bobbin_block_get_finished_us (BobbinBlock *self)
{
  g_return_val_if_fail (BOBBIN_IS_BLOCK (self), 0);

  return self->finished_us;
}

void
bobbin_block_set_finished_us (BobbinBlock *self,
                              gint64       finished_us)
{
  g_return_if_fail (BOBBIN_IS_BLOCK (self));

  if (self->finished_us == finished_us)
    return;

  self->finished_us = finished_us;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FINISHED_US]);
}

BobbinBlock *
bobbin_block_new (gint64          id,
                  BobbinBlockKind kind)
{
  return g_object_new (BOBBIN_TYPE_BLOCK,
                       "id", id,
                       "kind", kind,
                       NULL);
}

const char *
bobbin_block_get_text (BobbinBlock *self)
{
  g_return_val_if_fail (BOBBIN_IS_BLOCK (self), "");

  return self->text->str;
}

gsize
bobbin_block_get_length (BobbinBlock *self)
{
  g_return_val_if_fail (BOBBIN_IS_BLOCK (self), 0);

  return self->text->len;
}

void
bobbin_block_append (BobbinBlock *self,
                     const char  *text,
                     gssize       length)
{
  gsize offset;

  g_return_if_fail (BOBBIN_IS_BLOCK (self));
  g_return_if_fail (text != NULL);

  if (length == 0 || *text == '\0')
    return;

  offset = self->text->len;
  g_string_append_len (self->text, text, length);
  g_signal_emit (self, signals[SIGNAL_APPENDED], 0, (guint) offset);
}

void
bobbin_block_set_text (BobbinBlock *self,
                       const char  *text)
{
  g_return_if_fail (BOBBIN_IS_BLOCK (self));

  if (text == NULL)
    text = "";
  if (strcmp (self->text->str, text) == 0)
    return;

  g_string_assign (self->text, text);
  g_signal_emit (self, signals[SIGNAL_TEXT_REPLACED], 0);
}

double
bobbin_block_get_progress (BobbinBlock *self)
{
  g_return_val_if_fail (BOBBIN_IS_BLOCK (self), -1);

  return self->progress;
}

void
bobbin_block_set_progress (BobbinBlock *self,
                           double       progress)
{
  g_return_if_fail (BOBBIN_IS_BLOCK (self));

  progress = CLAMP (progress, -1, 1);
  if (G_APPROX_VALUE (self->progress, progress, 0.0001))
    return;

  self->progress = progress;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PROGRESS]);
}

const char *
bobbin_block_get_answer_form (BobbinBlock *self)
{
  static const char *const forms[] = { BOBBIN_APPROVAL_OUTPUTS, BOBBIN_APPROVAL_TEXT };
  g_autoptr(JsonObject) object = NULL;
  const char *form;

  g_return_val_if_fail (BOBBIN_IS_BLOCK (self), BOBBIN_APPROVAL_TOOLS);

  if (self->data == NULL || strstr (self->data, "\"answer\"") == NULL)
    return BOBBIN_APPROVAL_TOOLS;

  object = bobbin_json_parse_object (self->data, -1, NULL);
  form = object != NULL ? bobbin_json_get_string (object, "answer") : NULL;
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    if (g_strcmp0 (form, forms[i]) == 0)
      return forms[i];

  return BOBBIN_APPROVAL_TOOLS;
}
