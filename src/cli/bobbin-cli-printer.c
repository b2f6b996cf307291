#define G_LOG_DOMAIN "bobbin-cli"
#include "config.h"
#include "cli/bobbin-cli-printer.h"
#include "cli/bobbin-cli-private.h"
#include "cli/bobbin-cli-transcript.h"

#include "model/bobbin-block.h"
#include "model/bobbin-message.h"
#include "model/bobbin-thread.h"
#include "session/bobbin-session.h"
#include "util/bobbin-id.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct
{
  BobbinCliPrinter *printer;
  BobbinMessage    *message; /* owned */
  GPtrArray        *blocks;  /* of BlockView */
  guint             front;   /* the first block not printed to its end */
  gboolean          ended;   /* its delivery is final */
} MessageView;

typedef struct
{
  MessageView *view;
  BobbinBlock *block;   /* owned */
  guint        index;
  GString     *printed; /* of its text */
  gboolean     begun;
  gboolean     told_open;
  gboolean     told;    /* as a whole */
  gboolean     dirty;   /* in the printer's list */
} BlockView;

struct _BobbinCliPrinter
{
  BobbinSession *session;     /* owned */
  GPtrArray     *messages;    /* of MessageView */
  GPtrArray     *dirty;       /* of BlockView, borrowed: changed since they were last looked at */
  guint          idle;        /* looks at them: an event sets text, name and state one after the other */
  gboolean       as_json;
  gboolean       verbose;
  gboolean       wrote;       /* anything at all, as text */
  gboolean       at_line_end;
  gboolean       broken;
};

static void
put (BobbinCliPrinter *self,
     const char       *text,
     gssize            length)
{
  gsize n_bytes = length < 0 ? strlen (text) : (gsize) length;

  if (n_bytes == 0 || self->broken)
    return;

  self->broken = !bobbin_cli_print (text, (gssize) n_bytes);
  self->wrote = TRUE;
  self->at_line_end = text[n_bytes - 1] == '\n';
}

/* @object: (transfer full) */
static void
put_event (BobbinCliPrinter *self,
           JsonObject       *object)
{
  if (!self->broken)
    self->broken = !bobbin_cli_print_json (object);
  json_object_unref (object);
}

static JsonObject *
event_new (const char    *type,
           BobbinMessage *message)
{
  JsonObject *object = json_object_new ();
  g_autofree char *id = message != NULL ? bobbin_id_to_string (bobbin_message_get_id (message)) : NULL;

  bobbin_cli_set_string (object, "type", type);
  bobbin_cli_set_string (object, "message", id);

  return object;
}

/* Blocks whose text is printed as it streams. */
static gboolean
is_running_text (BobbinBlock *block)
{
  return bobbin_block_get_kind (block) == BOBBIN_BLOCK_TEXT || bobbin_block_get_kind (block) == BOBBIN_BLOCK_CODE;
}

/* What belongs to the answer, as opposed to how it came about. */
static gboolean
is_content (BobbinBlock *block)
{
  switch (bobbin_block_get_kind (block))
    {
    case BOBBIN_BLOCK_TEXT:
    case BOBBIN_BLOCK_CODE:
    case BOBBIN_BLOCK_TABLE:
    case BOBBIN_BLOCK_CHART:
    case BOBBIN_BLOCK_JSON:
    case BOBBIN_BLOCK_IMAGE:
    case BOBBIN_BLOCK_FILE:
      return TRUE;
    case BOBBIN_BLOCK_THINKING:
    case BOBBIN_BLOCK_TOOL_CALL:
    case BOBBIN_BLOCK_APPROVAL:
    case BOBBIN_BLOCK_NOTICE:
    case BOBBIN_BLOCK_UNKNOWN:
    case BOBBIN_N_BLOCK_KINDS:
    default:
      return FALSE;
    }
}

/* Text */

static void
begin_block (BlockView *self)
{
  BobbinCliPrinter *printer = self->view->printer;
  const char *language = bobbin_block_get_name (self->block);

  if (self->begun)
    return;

  self->begun = TRUE;
  if (printer->wrote)
    put (printer, printer->at_line_end ? "\n" : "\n\n", -1);
  if (bobbin_block_get_kind (self->block) == BOBBIN_BLOCK_CODE)
    {
      g_autofree char *fence = g_strdup_printf ("```%s\n", language != NULL ? language : "");

      put (printer, fence, -1);
    }
}

static void
end_block (BlockView *self)
{
  BobbinCliPrinter *printer = self->view->printer;

  if (self->begun && bobbin_block_get_kind (self->block) == BOBBIN_BLOCK_CODE)
    put (printer, printer->at_line_end ? "```" : "\n```", -1);
}

/* Prints the part of the text that is new. */
static void
print_text (BlockView *self)
{
  const char *text = bobbin_block_get_text (self->block);
  gsize length = bobbin_block_get_length (self->block);

  if (length == self->printed->len)
    return;

  begin_block (self);
  put (self->view->printer, text + self->printed->len, (gssize) (length - self->printed->len));
  g_string_append_len (self->printed, text + self->printed->len, (gssize) (length - self->printed->len));
}

static gboolean
print_whole (BlockView *self)
{
  g_autofree char *text = NULL;

  if (bobbin_block_get_state (self->block) == BOBBIN_BLOCK_OPEN && !self->view->ended)
    return FALSE;

  text = bobbin_cli_block_to_text (self->block, BOBBIN_CLI_MARKDOWN);
  if (*text != '\0')
    {
      begin_block (self);
      put (self->view->printer, text, -1);
    }
  return TRUE;
}

static gboolean
later_text_began (MessageView *self,
                  guint        after)
{
  for (guint i = after + 1; i < self->blocks->len; i++)
    {
      BlockView *view = self->blocks->pdata[i];

      if (is_running_text (view->block) && bobbin_block_get_length (view->block) > 0)
        return TRUE;
    }

  return FALSE;
}

/* Prints in order: a block begins when the one before has ended. */
static void
pump (MessageView *self)
{
  for (; self->front < self->blocks->len; self->front++)
    {
      BlockView *view = self->blocks->pdata[self->front];
      gboolean over = bobbin_block_get_state (view->block) != BOBBIN_BLOCK_OPEN || self->ended ||
                      later_text_began (self, self->front);

      if (!is_content (view->block))
        continue;
      if (is_running_text (view->block))
        {
          print_text (view);
          if (!over)
            break;
          end_block (view);
        }
      else if (!print_whole (view))
        {
          break;
        }
    }
}

/* Blocks */

static void
tell_delta (BlockView *self)
{
  const char *text = bobbin_block_get_text (self->block);
  gsize length = bobbin_block_get_length (self->block);
  JsonObject *object;

  if (length <= self->printed->len)
    return;

  object = event_new ("delta", self->view->message);
  json_object_set_int_member (object, "block", self->index);
  bobbin_cli_set_string (object, "kind", bobbin_block_kind_get_nick (bobbin_block_get_kind (self->block)));
  bobbin_cli_set_string (object, "text", text + self->printed->len);
  put_event (self->view->printer, object);
  g_string_append_len (self->printed, text + self->printed->len, (gssize) (length - self->printed->len));
}

static void
tell_block (BlockView *self)
{
  JsonObject *object = event_new ("block", self->view->message);

  json_object_set_int_member (object, "block", self->index);
  bobbin_cli_fill_block (object, self->block);
  put_event (self->view->printer, object);
}

static void
note_block (BlockView *self)
{
  g_autofree char *text = NULL;

  if (!self->view->printer->verbose || is_content (self->block) || bobbin_block_get_kind (self->block) == BOBBIN_BLOCK_APPROVAL)
    return;

  text = bobbin_cli_block_to_text (self->block, BOBBIN_CLI_PLAIN);
  bobbin_cli_note ("%s: %s", bobbin_block_kind_get_nick (bobbin_block_get_kind (self->block)), text);
}

static void
update_block (BlockView *self)
{
  BobbinBlockKind kind = bobbin_block_get_kind (self->block);
  gboolean is_open = bobbin_block_get_state (self->block) == BOBBIN_BLOCK_OPEN && !self->view->ended;
  gboolean as_json = self->view->printer->as_json;

  self->dirty = FALSE;
  if (as_json && (kind == BOBBIN_BLOCK_TEXT || kind == BOBBIN_BLOCK_THINKING || kind == BOBBIN_BLOCK_CODE))
    tell_delta (self);
  /* A tool call and a question are told when they begin, too. */
  if (as_json && is_open && !self->told_open && (kind == BOBBIN_BLOCK_TOOL_CALL || kind == BOBBIN_BLOCK_APPROVAL))
    {
      self->told_open = TRUE;
      tell_block (self);
    }
  if (!is_open && !self->told)
    {
      self->told = TRUE;
      (as_json ? tell_block : note_block) (self);
    }
  if (!as_json)
    pump (self->view);
}

static void
update_dirty (BobbinCliPrinter *self)
{
  for (guint i = 0; i < self->dirty->len; i++)
    update_block (self->dirty->pdata[i]);
  g_ptr_array_set_size (self->dirty, 0);
}

static gboolean
idle_cb (gpointer user_data)
{
  BobbinCliPrinter *self = user_data;

  self->idle = 0;
  update_dirty (self);

  return G_SOURCE_REMOVE;
}

static void
mark_dirty (BlockView *self)
{
  BobbinCliPrinter *printer = self->view->printer;

  if (!self->dirty)
    g_ptr_array_add (printer->dirty, self);
  self->dirty = TRUE;
  if (printer->idle == 0)
    printer->idle = g_idle_add_full (G_PRIORITY_DEFAULT, idle_cb, printer, NULL);
}

/* What was printed cannot be taken back: the text starts anew unless it only goes on. */
static void
replaced_cb (BlockView *self)
{
  if (!g_str_has_prefix (bobbin_block_get_text (self->block), self->printed->str))
    {
      g_string_truncate (self->printed, 0);
      self->begun = FALSE;
    }
  mark_dirty (self);
}

static void
block_view_free (gpointer data)
{
  BlockView *self = data;

  g_signal_handlers_disconnect_by_data (self->block, self);
  g_object_unref (self->block);
  g_string_free (self->printed, TRUE);
  g_free (self);
}

static void
add_block (MessageView *view,
           BobbinBlock *block)
{
  BlockView *self = g_new0 (BlockView, 1);

  self->view = view;
  self->block = g_object_ref (block);
  self->index = view->blocks->len;
  self->printed = g_string_new (NULL);
  g_ptr_array_add (view->blocks, self);
  g_signal_connect_swapped (block, "appended", G_CALLBACK (mark_dirty), self);
  g_signal_connect_swapped (block, "text-replaced", G_CALLBACK (replaced_cb), self);
  g_signal_connect_swapped (block, "notify::state", G_CALLBACK (mark_dirty), self);
  mark_dirty (self);
}

/* Messages */

static void
blocks_changed_cb (GListModel  *blocks,
                   guint        position,
                   guint        n_removed,
                   guint        n_added,
                   MessageView *self)
{
  for (guint i = self->blocks->len; i < g_list_model_get_n_items (blocks); i++)
    add_block (self, bobbin_message_get_block (self->message, i));
}

static void
usage_cb (BobbinMessage *message,
          GParamSpec    *pspec,
          MessageView   *self)
{
  JsonObject *object;

  if (!self->printer->as_json)
    return;

  update_dirty (self->printer);
  object = event_new ("usage", message);
  bobbin_cli_set_usage (object, message);
  put_event (self->printer, object);
}

static gboolean
is_final (BobbinDelivery delivery)
{
  return delivery == BOBBIN_DELIVERY_COMPLETE || delivery == BOBBIN_DELIVERY_STOPPED ||
         delivery == BOBBIN_DELIVERY_INTERRUPTED || delivery == BOBBIN_DELIVERY_FAILED;
}

static void
delivery_cb (BobbinMessage *message,
             GParamSpec    *pspec,
             MessageView   *self)
{
  JsonObject *object;

  if (self->ended || !is_final (bobbin_message_get_delivery (message)))
    return;

  update_dirty (self->printer);
  self->ended = TRUE;
  for (guint i = 0; i < self->blocks->len; i++)
    update_block (self->blocks->pdata[i]);
  if (!self->printer->as_json || bobbin_message_get_role (message) != BOBBIN_ROLE_ASSISTANT)
    return;

  object = event_new ("stop", message);
  bobbin_cli_set_string (object, "state", bobbin_delivery_get_nick (bobbin_message_get_delivery (message)));
  bobbin_cli_set_string (object, "reason", bobbin_message_get_stop_reason (message));
  put_event (self->printer, object);
}

static void
message_view_free (gpointer data)
{
  MessageView *self = data;

  g_signal_handlers_disconnect_by_data (bobbin_message_get_blocks (self->message), self);
  g_signal_handlers_disconnect_by_data (self->message, self);
  g_ptr_array_unref (self->blocks);
  g_object_unref (self->message);
  g_free (self);
}

static void
tell_notice (BobbinCliPrinter *self,
             BobbinMessage    *message)
{
  for (guint i = 0; i < bobbin_message_get_n_blocks (message); i++)
    {
      BobbinBlock *block = bobbin_message_get_block (message, i);
      JsonObject *object;

      if (!self->as_json)
        {
          g_autofree char *words = bobbin_cli_block_to_text (block, BOBBIN_CLI_PLAIN);

          bobbin_cli_note ("%s", words);
          continue;
        }
      object = event_new ("notice", message);
      bobbin_cli_set_string (object, "name", bobbin_block_get_name (block));
      bobbin_cli_set_json (object, "data", bobbin_block_get_data (block));
      put_event (self, object);
    }
}

static void
add_message (BobbinCliPrinter *printer,
             BobbinMessage    *message)
{
  MessageView *self;

  if (bobbin_message_get_role (message) == BOBBIN_ROLE_USER)
    return;
  if (bobbin_message_get_role (message) == BOBBIN_ROLE_NOTICE)
    {
      tell_notice (printer, message);
      return;
    }

  self = g_new0 (MessageView, 1);
  self->printer = printer;
  self->message = g_object_ref (message);
  self->blocks = g_ptr_array_new_with_free_func (block_view_free);
  g_ptr_array_add (printer->messages, self);
  if (printer->as_json)
    {
      JsonObject *object = event_new ("message-start", message);

      bobbin_cli_set_string (object, "agent", bobbin_message_get_agent_id (message));
      bobbin_cli_set_string (object, "agent_name", bobbin_message_get_agent_name (message));
      put_event (printer, object);
    }
  g_signal_connect (message, "notify::delivery", G_CALLBACK (delivery_cb), self);
  g_signal_connect (message, "notify::usage-revision", G_CALLBACK (usage_cb), self);
  g_signal_connect (bobbin_message_get_blocks (message), "items-changed", G_CALLBACK (blocks_changed_cb), self);
  blocks_changed_cb (bobbin_message_get_blocks (message), 0, 0, 0, self);
  delivery_cb (message, NULL, self);
}

static void
messages_changed_cb (GListModel       *messages,
                     guint             position,
                     guint             n_removed,
                     guint             n_added,
                     BobbinCliPrinter *self)
{
  for (guint i = position; i < position + n_added; i++)
    {
      g_autoptr(BobbinMessage) message = g_list_model_get_item (messages, i);

      add_message (self, message);
    }
}

/* The conversation */

static void
tell_thread (BobbinCliPrinter *self)
{
  BobbinThread *thread = bobbin_session_get_thread (self->session);
  g_autofree char *id = bobbin_id_to_string (bobbin_thread_get_id (thread));
  JsonObject *object;

  if (!self->as_json)
    return;

  object = event_new ("thread", NULL);
  bobbin_cli_set_string (object, "thread", id);
  bobbin_cli_set_string (object, "server_id", bobbin_thread_get_server_id (thread));
  bobbin_cli_set_string (object, "account", bobbin_account_get_name (bobbin_session_get_account (self->session)));
  put_event (self, object);
}

static void
title_cb (BobbinThread     *thread,
          GParamSpec       *pspec,
          BobbinCliPrinter *self)
{
  JsonObject *object;

  if (!self->as_json)
    return;

  object = event_new ("title", NULL);
  bobbin_cli_set_string (object, "title", bobbin_thread_get_title (thread));
  put_event (self, object);
}

BobbinCliPrinter *
bobbin_cli_printer_new (BobbinSession *session,
                        gboolean       as_json,
                        gboolean       verbose)
{
  BobbinCliPrinter *self = g_new0 (BobbinCliPrinter, 1);

  self->session = g_object_ref (session);
  self->messages = g_ptr_array_new_with_free_func (message_view_free);
  self->dirty = g_ptr_array_new ();
  self->as_json = as_json;
  self->verbose = verbose;

  return self;
}

void
bobbin_cli_printer_start (BobbinCliPrinter *self)
{
  BobbinThread *thread = bobbin_session_get_thread (self->session);

  g_signal_connect (bobbin_session_get_messages (self->session), "items-changed", G_CALLBACK (messages_changed_cb), self);
  g_signal_connect_swapped (thread, "notify::server-id", G_CALLBACK (tell_thread), self);
  g_signal_connect (thread, "notify::title", G_CALLBACK (title_cb), self);
  tell_thread (self);
}

void
bobbin_cli_printer_free (BobbinCliPrinter *self)
{
  if (self == NULL)
    return;

  g_signal_handlers_disconnect_by_data (bobbin_session_get_messages (self->session), self);
  g_signal_handlers_disconnect_by_data (bobbin_session_get_thread (self->session), self);
  if (self->idle != 0)
    g_source_remove (self->idle);
  g_ptr_array_unref (self->dirty);
  g_ptr_array_unref (self->messages);
  g_object_unref (self->session);
  g_free (self);
}

void
bobbin_cli_printer_finish (BobbinCliPrinter *self)
{
  update_dirty (self);
  if (self->as_json)
    return;

  for (guint i = 0; i < self->messages->len; i++)
    {
      MessageView *view = self->messages->pdata[i];

      view->ended = TRUE;
      pump (view);
      /* Text that came to a block after the next had begun. */
      for (guint n = 0; n < view->blocks->len; n++)
        if (is_running_text (((BlockView *) view->blocks->pdata[n])->block))
          print_text (view->blocks->pdata[n]);
    }
  if (self->wrote && !self->at_line_end)
    put (self, "\n", 1);
}

void
bobbin_cli_printer_error (BobbinCliPrinter *self,
                          const char       *code,
                          const char       *message,
                          int               status)
{
  JsonObject *object;

  if (!self->as_json)
    return;

  object = event_new ("error", NULL);
  bobbin_cli_set_string (object, "code", code);
  bobbin_cli_set_string (object, "message", message);
  json_object_set_int_member (object, "status", status);
  put_event (self, object);
}

gboolean
bobbin_cli_printer_has_open (BobbinCliPrinter *self)
{
  for (guint i = 0; i < self->messages->len; i++)
    if (!((MessageView *) self->messages->pdata[i])->ended)
      return TRUE;

  return FALSE;
}

gboolean
bobbin_cli_printer_has_open_content (BobbinCliPrinter *self)
{
  for (guint i = 0; i < self->messages->len; i++)
    {
      MessageView *view = self->messages->pdata[i];

      for (guint n = 0; n < view->blocks->len; n++)
        {
          BobbinBlock *block = ((BlockView *) view->blocks->pdata[n])->block;

          if (!view->ended && is_content (block) && bobbin_block_get_state (block) == BOBBIN_BLOCK_OPEN)
            return TRUE;
        }
    }

  return FALSE;
}

gboolean
bobbin_cli_printer_is_broken (BobbinCliPrinter *self)
{
  return self->broken;
}
