#define G_LOG_DOMAIN "bobbin-wire"
#include "config.h"
#include "wire/bobbin-assistants-delta.h"

#include "wire/bobbin-json-scanner.h"

typedef struct
{
  BobbinJsonRaw id;
  BobbinJsonRaw value;
  gboolean      has_id;
  gboolean      has_object;
  gboolean      has_delta;
  gint          index;
} Scan;

/* {"value":"…","annotations":[]} */
static gboolean
scan_text (BobbinJsonCursor *c,
           Scan             *scan)
{
  BobbinJsonRaw key;

  if (!bobbin_json_take (c, '{') || !bobbin_json_take_key (c, &key) || !bobbin_json_raw_is (&key, "value") ||
      !bobbin_json_take_string (c, &scan->value))
    return FALSE;
  if (bobbin_json_take (c, ',') &&
      (!bobbin_json_take_key (c, &key) || !bobbin_json_raw_is (&key, "annotations") ||
       !bobbin_json_take (c, '[') || !bobbin_json_take (c, ']')))
    return FALSE;

  return bobbin_json_take (c, '}');
}

/* {"index":0,"type":"text","text":{…}}, in any order. */
static gboolean
scan_part (BobbinJsonCursor *c,
           Scan             *scan)
{
  gboolean has_index = FALSE;
  gboolean has_type = FALSE;
  gboolean has_text = FALSE;

  if (!bobbin_json_take (c, '{'))
    return FALSE;
  do
    {
      BobbinJsonRaw key, type;

      if (!bobbin_json_take_key (c, &key))
        return FALSE;
      if (bobbin_json_raw_is (&key, "index") && !has_index)
        has_index = bobbin_json_take_index (c, &scan->index);
      else if (bobbin_json_raw_is (&key, "type") && !has_type)
        has_type = bobbin_json_take_string (c, &type) && bobbin_json_raw_is (&type, "text");
      else if (bobbin_json_raw_is (&key, "text") && !has_text)
        has_text = scan_text (c, scan);
      else
        return FALSE;
      if (!has_index && !has_type && !has_text)
        return FALSE;
    }
  while (bobbin_json_take (c, ','));

  return has_index && has_type && has_text && bobbin_json_take (c, '}');
}

/* {"content":[{…}]}, one part, perhaps with the role in front. */
static gboolean
scan_delta (BobbinJsonCursor *c,
            Scan             *scan)
{
  BobbinJsonRaw key;

  return bobbin_json_take (c, '{') && bobbin_json_take_key (c, &key) && bobbin_json_raw_is (&key, "content") &&
         bobbin_json_take (c, '[') && scan_part (c, scan) && bobbin_json_take (c, ']') && bobbin_json_take (c, '}');
}

static gboolean
scan_event (BobbinJsonCursor *c,
            Scan             *scan)
{
  if (!bobbin_json_take (c, '{'))
    return FALSE;
  do
    {
      BobbinJsonRaw key, object;

      if (!bobbin_json_take_key (c, &key))
        return FALSE;
      if (bobbin_json_raw_is (&key, "id") && !scan->has_id)
        scan->has_id = bobbin_json_take_string (c, &scan->id);
      else if (bobbin_json_raw_is (&key, "object") && !scan->has_object)
        scan->has_object = bobbin_json_take_string (c, &object) && bobbin_json_raw_is (&object, "thread.message.delta");
      else if (bobbin_json_raw_is (&key, "delta") && !scan->has_delta)
        scan->has_delta = scan_delta (c, scan);
      else
        return FALSE;
      if (!scan->has_id && !scan->has_object && !scan->has_delta)
        return FALSE;
    }
  while (bobbin_json_take (c, ','));

  return scan->has_id && scan->has_object && scan->has_delta && bobbin_json_take (c, '}') && bobbin_json_at_end (c);
}

gboolean
bobbin_assistants_scan_delta (const char            *data,
                              gsize                  length,
                              BobbinAssistantsDelta *ret_delta)
{
  BobbinJsonCursor c = { data, data + length };
  Scan scan = { 0 };
  gsize text_length;
  char *text;

  if (!scan_event (&c, &scan) || scan.id.has_escapes || scan.id.length == 0)
    return FALSE;
  text = bobbin_json_raw_dup (&scan.value, &text_length);
  if (text == NULL)
    return FALSE;

  ret_delta->message_id = scan.id.start;
  ret_delta->message_id_length = scan.id.length;
  ret_delta->index = scan.index;
  ret_delta->text = text;
  ret_delta->length = text_length;

  return TRUE;
}
