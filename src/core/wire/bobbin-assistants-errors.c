#define G_LOG_DOMAIN "bobbin-wire"
#include "config.h"
#include "wire/bobbin-assistants-errors.h"

#include "util/bobbin-json.h"
#include "util/bobbin-text.h"
#include "wire/bobbin-refusal.h"

#include <string.h>

/* Nobody waits longer than a day; it also keeps sums within bounds. */
#define MAX_REQUEST_ID     80 /* characters */
#define MAX_RETRY_AFTER_MS (24 * 60 * 60 * G_GINT64_CONSTANT (1000))

/* assistants.md, section 9: codes and types that say more than the status. */
static const struct { const char *code; BobbinErrorCode error; } codes[] = {
  { "insufficient_quota", BOBBIN_ERROR_CREDITS },
  { "billing_hard_limit_reached", BOBBIN_ERROR_CREDITS },
  { "missing_scope", BOBBIN_ERROR_FORBIDDEN },
  { "invalid_beta", BOBBIN_ERROR_PROTOCOL },
  { "rate_limit_exceeded", BOBBIN_ERROR_RATE_LIMITED },
};

static JsonObject *
get_envelope (JsonNode *root)
{
  JsonObject *object;
  JsonObject *inner;

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;
  object = json_node_get_object (root);
  inner = bobbin_json_get_object (object, "error");

  return inner != NULL ? inner : object;
}

static gboolean
find_code (JsonObject      *envelope,
           BobbinErrorCode *ret_error)
{
  g_autofree char *code = envelope != NULL ? bobbin_json_dup_text (envelope, "code") : NULL;
  g_autofree char *type = envelope != NULL ? bobbin_json_dup_text (envelope, "type") : NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_strcmp0 (code, codes[i].code) == 0 || g_strcmp0 (type, codes[i].code) == 0)
      {
        *ret_error = codes[i].error;
        return TRUE;
      }

  return FALSE;
}

/* "… while a run run_X is active", "Thread … already has an active run run_X."; ids may have no prefix. */
static gboolean
is_busy (const char *words,
         char      **ret_run_id)
{
  static const char *const marks[] = { "while a run ", "active run " };

  if (words == NULL || (strstr (words, "active run") == NULL &&
                        (strstr (words, "while a run") == NULL || strstr (words, "active") == NULL)))
    return FALSE;
  if (ret_run_id == NULL)
    return TRUE;

  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++)
    {
      const char *found = strstr (words, marks[i]);
      gsize length;

      if (found == NULL)
        continue;
      found += strlen (marks[i]);
      length = strcspn (found, " .,;:\"'`");
      if (length > 4)
        {
          *ret_run_id = g_strndup (found, length);
          break;
        }
    }

  return TRUE;
}

static gint64
get_retry_after_ms (const BobbinAssistantsReply *reply)
{
  const char *text = reply->retry_after_ms_header;
  char *end = NULL;
  double number = text != NULL ? g_ascii_strtod (text, &end) : -1;

  if (text != NULL && end != text && number >= 0)
    return (gint64) MIN (number, (double) MAX_RETRY_AFTER_MS);

  return reply->retry_after_ms;
}

static gboolean
says (const char *header,
      const char *word)
{
  return header != NULL && g_ascii_strcasecmp (header, word) == 0;
}

static void
append_request_id (BobbinFailure *failure,
                   const char    *request_id)
{
  g_autofree char *tidy = request_id != NULL ? bobbin_refusal_shorten (request_id) : NULL;
  g_autofree char *id = tidy != NULL ? bobbin_text_truncate (tidy, MAX_REQUEST_ID) : NULL;
  char *detail;

  if (id == NULL)
    return;

  detail = g_strdup_printf ("%s (request %s)", failure->detail, id);
  g_free (failure->detail);
  failure->detail = detail;
}

BobbinFailure *
bobbin_assistants_failure_from_reply (const BobbinAssistantsReply *reply,
                                      char                       **ret_run_id)
{
  g_autoptr(JsonNode) root = reply->body != NULL && reply->length > 0
                             ? bobbin_json_parse (reply->body, (gssize) reply->length, NULL) : NULL;
  g_autofree char *words = bobbin_refusal_dup_words (root);
  BobbinFailure *failure = bobbin_refusal_to_failure (reply->status, get_retry_after_ms (reply), reply->body, reply->length);
  BobbinErrorCode code;

  if (reply->status < 500 && find_code (get_envelope (root), &code))
    failure->code = code;
  if ((reply->status == 400 || reply->status == 409 || reply->status == 422) && is_busy (words, ret_run_id))
    failure->code = BOBBIN_ERROR_BUSY;
  /* A server that wants it again has done nothing with it. */
  if (reply->status >= 500 && says (reply->should_retry, "true"))
    {
      failure->code = BOBBIN_ERROR_RATE_LIMITED;
      failure->certainty = BOBBIN_CERTAINTY_REFUSED;
    }
  if (failure->code == BOBBIN_ERROR_RATE_LIMITED && failure->retry_after_ms < 0 && !says (reply->should_retry, "false"))
    failure->retry_after_ms = 2000;
  if (failure->code == BOBBIN_ERROR_RATE_LIMITED && says (reply->should_retry, "false"))
    failure->retry_after_ms = -1;
  append_request_id (failure, reply->request_id);

  return failure;
}

BobbinFailure *
bobbin_assistants_failure_from_event (JsonNode *node)
{
  g_autofree char *words = bobbin_refusal_dup_words (node);
  BobbinErrorCode code = BOBBIN_ERROR_SERVER;

  find_code (get_envelope (node), &code);

  return bobbin_failure_new (code, BOBBIN_CERTAINTY_ACCEPTED, words != NULL ? words : "The server reported an error");
}

BobbinFailure *
bobbin_assistants_failure_from_run (JsonObject *last_error)
{
  const char *message = last_error != NULL ? bobbin_json_get_string (last_error, "message") : NULL;
  g_autofree char *words = message != NULL ? bobbin_refusal_shorten (message) : NULL;
  g_autofree char *name = last_error != NULL ? bobbin_json_dup_text (last_error, "code") : NULL;
  BobbinErrorCode code = BOBBIN_ERROR_SERVER;

  find_code (last_error, &code);
  if (g_strcmp0 (name, "invalid_prompt") == 0)
    code = BOBBIN_ERROR_INVALID;

  return bobbin_failure_new (code, BOBBIN_CERTAINTY_ACCEPTED,
                             words != NULL ? words : name != NULL ? name : "The run failed and the server does not say why");
}

char *
bobbin_assistants_dup_busy_run (const char *words)
{
  char *run_id = NULL;

  is_busy (words, &run_id);

  return run_id;
}

gboolean
bobbin_assistants_is_unsupported (guint                status,
                                  const BobbinFailure *failure)
{
  return status == 404 || status == 405 || status == 501 || status == 403 ||
         (status == 401 && failure->code == BOBBIN_ERROR_FORBIDDEN);
}

gboolean
bobbin_assistants_may_repeat (const BobbinAssistantsReply *reply,
                              gboolean                     safe)
{
  if (says (reply->should_retry, "false"))
    return FALSE;
  if (says (reply->should_retry, "true"))
    return TRUE;

  return safe && (reply->status >= 500 || reply->status == 408 || reply->status == 409) && reply->status != 501;
}
