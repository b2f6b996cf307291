#define G_LOG_DOMAIN "bobbin-wire"
#include "config.h"
#include "wire/bobbin-agentflow-delta.h"

#include "wire/bobbin-json-scanner.h"

typedef struct
{
  const char   *thread_id;
  BobbinJsonRaw text;
  gboolean      has_event;
  gboolean      has_message;
  gboolean      has_state;
  gboolean      has_data;
  gboolean      has_role;
  gboolean      has_delta;
  gboolean      has_content;
} Scan;

static gboolean
take_exactly (BobbinJsonCursor *c,
              const char       *wanted)
{
  BobbinJsonRaw raw;

  return bobbin_json_take_string (c, &raw) && bobbin_json_raw_is (&raw, wanted);
}

static gboolean
set_once (gboolean *flag)
{
  gboolean first = !*flag;

  *flag = TRUE;
  return first;
}

/* [{"type":"text","text":"…","annotations":[]}] */
static gboolean
scan_content (BobbinJsonCursor *c,
              Scan             *scan)
{
  gboolean has_type = FALSE;
  gboolean has_text = FALSE;
  BobbinJsonRaw key;

  if (!bobbin_json_take (c, '[') || !bobbin_json_take (c, '{'))
    return FALSE;
  do
    {
      gboolean fits = FALSE;

      if (!bobbin_json_take_key (c, &key))
        return FALSE;
      if (bobbin_json_raw_is (&key, "type"))
        fits = set_once (&has_type) && take_exactly (c, "text");
      else if (bobbin_json_raw_is (&key, "text"))
        fits = set_once (&has_text) && bobbin_json_take_string (c, &scan->text);
      else if (bobbin_json_raw_is (&key, "annotations"))
        fits = bobbin_json_take (c, '[') && bobbin_json_take (c, ']');
      if (!fits)
        return FALSE;
    }
  while (bobbin_json_take (c, ','));

  return has_type && has_text && bobbin_json_take (c, '}') && bobbin_json_take (c, ']');
}

/* Of a fragment only the content counts (bobbin-agentflow-decoder.c). */
static gboolean
scan_message (BobbinJsonCursor *c,
              Scan             *scan)
{
  BobbinJsonRaw key;

  if (!bobbin_json_take (c, '{'))
    return FALSE;
  do
    {
      gboolean fits;

      if (!bobbin_json_take_key (c, &key))
        return FALSE;
      if (bobbin_json_raw_is (&key, "role"))
        fits = set_once (&scan->has_role) && take_exactly (c, "assistant");
      else if (bobbin_json_raw_is (&key, "delta"))
        fits = set_once (&scan->has_delta) && bobbin_json_take_word (c, "true");
      else if (bobbin_json_raw_is (&key, "content"))
        fits = set_once (&scan->has_content) && scan_content (c, scan);
      else
        fits = !key.has_escapes && bobbin_json_skip_value (c);
      if (!fits)
        return FALSE;
    }
  while (bobbin_json_take (c, ','));

  return scan->has_role && scan->has_delta && scan->has_content && bobbin_json_take (c, '}');
}

/* Nothing of it counts but the thread, which is the one that is known. */
static gboolean
scan_metadata (BobbinJsonCursor *c,
               Scan             *scan)
{
  BobbinJsonRaw key;

  if (!bobbin_json_take (c, '{'))
    return FALSE;
  if (bobbin_json_take (c, '}'))
    return TRUE;
  do
    {
      if (!bobbin_json_take_key (c, &key) || key.has_escapes ||
          !(bobbin_json_raw_is (&key, "thread_id") ? take_exactly (c, scan->thread_id) : bobbin_json_skip_value (c)))
        return FALSE;
    }
  while (bobbin_json_take (c, ','));

  return bobbin_json_take (c, '}');
}

static gboolean
scan_member (BobbinJsonCursor    *c,
             Scan                *scan,
             const BobbinJsonRaw *key)
{
  if (bobbin_json_raw_is (key, "event"))
    return set_once (&scan->has_event) && take_exactly (c, "message");
  if (bobbin_json_raw_is (key, "message"))
    return set_once (&scan->has_message) && scan_message (c, scan);
  if (bobbin_json_raw_is (key, "state"))
    return set_once (&scan->has_state) && bobbin_json_take_word (c, "null");
  if (bobbin_json_raw_is (key, "data"))
    return set_once (&scan->has_data) && bobbin_json_take_word (c, "null");
  if (bobbin_json_raw_is (key, "thread_id"))
    return take_exactly (c, scan->thread_id);
  if (bobbin_json_raw_is (key, "metadata"))
    return scan_metadata (c, scan);

  return !key->has_escapes && bobbin_json_skip_value (c);
}

char *
bobbin_agentflow_scan_delta (const char *data,
                             gsize       length,
                             const char *thread_id)
{
  BobbinJsonCursor c = { data, data + length };
  Scan scan = { .thread_id = thread_id };
  BobbinJsonRaw key;
  gsize text_length;
  char *text;

  if (!bobbin_json_take (&c, '{'))
    return NULL;
  do
    {
      if (!bobbin_json_take_key (&c, &key) || !scan_member (&c, &scan, &key))
        return NULL;
    }
  while (bobbin_json_take (&c, ','));
  if (!scan.has_event || !scan.has_message || !bobbin_json_take (&c, '}') || !bobbin_json_at_end (&c))
    return NULL;

  text = bobbin_json_raw_dup (&scan.text, &text_length);
  /* A NUL inside is for the slow path. */
  if (text != NULL && strlen (text) != text_length)
    g_clear_pointer (&text, g_free);

  return text;
}
