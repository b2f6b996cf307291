#define G_LOG_DOMAIN "bobbin-cli"
#include "config.h"
#include "cli/bobbin-cli-ask-private.h"

#include "backend/bobbin-channel.h"
#include "model/bobbin-block.h"
#include "model/bobbin-message.h"
#include "model/bobbin-thread.h"
#include "util/bobbin-clock.h"
#include "util/bobbin-id.h"
#include "util/bobbin-json.h"
#include "util/bobbin-text.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <unistd.h>

/* How long a script waits for a server that cannot be reached, microseconds. The window waits longer: somebody sees its countdown. */
#define TROUBLE_US (3 * G_USEC_PER_SEC)
/* And for one that asked to wait. */
#define ASKED_US (60 * G_USEC_PER_SEC)

/* Approvals */

static BobbinMessage *
find_approval (BobbinCliAsk *self,
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
decide (BobbinCliAsk *self,
        gboolean      approve)
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
  BobbinCliAsk *self = user_data;
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

/* What is asked, in one line: the question, else the tool it is about; "" when the server said neither. */
static char *
dup_question (BobbinBlock *block)
{
  g_autofree char *question = bobbin_text_clean_name (bobbin_block_get_text (block));
  const char *data = bobbin_block_get_data (block);
  g_autoptr(JsonObject) object = data != NULL ? bobbin_json_parse_object (data, -1, NULL) : NULL;
  JsonArray *tools = object != NULL ? bobbin_json_get_array (object, "tools") : NULL;
  JsonNode *first = tools != NULL && json_array_get_length (tools) > 0 ? json_array_get_element (tools, 0) : NULL;
  const char *name = NULL;

  if (first != NULL && JSON_NODE_HOLDS_OBJECT (first))
    name = bobbin_json_get_string (json_node_get_object (first), "name");
  if (*question == '\0' && name != NULL)
    return bobbin_text_clean_name (name);

  return g_steal_pointer (&question);
}

static guint
count_tools (BobbinBlock *block)
{
  const char *data = bobbin_block_get_data (block);
  g_autoptr(JsonObject) object = data != NULL ? bobbin_json_parse_object (data, -1, NULL) : NULL;
  JsonArray *tools = object != NULL ? bobbin_json_get_array (object, "tools") : NULL;

  return tools != NULL ? json_array_get_length (tools) : 0;
}

/* What the agent asks for are results of tools: those that were given along, or nothing. */
static void
look_at_outputs (BobbinCliAsk *self,
                 BobbinBlock  *block)
{
  g_autoptr(GArray) decisions = g_array_new (FALSE, TRUE, sizeof (BobbinDecision));
  guint n_tools = count_tools (block);
  guint n_left = (self->outputs != NULL ? g_strv_length (self->outputs) : 0) - self->n_outputs;
  g_autofree char *id = bobbin_id_to_string (bobbin_thread_get_id (self->thread));
  g_autofree char *name = dup_question (block);
  g_autofree char *text = NULL;
  BobbinBlock *found = NULL;

  g_array_set_clear_func (decisions, (GDestroyNotify) bobbin_decision_clear);
  if (n_tools == 0 || n_left < n_tools)
    {
      text = g_strdup_printf (ngettext ("the agent asks for the result of %u tool (%s): give it along with --output, or open the "
                                        "conversation %s in the window",
                                        "the agent asks for the results of %u tools (%s…): give them along with --output, one each, or "
                                        "open the conversation %s in the window", n_tools), n_tools, name, id);
      _bobbin_cli_ask_end_early (self, "approval", text);
      return;
    }

  for (guint i = 0; i < n_tools; i++)
    {
      BobbinDecision decision = { BOBBIN_DECISION_OUTPUT, g_strdup (self->outputs[self->n_outputs++]) };

      g_array_append_val (decisions, decision);
    }
  bobbin_session_decide (self->session, find_approval (self, &found), block, decisions);
}

void
_bobbin_cli_ask_tell_pause (BobbinCliAsk *self)
{
  BobbinBlock *block = NULL;
  g_autofree char *id = NULL;
  g_autofree char *node = NULL;

  if (self->session == NULL || find_approval (self, &block) == NULL ||
      !g_str_equal (bobbin_block_get_answer_form (block), BOBBIN_APPROVAL_TEXT))
    return;

  id = bobbin_id_to_string (bobbin_thread_get_id (self->thread));
  node = bobbin_text_clean_name (bobbin_block_get_name (block) != NULL ? bobbin_block_get_name (block) : "");
  bobbin_cli_note (_("the agent paused (%1$s): answer with “bobbin ask --thread %2$s TEXT”"), node, id);
}

/* Never decides by itself: without a person at a terminal the question stays in the conversation. */
static void
look_at_approval (BobbinCliAsk *self)
{
  BobbinBlock *block = NULL;

  if (find_approval (self, &block) == NULL)
    return;
  if (g_str_equal (bobbin_block_get_answer_form (block), BOBBIN_APPROVAL_OUTPUTS))
    {
      look_at_outputs (self, block);
      return;
    }
  if (!isatty (STDIN_FILENO) || self->stdin_ended)
    {
      g_autofree char *id = bobbin_id_to_string (bobbin_thread_get_id (self->thread));
      g_autofree char *question = dup_question (block);
      g_autofree char *text = NULL;

      if (*question != '\0')
        text = g_strdup_printf (_("the agent waits for an approval (%1$s): open the conversation %2$s in the window and decide there"),
                                question, id);
      else
        text = g_strdup_printf (_("the agent waits for an approval: open the conversation %s in the window and decide there"), id);
      _bobbin_cli_ask_end_early (self, "approval", text);
      return;
    }
  if (self->asked == block)
    return;

  g_set_object (&self->asked, block);
  bobbin_cli_note ("%s", *bobbin_block_get_text (block) != '\0' ? bobbin_block_get_text (block)
                                                                : _("The agent asks for your approval"));
  if (bobbin_block_get_data (block) != NULL)
    bobbin_cli_note ("%s", bobbin_block_get_data (block));
  prompt_person ();
  if (self->stdin_watch == 0)
    self->stdin_watch = g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP, stdin_cb, self);
}

/* Waiting for the end */

static void
give_up (BobbinCliAsk        *self,
         const BobbinFailure *failure,
         BobbinErrorCode      otherwise)
{
  BobbinErrorCode code = failure != NULL ? failure->code : otherwise;
  GError *error = NULL;

  if (code == BOBBIN_ERROR_AUTH && self->key == NULL && bobbin_cli_lacks_keyring (&self->context, &error))
    {
      _bobbin_cli_ask_fail (self, error);
      return;
    }

  _bobbin_cli_ask_fail (self, failure != NULL ? bobbin_failure_to_error (failure)
                              : g_error_new_literal (BOBBIN_ERROR, (int) otherwise, bobbin_error_code_nick (otherwise)));
}

/* TRUE when waiting for the next try takes longer than anybody would. */
static gboolean
is_hopeless (BobbinCliAsk *self)
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
look_at_state (BobbinCliAsk *self)
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

void
_bobbin_cli_ask_look (BobbinCliAsk *self)
{
  const BobbinFailure *failure = bobbin_message_get_failure (self->prompt);

  switch (bobbin_message_get_delivery (self->prompt))
    {
    case BOBBIN_DELIVERY_COMPLETE:
      self->status = BOBBIN_EXIT_DONE;
      break;
    case BOBBIN_DELIVERY_STOPPED:
      _bobbin_cli_ask_end_early (self, "stopped", _("stopped: what arrived is kept"));
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
