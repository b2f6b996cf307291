#define G_LOG_DOMAIN "bobbin-wire"
#include "config.h"
#include "wire/bobbin-agentflow-errors.h"

#include "util/bobbin-json.h"
#include "util/bobbin-text.h"

#include <string.h>

#define MAX_DETAIL     300 /* characters */
#define MAX_REQUEST_ID 64

typedef struct
{
  guint           status;
  BobbinErrorCode code;
} StatusRow;

/* agentflow.md, section 2. 403 is told apart by its code. */
static const StatusRow statuses[] = {
  { 400, BOBBIN_ERROR_INVALID },
  { 401, BOBBIN_ERROR_AUTH },
  { 403, BOBBIN_ERROR_FORBIDDEN },
  { 404, BOBBIN_ERROR_NOT_FOUND },
  { 405, BOBBIN_ERROR_NOT_SUPPORTED },
  { 408, BOBBIN_ERROR_TIMED_OUT },
  { 409, BOBBIN_ERROR_BUSY },
  { 413, BOBBIN_ERROR_TOO_LARGE },
  { 415, BOBBIN_ERROR_INVALID },
  { 422, BOBBIN_ERROR_INVALID },
  { 429, BOBBIN_ERROR_RATE_LIMITED },
  { 501, BOBBIN_ERROR_NOT_SUPPORTED },
};

/* Section 1: these say "sign in again", any other 403 "not allowed". */
static const char *const auth_codes[] = { "REVOKED_TOKEN", "EXPIRED_TOKEN", "INVALID_TOKEN", "JWT_SETTINGS_NOT_CONFIGURED",
                                          "USER_ACCOUNT_DISABLE" };

static BobbinErrorCode
code_of_status (guint       status,
                const char *code,
                gint64      retry_after_ms)
{
  for (guint i = 0; status == 403 && code != NULL && i < G_N_ELEMENTS (auth_codes); i++)
    if (g_str_equal (code, auth_codes[i]))
      return BOBBIN_ERROR_AUTH;
  if (g_strcmp0 (code, "RATE_LIMIT_EXCEEDED") == 0 || (status == 503 && retry_after_ms >= 0))
    return BOBBIN_ERROR_RATE_LIMITED;
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    if (statuses[i].status == status)
      return statuses[i].code;

  return status >= 500 ? BOBBIN_ERROR_SERVER : status >= 400 ? BOBBIN_ERROR_FAILED : BOBBIN_ERROR_PROTOCOL;
}

/* Section 2: a server bug that says nothing of the reason, or a programmer's dump of it. */
static gboolean
is_garbled (const char *message)
{
  return strstr (message, "ErrorSchemas") != NULL || strstr (message, "ErrorBlock") != NULL ||
         strstr (message, "errors.pydantic.dev") != NULL || strstr (message, "input_value=") != NULL;
}

/* "body.messages.0.role: Input should be …" */
static char *
dup_one_detail (JsonObject *detail)
{
  g_autoptr(GString) text = g_string_new (NULL);
  JsonArray *loc = bobbin_json_get_array (detail, "loc");
  const char *msg = bobbin_json_get_string (detail, "msg");

  for (guint i = 0; loc != NULL && i < json_array_get_length (loc); i++)
    {
      JsonNode *node = json_array_get_element (loc, i);

      if (!JSON_NODE_HOLDS_VALUE (node))
        continue;
      if (text->len > 0)
        g_string_append_c (text, '.');
      if (json_node_get_value_type (node) == G_TYPE_STRING)
        g_string_append (text, json_node_get_string (node));
      else
        g_string_append_printf (text, "%" G_GINT64_FORMAT, json_node_get_int (node));
    }
  if (msg != NULL)
    g_string_append_printf (text, "%s%s", text->len > 0 ? ": " : "", msg);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* @node: "details" or "detail": an array of objects or texts, an object, or a text. */
static char *
dup_details (JsonNode *node)
{
  g_autoptr(GString) text = g_string_new (NULL);
  JsonArray *array;

  if (node == NULL)
    return NULL;
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return g_strdup (json_node_get_string (node));
  if (JSON_NODE_HOLDS_OBJECT (node))
    return dup_one_detail (json_node_get_object (node));
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return NULL;

  array = json_node_get_array (node);
  for (guint i = 0; i < MIN (json_array_get_length (array), 5); i++)
    {
      g_autofree char *one = dup_details (json_array_get_element (array, i));

      if (one != NULL && *one != '\0')
        g_string_append_printf (text, "%s%s", text->len > 0 ? "; " : "", one);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
tidy (const char *text)
{
  g_autofree char *line = bobbin_text_one_line (text);

  return bobbin_text_truncate (line, MAX_DETAIL);
}

static void
set_detail (BobbinFailure *failure,
            const char    *text,
            const char    *request_id)
{
  g_autofree char *tidied = tidy (text);
  g_autofree char *id = request_id != NULL ? bobbin_text_truncate (request_id, MAX_REQUEST_ID) : NULL;

  g_free (failure->detail);
  if (id != NULL && *id != '\0' && !g_str_equal (id, "unknown"))
    failure->detail = g_strdup_printf ("%s (request %s)", tidied, id);
  else
    failure->detail = g_steal_pointer (&tidied);
}

static void
read_body (BobbinFailure *failure,
           JsonObject    *body,
           guint          status)
{
  JsonObject *error = bobbin_json_get_object (body, "error");
  JsonObject *metadata = bobbin_json_get_object (body, "metadata");
  const char *request_id = metadata != NULL ? bobbin_json_get_string (metadata, "request_id") : NULL;
  g_autofree char *details = NULL;
  const char *message = NULL;

  if (error != NULL)
    {
      details = dup_details (bobbin_json_get_node (error, "details"));
      message = bobbin_json_get_string (error, "message");
    }
  else
    {
      details = dup_details (bobbin_json_get_node (body, "detail"));
      message = bobbin_json_get_string (body, "error");
      if (message == NULL)
        message = bobbin_json_get_string (body, "message");
    }

  if (details != NULL && *details != '\0' && !is_garbled (details))
    set_detail (failure, details, request_id);
  else if (message != NULL && *message != '\0' && !is_garbled (message))
    set_detail (failure, message, request_id);
  else if (status == 422)
    set_detail (failure, "The server did not accept what was sent", request_id);
  else
    set_detail (failure, failure->detail, request_id);
}

BobbinFailure *
bobbin_agentflow_failure_from_http (guint       status,
                                    const char *body,
                                    gsize       length,
                                    gint64      retry_after_ms)
{
  g_autoptr(JsonObject) object = length > 0 ? bobbin_json_parse_object (body, (gssize) length, NULL) : NULL;
  JsonObject *error = object != NULL ? bobbin_json_get_object (object, "error") : NULL;
  g_autofree char *plain = g_strdup_printf ("The server answered HTTP %u", status);
  double told = error != NULL ? bobbin_json_get_double (error, "retry_after_seconds", -1) : -1;
  BobbinFailure *failure;

  if (retry_after_ms < 0 && told >= 0)
    retry_after_ms = (gint64) (MIN (told, 1e9) * 1000);
  failure = bobbin_failure_new (code_of_status (status, error != NULL ? bobbin_json_get_string (error, "code") : NULL, retry_after_ms),
                                status < 500 || status == 503 ? BOBBIN_CERTAINTY_REFUSED : BOBBIN_CERTAINTY_UNKNOWN, plain);
  failure->http_status = status;
  failure->retry_after_ms = retry_after_ms;
  if (object != NULL)
    read_body (failure, object, status);

  return failure;
}

/* Codes that the library puts in front of its words: "[NODE_001] Error in node 'MAIN': …" (section 2). First match wins. */
static const struct { const char *prefix; BobbinErrorCode code; } chunk_codes[] = {
  { "STORAGE_TRANSIENT", BOBBIN_ERROR_SERVER },
  { "STORAGE_CONFLICT", BOBBIN_ERROR_SERVER },
  { "RATE_LIMIT", BOBBIN_ERROR_RATE_LIMITED },
};

BobbinFailure *
bobbin_agentflow_failure_from_chunk (JsonObject *data)
{
  const char *reason = bobbin_json_get_string (data, "reason");
  gint64 step = bobbin_json_get_int (data, "step", -1);
  gint64 max_steps = bobbin_json_get_int (data, "max_steps", -2);
  double retry_s = bobbin_json_get_double (data, "retry_after_seconds", -1);
  BobbinErrorCode code = BOBBIN_ERROR_SERVER;
  BobbinFailure *failure;

  if (reason == NULL || *reason == '\0')
    reason = bobbin_json_get_string (data, "error");
  if (reason == NULL || *reason == '\0')
    reason = bobbin_json_get_string (data, "message");
  for (guint i = 0; reason != NULL && *reason == '[' && i < G_N_ELEMENTS (chunk_codes); i++)
    if (g_str_has_prefix (reason + 1, chunk_codes[i].prefix))
      code = chunk_codes[i].code;

  failure = bobbin_failure_new (code, BOBBIN_CERTAINTY_ACCEPTED, "The run failed on the server");
  if (retry_s >= 0)
    {
      failure->code = BOBBIN_ERROR_RATE_LIMITED;
      failure->retry_after_ms = (gint64) (MIN (retry_s, 1e9) * 1000);
    }
  /* Section 6: the reason of this one is garbled. */
  if (step >= 0 && step == max_steps)
    set_detail (failure, "The agent reached its limit of steps", NULL);
  else if (reason != NULL && strstr (reason, "RECURSION_00") != NULL)
    set_detail (failure, "The agent reached its limit of steps", NULL);
  else if (reason != NULL && *reason != '\0' && !is_garbled (reason))
    set_detail (failure, reason, NULL);

  return failure;
}

gboolean
bobbin_agentflow_is_missing_message (guint       status,
                                     const char *body,
                                     gsize       length)
{
  g_autoptr(JsonNode) root = length > 0 ? bobbin_json_parse (body, (gssize) length, NULL) : NULL;

  if (status == 404)
    return TRUE;
  if (status == 500)
    return root == NULL;

  return status == 422 && length > 0 && g_strstr_len (body, (gssize) length, "not found") != NULL;
}

gboolean
bobbin_agentflow_is_missing_state (guint       status,
                                   const char *body,
                                   gsize       length)
{
  return status == 404 || (status == 422 && length > 0 && g_strstr_len (body, (gssize) length, "StateResponseSchema") != NULL);
}
