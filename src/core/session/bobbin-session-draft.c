/* The draft: saved as it is typed, checked before it is sent; the files that are put to it. */
#define G_LOG_DOMAIN "bobbin-session"
#include "config.h"
#include "session/bobbin-session-private.h"

#include "util/bobbin-json.h"
#include "util/bobbin-text.h"

/* A row of the list has room for less. */
#define DRAFT_BEGIN_CHARS 200

static void
draft_saved_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(BobbinSession) self = user_data;
  g_autoptr(GError) error = NULL;

  if (bobbin_store_finish (BOBBIN_STORE (source), result, &error))
    {
      if (self->library != NULL)
        _bobbin_library_store_worked (self->library);
      return;
    }

  self->draft_dirty = TRUE;
  _bobbin_session_store_failed (self, NULL, BOBBIN_UNSAVED_WHOLE, error);
}

/* A message that is not in the database yet lives on disk only as the draft it was: that row must stay. */
static gboolean
is_send_unsaved (BobbinSession *self)
{
  GHashTableIter iter;
  gpointer kind;

  g_hash_table_iter_init (&iter, self->unsaved);
  while (g_hash_table_iter_next (&iter, NULL, &kind))
    if ((GPOINTER_TO_UINT (kind) & BOBBIN_UNSAVED_SEND) && (GPOINTER_TO_UINT (kind) & BOBBIN_UNSAVED_FAILED))
      return TRUE;

  return FALSE;
}

/* What the list of conversations shows of it. */
static void
tell_draft (BobbinSession *self)
{
  g_autofree char *begin = NULL;

  if (!bobbin_draft_is_empty (self->draft))
    begin = bobbin_text_truncate (bobbin_draft_get_text (self->draft), DRAFT_BEGIN_CHARS);
  bobbin_thread_set_draft (self->thread, begin);
}

void
_bobbin_session_flush_draft (BobbinSession *self)
{
  gboolean is_empty = bobbin_draft_is_empty (self->draft);

  bobbin_clock_clear (self->clock, &self->draft_timer);
  if (!self->draft_dirty || !self->draft_loaded || is_send_unsaved (self))
    return;

  self->draft_dirty = FALSE;
  tell_draft (self);
  /* An untouched conversation leaves no trace. */
  if (self->library == NULL || !_bobbin_library_ensure_thread (self->library, self->thread, !is_empty))
    return;

  self->draft_saved_us = bobbin_clock_monotonic_us (self->clock);
  bobbin_store_save_draft_async (self->store, self->draft, NULL, draft_saved_cb, g_object_ref (self));
}

static gboolean
draft_timer_cb (gpointer user_data)
{
  g_autoptr(BobbinSession) self = g_object_ref (BOBBIN_SESSION (user_data));

  self->draft_timer = 0;
  _bobbin_session_flush_draft (self);
  _bobbin_session_changed (self);

  return G_SOURCE_REMOVE;
}

/* Milliseconds until the draft may be written once more: what is typed after a pause, or pasted, goes to the disk at once. */
static guint
save_delay_ms (BobbinSession *self)
{
  gint64 since_us = bobbin_clock_monotonic_us (self->clock) - self->draft_saved_us;

  if (self->draft_saved_us == 0 || since_us >= BOBBIN_SESSION_DRAFT_MS * 1000)
    return 0;

  return (guint) (BOBBIN_SESSION_DRAFT_MS - since_us / 1000);
}

static void
changed_cb (BobbinDraft   *draft,
            BobbinSession *self)
{
  if (self->draft_silent)
    return;

  self->draft_dirty = TRUE;
  /* The timer is not put off by further typing: what is promised is the longest time. Even without a delay it is one: a
   * replaced text is two changes, the first of them empty. */
  if (self->draft_timer == 0)
    {
      self->draft_timer = bobbin_clock_add (self->clock, save_delay_ms (self), draft_timer_cb, self);
      _bobbin_session_changed (self);
    }
}

void
_bobbin_session_watch_draft (BobbinSession *self)
{
  g_signal_connect (self->draft, "changed", G_CALLBACK (changed_cb), self);
}

/* @loaded: (nullable). What was typed while it was read stands behind it. */
void
_bobbin_session_take_draft (BobbinSession *self,
                            BobbinDraft   *loaded)
{
  const char *typed = bobbin_draft_get_text (self->draft);
  GListModel *attachments = loaded != NULL ? bobbin_draft_get_attachments (loaded) : NULL;
  g_autofree char *both = NULL;

  self->draft_loaded = TRUE;
  if (loaded == NULL || bobbin_draft_is_empty (loaded))
    {
      _bobbin_session_flush_draft (self);
      return;
    }

  self->draft_silent = TRUE;
  for (guint i = 0; i < g_list_model_get_n_items (attachments); i++)
    {
      g_autoptr(BobbinAttachment) attachment = g_list_model_get_item (attachments, i);

      bobbin_draft_add_attachment (self->draft, attachment);
    }
  both = g_strconcat (bobbin_draft_get_text (loaded), typed, NULL);
  bobbin_draft_set_text (self->draft, both,
                         *typed != '\0' ? (int) g_utf8_strlen (both, -1) : bobbin_draft_get_cursor (loaded));
  self->draft_silent = FALSE;
  tell_draft (self);
  /* Sending cleared the row that was just read. */
  self->draft_dirty |= self->n_sending > 0;
  _bobbin_session_flush_draft (self);
}

/* After sending: the store cleared its row together with keeping the message. */
void
_bobbin_session_clear_draft (BobbinSession *self)
{
  self->draft_silent = TRUE;
  bobbin_draft_clear (self->draft);
  self->draft_silent = FALSE;
  self->draft_dirty = FALSE;
  bobbin_clock_clear (self->clock, &self->draft_timer);
  tell_draft (self);
}

/* Limits */

gboolean
_bobbin_session_check_draft (BobbinSession *self,
                             GError       **error)
{
  const BobbinLimits *limits = self->backend != NULL ? bobbin_backend_get_limits (self->backend) : NULL;
  GListModel *attachments = bobbin_draft_get_attachments (self->draft);
  guint n_attachments = g_list_model_get_n_items (attachments);
  gint64 total = 0;

  if (self->n_attaching > 0)
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID, "A file is still being copied");
      return FALSE;
    }
  if (bobbin_draft_is_empty (self->draft))
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID, "There is nothing to send");
      return FALSE;
    }
  if (n_attachments > 0 && self->backend != NULL && !bobbin_backend_can (self->backend, BOBBIN_CAN_ATTACH))
    {
      g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED, "This service takes no files");
      return FALSE;
    }

  for (guint i = 0; limits != NULL && i < n_attachments; i++)
    {
      g_autoptr(BobbinAttachment) attachment = g_list_model_get_item (attachments, i);
      gint64 size = bobbin_attachment_get_size (attachment);
      gboolean alone = limits->file_bytes > 0 && size > limits->file_bytes;

      total += size;
      if (alone || (limits->message_bytes > 0 && total > limits->message_bytes))
        {
          g_autofree char *limit = bobbin_text_size (alone ? limits->file_bytes : limits->message_bytes);

          g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_TOO_LARGE,
                       alone ? "“%s” is larger than %s" : "With “%s” the files are larger than %s together",
                       bobbin_attachment_get_name (attachment), limit);
          return FALSE;
        }
    }

  return TRUE;
}

/* Files */

typedef struct
{
  BobbinSession *session; /* owned */
  char          *name;
} Attach;

static Attach *
attach_new (BobbinSession *self,
            char          *name)
{
  Attach *attach = g_new0 (Attach, 1);

  attach->session = g_object_ref (self);
  attach->name = name;
  self->n_attaching++;
  _bobbin_session_notify_attaching (self);

  return attach;
}

static void
refuse (BobbinSession *self,
        const char    *name,
        const GError  *error)
{
  g_autoptr(BobbinFailure) failure = bobbin_failure_new_from_error (error, BOBBIN_CERTAINTY_UNSENT);

  _bobbin_session_refuse_attachment (self, name, failure);
}

static void
imported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autofree Attach *attach = user_data;
  g_autoptr(BobbinSession) self = attach->session;
  g_autofree char *name = attach->name;
  g_autoptr(GError) error = NULL;
  g_autoptr(BobbinAttachment) attachment = bobbin_store_import_finish (BOBBIN_STORE (source), result, &error);
  const BobbinLimits *limits = self->backend != NULL ? bobbin_backend_get_limits (self->backend) : NULL;

  self->n_attaching--;
  if (attachment != NULL && limits != NULL && limits->message_bytes > 0 &&
      bobbin_draft_get_total_size (self->draft) + bobbin_attachment_get_size (attachment) > limits->message_bytes)
    {
      g_autofree char *limit = bobbin_text_size (limits->message_bytes);

      g_set_error (&error, BOBBIN_ERROR, BOBBIN_ERROR_TOO_LARGE,
                   "With “%s” the files are larger than %s together", name, limit);
      g_clear_object (&attachment);
    }

  if (attachment != NULL)
    bobbin_draft_add_attachment (self->draft, attachment);
  else if (!self->closed && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    refuse (self, name, error);
  if (self->closed)
    _bobbin_session_flush_draft (self);
  else
    _bobbin_session_notify_attaching (self);
}

static gboolean
can_attach (BobbinSession *self,
            const char    *name)
{
  g_autoptr(BobbinFailure) failure = NULL;

  if (self->closed)
    return FALSE;
  if (self->backend == NULL || bobbin_backend_can (self->backend, BOBBIN_CAN_ATTACH))
    return TRUE;

  failure = bobbin_failure_new (BOBBIN_ERROR_NOT_SUPPORTED, BOBBIN_CERTAINTY_UNSENT, "This service takes no files");
  _bobbin_session_refuse_attachment (self, name, failure);
  return FALSE;
}

static gint64
max_file_bytes (BobbinSession *self)
{
  const BobbinLimits *limits = self->backend != NULL ? bobbin_backend_get_limits (self->backend) : NULL;

  return limits != NULL ? limits->file_bytes : 0;
}

/* What is dropped or pasted as a file may be any address, which need not have a name. */
static char *
dup_display_name (GFile *file)
{
  g_autofree char *base = g_file_get_basename (file);

  return base != NULL ? g_filename_display_name (base) : g_file_get_parse_name (file);
}

void
bobbin_session_attach_file (BobbinSession *self,
                            GFile         *file)
{
  g_autofree char *name = NULL;

  g_return_if_fail (BOBBIN_IS_SESSION (self));
  g_return_if_fail (G_IS_FILE (file));

  name = dup_display_name (file);
  if (!can_attach (self, name))
    return;

  bobbin_store_import_file_async (self->store, file, max_file_bytes (self), NULL, imported_cb,
                                  attach_new (self, g_steal_pointer (&name)));
}

void
bobbin_session_attach_bytes (BobbinSession *self,
                             GBytes        *bytes,
                             const char    *name,
                             const char    *content_type)
{
  gint64 max_bytes;

  g_return_if_fail (BOBBIN_IS_SESSION (self));
  g_return_if_fail (bytes != NULL);
  g_return_if_fail (name != NULL);

  if (!can_attach (self, name))
    return;

  max_bytes = max_file_bytes (self);
  if (max_bytes > 0 && g_bytes_get_size (bytes) > (gsize) max_bytes)
    {
      g_autofree char *limit = bobbin_text_size (max_bytes);
      g_autoptr(GError) error =
        g_error_new (BOBBIN_ERROR, BOBBIN_ERROR_TOO_LARGE, "“%s” is larger than %s", name, limit);

      refuse (self, name, error);
      return;
    }

  bobbin_store_import_bytes_async (self->store, bytes, name, content_type, NULL, imported_cb,
                                   attach_new (self, g_strdup (name)));
}

/* Reading position and what was read: kept with the thread */

static gboolean
reading_timer_cb (gpointer user_data)
{
  g_autoptr(BobbinSession) self = g_object_ref (BOBBIN_SESSION (user_data));

  self->reading_timer = 0;
  _bobbin_session_save_thread (self);
  _bobbin_session_changed (self);

  return G_SOURCE_REMOVE;
}

void
bobbin_session_set_reading_position (BobbinSession *self,
                                     const void    *bobbin_reading_position)
{
  g_return_if_fail (BOBBIN_IS_SESSION (self));
  g_return_if_fail (bobbin_reading_position != NULL);

  if (self->closed)
    return;

  bobbin_thread_set_reading_position (self->thread, bobbin_reading_position);
  /* A thread that was never saved has nothing to read. */
  if (self->reading_timer == 0 && self->library != NULL &&
      _bobbin_library_ensure_thread (self->library, self->thread, FALSE))
    {
      self->reading_timer = bobbin_clock_add (self->clock, 1000, reading_timer_cb, self);
      _bobbin_session_changed (self);
    }
}

void
bobbin_session_mark_read (BobbinSession *self)
{
  g_return_if_fail (BOBBIN_IS_SESSION (self));

  if (self->closed || !bobbin_thread_get_unread (self->thread))
    return;

  bobbin_thread_set_unread (self->thread, FALSE);
  _bobbin_session_save_thread (self);
}

char *
bobbin_session_dup_spelling (BobbinSession *self)
{
  g_autoptr(JsonObject) metadata = NULL;

  g_return_val_if_fail (BOBBIN_IS_SESSION (self), NULL);

  metadata = bobbin_json_parse_object (bobbin_thread_get_metadata (self->thread), -1, NULL);

  return metadata != NULL ? g_strdup (bobbin_json_get_string (metadata, BOBBIN_THREAD_SPELLING)) : NULL;
}

void
bobbin_session_set_spelling (BobbinSession *self,
                             const char    *language)
{
  g_autoptr(JsonObject) metadata = NULL;
  g_autofree char *text = NULL;

  g_return_if_fail (BOBBIN_IS_SESSION (self));

  if (self->closed)
    return;

  metadata = bobbin_json_parse_object (bobbin_thread_get_metadata (self->thread), -1, NULL);
  if (metadata == NULL)
    metadata = json_object_new ();
  if (language != NULL)
    json_object_set_string_member (metadata, BOBBIN_THREAD_SPELLING, language);
  else
    json_object_remove_member (metadata, BOBBIN_THREAD_SPELLING);
  text = bobbin_json_object_to_text (metadata, FALSE);
  bobbin_thread_set_metadata (self->thread, text);
  /* One that was never saved takes it along when it is. */
  if (self->library != NULL && _bobbin_library_ensure_thread (self->library, self->thread, FALSE))
    _bobbin_session_save_thread (self);
}
