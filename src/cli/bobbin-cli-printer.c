#define G_LOG_DOMAIN "bobbin-cli"
#include "config.h"
#include "cli/bobbin-cli-printer-private.h"

#include "cli/bobbin-cli-private.h"
#include "export/bobbin-export-json.h"
#include "model/bobbin-block.h"
#include "model/bobbin-message.h"
#include "model/bobbin-thread.h"
#include "session/bobbin-session.h"
#include "util/bobbin-id.h"

#include <string.h>

void
_bobbin_cli_printer_put (BobbinCliPrinter *self,
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

void
_bobbin_cli_printer_put_event (BobbinCliPrinter *self,
                               JsonObject       *object)
{
  if (!self->broken)
    self->broken = !bobbin_cli_print_json (object);
  json_object_unref (object);
}

JsonObject *
_bobbin_cli_event_new (const char    *type,
                       BobbinMessage *message)
{
  JsonObject *object = json_object_new ();
  g_autofree char *id = message != NULL ? bobbin_id_to_string (bobbin_message_get_id (message)) : NULL;

  bobbin_cli_set_string (object, "type", type);
  bobbin_cli_set_string (object, "message", id);

  return object;
}

/* Messages */

static void
blocks_changed_cb (GListModel           *blocks,
                   guint                 position,
                   guint                 n_removed,
                   guint                 n_added,
                   BobbinCliMessageView *self)
{
  for (guint i = self->blocks->len; i < g_list_model_get_n_items (blocks); i++)
    _bobbin_cli_message_view_add_block (self, bobbin_message_get_block (self->message, i));
}

static void
usage_cb (BobbinMessage        *message,
          GParamSpec           *pspec,
          BobbinCliMessageView *self)
{
  JsonObject *object;

  if (!self->printer->as_json)
    return;

  _bobbin_cli_printer_update_dirty (self->printer);
  object = _bobbin_cli_event_new ("usage", message);
  bobbin_export_set_usage (object, message);
  _bobbin_cli_printer_put_event (self->printer, object);
}

static gboolean
is_final (BobbinDelivery delivery)
{
  return delivery == BOBBIN_DELIVERY_COMPLETE || delivery == BOBBIN_DELIVERY_STOPPED ||
         delivery == BOBBIN_DELIVERY_INTERRUPTED || delivery == BOBBIN_DELIVERY_FAILED;
}

static void
delivery_cb (BobbinMessage        *message,
             GParamSpec           *pspec,
             BobbinCliMessageView *self)
{
  JsonObject *object;

  if (self->ended || !is_final (bobbin_message_get_delivery (message)))
    return;

  _bobbin_cli_printer_update_dirty (self->printer);
  self->ended = TRUE;
  for (guint i = 0; i < self->blocks->len; i++)
    _bobbin_cli_block_view_update (self->blocks->pdata[i]);
  if (!self->printer->as_json || bobbin_message_get_role (message) != BOBBIN_ROLE_ASSISTANT)
    return;

  object = _bobbin_cli_event_new ("stop", message);
  bobbin_cli_set_string (object, "state", bobbin_delivery_get_nick (bobbin_message_get_delivery (message)));
  bobbin_cli_set_string (object, "reason", bobbin_message_get_stop_reason (message));
  _bobbin_cli_printer_put_event (self->printer, object);
}

static void
message_view_free (gpointer data)
{
  BobbinCliMessageView *self = data;

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
          g_autofree char *words = bobbin_export_block_to_text (block, BOBBIN_EXPORT_TEXT, BOBBIN_EXPORT_FILES_PATHS);

          bobbin_cli_note ("%s", words);
          continue;
        }
      object = _bobbin_cli_event_new ("notice", message);
      bobbin_cli_set_string (object, "name", bobbin_block_get_name (block));
      bobbin_cli_set_json (object, "data", bobbin_block_get_data (block));
      _bobbin_cli_printer_put_event (self, object);
    }
}

static void
add_message (BobbinCliPrinter *printer,
             BobbinMessage    *message)
{
  BobbinCliMessageView *self;

  if (bobbin_message_get_role (message) == BOBBIN_ROLE_USER)
    return;
  if (bobbin_message_get_role (message) == BOBBIN_ROLE_NOTICE)
    {
      tell_notice (printer, message);
      return;
    }

  self = g_new0 (BobbinCliMessageView, 1);
  self->printer = printer;
  self->message = g_object_ref (message);
  self->blocks = g_ptr_array_new_with_free_func (_bobbin_cli_block_view_free);
  g_ptr_array_add (printer->messages, self);
  if (printer->as_json)
    {
      JsonObject *object = _bobbin_cli_event_new ("message-start", message);

      bobbin_cli_set_string (object, "agent", bobbin_message_get_agent_id (message));
      bobbin_cli_set_string (object, "agent_name", bobbin_message_get_agent_name (message));
      _bobbin_cli_printer_put_event (printer, object);
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

  object = _bobbin_cli_event_new ("thread", NULL);
  bobbin_cli_set_string (object, "thread", id);
  bobbin_cli_set_string (object, "server_id", bobbin_thread_get_server_id (thread));
  bobbin_cli_set_string (object, "account", bobbin_account_get_name (bobbin_session_get_account (self->session)));
  _bobbin_cli_printer_put_event (self, object);
}

static void
title_cb (BobbinThread     *thread,
          GParamSpec       *pspec,
          BobbinCliPrinter *self)
{
  JsonObject *object;

  if (!self->as_json)
    return;

  object = _bobbin_cli_event_new ("title", NULL);
  bobbin_cli_set_string (object, "title", bobbin_thread_get_title (thread));
  _bobbin_cli_printer_put_event (self, object);
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

/* Inside an answer they tell of what is missing there; they do not belong to its text. */
static void
note_gaps (BobbinCliMessageView *view)
{
  for (guint n = 0; n < view->blocks->len; n++)
    {
      BobbinBlock *block = ((BobbinCliBlockView *) view->blocks->pdata[n])->block;
      g_autofree char *words = NULL;

      if (bobbin_block_get_kind (block) != BOBBIN_BLOCK_NOTICE)
        continue;
      words = bobbin_export_block_to_text (block, BOBBIN_EXPORT_TEXT, BOBBIN_EXPORT_FILES_PATHS);
      bobbin_cli_note ("%s", words);
    }
}

void
bobbin_cli_printer_finish (BobbinCliPrinter *self)
{
  _bobbin_cli_printer_update_dirty (self);
  if (self->as_json)
    return;

  for (guint i = 0; i < self->messages->len; i++)
    {
      BobbinCliMessageView *view = self->messages->pdata[i];

      view->ended = TRUE;
      _bobbin_cli_message_view_pump (view);
      /* Text that came to a block after the next had begun. */
      for (guint n = 0; n < view->blocks->len; n++)
        if (_bobbin_cli_is_running_text (((BobbinCliBlockView *) view->blocks->pdata[n])->block))
          _bobbin_cli_block_view_print_text (view->blocks->pdata[n]);
    }
  if (self->wrote && !self->at_line_end)
    _bobbin_cli_printer_put (self, "\n", 1);
  for (guint i = 0; i < self->messages->len; i++)
    note_gaps (self->messages->pdata[i]);
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

  object = _bobbin_cli_event_new ("error", NULL);
  bobbin_cli_set_string (object, "code", code);
  bobbin_cli_set_string (object, "message", message);
  json_object_set_int_member (object, "status", status);
  _bobbin_cli_printer_put_event (self, object);
}

gboolean
bobbin_cli_printer_has_open (BobbinCliPrinter *self)
{
  for (guint i = 0; i < self->messages->len; i++)
    if (!((BobbinCliMessageView *) self->messages->pdata[i])->ended)
      return TRUE;

  return FALSE;
}

gboolean
bobbin_cli_printer_has_open_content (BobbinCliPrinter *self)
{
  for (guint i = 0; i < self->messages->len; i++)
    {
      BobbinCliMessageView *view = self->messages->pdata[i];

      for (guint n = 0; n < view->blocks->len; n++)
        {
          BobbinBlock *block = ((BobbinCliBlockView *) view->blocks->pdata[n])->block;

          if (!view->ended && _bobbin_cli_is_content (block) && bobbin_block_get_state (block) == BOBBIN_BLOCK_OPEN)
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
