#define G_LOG_DOMAIN "bobbin-model"
#include "config.h"
#include "model/bobbin-draft.h"

#include "model/bobbin-attachment.h"
#include "model/bobbin-model-private.h"

#include <string.h>

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _BobbinDraft
{
  GObject parent_instance;

  gint64 thread_id;
  char *text;
  int cursor;
  GListStore *attachments;
};

G_DEFINE_FINAL_TYPE (BobbinDraft, bobbin_draft, G_TYPE_OBJECT)

enum
{
  PROP_THREAD_ID = 1,
  PROP_TEXT,
  PROP_CURSOR,
  PROP_ATTACHMENTS,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void
bobbin_draft_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  BobbinDraft *self = BOBBIN_DRAFT (object);

  switch (prop_id)
    {
    case PROP_THREAD_ID:
      g_value_set_int64 (value, self->thread_id);
      break;
    case PROP_TEXT:
      g_value_set_string (value, self->text);
      break;
    case PROP_CURSOR:
      g_value_set_int (value, self->cursor);
      break;
    case PROP_ATTACHMENTS:
      g_value_set_object (value, self->attachments);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_draft_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  BobbinDraft *self = BOBBIN_DRAFT (object);

  switch (prop_id)
    {
    case PROP_THREAD_ID:
      self->thread_id = g_value_get_int64 (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bobbin_draft_finalize (GObject *object)
{
  BobbinDraft *self = BOBBIN_DRAFT (object);

  g_free (self->text);
  g_clear_object (&self->attachments);

  G_OBJECT_CLASS (bobbin_draft_parent_class)->finalize (object);
}

static void
bobbin_draft_class_init (BobbinDraftClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bobbin_draft_get_property;
  object_class->set_property = bobbin_draft_set_property;
  object_class->finalize = bobbin_draft_finalize;

  props[PROP_THREAD_ID] =
    g_param_spec_int64 ("thread-id", NULL, NULL, G_MININT64, G_MAXINT64, 0,
                        BOBBIN_PARAM_CONSTRUCT_ONLY);

  props[PROP_TEXT] =
    g_param_spec_string ("text", NULL, NULL, "", BOBBIN_PARAM_RO);

  props[PROP_CURSOR] =
    g_param_spec_int ("cursor", NULL, NULL, G_MININT, G_MAXINT, 0, BOBBIN_PARAM_RO);

  props[PROP_ATTACHMENTS] =
    g_param_spec_object ("attachments", NULL, NULL, G_TYPE_LIST_MODEL, BOBBIN_PARAM_RO);

  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bobbin_draft_init (BobbinDraft *self)
{
  self->text = g_strdup ("");
  self->attachments = g_list_store_new (BOBBIN_TYPE_ATTACHMENT);
}

gint64
bobbin_draft_get_thread_id (BobbinDraft *self)
{
  g_return_val_if_fail (BOBBIN_IS_DRAFT (self), 0);

  return self->thread_id;
}

int
bobbin_draft_get_cursor (BobbinDraft *self)
{
  g_return_val_if_fail (BOBBIN_IS_DRAFT (self), 0);

  return self->cursor;
}

BobbinDraft *
bobbin_draft_new (gint64 thread_id)
{
  return g_object_new (BOBBIN_TYPE_DRAFT, "thread-id", thread_id, NULL);
}

const char *
bobbin_draft_get_text (BobbinDraft *self)
{
  g_return_val_if_fail (BOBBIN_IS_DRAFT (self), "");

  return self->text;
}

/* Returns whether anything changed; the caller says so by "changed", once. */
static gboolean
set_text (BobbinDraft *self,
          const char  *text,
          int          cursor)
{
  gboolean text_changed = bobbin_replace_string (&self->text, text);
  gboolean cursor_changed = self->cursor != cursor;

  self->cursor = cursor;
  if (text_changed)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TEXT]);
  if (cursor_changed)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CURSOR]);

  return text_changed || cursor_changed;
}

void
bobbin_draft_set_text (BobbinDraft *self,
                       const char  *text,
                       int          cursor)
{
  g_return_if_fail (BOBBIN_IS_DRAFT (self));

  if (set_text (self, text != NULL ? text : "", cursor))
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

GListModel *
bobbin_draft_get_attachments (BobbinDraft *self)
{
  g_return_val_if_fail (BOBBIN_IS_DRAFT (self), NULL);

  return G_LIST_MODEL (self->attachments);
}

void
bobbin_draft_add_attachment (BobbinDraft      *self,
                             BobbinAttachment *attachment)
{
  g_return_if_fail (BOBBIN_IS_DRAFT (self));
  g_return_if_fail (BOBBIN_IS_ATTACHMENT (attachment));

  g_list_store_append (self->attachments, attachment);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
bobbin_draft_remove_attachment (BobbinDraft      *self,
                                BobbinAttachment *attachment)
{
  guint position;

  g_return_if_fail (BOBBIN_IS_DRAFT (self));

  if (!g_list_store_find (self->attachments, attachment, &position))
    return;

  g_list_store_remove (self->attachments, position);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

gint64
bobbin_draft_get_total_size (BobbinDraft *self)
{
  gint64 total = 0;
  guint n_items;

  g_return_val_if_fail (BOBBIN_IS_DRAFT (self), 0);

  n_items = g_list_model_get_n_items (G_LIST_MODEL (self->attachments));
  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr(BobbinAttachment) attachment = g_list_model_get_item (G_LIST_MODEL (self->attachments), i);

      total += bobbin_attachment_get_size (attachment);
    }

  return total;
}

gboolean
bobbin_draft_is_empty (BobbinDraft *self)
{
  g_return_val_if_fail (BOBBIN_IS_DRAFT (self), TRUE);

  if (g_list_model_get_n_items (G_LIST_MODEL (self->attachments)) > 0)
    return FALSE;

  for (const char *p = self->text; *p != '\0'; p = g_utf8_next_char (p))
    if (!g_unichar_isspace (g_utf8_get_char (p)))
      return FALSE;

  return TRUE;
}

void
bobbin_draft_clear (BobbinDraft *self)
{
  gboolean had_attachments;

  g_return_if_fail (BOBBIN_IS_DRAFT (self));

  had_attachments = g_list_model_get_n_items (G_LIST_MODEL (self->attachments)) > 0;
  if (had_attachments)
    g_list_store_remove_all (self->attachments);
  if (set_text (self, "", 0) || had_attachments)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}
