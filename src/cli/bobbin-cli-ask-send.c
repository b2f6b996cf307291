#define G_LOG_DOMAIN "bobbin-cli"
#include "config.h"
#include "cli/bobbin-cli-ask-private.h"

#include "backend/bobbin-backend.h"
#include "model/bobbin-attachment.h"
#include "model/bobbin-draft.h"
#include "model/bobbin-thread.h"
#include "util/bobbin-text.h"

#include <glib/gi18n.h>
#include <string.h>

/* Finding account and thread */

/* Unknown to us: attached by its server id when the account is named. */
static BobbinThread *
find_thread (BobbinCliAsk *self,
             GError      **error)
{
  g_autoptr(GAsyncResult) found = NULL;
  g_autoptr(GAsyncResult) attached = NULL;
  g_autoptr(GError) local_error = NULL;
  BobbinThread *thread;

  bobbin_library_find_thread_async (self->context.library, self->thread_id, NULL, bobbin_cli_result_cb, &found);
  thread = bobbin_library_find_thread_finish (self->context.library, bobbin_cli_await (&found), &local_error);
  if (thread != NULL &&
      (self->account == NULL || bobbin_thread_get_account_id (thread) == bobbin_account_get_id (self->account)))
    return thread;

  g_clear_object (&thread);
  if (local_error != NULL && !g_error_matches (local_error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  if (self->account == NULL)
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID,
                   _("there is no conversation “%s” here; with --account a thread of the server is taken up by its id"), self->thread_id);
      return NULL;
    }

  bobbin_library_attach_thread_async (self->context.library, self->account, self->thread_id, NULL, bobbin_cli_result_cb, &attached);

  return bobbin_library_find_thread_finish (self->context.library, bobbin_cli_await (&attached), error);
}

/* The first one that answers here; the demo agent only when there is no other. */
static BobbinAccount *
dup_first_account (BobbinLibrary *library)
{
  GListModel *accounts = bobbin_library_get_accounts (library);

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr(BobbinAccount) account = g_list_model_get_item (accounts, i);

      if (bobbin_cli_can_reach (account, NULL))
        return g_steal_pointer (&account);
    }

  return g_list_model_get_item (accounts, 0);
}

static gboolean
find_account (BobbinCliAsk *self,
              GError      **error)
{
  BobbinLibrary *library = self->context.library;

  if (self->account_name != NULL)
    g_set_object (&self->account, bobbin_library_find_account_by_name (library, self->account_name));
  else if (self->thread_id == NULL)
    self->account = dup_first_account (library);
  if (self->account != NULL)
    return bobbin_cli_can_reach (self->account, error);
  if (self->account_name == NULL && self->thread_id != NULL)
    return TRUE;

  if (self->account_name != NULL)
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID, _("there is no account “%s”"), self->account_name);
  else
    g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID, _("there is no account yet; add one with “bobbin accounts add”"));
  return FALSE;
}

gboolean
_bobbin_cli_ask_open_session (BobbinCliAsk *self,
                              GError      **error)
{
  BobbinLibrary *library = self->context.library;

  if (!find_account (self, error))
    return FALSE;
  if (self->thread_id != NULL)
    self->thread = find_thread (self, error);
  else
    self->thread = bobbin_library_new_thread (library, self->account, bobbin_account_get_agent_id (self->account), NULL);
  if (self->thread == NULL)
    return FALSE;

  g_set_object (&self->account, bobbin_library_find_account (library, bobbin_thread_get_account_id (self->thread)));
  if (!bobbin_cli_can_reach (self->account, error))
    return FALSE;
  if (bobbin_library_get_backend (library, self->account) == NULL)
    {
      g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_NOT_SUPPORTED, _("the service “%s” does not exist in this version"),
                   bobbin_service_get_nick (bobbin_account_get_service (self->account)));
      return FALSE;
    }
  if (self->key != NULL)
    bobbin_library_use_credential (library, self->account, self->key);
  self->session = bobbin_library_get_session (library, self->thread);

  return TRUE;
}

/* Sending */

static void
attachment_refused_cb (BobbinSession       *session,
                       const char          *name,
                       const BobbinFailure *failure,
                       BobbinCliAsk        *self)
{
  if (self->refused == NULL && failure->detail != NULL && strstr (failure->detail, name) != NULL)
    g_set_error_literal (&self->refused, BOBBIN_ERROR, (int) failure->code, failure->detail);
  else if (self->refused == NULL)
    g_set_error (&self->refused, BOBBIN_ERROR, (int) failure->code, "%s: %s", name,
                 failure->detail != NULL ? failure->detail : bobbin_error_code_nick (failure->code));
}

void
_bobbin_cli_ask_await_loaded (BobbinCliAsk *self)
{
  g_autoptr(GAsyncResult) flushed = NULL;

  while (!bobbin_session_get_loaded (self->session))
    g_main_context_iteration (NULL, TRUE);

  /* The draft is read after the first page, and the store works in order. */
  bobbin_store_flush_async (self->context.store, NULL, bobbin_cli_result_cb, &flushed);
  bobbin_cli_await (&flushed);
}

/* nebelus.md, section 7: what the service does not list is sent, with a warning. */
static void
warn_of_types (BobbinCliAsk *self)
{
  BobbinBackend *backend = bobbin_session_get_backend (self->session);

  for (gsize i = 0; self->files != NULL && self->files[i] != NULL; i++)
    if (!bobbin_limits_list_type (bobbin_backend_get_limits (backend), self->files[i]))
      {
        g_autoptr(GFile) file = g_file_new_for_commandline_arg (self->files[i]);
        g_autofree char *base = g_file_get_basename (file);
        g_autofree char *name = bobbin_text_clean_name (base);

        bobbin_cli_note (_("the service does not list files such as “%s”: it is sent, but the agent may not be able to read it"), name);
      }
}

static gboolean
attach_files (BobbinCliAsk *self,
              GError      **error)
{
  g_signal_connect (self->session, "attachment-refused", G_CALLBACK (attachment_refused_cb), self);
  for (gsize i = 0; self->files != NULL && self->files[i] != NULL; i++)
    {
      g_autoptr(GFile) file = g_file_new_for_commandline_arg (self->files[i]);

      bobbin_session_attach_file (self->session, file);
    }
  while (bobbin_session_get_n_attaching (self->session) > 0 && self->refused == NULL)
    g_main_context_iteration (NULL, TRUE);
  if (self->refused == NULL)
    {
      warn_of_types (self);
      return TRUE;
    }

  g_propagate_error (error, g_steal_pointer (&self->refused));
  return FALSE;
}

/* Takes the attachments that are in @draft but not in @others out of it, or, inversely, those that are in @others. */
static void
remove_attachments (BobbinDraft *draft,
                    GPtrArray   *others,
                    gboolean     remove_others)
{
  GListModel *attachments = bobbin_draft_get_attachments (draft);

  for (guint i = g_list_model_get_n_items (attachments); i > 0; i--)
    {
      g_autoptr(BobbinAttachment) attachment = g_list_model_get_item (attachments, i - 1);

      if (g_ptr_array_find (others, attachment, NULL) == remove_others)
        bobbin_draft_remove_attachment (draft, attachment);
    }
}

/* Sends text and files. What the person has typed in the window for this thread is a draft too: it stays, untouched on disk until
 * the moment of sending and put back right after it. */
gboolean
_bobbin_cli_ask_send_text (BobbinCliAsk *self,
                           GError      **error)
{
  BobbinDraft *draft = bobbin_session_get_draft (self->session);
  GListModel *attachments = bobbin_draft_get_attachments (draft);
  g_autoptr(GPtrArray) typed_files = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *typed = g_strdup (bobbin_draft_get_text (draft));
  int cursor = bobbin_draft_get_cursor (draft);
  GListModel *messages = bobbin_session_get_messages (self->session);
  gboolean sent;

  for (guint i = 0; i < g_list_model_get_n_items (attachments); i++)
    g_ptr_array_add (typed_files, g_list_model_get_item (attachments, i));
  if (!attach_files (self, error))
    {
      remove_attachments (draft, typed_files, FALSE);
      return FALSE;
    }

  remove_attachments (draft, typed_files, TRUE);
  bobbin_draft_set_text (draft, self->text, 0);
  bobbin_cli_printer_start (self->printer);
  sent = bobbin_session_send (self->session, error);
  if (sent)
    self->prompt = g_list_model_get_item (messages, g_list_model_get_n_items (messages) - 1);
  bobbin_draft_clear (draft);
  for (guint i = 0; i < typed_files->len; i++)
    bobbin_draft_add_attachment (draft, typed_files->pdata[i]);
  bobbin_draft_set_text (draft, typed, cursor);

  return sent;
}
