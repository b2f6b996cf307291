#define G_LOG_DOMAIN "bobbin-cli"
#include "config.h"
#include "cli/bobbin-cli-ask-private.h"

#include "model/bobbin-message.h"
#include "model/bobbin-thread.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

#define MAX_TEXT_BYTES (16 * 1024 * 1024)
/* How long the title may come after the answer, and the storing of what came with it take, milliseconds. */
#define TITLE_MS   500
#define CONTENT_MS 10000

static void
ask_clear (BobbinCliAsk *self)
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
  g_strfreev (self->outputs);
  g_strfreev (self->approved);
  g_clear_pointer (&self->typed, g_ptr_array_unref);
  g_free (self->text);
  g_free (self->end_text);
  bobbin_secret_free (self->key);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BobbinCliAsk, ask_clear)

void
_bobbin_cli_ask_end_early (BobbinCliAsk *self,
                           const char   *code,
                           const char   *text)
{
  g_free (self->end_text);
  self->status = BOBBIN_EXIT_FAILED;
  self->end_code = code;
  self->end_text = g_strdup (text);
}

void
_bobbin_cli_ask_fail (BobbinCliAsk *self,
                      GError       *error)
{
  g_autoptr(BobbinFailure) failure = bobbin_failure_new_from_error (error, BOBBIN_CERTAINTY_UNKNOWN);

  self->status = bobbin_cli_exit_status (failure->code);
  self->end_code = bobbin_error_code_nick (failure->code);
  self->end_text = bobbin_cli_describe (error);
  g_error_free (error);
}

/* Says how it ended, after everything that was printed. */
static void
report (BobbinCliAsk *self)
{
  if (self->printer != NULL)
    bobbin_cli_printer_finish (self->printer);
  if (self->printer != NULL && bobbin_cli_printer_is_broken (self->printer))
    {
      self->status = MAX (self->status, BOBBIN_EXIT_FAILED);
      return;
    }
  if (self->status == BOBBIN_EXIT_DONE)
    _bobbin_cli_ask_tell_pause (self);
  if (self->end_text == NULL)
    return;

  bobbin_cli_note ("%s", self->end_text);
  if (self->printer != NULL)
    bobbin_cli_printer_error (self->printer, self->end_code, self->end_text, self->status);
}

static gboolean
stop_cb (gpointer user_data)
{
  BobbinCliAsk *self = user_data;

  if (++self->n_stops > 1 && self->prompt == NULL)
    exit (BOBBIN_EXIT_FAILED); /* nothing was sent yet: there is nothing to save */
  if (self->n_stops > 1)
    _bobbin_cli_ask_end_early (self, "stopped", _("ended before the agent had stopped: what arrived is kept"));
  else if (self->prompt != NULL)
    bobbin_session_stop (self->session);
  if (self->n_stops == 1 && self->printer != NULL && !bobbin_cli_printer_is_broken (self->printer))
    bobbin_cli_note (_("stopping: press Ctrl+C once more to end at once"));

  return G_SOURCE_CONTINUE;
}

static void
run (BobbinCliAsk *self)
{
  self->status = -1;
  while (self->status < 0)
    {
      _bobbin_cli_ask_look (self);
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
 * already waits. */
static gboolean
awaits_content (BobbinCliAsk *self)
{
  BobbinDelivery delivery = bobbin_message_get_delivery (self->prompt);
  gboolean has_ended = delivery == BOBBIN_DELIVERY_COMPLETE || delivery == BOBBIN_DELIVERY_STOPPED ||
                       delivery == BOBBIN_DELIVERY_INTERRUPTED || delivery == BOBBIN_DELIVERY_FAILED;

  return (has_ended && bobbin_cli_printer_has_open (self->printer)) ||
         (bobbin_session_get_state (self->session) == BOBBIN_SESSION_APPROVAL && bobbin_cli_printer_has_open_content (self->printer));
}

/* The title comes after the first answer. */
static gboolean
awaits_title (BobbinCliAsk *self)
{
  return self->status == BOBBIN_EXIT_DONE && bobbin_session_get_connected (self->session) &&
         bobbin_thread_get_title_origin (self->thread) < BOBBIN_TITLE_SERVER;
}

static void
wait_while (BobbinCliAsk *self,
            gboolean    (*is_awaited) (BobbinCliAsk *),
            guint         longest_ms)
{
  gboolean over = FALSE;
  guint timer = g_timeout_add (longest_ms, timeout_cb, &over);
  guint n_stops = self->n_stops;

  while (!over && self->n_stops == n_stops && is_awaited (self))
    g_main_context_iteration (NULL, TRUE);
  if (!over)
    g_source_remove (timer);
}

static void
linger (BobbinCliAsk *self)
{
  wait_while (self, awaits_content, CONTENT_MS);
  wait_while (self, awaits_title, TITLE_MS);
}

static void
ask_session (BobbinCliAsk *self)
{
  g_autoptr(GError) error = NULL;

  self->printer = bobbin_cli_printer_new (self->session, self->as_json, bobbin_cli_is_verbose ());
  _bobbin_cli_ask_await_loaded (self);
  if (self->n_stops > 0)
    {
      _bobbin_cli_ask_end_early (self, "stopped", _("stopped before anything was sent"));
    }
  else if (!_bobbin_cli_ask_send_text (self, &error))
    {
      _bobbin_cli_ask_fail (self, g_steal_pointer (&error));
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
ask (BobbinCliAsk *self)
{
  g_autoptr(GError) error = NULL;
  guint interrupt = g_unix_signal_add (SIGINT, stop_cb, self);
  guint terminate = g_unix_signal_add (SIGTERM, stop_cb, self);

  if (bobbin_cli_context_open_library (&self->context, &error) && _bobbin_cli_ask_open_session (self, &error))
    ask_session (self);
  else
    _bobbin_cli_ask_fail (self, g_steal_pointer (&error));
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
take_arguments (BobbinCliAsk *self,
                char        **rest,
                gboolean      key_stdin)
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
  g_auto(BobbinCliAsk) self = { NULL };
  g_auto(GStrv) rest = NULL;
  gboolean key_stdin = FALSE;
  const GOptionEntry entries[] = {
    { "account", 0, 0, G_OPTION_ARG_STRING, &self.account_name, N_("The account to use; the first one by itself"), N_("NAME") },
    { "thread", 0, 0, G_OPTION_ARG_STRING, &self.thread_id, N_("Go on with this conversation: an id of “bobbin threads”, or the server's"),
      N_("ID") },
    { "new", 0, 0, G_OPTION_ARG_NONE, &self.fresh, N_("Begin a new conversation (as without --thread)"), NULL },
    { "attach", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self.files, N_("Send this file along; may be given several times"), N_("FILE") },
    { "output", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self.outputs,
      N_("The result of a tool that the agent asks for; may be given several times, in their order"), N_("TEXT") },
    { "approve", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self.approved,
      N_("Approve this tool when the agent asks, * for any; may be given several times"), N_("TOOL") },
    { "reject", 0, 0, G_OPTION_ARG_NONE, &self.rejects, N_("Reject what else the agent asks approval for"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self.as_json, N_("Print one event a line as JSON"), NULL },
    { "account-key-stdin", 0, 0, G_OPTION_ARG_NONE, &key_stdin, N_("Read a key for this run only from standard input"), NULL },
    { NULL }
  };
  const char *description =
    _("With - the text is read from standard input. The answer is printed while it comes; --verbose tells thinking and\n"
      "tool calls on standard error. Ctrl+C stops the answer, a second one ends at once.\n"
      "\n"
      "With --json each line is an object with a “type”:\n"
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

  self.typed = g_ptr_array_new_with_free_func (g_free);

  return ask (&self);
}
