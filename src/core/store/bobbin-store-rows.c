#define G_LOG_DOMAIN "bobbin-store"
#include "config.h"
#include "store/bobbin-store-rows.h"

#include "model/bobbin-agent.h"
#include "model/bobbin-attachment.h"
#include "model/bobbin-draft.h"
#include "model/bobbin-model-private.h"

#include <string.h>

/* Words on disk: append only, never reorder meaning. tests/core/store/test-store-rows.c walks each there and back. */
static const char *const title_origins[] = {
  [BOBBIN_TITLE_NONE] = "none",
  [BOBBIN_TITLE_DERIVED] = "derived",
  [BOBBIN_TITLE_SERVER] = "server",
  [BOBBIN_TITLE_KEPT] = "kept",
  [BOBBIN_TITLE_USER] = "user",
};

static const char *const activities[] = {
  [BOBBIN_ACTIVITY_NONE] = "none",
  [BOBBIN_ACTIVITY_EXPIRES_SOON] = "expires-soon",
  [BOBBIN_ACTIVITY_UNREAD] = "unread",
  [BOBBIN_ACTIVITY_DRAFT] = "draft",
  [BOBBIN_ACTIVITY_QUEUED] = "queued",
  [BOBBIN_ACTIVITY_FAILED] = "failed",
  [BOBBIN_ACTIVITY_NEEDS_KEY] = "needs-key",
  [BOBBIN_ACTIVITY_ANSWERING] = "answering",
  [BOBBIN_ACTIVITY_APPROVAL] = "approval",
};

static const char *const certainties[] = {
  [BOBBIN_CERTAINTY_UNSENT] = "unsent",
  [BOBBIN_CERTAINTY_REFUSED] = "refused",
  [BOBBIN_CERTAINTY_UNKNOWN] = "unknown",
  [BOBBIN_CERTAINTY_ACCEPTED] = "accepted",
};

const char *
bobbin_title_origin_to_disk (BobbinTitleOrigin origin)
{
  return title_origins[MIN ((guint) origin, G_N_ELEMENTS (title_origins) - 1)];
}

BobbinTitleOrigin
bobbin_title_origin_from_disk (const char *word)
{
  return (BobbinTitleOrigin) MAX (bobbin_find_nick (title_origins, G_N_ELEMENTS (title_origins), word), 0);
}

const char *
bobbin_activity_to_disk (BobbinActivity activity)
{
  return activities[MIN ((guint) activity, G_N_ELEMENTS (activities) - 1)];
}

BobbinActivity
bobbin_activity_from_disk (const char *word)
{
  return (BobbinActivity) MAX (bobbin_find_nick (activities, G_N_ELEMENTS (activities), word), 0);
}

const char *
bobbin_certainty_to_disk (BobbinCertainty certainty)
{
  return certainties[MIN ((guint) certainty, G_N_ELEMENTS (certainties) - 1)];
}

BobbinCertainty
bobbin_certainty_from_disk (const char *word)
{
  int found = bobbin_find_nick (certainties, G_N_ELEMENTS (certainties), word);

  /* Unknown must never mean "may be sent again by itself". */
  return found >= 0 ? (BobbinCertainty) found : BOBBIN_CERTAINTY_UNKNOWN;
}

BobbinErrorCode
bobbin_error_code_from_disk (const char *word)
{
  for (guint code = 0; word != NULL && code < BOBBIN_N_ERRORS; code++)
    if (strcmp (word, bobbin_error_code_nick ((BobbinErrorCode) code)) == 0)
      return (BobbinErrorCode) code;

  return BOBBIN_ERROR_FAILED;
}

BobbinAccountRow *
bobbin_account_row_new (BobbinAccount *account)
{
  BobbinAccountRow *self = g_new0 (BobbinAccountRow, 1);

  self->id = bobbin_account_get_id (account);
  self->service = bobbin_account_get_service (account);
  self->name = g_strdup (bobbin_account_get_name (account));
  self->base_url = g_strdup (bobbin_account_get_base_url (account));
  self->agent_id = g_strdup (bobbin_account_get_agent_id (account));
  self->transport = bobbin_account_get_transport (account);
  self->allow_plain = bobbin_account_get_allow_plain (account);
  self->pinned_certificate = g_strdup (bobbin_account_get_pinned_certificate (account));
  self->position = bobbin_account_get_position (account);
  self->options = g_strdup (bobbin_account_get_options (account));

  return self;
}

BobbinAccount *
bobbin_account_row_to_model (const BobbinAccountRow *self)
{
  BobbinAccount *account = bobbin_account_new (self->id, self->service, self->name, self->base_url);

  bobbin_account_set_agent_id (account, self->agent_id);
  bobbin_account_set_transport (account, self->transport);
  bobbin_account_set_allow_plain (account, self->allow_plain);
  bobbin_account_set_pinned_certificate (account, self->pinned_certificate);
  bobbin_account_set_position (account, self->position);
  bobbin_account_set_options (account, self->options);

  return account;
}

void
bobbin_account_row_free (BobbinAccountRow *self)
{
  g_free (self->name);
  g_free (self->base_url);
  g_free (self->agent_id);
  g_free (self->pinned_certificate);
  g_free (self->options);
  g_free (self);
}

BobbinAgentRow *
bobbin_agent_row_new (BobbinAgent *agent)
{
  BobbinAgentRow *self = g_new0 (BobbinAgentRow, 1);

  self->account_id = bobbin_agent_get_account_id (agent);
  self->agent_id = g_strdup (bobbin_agent_get_agent_id (agent));
  self->name = g_strdup (bobbin_agent_get_name (agent));
  self->model = g_strdup (bobbin_agent_get_model (agent));

  return self;
}

BobbinAgent *
bobbin_agent_row_to_model (const BobbinAgentRow *self)
{
  return bobbin_agent_new (self->account_id, self->agent_id, self->name, self->model);
}

void
bobbin_agent_row_free (BobbinAgentRow *self)
{
  g_free (self->agent_id);
  g_free (self->name);
  g_free (self->model);
  g_free (self);
}

BobbinThreadRow *
bobbin_thread_row_new (BobbinThread *thread)
{
  BobbinThreadRow *self = g_new0 (BobbinThreadRow, 1);

  self->id = bobbin_thread_get_id (thread);
  self->account_id = bobbin_thread_get_account_id (thread);
  self->server_id = g_strdup (bobbin_thread_get_server_id (thread));
  self->agent_id = g_strdup (bobbin_thread_get_agent_id (thread));
  self->agent_name = g_strdup (bobbin_thread_get_agent_name (thread));
  self->title = g_strdup (bobbin_thread_get_title (thread));
  self->title_origin = bobbin_thread_get_title_origin (thread);
  self->created_us = bobbin_thread_get_created_us (thread);
  self->last_used_us = bobbin_thread_get_last_used_us (thread);
  self->expires_us = bobbin_thread_get_expires_us (thread);
  self->snippet = g_strdup (bobbin_thread_get_snippet (thread));
  self->pinned = bobbin_thread_get_pinned (thread);
  self->archived = bobbin_thread_get_archived (thread);
  self->deleted_us = bobbin_thread_get_deleted_us (thread);
  self->unread = bobbin_thread_get_unread (thread);
  self->stored_activity = bobbin_thread_get_stored_activity (thread);
  self->metadata = g_strdup (bobbin_thread_get_metadata (thread));
  self->reading = *bobbin_thread_get_reading_position (thread);

  return self;
}

static void
set_labels (BobbinThread *thread,
            const char   *text)
{
  g_autoptr(GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_auto(GStrv) words = g_strsplit (text, ",", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      gint64 id = g_ascii_strtoll (words[i], NULL, 10);

      g_array_append_val (ids, id);
    }
  bobbin_thread_set_labels (thread, (const gint64 *) (gpointer) ids->data, ids->len);
}

BobbinThread *
bobbin_thread_row_to_model (const BobbinThreadRow *self)
{
  BobbinThread *thread = bobbin_thread_new (self->id, self->account_id);

  bobbin_thread_set_server_id (thread, self->server_id);
  bobbin_thread_set_agent_id (thread, self->agent_id);
  bobbin_thread_set_agent_name (thread, self->agent_name);
  bobbin_thread_set_title (thread, self->title, self->title_origin);
  bobbin_thread_set_created_us (thread, self->created_us);
  bobbin_thread_set_last_used_us (thread, self->last_used_us);
  bobbin_thread_set_expires_us (thread, self->expires_us);
  bobbin_thread_set_snippet (thread, self->snippet);
  bobbin_thread_set_pinned (thread, self->pinned);
  bobbin_thread_set_archived (thread, self->archived);
  bobbin_thread_set_deleted_us (thread, self->deleted_us);
  bobbin_thread_set_unread (thread, self->unread);
  bobbin_thread_set_draft (thread, self->draft);
  bobbin_thread_set_stored_activity (thread, self->stored_activity);
  bobbin_thread_set_metadata (thread, self->metadata);
  bobbin_thread_set_reading_position (thread, &self->reading);
  if (self->labels != NULL)
    set_labels (thread, self->labels);

  return thread;
}

void
bobbin_thread_row_free (BobbinThreadRow *self)
{
  g_free (self->server_id);
  g_free (self->agent_id);
  g_free (self->agent_name);
  g_free (self->title);
  g_free (self->snippet);
  g_free (self->draft);
  g_free (self->metadata);
  g_free (self->labels);
  g_free (self);
}

BobbinAttachmentRow *
bobbin_attachment_row_new (BobbinAttachment *attachment)
{
  BobbinAttachmentRow *self = g_new0 (BobbinAttachmentRow, 1);

  self->id = bobbin_attachment_get_id (attachment);
  self->name = g_strdup (bobbin_attachment_get_name (attachment));
  self->content_type = g_strdup (bobbin_attachment_get_content_type (attachment));
  self->size = bobbin_attachment_get_size (attachment);
  self->sha256 = g_strdup (bobbin_attachment_get_sha256 (attachment));

  return self;
}

BobbinAttachment *
bobbin_attachment_row_to_model (const BobbinAttachmentRow *self,
                                const char                *attachments_dir)
{
  g_autofree char *path = NULL;

  if (attachments_dir != NULL && self->sha256 != NULL)
    path = g_build_filename (attachments_dir, self->sha256, NULL);

  return bobbin_attachment_new (self->id, self->name, self->content_type, self->size, self->sha256, path);
}

void
bobbin_attachment_row_free (BobbinAttachmentRow *self)
{
  g_free (self->name);
  g_free (self->content_type);
  g_free (self->sha256);
  g_free (self);
}

BobbinBlockRow *
bobbin_block_row_new (BobbinBlock *block)
{
  BobbinBlockRow *self = g_new0 (BobbinBlockRow, 1);
  BobbinAttachment *attachment = bobbin_block_get_attachment (block);

  self->id = bobbin_block_get_id (block);
  self->kind = bobbin_block_get_kind (block);
  self->state = bobbin_block_get_state (block);
  self->name = g_strdup (bobbin_block_get_name (block));
  self->call_id = g_strdup (bobbin_block_get_call_id (block));
  self->length = bobbin_block_get_length (block);
  self->text = g_memdup2 (bobbin_block_get_text (block), self->length + 1);
  self->data = g_strdup (bobbin_block_get_data (block));
  self->result = g_strdup (bobbin_block_get_result (block));
  self->attachment = attachment != NULL ? bobbin_attachment_row_new (attachment) : NULL;
  self->started_us = bobbin_block_get_started_us (block);
  self->finished_us = bobbin_block_get_finished_us (block);

  return self;
}

BobbinBlock *
bobbin_block_row_to_model (const BobbinBlockRow *self,
                           const char           *attachments_dir)
{
  BobbinBlock *block = bobbin_block_new (self->id, self->kind);

  bobbin_block_set_state (block, self->state);
  bobbin_block_set_name (block, self->name);
  bobbin_block_set_call_id (block, self->call_id);
  bobbin_block_set_text (block, self->text);
  bobbin_block_set_data (block, self->data);
  bobbin_block_set_result (block, self->result);
  if (self->attachment != NULL)
    {
      g_autoptr(BobbinAttachment) attachment = bobbin_attachment_row_to_model (self->attachment, attachments_dir);

      bobbin_block_set_attachment (block, attachment);
    }
  bobbin_block_set_started_us (block, self->started_us);
  bobbin_block_set_finished_us (block, self->finished_us);

  return block;
}

void
bobbin_block_row_free (BobbinBlockRow *self)
{
  g_free (self->name);
  g_free (self->call_id);
  g_free (self->text);
  g_free (self->data);
  g_free (self->result);
  g_clear_pointer (&self->attachment, bobbin_attachment_row_free);
  g_free (self);
}

BobbinMessageRow *
bobbin_message_row_new (gint64         thread_id,
                        BobbinMessage *message,
                        gboolean       with_blocks)
{
  BobbinMessageRow *self = g_new0 (BobbinMessageRow, 1);

  self->id = bobbin_message_get_id (message);
  self->thread_id = thread_id;
  self->role = bobbin_message_get_role (message);
  self->delivery = bobbin_message_get_delivery (message);
  self->server_id = g_strdup (bobbin_message_get_server_id (message));
  self->created_us = bobbin_message_get_created_us (message);
  self->finished_us = bobbin_message_get_finished_us (message);
  self->agent_id = g_strdup (bobbin_message_get_agent_id (message));
  self->agent_name = g_strdup (bobbin_message_get_agent_name (message));
  self->model = g_strdup (bobbin_message_get_model (message));
  self->stop_reason = g_strdup (bobbin_message_get_stop_reason (message));
  self->failure = bobbin_failure_copy (bobbin_message_get_failure (message));
  self->usage = *bobbin_message_get_usage (message);
  self->version_of = bobbin_message_get_version_of (message);
  if (with_blocks)
    {
      self->blocks = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_block_row_free);
      for (guint i = 0; i < bobbin_message_get_n_blocks (message); i++)
        g_ptr_array_add (self->blocks, bobbin_block_row_new (bobbin_message_get_block (message, i)));
    }

  return self;
}

BobbinMessage *
bobbin_message_row_to_model (const BobbinMessageRow *self,
                             const char             *attachments_dir)
{
  BobbinMessage *message = bobbin_message_new (self->id, self->role, self->created_us);

  bobbin_message_set_delivery (message, self->delivery);
  bobbin_message_set_server_id (message, self->server_id);
  bobbin_message_set_finished_us (message, self->finished_us);
  bobbin_message_set_agent_id (message, self->agent_id);
  bobbin_message_set_agent_name (message, self->agent_name);
  bobbin_message_set_model (message, self->model);
  bobbin_message_set_stop_reason (message, self->stop_reason);
  bobbin_message_set_failure (message, self->failure);
  bobbin_message_set_usage (message, &self->usage);
  bobbin_message_set_version (message, self->version_of, self->version, self->n_versions);
  for (guint i = 0; self->blocks != NULL && i < self->blocks->len; i++)
    {
      g_autoptr(BobbinBlock) block = bobbin_block_row_to_model (g_ptr_array_index (self->blocks, i), attachments_dir);

      bobbin_message_add_block (message, block);
    }

  return message;
}

void
bobbin_message_row_free (BobbinMessageRow *self)
{
  g_free (self->server_id);
  g_free (self->agent_id);
  g_free (self->agent_name);
  g_free (self->model);
  g_free (self->stop_reason);
  g_clear_pointer (&self->failure, bobbin_failure_free);
  g_clear_pointer (&self->blocks, g_ptr_array_unref);
  g_free (self);
}

BobbinDraftRow *
bobbin_draft_row_new (BobbinDraft *draft)
{
  BobbinDraftRow *self = g_new0 (BobbinDraftRow, 1);
  GListModel *attachments = bobbin_draft_get_attachments (draft);

  self->thread_id = bobbin_draft_get_thread_id (draft);
  self->text = g_strdup (bobbin_draft_get_text (draft));
  self->cursor = bobbin_draft_get_cursor (draft);
  self->attachments = g_ptr_array_new_with_free_func ((GDestroyNotify) bobbin_attachment_row_free);
  for (guint i = 0; i < g_list_model_get_n_items (attachments); i++)
    {
      g_autoptr(BobbinAttachment) attachment = g_list_model_get_item (attachments, i);

      g_ptr_array_add (self->attachments, bobbin_attachment_row_new (attachment));
    }

  return self;
}

BobbinDraft *
bobbin_draft_row_to_model (const BobbinDraftRow *self,
                           const char           *attachments_dir)
{
  BobbinDraft *draft = bobbin_draft_new (self->thread_id);

  bobbin_draft_set_text (draft, self->text, self->cursor);
  for (guint i = 0; i < self->attachments->len; i++)
    {
      const BobbinAttachmentRow *row = g_ptr_array_index (self->attachments, i);
      g_autoptr(BobbinAttachment) attachment = bobbin_attachment_row_to_model (row, attachments_dir);

      bobbin_draft_add_attachment (draft, attachment);
    }

  return draft;
}

void
bobbin_draft_row_free (BobbinDraftRow *self)
{
  g_free (self->text);
  g_clear_pointer (&self->attachments, g_ptr_array_unref);
  g_free (self);
}
