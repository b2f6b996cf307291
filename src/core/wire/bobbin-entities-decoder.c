#define G_LOG_DOMAIN "bobbin-wire"
#include "config.h"
#include "wire/bobbin-entities-decoder.h"

#include "util/bobbin-error.h"
#include "util/bobbin-json.h"
#include "wire/bobbin-json-scanner.h"
#include "wire/bobbin-refusal.h"

#include <string.h>

#define MAX_MANIFESTS 64
#define MAX_DEPTH 3 /* of envelopes */

typedef BobbinEntitiesDecoder Decoder;

struct _BobbinEntitiesDecoder
{
  GPtrArray     *events;
  guint          next;
  GPtrArray     *manifests;
  BobbinFailure *failure;
  char          *open;       /* the kind of run that is open: "text", "thinking", "plan"… */
  char          *open_key;
  guint          n_blocks;
  char          *call_key;   /* a card told by "tool_call", which a manifest may be about */
  char          *call_name;

  gboolean       started;
  gboolean       done;
  gboolean       complete;
  gboolean       slow_only;
};

static void
manifest_free (gpointer data)
{
  BobbinEntitiesManifest *manifest = data;

  g_free (manifest->action_id);
  g_free (manifest->call_id);
  g_free (manifest->name);
  g_free (manifest->arguments);
  g_free (manifest->run_id);
  g_free (manifest);
}

Decoder *
bobbin_entities_decoder_new (void)
{
  Decoder *self = g_new0 (Decoder, 1);

  self->events = g_ptr_array_new ();
  self->manifests = g_ptr_array_new_with_free_func (manifest_free);

  return self;
}

void
bobbin_entities_decoder_free (Decoder *self)
{
  BobbinEvent *event;

  if (self == NULL)
    return;

  while ((event = bobbin_entities_decoder_pop (self)) != NULL)
    bobbin_event_free (event);
  g_ptr_array_unref (self->events);
  g_ptr_array_unref (self->manifests);
  bobbin_failure_free (self->failure);
  g_free (self->open);
  g_free (self->open_key);
  g_free (self->call_key);
  g_free (self->call_name);
  g_free (self);
}

BobbinEvent *
bobbin_entities_decoder_pop (Decoder *self)
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

GPtrArray *
bobbin_entities_decoder_get_manifests (Decoder *self)
{
  return self->manifests;
}

const BobbinFailure *
bobbin_entities_decoder_get_failure (Decoder *self)
{
  return self->failure;
}

gboolean
bobbin_entities_decoder_is_done (Decoder *self)
{
  return self->done;
}

gboolean
bobbin_entities_decoder_is_complete (Decoder *self)
{
  return self->complete;
}

void
bobbin_entities_decoder_resume (Decoder *self)
{
  self->done = self->complete = FALSE;
  g_ptr_array_set_size (self->manifests, 0);
  g_clear_pointer (&self->failure, bobbin_failure_free);
}

void
bobbin_entities_decoder_set_fast_path (Decoder *self,
                                       gboolean enabled)
{
  self->slow_only = !enabled;
}

/* Making events */

static BobbinEvent *
push (Decoder        *self,
      BobbinEventType type)
{
  BobbinEvent *event = bobbin_event_new (type);

  g_ptr_array_add (self->events, event);

  return event;
}

static void
tell_started (Decoder *self)
{
  if (self->started)
    return;
  self->started = TRUE;
  push (self, BOBBIN_EVENT_TURN_STARTED);
}

static BobbinEvent *
push_block (Decoder        *self,
            const char     *key,
            BobbinBlockKind kind,
            BobbinPhase     phase)
{
  BobbinEvent *event;

  tell_started (self);
  event = push (self, BOBBIN_EVENT_BLOCK);
  event->key = g_strdup (key);
  event->kind = kind;
  event->phase = phase;

  return event;
}

static void
close_open (Decoder *self)
{
  g_clear_pointer (&self->open, g_free);
  g_clear_pointer (&self->open_key, g_free);
}

/* @text: (transfer full). */
static void
append_run (Decoder        *self,
            const char     *what,
            BobbinBlockKind kind,
            const char     *name,
            char           *text,
            gsize           length)
{
  BobbinEvent *event;
  gboolean fresh = g_strcmp0 (self->open, what) != 0;

  if (length == 0)
    {
      g_free (text);
      return;
    }
  if (fresh)
    {
      close_open (self);
      self->open = g_strdup (what);
      self->open_key = g_strdup_printf ("%s/%u", what, self->n_blocks++);
    }
  event = push_block (self, self->open_key, kind, BOBBIN_PHASE_DELTA);
  event->text = text;
  event->text_length = length;
  if (fresh)
    event->name = g_strdup (name);
}

static void
append_text (Decoder        *self,
             const char     *what,
             BobbinBlockKind kind,
             const char     *name,
             const char     *text)
{
  if (text != NULL)
    append_run (self, what, kind, name, g_strdup (text), strlen (text));
}

gboolean
bobbin_entities_is_internal_label (const char *text)
{
  static const char *const labels[] = { "📖 Reading scratchpad (", "✏️ Updating scratchpad (", "📝 Appending to scratchpad (",
                                        "Accessing memory (", "Memory synchronized by" };

  for (gsize i = 0; i < G_N_ELEMENTS (labels); i++)
    if (g_str_has_prefix (text, labels[i]))
      return TRUE;

  return FALSE;
}

/* Tools */

static char *
dup_arguments (JsonObject *object,
               const char *member)
{
  JsonNode *node = bobbin_json_get_node (object, member);

  if (node == NULL)
    return NULL;

  return JSON_NODE_HOLDS_VALUE (node) ? bobbin_json_dup_text (object, member) : bobbin_json_to_text (node, FALSE);
}

static void
take_tool_call (Decoder    *self,
                JsonObject *object)
{
  JsonObject *content = bobbin_json_get_object (object, "content");
  BobbinEvent *event;

  if (content == NULL || bobbin_json_get_string (content, "name") == NULL)
    return;

  close_open (self);
  g_free (self->call_key);
  g_free (self->call_name);
  self->call_key = g_strdup_printf ("call/%u", self->n_blocks++);
  self->call_name = g_strdup (bobbin_json_get_string (content, "name"));
  event = push_block (self, self->call_key, BOBBIN_BLOCK_TOOL_CALL, BOBBIN_PHASE_COMPLETE);
  event->name = g_strdup (self->call_name);
  event->data = dup_arguments (content, "arguments");
}

static gboolean
has_manifest (Decoder    *self,
              const char *action_id)
{
  for (guint i = 0; i < self->manifests->len; i++)
    if (g_str_equal (((BobbinEntitiesManifest *) self->manifests->pdata[i])->action_id, action_id))
      return TRUE;

  return FALSE;
}

/* @manifest: (transfer full). */
static void
add_manifest (Decoder                *self,
              BobbinEntitiesManifest *manifest)
{
  gboolean known = self->call_key != NULL && g_strcmp0 (self->call_name, manifest->name) == 0;
  g_autofree char *key = known ? g_strdup (self->call_key) : g_strdup_printf ("call/%u", self->n_blocks++);
  BobbinEvent *event;

  if (manifest->action_id == NULL || *manifest->action_id == '\0' || self->manifests->len >= MAX_MANIFESTS ||
      has_manifest (self, manifest->action_id))
    {
      manifest_free (manifest);
      return;
    }
  if (manifest->call_id == NULL)
    manifest->call_id = g_strdup (manifest->action_id);
  close_open (self);
  g_clear_pointer (&self->call_key, g_free);
  g_clear_pointer (&self->call_name, g_free);
  g_ptr_array_add (self->manifests, manifest);
  event = push_block (self, key, BOBBIN_BLOCK_TOOL_CALL, BOBBIN_PHASE_COMPLETE);
  event->call_id = g_strdup (manifest->call_id);
  event->name = g_strdup (manifest->name);
  event->data = g_strdup (manifest->arguments);
}

static void
take_manifest (Decoder    *self,
               JsonObject *object)
{
  BobbinEntitiesManifest *manifest = g_new0 (BobbinEntitiesManifest, 1);
  const char *name = bobbin_json_get_string (object, "tool");

  manifest->action_id = bobbin_json_dup_text (object, "action_id");
  manifest->call_id = bobbin_json_dup_text (object, "tool_call_id");
  manifest->name = g_strdup (name != NULL ? name : bobbin_json_get_string (object, "tool_name"));
  manifest->arguments = dup_arguments (object, "args");
  manifest->run_id = bobbin_json_dup_text (object, "origin_run_id");
  add_manifest (self, manifest);
}

void
bobbin_entities_decoder_push_pending (Decoder   *self,
                                      JsonArray *actions)
{
  for (guint i = 0; actions != NULL && i < json_array_get_length (actions); i++)
    {
      JsonNode *node = json_array_get_element (actions, i);
      BobbinEntitiesManifest *manifest;

      if (!JSON_NODE_HOLDS_OBJECT (node))
        continue;
      manifest = g_new0 (BobbinEntitiesManifest, 1);
      manifest->action_id = bobbin_json_dup_text (json_node_get_object (node), "action_id");
      manifest->call_id = bobbin_json_dup_text (json_node_get_object (node), "tool_call_id");
      manifest->name = g_strdup (bobbin_json_get_string (json_node_get_object (node), "tool_name"));
      manifest->arguments = dup_arguments (json_node_get_object (node), "function_arguments");
      add_manifest (self, manifest);
    }
}

void
bobbin_entities_decoder_push_output (Decoder                      *self,
                                     const BobbinEntitiesManifest *manifest,
                                     const char                   *output,
                                     gboolean                      failed)
{
  BobbinEvent *event = push_block (self, manifest->call_id, BOBBIN_BLOCK_TOOL_CALL, BOBBIN_PHASE_COMPLETE);

  event->call_id = g_strdup (manifest->call_id);
  event->name = g_strdup (manifest->name);
  event->is_result = TRUE;
  event->is_error = failed;
  event->result = g_strdup (output);
}

/* Files */

static void
take_file (Decoder    *self,
           JsonObject *object)
{
  const char *type = bobbin_json_get_string (object, "mime_type");
  const char *name = bobbin_json_get_string (object, "filename");
  const char *base64 = bobbin_json_get_string (object, "base64");
  g_autofree char *file_id = bobbin_json_dup_text (object, "file_id");
  g_autofree char *key = NULL;
  g_autoptr(JsonObject) data = json_object_new ();
  BobbinEvent *event;

  if (file_id == NULL && base64 == NULL)
    return;

  close_open (self);
  key = file_id != NULL ? g_strconcat ("file/", file_id, NULL) : g_strdup_printf ("file/%u", self->n_blocks++);
  event = push_block (self, key, type != NULL && g_str_has_prefix (type, "image/") ? BOBBIN_BLOCK_IMAGE : BOBBIN_BLOCK_FILE,
                      BOBBIN_PHASE_COMPLETE);
  event->name = g_strdup (name);
  event->content_type = g_strdup (type);
  /* Files on the server last an hour: bytes that came along are kept. */
  if (base64 != NULL && *base64 != '\0')
    {
      gsize length;
      guchar *bytes = g_base64_decode (base64, &length);

      event->bytes = g_bytes_new_take (bytes, length);
      return;
    }
  json_object_set_string_member (data, "file_id", file_id);
  if (name != NULL)
    json_object_set_string_member (data, "name", name);
  if (type != NULL)
    json_object_set_string_member (data, "content_type", type);
  event->data = bobbin_json_object_to_text (data, FALSE);
}

/* Status and errors */

static void
take_activity (Decoder    *self,
               JsonObject *object)
{
  static const char *const members[] = { "activity", "message", "tool", "operation" };
  const char *text = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (members) && (text == NULL || *text == '\0'); i++)
    text = bobbin_json_get_string (object, members[i]);
  if (text != NULL && *text != '\0')
    push (self, BOBBIN_EVENT_ACTIVITY)->text = bobbin_refusal_shorten (text);
}

/* Section 13: the text of an error is in one of three places. */
static void
take_error (Decoder    *self,
            JsonObject *object)
{
  static const char *const members[] = { "content", "message", "error" };
  g_autofree char *words = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (members) && words == NULL; i++)
    {
      JsonNode *node = bobbin_json_get_node (object, members[i]);

      words = node != NULL ? bobbin_refusal_dup_words (node) : NULL;
    }
  bobbin_failure_free (self->failure);
  self->failure = bobbin_failure_new (BOBBIN_ERROR_SERVER, BOBBIN_CERTAINTY_ACCEPTED,
                                      words != NULL ? words : "The server reported an error");
}

static void
take_status (Decoder    *self,
             JsonObject *object)
{
  const char *status = bobbin_json_get_string (object, "status");

  tell_started (self);
  if (g_strcmp0 (status, "complete") == 0 || g_strcmp0 (status, "completed") == 0 || g_strcmp0 (status, "done") == 0 ||
      g_strcmp0 (status, "inference_complete") == 0)
    self->complete = TRUE;
  else if (g_strcmp0 (status, "failed") == 0 || g_strcmp0 (status, "error") == 0)
    take_error (self, object);
  else
    take_activity (self, object);
}

/* Dispatch */

static gboolean
is_one_of (const char        *type,
           const char *const *types)
{
  for (gsize i = 0; types[i] != NULL; i++)
    if (g_str_equal (type, types[i]))
      return TRUE;

  return FALSE;
}

static void
take_content (Decoder    *self,
              const char *text,
              const char *envelope)
{
  if (text == NULL || g_strcmp0 (envelope, "shell") == 0 || bobbin_entities_is_internal_label (text))
    return;
  if (g_strcmp0 (envelope, "code_execution") == 0 || g_strcmp0 (envelope, "computer_execution") == 0)
    append_text (self, "output", BOBBIN_BLOCK_CODE, NULL, text);
  else if (g_strcmp0 (envelope, "delegation") == 0)
    append_text (self, "delegation", BOBBIN_BLOCK_THINKING, "delegation", text);
  else
    append_text (self, "text", BOBBIN_BLOCK_TEXT, NULL, text);
}

static void
take_code (Decoder    *self,
           const char *text)
{
  gboolean fenced = g_strcmp0 (self->open, "fenced") == 0 ||
                    (g_strcmp0 (self->open, "code") != 0 && text != NULL && g_str_has_prefix (text, "```"));

  /* Fences arrive as text: such code is Markdown by itself. */
  append_text (self, fenced ? "fenced" : "code", fenced ? BOBBIN_BLOCK_TEXT : BOBBIN_BLOCK_CODE, fenced ? NULL : "python", text);
}

static void dispatch (Decoder *self, JsonObject *object, const char *envelope, guint depth);

/* Section 5.2, 3: older servers put whole events into the text. */
static gboolean
take_hidden (Decoder    *self,
             const char *text,
             const char *envelope,
             guint       depth)
{
  g_autoptr(JsonObject) inner = text != NULL && *text == '{' ? bobbin_json_parse_object (text, -1, NULL) : NULL;
  const char *type = inner != NULL ? bobbin_json_get_string (inner, "type") : NULL;

  if (inner == NULL || depth >= MAX_DEPTH ||
      !((type != NULL && g_str_has_suffix (type, "_status")) || bobbin_json_get_string (inner, "stream_type") != NULL))
    return FALSE;
  dispatch (self, inner, envelope, depth + 1);

  return TRUE;
}

static void
dispatch (Decoder    *self,
          JsonObject *object,
          const char *envelope,
          guint       depth)
{
  static const char *const envelopes[] = { "code_execution", "computer_execution", "shell", "delegation", NULL };
  static const char *const outputs[] = { "hot_code_output", "computer_output", "shell_output", "shell_error", NULL };
  static const char *const files[] = { "code_interpreter_file", "computer_file", "generated_file", NULL };
  const char *type = bobbin_json_get_string (object, "type");
  const char *content = bobbin_json_get_string (object, "content");

  if (type == NULL)
    type = bobbin_json_get_string (object, "stream_type");
  if (type == NULL)
    return;

  if (is_one_of (type, envelopes))
    {
      JsonObject *chunk = bobbin_json_get_object (object, "chunk");

      if (chunk != NULL && depth < MAX_DEPTH)
        dispatch (self, chunk, type, depth + 1);
    }
  else if (g_str_equal (type, "content"))
    {
      if (!take_hidden (self, content, envelope, depth))
        take_content (self, content, envelope);
    }
  else if (g_str_equal (type, "reasoning"))
    append_text (self, "thinking", BOBBIN_BLOCK_THINKING, NULL, content);
  else if (g_str_equal (type, "plan") || g_str_equal (type, "decision"))
    append_text (self, type, BOBBIN_BLOCK_THINKING, type, content);
  else if (g_str_equal (type, "tool_call"))
    take_tool_call (self, object);
  else if (g_str_equal (type, "tool_call_manifest") || g_str_equal (type, "tool_intercept"))
    take_manifest (self, object);
  else if (g_str_equal (type, "hot_code"))
    take_code (self, content);
  else if (is_one_of (type, outputs))
    {
      if (g_strcmp0 (envelope, "shell") != 0)
        append_text (self, "output", BOBBIN_BLOCK_CODE, NULL, content);
    }
  else if (is_one_of (type, files))
    take_file (self, object);
  else if (g_str_equal (type, "status"))
    take_status (self, object);
  else if (g_str_equal (type, "error"))
    take_error (self, object);
  else if (g_str_equal (type, "activity") || g_str_has_suffix (type, "_status"))
    take_activity (self, object);
  else if (!g_str_equal (type, "call_arguments"))
    g_debug ("An event of the unknown type %.60s", type);
}

/* {"type":"content","content":"…","run_id":"…"}: nearly all of a stream. */
static gboolean
push_fast (Decoder    *self,
           const char *data,
           gsize       length)
{
  BobbinJsonCursor c = { data, data + length };
  BobbinJsonRaw content = { 0 };
  gboolean is_content = FALSE;
  gboolean has_content = FALSE;
  gsize text_length;
  char *text;

  if (!bobbin_json_take (&c, '{'))
    return FALSE;
  do
    {
      BobbinJsonRaw key, value;

      if (!bobbin_json_take_key (&c, &key) || !bobbin_json_take_string (&c, &value))
        return FALSE;
      if (bobbin_json_raw_is (&key, "type") && !is_content)
        is_content = bobbin_json_raw_is (&value, "content");
      else if (bobbin_json_raw_is (&key, "content") && !has_content)
        {
          content = value;
          has_content = TRUE;
        }
      else if (!bobbin_json_raw_is (&key, "run_id"))
        return FALSE;
    }
  while (bobbin_json_take (&c, ','));
  /* What may be an event of its own, or a label, is for the other path; both begin with no letter of ordinary text. */
  if (!is_content || !has_content || !bobbin_json_take (&c, '}') || !bobbin_json_at_end (&c) || content.length == 0 ||
      *content.start == '{' || *content.start == '\\' || (guchar) *content.start >= 0x80 || *content.start == 'A' || *content.start == 'M')
    return FALSE;
  text = bobbin_json_raw_dup (&content, &text_length);
  if (text == NULL)
    return FALSE;
  append_run (self, "text", BOBBIN_BLOCK_TEXT, NULL, text, text_length);

  return TRUE;
}

gboolean
bobbin_entities_decoder_push_event (Decoder    *self,
                                    const char *data,
                                    gssize      length,
                                    GError    **error)
{
  gsize n_bytes;
  g_autoptr(JsonObject) object = NULL;

  g_return_val_if_fail (self != NULL && data != NULL, FALSE);

  n_bytes = length < 0 ? strlen (data) : (gsize) length;

  if (!self->slow_only && push_fast (self, data, n_bytes))
    return TRUE;
  if (g_str_has_prefix (data + strspn (data, " \t"), "[DONE]"))
    {
      self->done = TRUE;
      return TRUE;
    }
  object = bobbin_json_parse_object (data, (gssize) n_bytes, error);
  if (object == NULL)
    return FALSE;
  dispatch (self, object, NULL, 0);

  return TRUE;
}
