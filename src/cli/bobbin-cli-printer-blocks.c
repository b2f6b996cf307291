#define G_LOG_DOMAIN "bobbin-cli"
#include "config.h"
#include "cli/bobbin-cli-printer-private.h"

#include "cli/bobbin-cli-private.h"
#include "export/bobbin-export-json.h"
#include "model/bobbin-block.h"

#include <string.h>

gboolean
_bobbin_cli_is_running_text (BobbinBlock *block)
{
  return bobbin_block_get_kind (block) == BOBBIN_BLOCK_TEXT || bobbin_block_get_kind (block) == BOBBIN_BLOCK_CODE;
}

gboolean
_bobbin_cli_is_content (BobbinBlock *block)
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
    case BOBBIN_BLOCK_SOURCES:
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
begin_block (BobbinCliBlockView *self)
{
  BobbinCliPrinter *printer = self->view->printer;
  const char *language = bobbin_block_get_name (self->block);

  if (self->begun)
    return;

  self->begun = TRUE;
  if (printer->wrote)
    _bobbin_cli_printer_put (printer, printer->at_line_end ? "\n" : "\n\n", -1);
  if (bobbin_block_get_kind (self->block) == BOBBIN_BLOCK_CODE)
    {
      g_autofree char *fence = g_strdup_printf ("```%s\n", language != NULL ? language : "");

      _bobbin_cli_printer_put (printer, fence, -1);
    }
}

static void
end_block (BobbinCliBlockView *self)
{
  BobbinCliPrinter *printer = self->view->printer;

  if (self->begun && bobbin_block_get_kind (self->block) == BOBBIN_BLOCK_CODE)
    _bobbin_cli_printer_put (printer, printer->at_line_end ? "```" : "\n```", -1);
}

void
_bobbin_cli_block_view_print_text (BobbinCliBlockView *self)
{
  const char *text = bobbin_block_get_text (self->block);
  gsize length = bobbin_block_get_length (self->block);

  if (length == self->printed->len)
    return;

  begin_block (self);
  _bobbin_cli_printer_put (self->view->printer, text + self->printed->len, (gssize) (length - self->printed->len));
  g_string_append_len (self->printed, text + self->printed->len, (gssize) (length - self->printed->len));
}

static gboolean
print_whole (BobbinCliBlockView *self)
{
  g_autofree char *text = NULL;

  if (bobbin_block_get_state (self->block) == BOBBIN_BLOCK_OPEN && !self->view->ended)
    return FALSE;

  text = bobbin_export_block_to_text (self->block, BOBBIN_EXPORT_MARKDOWN, BOBBIN_EXPORT_FILES_PATHS);
  if (*text != '\0')
    {
      begin_block (self);
      _bobbin_cli_printer_put (self->view->printer, text, -1);
    }
  return TRUE;
}

static gboolean
later_text_began (BobbinCliMessageView *self,
                  guint                 after)
{
  for (guint i = after + 1; i < self->blocks->len; i++)
    {
      BobbinCliBlockView *view = self->blocks->pdata[i];

      if (_bobbin_cli_is_running_text (view->block) && bobbin_block_get_length (view->block) > 0)
        return TRUE;
    }

  return FALSE;
}

void
_bobbin_cli_message_view_pump (BobbinCliMessageView *self)
{
  for (; self->front < self->blocks->len; self->front++)
    {
      BobbinCliBlockView *view = self->blocks->pdata[self->front];
      gboolean over = bobbin_block_get_state (view->block) != BOBBIN_BLOCK_OPEN || self->ended ||
                      later_text_began (self, self->front);

      if (!_bobbin_cli_is_content (view->block))
        continue;
      if (_bobbin_cli_is_running_text (view->block))
        {
          _bobbin_cli_block_view_print_text (view);
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
tell_delta (BobbinCliBlockView *self)
{
  const char *text = bobbin_block_get_text (self->block);
  gsize length = bobbin_block_get_length (self->block);
  JsonObject *object;

  if (length <= self->printed->len)
    return;

  object = _bobbin_cli_event_new ("delta", self->view->message);
  json_object_set_int_member (object, "block", self->index);
  bobbin_cli_set_string (object, "kind", bobbin_block_kind_get_nick (bobbin_block_get_kind (self->block)));
  bobbin_cli_set_string (object, "text", text + self->printed->len);
  _bobbin_cli_printer_put_event (self->view->printer, object);
  g_string_append_len (self->printed, text + self->printed->len, (gssize) (length - self->printed->len));
}

static void
tell_block (BobbinCliBlockView *self)
{
  JsonObject *object = _bobbin_cli_event_new ("block", self->view->message);

  json_object_set_int_member (object, "block", self->index);
  bobbin_export_fill_block (object, self->block, BOBBIN_EXPORT_FILES_PATHS);
  _bobbin_cli_printer_put_event (self->view->printer, object);
}

static void
note_block (BobbinCliBlockView *self)
{
  g_autofree char *text = NULL;

  if (!self->view->printer->verbose || _bobbin_cli_is_content (self->block) || bobbin_block_get_kind (self->block) == BOBBIN_BLOCK_APPROVAL)
    return;

  text = bobbin_export_block_to_text (self->block, BOBBIN_EXPORT_TEXT, BOBBIN_EXPORT_FILES_PATHS);
  bobbin_cli_note ("%s: %s", bobbin_block_kind_get_nick (bobbin_block_get_kind (self->block)), text);
}

void
_bobbin_cli_block_view_update (BobbinCliBlockView *self)
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
    _bobbin_cli_message_view_pump (self->view);
}

void
_bobbin_cli_printer_update_dirty (BobbinCliPrinter *self)
{
  for (guint i = 0; i < self->dirty->len; i++)
    _bobbin_cli_block_view_update (self->dirty->pdata[i]);
  g_ptr_array_set_size (self->dirty, 0);
}

static gboolean
idle_cb (gpointer user_data)
{
  BobbinCliPrinter *self = user_data;

  self->idle = 0;
  _bobbin_cli_printer_update_dirty (self);

  return G_SOURCE_REMOVE;
}

static void
mark_dirty (BobbinCliBlockView *self)
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
replaced_cb (BobbinCliBlockView *self)
{
  if (!g_str_has_prefix (bobbin_block_get_text (self->block), self->printed->str))
    {
      g_string_truncate (self->printed, 0);
      self->begun = FALSE;
    }
  mark_dirty (self);
}

void
_bobbin_cli_block_view_free (gpointer data)
{
  BobbinCliBlockView *self = data;

  g_signal_handlers_disconnect_by_data (self->block, self);
  g_object_unref (self->block);
  g_string_free (self->printed, TRUE);
  g_free (self);
}

void
_bobbin_cli_message_view_add_block (BobbinCliMessageView *view,
                                    BobbinBlock          *block)
{
  BobbinCliBlockView *self = g_new0 (BobbinCliBlockView, 1);

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
