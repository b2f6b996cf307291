/* Our own JSON (bobbin-export-json.h), and what looks like it: the exports of AgentFlow and of programs after its manner, with `thread`,
 * `messages`, `state` and `exported_at`, whose messages have a role and a content. */
#define G_LOG_DOMAIN "bobbin-export"
#include "config.h"
#include "export/bobbin-import-thread.h"

#include "export/bobbin-export-json.h"
#include "model/bobbin-account.h"
#include "model/bobbin-block.h"
#include "model/bobbin-thread.h"
#include "util/bobbin-error.h"
#include "util/bobbin-id.h"
#include "util/bobbin-json.h"
#include "util/bobbin-text.h"
#include "util/bobbin-time.h"

#include <string.h>

/* Of what AgentFlow calls a thread's state, and we keep with its metadata. */
#define STATE_MAX (256 * 1024)

static const struct { const char *word; BobbinRole role; } roles[] = {
  { "human", BOBBIN_ROLE_USER }, { "ai", BOBBIN_ROLE_ASSISTANT }, { "agent", BOBBIN_ROLE_ASSISTANT },
  { "model", BOBBIN_ROLE_ASSISTANT }, { "bot", BOBBIN_ROLE_ASSISTANT }, { "developer", BOBBIN_ROLE_SYSTEM },
  { "function", BOBBIN_ROLE_TOOL },
};

static const char *
first_string (JsonObject        *object,
              const char *const *members)
{
  const char *text = NULL;

  for (gsize i = 0; text == NULL && members[i] != NULL; i++)
    text = bobbin_json_get_string (object, members[i]);

  return text;
}

static gint64
first_time (JsonObject        *object,
            const char *const *members)
{
  gint64 us = 0;

  for (gsize i = 0; us == 0 && members[i] != NULL; i++)
    us = bobbin_time_get (object, members[i], 0);

  return bobbin_import_clamp_us (us);
}

/* (nullable) borrowed: the account that is meant, as far as a name and a service can tell. */
static BobbinAccount *
find_account (const BobbinImportPlace *place,
              JsonObject              *object)
{
  const char *name = bobbin_json_get_string (object, "account");
  const char *service = bobbin_json_get_string (object, "service");

  for (guint i = 0; name != NULL && service != NULL && i < place->accounts->len; i++)
    if (g_strcmp0 (bobbin_account_get_name (place->accounts->pdata[i]), name) == 0 &&
        g_strcmp0 (bobbin_service_get_nick (bobbin_account_get_service (place->accounts->pdata[i])), service) == 0)
      return place->accounts->pdata[i];

  return NULL;
}

static void
set_title (BobbinThread *thread,
           JsonObject   *object)
{
  static const char *const members[] = { "title", "thread_name", "name", NULL };
  const char *title = first_string (object, members);
  int origin = BOBBIN_TITLE_SERVER;

  bobbin_export_title_origin_from_word (bobbin_json_get_string (object, "title_origin"), &origin);
  if (title != NULL && *title != '\0')
    bobbin_thread_set_title (thread, title, (BobbinTitleOrigin) origin);
}

/* A JSON value as the text a block or a thread keeps it as. (nullable) */
static char *
dup_json (JsonObject *object,
          const char *member)
{
  g_autofree char *verbatim = g_strconcat (member, "_text", NULL);
  const char *text = bobbin_json_get_string (object, verbatim);

  if (text != NULL)
    return g_strdup (text);

  return json_object_has_member (object, member) ? bobbin_json_to_text (json_object_get_member (object, member), FALSE) : NULL;
}

static void
set_metadata (BobbinThread *thread,
              JsonObject   *object)
{
  g_autofree char *metadata = dup_json (object, "metadata");
  JsonObject *state = bobbin_json_get_object (object, "state");
  g_autoptr(JsonObject) parsed = metadata != NULL ? bobbin_json_parse_object (metadata, -1, NULL) : NULL;

  if (state != NULL)
    {
      g_autofree char *text = bobbin_json_object_to_text (state, FALSE);

      if (parsed == NULL)
        parsed = json_object_new ();
      if (strlen (text) <= STATE_MAX)
        json_object_set_object_member (parsed, "imported_state", json_object_ref (state));
      g_free (metadata);
      metadata = bobbin_json_object_to_text (parsed, FALSE);
    }
  if (parsed != NULL)
    bobbin_thread_set_metadata (thread, metadata);
}

/* What tells a conversation from others where it has no id: how it begins. */
static char *
dup_seed (BobbinImportThread *self,
          JsonObject         *about)
{
  const char *title = bobbin_json_get_string (about, "title");
  g_autofree char *text = self->messages->len > 0 ? bobbin_message_dup_text (self->messages->pdata[0]) : NULL;

  return g_strdup_printf ("%s\n%s\n%u", title != NULL ? title : "", text != NULL ? text : "", self->messages->len);
}

gboolean
bobbin_import_json_thread (BobbinImportThread       *self,
                           JsonObject               *object,
                           const BobbinImportPlace  *place,
                           GError                  **error)
{
  static const char *const ids[] = { "thread_id", "id", NULL };
  static const char *const created[] = { "created", "created_at", NULL };
  static const char *const used[] = { "last_used", "updated_at", NULL };
  JsonObject *inner = bobbin_json_get_object (object, "thread");
  JsonObject *about = inner != NULL ? inner : object;
  g_autofree char *given = inner != NULL ? bobbin_json_dup_text (inner, "thread_id") : bobbin_json_dup_text (object, "thread");
  const char *id = given != NULL ? given : first_string (about, ids);
  BobbinAccount *account = find_account (place, object);
  gint64 created_us = first_time (about, created);
  gint64 used_us;
  g_autofree char *seed = id == NULL ? dup_seed (self, about) : NULL;
  g_autoptr(BobbinThread) thread = NULL;

  thread = bobbin_thread_new (bobbin_import_make_id (id != NULL ? id : seed, created_us),
                              account != NULL ? bobbin_account_get_id (account) : place->account_id);
  if (account != NULL)
    {
      bobbin_thread_set_server_id (thread, bobbin_json_get_string (object, "server_id"));
      bobbin_thread_set_agent_id (thread, bobbin_json_get_string (object, "agent"));
      bobbin_thread_set_expires_us (thread, bobbin_time_get (object, "expires", 0));
    }
  bobbin_thread_set_agent_name (thread, bobbin_json_get_string (object, "agent_name"));
  set_title (thread, about);
  used_us = first_time (about, used);
  if (created_us == 0)
    created_us = self->messages->len > 0 ? bobbin_message_get_created_us (self->messages->pdata[0]) : self->last_us;
  bobbin_thread_set_created_us (thread, created_us);
  bobbin_thread_set_last_used_us (thread, used_us != 0 ? used_us : self->last_us);
  bobbin_thread_set_pinned (thread, bobbin_json_get_bool (object, "pinned", FALSE));
  bobbin_thread_set_archived (thread, bobbin_json_get_bool (object, "archived", FALSE));
  set_metadata (thread, object);
  g_set_object (&self->thread, thread);

  return TRUE;
}

/* Messages */

static BobbinRole
read_role (JsonObject *object)
{
  static const char *const members[] = { "role", "type", "author", NULL };
  const char *word = first_string (object, members);
  BobbinRole role;

  if (word != NULL && bobbin_role_from_nick (word, &role))
    return role;
  for (gsize i = 0; word != NULL && i < G_N_ELEMENTS (roles); i++)
    if (g_ascii_strcasecmp (roles[i].word, word) == 0)
      return roles[i].role;

  return BOBBIN_ROLE_ASSISTANT;
}

static void
read_usage (BobbinMessage *message,
            JsonObject    *object)
{
  BobbinUsage usage = BOBBIN_USAGE_INIT;
  JsonObject *from = bobbin_json_get_object (object, "usage");
  const char *currency = from != NULL ? bobbin_json_get_string (from, "currency") : NULL;

  if (from == NULL)
    return;

  usage.input_tokens = bobbin_json_get_int (from, "input_tokens", -1);
  usage.output_tokens = bobbin_json_get_int (from, "output_tokens", -1);
  usage.total_tokens = bobbin_json_get_int (from, "total_tokens", -1);
  usage.total_ms = bobbin_json_get_double (from, "total_ms", -1);
  usage.provider_ms = bobbin_json_get_double (from, "provider_ms", -1);
  usage.cost = bobbin_json_get_double (from, "cost", -1);
  /* A longer one, or one of other letters, would be cut within a character. */
  if (currency != NULL && strlen (currency) < sizeof usage.currency && g_str_is_ascii (currency))
    g_strlcpy (usage.currency, currency, sizeof usage.currency);
  usage.unit_billed = bobbin_json_get_bool (from, "unit_billed", FALSE);
  bobbin_message_set_usage (message, &usage);
}

static BobbinErrorCode
read_code (const char *nick)
{
  for (BobbinErrorCode code = 0; nick != NULL && code < BOBBIN_N_ERRORS; code++)
    if (g_str_equal (bobbin_error_code_nick (code), nick))
      return code;

  return BOBBIN_ERROR_FAILED;
}

static void
read_failure (BobbinMessage *message,
              JsonObject    *object)
{
  JsonObject *from = bobbin_json_get_object (object, "failure");
  g_autoptr(BobbinFailure) failure = NULL;
  int certainty = BOBBIN_CERTAINTY_UNKNOWN;

  if (from == NULL)
    return;

  bobbin_export_certainty_from_word (bobbin_json_get_string (from, "certainty"), &certainty);
  failure = bobbin_failure_new (read_code (bobbin_json_get_string (from, "code")), (BobbinCertainty) certainty,
                                bobbin_json_get_string (from, "message"));
  failure->http_status = (guint) CLAMP (bobbin_json_get_int (from, "http_status", 0), 0, 999);
  failure->close_code = (guint) CLAMP (bobbin_json_get_int (from, "close_code", 0), 0, 9999);
  failure->retry_after_ms = bobbin_json_get_int (from, "retry_after_ms", -1);
  bobbin_message_set_failure (message, failure);
}

static gboolean
read_attachment (BobbinImportThread *self,
                 BobbinBlock        *block,
                 JsonObject         *object,
                 GError            **error)
{
  JsonObject *from = bobbin_json_get_object (object, "attachment");
  const char *data = from != NULL ? bobbin_json_get_string (from, "data") : NULL;
  const char *name = from != NULL ? bobbin_json_get_string (from, "name") : NULL;
  g_autofree guchar *bytes = NULL;
  gsize length = 0;

  if (from == NULL)
    return TRUE;
  if (data == NULL) /* it was gone when the file was written: what it was called stays */
    {
      if (bobbin_block_get_name (block) == NULL)
        bobbin_block_set_name (block, name);
      return TRUE;
    }

  bytes = g_base64_decode (data, &length);
  return bobbin_import_thread_add_file (self, block, name != NULL ? name : "file", bobbin_json_get_string (from, "content_type"), bytes,
                                        length, error);
}

/* A block of ours. */
static gboolean
read_block (BobbinImportThread *self,
            BobbinMessage      *message,
            JsonObject         *object,
            GError            **error)
{
  BobbinBlockKind kind = BOBBIN_BLOCK_UNKNOWN;
  BobbinBlockState state = BOBBIN_BLOCK_DONE;
  g_autoptr(BobbinBlock) block = NULL;
  g_autofree char *data = dup_json (object, "data");
  g_autofree char *result = dup_json (object, "result");
  const char *text = bobbin_json_get_string (object, "text");

  bobbin_block_kind_from_nick (bobbin_json_get_string (object, "kind"), &kind);
  bobbin_block_state_from_nick (bobbin_json_get_string (object, "state"), &state);
  block = bobbin_block_new (bobbin_id_new (), kind);
  bobbin_block_set_state (block, state);
  bobbin_block_set_name (block, bobbin_json_get_string (object, "name"));
  bobbin_block_set_call_id (block, bobbin_json_get_string (object, "call_id"));
  if (text != NULL)
    bobbin_block_set_text (block, text);
  bobbin_block_set_data (block, data);
  bobbin_block_set_result (block, result);
  bobbin_block_set_started_us (block, bobbin_time_get (object, "started", 0));
  bobbin_block_set_finished_us (block, bobbin_time_get (object, "finished", 0));
  bobbin_message_add_block (message, block);

  return read_attachment (self, block, object, error);
}

/* FALSE without error: the content is not ours. */
static gboolean
read_content (BobbinImportThread *self,
              BobbinMessage      *message,
              JsonObject         *object,
              GError            **error)
{
  JsonArray *content = bobbin_json_get_array (object, "content");
  guint n = content != NULL ? json_array_get_length (content) : 0;

  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (content, i);

      if (!JSON_NODE_HOLDS_OBJECT (node) || bobbin_json_get_string (json_node_get_object (node), "kind") == NULL)
        return FALSE;
    }
  for (guint i = 0; i < n; i++)
    if (!read_block (self, message, json_array_get_object_element (content, i), error))
      return FALSE;

  return content != NULL && (n > 0 || bobbin_json_get_string (object, "message") != NULL);
}

static void
note_versions (BobbinImportThread *self,
               JsonObject         *object)
{
  char **pair = g_new0 (char *, 3);
  const char *version_of = bobbin_json_get_string (object, "version_of");
  const char *hidden_by = bobbin_json_get_string (object, "hidden_by");

  pair[0] = g_strdup (version_of != NULL ? version_of : "");
  pair[1] = g_strdup (hidden_by != NULL ? hidden_by : "");
  g_ptr_array_add (self->versions, pair);
}

gboolean
bobbin_import_json_message (BobbinImportThread *self,
                            JsonObject         *object,
                            GError            **error)
{
  static const char *const times[] = { "timestamp", "created_at", "create_time", "created", NULL };
  g_autofree char *own = bobbin_json_dup_text (object, "message");
  g_autofree char *foreign = own == NULL ? bobbin_json_dup_text (object, "message_id") : NULL;
  const char *id = own != NULL ? own : foreign != NULL ? foreign : bobbin_json_get_string (object, "id");
  gint64 created_us = first_time (object, times);
  BobbinDelivery delivery = BOBBIN_DELIVERY_COMPLETE;
  g_autoptr(BobbinMessage) message = NULL;
  g_autoptr(GError) local_error = NULL;
  guint n_before = self->messages->len;

  /* The id is made of what the file says; a conversation of the year 1970 would be found by nobody. */
  self->last_us = created_us != 0 ? created_us : self->last_us;
  message = bobbin_message_new (bobbin_import_thread_make_id (self, id, created_us), read_role (object), self->last_us);
  bobbin_delivery_from_nick (bobbin_json_get_string (object, "state"), &delivery);
  bobbin_message_set_delivery (message, delivery);
  bobbin_message_set_server_id (message, own != NULL ? bobbin_json_get_string (object, "server_id") : id);
  bobbin_message_set_finished_us (message, bobbin_import_clamp_us (bobbin_time_get (object, "finished", 0)));
  bobbin_message_set_agent_id (message, bobbin_json_get_string (object, "agent"));
  bobbin_message_set_agent_name (message, bobbin_json_get_string (object, "agent_name"));
  bobbin_message_set_model (message, bobbin_json_get_string (object, "model"));
  bobbin_message_set_stop_reason (message, bobbin_json_get_string (object, "stop_reason"));
  read_usage (message, object);
  read_failure (message, object);
  if (!read_content (self, message, object, &local_error))
    {
      if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      bobbin_import_add_content (self, message, object);
      if (bobbin_message_get_n_blocks (message) == 0) /* nothing in it, or it went to the call it belongs to */
        return TRUE;
    }
  bobbin_import_settle_message (message);
  bobbin_import_thread_add_message (self, message, 0);
  note_versions (self, object);
  g_assert (self->messages->len == n_before + 1 && self->versions->len == self->messages->len);

  return TRUE;
}

static gint64
resolve (BobbinImportThread *self,
         const char         *text)
{
  const gint64 *id = g_hash_table_lookup (self->ids, text);

  return id != NULL ? *id : 0;
}

void
bobbin_import_json_end (BobbinImportThread *self)
{
  for (guint i = 0; i < self->messages->len; i++)
    {
      char **pair = self->versions->pdata[i];
      gint64 version_of = resolve (self, pair[0]);

      if (version_of != 0)
        bobbin_message_set_version (self->messages->pdata[i], version_of, 1, 1);
      g_array_index (self->hidden, gint64, i) = resolve (self, pair[1]);
    }
}
