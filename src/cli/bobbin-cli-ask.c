#define G_LOG_DOMAIN "bobbin-cli"
#include "config.h"
#include "cli/bobbin-cli-private.h"
#include "cli/bobbin-cli-printer.h"

#include "backend/bobbin-channel.h"
#include "model/bobbin-attachment.h"
#include "model/bobbin-block.h"
#include "model/bobbin-draft.h"
#include "model/bobbin-message.h"
#include "model/bobbin-thread.h"
#include "session/bobbin-session.h"
#include "util/bobbin-clock.h"
#include "util/bobbin-id.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MAX_TEXT_BYTES (16 * 1024 * 1024)
/* How long a script waits for a server that cannot be reached, microseconds. The window waits longer: somebody sees its countdown. */
#define TROUBLE_US (3 * G_USEC_PER_SEC)
/* And for one that asked to wait. */
#define ASKED_US (60 * G_USEC_PER_SEC)
/* How long the title may come after the answer, microseconds. */
#define LINGER_US (G_USEC_PER_SEC / 2)

typedef struct
{
  /* given */
  char             *account_name;
  char             *thread_id;
  char            **files;
  char             *text;
  char             *key;       /* for this run only */
  gboolean          fresh;
  gboolean          as_json;
  /* made */
  BobbinCliContext  context;
  BobbinAccount    *account;
  BobbinThread     *thread;
  BobbinSession    *session;
  BobbinMessage    *prompt;
  BobbinCliPrinter *printer;
  GError           *refused;   /* a file that could not be taken */
  BobbinBlock      *asked;     /* the approval the person was asked about */
  gint64            trouble_us; /* since when no connection works, 0 */
  guint             stdin_watch;
  gboolean          stdin_ended;
  guint             n_stops;   /* how often the person asked to stop */
  const char       *end_code;  /* static; NULL when it ended well */
  char             *end_text;
  int               status;    /* -1 while it goes on */
} Ask;

static void
ask_clear (Ask *self)
{
  if (self->stdin_watch != 0)
    g_source_remove (self->stdin_watch);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_pointer (&self->printer, bobbin_cli_printer_free);
  g_clear_object (&self->asked);
  g_clear_object (&self->prompt);
  g_clear_object (&self->session);
  g_clear_object (&self->thread);
  g_clear_object (&self->account);
  bobbin_cli_context_close (&self->context);
  g_clear_error (&self->refused);
  g_free (self->account_name);
  g_free (self->thread_id);
  g_strfreev (self->files);
  g_free (self->text);
  g_free (self->end_text);
  bobbin_secret_free (self->key);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Ask, ask_clear)

/* An end that is nobody's failure, and yet not what was asked for. */
static void
end_early (Ask        *self,
           const char *code,
           const char *text)
{
  g_free (self->end_text);
  self->status = BOBBIN_EXIT_FAILED;
  self->end_code = code;
  self->end_text = g_strdup (text);
}

/* @error: (transfer full) */
static void
fail (Ask    *self,
      GError *error)
{
  g_autoptr(BobbinFailure) failure = bobbin_failure_new_from_error (error, BOBBIN_CERTAINTY_UNKNOWN);

  self->status = bobbin_cli_exit_status (failure->code);
  self->end_code = bobbin_error_code_nick (failure->code);
  self->end_text = bobbin_cli_describe (error);
  g_error_free (error);
}

/* Says how it ended, after everything that was printed. */
static void
report (Ask *self)
{
  if (self->printer != NULL)
    bobbin_cli_printer_finish (self->printer);
  if (self->printer != NULL && bobbin_cli_printer_is_broken (self->printer))
    {
      self->status = MAX (self->status, BOBBIN_EXIT_FAILED);
      return;
    }
  if (self->end_text == NULL)
    return;

  bobbin_cli_note ("%s", self->end_text);
  if (self->printer != NULL)
    bobbin_cli_printer_error (self->printer, self->end_code, self->end_text, self->status);
}

/* Finding account and thread */

/* Unknown to us: attached by its server id when the account is named. */
static BobbinThread *
find_thread (Ask     *self,
             GError **error)
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

static gboolean
find_account (Ask     *self,
              GError **error)
{
  BobbinLibrary *library = self->context.library;

  if (self->account_name != NULL)
    g_set_object (&self->account, bobbin_library_find_account_by_name (library, self->account_name));
  else if (self->thread_id == NULL)
    self->account = g_list_model_get_item (bobbin_library_get_accounts (library), 0);
  if (self->account != NULL || (self->account_name == NULL && self->thread_id != NULL))
    return TRUE;

  if (self->account_name != NULL)
    g_set_error (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID, _("there is no account “%s”"), self->account_name);
  else
    g_set_error_literal (error, BOBBIN_ERROR, BOBBIN_ERROR_INVALID, _("there is no account yet; add one with “bobbin accounts add”"));
  return FALSE;
}

static gboolean
open_session (Ask     *self,
              GError **error)
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
                       Ask                 *self)
{
  if (self->refused == NULL && failure->detail != NULL && strstr (failure->detail, name) != NULL)
    g_set_error_literal (&self->refused, BOBBIN_ERROR, (int) failure->code, failure->detail);
  else if (self->refused == NULL)
    g_set_error (&self->refused, BOBBIN_ERROR, (int) failure->code, "%s: %s", name,
                 failure->detail != NULL ? failure->detail : bobbin_error_code_nick (failure->code));
}

/* Waits until the session has read what is stored of the thread, its draft included. */
static void
await_loaded (Ask *self)
{
  g_autoptr(GAsyncResult) flushed = NULL;

  while (!bobbin_session_get_loaded (self->session))
    g_main_context_iteration (NULL, TRUE);

  /* The draft is read after the first page, and the store works in order. */
  bobbin_store_flush_async (self->context.store, NULL, bobbin_cli_result_cb, &flushed);
  bobbin_cli_await (&flushed);
}

static gboolean
attach_files (Ask     *self,
              GError **error)
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
    return TRUE;

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
static gboolean
send_text (Ask     *self,
           GError **error)
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

/* Approvals */

static BobbinMessage *
find_approval (Ask          *self,
               BobbinBlock **ret_block)
{
  GListModel *messages = bobbin_session_get_messages (self->session);

  for (guint i = g_list_model_get_n_items (messages); i > 0; i--)
    {
      g_autoptr(BobbinMessage) message = g_list_model_get_item (messages, i - 1);

      for (guint n = bobbin_message_get_n_blocks (message); n > 0; n--)
        {
          BobbinBlock *block = bobbin_message_get_block (message, n - 1);

          if (bobbin_block_get_kind (block) == BOBBIN_BLOCK_APPROVAL && bobbin_block_get_state (block) == BOBBIN_BLOCK_OPEN)
            {
              *ret_block = block;
              return message; /* the list holds it */
            }
        }
    }

  return NULL;
}

static void
decide (Ask     *self,
        gboolean approve)
{
  g_autoptr(GArray) decisions = g_array_new (FALSE, TRUE, sizeof (BobbinDecision));
  BobbinDecision decision = { approve ? BOBBIN_DECISION_APPROVE : BOBBIN_DECISION_REJECT, NULL };
  BobbinBlock *block = NULL;
  BobbinMessage *message = find_approval (self, &block);

  g_array_set_clear_func (decisions, (GDestroyNotify) bobbin_decision_clear);
  g_array_append_val (decisions, decision);
  if (message != NULL)
    bobbin_session_decide (self->session, message, block, decisions);
}

static void
prompt_person (void)
{
  fputs (_("Approve? [y/n] "), stderr);
  fflush (stderr);
}

static gboolean
stdin_cb (int          fd,
          GIOCondition condition,
          gpointer     user_data)
{
  Ask *self = user_data;
  char line[256];
  gssize n_read = read (fd, line, sizeof line - 1);

  if (n_read < 0 && errno == EINTR)
    return G_SOURCE_CONTINUE;
  if (n_read <= 0)
    {
      self->stdin_watch = 0;
      self->stdin_ended = TRUE;
      return G_SOURCE_REMOVE;
    }

  if (g_ascii_tolower (line[0]) != 'y' && g_ascii_tolower (line[0]) != 'n')
    {
      prompt_person ();
      return G_SOURCE_CONTINUE;
    }
  self->stdin_watch = 0;
  decide (self, g_ascii_tolower (line[0]) == 'y');

  return G_SOURCE_REMOVE;
}

/* Never decides by itself: without a person at a terminal the question stays in the conversation. */
static void
look_at_approval (Ask *self)
{
  BobbinBlock *block = NULL;

  if (find_approval (self, &block) == NULL)
    return;
  if (!isatty (STDIN_FILENO) || self->stdin_ended)
    {
      g_autofree char *id = bobbin_id_to_string (bobbin_thread_get_id (self->thread));
      g_autofree char *text = g_strdup_printf (_("the agent waits for an approval (%s): open the conversation %s in the window and "
                                                 "decide there"), bobbin_block_get_text (block), id);

      end_early (self, "approval", text);
      return;
    }
  if (self->asked == block)
    return;

  g_set_object (&self->asked, block);
  bobbin_cli_note ("%s", bobbin_block_get_text (block));
  if (bobbin_block_get_data (block) != NULL)
    bobbin_cli_note ("%s", bobbin_block_get_data (block));
  prompt_person ();
  if (self->stdin_watch == 0)
    self->stdin_watch = g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP, stdin_cb, self);
}

/* Waiting for the end */

static void
give_up (Ask                 *self,
         const BobbinFailure *failure,
         BobbinErrorCode      otherwise)
{
  fail (self, failure != NULL ? bobbin_failure_to_error (failure)
                              : g_error_new_literal (BOBBIN_ERROR, (int) otherwise, bobbin_error_code_nick (otherwise)));
}

/* TRUE when waiting for the next try takes longer than anybody would. */
static gboolean
is_hopeless (Ask *self)
{
  const BobbinFailure *failure = bobbin_session_get_failure (self->session);
  gint64 now_us = bobbin_clock_monotonic_us (self->context.clock);
  gint64 wait_us = bobbin_session_get_retry_at_us (self->session) - bobbin_clock_now_us (self->context.clock);
  gboolean was_asked = failure != NULL && (failure->code == BOBBIN_ERROR_RATE_LIMITED || failure->code == BOBBIN_ERROR_BUSY);

  if (self->trouble_us == 0)
    self->trouble_us = now_us;

  return now_us - self->trouble_us + wait_us > (was_asked ? ASKED_US : TROUBLE_US);
}

static void
look_at_state (Ask *self)
{
  const BobbinFailure *failure = bobbin_session_get_failure (self->session);

  switch (bobbin_session_get_state (self->session))
    {
    case BOBBIN_SESSION_FAILED:
      give_up (self, failure, BOBBIN_ERROR_FAILED);
      break;
    case BOBBIN_SESSION_OFFLINE:
      give_up (self, failure, BOBBIN_ERROR_NETWORK);
      break;
    case BOBBIN_SESSION_BACKOFF:
      if (is_hopeless (self))
        give_up (self, failure, BOBBIN_ERROR_NETWORK);
      break;
    case BOBBIN_SESSION_APPROVAL:
      look_at_approval (self);
      break;
    case BOBBIN_SESSION_SENDING:
    case BOBBIN_SESSION_STREAMING:
      self->trouble_us = 0;
      break;
    case BOBBIN_SESSION_IDLE:
    case BOBBIN_SESSION_CONNECTING:
    case BOBBIN_SESSION_STOPPING:
    case BOBBIN_SESSION_FALLBACK:
    case BOBBIN_N_SESSION_STATES:
    default:
      break;
    }
}

/* Sets the status once the turn is over, or nothing more can be expected of it. */
static void
look (Ask *self)
{
  const BobbinFailure *failure = bobbin_message_get_failure (self->prompt);

  switch (bobbin_message_get_delivery (self->prompt))
    {
    case BOBBIN_DELIVERY_COMPLETE:
      self->status = BOBBIN_EXIT_DONE;
      break;
    case BOBBIN_DELIVERY_STOPPED:
      end_early (self, "stopped", _("stopped: what arrived is kept"));
      break;
    case BOBBIN_DELIVERY_INTERRUPTED:
      give_up (self, failure, BOBBIN_ERROR_INTERRUPTED);
      break;
    case BOBBIN_DELIVERY_FAILED:
      give_up (self, failure, BOBBIN_ERROR_FAILED);
      break;
    case BOBBIN_DELIVERY_QUEUED:
      if (failure != NULL && failure->code == BOBBIN_ERROR_STORE)
        give_up (self, failure, BOBBIN_ERROR_STORE);
      else
        look_at_state (self);
      break;
    case BOBBIN_DELIVERY_SENDING:
    case BOBBIN_DELIVERY_ACCEPTED:
    case BOBBIN_DELIVERY_ANSWERING:
      look_at_state (self);
      break;
    case BOBBIN_N_DELIVERIES:
    default:
      break;
    }
}

static gboolean
stop_cb (gpointer user_data)
{
  Ask *self = user_data;

  if (++self->n_stops > 1 && self->prompt == NULL)
    exit (BOBBIN_EXIT_FAILED); /* nothing was sent yet: there is nothing to save */
  if (self->n_stops > 1)
    end_early (self, "stopped", _("ended before the agent had stopped: what arrived is kept"));
  else if (self->prompt != NULL)
    bobbin_session_stop (self->session);
  if (self->n_stops == 1 && self->printer != NULL && !bobbin_cli_printer_is_broken (self->printer))
    bobbin_cli_note (_("stopping: press Ctrl+C once more to end at once"));

  return G_SOURCE_CONTINUE;
}

static void
run (Ask *self)
{
  self->status = -1;
  while (self->status < 0)
    {
      look (self);
      if (self->status < 0 && bobbin_cli_printer_is_broken (self->printer) && self->n_stops == 0)
        stop_cb (self);
      if (self->status < 0)
        g_main_context_iteration (NULL, TRUE);
    }

  /* Nothing of it was written: it must not leave by itself when the window opens, long after the script gave up. */
  if (bobbin_message_get_delivery (self->prompt) == BOBBIN_DELIVERY_QUEUED)
    bobbin_session_stop (self->session);
}

static gboolean
timeout_cb (gpointer over)
{
  *(gboolean *) over = TRUE;

  return G_SOURCE_REMOVE;
}

/* An answer ends when all of it is stored, a little after its prompt did; a file that came with it is kept while the approval
 * already waits; the title comes after the first answer. */
static gboolean
is_awaited (Ask *self)
{
  BobbinDelivery delivery = bobbin_message_get_delivery (self->prompt);
  gboolean has_ended = delivery == BOBBIN_DELIVERY_COMPLETE || delivery == BOBBIN_DELIVERY_STOPPED ||
                       delivery == BOBBIN_DELIVERY_INTERRUPTED || delivery == BOBBIN_DELIVERY_FAILED;

  return (has_ended && bobbin_cli_printer_has_open (self->printer)) ||
         (bobbin_session_get_state (self->session) == BOBBIN_SESSION_APPROVAL && bobbin_cli_printer_has_open_content (self->printer)) ||
         (self->status == BOBBIN_EXIT_DONE && bobbin_session_get_connected (self->session) &&
          bobbin_thread_get_title_origin (self->thread) < BOBBIN_TITLE_SERVER);
}

static void
linger (Ask *self)
{
  gboolean over = FALSE;
  guint timer = g_timeout_add (LINGER_US / 1000, timeout_cb, &over);
  guint n_stops = self->n_stops;

  while (!over && self->n_stops == n_stops && is_awaited (self))
    g_main_context_iteration (NULL, TRUE);
  if (!over)
    g_source_remove (timer);
}

static void
ask_session (Ask *self)
{
  g_autoptr(GError) error = NULL;

  self->printer = bobbin_cli_printer_new (self->session, self->as_json, bobbin_cli_is_verbose ());
  await_loaded (self);
  if (self->n_stops > 0)
    {
      end_early (self, "stopped", _("stopped before anything was sent"));
    }
  else if (!send_text (self, &error))
    {
      fail (self, g_steal_pointer (&error));
    }
  else
    {
      run (self);
      linger (self);
      if (self->status == BOBBIN_EXIT_DONE)
        bobbin_session_mark_read (self->session);
    }
}

static int
ask (Ask *self)
{
  g_autoptr(GError) error = NULL;
  guint interrupt = g_unix_signal_add (SIGINT, stop_cb, self);
  guint terminate = g_unix_signal_add (SIGTERM, stop_cb, self);

  if (bobbin_cli_context_open_library (&self->context, &error) && open_session (self, &error))
    ask_session (self);
  else
    fail (self, g_steal_pointer (&error));
  report (self);
  g_source_remove (interrupt);
  g_source_remove (terminate);

  return self->status;
}

/* Arguments */

static char *
read_text (void)
{
  g_autoptr(GString) text = g_string_new (NULL);
  char buffer[65536];
  gssize n_read;

  while ((n_read = read (STDIN_FILENO, buffer, sizeof buffer)) != 0)
    {
      if (n_read < 0 && errno == EINTR)
        continue;
      if (n_read < 0 || text->len + (gsize) n_read > MAX_TEXT_BYTES)
        return NULL;
      g_string_append_len (text, buffer, n_read);
    }
  if (text->len > 0 && text->str[text->len - 1] == '\n')
    g_string_truncate (text, text->len - 1);
  if (strlen (text->str) != text->len)
    return NULL;

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* FALSE after saying what is wrong. */
static gboolean
take_arguments (Ask     *self,
                char   **rest,
                gboolean key_stdin)
{
  gboolean text_stdin = g_strv_length (rest) == 1 && g_str_equal (rest[0], "-");
  g_autofree char *stripped = NULL;

  if (self->thread_id != NULL && self->fresh)
    bobbin_cli_usage (_("--thread and --new exclude each other"));
  else if (text_stdin && key_stdin)
    bobbin_cli_usage (_("standard input cannot give both the key and the text"));
  else if (key_stdin && (self->key = bobbin_cli_read_key ()) == NULL)
    return FALSE;
  else if ((self->text = text_stdin ? read_text () : g_strjoinv (" ", rest)) == NULL)
    bobbin_cli_usage (_("the text on standard input cannot be read, holds a NUL byte or is too long"));
  else if (!g_utf8_validate (self->text, -1, NULL))
    bobbin_cli_usage (_("the text is not UTF-8"));
  else if (stripped = g_strdup (self->text), *g_strstrip (stripped) == '\0' && self->files == NULL)
    bobbin_cli_usage (_("there is nothing to ask"));
  else
    return TRUE;

  return FALSE;
}

int
bobbin_cli_ask (int    argc,
                char **argv)
{
  g_auto(Ask) self = { NULL };
  g_auto(GStrv) rest = NULL;
  gboolean key_stdin = FALSE;
  const GOptionEntry entries[] = {
    { "account", 0, 0, G_OPTION_ARG_STRING, &self.account_name, N_("The account to use; the first one by itself"), N_("NAME") },
    { "thread", 0, 0, G_OPTION_ARG_STRING, &self.thread_id, N_("Go on with this conversation: an id of “bobbin threads”, or the server's"),
      N_("ID") },
    { "new", 0, 0, G_OPTION_ARG_NONE, &self.fresh, N_("Begin a new conversation (as without --thread)"), NULL },
    { "attach", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self.files, N_("Send this file along; may be given several times"), N_("FILE") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self.as_json, N_("Print one event a line as JSON"), NULL },
    { "account-key-stdin", 0, 0, G_OPTION_ARG_NONE, &key_stdin, N_("Read a key for this run only from standard input"), NULL },
    { NULL }
  };
  const char *description =
    _("With - the text is read from standard input. The answer is printed while it comes; --verbose tells thinking and\n"
      "tool calls on standard error. Ctrl+C stops the answer, a second one ends at once.\n"
      "\n"
      "With --json each line is an object with a \"type\":\n"
      "  thread         thread, server_id?, account\n"
      "  message-start  message, agent?, agent_name?\n"
      "  delta          message, block, kind, text: text added to a block\n"
      "  block          message, block, kind, state, name?, call_id?, text?, data?, result?, attachment?\n"
      "  usage          message, input_tokens?, output_tokens?, total_tokens?, total_ms?, cost?, currency?\n"
      "  notice         name, data?        title  title\n"
      "  stop           message, state (complete, stopped, interrupted, failed), reason?\n"
      "  error          code, message, status: the exit status\n");

  if (!bobbin_cli_parse (argc, argv, "TEXT|-", description, entries, &rest) || !take_arguments (&self, rest, key_stdin))
    return BOBBIN_EXIT_USAGE;

  return ask (&self);
}
