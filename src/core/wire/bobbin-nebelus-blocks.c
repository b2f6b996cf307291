#define G_LOG_DOMAIN "bobbin-wire"
#include "config.h"
#include "wire/bobbin-nebelus-decoder-private.h"

#include "util/bobbin-json.h"

#include <stdio.h>
#include <string.h>

static void
block_free (BobbinNebelusBlock *block)
{
  g_free (block->key);
  g_free (block->call_id);
  g_free (block->name);
  g_free (block);
}

void
_bobbin_nebelus_blocks_init (BobbinNebelusBlocks *self)
{
  self->all = g_ptr_array_new_with_free_func ((GDestroyNotify) block_free);
  self->by_slot = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->by_call = g_hash_table_new (g_str_hash, g_str_equal);
  self->tools = g_ptr_array_new ();
}

void
_bobbin_nebelus_blocks_clear (BobbinNebelusBlocks *self)
{
  g_clear_pointer (&self->by_slot, g_hash_table_unref);
  g_clear_pointer (&self->by_call, g_hash_table_unref);
  g_clear_pointer (&self->tools, g_ptr_array_unref);
  g_clear_pointer (&self->all, g_ptr_array_unref);
}

void
_bobbin_nebelus_blocks_reset (BobbinNebelusBlocks *self)
{
  g_hash_table_remove_all (self->by_slot);
  g_hash_table_remove_all (self->by_call);
  g_ptr_array_set_size (self->tools, 0);
  g_ptr_array_set_size (self->all, 0);
  self->last = NULL;
  self->hot = NULL;
}

/* More text in the same slot is another block from now on. */
void
_bobbin_nebelus_blocks_end_text (BobbinNebelusBlocks *self)
{
  for (guint i = 0; i < self->all->len; i++)
    {
      BobbinNebelusBlock *block = g_ptr_array_index (self->all, i);

      if (block->kind == BOBBIN_BLOCK_TEXT || block->kind == BOBBIN_BLOCK_THINKING)
        block->complete = TRUE;
    }
  self->last = NULL;
  self->hot = NULL;
}

char *
_bobbin_nebelus_make_slot (const char *type,
                           gint64      index)
{
  return index >= 0 ? g_strdup_printf ("%s:%" G_GINT64_FORMAT, type, index) : g_strconcat (type, ":-", NULL);
}

/* A block that takes over @slot; the one that had it keeps its own key.
 * @slot: (transfer full) */
BobbinNebelusBlock *
_bobbin_nebelus_blocks_add (BobbinNebelusBlocks *self,
                            char                *slot,
                            BobbinBlockKind      kind)
{
  BobbinNebelusBlock *before = g_hash_table_lookup (self->by_slot, slot);
  BobbinNebelusBlock *block = g_new0 (BobbinNebelusBlock, 1);

  block->kind = kind;
  block->generation = before != NULL ? before->generation + 1 : 0;
  block->key = block->generation > 0 ? g_strdup_printf ("%s#%u", slot, block->generation) : g_strdup (slot);
  g_ptr_array_add (self->all, block);
  if (kind == BOBBIN_BLOCK_TOOL_CALL)
    g_ptr_array_add (self->tools, block);
  g_hash_table_replace (self->by_slot, slot, block);
  self->hot = NULL;

  return block;
}

BobbinEvent *
_bobbin_nebelus_blocks_event (BobbinNebelusBlocks *self,
                              BobbinNebelusBlock  *block,
                              BobbinPhase          phase)
{
  BobbinEvent *event = bobbin_event_new (BOBBIN_EVENT_BLOCK);

  event->key = g_strdup (block->key);
  event->kind = block->kind;
  event->phase = phase;
  self->last = block;

  return event;
}

/* The block text for a slot goes to: the one that has it, or a new one when that is over and done with. */
static BobbinNebelusBlock *
find_text_block (BobbinNebelusBlocks *self,
                 const char          *type,
                 BobbinBlockKind      kind,
                 gint64               index,
                 gboolean             is_start)
{
  g_autofree char *slot = _bobbin_nebelus_make_slot (type, index);
  BobbinNebelusBlock *block = g_hash_table_lookup (self->by_slot, slot);
  gboolean over = FALSE;

  if (block != NULL && block->complete)
    over = is_start || self->last != block;
  else if (block != NULL && index < 0)
    over = self->last != block;
  if (block == NULL || over)
    block = _bobbin_nebelus_blocks_add (self, g_steal_pointer (&slot), kind);

  return block;
}

BobbinEvent *
_bobbin_nebelus_blocks_delta (BobbinNebelusBlocks *self,
                              gboolean             thinking,
                              gint                 index,
                              char                *text,
                              gsize                length)
{
  BobbinNebelusBlock *block = self->hot;
  BobbinEvent *event;

  if (block == NULL || self->last != block || self->hot_thinking != thinking || self->hot_index != index)
    {
      block = find_text_block (self, thinking ? "thinking" : "text",
                               thinking ? BOBBIN_BLOCK_THINKING : BOBBIN_BLOCK_TEXT, index, FALSE);
      self->hot = block;
      self->hot_thinking = thinking;
      self->hot_index = index;
    }
  block->text_bytes += length;
  event = _bobbin_nebelus_blocks_event (self, block, BOBBIN_PHASE_DELTA);
  event->text = text;
  event->text_length = length;

  return event;
}

static void
set_text (BobbinEvent *event,
          const char  *text)
{
  event->text = g_strdup (text);
  event->text_length = strlen (text);
}

/* (nullable) (transfer full): the first of @members that holds text; a number counts as its digits. */
char *
_bobbin_nebelus_dup_first (JsonObject        *object,
                           const char *const *members)
{
  for (gsize i = 0; object != NULL && members[i] != NULL; i++)
    {
      char *text = bobbin_json_dup_text (object, members[i]);

      if (text != NULL)
        return text;
    }

  return NULL;
}

/* (nullable): where the text of a text or thinking block lies. */
static char *
dup_frame_text (const BobbinNebelusFrame *frame,
                gboolean                  thinking)
{
  static const char *const text_members[] = { "text", "content", NULL };
  static const char *const thinking_members[] = { "thinking", "text", "content", NULL };
  const char *const *members = thinking ? thinking_members : text_members;

  if (frame->object != NULL)
    return _bobbin_nebelus_dup_first (frame->object, members);
  if (frame->data != NULL)
    return bobbin_json_dup_text (frame->block, "data");

  return _bobbin_nebelus_dup_first (frame->block, members);
}

static BobbinEvent *
complete_text (BobbinNebelusBlocks      *self,
               BobbinNebelusBlock       *block,
               const BobbinNebelusFrame *frame,
               const char               *text)
{
  gsize length = text != NULL ? strlen (text) : 0;
  BobbinEvent *event;

  if (block->complete)
    {
      /* A repeated frame, or another block that was given the same slot. */
      if (length == 0 || length == block->text_bytes)
        return NULL;
      block = _bobbin_nebelus_blocks_add (self, _bobbin_nebelus_make_slot (frame->type, frame->index), block->kind);
    }
  event = _bobbin_nebelus_blocks_event (self, block, BOBBIN_PHASE_COMPLETE);
  if (block->text_bytes == 0 && length > 0)
    {
      set_text (event, text);
      block->text_bytes = length;
    }
  block->complete = TRUE;

  return event;
}

static BobbinEvent *
decode_text (BobbinNebelusBlocks      *self,
             const BobbinNebelusFrame *frame,
             BobbinBlockKind           kind)
{
  g_autofree char *text = dup_frame_text (frame, kind == BOBBIN_BLOCK_THINKING);
  BobbinNebelusState state = frame->state;
  BobbinNebelusBlock *block;
  BobbinEvent *event;
  gsize length;

  if (state == BOBBIN_NEBELUS_STATE_NONE)
    state = text != NULL ? BOBBIN_NEBELUS_STATE_DELTA : BOBBIN_NEBELUS_STATE_START;
  /* A "start" that already brings text is a delta, too: bobbin_event has no start with text. */
  if (state == BOBBIN_NEBELUS_STATE_COMPLETE)
    {
      g_autofree char *slot = _bobbin_nebelus_make_slot (frame->type, frame->index);

      block = g_hash_table_lookup (self->by_slot, slot);
      if (block == NULL && (text == NULL || *text == '\0'))
        return NULL; /* the end of a block that never was */
      if (block == NULL)
        block = _bobbin_nebelus_blocks_add (self, g_steal_pointer (&slot), kind);
      return complete_text (self, block, frame, text);
    }
  block = find_text_block (self, frame->type, kind, frame->index, state == BOBBIN_NEBELUS_STATE_START);
  if (state == BOBBIN_NEBELUS_STATE_START && (text == NULL || *text == '\0'))
    return _bobbin_nebelus_blocks_event (self, block, BOBBIN_PHASE_START);
  if (text == NULL)
    text = g_strdup (""); /* a DELTA always has text */
  length = strlen (text);
  block->text_bytes += length;
  event = _bobbin_nebelus_blocks_event (self, block, BOBBIN_PHASE_DELTA);
  event->text = g_steal_pointer (&text);
  event->text_length = length;

  return event;
}

char *
_bobbin_nebelus_dup_data (const BobbinNebelusFrame *frame)
{
  return frame->data != NULL ? bobbin_json_to_text (frame->data, FALSE) : NULL;
}

/* A structured block's own slot: the one that has it, unless what comes now is another one's.
 * Returns: NULL for a repeated frame. */
static BobbinNebelusBlock *
find_data_block (BobbinNebelusBlocks      *self,
                 const BobbinNebelusFrame *frame,
                 BobbinBlockKind           kind,
                 guint                     digest)
{
  char *slot = _bobbin_nebelus_make_slot (frame->type, frame->index);
  BobbinNebelusBlock *block = g_hash_table_lookup (self->by_slot, slot);

  if (block == NULL || (block->complete && digest != 0 && block->digest != digest) ||
      (block->complete && frame->state == BOBBIN_NEBELUS_STATE_START && digest == 0))
    block = _bobbin_nebelus_blocks_add (self, slot, kind);
  else
    {
      g_free (slot);
      if (block->complete)
        return NULL;
    }
  if (digest != 0)
    block->digest = digest;

  return block;
}

static BobbinEvent *
decode_data (BobbinNebelusBlocks      *self,
             const BobbinNebelusFrame *frame,
             BobbinBlockKind           kind)
{
  g_autofree char *data = _bobbin_nebelus_dup_data (frame);
  gboolean complete = frame->state == BOBBIN_NEBELUS_STATE_COMPLETE || frame->state == BOBBIN_NEBELUS_STATE_NONE;
  BobbinNebelusBlock *block = find_data_block (self, frame, kind, data != NULL ? g_str_hash (data) | 1 : 0);
  BobbinEvent *event;

  if (block == NULL)
    return NULL;
  event = _bobbin_nebelus_blocks_event (self, block, complete ? BOBBIN_PHASE_COMPLETE : BOBBIN_PHASE_START);
  if (kind == BOBBIN_BLOCK_UNKNOWN)
    {
      event->name = g_strdup (frame->type);
      if (data == NULL)
        data = bobbin_json_object_to_text (frame->block, FALSE);
    }
  event->data = g_steal_pointer (&data);
  block->complete = complete;

  return event;
}

static BobbinEvent *
decode_media (BobbinNebelusBlocks      *self,
              const BobbinNebelusFrame *frame,
              BobbinBlockKind           kind)
{
  BobbinEvent *event = decode_data (self, frame, kind);

  if (event == NULL || event->data == NULL)
    return event;
  if (_bobbin_nebelus_decode_media (frame->data, event))
    {
      if (event->bytes != NULL)
        g_clear_pointer (&event->data, g_free);
    }
  else if (event->phase == BOBBIN_PHASE_COMPLETE)
    {
      /* No picture can be made of it: it is kept as it came. */
      g_clear_pointer (&event->content_type, g_free);
      g_free (event->name);
      event->kind = BOBBIN_BLOCK_UNKNOWN;
      event->name = g_strdup (frame->type);
    }
  else
    g_clear_pointer (&event->data, g_free);

  return event;
}

static BobbinEvent *
decode_code (BobbinNebelusBlocks      *self,
             const BobbinNebelusFrame *frame,
             BobbinBlockKind           kind)
{
  static const char *const code_members[] = { "content", "code", "text", "source", NULL };
  static const char *const language_members[] = { "language", "lang", NULL };
  g_autofree char *code = frame->object != NULL ? _bobbin_nebelus_dup_first (frame->object, code_members)
                                                : bobbin_json_dup_text (frame->block, "data");
  g_autofree char *language = _bobbin_nebelus_dup_first (frame->object, language_members);
  BobbinNebelusBlock *block;
  BobbinPhase phase;
  BobbinEvent *event;

  if (code == NULL && frame->object != NULL && json_object_get_size (frame->object) > (language != NULL ? 1 : 0))
    return decode_data (self, frame, BOBBIN_BLOCK_UNKNOWN);

  if (frame->state == BOBBIN_NEBELUS_STATE_DELTA)
    {
      block = find_text_block (self, frame->type, kind, frame->index, FALSE);
      event = _bobbin_nebelus_blocks_event (self, block, BOBBIN_PHASE_DELTA);
      set_text (event, code != NULL ? code : "");
      block->text_bytes += event->text_length;
      event->name = g_steal_pointer (&language);
      return event;
    }
  block = find_data_block (self, frame, kind, code != NULL ? g_str_hash (code) | 1 : 0);
  if (block == NULL)
    return NULL;
  block->complete = frame->state != BOBBIN_NEBELUS_STATE_START;
  phase = code != NULL ? BOBBIN_PHASE_DELTA : BOBBIN_PHASE_START;
  event = _bobbin_nebelus_blocks_event (self, block, block->complete ? BOBBIN_PHASE_COMPLETE : phase);
  if (code != NULL && block->text_bytes == 0)
    {
      set_text (event, code);
      block->text_bytes = event->text_length;
    }
  event->name = g_steal_pointer (&language);

  return event;
}

typedef BobbinEvent *(*DecodeFunc) (BobbinNebelusBlocks *, const BobbinNebelusFrame *, BobbinBlockKind);

/* nebelus.md, section 5.1. */
static const struct { const char *type; BobbinBlockKind kind; DecodeFunc decode; } types[] = {
  { "text", BOBBIN_BLOCK_TEXT, decode_text },
  { "thinking", BOBBIN_BLOCK_THINKING, decode_text },
  { "tool_use", BOBBIN_BLOCK_TOOL_CALL, _bobbin_nebelus_decode_tool_use },
  { "tool_result", BOBBIN_BLOCK_TOOL_CALL, _bobbin_nebelus_decode_tool_result },
  { "table", BOBBIN_BLOCK_TABLE, decode_data },
  { "chart", BOBBIN_BLOCK_CHART, decode_data },
  { "code_block", BOBBIN_BLOCK_CODE, decode_code },
  { "json_data", BOBBIN_BLOCK_JSON, decode_data },
  { "image", BOBBIN_BLOCK_IMAGE, decode_media },
  { "file", BOBBIN_BLOCK_FILE, decode_media },
};

static BobbinNebelusState
read_state (JsonObject *block)
{
  const char *state = bobbin_json_get_string (block, "state");

  if (g_strcmp0 (state, "start") == 0)
    return BOBBIN_NEBELUS_STATE_START;
  if (g_strcmp0 (state, "delta") == 0)
    return BOBBIN_NEBELUS_STATE_DELTA;
  if (g_strcmp0 (state, "complete") == 0)
    return BOBBIN_NEBELUS_STATE_COMPLETE;

  return BOBBIN_NEBELUS_STATE_NONE;
}

/* An absent type is text; a type that is no string is kept raw under what it says. */
static char *
dup_type (const BobbinNebelusFrame *frame)
{
  char *type = bobbin_json_dup_text (frame->block, "content_type");

  if (type != NULL && *type != '\0')
    return type;
  g_free (type);
  if (bobbin_json_get_node (frame->block, "content_type") == NULL
      || bobbin_json_get_string (frame->block, "content_type") != NULL)
    {
      if (frame->object == NULL || json_object_get_size (frame->object) == 0
          || json_object_has_member (frame->object, "text"))
        return g_strdup ("text");
    }

  return g_strdup ("unknown");
}

BobbinEvent *
_bobbin_nebelus_blocks_decode (BobbinNebelusBlocks *self,
                               JsonObject          *block)
{
  BobbinNebelusFrame frame = { 0 };
  g_autofree char *type = NULL;

  frame.block = block;
  frame.data = bobbin_json_get_node (block, "data");
  frame.object = bobbin_json_get_object (block, "data");
  frame.state = read_state (block);
  frame.index = MAX (bobbin_json_get_int (block, "index", -1), -1);
  type = dup_type (&frame);
  frame.type = type;
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (strcmp (type, types[i].type) == 0)
      return types[i].decode (self, &frame, types[i].kind);

  return decode_data (self, &frame, BOBBIN_BLOCK_UNKNOWN);
}
