/* What is sent, the frames of a history burst, and the ends of a link (aibtc-chat.md, sections 2, 4, 7 and 8). */
#define G_LOG_DOMAIN "bobbin-wire"
#include "config.h"
#include "wire/bobbin-aibtc-decoder.h"

#include "model/bobbin-block.h"
#include "util/bobbin-error.h"
#include "util/bobbin-json.h"
#include "util/bobbin-time.h"
#include "wire/bobbin-refusal.h"

#include <string.h>

char *
bobbin_aibtc_encode_message (const char *thread_id,
                             const char *agent_id,
                             const char *content)
{
  g_autoptr(JsonObject) frame = json_object_new ();
  g_autofree char *valid = g_utf8_make_valid (content, -1);

  json_object_set_string_member (frame, "type", "message");
  json_object_set_string_member (frame, "thread_id", thread_id);
  if (agent_id != NULL && *agent_id != '\0')
    json_object_set_string_member (frame, "agent_id", agent_id);
  else
    json_object_set_null_member (frame, "agent_id");
  json_object_set_string_member (frame, "content", valid);

  return bobbin_json_object_to_text (frame, FALSE);
}

char *
bobbin_aibtc_encode_history (const char *thread_id)
{
  g_autoptr(JsonObject) frame = json_object_new ();

  json_object_set_string_member (frame, "type", "history");
  json_object_set_string_member (frame, "thread_id", thread_id);

  return bobbin_json_object_to_text (frame, FALSE);
}

gboolean
bobbin_aibtc_is_entry (JsonObject *frame)
{
  const char *type = bobbin_json_get_string (frame, "type");
  const char *status = bobbin_json_get_string (frame, "status");

  if (type == NULL)
    return json_object_has_member (frame, "role");
  if (g_str_equal (type, "token"))
    return g_strcmp0 (status, "processing") != 0;

  return g_str_equal (type, "message") || g_str_equal (type, "user") || g_str_equal (type, "step") || g_str_equal (type, "tool");
}

/* Entries → messages */

typedef struct
{
  JsonObject *frame;
  gint64      created_us; /* 0 unknown: keeps its place */
  guint       arrived;
} Entry;

static int
compare_entries (gconstpointer a,
                 gconstpointer b)
{
  const Entry *x = a;
  const Entry *y = b;

  if (x->created_us != 0 && y->created_us != 0 && x->created_us != y->created_us)
    return x->created_us < y->created_us ? -1 : 1;

  return x->arrived < y->arrived ? -1 : 1;
}

static BobbinBlock *
add_block (BobbinMessage  *message,
           BobbinBlockKind kind,
           const char     *text)
{
  BobbinBlock *block = bobbin_block_new (0, kind);

  if (text != NULL)
    bobbin_block_set_text (block, text);
  bobbin_block_set_state (block, BOBBIN_BLOCK_DONE);
  bobbin_message_add_block (message, block);
  g_object_unref (block); /* the message has it */

  return block;
}

static void
add_tool (BobbinMessage *message,
          JsonObject    *frame)
{
  BobbinBlock *block = add_block (message, BOBBIN_BLOCK_TOOL_CALL, NULL);
  g_autofree char *input = bobbin_json_dup_text (frame, "tool_input");
  g_autofree char *output = bobbin_json_dup_text (frame, "tool_output");
  const char *name = bobbin_json_get_string (frame, "tool");

  bobbin_block_set_name (block, name != NULL ? name : "tool");
  bobbin_block_set_data (block, input);
  bobbin_block_set_result (block, output);
  if (g_strcmp0 (bobbin_json_get_string (frame, "status"), "error") == 0)
    bobbin_block_set_state (block, BOBBIN_BLOCK_ERROR);
}

static void
add_entry (GPtrArray   *messages,
           const Entry *entry)
{
  const char *type = bobbin_json_get_string (entry->frame, "type");
  const char *role = bobbin_json_get_string (entry->frame, "role");
  const char *content = bobbin_json_get_string (entry->frame, "content");
  const char *thought = bobbin_json_get_string (entry->frame, "thought");
  gboolean is_user = g_strcmp0 (type, "user") == 0 || g_strcmp0 (role, "user") == 0;
  BobbinMessage *last = messages->len > 0 ? messages->pdata[messages->len - 1] : NULL;
  g_autofree char *id = bobbin_json_dup_text (entry->frame, "id");

  if (is_user || last == NULL || bobbin_message_get_role (last) == BOBBIN_ROLE_USER)
    {
      const char *agent_id = bobbin_json_get_string (entry->frame, "agent_id");

      last = bobbin_message_new (0, is_user ? BOBBIN_ROLE_USER : BOBBIN_ROLE_ASSISTANT, entry->created_us);
      bobbin_message_set_delivery (last, BOBBIN_DELIVERY_COMPLETE);
      /* S1 can hold the literal text. */
      if (!is_user && g_strcmp0 (agent_id, "None") != 0)
        bobbin_message_set_agent_id (last, agent_id);
      g_ptr_array_add (messages, last);
    }
  if (id != NULL)
    bobbin_message_add_server_id (last, id);
  if (g_strcmp0 (type, "tool") == 0)
    add_tool (last, entry->frame);
  else if (content == NULL || *content == '\0')
    return;
  else if (g_strcmp0 (type, "step") == 0 && (g_strcmp0 (bobbin_json_get_string (entry->frame, "status"), "planning") == 0 ||
                                             (thought != NULL && *thought != '\0')))
    add_block (last, BOBBIN_BLOCK_THINKING, content);
  else
    add_block (last, BOBBIN_BLOCK_TEXT, content);
}

GPtrArray *
bobbin_aibtc_messages_from_entries (GPtrArray *entries)
{
  GPtrArray *messages = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GArray) sorted = g_array_new (FALSE, FALSE, sizeof (Entry));
  gint64 latest_us = 0;

  for (guint i = 0; i < entries->len; i++)
    {
      Entry entry = { entries->pdata[i], bobbin_time_get (entries->pdata[i], "created_at", 0), i };
      const char *type = bobbin_json_get_string (entry.frame, "type");

      /* S2: an answer can carry the start of its job; it belongs behind the question it arrived behind. */
      if (g_strcmp0 (type, "user") != 0 && entry.created_us != 0 && entry.created_us < latest_us)
        entry.created_us = latest_us;
      if (g_strcmp0 (type, "user") == 0 && entry.created_us != 0)
        latest_us = entry.created_us;
      g_array_append_val (sorted, entry);
    }
  g_array_sort (sorted, compare_entries);
  for (guint i = 0; i < sorted->len; i++)
    add_entry (messages, &g_array_index (sorted, Entry, i));
  for (guint i = messages->len; i-- > 0;)
    if (bobbin_message_get_n_blocks (messages->pdata[i]) == 0)
      g_ptr_array_remove_index (messages, i);

  return messages;
}

/* Ends of a link */

BobbinFailure *
bobbin_aibtc_failure_from_close (guint       code,
                                 const char *reason,
                                 gboolean    spoke)
{
  static const struct { guint code; BobbinErrorCode error; const char *words; } codes[] = {
    { 1000, BOBBIN_ERROR_NETWORK, "The server closed the connection, as it does after an hour" },
    { 1001, BOBBIN_ERROR_NETWORK, "The server is going away" },
    { 1002, BOBBIN_ERROR_PROTOCOL, "The server saw a protocol error" },
    { 1003, BOBBIN_ERROR_PROTOCOL, "The server does not accept this kind of data" },
    { 1007, BOBBIN_ERROR_PROTOCOL, "The server saw text that is not valid" },
    { 1009, BOBBIN_ERROR_TOO_LARGE, "The message is too large" },
    { 1011, BOBBIN_ERROR_NETWORK, "The server had an error" },
  };
  g_autofree char *detail = reason != NULL ? bobbin_refusal_shorten (reason) : NULL;
  BobbinErrorCode error = code >= 3000 ? BOBBIN_ERROR_FAILED : BOBBIN_ERROR_NETWORK;
  const char *words = code >= 3000 ? "The server closed the connection" : "The connection was lost";
  BobbinFailure *failure;

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (codes[i].code == code)
      {
        error = codes[i].error;
        words = codes[i].words;
      }
  /* Policy: the credential when nothing was said yet, else too many messages. */
  if (code == 1008)
    {
      error = spoke ? BOBBIN_ERROR_RATE_LIMITED : BOBBIN_ERROR_AUTH;
      words = spoke ? "Too many messages" : "The key was not accepted";
    }
  failure = bobbin_failure_new (error, BOBBIN_CERTAINTY_UNKNOWN, detail != NULL ? detail : words);
  failure->close_code = code;
  failure->retry_after_ms = code == 1008 && spoke ? 60000 : -1;

  return failure;
}

BobbinFailure *
bobbin_aibtc_failure_from_status (guint  status,
                                  gint64 retry_after_ms)
{
  BobbinFailure *failure = bobbin_refusal_to_failure (status, retry_after_ms, NULL, 0);

  /* Section 2: nothing was sent; what may pass is tried again. */
  failure->certainty = BOBBIN_CERTAINTY_UNSENT;
  if (status == 404)
    {
      failure->code = BOBBIN_ERROR_PROTOCOL;
      g_free (failure->detail);
      failure->detail = g_strdup ("The address has no chat, or the key belongs to no profile");
    }
  else if (status == 400 || status == 426 || status < 400)
    {
      failure->code = BOBBIN_ERROR_PROTOCOL;
      g_free (failure->detail);
      failure->detail = g_strdup ("This is no address of a chat: check it");
    }

  return failure;
}
