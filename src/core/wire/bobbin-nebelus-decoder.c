#define G_LOG_DOMAIN "bobbin-wire"
#include "config.h"
#include "wire/bobbin-nebelus-decoder.h"

#include "util/bobbin-error.h"
#include "util/bobbin-json.h"
#include "wire/bobbin-nebelus-decoder-private.h"
#include "wire/bobbin-nebelus-delta.h"

#include <string.h>

BobbinNebelusDecoder *
bobbin_nebelus_decoder_new (void)
{
  BobbinNebelusDecoder *self = g_new0 (BobbinNebelusDecoder, 1);

  self->events = g_ptr_array_new ();
  _bobbin_nebelus_blocks_init (&self->blocks);

  return self;
}

void
bobbin_nebelus_decoder_free (BobbinNebelusDecoder *self)
{
  BobbinEvent *event;

  if (self == NULL)
    return;

  while ((event = bobbin_nebelus_decoder_pop (self)) != NULL)
    bobbin_event_free (event);
  g_ptr_array_unref (self->events);
  _bobbin_nebelus_blocks_clear (&self->blocks);
  g_free (self->thread_id);
  g_free (self->message_id);
  g_free (self->stop_reason);
  g_free (self);
}

BobbinEvent *
bobbin_nebelus_decoder_pop (BobbinNebelusDecoder *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->next < self->events->len)
    return g_ptr_array_index (self->events, self->next++);
  if (self->next > 0)
    {
      g_ptr_array_set_size (self->events, 0);
      self->next = 0;
    }

  return NULL;
}

BobbinEvent *
_bobbin_nebelus_decoder_push (BobbinNebelusDecoder *self,
                              BobbinEventType       type)
{
  BobbinEvent *event = bobbin_event_new (type);

  g_ptr_array_add (self->events, event);

  return event;
}

void
bobbin_nebelus_decoder_set_fast_path (BobbinNebelusDecoder *self,
                                      gboolean              enabled)
{
  self->slow_only = !enabled;
}

void
bobbin_nebelus_decoder_set_thread_id (BobbinNebelusDecoder *self,
                                      const char           *thread_id)
{
  g_free (self->thread_id);
  self->thread_id = g_strdup (thread_id);
}

const char *
bobbin_nebelus_decoder_get_thread_id (BobbinNebelusDecoder *self)
{
  return self->thread_id;
}

gboolean
bobbin_nebelus_decoder_in_turn (BobbinNebelusDecoder *self)
{
  return self->turn_open;
}

/* Returns: TRUE when @thread_id is one and not the one known, which it is from now on. */
gboolean
_bobbin_nebelus_decoder_learn_thread_id (BobbinNebelusDecoder *self,
                                         const char           *thread_id)
{
  if (thread_id == NULL || *thread_id == '\0' || g_strcmp0 (thread_id, self->thread_id) == 0)
    return FALSE;
  bobbin_nebelus_decoder_set_thread_id (self, thread_id);

  return TRUE;
}

void
bobbin_nebelus_decoder_push_thread_id (BobbinNebelusDecoder *self,
                                       const char           *thread_id)
{
  if (_bobbin_nebelus_decoder_learn_thread_id (self, thread_id))
    _bobbin_nebelus_decoder_push (self, BOBBIN_EVENT_THREAD_ID)->thread_id = g_strdup (thread_id);
}

void
bobbin_nebelus_decoder_begin_turn (BobbinNebelusDecoder *self)
{
  _bobbin_nebelus_blocks_reset (&self->blocks);
  g_clear_pointer (&self->message_id, g_free);
  g_clear_pointer (&self->stop_reason, g_free);
  self->turn_open = FALSE;
  self->announced = FALSE;
}

void
bobbin_nebelus_decoder_resume_turn (BobbinNebelusDecoder *self)
{
  _bobbin_nebelus_blocks_end_text (&self->blocks);
  self->turn_open = TRUE;
  self->announced = FALSE;
}

/* A first block opens the turn when no "message_start" did (nebelus.md, section 5.2, rule 2). */
void
_bobbin_nebelus_decoder_open_turn (BobbinNebelusDecoder *self)
{
  if (self->turn_open)
    return;
  bobbin_nebelus_decoder_begin_turn (self);
  self->turn_open = TRUE;
}

static gboolean
push_delta (BobbinNebelusDecoder     *self,
            const BobbinNebelusDelta *delta)
{
  _bobbin_nebelus_decoder_open_turn (self);
  g_ptr_array_add (self->events,
                   _bobbin_nebelus_blocks_delta (&self->blocks, delta->thinking, delta->index, delta->text,
                                                 delta->length));

  return TRUE;
}

static void
copy_member (JsonObject *object,
             const char *member,
             JsonNode   *node,
             gpointer    user_data)
{
  json_object_set_member (user_data, member, json_node_copy (node));
}

/* The object to decode of an envelope: "data", or made of what stands there instead. */
static JsonObject *
dup_envelope_data (JsonObject *envelope,
                   const char *name)
{
  JsonNode *node = bobbin_json_get_node (envelope, "data");
  JsonNode *thread_id = bobbin_json_get_node (envelope, "thread_id");
  gboolean is_object = node != NULL && JSON_NODE_HOLDS_OBJECT (node);
  JsonObject *made;

  if (is_object && (thread_id == NULL || json_object_has_member (json_node_get_object (node), "thread_id")))
    return json_node_dup_object (node);

  made = json_object_new ();
  if (is_object)
    json_object_foreach_member (json_node_get_object (node), copy_member, made);
  else if (node != NULL)
    json_object_set_member (made, strcmp (name, "error") == 0 ? "message" : "data", json_node_copy (node));
  /* It may lie beside "data" as well as in it. */
  if (thread_id != NULL)
    json_object_set_member (made, "thread_id", json_node_copy (thread_id));

  return made;
}

/* {"event":…,"data":{…}}; without "event" the name may stand in "type", or is plain from the members. */
static void
push_envelope (BobbinNebelusDecoder *self,
               JsonObject           *envelope)
{
  const char *name = bobbin_json_get_string (envelope, "event");

  if (name != NULL)
    {
      g_autoptr(JsonObject) data = dup_envelope_data (envelope, name);

      _bobbin_nebelus_decoder_dispatch (self, name, data);
    }
  else if (json_object_has_member (envelope, "event"))
    g_debug ("An event whose name is no string");
  else if ((name = bobbin_json_get_string (envelope, "type")) != NULL)
    {
      JsonObject *data = strcmp (name, "content_block") != 0 ? bobbin_json_get_object (envelope, "data") : NULL;

      _bobbin_nebelus_decoder_dispatch (self, name, data != NULL ? data : envelope);
    }
  else if (json_object_has_member (envelope, "content_type") || json_object_has_member (envelope, "data"))
    _bobbin_nebelus_decoder_dispatch (self, "content_block", envelope);
  else if (json_object_has_member (envelope, "error"))
    _bobbin_nebelus_decoder_dispatch (self, "error", envelope);
  else
    bobbin_nebelus_decoder_push_thread_id (self, bobbin_json_get_string (envelope, "thread_id"));
}

gboolean
bobbin_nebelus_decoder_push_frame (BobbinNebelusDecoder  *self,
                                   const char            *text,
                                   gssize                 length,
                                   GError               **error)
{
  gsize n_bytes;
  g_autoptr(JsonObject) envelope = NULL;
  BobbinNebelusDelta delta;

  g_return_val_if_fail (self != NULL, FALSE);

  /* g_bytes_get_data() of an empty frame is NULL. */
  if (text == NULL)
    text = "";
  n_bytes = length < 0 ? strlen (text) : (gsize) length;
  if (!self->slow_only && bobbin_nebelus_scan_delta_frame (text, n_bytes, &delta))
    return push_delta (self, &delta);

  envelope = bobbin_json_parse_object (text, (gssize) n_bytes, error);
  if (envelope == NULL)
    return FALSE;
  push_envelope (self, envelope);

  return TRUE;
}

void
bobbin_nebelus_decoder_push_unreadable (BobbinNebelusDecoder *self,
                                        const char           *text,
                                        gsize                 length)
{
  BobbinEvent *event;

  g_return_if_fail (self != NULL);

  while (text != NULL && length > 0 && g_ascii_isspace (*text))
    {
      text++;
      length--;
    }
  if (!self->turn_open || (text != NULL && (length == 0 || *text != '{')))
    return;

  event = _bobbin_nebelus_decoder_push (self, BOBBIN_EVENT_BLOCK);
  event->key = g_strdup ("notice:" BOBBIN_NOTICE_UNREADABLE);
  event->kind = BOBBIN_BLOCK_NOTICE;
  event->phase = BOBBIN_PHASE_COMPLETE;
  event->name = g_strdup (BOBBIN_NOTICE_UNREADABLE);
}

static gboolean
is_done (const char *data,
         gsize       length)
{
  while (length > 0 && g_ascii_isspace (data[length - 1]))
    length--;
  while (length > 0 && g_ascii_isspace (*data))
    {
      data++;
      length--;
    }

  return length == 6 && memcmp (data, "[DONE]", 6) == 0;
}

gboolean
bobbin_nebelus_decoder_push_event (BobbinNebelusDecoder  *self,
                                   const char            *name,
                                   const char            *data,
                                   gssize                 length,
                                   GError               **error)
{
  gsize n_bytes;
  g_autoptr(JsonObject) object = NULL;
  BobbinNebelusDelta delta;

  g_return_val_if_fail (self != NULL && data != NULL, FALSE); /* a parser's, never NULL */

  n_bytes = length < 0 ? strlen (data) : (gsize) length;

  if (!self->slow_only && (name == NULL || strcmp (name, "content_block") == 0) &&
      bobbin_nebelus_scan_delta_data (data, n_bytes, &delta))
    return push_delta (self, &delta);
  if (is_done (data, n_bytes))
    {
      _bobbin_nebelus_decoder_push (self, BOBBIN_EVENT_DONE);
      return TRUE;
    }
  /* A missing data is an empty object. */
  object = n_bytes > 0 ? bobbin_json_parse_object (data, (gssize) n_bytes, error) : json_object_new ();
  if (object == NULL)
    return FALSE;
  /* Some put the WebSocket envelope into the block, too. */
  if (name == NULL || (g_strcmp0 (name, bobbin_json_get_string (object, "event")) == 0
                       && bobbin_json_get_object (object, "data") != NULL))
    push_envelope (self, object);
  else
    _bobbin_nebelus_decoder_dispatch (self, name, object);

  return TRUE;
}
