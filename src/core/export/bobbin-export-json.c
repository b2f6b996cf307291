#define G_LOG_DOMAIN "bobbin-export"
#include "config.h"
#include "export/bobbin-export-json.h"

#include "model/bobbin-account.h"
#include "model/bobbin-attachment.h"
#include "model/bobbin-block.h"
#include "model/bobbin-thread.h"
#include "util/bobbin-error.h"
#include "util/bobbin-id.h"
#include "util/bobbin-json.h"
#include "util/bobbin-time.h"

#include <string.h>

/* A value nested deeper is written as text: around it there are a block, a message and a conversation. */
#define DEPTH_MAX (BOBBIN_JSON_MAX_DEPTH - 16)

static const char *const origins[] = { "none", "derived", "server", "kept", "user" };
static const char *const certainties[] = { "unsent", "refused", "unknown", "accepted" };

static gboolean
find_word (const char *const *words,
           gsize              n_words,
           const char        *word,
           int               *ret_value)
{
  for (gsize i = 0; i < n_words; i++)
    if (g_strcmp0 (words[i], word) == 0)
      {
        *ret_value = (int) i;
        return TRUE;
      }

  return FALSE;
}

const char *
bobbin_export_title_origin_word (int origin)
{
  return origins[CLAMP (origin, 0, (int) G_N_ELEMENTS (origins) - 1)];
}

gboolean
bobbin_export_title_origin_from_word (const char *word,
                                      int        *ret_origin)
{
  return find_word (origins, G_N_ELEMENTS (origins), word, ret_origin);
}

const char *
bobbin_export_certainty_word (int certainty)
{
  return certainties[CLAMP (certainty, 0, (int) G_N_ELEMENTS (certainties) - 1)];
}

gboolean
bobbin_export_certainty_from_word (const char *word,
                                   int        *ret_certainty)
{
  return find_word (certainties, G_N_ELEMENTS (certainties), word, ret_certainty);
}

static void
set_string (JsonObject *object,
            const char *member,
            const char *text)
{
  if (text != NULL)
    json_object_set_string_member (object, member, text);
}

static void
set_id (JsonObject *object,
        const char *member,
        gint64      id)
{
  g_autofree char *text = id != 0 ? bobbin_id_to_string (id) : NULL;

  set_string (object, member, text);
}

static void
set_time (JsonObject *object,
          const char *member,
          gint64      us)
{
  g_autofree char *text = us != 0 ? bobbin_time_to_iso (us) : NULL;

  set_string (object, member, text);
}

static gboolean
is_shallow (const char *text)
{
  guint depth = 0;
  gboolean in_string = FALSE;

  for (const char *p = text; *p != '\0'; p++)
    if (in_string && *p == '\\' && p[1] != '\0')
      p++;
    else if (*p == '"')
      in_string = !in_string;
    else if (!in_string && (*p == '{' || *p == '[') && ++depth > DEPTH_MAX)
      return FALSE;
    else if (!in_string && (*p == '}' || *p == ']') && depth > 0)
      depth--;

  return TRUE;
}

static void
set_json (JsonObject *object,
          const char *member,
          const char *text)
{
  g_autoptr(JsonNode) node = text != NULL && is_shallow (text) ? bobbin_json_parse (text, -1, NULL) : NULL;
  g_autofree char *again = node != NULL ? bobbin_json_to_text (node, FALSE) : NULL;
  g_autofree char *verbatim = g_strconcat (member, "_text", NULL);

  if (node != NULL)
    json_object_set_member (object, member, g_steal_pointer (&node));
  if (g_strcmp0 (again, text) != 0)
    set_string (object, verbatim, text);
}

static JsonObject *
attachment_to_json (BobbinAttachment *attachment,
                    BobbinExportFiles files)
{
  JsonObject *object = json_object_new ();

  set_string (object, "name", bobbin_attachment_get_name (attachment));
  set_string (object, "content_type", bobbin_attachment_get_content_type (attachment));
  json_object_set_int_member (object, "size", bobbin_attachment_get_size (attachment));
  set_string (object, "sha256", bobbin_attachment_get_sha256 (attachment));
  if (files == BOBBIN_EXPORT_FILES_PATHS)
    set_string (object, "path", bobbin_attachment_get_path (attachment));

  return object;
}

void
bobbin_export_fill_block (JsonObject       *object,
                          BobbinBlock      *block,
                          BobbinExportFiles files)
{
  BobbinAttachment *attachment = bobbin_block_get_attachment (block);

  set_string (object, "kind", bobbin_block_kind_get_nick (bobbin_block_get_kind (block)));
  set_string (object, "state", bobbin_block_state_get_nick (bobbin_block_get_state (block)));
  set_string (object, "name", bobbin_block_get_name (block));
  set_string (object, "call_id", bobbin_block_get_call_id (block));
  if (bobbin_block_get_length (block) > 0)
    set_string (object, "text", bobbin_block_get_text (block));
  set_json (object, "data", bobbin_block_get_data (block));
  set_json (object, "result", bobbin_block_get_result (block));
  set_time (object, "started", bobbin_block_get_started_us (block));
  set_time (object, "finished", bobbin_block_get_finished_us (block));
  if (attachment != NULL)
    json_object_set_object_member (object, "attachment", attachment_to_json (attachment, files));
}

static void
set_count (JsonObject *object,
           const char *member,
           gint64      count)
{
  if (count >= 0)
    json_object_set_int_member (object, member, count);
}

static void
set_amount (JsonObject *object,
            const char *member,
            double      amount)
{
  if (amount >= 0)
    json_object_set_double_member (object, member, amount);
}

void
bobbin_export_set_usage (JsonObject    *object,
                         BobbinMessage *message)
{
  const BobbinUsage *usage = bobbin_message_get_usage (message);

  set_count (object, "input_tokens", usage->input_tokens);
  set_count (object, "output_tokens", usage->output_tokens);
  set_count (object, "total_tokens", usage->total_tokens);
  set_amount (object, "total_ms", usage->total_ms);
  set_amount (object, "provider_ms", usage->provider_ms);
  set_amount (object, "cost", usage->cost);
  if (usage->currency[0] != '\0')
    set_string (object, "currency", usage->currency);
  if (usage->unit_billed)
    json_object_set_boolean_member (object, "unit_billed", TRUE);
}

static JsonObject *
failure_to_json (const BobbinFailure *failure)
{
  JsonObject *object = json_object_new ();

  set_string (object, "code", bobbin_error_code_nick (failure->code));
  set_string (object, "message", failure->detail);
  set_string (object, "certainty", bobbin_export_certainty_word ((int) failure->certainty));
  if (failure->http_status != 0)
    set_count (object, "http_status", failure->http_status);
  if (failure->close_code != 0)
    set_count (object, "close_code", failure->close_code);
  set_count (object, "retry_after_ms", failure->retry_after_ms);

  return object;
}

/* @inserts: paths of the files whose bytes belong where "data" of an attachment is @mark and their number. */
static JsonArray *
content_to_json (BobbinMessage    *message,
                 BobbinExportFiles files,
                 const char       *mark,
                 GPtrArray        *inserts)
{
  JsonArray *content = json_array_new ();

  for (guint i = 0; i < bobbin_message_get_n_blocks (message); i++)
    {
      BobbinBlock *block = bobbin_message_get_block (message, i);
      BobbinAttachment *attachment = bobbin_block_get_attachment (block);
      const char *path = attachment != NULL ? bobbin_attachment_get_path (attachment) : NULL;
      JsonObject *object = json_object_new ();

      bobbin_export_fill_block (object, block, files);
      if (files == BOBBIN_EXPORT_FILES_INLINE && path != NULL && g_file_test (path, G_FILE_TEST_IS_REGULAR))
        {
          g_autofree char *at = g_strdup_printf ("%s%u", mark, inserts->len);

          set_string (json_object_get_object_member (object, "attachment"), "data", at);
          g_ptr_array_add (inserts, g_strdup (path));
        }
      json_array_add_object_element (content, object);
    }

  return content;
}

static void
fill_message (JsonObject    *object,
              BobbinMessage *message,
              gint64         hidden)
{
  set_id (object, "message", bobbin_message_get_id (message));
  set_string (object, "server_id", bobbin_message_get_server_id (message));
  set_string (object, "role", bobbin_role_get_nick (bobbin_message_get_role (message)));
  set_time (object, "timestamp", bobbin_message_get_created_us (message));
  set_time (object, "finished", bobbin_message_get_finished_us (message));
  set_string (object, "state", bobbin_delivery_get_nick (bobbin_message_get_delivery (message)));
  set_id (object, "version_of", bobbin_message_get_version_of (message));
  set_id (object, "hidden_by", hidden);
  set_string (object, "agent", bobbin_message_get_agent_id (message));
  set_string (object, "agent_name", bobbin_message_get_agent_name (message));
  set_string (object, "model", bobbin_message_get_model (message));
  set_string (object, "stop_reason", bobbin_message_get_stop_reason (message));
}

/* @text goes to @out with the bytes of the files where "MARKn" stands. */
static void
splice (BobbinExportChunk *out,
        const char        *text,
        const char        *mark,
        GPtrArray         *inserts)
{
  for (guint i = 0; i < inserts->len; i++)
    {
      g_autofree char *wanted = g_strdup_printf ("\"%s%u\"", mark, i);
      const char *at = strstr (text, wanted);

      g_assert (at != NULL);
      g_string_append_len (out->text, text, at - text + 1);
      bobbin_export_chunk_add_file (out, inserts->pdata[i]);
      text = at + strlen (wanted) - 1;
    }
  g_string_append (out->text, text);
}

void
bobbin_export_json_message (BobbinExportChunk *out,
                            BobbinMessage     *message,
                            gint64             hidden,
                            gboolean           first,
                            BobbinExportFiles  files)
{
  g_autoptr(JsonObject) object = json_object_new ();
  g_autoptr(JsonObject) usage = json_object_new ();
  g_autoptr(GPtrArray) inserts = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *mark = g_uuid_string_random (); /* nobody who wrote a message knows it */
  g_autofree char *text = NULL;
  const BobbinFailure *failure = bobbin_message_get_failure (message);

  fill_message (object, message, hidden);
  json_object_set_array_member (object, "content", content_to_json (message, files, mark, inserts));
  bobbin_export_set_usage (usage, message);
  if (json_object_get_size (usage) > 0)
    json_object_set_object_member (object, "usage", g_steal_pointer (&usage));
  if (failure != NULL)
    json_object_set_object_member (object, "failure", failure_to_json (failure));

  text = bobbin_json_object_to_text (object, FALSE);
  g_string_append (out->text, first ? "\n" : ",\n");
  splice (out, text, mark, inserts);
}

void
bobbin_export_json_thread (BobbinExportChunk *out,
                           BobbinThread      *thread,
                           BobbinAccount     *account)
{
  g_autoptr(JsonObject) object = json_object_new ();
  g_autofree char *text = NULL;

  set_id (object, "thread", bobbin_thread_get_id (thread));
  set_string (object, "server_id", bobbin_thread_get_server_id (thread));
  if (account != NULL)
    {
      set_string (object, "account", bobbin_account_get_name (account));
      set_string (object, "service", bobbin_service_get_nick (bobbin_account_get_service (account)));
    }
  set_string (object, "agent", bobbin_thread_get_agent_id (thread));
  set_string (object, "agent_name", bobbin_thread_get_agent_name (thread));
  set_string (object, "title", bobbin_thread_get_title (thread));
  set_string (object, "title_origin", bobbin_export_title_origin_word ((int) bobbin_thread_get_title_origin (thread)));
  set_time (object, "created", bobbin_thread_get_created_us (thread));
  set_time (object, "last_used", bobbin_thread_get_last_used_us (thread));
  set_time (object, "expires", bobbin_thread_get_expires_us (thread));
  if (bobbin_thread_get_pinned (thread))
    json_object_set_boolean_member (object, "pinned", TRUE);
  if (bobbin_thread_get_archived (thread))
    json_object_set_boolean_member (object, "archived", TRUE);
  if (g_strcmp0 (bobbin_thread_get_metadata (thread), "{}") != 0)
    set_json (object, "metadata", bobbin_thread_get_metadata (thread));

  text = bobbin_json_object_to_text (object, TRUE);
  g_strchomp (text);
  g_assert (g_str_has_suffix (text, "}"));
  text[strlen (text) - 1] = '\0';
  g_string_append_printf (out->text, "%s,\n  \"messages\": [", g_strchomp (text));
}

void
bobbin_export_json_end (BobbinExportChunk *out,
                        gint64             now_us)
{
  g_autofree char *now = bobbin_time_to_iso (now_us);

  g_string_append_printf (out->text, "\n  ],\n  \"exported_at\": \"%s\"\n}\n", now);
}
