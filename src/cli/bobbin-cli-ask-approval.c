/* What the agent asks for in the middle of "ask": approvals and results of tools. They come from the options, from a person at a
 * terminal, or stay in the conversation: nothing is ever decided by itself. */
#define G_LOG_DOMAIN "bobbin-cli"
#include "config.h"
#include "cli/bobbin-cli-ask-private.h"

#include "backend/bobbin-channel.h"
#include "model/bobbin-block.h"
#include "model/bobbin-message.h"
#include "model/bobbin-thread.h"
#include "util/bobbin-id.h"
#include "util/bobbin-json.h"
#include "util/bobbin-text.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MAX_ARGUMENTS 300 /* characters of them that are shown */

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

static JsonObject *
parse_data (BobbinBlock *block)
{
  const char *data = bobbin_block_get_data (block);

  return data != NULL ? bobbin_json_parse_object (data, -1, NULL) : NULL;
}

/* (nullable): the tool at @index. */
static JsonObject *
get_tool (JsonObject *data,
          guint       index)
{
  JsonArray *tools = data != NULL ? bobbin_json_get_array (data, "tools") : NULL;
  JsonNode *node = tools != NULL && index < json_array_get_length (tools) ? json_array_get_element (tools, index) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static guint
count_tools (JsonObject *data)
{
  JsonArray *tools = data != NULL ? bobbin_json_get_array (data, "tools") : NULL;

  return tools != NULL ? json_array_get_length (tools) : 0;
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

/* All outputs are there: they go. */
static void
give_outputs (BobbinCliAsk *self)
{
  g_autoptr(GArray) decisions = g_array_new (FALSE, TRUE, sizeof (BobbinDecision));
  BobbinBlock *block = NULL;
  BobbinMessage *message = find_approval (self, &block);

  g_array_set_clear_func (decisions, (GDestroyNotify) bobbin_decision_clear);
  for (guint i = 0; i < self->typed->len; i++)
    {
      BobbinDecision decision = { BOBBIN_DECISION_OUTPUT, g_strdup (self->typed->pdata[i]) };

      g_array_append_val (decisions, decision);
    }
  g_ptr_array_set_size (self->typed, 0);
  if (message != NULL)
    bobbin_session_decide (self->session, message, block, decisions);
}

/* A person at a terminal */

static void
prompt_for_output (BobbinCliAsk *self,
                   BobbinBlock  *block)
{
  g_autoptr(JsonObject) data = parse_data (block);
  JsonObject *tool = get_tool (data, self->typed->len);
  JsonNode *args = tool != NULL ? bobbin_json_get_node (tool, "args") : NULL;
  g_autofree char *raw = args != NULL ? bobbin_json_to_text (args, FALSE) : NULL;
  g_autofree char *line = raw != NULL ? bobbin_text_one_line (raw) : g_strdup ("");
  g_autofree char *cut = bobbin_text_truncate (line, MAX_ARGUMENTS);
  g_autofree char *name = bobbin_text_clean_name (tool != NULL && bobbin_json_get_string (tool, "name") != NULL
                                                  ? bobbin_json_get_string (tool, "name") : "");
  /* Translators: asks at a terminal what a tool gives back: its name, then what it was called with. A line is typed behind it. */
  g_autofree char *words = g_strdup_printf (_("Result of %1$s %2$s: "), name, cut);

  fputs (words, stderr);
  fflush (stderr);
}

static void
prompt_for_approval (void)
{
  fputs (_("Approve? [y/n] "), stderr);
  fflush (stderr);
}

static gboolean
is_about_outputs (BobbinBlock *block)
{
  return g_str_equal (bobbin_block_get_answer_form (block), BOBBIN_APPROVAL_OUTPUTS);
}

/* FALSE: nothing more is asked. */
static gboolean
take_line (BobbinCliAsk *self,
           const char   *line)
{
  g_autoptr(JsonObject) data = parse_data (self->asked);
  char answer = g_ascii_tolower (*line);

  if (is_about_outputs (self->asked))
    {
      g_ptr_array_add (self->typed, g_utf8_make_valid (line, -1));
      if (self->typed->len < count_tools (data))
        {
          prompt_for_output (self, self->asked);
          return TRUE;
        }
      give_outputs (self);
      return FALSE;
    }
  if (answer != 'y' && answer != 'n')
    {
      prompt_for_approval ();
      return TRUE;
    }
  decide (self, answer == 'y');

  return FALSE;
}

static gboolean
stdin_cb (int          fd,
          GIOCondition condition,
          gpointer     user_data)
{
  BobbinCliAsk *self = user_data;
  char line[4096]; /* a terminal gives no longer ones */
  gssize n_read = read (fd, line, sizeof line - 1);

  if (n_read < 0 && errno == EINTR)
    return G_SOURCE_CONTINUE;
  if (n_read <= 0)
    {
      self->stdin_watch = 0;
      self->stdin_ended = TRUE;
      g_ptr_array_set_size (self->typed, 0);
      return G_SOURCE_REMOVE;
    }

  line[n_read] = '\0';
  line[strcspn (line, "\r\n")] = '\0';
  if (take_line (self, line))
    return G_SOURCE_CONTINUE;

  self->stdin_watch = 0;
  return G_SOURCE_REMOVE;
}

static gboolean
has_person (BobbinCliAsk *self)
{
  return isatty (STDIN_FILENO) && !self->stdin_ended;
}

static void
listen (BobbinCliAsk *self,
        BobbinBlock  *block)
{
  g_set_object (&self->asked, block);
  if (self->stdin_watch == 0)
    self->stdin_watch = g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP, stdin_cb, self);
}

/* Nobody answers */

/* What is asked, in one line: the question, else the tool it is about; "" when the server said neither. */
static char *
dup_question (BobbinBlock *block)
{
  g_autofree char *question = bobbin_text_clean_name (bobbin_block_get_text (block));
  g_autoptr(JsonObject) data = parse_data (block);
  JsonObject *first = get_tool (data, 0);
  const char *name = first != NULL ? bobbin_json_get_string (first, "name") : NULL;

  if (*question == '\0' && name != NULL)
    return bobbin_text_clean_name (name);

  return g_steal_pointer (&question);
}

static void
end_without_outputs (BobbinCliAsk *self,
                     BobbinBlock  *block,
                     guint         n_tools)
{
  g_autofree char *id = bobbin_id_to_string (bobbin_thread_get_id (self->thread));
  g_autofree char *name = dup_question (block);
  g_autofree char *text =
    g_strdup_printf (ngettext ("the agent asks for the result of %1$u tool (%2$s): give it along with --output, or open the "
                               "conversation %3$s in the window",
                               "the agent asks for the results of %1$u tools (%2$s…): give them along with --output, one each, or "
                               "open the conversation %3$s in the window", n_tools), n_tools, name, id);

  _bobbin_cli_ask_end_early (self, "approval", text);
}

static void
end_without_approval (BobbinCliAsk *self,
                      BobbinBlock  *block)
{
  g_autofree char *id = bobbin_id_to_string (bobbin_thread_get_id (self->thread));
  g_autofree char *question = dup_question (block);
  g_autofree char *text = NULL;

  if (*question != '\0')
    text = g_strdup_printf (_("the agent waits for an approval (%1$s): open the conversation %2$s in the window and decide there, or "
                              "ask with --approve TOOL"), question, id);
  else
    text = g_strdup_printf (_("the agent waits for an approval: open the conversation %s in the window and decide there"), id);
  _bobbin_cli_ask_end_early (self, "approval", text);
}

/* Results of tools: those that were given along come first, then a person is asked for what is missing. */
static void
look_at_outputs (BobbinCliAsk *self,
                 BobbinBlock  *block)
{
  g_autoptr(JsonObject) data = parse_data (block);
  guint n_tools = count_tools (data);
  guint n_left = (self->outputs != NULL ? g_strv_length (self->outputs) : 0) - self->n_outputs;

  if (self->asked == block && self->stdin_watch != 0)
    return;
  if (n_tools == 0 || (n_left < n_tools && !has_person (self)))
    {
      end_without_outputs (self, block, n_tools);
      return;
    }

  g_ptr_array_set_size (self->typed, 0);
  for (; n_left > 0 && self->typed->len < n_tools; n_left--)
    g_ptr_array_add (self->typed, g_strdup (self->outputs[self->n_outputs++]));
  if (self->typed->len == n_tools)
    {
      give_outputs (self);
      return;
    }
  listen (self, block);
  prompt_for_output (self, block);
}

/* Whether all tools that are asked for were approved by an option. */
static gboolean
is_covered (BobbinCliAsk *self,
            BobbinBlock  *block)
{
  const char *const *names = (const char *const *) self->approved;
  g_autoptr(JsonObject) data = parse_data (block);
  guint n_tools = count_tools (data);

  if (names == NULL)
    return FALSE;
  if (g_strv_contains (names, "*"))
    return TRUE;
  for (guint i = 0; i < n_tools; i++)
    {
      JsonObject *tool = get_tool (data, i);
      const char *name = tool != NULL ? bobbin_json_get_string (tool, "name") : NULL;

      if (name == NULL || !g_strv_contains (names, name))
        return FALSE;
    }

  return n_tools > 0;
}

void
_bobbin_cli_ask_look_at_approval (BobbinCliAsk *self)
{
  BobbinBlock *block = NULL;

  if (find_approval (self, &block) == NULL)
    return;
  if (is_about_outputs (block))
    {
      look_at_outputs (self, block);
      return;
    }
  if (is_covered (self, block) || self->rejects)
    {
      decide (self, is_covered (self, block));
      return;
    }
  if (!has_person (self))
    {
      end_without_approval (self, block);
      return;
    }
  if (self->asked == block)
    return;

  bobbin_cli_note ("%s", *bobbin_block_get_text (block) != '\0' ? bobbin_block_get_text (block)
                                                                : _("The agent asks for your approval"));
  if (bobbin_block_get_data (block) != NULL)
    bobbin_cli_note ("%s", bobbin_block_get_data (block));
  listen (self, block);
  prompt_for_approval ();
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
