#define G_LOG_DOMAIN "bobbin-wire"
#include "config.h"
#include "wire/bobbin-nebelus-delta.h"

#include "wire/bobbin-json-scanner.h"

typedef struct
{
  BobbinJsonRaw type;
  BobbinJsonRaw state;
  BobbinJsonRaw text;
  gboolean      has_type;
  gboolean      has_state;
  gboolean      has_index;
  gboolean      has_data;
  gboolean      says_thinking; /* the member of the text */
  gint          index;
} Block;

/* {"text":"…"} or {"thinking":"…"}, nothing else in it. */
static gboolean
scan_inner (BobbinJsonCursor *c,
            Block            *block)
{
  BobbinJsonRaw key;

  if (!bobbin_json_take (c, '{') || !bobbin_json_take_key (c, &key) ||
      !bobbin_json_take_string (c, &block->text) || !bobbin_json_take (c, '}'))
    return FALSE;

  block->says_thinking = bobbin_json_raw_is (&key, "thinking");

  return block->says_thinking || bobbin_json_raw_is (&key, "text");
}

static gboolean
scan_member (BobbinJsonCursor    *c,
             const BobbinJsonRaw *key,
             Block               *block)
{
  if (bobbin_json_raw_is (key, "data") && !block->has_data)
    return block->has_data = scan_inner (c, block);
  if (bobbin_json_raw_is (key, "state") && !block->has_state)
    return block->has_state = bobbin_json_take_string (c, &block->state);
  if (bobbin_json_raw_is (key, "index") && !block->has_index)
    return block->has_index = bobbin_json_take_index (c, &block->index);
  if (bobbin_json_raw_is (key, "content_type") && !block->has_type)
    return block->has_type = bobbin_json_take_string (c, &block->type);

  return FALSE;
}

static gboolean
scan_block (BobbinJsonCursor *c,
            Block            *block)
{
  if (!bobbin_json_take (c, '{'))
    return FALSE;
  do
    {
      BobbinJsonRaw key;

      if (!bobbin_json_take_key (c, &key) || !scan_member (c, &key, block))
        return FALSE;
    }
  while (bobbin_json_take (c, ','));

  return bobbin_json_take (c, '}');
}

static gboolean
accept (const Block        *block,
        BobbinNebelusDelta *ret_delta)
{
  BobbinNebelusDelta delta = { FALSE, -1, NULL, 0 };

  if (!block->has_data || !block->has_state || !bobbin_json_raw_is (&block->state, "delta"))
    return FALSE;
  if (block->has_type && bobbin_json_raw_is (&block->type, "thinking"))
    delta.thinking = TRUE;
  else if (block->has_type && !bobbin_json_raw_is (&block->type, "text"))
    return FALSE;
  if (block->says_thinking && !delta.thinking)
    return FALSE;
  if (block->has_index)
    delta.index = block->index;
  delta.text = bobbin_json_raw_dup (&block->text, &delta.length);
  if (delta.text == NULL)
    return FALSE;
  *ret_delta = delta;

  return TRUE;
}

gboolean
bobbin_nebelus_scan_delta_data (const char         *data,
                                gsize               length,
                                BobbinNebelusDelta *ret_delta)
{
  BobbinJsonCursor c = { data, data + length };
  Block block = { 0 };

  return scan_block (&c, &block) && bobbin_json_at_end (&c) && accept (&block, ret_delta);
}

gboolean
bobbin_nebelus_scan_delta_frame (const char         *frame,
                                 gsize               length,
                                 BobbinNebelusDelta *ret_delta)
{
  BobbinJsonCursor c = { frame, frame + length };
  Block block = { 0 };
  gboolean has_event = FALSE;
  gboolean has_block = FALSE;

  if (!bobbin_json_take (&c, '{'))
    return FALSE;
  do
    {
      BobbinJsonRaw key, name;
      gboolean taken;

      if (!bobbin_json_take_key (&c, &key))
        return FALSE;
      if (bobbin_json_raw_is (&key, "event") && !has_event)
        taken = has_event = bobbin_json_take_string (&c, &name) && bobbin_json_raw_is (&name, "content_block");
      else if (bobbin_json_raw_is (&key, "data") && !has_block)
        taken = has_block = scan_block (&c, &block);
      else
        return FALSE;
      if (!taken)
        return FALSE;
    }
  while (bobbin_json_take (&c, ','));

  return has_event && has_block && bobbin_json_take (&c, '}') && bobbin_json_at_end (&c) &&
         accept (&block, ret_delta);
}
